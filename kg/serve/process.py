"""One query process, seen from the server: a pipe to it, and the means to end it."""

from __future__ import annotations

import contextlib
import multiprocessing
import time

from kg.serve.jobs import Failed, Job, Reply
from kg.serve.worker import work

_CONTEXT = multiprocessing.get_context("spawn")  # a fresh process: nothing of the server's threads or sockets in it


class Process:
    """One worker process and our end of its pipe."""

    def __init__(self, max_memory: int) -> None:
        self.pipe, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=work, args=(theirs, max_memory), daemon=True)
        self._process.start()
        theirs.close()

    def send(self, job: Job) -> None:
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

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        with contextlib.suppress(OSError):
            self.pipe.close()

    @property
    def alive(self) -> bool:
        return self._process.is_alive()
