"""Processes that read pages: they end with the process that started them, however that ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import active_children, get_context

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


@contextmanager
def pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """So many processes; what they have not finished is dropped where the block ends early (Ctrl-C, SIGTERM, an error).

    Not fork: ONNX Runtime may already have threads in this process.
    """
    before = set(active_children())
    found = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_begin, initargs=(os.getpid(),))
    try:
        yield found
    except BaseException:
        found.shutdown(wait=False, cancel_futures=True)
        for child in set(active_children()) - before:
            child.terminate()  # else the interpreter waits for the page in hand
        raise
    found.shutdown()


def _begin(parent: int) -> None:
    """In each worker: Ctrl-C is the parent's business, and where the parent is killed nobody would stop the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it was killed before the call above
            os._exit(1)
