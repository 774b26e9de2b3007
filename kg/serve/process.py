"""One query process, seen from the server: a pipe to it, and the means to end it."""

from __future__ import annotations

import multiprocessing
import os
import time
from mmap import PAGESIZE
from multiprocessing.connection import wait
from pathlib import Path

from kg.serve.jobs import Failed, Granted, Job, Query, Ready, Reply
from kg.serve.worker import work

_CONTEXT = multiprocessing.get_context("spawn")  # a fresh process: nothing of the server's threads or sockets in it
_OPENING = 60.0  # seconds that a process may take to start, or to open the store


class Process:
    """One worker process, ready to work, and our end of its pipe. Blocks until then: make it in a thread.

    Raises OSError where the system gives no more processes or pipes.
    """

    def __init__(self, max_memory: int) -> None:
        self.killed, self.deadline, self._before = False, 0.0, 0
        self.pipe, theirs = _CONTEXT.Pipe()
        try:
            self._process = _CONTEXT.Process(target=work, args=(theirs, max_memory, os.getpid()), daemon=True)
            self._process.start()
        except BaseException:
            self.pipe.close()
            raise
        finally:
            theirs.close()
        if not isinstance(self.receive(time.monotonic() + _OPENING), Ready):
            self.end()
            raise OSError("it ended while it started")

    def send(self, job: Job) -> None:
        """Raises OSError where the process has ended."""
        self.pipe.send(job)

    def receive(self, deadline: float) -> Reply:
        """The next reply; a Failed one where the time is over or the process has ended. Blocks: call in a thread."""
        try:
            if self.pipe.poll(max(0.0, deadline - time.monotonic())):
                reply: Reply = self.pipe.recv()
                return reply
        except (EOFError, OSError):
            return Failed(503, "the query was ended: it was stopped, or needed more memory than it is allowed")
        return Failed(503, "the query took longer than it may and was stopped; ask for less, or start with --timeout")

    def exchange(self, job: Query | Granted, seconds: float) -> Reply:
        """Send a job and wait for its first reply; its time begins when the store is open. Blocks: call in a thread."""
        try:
            self.send(job)
        except OSError:
            return Failed(503, "the query process has ended; ask again")
        if isinstance(job, Query):
            if not isinstance(reply := self.receive(time.monotonic() + _OPENING), Ready):
                return reply
            self.deadline, self._before = time.monotonic() + seconds, self._memory()
        return self.proceed()

    def proceed(self) -> Reply:
        """Wait for the next reply to a query. Blocks: call in a thread."""
        return self.receive(self.deadline)

    def taken(self) -> int:
        """Bytes of memory that the job has taken so far, 0 where the system does not tell."""
        return max(0, self._memory() - self._before)

    def _memory(self) -> int:
        """What is this process' own: pages in memory, less those of files."""
        try:
            _, pages, shared, *_ = Path(f"/proc/{self._process.pid}/statm").read_text().split()
        except (OSError, ValueError):
            return 0
        return (int(pages) - int(shared)) * PAGESIZE

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

    @property
    def alive(self) -> bool:
        """Whether it may get another job."""
        return not self.killed and self._process.is_alive()
