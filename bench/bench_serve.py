"""How fast the endpoint loads and answers: `python -m bench.bench_serve` (Linux: memory is read from /proc).

A made-up graph of a million triples in the shape of a real one. Ready questions, those about the largest place among
them, are asked over HTTP by eight clients at once. Bare pyoxigraph loads and answers the same in the same run (as does
rdflib's own engine on an eightieth of the graph, to its advantage): only ratios to it mean much on a shared machine.
"""

from __future__ import annotations

import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

from pyoxigraph import QueryResultsFormat, Store
from rdflib import Dataset

from bench.quads import write_nquads
from kg.ontology import PREFIXES
from kg.query import questions
from kg.serve.ondisk import open_store

TRIPLES = 1_000_000
LINES = 1_150_000  # some facts stand in two sentences, so lines repeat
CLIENTS = 8
ASKED = 140  # times that each client asks
LARGEST = 20  # each so manieth question about a place is about the largest
RDFLIB_SHARE = 80
CLASSES = {"person": "Person", "place": "Place", "name": "Agency"}
ROWS = 1_000_000


def filled(seed: int, ask: Callable[[str], list[str]]) -> Iterator[tuple[str, str]]:
    """(name of the question, its SPARQL) for ever, each about a thing drawn by chance."""
    names = {cls: ask(f"SELECT ?l {{ ?x a kg:{cls} ; skos:prefLabel ?l }} ORDER BY ?l") for cls in CLASSES.values()}
    (largest,) = ask(_LARGEST_PLACE)
    rng = random.Random(seed)
    while True:
        for question in questions().values():
            text = question.sparql
            for parameter in question.parameters:
                name = rng.choice(names[CLASSES[parameter.name]])
                if parameter.name == "place" and rng.randrange(LARGEST) == 0:
                    name = largest
                text = re.sub(rf"\${parameter.name}\b", f'"{name}"@zh', text)
            yield question.name, text


_LARGEST_PLACE = """SELECT ?l {
  { SELECT ?x (COUNT(*) AS ?n) { ?y kg:within+ ?x } GROUP BY ?x ORDER BY DESC(?n) LIMIT 1 }
  ?x skos:prefLabel ?l
}"""


class Bare:
    """pyoxigraph alone: a store loaded in one call, asked by threads of this process."""

    def __init__(self, graph: Path, folder: Path) -> None:
        start = time.perf_counter()
        Store(folder).bulk_load(path=graph)
        self.store = Store.read_only(str(folder))
        self.answer("ASK { ?s ?p ?o }")
        self.seconds = time.perf_counter() - start  # to the first answer

    def answer(self, sparql: str) -> bytes:
        return self.store.query(sparql, prefixes=PREFIXES).serialize(format=QueryResultsFormat.JSON) or b""


@contextmanager
def server(store: Path, output: Path, *options: str) -> Iterator[tuple[int, str]]:
    """`kg serve` on an existing store: its process id and address."""
    command = [sys.executable, "-m", "kg", "serve", str(output), "--store", str(store), "--port", "0", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8")
    try:
        assert process.stderr
        found = re.search(r"http://[\d.]+:\d+", process.stderr.readline())
        assert found
        yield process.pid, found[0]
    finally:
        process.terminate()
        process.wait()


_connections = threading.local()


def answer(address: str, sparql: str) -> bytes:
    """The whole answer to a query, on the one connection that each thread keeps to each server."""
    kept: dict[str, HTTPConnection] = _connections.__dict__
    connection = kept.setdefault(address, HTTPConnection(address.removeprefix("http://")))
    connection.request("POST", "/sparql", sparql.encode(), {"Content-Type": "application/sparql-query"})
    reply = connection.getresponse()
    body = reply.read()
    assert reply.status == 200, body
    return body


def labels(body: bytes) -> list[str]:
    """The values of ?l."""
    return [row["l"]["value"] for row in json.loads(body)["results"]["bindings"]]


def asked_by_many(ask: Callable[[str], bytes]) -> dict[str, list[float]]:
    """Seconds of each answer by question, with all clients asking at once."""
    times: dict[str, list[float]] = {name: [] for name in questions()}

    def client(seed: int) -> None:
        for _, (name, sparql) in zip(range(ASKED), filled(seed, lambda text: labels(ask(text))), strict=False):
            start = time.perf_counter()
            ask(sparql)
            times[name].append(time.perf_counter() - start)

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(client, range(CLIENTS)))
    return times


def memory(pid: int) -> float:
    """MB that a process and its children hold, shared pages counted once."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")  # each thread has its own children
    total = 0
    for one in (pid, *(int(child) for task in tasks for child in task.read_text().split())):
        rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
        total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])  # type: ignore[index]
    return total / 1024


def streamed(pid: int, address: str) -> tuple[float, float, float]:
    """Seconds to the first byte and to the last of a million rows, and the most MB above idle meanwhile."""
    idle, peak, done = memory(pid), 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.05):
            peak = max(peak, memory(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    query = urlencode({"query": f"SELECT ?s ?p ?o {{ ?s ?p ?o }} LIMIT {ROWS}", "format": "tsv"})
    with urlopen(f"{address}/sparql?{query}") as reply:
        rows = reply.readline().count(b"\n") - 1
        first = time.perf_counter() - start
        while block := reply.read(1 << 20):
            rows += block.count(b"\n")
    total = time.perf_counter() - start
    done.set()
    watcher.join()
    assert rows >= 0.95 * ROWS, rows
    return first, total, peak - idle


def against_rdflib(folder: Path) -> float:
    """How many times longer rdflib takes than the server, one client, each question once."""
    small = folder / "small.nq"
    write_nquads(small, LINES // RDFLIB_SHARE)
    store, _ = open_store(small, folder / "small", writable=False)
    store.close()
    graph = Dataset(default_union=True)
    graph.parse(small, format="nquads")
    ours = theirs = 0.0
    with server(folder / "small", small) as (_, address):
        drawn = filled(0, lambda text: labels(answer(address, text)))
        answer(address, "ASK {}")
        for _ in questions():
            _connections.__dict__.clear()  # the server closes one that was idle while rdflib worked
            name, sparql = next(drawn)
            start = time.perf_counter()
            rows = len(json.loads(answer(address, sparql))["results"]["bindings"])
            middle = time.perf_counter()
            found = len(list(graph.query(sparql, initNs=PREFIXES)))
            end = time.perf_counter()
            ours, theirs = ours + middle - start, theirs + end - middle
            print(f"  {name:16} ours {1000 * (middle - start):8.1f} ms   rdflib {1000 * (end - middle):10.1f} ms")
            assert rows == found, (name, rows, found)
    return theirs / ours


def verdict(name: str, value: float, limit: float, unit: str, at_least: bool = False) -> bool:
    """Print one line; whether the limit is kept."""
    good = value >= limit if at_least else value <= limit
    print(
        f"{'ok  ' if good else 'FAIL'} {name}: {value:,.2f} {unit} ({'≥' if at_least else '≤'} {limit:,g})",
        flush=True,
    )
    return good


def started(store: Path, graph: Path) -> float:
    """Seconds from the command to the first answer."""
    start = time.perf_counter()
    with server(store, graph) as (_, address):
        _connections.__dict__.clear()
        answer(address, "ASK { ?s ?p ?o }")
        return time.perf_counter() - start


def quantiles(times: dict[str, list[float]], title: str) -> tuple[float, float]:
    """The middle and the 99th of 100 of all answers, ms; each question's are printed."""
    for question, each in sorted(times.items()):
        middle, most = 1000 * statistics.median(each), 1000 * max(each)
        print(f"     {title:5} {question:16} median {middle:8.1f} ms   most {most:8.1f} ms")
    every = sorted(one for each in times.values() for one in each)
    return 1000 * statistics.median(every), 1000 * every[int(0.99 * len(every))]


def main() -> int:
    """Run everything; non-zero where a limit is not kept."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        graph = folder / "graph.nq"
        write_nquads(graph, LINES)
        bare = Bare(graph, folder / "bare")
        first = started(folder / "store", graph)
        kept = [
            verdict("start to the first answer, against a bare bulk load", first / bare.seconds, 1.5, "times"),
            verdict("restart on a kept store", started(folder / "store", graph), 3, "s"),
        ]
        print(f"     {LINES / bare.seconds:,.0f} lines/s bare, {LINES / first:,.0f} by us")
        with server(folder / "store", graph, "--workers", str(CLIENTS)) as (pid, address):  # a process for each client
            _connections.__dict__.clear()
            (count,) = labels(answer(address, "SELECT (COUNT(*) AS ?l) { ?s ?p ?o }"))
            print(f"     graph: {int(count):,} triples; {CLIENTS} clients, {CLIENTS * ASKED} questions")
            ours = quantiles(asked_by_many(lambda sparql: answer(address, sparql)), "ours")
            theirs = quantiles(asked_by_many(bare.answer), "bare")
            print(f"     median {ours[0]:.0f} and {theirs[0]:.0f} ms, 99th of 100 {ours[1]:.0f} and {theirs[1]:.0f} ms")
            kept.append(verdict("ready questions, median, against bare", ours[0] / theirs[0], 2, "times"))
            kept.append(verdict("ready questions, 99th of 100, against bare", ours[1] / theirs[1], 1.2, "times"))
            first_byte, total, above = streamed(pid, address)
            print(f"     a million rows: first byte after {first_byte:.2f} s, the last after {total:.1f} s")
            kept.append(verdict("memory of a million rows above idle", above, 200, "MB"))
        kept.append(verdict("against rdflib's engine", against_rdflib(folder), 10, "times", at_least=True))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
