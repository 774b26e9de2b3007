"""The parts of the pool: whose turn it is, which query is stopped, what comes back after it ended."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from serving import serving, until
from starlette.testclient import TestClient

from kg.serve.jobs import Failed, Query
from kg.serve.line import OWN, Line
from kg.serve.process import Process
from kg.serve.running import Entry, Register
from kg.serve.settings import Settings
from kg.serve.spool import Spool
from kg.serve.worker import GRANT

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
SOME = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?a ?d ?e }"


class _Made:
    """Stands for a process in the tests of the line and the register."""

    def __init__(self) -> None:
        self.alive = True

    def kill(self) -> None:
        self.alive = False


def _made() -> Any:
    return _Made()


TURNS = (  # who runs now, who comes in this order, whose turn it is in this order
    ([], ["a", "b", "c"], ["a", "b", "c"]),
    (["a", "a"], ["a", "b"], ["b", "a"]),
    (["a", "b", "b"], ["b", "a", "b"], ["a", "b", "b"]),
    ([], ["a", OWN, "b", OWN], [OWN, OWN, "a", "b"]),
)


@pytest.mark.parametrize(("running", "come", "turns"), TURNS)
def test_whose_turn_it_is(running: list[str], come: list[str], turns: list[str]) -> None:
    async def act() -> list[str]:
        line, served = Line(running.count), []

        async def client(name: str) -> None:
            process = await line.take(name, 60)
            assert process
            served.append(name)
            line.give(process)

        tasks = [asyncio.create_task(client(name)) for name in come]
        await asyncio.sleep(0)
        line.give(_made())
        await asyncio.gather(*tasks)
        return served

    assert asyncio.run(act()) == turns


def test_who_waits_too_long_goes_without() -> None:
    async def act() -> tuple[Process | None, int]:
        line = Line(lambda _: 0)
        return await line.take("a", 0.01), line.waiting

    assert asyncio.run(act()) == (None, 0)


def test_who_leaves_the_line_takes_no_process_along() -> None:
    async def act() -> Process | None:
        line = Line(lambda _: 0)
        task = asyncio.create_task(line.take("a", 60))
        await asyncio.sleep(0)
        line.give(_made())  # its turn comes …
        task.cancel()  # … as it leaves
        await asyncio.wait({task})
        return await line.take("b", 0.01)

    assert asyncio.run(act()) is not None


def test_an_ended_process_is_given_to_nobody() -> None:
    async def act() -> Process | None:
        line, process = Line(lambda _: 0), _made()
        line.give(process)
        process.kill()
        return await line.take("a", 0.01)

    assert asyncio.run(act()) is None


LONG = (  # clients in the order in which their queries became long, and which is stopped, where 3 may be long
    (["a", "a", "a"], None),
    (["a", "a", "a", "b"], 2),
    (["a", "b", "b", "a", "b"], 4),
    (["a", OWN, OWN, OWN], 0),
    ([OWN, OWN, OWN, OWN], None),
)


@pytest.mark.parametrize(("clients", "stopped"), LONG)
def test_which_long_query_is_stopped(clients: list[str], stopped: int | None) -> None:
    async def act() -> Entry | None:
        entries, victim = [], None
        for number, client in enumerate(clients):
            entries.append(register.enter(Query("", "", ""), client))
            entries[-1].begin(_made())
            entries[-1].since = number
            victim = register.grown(entries[-1]) or victim
        return victim and entries.index(victim)  # type: ignore[return-value]

    register = Register(3)
    found = asyncio.run(act())
    assert found == stopped


def test_the_spool_has_one_limit_for_all() -> None:
    spool = Spool(2 * GRANT)
    assert [spool.grant(1), spool.grant(2), spool.grant(3)] == [True, True, False]
    spool.path(1).write_bytes(b"x" * 100)
    spool.finished(1)  # what it did not need is free
    assert spool.used == GRANT + 100
    spool.delete(2)
    assert spool.grant(3)
    spool.close()
    assert not spool.folder.exists()


def test_an_answer_counts_until_its_file_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    spool, used = Spool(GRANT), []
    assert spool.grant(1)
    spool.path(1).write_bytes(b"x")
    unlink = Path.unlink

    def watched(path: Path, missing_ok: bool = False) -> None:
        used.append(spool.used)
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", watched)
    spool.delete(1)
    assert (used, spool.used, spool.path(1).exists()) == ([GRANT], 0, False)
    spool.close()


@pytest.fixture
def client(output: Path) -> Iterator[TestClient]:
    with serving(Settings(output, workers=1, max_rows=0, short=0.3, max_wait=0.5, max_spool=GRANT)) as client:
        yield client


def _ask(client: TestClient, query: str = "ASK {}", **parameters: str) -> tuple[int, str]:
    answer = client.get("/sparql", params={"query": query, **parameters})
    return answer.status_code, answer.text


def _pool(client: TestClient) -> Any:
    return client.app.state.house.pool  # type: ignore[attr-defined]


def test_an_idle_process_that_is_killed_is_replaced(client: TestClient) -> None:
    pool = _pool(client)
    until(lambda: len(pool._all) == 3)
    before = {process._process.pid for process in pool._all}
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    until(lambda: len({process._process.pid for process in pool._all} - before) == 3)
    assert _ask(client)[0] == 200


def test_processes_that_cannot_be_started_are_tried_again(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pool, failed = _pool(client), threading.Event()
    left = [5]

    begin = Process.begin

    async def start(max_memory: int) -> Process:
        left[0] -= 1
        if left[0] > 0:
            raise OSError(24, "Too many open files")
        failed.set()
        return await begin(max_memory)

    until(lambda: len(pool._all) == 3)
    monkeypatch.setattr("kg.serve.pool.Process.begin", start)
    for process in list(pool._all):
        process.kill()
    until(failed.is_set)
    until(lambda: len(pool._all) == 3)
    assert _ask(client)[0] == 200
    assert "tried again: [Errno 24] Too many open files" in caplog.text
    assert "Traceback" not in caplog.text


def test_a_long_query_too_many_is_stopped_and_short_ones_go_on(client: TestClient) -> None:
    with ThreadPoolExecutor(3) as threads:
        until(lambda: len(_pool(client)._all) == 3)
        longs = [threads.submit(_ask, client, ENDLESS) for _ in range(2)]
        until(lambda: any(one.done() for one in longs))
        (stopped,) = [one for one in longs if one.done()]
        assert stopped.result()[0] == 503
        assert "long queries" in stopped.result()[1]
        assert [_ask(client)[0] for _ in range(10)] == [200] * 10
        (shown,) = [one for one in _pool(client).running() if one.seconds > 0.3]
        assert (shown.text, shown.client) == (ENDLESS, "testclient")
        assert _pool(client).end(shown.number)
        assert not _pool(client).end(10**9)
        until(lambda: all(one.done() for one in longs))
    assert {"operator" in one.result()[1] for one in longs} == {True, False}
    assert _pool(client).running() == []


def _niceness(client: TestClient) -> list[int]:
    pids = [process._process.pid for process in _pool(client)._all]
    return sorted(os.getpriority(os.PRIO_PROCESS, pid) for pid in pids if pid)


def test_a_long_query_steps_back(client: TestClient) -> None:
    until(lambda: len(_pool(client)._all) == 3)
    before = _niceness(client)
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(_ask, client, ENDLESS)
        until(lambda: _niceness(client) == [*before[:2], 10])
        assert _ask(client)[0] == 200
        (shown,) = _pool(client).running()
        assert _pool(client).end(shown.number)
        running.result()


@pytest.mark.parametrize("may", [True, False])
def test_after_it_its_process_is_as_before_or_another(output: Path, monkeypatch: pytest.MonkeyPatch, may: bool) -> None:
    back, step_back = list[int](), Process.step_back

    def counted(process: Process) -> None:
        back.append(1)
        step_back(process)

    monkeypatch.setattr(Process, "step_back", counted)
    if not may:
        monkeypatch.setattr(Process, "step_up", lambda _: False)
    with serving(Settings(output, workers=1, short=0.0)) as client:
        until(lambda: len(_pool(client)._all) == 3)
        before = {process._process.pid for process in _pool(client)._all}
        assert [_ask(client)[0] for _ in range(4)] == [200] * 4
        assert back
        until(lambda: len(_pool(client)._all) == 3 and max(_niceness(client)) < 10)
        assert ({process._process.pid for process in _pool(client)._all} == before) == may


@pytest.mark.parametrize("may", [True, False])
def test_a_query_gives_way_soon_where_that_can_be_taken_back(
    output: Path, monkeypatch: pytest.MonkeyPatch, may: bool
) -> None:
    """Where it cannot, only the process on which that was tried is replaced."""
    monkeypatch.setattr(Process, "_reversible", None)
    monkeypatch.setattr("kg.serve.pool._PATIENT", 0.0)
    set_to, really = list[int](), os.setpriority

    def setpriority(which: int, who: int, niceness: int) -> None:
        if not may and niceness < os.getpriority(which, who):
            raise PermissionError
        set_to.append(niceness)
        really(which, who, niceness)

    monkeypatch.setattr(os, "setpriority", setpriority)
    with serving(Settings(output, workers=1)) as client:
        until(lambda: len(_pool(client)._all) == 3)
        before = {process._process.pid for process in _pool(client)._all}
        assert [_ask(client, SOME)[0] for _ in range(6)] == [200] * 6
        until(lambda: len(_pool(client)._all) == 3)
        kept = {process._process.pid for process in _pool(client)._all} & before
    assert (set_to[:3] == [1, 0, 10], len(kept)) == (True, 3) if may else (set_to, len(kept)) == ([1], 2)


def test_a_client_with_too_many_queries(output: Path) -> None:
    with serving(Settings(output, workers=1, timeout=3, max_per_client=1)) as client, ThreadPoolExecutor(1) as threads:
        running = threads.submit(_ask, client, ENDLESS)
        until(lambda: _pool(client).running())
        answer = client.get("/sparql", params={"query": "ASK {}"})
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
        assert client.get("/search", params={"q": "林远"}).status_code == 200
        assert running.result()[0] == 503
        assert _ask(client)[0] == 200


def test_a_request_may_ask_for_less_time(client: TestClient) -> None:
    status, text = _ask(client, ENDLESS, timeout="1")
    assert (status, "took longer" in text) == (503, True)
    assert _ask(client, timeout="1e9")[0] == 200


@pytest.mark.parametrize("value", ["", "0", "-1", "nan", "inf", "1_0", "soon"])
def test_a_time_that_is_none(client: TestClient, value: str) -> None:
    assert _ask(client, timeout=value)[0] == 400


def test_an_answer_for_which_there_is_no_room(client: TestClient) -> None:
    status, text = _ask(client, "SELECT * { ?a ?b ?c . ?d ?e ?f }")  # some hundred KB: one grant
    assert (status, text.count('"a"') > 1000) == (200, True)
    large = client.get("/sparql", params={"query": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"})  # 60 MB: four
    assert len(large.content) < 2 * GRANT  # it was broken off
    pool = _pool(client)
    until(lambda: pool.state()["spooled_bytes"] == 0)
    assert not [path for path in pool._spool.folder.iterdir() if path.name.isdigit()]


def test_a_query_that_takes_too_much_memory_is_stopped(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.serve.process.Process.taken", lambda _: 10**9)
    with serving(Settings(output, workers=1, max_memory=10**8)) as client:
        status, text = _ask(client, ENDLESS)
        assert (status, "memory" in text) == (503, True)


def test_an_ended_pool_answers_those_who_wait(output: Path) -> None:
    with serving(Settings(output, workers=1)) as client, ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(_ask, client, ENDLESS)
        until(lambda: _pool(client).running())
        _pool(client).stop()
        assert waiting.result()[0] == 503


def test_a_failed_answer_is_told(client: TestClient) -> None:
    answer = _pool(client)._answer(None, None, Failed(500, "no"))
    assert answer == Failed(500, "no")
