"""How the endpoint answers while it is attacked: `python -m bench.bench_fire` (POSIX).

Four queries without an end, as many as may be long, and one more that is sent again each time it is refused; 150
connections that never finish the head of a request and 150 that never finish its body, opened again when they are
closed. Meanwhile one client asks `ASK {}` and searches. First the same without the attack, in the same run.
"""

from __future__ import annotations

import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from bench.bench_serve import server, verdict
from bench.quads import write_nquads
from kg.serve.ondisk import open_store

LINES = 100_000
RUNAWAYS, MORE, SLOW = 4, 1, 150
ASKED = 500
ENDLESS = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
HEAD = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
TYPE = "Content-Type: application/sparql-query"
BODY = f"POST /sparql HTTP/1.1\r\nHost: localhost\r\n{TYPE}\r\nContent-Length: 99\r\n\r\nA"
RUN = f"GET /sparql?query={ENDLESS} HTTP/1.1\r\nHost: localhost\r\n\r\n"
PATHS = {"ASK {}": "/sparql?query=ASK%20%7B%7D", "/search": f"/search?q={quote('林')}"}


def attack(address: str, stop: threading.Event) -> None:
    """Keep everything open until `stop`: what the server closes is opened again, each second."""
    host, port = address.removeprefix("http://").split(":")
    texts = [RUN] * (RUNAWAYS + MORE) + [HEAD, BODY] * SLOW
    opened: dict[int, socket.socket] = {}
    while not stop.wait(1 if opened else 0):
        for number, text in enumerate(texts):
            if number not in opened or closed(opened[number]):
                opened[number] = socket.create_connection((host, int(port)))
                opened[number].sendall(text.encode())
                opened[number].setblocking(False)
    for one in opened.values():
        one.close()


def closed(one: socket.socket) -> bool:
    """Whether the server has answered or ended a connection."""
    try:
        one.recv(65536)
    except BlockingIOError:
        return False
    except OSError:
        pass
    one.close()
    return True


@contextmanager
def fire(address: str) -> Iterator[None]:
    """The attack, for as long as this lasts."""
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        attacker = pool.submit(attack, address, stop)
        try:
            time.sleep(3)  # until the queries are long
            yield
        finally:
            stop.set()
            attacker.result()


def asked(address: str, path: str) -> list[float]:
    """Seconds of each answer."""
    times = []
    for _ in range(ASKED):
        start = time.perf_counter()
        with urlopen(address + path, timeout=60) as reply:
            assert reply.status == 200
            reply.read()
        times.append(time.perf_counter() - start)
    return sorted(times)


def measured(address: str, when: str) -> dict[str, float]:
    """Print the times of both; the 99th of 100 in seconds."""
    last = {}
    for name, path in PATHS.items():
        times = asked(address, path)
        last[name] = times[int(0.99 * len(times))]
        print(
            f"     {name:8} {when:14} median {1000 * times[len(times) // 2]:7.1f} ms   99th {1000 * last[name]:7.1f} ms"
        )
    return last


def main() -> int:
    """Run everything; non-zero where a limit is not kept."""
    with tempfile.TemporaryDirectory() as name:
        graph = Path(name) / "graph.nq"
        write_nquads(graph, LINES)
        open_store(graph, Path(name) / "store", writable=False)[0].close()
        with server(Path(name) / "store", graph, "--workers", str(RUNAWAYS), "--timeout", "600") as (_, address):
            urlopen(f"{address}/search?q=x").close()  # the index of names is made
            measured(address, "in peace")
            with fire(address):
                last = measured(address, "under fire")
        kept = [verdict(f"{name} under fire, 99th of 100", 1000 * one, 1000, "ms") for name, one in last.items()]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
