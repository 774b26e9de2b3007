"""The query processes: each query gets one, and the process is killed when the query's time is over.

There are two processes more than long queries may run, so that short ones and the server's own pages always find one: a
query that would be one too many is stopped when it has become long, and while its process is replaced there is the
other. Every process has a keeper, which brings a new one when it has ended, however that came.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import time
import weakref
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from kg.serve.jobs import Begun, Ended, Failed, Granted, More, Query, Reply, Unchanged, Whole
from kg.serve.line import OWN, Line
from kg.serve.process import Process
from kg.serve.running import Entry, Register, Running
from kg.serve.settings import Settings
from kg.serve.spool import Spool

_FOR_SHORT = 2  # processes that no long query may keep
_CHUNK = 256 * 1024
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 5.0  # seconds before a process that could not be started is tried again
_PATIENT = 0.1  # seconds after which a query gives way to others, where that can be taken back
_STEADY = 2.0  # seconds after which a process that ends was not bad from the start
_LOOK = 0.2  # seconds between two looks at the memory of the processes
_log = logging.getLogger("kg.serve")


class StoppedError(RuntimeError):
    """A job that ended before its answer was whole: the client must not take what it got for all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave: the media type, its limit of rows where that may have cut it, and the bytes.

    `stable`: the same store gives it again. `unchanged`: the client has it, so it was not made.
    """

    media: str
    cut: int
    body: bytes | AsyncIterator[bytes]
    stable: bool = True
    unchanged: bool = False


class Pool:
    """The processes of one server. `start` before use, `close` at the end."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._register = Register(settings.processes)
        self._line = Line(self._register.running)
        self._spool = Spool(settings.max_spool)
        self._many = settings.processes + _FOR_SHORT
        self._threads = ThreadPoolExecutor(self._many, thread_name_prefix="query")  # each waits for one end
        self._all: set[Process] = set()
        self._keepers: list[asyncio.Task[None]] = []
        self._runs: set[asyncio.Task[Reply]] = set()
        self._closed = False

    async def start(self) -> None:
        """Start the processes, and return when the first is ready; those that cannot be started now are tried again."""
        begun = asyncio.Event()
        self._keepers = [asyncio.create_task(self._keep(begun)) for _ in range(self._many)]
        self._keepers.append(asyncio.create_task(self._watch_memory()))
        atexit.register(self.stop)  # or the interpreter would wait for them
        await begun.wait()

    def stop(self) -> None:
        """Kill what runs and start nothing more; whoever waits for an answer gets an error now."""
        self._closed = True
        for process in list(self._all):
            process.kill()

    async def close(self) -> None:
        """Stop, and delete what was spooled."""
        self.stop()
        await asyncio.gather(*self._keepers, *self._runs, return_exceptions=True)
        await asyncio.to_thread(self._threads.shutdown)
        atexit.unregister(self.stop)
        self._spool.close()

    def running(self) -> list[Running]:
        """The queries that run now, the oldest first."""
        return [entry.shown() for entry in self._register if entry.process is not None]

    def end(self, number: int) -> bool:
        """Stop one of `running`; False where there is none of that number."""
        entry = self._register.find(number)
        if entry is None or entry.process is None:
            return False
        entry.stop(Failed(503, "the query was stopped by the operator of this server"))
        return True

    def state(self) -> dict[str, int]:
        """Numbers for a monitor: processes, queries that run and wait, bytes of the spool."""
        return {
            "processes": len(self._all),
            "running": len(self.running()),
            "waiting": self._line.waiting,
            "spooled_bytes": self._spool.used,
        }

    async def ask(self, query: Query, client: str = OWN, seconds: float | None = None) -> Answer | Failed:
        """Answer a query within `seconds` and the server's own time limit, whichever is less.

        `client`: whose limit it counts against; OWN for the server's pages. When the caller is cancelled, the query
        is killed too.
        """
        if client != OWN and self._register.of(client) >= self._settings.max_per_client:
            return _CROWDED
        entry = self._register.enter(query, client)
        run = asyncio.create_task(self._run(entry, min(seconds or self._settings.timeout, self._settings.timeout)))
        self._runs.add(run)
        run.add_done_callback(self._runs.discard)
        try:
            await asyncio.wait({run, entry.first}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            entry.stop(_GONE)
            run.add_done_callback(lambda _: self._spool.delete(entry.number))
            raise
        return self._answer(entry, run, entry.first.result() if entry.first.done() else run.result())

    def _answer(self, entry: Entry, run: asyncio.Task[Reply], reply: Reply) -> Answer | Failed:
        match reply:
            case Begun():
                stream = self._stream(entry, run)
                weakref.finalize(stream, self._spool.delete, entry.number)  # also where nobody begins to read it
                return Answer(reply.media, reply.cut, stream, reply.stable)
            case Whole():
                return Answer(reply.media, reply.cut, reply.body, reply.stable)
            case Unchanged():
                return Answer("", 0, b"", unchanged=True)
            case Failed():
                return reply
        return Failed(500, "the query process answered out of turn")

    async def _run(self, entry: Entry, seconds: float) -> Reply:
        """A query from the line to the last reply of its process; nothing but `entry.stop` cuts it short."""
        timers: list[asyncio.TimerHandle] = []
        try:
            process = await self._line.take(entry.client, self._settings.max_wait)
            if process is None:
                return _BUSY
            entry.begin(process)
            later = asyncio.get_running_loop().call_later
            timers = [later(_PATIENT, process.give_way), later(self._settings.short, self._grown, entry)]
            return await self._ask(entry, process, seconds)
        finally:
            for timer in timers:
                timer.cancel()
            self._register.leave(entry)
            if entry.process is not None:
                if not entry.process.step_up():
                    entry.process.kill()  # its keeper brings another
                self._line.give(entry.process)

    async def _ask(self, entry: Entry, process: Process, seconds: float) -> Reply:
        if entry.reason is not None:  # its client left while it waited
            return entry.reason
        most = self._settings.max_answer
        job = replace(entry.query, spool=str(self._spool.path(entry.number)), most_bytes=most)
        reply = await process.exchange(job, seconds)
        while isinstance(reply, (More, Begun)):
            if isinstance(reply, Begun):
                entry.first.set_result(reply)
                reply = await process.proceed()
            else:
                reply = await process.exchange(Granted(self._spool.grant(entry.number)), seconds)
        if isinstance(reply, Failed) and reply.status == 503:
            process.kill()
        if entry.first.done():
            self._spool.finished(entry.number)
        else:
            self._spool.delete(entry.number)
        return entry.reason or reply

    def _grown(self, entry: Entry) -> None:
        if entry.process is not None:
            entry.process.step_back()
        if victim := self._register.grown(entry):
            victim.stop(_TOO_LONG)

    async def _stream(self, entry: Entry, run: asyncio.Task[Reply]) -> AsyncIterator[bytes]:
        """What the process writes, while it writes. Raises StoppedError where it did not come to its end."""
        try:
            with self._spool.path(entry.number).open("rb") as file:
                while True:
                    done = run.done()
                    chunk = file.read(_CHUNK)
                    if chunk:
                        yield chunk
                    elif done:
                        break
                    else:
                        await asyncio.wait([run], timeout=0.02)
            reply = run.result()
            if not isinstance(reply, Ended):
                raise StoppedError(reply.message if isinstance(reply, Failed) else "the answer was not finished")
        finally:
            if not run.done():
                entry.stop(_GONE)
                run.add_done_callback(lambda _: self._spool.delete(entry.number))
            self._spool.delete(entry.number)

    async def _watch_memory(self) -> None:
        """End the query that takes too much. The system's own limit counts address space, which is not memory."""
        while not self._closed:
            for entry in self._register:
                if entry.process is not None and entry.process.taken() > self._settings.max_memory:
                    entry.stop(_TOO_GREEDY)
            await asyncio.sleep(_LOOK)

    async def _keep(self, begun: asyncio.Event) -> None:
        """One process for ever: a new one where it has ended, later and later where that does not help."""
        pause = 0.0
        while not self._closed:
            start = time.monotonic()
            good = await self._keep_one(begun)
            begun.set()
            bad = not good and time.monotonic() - start < _STEADY
            pause = min(max(2 * pause, _FIRST_PAUSE), _LONGEST_PAUSE) if bad else 0.0
            if not self._closed:
                await asyncio.sleep(pause)

    async def _keep_one(self, begun: asyncio.Event) -> bool:
        """Start a process and wait for its end; whether it was we who ended it."""
        try:
            process = await Process.begin(self._settings.max_memory)
        except (OSError, RuntimeError, MemoryError) as error:
            _log.warning("a query process cannot be started and is tried again: %s", error)
            return False
        self._all.add(process)
        if self._closed:
            process.kill()
        self._line.give(process)
        begun.set()
        await asyncio.get_running_loop().run_in_executor(self._threads, process.wait)
        process.close()
        self._all.discard(process)
        self._line.drop(process)
        return process.killed


_BUSY = Failed(503, "all query processes are busy; ask again in a moment")
_CROWDED = Failed(429, "this client has too many queries running or waiting; wait for some of them to end")
_TOO_LONG = Failed(503, "the server is busy with long queries and answers only short ones now; ask again later")
_TOO_GREEDY = Failed(503, "the query needs more memory than it is allowed and was stopped; ask for less")
_GONE = Failed(499, "the client went away")
__all__ = ["Answer", "Pool", "StoppedError"]
