"""Locks that last as long as their file is open, so that a process which was killed holds none."""

from __future__ import annotations

import sys
from typing import IO


def take(lock: IO[str], exclusive: bool) -> bool:
    """Lock without waiting, until the file is closed; False where another process stands in the way."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
