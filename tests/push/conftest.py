from __future__ import annotations

from pathlib import Path

import pytest

from tests.export.sample import write


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """The folder of a build of the sample."""
    return write(tmp_path / "output")
