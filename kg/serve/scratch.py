"""Temporary folders that do not outlive their server: deleted at its end, or by the next one where it was killed.

Each holds a locked file. A folder whose lock can be had belongs to nobody any more.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from kg.serve.locks import take

_PREFIX, _UNBORN = "fangzhi-", ".fangzhi-"
_LOCK = "owner.lock"
_held: dict[Path, IO[str]] = {}


def make() -> Path:
    """A new folder in the system's temporary folder, ours until `drop` or the end of this process."""
    unborn = Path(tempfile.mkdtemp(prefix=_UNBORN))  # under this name nobody sweeps it before it is locked
    lock = (unborn / _LOCK).open("w", encoding="utf-8")
    take(lock, exclusive=True)
    kept = os.name == "nt"  # a folder with an open file keeps its name there
    folder = unborn if kept else unborn.rename(unborn.with_name(unborn.name[1:]))
    _held[folder] = lock
    return folder


def drop(folder: Path) -> None:
    """Delete a folder of `make`."""
    if lock := _held.pop(folder, None):
        lock.close()
    shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Delete what servers of this user left that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/"):
        with suppress(OSError):
            if folder.stat().st_uid == os.getuid() and _is_left(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    with (folder / _LOCK).open("r+", encoding="utf-8") as lock:
        return take(lock, exclusive=True)
