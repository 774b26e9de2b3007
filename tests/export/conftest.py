from __future__ import annotations

from pathlib import Path

import pytest

from tests.export.sample import write


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a build of the sample; tests write their exports elsewhere."""
    return write(tmp_path_factory.mktemp("export") / "output")
