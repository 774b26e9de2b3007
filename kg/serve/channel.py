"""Messages between the server and one query process: pickled, each behind its length, over a pair of sockets.

The server's end is an asyncio stream, so that no thread of it waits for a process; the process' end blocks.
"""

from __future__ import annotations

import asyncio
import pickle
import socket
import struct
from typing import Any

_LENGTH = struct.Struct("!Q")


def framed(message: object) -> bytes:
    """The bytes of one message."""
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(body)) + body


async def received(reader: asyncio.StreamReader) -> Any:
    """The next message. Raises EOFError or OSError where the other end is gone."""
    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
    return pickle.loads(await reader.readexactly(length))


class Channel:
    """The process' end."""

    def __init__(self, ours: socket.socket) -> None:
        self._socket, self._file = ours, ours.makefile("rb")

    def send(self, message: object) -> None:
        """Raises BrokenPipeError or ConnectionResetError where the server is gone."""
        self._socket.sendall(framed(message))

    def receive(self) -> Any:
        """The next message. Raises EOFError where the server is gone."""
        return pickle.loads(self._read(_LENGTH.unpack(self._read(_LENGTH.size))[0]))

    def _read(self, length: int) -> bytes:
        if len(data := self._file.read(length)) < length:
            raise EOFError
        return data
