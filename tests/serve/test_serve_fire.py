"""The server under fire: whatever a client does, the next one is answered, and nothing is left behind at the end."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import MagicMock
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from serving import listening, served, until

from kg.serve import scratch
from kg.serve.connection import limited
from kg.serve.settings import Settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, limits of the system")

ENDLESS = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?p ?q ?r }")
ASK = "/sparql?query=ASK%20%7B%7D"
LARGE = quote("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 9000")  # some megabytes


def _status(address: str, path: str = ASK) -> int:
    try:
        with urlopen(address + path, timeout=60) as answer:
            answer.read()
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except OSError:
        return 0


@contextmanager
def connections(address: str, many: int, text: str) -> Iterator[list[socket.socket]]:
    """So many connections that send `text` and no more."""
    host, port = address.removeprefix("http://").split(":")
    with ExitStack() as stack:
        opened = []
        for _ in range(many):
            one = stack.enter_context(socket.create_connection((host, int(port)), timeout=60))
            one.sendall(text.encode())
            opened.append(one)
        yield opened


@contextmanager
def runaways(address: str, many: int) -> Iterator[None]:
    """So many queries without an end."""
    with connections(address, many, f"GET /sparql?query={ENDLESS} HTTP/1.1\r\nHost: localhost\r\n\r\n"):
        yield


def _closed(one: socket.socket) -> bool:
    """Whether the other side has closed it."""
    one.setblocking(False)
    try:
        while one.recv(65536):
            pass
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


HEAD = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = (
    "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    "Content-Length: 1000\r\n\r\nASK"
)


def test_answers_go_on_under_runaways_and_slow_connections(output: Path) -> None:
    """The acceptance of the issue without its clock, which is bench/bench_fire.py's."""
    with (
        served(str(output), "--workers", "4", "--timeout", "600") as (process, address),
        runaways(address, 4),
        connections(address, 150, HEAD),
        connections(address, 150, BODY),
    ):
        for _ in range(40):
            assert _status(address) == 200
            assert _status(address, "/search?q=%E6%9E%97%E8%BF%9C") == 200
        assert process.poll() is None


def _low_limit() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))


def test_few_file_descriptors(output: Path, tmp_path: Path) -> None:
    """`ulimit -n 256`, 300 half-open connections, 4 runaways: the pool stood still until a restart."""
    log = tmp_path / "log"
    with served(str(output), "--workers", "4", "--timeout", "3", before=_low_limit, log=log) as (process, address):
        with runaways(address, 4), connections(address, 300, HEAD):
            until(lambda: _status(address) == 200)
        until(lambda: [_status(address) for _ in range(20)] == [200] * 20)
        assert process.poll() is None
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert len(said.splitlines()) < 50, said


SLOW = {"no head": "", "half a head": HEAD, "half a body": BODY}


@pytest.mark.parametrize("name", SLOW)
def test_slow_requests_are_closed(output: Path, name: str) -> None:
    settings = Settings(output, workers=1, header_time=0.5, body_time=0.5)
    with listening(settings) as (address, _), connections(address, 30, SLOW[name]) as opened:
        until(lambda: all(map(_closed, opened)))
        assert _status(address) == 200


def test_a_slow_upload_that_goes_on_is_taken(output: Path) -> None:
    settings = Settings(output, workers=1, body_time=0.5, slowest=1)
    with listening(settings) as (address, _), connections(address, 1, BODY) as (one,):
        for _ in range(4):
            threading.Event().wait(0.4)
            one.sendall(b" " * 200)
        one.sendall(b"{}" + b" " * 195)
        assert b"200 OK" in one.recv(1000)


def test_a_client_that_does_not_read_is_let_go(output: Path) -> None:
    settings = Settings(output, workers=1, body_time=0.5, max_rows=0)
    many = quote("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 200000")
    request = f"GET /sparql?query={many} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with listening(settings) as (address, app), connections(address, 1, request) as (one,):
        pool = app.state.house.pool
        until(lambda: pool.state()["spooled_bytes"] > 0)
        until(lambda: pool.state()["spooled_bytes"] == 0)
        assert not [path for path in pool._spool.folder.iterdir() if path.name.isdigit()]
        until(lambda: _closed(one))


# What happens at which second to a connection whose buffer is as full at each look, and whether it is closed.
TAKEN = (
    ([(0, "look"), (19, "look"), (21, "look")], True),
    ([(0, "look"), (19, "take"), (21, "look"), (38, "take"), (40, "look"), (58, "look")], False),
    ([(0, "look"), (5, "take"), (24, "look"), (26, "look")], True),
)


@pytest.mark.parametrize(("events", "closed"), TAKEN)
def test_who_takes_something_all_the_time_is_not_closed(
    output: Path, monkeypatch: pytest.MonkeyPatch, events: list[tuple[int, str]], closed: bool
) -> None:
    one = object.__new__(limited(Settings(output)))
    one.flow, one.transport, one.connections = MagicMock(write_paused=True), MagicMock(), set()
    one.transport.is_closing.return_value, one.transport.get_write_buffer_size.return_value = False, 100_000
    one.phase = ""
    for second, event in events:
        monkeypatch.setattr("kg.serve.connection.time.monotonic", lambda second=second: second)
        (one.look if event == "look" else one.resume_writing)()
    assert one.transport.abort.called == closed


def test_more_connections_than_allowed(output: Path) -> None:
    settings = Settings(output, workers=1, max_connections=20)
    with listening(settings) as (address, _), connections(address, 60, HEAD):
        assert [_status(address) for _ in range(10)] == [200] * 10


@contextmanager
def temporary(output: Path, folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server whose temporary folder is `folder`."""
    folder.mkdir(exist_ok=True)
    with served(str(output), "--workers", "1", *arguments, log=folder.parent / "log", TMPDIR=str(folder)) as server:
        yield server


def _processes(parent: int) -> set[int]:
    """Process numbers of a process' children."""
    tasks = Path(f"/proc/{parent}/task").glob("*/children")
    return {int(child) for task in tasks for child in task.read_text().split()}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_nothing(output: Path, tmp_path: Path, number: signal.Signals) -> None:
    with temporary(output, tmp_path / "tmp") as (process, address):
        assert _status(address) == 200
        assert list((tmp_path / "tmp").iterdir())
        process.send_signal(number)
        assert process.wait(60) == (130 if number == signal.SIGINT else 0)
        assert not list((tmp_path / "tmp").iterdir())
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")


def test_an_answer_is_sent_whole_after_sigterm(output: Path, tmp_path: Path) -> None:
    with temporary(output, tmp_path / "tmp", "--max-rows", "0") as (process, address):
        with urlopen(f"{address}/sparql?query={LARGE}") as answer:
            begun = answer.read(1000)
            process.send_signal(signal.SIGTERM)
            assert len(json.loads(begun + answer.read())["results"]["bindings"]) == 9000
        assert process.wait(60) == 0
        assert not list((tmp_path / "tmp").iterdir())


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="reads /proc")
def test_a_killed_server_leaves_no_process_and_the_next_one_sweeps(output: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tmp"
    with temporary(output, folder) as (process, address), runaways(address, 1):
        until(lambda: len(_processes(process.pid)) > 2)
        workers = _processes(process.pid)
        process.kill()
        process.wait()
    until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in workers))
    left = set(folder.iterdir())
    assert left
    (folder / "fangzhi-of-others").mkdir()
    with temporary(output, folder):
        assert not left & set(folder.iterdir())
        assert (folder / "fangzhi-of-others").exists()


def test_a_folder_in_use_is_not_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    used, left = scratch.make(), scratch.make()
    scratch._held.pop(left).close()
    scratch.sweep()
    assert (used.exists(), left.exists()) == (True, False)
    scratch.drop(used)
    assert not list(tmp_path.iterdir())
