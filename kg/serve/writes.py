"""Writes, seen from the server: one at a time, in a process of their own, while queries go on with what was there.

The process makes a new edition of the store; when it is whole, one stroke here makes it the current one. Before that
stroke a write can be stopped and nothing of it is there; after it, it is done.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path

from kg.serve.jobs import Ended, Failed, Load, Update, Write
from kg.serve.ondisk import OnDisk, renewed
from kg.serve.process import Process
from kg.serve.settings import Settings

_MARGIN = 5.0  # seconds beyond the time limit of queries, after which none reads an edition that is no longer current


class Writer:
    """The one process that writes; started for the first write, and again after it was killed. `close` at the end."""

    def __init__(self, store: OnDisk, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._left: set[asyncio.Task[None]] = set()  # editions that queries may still read

    async def write(self, job: Update | Load) -> Ended | Failed:
        """Make one write. Queries that begin after it see it; a Failed one left nothing behind."""
        try:
            await asyncio.wait_for(self._turn.acquire(), self._settings.write_timeout)
        except TimeoutError:
            return _BUSY
        try:
            return await self._write(job)
        finally:
            self._turn.release()

    async def renew(self, output: Path) -> str:
        """Load the build if it was made anew, as if that were a write; what to tell the operator, "" for nothing."""
        async with self._turn:
            old, note = await asyncio.to_thread(renewed, self._store, output, self._settings.writable)
            if old is not None:
                self._leave(old)
            return note

    async def close(self) -> None:
        """End the process; a write that runs is not made."""
        self._end()
        for task in self._left:
            task.cancel()

    def _end(self, process: bool = True) -> None:
        if process and self._process is not None:
            self._process.end()

    async def _write(self, job: Update | Load) -> Ended | Failed:
        old, new = self._store.edition, self._store.next()
        reply: Ended | Failed | None = None
        try:
            reply = await self._call(Write(job, str(old), str(new)))
            if isinstance(reply, Ended):
                self._store.commit(new)
                self._leave(old)
            return reply
        finally:
            if not isinstance(reply, Ended):
                self._end(process=reply is None)
                shutil.rmtree(new, ignore_errors=True)

    async def _call(self, job: Write) -> Ended | Failed:
        try:
            process = await self._started()
            deadline = time.monotonic() + self._settings.write_timeout
            await process.send(job)
        except OSError as error:
            return Failed(503, f"the writing process cannot be started: {error}; send this write again in a moment")
        reply = await process.receive(deadline)
        if isinstance(reply, Ended) or (isinstance(reply, Failed) and reply.status != 503):
            return reply
        self._end()
        return _MEMORY if time.monotonic() < deadline else _TIME

    async def _started(self) -> Process:
        """The process, after its start, which does not count against the write. Raises OSError."""
        if self._process is None or not self._process.alive:
            self._process = await Process.begin(self._settings.max_memory)
        return self._process

    def _leave(self, edition: Path) -> None:
        """Delete an edition when no query can be reading it any more."""
        task = asyncio.create_task(_delete(edition, self._settings.timeout + _MARGIN))
        self._left.add(task)
        task.add_done_callback(self._left.discard)


async def _delete(folder: Path, after: float) -> None:
    await asyncio.sleep(after)
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


_BUSY = Failed(503, "another write is going on; send this one again in a moment")
_TIME = Failed(503, "the write took longer than it may and was stopped; nothing of it was kept; send less at once")
_MEMORY = Failed(503, "the write was stopped: it needed more memory than it is allowed; nothing of it was kept")
