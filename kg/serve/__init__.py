"""The endpoint: SPARQL, linked data and reconciliation over one build. `serve(settings)` runs until it is stopped."""

from __future__ import annotations

import os
import socket
import sys
from importlib.util import find_spec

from kg.errors import KgError, MissingExtraError, OutputError
from kg.serve import scratch
from kg.serve.listener import Listener, raise_limit
from kg.serve.settings import TOKEN_VARIABLE, Settings
from kg.serve.signals import ending

_NEEDED = ("starlette", "uvicorn", "jinja2", "rapidfuzz", "opencc", "prometheus_client")

__all__ = ["Settings", "serve"]


def serve(settings: Settings) -> None:
    """Load or open the store and answer until Ctrl-C.

    Raises MissingExtraError, OutputError (no build, a locked store) and KgError (an address that is taken, no token).
    """
    if any(find_spec(name) is None for name in _NEEDED):
        raise MissingExtraError("the server needs more packages: pip install 'fangzhi[serve]'")
    if settings.writable and not settings.token:
        raise KgError(f"--writable needs a token: set the environment variable {TOKEN_VARIABLE}")
    if settings.writable and settings.store is None:
        raise OutputError("--writable needs --store DIR: what is written must be kept somewhere")
    with _listening(settings) as listener, ending():
        _run(settings, listener)


def _listening(settings: Settings) -> Listener:
    """The address, taken before anything is loaded, so that a taken one says so at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = Listener(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio sends at once only on a named TCP
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise KgError(f"cannot listen on {settings.host}:{settings.port}: {error}; choose another --port") from error
    return listener


def _run(settings: Settings, listener: Listener) -> None:
    from kg.serve.app import make_app
    from kg.serve.base import other_base
    from kg.serve.ondisk import open_store
    from kg.serve.server import run
    from kg.serve.watch import open_logs

    try:
        open_logs(settings)
    except OSError as error:
        raise OutputError(f"{error.filename}: the log cannot be written: {error.strerror} 日志无法写入") from error
    raise_limit()
    scratch.sweep()
    store, notes = open_store(settings.output, settings.store, settings.writable)
    try:
        notes += other_base(store, settings.base)
        app = make_app(settings, store)
        _greet(listener, notes)
        run(app, settings, listener)
    finally:
        store.close()


def _greet(listener: Listener, notes: list[str]) -> None:
    listener.listen()  # who asks from now on waits until the server is up
    host, port = listener.getsockname()[:2]
    here = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    for line in (*notes, f"{here}/  (SPARQL: {here}/sparql)  Ctrl-C ends · 按 Ctrl-C 结束"):
        print(line, file=sys.stderr, flush=True)
