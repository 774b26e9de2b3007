"""Processes that share the work of a build, or answer queries: they end with their parent, however that ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.util import Finalize
from typing import Any, TypeVar

from kg.errors import KgError

WAITING = 4  # pieces of work that are handed to a process before it has done the one in hand
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_ENDS = (signal.SIGINT, signal.SIGTERM)
Item = TypeVar("Item")
T = TypeVar("T")


class Workers:
    """Work that is done in order, whoever does it: by so many processes, or by this one where there are none."""

    def __init__(self, processes: ProcessPoolExecutor | None = None, count: int = 0) -> None:
        self._processes, self._most = processes, WAITING * count

    def each(
        self, work: Callable[..., T], items: Iterable[Item], *given: Any, here: Callable[[Item], bool] = lambda _: False
    ) -> Iterator[T]:
        """`work(item, *given)` of each item, in their order; an item is asked for when there is room for it.

        `work` stands at the top of a module: it goes to the processes by its name. This process does the items of
        which `here` says so.
        """
        if self._processes is None:
            yield from (work(item, *given) for item in items)
            return
        waiting: deque[Future[T]] = deque()
        for item in items:
            if len(waiting) == self._most:
                yield waiting.popleft().result()
            waiting.append(_done(work(item, *given)) if here(item) else self._processes.submit(work, item, *given))
        yield from (job.result() for job in waiting)

    def begun(self, work: Callable[..., T], items: Iterable[Item], *given: Any, first: int) -> Iterator[T]:
        """As `each`, but processes begin with so many items at once, before anybody asks for what is made of them."""
        if self._processes is None:
            return self.each(work, items, *given)
        rest = (self._processes.submit(work, item, *given) for item in items)
        return _replaced(deque(islice(rest, first)), rest)


def _replaced(waiting: deque[Future[T]], rest: Iterator[Future[T]]) -> Iterator[T]:
    """What comes of each job; for one that is done another one begins."""
    while waiting:
        job = waiting.popleft()
        waiting.extend(islice(rest, 1))
        yield job.result()


def some(items: Iterable[Item], most: int) -> Iterator[list[Item]]:
    """So many at a time that asking for them, or passing them to a process, costs little beside the work."""
    rest = iter(items)
    while found := list(islice(rest, most)):
        yield found


def _done(result: T) -> Future[T]:
    done = Future[T]()
    done.set_result(result)
    return done


@contextmanager
def working(count: int) -> Iterator[Workers]:
    """So many processes to share work; none where `count` is 1."""
    if count <= 1:
        yield Workers()
        return
    with pool(count) as processes:
        try:
            yield Workers(processes, count)
        except BrokenProcessPool as error:
            raise KgError("a worker process was stopped (out of memory?); try again with --workers 1") from error


@contextmanager
def pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """So many processes; what they have not finished is dropped where the block ends early (Ctrl-C, SIGTERM, an error).

    Not fork: ONNX Runtime may already have threads in this process.
    """
    before, found = set(active_children()), None
    try:
        with _undisturbed():  # stopped half-way, a worker would have no work and say so
            found = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_begin, initargs=(os.getpid(),))
            for _ in range(workers):  # one is started for each job, as long as none is idle
                found.submit(int)
        yield found
    except BaseException:
        for child in set(active_children()) - before:
            child.kill()  # else the interpreter waits for the page in hand
        if found is not None:
            _hang_up(found)
            found.shutdown(cancel_futures=True)
        raise
    found.shutdown()


def _hang_up(processes: ProcessPoolExecutor) -> None:
    """Close our own end of the pipe for results. A killed process may have written half of one: the thread that reads
    it here waits for the rest until nobody is left who could write it, and we are one of those."""
    with suppress(AttributeError, OSError):
        processes._result_queue._writer.close()  # type: ignore[attr-defined]


@contextmanager
def _undisturbed() -> Iterator[None]:
    """What would end the program while this lasts ends it when the block does."""
    if threading.current_thread() is not threading.main_thread():
        yield  # handlers are the main thread's
        return
    caught: list[int] = []
    before = {number: signal.signal(number, lambda number, _: caught.append(number)) for number in _ENDS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
        if caught:
            signal.raise_signal(caught[0])


def _begin(parent: int) -> None:
    """In each worker: Ctrl-C is the parent's business, and where the parent is killed nobody would stop the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(parent)
    # It leaves nothing behind, so its end need not take apart what it has loaded, while the build waits.
    Finalize(None, os._exit, args=(0,), exitpriority=-1)


def end_with(parent: int) -> None:
    """Let this process end at once when `parent`, which started it, does, even by a kill."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it was killed before the call above
            os._exit(1)
    else:
        threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    if process := parent_process():
        process.join()
        os._exit(1)
