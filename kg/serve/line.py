"""The line before the query processes: who is free, and whose turn it is.

A free process goes to the server's own questions first, then to the client that has the fewest running, then to whom
waited longest. So a client that asks much waits behind its own questions, not others behind them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from kg.serve.process import Process

OWN = ""  # the client of the questions that the server's own pages ask


@dataclass(slots=True, eq=False)
class _Place:
    client: str
    given: asyncio.Future[Process] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Line:
    """Free processes and waiting clients. `running`: how many questions of a client run now."""

    def __init__(self, running: Callable[[str], int]) -> None:
        self._running = running
        self._free: list[Process] = []
        self._waiting: list[_Place] = []

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    async def take(self, client: str, patience: float) -> Process | None:
        """A process, when it is this client's turn; None where that takes longer than `patience` seconds."""
        place = _Place(client)
        self._waiting.append(place)
        self._serve()
        if place.given.done():
            return place.given.result()
        try:
            await asyncio.wait({place.given}, timeout=patience)
        except asyncio.CancelledError:
            if place.given.done():
                self.give(place.given.result())
            raise
        finally:
            if not place.given.done():
                self._waiting.remove(place)
        return place.given.result() if place.given.done() else None

    def give(self, process: Process) -> None:
        """A process is free again. One that has ended is not taken: its keeper brings another."""
        if process.alive:
            self._free.append(process)
            self._serve()

    def drop(self, process: Process) -> None:
        """A process has ended."""
        if process in self._free:
            self._free.remove(process)

    def _serve(self) -> None:
        while self._waiting and (process := self._next_free()):
            place = min(self._waiting, key=lambda one: (one.client != OWN, self._running(one.client)))
            self._waiting.remove(place)
            place.given.set_result(process)

    def _next_free(self) -> Process | None:
        """The process that was free last, whose memory is warm; those that ended meanwhile are left out."""
        while self._free:
            if (process := self._free.pop()).alive:
                return process
        return None
