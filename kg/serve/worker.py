"""One query process: opens the store read-only, answers one job at a time, and can be killed at any moment.

pyoxigraph cannot stop a query that runs, but the system can stop a process. A worker gets a `Job` over a socket and
sends back `Whole` (a small answer), or `Begun` and later `Ended` (a large one, written to a spool file), or `Failed`.
This module imports nothing heavy: it is what each new process loads.
"""

from __future__ import annotations

import contextlib
import re
import signal
import socket
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from kg.serve.channel import Channel
from kg.serve.edition import said
from kg.serve.jobs import Begun, Ended, Failed, Granted, Job, More, Query, Ready, Reply, Unchanged, Whole, Write
from kg.serve.lexing import CallError, Outline, check_calls, limit_rows, outline
from kg.serve.negotiate import GRAPHS, RESULTS
from kg.serve.rows import has_rows
from kg.serve.search_service import Searched, searched
from kg.serve.writing import write
from kg.workers import end_with

Solutions = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
_OF_TRIPLES = {"CONSTRUCT", "DESCRIBE"}
GRANT = 16 * 1024 * 1024  # bytes of disk that a growing answer is given at a time
_SMALL = 64 * 1024  # an answer up to this size comes over the socket
_COUNTABLE = 2 * 1024 * 1024  # and up to this, where a limit holds
_PLACE = re.compile(r"error at (\d+):(\d+): (?:expected )?(.*)", re.DOTALL)


def work(server: socket.socket, max_memory: int, parent: int) -> None:
    """Answer jobs of `server` until it closes. Runs in a process of its own, which ends with `parent`.

    It says that it is ready when it has started, and again before an answer for which it had to open a store.
    """
    _begin(parent)
    _limit_memory(max_memory)
    store: ox.Store | None = None
    opened, channel = "", Channel(server)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        channel.send(Ready())
        while True:
            job: Job = channel.receive()
            if isinstance(job, Query):
                if store is None or opened != job.folder:
                    store, opened = _opened(job.folder, max_memory), job.folder
                    channel.send(Ready())
                channel.send(_guarded(lambda job=job, store=store: _answer(store, job, channel)))  # type: ignore[misc]
            elif isinstance(job, Write):
                channel.send(_guarded(lambda job=job: write(job)))  # type: ignore[misc]


def _begin(parent: int) -> None:
    """What ends the server is the server's business: it ends this process when the answers are whole."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, signal.SIG_IGN)
    end_with(parent)
    with contextlib.suppress(OSError):  # where memory runs out, the system should end a query and not the server
        Path("/proc/self/oom_score_adj").write_text("500")


def _opened(folder: str, max_memory: int) -> ox.Store:
    """The store, opened without a limit: its threads reserve address space that no query asked for."""
    _limit_memory(None)
    store = ox.Store.read_only(folder)
    _limit_memory(max_memory)
    return store


def _limit_memory(most: int | None) -> None:
    """Let the system end this process, not others, when a job wants `most` bytes more (where the system can)."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (hard if most is None else _reserved() + most, hard))


def _reserved() -> int:
    """Bytes of address space that this process has now, 0 where the system does not tell."""
    import resource

    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _guarded(act: Callable[[], Reply]) -> Reply:
    try:
        return act()
    except SyntaxError as error:
        return _syntax(str(error.msg))
    except TooLargeError as error:
        return Failed(503, str(error))
    except CallError as error:
        return Failed(403, str(error))
    except (ValueError, RuntimeError) as error:
        return Failed(400, str(error))
    except sqlite3.Error:
        return Failed(503, "the full-text index was just made anew; ask again")
    except MemoryError:
        return Failed(503, "the query needs more memory than it is allowed")
    except OSError as error:
        return Failed(500, f"the store cannot answer: {error}")


def _syntax(message: str) -> Failed:
    place = _PLACE.match(message)
    if not place:
        return Failed(400, message)
    return Failed(400, f"expected {_shorter(place[3])}", int(place[1]), int(place[2]))


def _shorter(expected: str) -> str:
    """What the parser would have taken, without its character classes."""
    expected = re.sub(r"\[(?:[^\]\"']|'(?:\\.[^']*|[^'])')*\](?:,\s*)?", "", expected)
    return expected[:300].strip(" ,\n") or "something else here"


class TooLargeError(RuntimeError):
    """An answer grew beyond the size that may be spooled."""


class _Sink:
    """A file for the serialiser: keeps a small answer, turns to the spool file when it grows."""

    def __init__(self, job: Query, most_rows: int, more: Callable[[], bool], begin: Callable[[], None]) -> None:
        self.job, self.more, self.begin = job, more, begin
        self.kept, self.size, self.granted = bytearray(), 0, 0
        # Where a limit holds, rows are counted in what is kept. No format has rows of one byte: a shorter one is whole.
        self.most_kept = max(_COUNTABLE, 2 * most_rows) if most_rows else _SMALL
        self.file: IO[bytes] | None = None

    def write(self, data: bytes) -> int:
        self.size += len(data)
        if self.size > self.job.most_bytes:
            raise TooLargeError(f"the answer is larger than {self.job.most_bytes} bytes; ask for less, or use LIMIT")
        if self.file:
            self._grow()
            self.file.write(data)
            return len(data)
        self.kept += data
        if len(self.kept) > self.most_kept:
            self._grow()
            self.file = Path(self.job.spool).open("wb")  # noqa: SIM115 (closed by finish)
            self.file.write(self.kept)
            self.begin()
        return len(data)

    def _grow(self) -> None:
        """Ask for room on the disk."""
        while self.size > self.granted:
            if not self.more():
                raise TooLargeError("the server has no room for large answers now; ask for less, or again later")
            self.granted += GRANT

    def flush(self) -> None:
        if self.file:
            self.file.flush()

    def finish(self, whole: Callable[[bytes], Whole]) -> Reply:
        if self.file:
            self.file.close()
            return Ended()
        return whole(bytes(self.kept))


def _granted(channel: Channel) -> bool:
    channel.send(More())
    reply = channel.receive()
    return isinstance(reply, Granted) and reply.yes


def _answer(store: ox.Store, job: Query, channel: Channel) -> Reply:
    if job.dump:
        return _dumped(store, job, channel)
    if job.services is None:
        return _written(store, job, Outline(job.text, "", True, ()), channel)
    text = searched(job.text, Path(job.search)) if job.search else Searched(job.text, job.text)
    check_calls(text.emptied, job.services)
    query, job = outline(text.text), replace(job, text=text.emptied)
    if query.form and not (job.graph if query.form in _OF_TRIPLES else job.results):
        offered = GRAPHS if query.form in _OF_TRIPLES else RESULTS
        return Failed(406, f"{query.form} is answered as one of: {', '.join(offered)}")
    return Unchanged() if job.known and query.stable else _written(store, job, query, channel)


def _dumped(store: ox.Store, job: Query, channel: Channel) -> Reply:
    """Every graph, as it is read."""
    sink = _Sink(job, 0, lambda: _granted(channel), lambda: channel.send(Begun(job.graph)))
    try:
        quads = said(store, Path(job.folder).parent)
        ox.serialize(quads, sink, ox.RdfFormat.from_media_type(job.graph))  # type: ignore[arg-type]
    finally:
        sink.flush()
    return sink.finish(lambda body: Whole(job.graph, body))


def _written(store: ox.Store, job: Query, query: Outline, channel: Channel) -> Reply:
    """Answer, with at most so many rows as the job says."""
    limited = limit_rows(query, job.most_rows) if job.most_rows else None
    limit = job.most_rows if limited else 0
    solutions = _solutions(store, job, query.text, limited)
    media = job.graph if isinstance(solutions, ox.QueryTriples) else job.results
    if not media:
        return Failed(406, "none of the types in the Accept header is offered for this form of query")
    sink = _Sink(job, limit, lambda: _granted(channel), lambda: channel.send(Begun(media, limit, query.stable)))
    try:
        _serialise(solutions, sink, media)
    finally:
        sink.flush()
    return sink.finish(lambda body: Whole(media, body, limit * has_rows(body, media, limit), query.stable))


def _solutions(store: ox.Store, job: Query, text: str, limited: str | None) -> Solutions:
    try:
        return _run(store, job, limited or text)
    except SyntaxError:
        return _run(store, job, job.text)  # so that line and column are those of the client's own text


def _run(store: ox.Store, job: Query, text: str) -> Solutions:
    dataset = bool(job.default_graphs or job.named_graphs)
    return store.query(
        text,
        base_iri=job.base,
        prefixes=dict(job.prefixes),
        default_graph=[ox.NamedNode(iri) for iri in job.default_graphs] if dataset else None,
        named_graphs=[ox.NamedNode(iri) for iri in job.named_graphs] if dataset else None,
    )


def _serialise(solutions: Solutions, sink: _Sink, media: str) -> None:
    if isinstance(solutions, ox.QueryTriples):
        solutions.serialize(sink, ox.RdfFormat.from_media_type(media))  # type: ignore[arg-type]
    else:
        solutions.serialize(sink, ox.QueryResultsFormat.from_media_type(media))  # type: ignore[arg-type]
