"""What the server was told to do: one frozen value, made by the command line or by a test."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

MEBI = 1024 * 1024
TOKEN_VARIABLE, READ_TOKEN_VARIABLE = "FANGZHI_TOKEN", "FANGZHI_READ_TOKEN"
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be chosen. Times in seconds, sizes in bytes; 0 rows means no row limit."""

    output: Path
    host: str = "127.0.0.1"
    port: int = 8000
    store: Path | None = None  # a folder that is kept; None: a temporary one, deleted at the end
    base: str = "https://w3id.org/fangzhi/id/"
    timeout: float = 30.0
    write_timeout: float = 600.0  # of one write, which is long when it is large
    max_rows: int = 1_000_000
    writable: bool = False
    token: str = ""
    read_token: str = ""  # without it everybody who reaches the server may read
    services: tuple[str, ...] = ()  # addresses that SERVICE and LOAD may call
    hosts: tuple[str, ...] = ()  # host names, beyond loopback, under which the server may be asked
    origins: tuple[str, ...] = ()  # of web pages that may read from here; /reconcile is open to all
    root_path: str = ""  # prefix of every path, as /name, where a proxy stands in front
    workers: int = 0  # 0: two for each processor, from four to eight
    max_wait: float = 1.5  # for a free process; then the answer is 503
    short: float = 1.0  # a query that takes longer counts as long
    max_per_client: int = 64  # queries of one client that wait or run
    max_connections: int = 1000
    header_time: float = 10.0  # for the head of a request, from the first byte or the connection
    body_time: float = 20.0  # in so long a client must send, or take, `slowest` bytes a second
    slowest: int = 1024
    grace: float = 10.0  # for what runs when the server is told to end
    reload: bool = False  # whether a build that was made anew is loaded while the server runs
    access_log: Path | None = None  # "-" is stderr
    slow_log: Path | None = None
    slow: float = 5.0  # a request that takes longer is written into the slow log
    max_query: int = MEBI
    max_upload: int = 256 * MEBI
    max_answer: int = 4096 * MEBI  # of one answer, on disk while it is sent
    max_spool: int = 16384 * MEBI  # of all answers together; never more than half of the free disk
    max_memory: int = 4096 * MEBI  # that one job may take, above an idle query process

    @property
    def processes(self) -> int:
        """How many long queries run at once; more than processors, so that short ones do not wait behind a long one."""
        return self.workers or min(8, max(4, 2 * (os.cpu_count() or 2)))

    @property
    def reading_tokens(self) -> tuple[str, ...]:
        """Any of these lets a client read; none is asked for where there is none."""
        return tuple(filter(None, (self.read_token, self.token))) if self.read_token else ()

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Names that the Host header may carry (port left out), lower case."""
        named = () if self.host in {"0.0.0.0", "::", ""} else (self.host,)
        return frozenset(name.lower() for name in (*LOOPBACK_NAMES, *named, *self.hosts))
