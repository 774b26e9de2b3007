"""The listening socket, and how many files, sockets and pipes the server may have open."""

from __future__ import annotations

import contextlib
import socket
from typing import Any

_SPARE = 32  # file descriptors that no connection may take
_BACKLOG = 2048  # connections that the system keeps waiting for us


class Listener(socket.socket):
    """A listening socket that never takes the last file descriptors: the system gives the lowest free number."""

    def accept(self) -> tuple[socket.socket, Any]:
        """Raises BlockingIOError, on which asyncio waits, where there is nobody, or no room for anybody."""
        connection, address = super().accept()
        if connection.fileno() < descriptors() - _SPARE:
            return connection, address
        connection.close()
        raise BlockingIOError

    def listen(self, backlog: int = _BACKLOG, /) -> None:
        """As many as the system keeps: asyncio's number is how many it accepts at once."""
        super().listen(max(backlog, _BACKLOG))


def raise_limit() -> None:
    """Take as many file descriptors as the system lets us have."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def descriptors() -> int:
    """How many file descriptors this process may have."""
    try:
        import resource
    except ImportError:
        return 8192  # Windows
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return 1 << 20 if soft == resource.RLIM_INFINITY else soft
