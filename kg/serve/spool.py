"""The disk that large answers may take while they are sent: all of them together have one limit."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from kg.serve import scratch
from kg.serve.worker import GRANT

_SHARE = 2  # of the free disk, at most one in so many bytes


class Spool:
    """A temporary folder of answers, named by the number of their query. `close` at the end."""

    def __init__(self, most: int) -> None:
        self.folder = scratch.make()
        self._most = min(most, shutil.disk_usage(self.folder).free // _SHARE)
        self._granted: dict[int, int] = {}

    @property
    def used(self) -> int:
        """Bytes that are given out."""
        return sum(self._granted.values())

    def path(self, number: int) -> Path:
        """Where the answer of a query may be written."""
        return self.folder / str(number)

    def grant(self, number: int) -> bool:
        """Whether an answer may grow by GRANT bytes."""
        if self.used + GRANT > self._most:
            return False
        self._granted[number] = self._granted.get(number, 0) + GRANT
        return True

    def finished(self, number: int) -> None:
        """An answer grows no more: what it was given beyond its size is free."""
        with contextlib.suppress(OSError):
            size = self.path(number).stat().st_size
            self._granted[number] = min(size, self._granted.get(number, 0))

    def delete(self, number: int) -> None:
        """An answer was sent, or will not be. One that was never given room has no file.

        Its bytes count until the file is gone: that of a large one takes the system a while.
        """
        if number in self._granted:
            self.path(number).unlink(missing_ok=True)
            self._granted.pop(number, None)

    def close(self) -> None:
        """Delete everything."""
        scratch.drop(self.folder)
