"""The queries that run now: who asked them, since when, and what ended them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.serve.jobs import Failed, Query, Reply
from kg.serve.line import OWN
from kg.serve.process import Process


@dataclass(frozen=True, slots=True)
class Running:
    """One running query, as it is shown: `seconds` since it began, `client` "" for a question of the server's own."""

    number: int
    client: str
    text: str
    seconds: float


@dataclass(slots=True, eq=False)
class Entry:
    """One query from its arrival to the end of its process' work for it."""

    number: int
    client: str
    query: Query
    process: Process | None = None
    since: float = field(default_factory=time.monotonic)
    long: bool = False
    first: asyncio.Future[Reply] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    reason: Failed | None = None  # why it was stopped, where it was

    def begin(self, process: Process) -> None:
        """It has a process."""
        self.process, self.since = process, time.monotonic()

    def stop(self, reason: Failed) -> None:
        """End it; whoever waits for it gets `reason`."""
        if self.reason is None:
            self.reason = reason
        if self.process is not None:
            self.process.kill()

    def shown(self) -> Running:
        """For people."""
        return Running(self.number, self.client, self.query.text, time.monotonic() - self.since)


class Register:
    """All entries. A query that has run for long counts as long; `most_long` of them may run at once."""

    def __init__(self, most_long: int) -> None:
        self._most_long = most_long
        self._entries: dict[int, Entry] = {}
        self._number = 0

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries.values()))

    def enter(self, query: Query, client: str) -> Entry:
        """A query has come."""
        self._number += 1
        entry = self._entries[self._number] = Entry(self._number, client, query)
        return entry

    def leave(self, entry: Entry) -> None:
        """It is over."""
        self._entries.pop(entry.number, None)

    def find(self, number: int) -> Entry | None:
        """The entry of a number."""
        return self._entries.get(number)

    def of(self, client: str) -> int:
        """How many of a client wait or run."""
        return sum(entry.client == client for entry in self)

    def running(self, client: str) -> int:
        """How many of a client run."""
        return sum(entry.client == client and entry.process is not None for entry in self)

    def grown(self, entry: Entry) -> Entry | None:
        """`entry` has become long; the one that must be stopped now, where that makes too many.

        It is the youngest of the client that has the most.
        """
        entry.long = True
        long = [one for one in self if one.long and one.reason is None]
        if len(long) <= self._most_long:
            return None
        mine = Counter(one.client for one in long)
        return max((one for one in long if one.client != OWN), key=lambda o: (mine[o.client], o.since), default=None)
