"""The query processes, seen from the server: take a free one, give it a job, kill it when its time is over."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from kg.serve.jobs import Begun, Ended, Failed, Job, Query, Reply, Unchanged, Whole
from kg.serve.process import Process
from kg.serve.settings import Settings

_CHUNK = 256 * 1024


class StoppedError(RuntimeError):
    """A job that ended before its answer was whole: the client must not take what it got for all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave: the media type, its limit of rows where that may have cut it, and the bytes.

    `stable`: the same store gives it again. `unchanged`: the client has it, so it was not made.
    """

    media: str
    cut: int
    body: bytes | AsyncIterator[bytes]
    stable: bool = True
    unchanged: bool = False


class Pool:
    """The processes of one server. `start` before use, `close` at the end."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._idle: asyncio.Queue[Process] = asyncio.Queue()
        self._threads = ThreadPoolExecutor(settings.processes + 2, thread_name_prefix="query")
        self._spool = tempfile.TemporaryDirectory(prefix="fangzhi-answers-", ignore_cleanup_errors=True)
        self._all: set[Process] = set()
        self._closed = False
        self._number = 0

    async def start(self) -> None:
        """Start the processes."""
        for _ in range(self._settings.processes):
            await self._add()

    def stop(self) -> None:
        """Kill what runs and start nothing more; whoever waits for an answer gets an error now."""
        self._closed = True
        for process in list(self._all):
            process.kill()

    async def close(self) -> None:
        """Stop, and delete what was spooled."""
        self.stop()
        self._threads.shutdown(wait=True)
        self._spool.cleanup()

    async def ask(self, query: Query) -> Answer | Failed:
        """Answer a query within the time limit. When the caller is cancelled, the query is killed too."""
        deadline = time.monotonic() + self._settings.timeout
        process = await self._take(deadline)
        if process is None:
            return BUSY
        self._number += 1
        spool = str(Path(self._spool.name) / str(self._number))
        job = replace(query, spool=spool, most_bytes=self._settings.max_answer)
        reply = await self._exchange(process, job, deadline)
        if isinstance(reply, Begun):
            rest = asyncio.ensure_future(self._rest(process, deadline))
            return Answer(reply.media, reply.cut, self._stream(process, Path(job.spool), rest), reply.stable)
        if isinstance(reply, Whole):
            return Answer(reply.media, reply.cut, reply.body, reply.stable)
        if isinstance(reply, Unchanged):
            return Answer("", 0, b"", unchanged=True)
        Path(job.spool).unlink(missing_ok=True)
        return reply if isinstance(reply, Failed) else Failed(500, "the query process answered out of turn")

    async def _take(self, deadline: float) -> Process | None:
        try:
            return await asyncio.wait_for(self._idle.get(), max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            return None

    async def _exchange(self, process: Process, job: Job, deadline: float) -> Reply:
        """Call a process that answers a query, and put it back unless it goes on writing a large answer."""
        reply: Reply | None = None
        try:
            reply = await self._call(process, job, deadline)
            return reply
        finally:
            if not isinstance(reply, Begun):
                self._give_back(process)

    async def _call(self, process: Process, job: Job, deadline: float) -> Reply:
        """Send a job and wait; a process that does not answer in time, or whose caller is gone, is killed."""
        try:
            process.send(job)
        except OSError:
            return Failed(503, "the query process has ended; ask again")
        return await self._receive(process, deadline)

    async def _receive(self, process: Process, deadline: float) -> Reply:
        loop = asyncio.get_running_loop()
        reply: Reply | None = None
        try:
            reply = await loop.run_in_executor(self._threads, process.receive, deadline)
            return reply
        finally:
            if reply is None or (isinstance(reply, Failed) and reply.status == 503):
                process.kill()

    async def _rest(self, process: Process, deadline: float) -> Reply:
        """The end of a large answer; the process is free once it has written it, however slow the client."""
        try:
            return await self._receive(process, deadline)
        finally:
            self._give_back(process)

    async def _stream(self, process: Process, spool: Path, rest: asyncio.Future[Reply]) -> AsyncIterator[bytes]:
        """What the process writes, while it writes. Raises StoppedError where it did not come to its end."""
        try:
            with spool.open("rb") as file:
                while True:
                    done = rest.done()
                    chunk = file.read(_CHUNK)
                    if chunk:
                        yield chunk
                    elif done:
                        break
                    else:
                        await asyncio.wait([rest], timeout=0.02)
            reply = rest.result()
            if not isinstance(reply, Ended):
                raise StoppedError(reply.message if isinstance(reply, Failed) else "the answer was not finished")
        finally:
            if not rest.done():
                process.kill()
            spool.unlink(missing_ok=True)

    def _give_back(self, process: Process) -> None:
        """Put a process back to work, or a new one in its place."""
        if process.alive:
            self._idle.put_nowait(process)
            return
        self._all.discard(process)
        if not self._closed:
            self._starting = asyncio.ensure_future(self._add())

    async def _add(self) -> None:
        loop = asyncio.get_running_loop()
        process = await loop.run_in_executor(self._threads, Process, self._settings.max_memory)
        self._all.add(process)
        self._idle.put_nowait(process)
        if self._closed:
            process.kill()


BUSY = Failed(503, "all query processes are busy; ask again in a moment")
__all__ = ["BUSY", "Answer", "Pool", "StoppedError"]
