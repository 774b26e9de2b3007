"""Writes, seen from the server: one at a time, in a process of their own, while no query process has the store open."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from kg.serve.jobs import Ended, Failed, Load, Update
from kg.serve.pool import BUSY, Pool
from kg.serve.process import Process
from kg.serve.settings import Settings


class Writer:
    """The one process that writes; started for the first write, and again after it was killed. `close` at the end."""

    def __init__(self, folder: Path, settings: Settings, pool: Pool) -> None:
        self._folder, self._settings, self._pool = folder, settings, pool
        self._turn = asyncio.Lock()
        self._process: Process | None = None

    async def write(self, job: Update | Load) -> Ended | Failed:
        """Make one write, alone. What was read before it goes on from a new opening of the store."""
        async with self._turn, self._pool.alone(self._settings.timeout) as alone:
            return await self._write(job) if alone else BUSY

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()

    async def _write(self, job: Update | Load) -> Ended | Failed:
        process = self._process
        if process is None or not process.alive:
            process = await asyncio.to_thread(Process, self._folder, self._settings.max_memory)
            self._process = process
        process.send(job)
        reply = await asyncio.to_thread(process.receive, time.monotonic() + self._settings.timeout)
        if isinstance(reply, (Ended, Failed)) and not (isinstance(reply, Failed) and reply.status == 503):
            return reply
        process.kill()
        return reply if isinstance(reply, Failed) else Failed(500, "the writing process answered out of turn")
