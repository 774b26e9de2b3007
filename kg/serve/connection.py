"""Connections: how many, and how long a client may take to send a request or to take its answer.

uvicorn has a time limit for idle connections only, and counts a connection once its request is read. So its protocol
class is extended here by what asyncio tells every protocol, and a look at all connections each second.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from kg.serve.listener import descriptors
from kg.serve.settings import Settings

ACCEPTED_AT_ONCE = 16  # connections between two looks at how many there are
_OURS = 96 + 2 * ACCEPTED_AT_ONCE  # file descriptors for processes, spooled answers, connections not yet counted
_REFUSED = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\ntoo many connections; try again in a moment\n"
)


class Connection(H11Protocol):
    """One connection, with what it has sent and taken since `since`. Its `phase` is what it owes us."""

    settings: Settings  # set by `limited`
    most: int

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Room is made by closing the connection that has not sent a request for longest; else this one is closed."""
        super().connection_made(transport)
        self.phase, self.since, self.received, self.unsent = "head", time.monotonic(), 0, 0
        if len(self.connections) > self.most:
            waiting = (one for one in self._all() if one.phase == "head" and one is not self)
            if oldest := min(waiting, key=lambda one: one.since, default=None):
                oldest.close()
            else:
                transport.write(_REFUSED)
                transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self.phase = "closed"
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes of the client."""
        super().data_received(data)
        self.received += len(data)
        self.look()

    def resume_writing(self) -> None:
        """The client has taken most of what waited for it."""
        super().resume_writing()
        self._begin(self._phase())

    def look(self) -> None:
        """Close it where the client owes us something and its time is over."""
        phase = self._phase()
        if phase != self.phase:
            self._begin(phase)
        waited = time.monotonic() - self.since
        if phase == "head" and waited > self.settings.header_time:
            self.close()
        elif phase in {"body", "answer"} and waited > self.settings.body_time:
            done = self.received if phase == "body" else self.unsent - self.transport.get_write_buffer_size()
            if done < self.settings.slowest * self.settings.body_time:
                self.close()
            else:
                self._begin(phase)

    def close(self) -> None:
        """Now, whatever is under way."""
        self.phase = "closed"
        self.connections.discard(self)
        self.transport.abort()

    def _begin(self, phase: str) -> None:
        self.phase, self.since, self.received = phase, time.monotonic(), 0
        self.unsent = self.transport.get_write_buffer_size()

    def _phase(self) -> str:
        """What the client owes: the head of a request, its body, or to take what was sent; "" for nothing."""
        if self.phase == "closed" or self.transport.is_closing():
            return "closed"
        if self.flow.write_paused:
            return "answer"
        if self.conn.their_state is h11.IDLE:
            return "head"
        return "body" if self.conn.their_state is h11.SEND_BODY and not self.flow.read_paused else ""

    def _all(self) -> list[Connection]:
        return [one for one in self.connections if isinstance(one, Connection)]


def limited(settings: Settings) -> type[Connection]:
    """The protocol class for a server with these settings."""
    most = min(settings.max_connections, max(16, descriptors() - _OURS))
    return type("Connection", (Connection,), {"settings": settings, "most": most})


def look_at_all(connections: Any) -> None:
    """To be called each second."""
    for one in list(connections):
        if isinstance(one, Connection):
            one.look()
