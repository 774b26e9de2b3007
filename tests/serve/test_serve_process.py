"""The command itself, in a process of its own on loopback: it starts, answers, ends; stores are kept and guarded."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from http.client import IncompleteRead
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from pyoxigraph import Store
from serving import served

from kg.cli import main
from kg.errors import OutputError
from kg.serve import Settings, _listening, loading, ondisk
from kg.serve.edition import Edition
from kg.serve.loading import graph_files, load_files
from kg.serve.ondisk import open_store

ENDLESS = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?p ?q ?r }")


def _ask(address: str, query: str) -> bool:
    with urlopen(f"{address}/sparql?query={query}") as answer:
        return bool(json.load(answer)["boolean"])


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_start_answer_and_end(output: Path, tmp_path: Path) -> None:
    with served(str(output), "--store", str(tmp_path / "s"), "--workers", "2") as (process, address):
        assert _ask(address, "ASK%20%7B%20%3Fs%20a%20kg:Official%20%7D")
        waiting = subprocess.Popen(["curl", "-s", f"{address}/sparql?query={ENDLESS}"]) if _has_curl() else None
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert process.wait(15) in {0, 130}
        if waiting:
            waiting.wait(15)
        assert "Traceback" not in (process.stderr.read() if process.stderr else "")
    assert (tmp_path / "s" / "fangzhi.json").exists()


def _has_curl() -> bool:
    return subprocess.run(["curl", "--version"], capture_output=True, check=False).returncode == 0


def test_a_locked_store_says_so(output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    monkeypatch.setenv("FANGZHI_TOKEN", "t")
    with served(str(output), "--store", str(tmp_path / "s"), "--writable"):
        monkeypatch.setattr(sys, "argv", ["kg", "serve", str(output), "--store", str(tmp_path / "s"), "--port", "0"])
        with pytest.raises(SystemExit) as ended:
            main()
    assert ended.value.code == 2
    assert "another process has it open" in capsys.readouterr().err


def test_readers_share_a_store(output: Path, tmp_path: Path) -> None:
    first, _ = open_store(output, tmp_path / "s", writable=False)
    second, _ = open_store(output, tmp_path / "s", writable=False)
    with pytest.raises(OutputError, match="another process"):
        open_store(output, tmp_path / "s", writable=True)
    first.close()
    second.close()
    open_store(output, tmp_path / "s", writable=True)[0].close()


def test_a_store_of_another_program_says_so(output: Path, tmp_path: Path) -> None:
    store, _ = open_store(output, tmp_path / "s", writable=False)
    store.close()
    foreign = Store(store.data)
    with pytest.raises(OutputError, match="another process"):
        open_store(output, tmp_path / "s", writable=False)
    del foreign


def test_a_store_is_opened_again_without_loading(output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(output, tmp_path / "s", writable=False)[0].close()

    def refuse(*_: object) -> None:
        raise AssertionError("loaded again")

    monkeypatch.setattr(ondisk, "load_files", refuse)
    store, notes = open_store(output, tmp_path / "s", writable=False)
    store.close()
    assert notes == []


def _another(folder: Path) -> Path:
    folder.mkdir()
    (folder / "graph.ttl").write_text("<http://a> <http://b> 1 .")
    return folder


def _size(store: ondisk.OnDisk) -> int:
    return len(Store.read_only(str(store.data)))


def test_another_build_is_loaded_anew(output: Path, tmp_path: Path) -> None:
    open_store(output, tmp_path / "s", writable=False)[0].close()
    store, notes = open_store(_another(tmp_path / "other"), tmp_path / "s", writable=False)
    second, none = open_store(tmp_path / "other", tmp_path / "s", writable=False)  # the lock is shared again
    assert (_size(store), _size(second), none) == (1, 1, [])
    assert len(list((tmp_path / "s").glob("0*"))) == 1
    store.close()
    second.close()
    assert len(notes) == 1
    assert "loaded anew" in notes[0]


def test_another_build_does_not_replace_what_was_written(output: Path, tmp_path: Path) -> None:
    store, _ = open_store(output, tmp_path / "s", writable=True)
    _write_nothing(store)
    before = _size(store)
    store.close()
    again, notes = open_store(_another(tmp_path / "other"), tmp_path / "s", writable=True)
    assert _size(again) == before > 1
    again.close()
    assert len(notes) == 1
    assert "1 writes were made" in notes[0]


def test_another_build_waits_for_who_reads_the_earlier(output: Path, tmp_path: Path) -> None:
    first, _ = open_store(output, tmp_path / "s", writable=False)
    second, notes = open_store(_another(tmp_path / "other"), tmp_path / "s", writable=False)
    assert _size(second) == _size(first) > 1
    assert "another process" in notes[0]
    first.close()
    second.close()


def _write_nothing(store: ondisk.OnDisk) -> None:
    edition = store.next()
    Edition.after(store.edition, edition).close()
    store.commit(edition)


def test_a_load_that_fails_leaves_the_store_as_it_was(output: Path, tmp_path: Path) -> None:
    store, _ = open_store(output, tmp_path / "s", writable=False)
    before = _size(store)
    store.close()
    (_another(tmp_path / "other") / "graph.ttl").write_text("<http://a> <b")
    with pytest.raises(OutputError, match="cannot be loaded"):
        open_store(tmp_path / "other", tmp_path / "s", writable=False)
    store, _ = open_store(output, tmp_path / "s", writable=False)
    assert _size(store) == before
    store.close()


def test_a_store_of_an_older_layout_says_so(output: Path, tmp_path: Path) -> None:
    (tmp_path / "fangzhi.json").write_text('{"source": "x", "writes": 3}')
    with pytest.raises(OutputError, match="another version"):
        open_store(output, tmp_path, writable=False)


def test_writes_are_counted_across_restarts(output: Path, tmp_path: Path) -> None:
    store, _ = open_store(output, tmp_path / "s", writable=True)
    first = store.version
    _write_nothing(store)
    store.close()
    again, _ = open_store(output, tmp_path / "s", writable=True)
    assert again.version == store.version != first
    again.close()


BAD_BUILDS = {
    "nothing there": (None, "run `kg build` first"),
    "broken turtle": ("<http://a> <b", "cannot be loaded"),
}


@pytest.mark.parametrize("name", BAD_BUILDS)
def test_a_bad_build_leaves_nothing(tmp_path: Path, name: str) -> None:
    text, message = BAD_BUILDS[name]
    (tmp_path / "out").mkdir()
    if text:
        (tmp_path / "out" / "graph.ttl").write_text(text)
    with pytest.raises(OutputError, match=message):
        open_store(tmp_path / "out", tmp_path / "stores" / "s", writable=False)
    assert not list((tmp_path / "stores").glob("*")) if (tmp_path / "stores").exists() else True


def test_a_folder_with_other_files_is_left_alone(output: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(OutputError, match="not made by"):
        open_store(output, tmp_path, writable=False)
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_a_temporary_store_is_deleted(output: Path) -> None:
    store, _ = open_store(output, None, writable=False)
    assert store.folder.exists()
    store.close()
    assert not store.folder.parent.exists()


@pytest.mark.parametrize("with_turtle", [True, False])
def test_named_graphs_stand_in_the_default_graph_once(tmp_path: Path, with_turtle: bool) -> None:
    """graph.nq repeats a triple in the graph of each page that says it; asked without GRAPH it counts once."""
    (tmp_path / "graph.nq").write_text(
        "".join(f"<http://a> <http://b> <http://c> <http://g/{n}> .\n" for n in range(3))
    )
    if with_turtle:
        (tmp_path / "graph.ttl").write_text("<http://a> <http://b> <http://c> .")
    store = Store()
    load_files(store, graph_files(tmp_path))
    assert len(list(store.query("SELECT * { ?s ?p ?o }"))) == 1  # type: ignore[arg-type]
    assert len(list(store.query("SELECT * { GRAPH ?g { ?s ?p ?o } }"))) == 3  # type: ignore[arg-type]


def test_slices_lose_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_SLICE", 100)
    (tmp_path / "graph.nq").write_text("".join(f'<http://a> <http://b> "第{n}" .\n' for n in range(200)).rstrip("\n"))
    store = Store()
    load_files(store, graph_files(tmp_path))
    assert len(store) == 200


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["kg", "serve", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(str(ended.value.code))


COMMANDS = (
    (["{output}", "--writable"], "", "FANGZHI_TOKEN"),
    (["{output}", "--writable"], "t", "--store"),
    (["{output}/nowhere"], "", "run `kg build` first"),
    (["{output}", "--host", "203.0.113.9"], "", "cannot listen"),
)


@pytest.mark.parametrize(("arguments", "token", "message"), COMMANDS)
def test_a_command_that_cannot_be_done(
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    token: str,
    message: str,
) -> None:
    monkeypatch.setenv("FANGZHI_TOKEN", token)
    assert _run(monkeypatch, *(one.replace("{output}", str(output)) for one in arguments), "--port", "0") == 2
    error = capsys.readouterr().err
    assert message in error
    assert len(error.strip().splitlines()) == 1


def test_a_missing_extra_is_one_line(
    output: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("kg.serve.find_spec", lambda name: None if name == "uvicorn" else object())
    assert _run(monkeypatch, str(output)) == 2
    assert capsys.readouterr().err.strip() == "kg: the server needs more packages: pip install 'fangzhi[serve]'"


def test_answers_leave_at_once(output: Path) -> None:
    """asyncio turns Nagle's delay off only where the socket says that it speaks TCP; else each answer waits 40 ms."""
    with _listening(Settings(output, port=0)) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_a_query_whose_client_has_gone_is_stopped(output: Path) -> None:
    with served(str(output), "--workers", "1", "--timeout", "120") as (_, address):
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as gone:
            gone.sendall(f"GET /sparql?query={ENDLESS} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            time.sleep(0.5)
        with urlopen(f"{address}/sparql?query=ASK%20%7B%7D", timeout=30) as answer:  # the one process is free again
            assert json.load(answer)["boolean"] is True


def test_an_answer_that_breaks_off_is_not_taken_for_whole(output: Path) -> None:
    rows = quote("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }")
    with served(str(output), "--workers", "1", "--timeout", "1.5", "--max-rows", "0") as (process, address):
        answer = urlopen(f"{address}/sparql?query={rows}")
        with open(os.devnull, "wb") as nowhere, pytest.raises(IncompleteRead):
            shutil.copyfileobj(answer, nowhere)
        assert _ask(address, "ASK%20%7B%7D")
        process.kill()
        assert "Traceback" not in (process.stderr.read() if process.stderr else "")
