"""What the operator sees of requests: numbers for Prometheus, a log of all, a log of the slow ones.

Both logs are JSON, one object a line, so that nothing a client sends can look like a line of ours.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve.pool import Pool
from kg.serve.prefix import local
from kg.serve.settings import Settings

ASKED = "kg.asked"  # where the scope of a request keeps the SPARQL that was asked
_LONGEST = 2000  # characters of a query in the log
_BOUNDS = (0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60)
_ROOMS = {"", "api", "data", "dump", "editor", "health", "id", "metrics", "ontology", "openapi.json", "page", "queries",
          "questions", "reconcile", "search", "sparql", "static", "store", "viewer"}  # fmt: skip
_access, _slow = logging.getLogger("kg.serve.access"), logging.getLogger("kg.serve.slow")


class Numbers:
    """The counters of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "room", "status")
        self.requests = Counter("fangzhi_requests", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram(
            "fangzhi_request_seconds", "Until the answer was sent", ("room",), buckets=_BOUNDS, registry=self.registry
        )
        self.sent = Counter("fangzhi_sent_bytes", "Bytes of answers", registry=self.registry)

    def watch(self, pool: Pool) -> None:
        """Tell of the pool too, as it is when somebody asks."""
        self.registry.register(_OfPool(pool))

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self.registry)


class _OfPool(Collector):
    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def collect(self) -> Iterator[Metric]:
        for name, number in self.pool.state().items():
            yield GaugeMetricFamily(f"fangzhi_pool_{name}", f"The query pool: {name.replace('_', ' ')}", number)


class Watched:
    """Counts and logs every request, when its answer is out."""

    def __init__(self, app: ASGIApp, numbers: Numbers, slow: float) -> None:
        self.app, self.numbers, self.slow = app, numbers, slow

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, sent, start = 0, 0, time.monotonic()

        async def counted(message: Message) -> None:
            nonlocal status, sent
            status = message.get("status", status)
            sent += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, counted)
        finally:
            self._note(scope, status, sent, time.monotonic() - start)

    def _note(self, scope: Scope, status: int, sent: int, seconds: float) -> None:
        room = local(scope).split("/")[1:2] or [""]
        named = room[0] if room[0] in _ROOMS else "other"
        method = scope["method"] if scope["method"] in {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"} else "other"
        self.numbers.requests.labels(method, named, str(status)).inc()
        self.numbers.seconds.labels(named).observe(seconds)
        self.numbers.sent.inc(sent)
        if _access.handlers or (_slow.handlers and seconds >= self.slow):
            _log(scope, status, sent, seconds, slow=seconds >= self.slow)


def _log(scope: Scope, status: int, sent: int, seconds: float, slow: bool) -> None:
    raw = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
    line = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "client": scope["client"][0] if scope.get("client") else None,
        "method": scope["method"],
        "path": raw.partition(b"?")[0].decode("ascii", "backslashreplace"),
        "status": status,
        "bytes": sent,
        "ms": round(1000 * seconds, 1),
    }
    _access.info(json.dumps(line))
    if slow:
        asked = scope.get(ASKED, scope["query_string"].decode("ascii", "backslashreplace"))
        _slow.info(json.dumps(line | {"asked": asked[:_LONGEST]}, ensure_ascii=False))


def open_logs(settings: Settings) -> None:
    """Begin the logs that were asked for. A file that was moved away (logrotate) is begun anew."""
    for logger, file in ((_access, settings.access_log), (_slow, settings.slow_log)):
        logger.propagate = False
        logger.setLevel(logging.INFO)
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
            handler.close()
        if file is not None:
            logger.addHandler(_handler(file))


def _handler(file: Path) -> logging.Handler:
    if str(file) == "-":
        return logging.StreamHandler(sys.stderr)
    return logging.handlers.WatchedFileHandler(file, encoding="utf-8")
