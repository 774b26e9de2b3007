"""One query process, seen from the server: a socket to it, and the means to end it."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import socket
import time
from mmap import PAGESIZE
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import ClassVar

from kg.serve.channel import framed, received
from kg.serve.jobs import Failed, Granted, Job, Query, Ready, Reply
from kg.serve.worker import work

_CONTEXT = multiprocessing.get_context("spawn")  # a fresh process: nothing of the server's threads or sockets in it
_BACK = 10  # niceness of a process whose query is long
_OPENING = 60.0  # seconds that a process may take to start, or to open the store


class Process:
    """One worker process, and our end of its socket. `begin` makes one that is ready to work."""

    _reversible: ClassVar[bool | None] = None  # whether a process that stepped back can step up; not tried yet

    def __init__(self, process: BaseProcess, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.killed, self.deadline, self._before, self._folder, self._back = False, 0.0, 0, "", 0
        self._process, self._reader, self._writer = process, reader, writer
        try:
            self._statm = os.open(f"/proc/{process.pid}/statm", os.O_RDONLY)
        except OSError:
            self._statm = -1  # not Linux

    @classmethod
    async def begin(cls, max_memory: int) -> Process:
        """A new one. Raises OSError where the system gives no more processes or sockets."""
        ours, theirs = socket.socketpair()
        try:
            process = _CONTEXT.Process(target=work, args=(theirs, max_memory, os.getpid()), daemon=True)
            await asyncio.to_thread(process.start)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self = cls(process, *await asyncio.open_connection(sock=ours))
        if not isinstance(await self.receive(time.monotonic() + _OPENING), Ready):
            self.end()
            raise OSError("it ended while it started")
        return self

    async def send(self, job: Job) -> None:
        """Raises OSError where the process has ended."""
        self._writer.write(framed(job))
        await self._writer.drain()

    async def receive(self, deadline: float) -> Reply:
        """The next reply; a Failed one where the time is over or the process has ended."""
        try:
            async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                reply: Reply = await received(self._reader)
                return reply
        except TimeoutError:
            return _LONG
        except (EOFError, OSError):
            return _ENDED

    async def exchange(self, job: Query | Granted, seconds: float) -> Reply:
        """Send a job and wait for its first reply; its time begins when the store is open."""
        try:
            await self.send(job)
        except OSError:
            return Failed(503, "the query process has ended; ask again")
        if isinstance(job, Query):
            if job.folder != self._folder:
                if not isinstance(reply := await self.receive(time.monotonic() + _OPENING), Ready):
                    return reply
                self._folder = job.folder
            self.deadline, self._before = time.monotonic() + seconds, self._memory()
        return await self.proceed()

    async def proceed(self) -> Reply:
        """Wait for the next reply to a query."""
        return await self.receive(self.deadline)

    def taken(self) -> int:
        """Bytes of memory that the job has taken so far, 0 where the system does not tell."""
        return max(0, self._memory() - self._before)

    def _memory(self) -> int:
        """What is this process' own: pages in memory, less those of files."""
        try:
            _, pages, shared, *_ = os.pread(self._statm, 200, 0).split()
        except (AttributeError, OSError, ValueError):
            return 0
        return (int(pages) - int(shared)) * PAGESIZE

    def give_way(self) -> None:
        """As `step_back`, but only where `step_up` will be let: for a query that may be over soon no process is ended.

        Whether the system lets us, only trying tells: in many a container root may not.
        """
        if Process._reversible is None:
            Process._reversible = self._set_back(1) and self._set_back(0)
        if Process._reversible:
            self.step_back()

    def step_back(self) -> None:
        """Its query is long: short ones of other processes go first, where the system knows that."""
        self._set_back(_BACK)

    def step_up(self) -> bool:
        """Its query is over: as before. False where the system does not let it; then another should take its place."""
        return not self._back or self._set_back(0)

    def _set_back(self, niceness: int) -> bool:
        try:
            os.setpriority(os.PRIO_PROCESS, self._process.pid or 0, niceness)
        except (AttributeError, OSError):
            return False
        self._back = niceness
        return True

    def wait(self) -> None:
        """Return when the process has ended, however that came. Blocks: call in a thread."""
        wait([self._process.sentinel])
        self._process.join()

    def kill(self) -> None:
        """End it at once. Does not wait."""
        self.killed = True
        self._process.kill()

    def end(self) -> None:
        """End it and wait until it is gone. Blocks for a moment."""
        self.kill()
        self.wait()
        self.close()

    def close(self) -> None:
        """Close our end. In the event loop only."""
        self._writer.close()
        if self._statm >= 0:
            os.close(self._statm)
            self._statm = -1

    @property
    def alive(self) -> bool:
        """Whether it may get another job."""
        return not self.killed and self._process.is_alive()


_LONG = Failed(503, "the query took longer than it may and was stopped; ask for less, or start with --timeout")
_ENDED = Failed(503, "the query was ended: it was stopped, or needed more memory than it is allowed")
