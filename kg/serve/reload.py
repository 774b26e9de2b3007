"""`--reload`: a build that was made anew is loaded beside the one that is served, and takes its place when whole."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from kg.errors import KgError
from kg.serve.loading import graph_files
from kg.serve.writes import Writer

_LOOK = 2.0  # seconds between two looks at the files
_log = logging.getLogger("kg.serve")


async def follow(output: Path, writer: Writer, pause: float = _LOOK) -> None:
    """Look for ever; a build that cannot be loaded is told once and not served."""
    served = seen = _signature(output)
    while True:
        await asyncio.sleep(pause)
        now = _signature(output)
        if now and now == seen != served:  # it has come to rest
            served = now
            try:
                if note := await writer.renew(output):
                    _log.warning("%s", note)
            except KgError as error:
                _log.warning("the new build is not served: %s 新构建无法载入，仍用原来的", error)
        seen = now


def _signature(output: Path) -> tuple[tuple[str, int, int, int], ...]:
    """Name, inode, size and time of each graph file; () where there is none just now."""
    try:
        states = [(file.name, file.stat()) for file in graph_files(output, missing_ok=True)]
    except OSError:
        return ()
    return tuple((name, state.st_ino, state.st_size, state.st_mtime_ns) for name, state in states)
