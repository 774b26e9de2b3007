"""SIGTERM and SIGHUP end the server as orderly as Ctrl-C does."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ENDS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def ending() -> Iterator[None]:
    """While this lasts they raise SystemExit, so that whoever made something temporary can delete it.

    One that is ignored stays ignored (nohup).
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # handlers are the main thread's
        return
    before = {number: signal.getsignal(number) for number in ENDS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)


def _end(number: int, _: object) -> None:
    sys.exit(128 + number)
