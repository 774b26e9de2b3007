"""uvicorn, as this server runs it: with limits for connections, and an end that lets answers be sent whole."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from kg.serve.connection import ACCEPTED_AT_ONCE, limited, look_at_all
from kg.serve.listener import Listener
from kg.serve.settings import Settings
from kg.serve.signals import ENDS

_MARGIN = 3  # seconds for answers that are errors now


def run(app: Starlette, settings: Settings, listener: Listener) -> None:
    """Answer until a signal ends it. Raises KeyboardInterrupt after Ctrl-C; SIGTERM and SIGHUP are a good end."""
    server_for(app, settings).run(sockets=[listener])


def server_for(app: Starlette, settings: Settings) -> uvicorn.Server:
    """The server, which runs when it is told to."""

    async def each_second() -> None:
        look_at_all(server.server_state.connections)

    config = uvicorn.Config(
        app,
        loop="asyncio",  # uvloop, where it is installed, would accept connections past our Listener
        http=limited(settings),
        ws="none",
        log_level="warning",
        server_header=False,
        backlog=ACCEPTED_AT_ONCE,
        callback_notify=each_second,
        timeout_notify=1,
        timeout_graceful_shutdown=int(settings.grace) + _MARGIN,
        h11_max_incomplete_event_size=65536,
    )
    server = _Server(config, app, settings.grace)
    return server


class _Server(uvicorn.Server):
    """Ctrl-C ends running queries at once; SIGTERM and SIGHUP give them a time of grace, a second one does not."""

    def __init__(self, config: uvicorn.Config, app: Starlette, grace: float) -> None:
        super().__init__(config)
        self._app, self._grace = app, grace
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and listen to signals; SIGHUP is none of uvicorn's."""
        self._loop = asyncio.get_running_loop()
        if threading.current_thread() is threading.main_thread():
            for number in ENDS:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    signal.signal(number, self.handle_exit)
        await super().startup(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal has come."""
        if sig == signal.SIGINT or self.should_exit:
            self._stop_queries()
        elif self._loop:
            self._loop.call_soon_threadsafe(self._loop.call_later, self._grace, self._stop_queries)
        if sig == signal.SIGINT:
            super().handle_exit(sig, frame)
        self.should_exit = True

    def _stop_queries(self) -> None:
        if house := getattr(self._app.state, "house", None):
            house.pool.stop()
