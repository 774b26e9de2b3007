"""Pushes that are cut in a real store: the process killed, or the connection dropped, in the middle of a request."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import httpx

from kg.errors import PushError
from kg.push import Compared, push, verify
from kg.push.connection import Connection, Credentials
from kg.push.stores import Store, open_store
from tests.push.paper import DAYS, paper

CHUNK = 700  # bytes: half of an issue
Opener = Callable[[httpx.BaseTransport | None], Store]


class Cut(httpx.BaseTransport):
    """Ends at the request of this number: half of its body is sent, or all of it and the answer is not awaited."""

    def __init__(self, at: int, end: Callable[[], None], half: bool) -> None:
        self._inner = httpx.HTTPTransport()
        self._at, self._end, self._half, self.number = at, end, half, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.number += 1
        if self.number > self._at:
            raise httpx.ConnectError("gone")
        if self.number < self._at:
            return self._inner.handle_request(request)
        body = request.read()
        if self._half:
            cut = httpx.Request(request.method, request.url, headers=request.headers, stream=Half(body, self._end))
            return self._inner.handle_request(cut)
        response = self._inner.handle_request(request)
        self._end()
        return response


class Half(httpx.SyncByteStream):
    """Half of a body, and then the end."""

    def __init__(self, body: bytes, end: Callable[[], None]) -> None:
        self._body, self._end = body, end

    def __iter__(self) -> Iterator[bytes]:
        yield self._body[: len(self._body) // 2]
        self._end()


def drop() -> None:
    raise httpx.WriteError("cut")


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def push_cut(source: Path, opener: Opener, at: int, how: str, half: bool) -> bool:
    """A push that ends in the middle, in a process of its own where it is to be killed. Whether it got that far.

    It does not where it goes on from a push that was cut before, and so has less to do.
    """
    cut = Cut(at, kill if how == "killed" else drop, half)

    def run() -> None:
        with suppress(PushError):
            push(source, opener(cut), name=source.name, chunk_bytes=CHUNK)

    if how == "dropped":
        run()
        return cut.number >= at
    process = get_context("fork").Process(target=run)
    process.start()
    process.join(300)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def rounds(folder: Path, opener: Opener, days: int, times: int = 20) -> None:
    """Two names with the same issues: a push of c is cut; after the next of a, all of a is as in the files."""
    a, c = paper(folder / "a", "甲", DAYS[:days]), paper(folder / "c", "丙", DAYS[:days])
    store, counting, chance = opener(None), Cut(1_000_000, drop, False), random.Random(days)
    for source in (c, a):
        push(source, store, name=source.name, chunk_bytes=CHUNK)
    push(c, opener(counting), name="c", chunk_bytes=CHUNK)
    cut = 0
    for number in range(times):
        push(a, store, name="a", chunk_bytes=CHUNK)
        assert differing(a, store) == [], number
        at = chance.randint(2, counting.number - 1)
        cut += push_cut(c, opener, at, ("killed", "dropped")[number % 2], half=chance.random() < 0.5)
    assert cut > times / 2
    for source in (a, c):
        push(source, store, name=source.name, chunk_bytes=CHUNK)
        assert differing(source, store) == []


def differing(source: Path, store: Store) -> list[Compared]:
    """Where the store does not hold what the files do, however the marks are."""
    return [compared for compared in verify(source, store, name=source.name) if not compared.alike]


def opener(endpoint: str, graph_store: str, credentials: Credentials) -> Opener:
    """Opens the store anew, over a transport."""

    def opened(transport: httpx.BaseTransport | None) -> Store:
        return open_store(endpoint, graph_store, Connection(credentials, transport, sleep=lambda _: None))

    return opened
