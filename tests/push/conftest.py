from __future__ import annotations

from pathlib import Path

import pytest

from tests.export.sample import write


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """The folder of a build of the sample."""
    return write(tmp_path / "output")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, so that no test sees this machine's mark or leaves one."""
    for variable in ("HOME", "XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    return tmp_path / "home"
