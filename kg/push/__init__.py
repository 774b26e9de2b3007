"""`kg push`: a built graph into any SPARQL 1.1 store, resumable, and only what changed.

The store itself remembers what it has, in the graph `<base>graph/<name>/pushed`: for every graph that is complete its
digest, and for one under way the digests of the chunks that have arrived. A store that was emptied or restored is
therefore never taken to be full, another machine can go on, and a repeated push sends nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg.iri import segment
from kg.push.issues import Graph, read_graphs
from kg.push.stores import Store

CHECKSUM = "<http://spdx.org/rdf/terms#checksumValue>"
MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a push is: graphs and bytes that the store has by now, of those that it is to have."""

    graph: str
    graphs: int
    of_graphs: int
    bytes: int
    of_bytes: int


@dataclass(slots=True)
class Pushed:
    """What a push did: the IRIs of the graphs that were sent, that stood there already, and that were removed."""

    sent: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    chunks: int = 0


def push(
    source: Path,
    store: Store,
    *,
    name: str = "",
    chunk_bytes: int = MEBIBYTE,
    keep: bool = False,
    told: Callable[[Progress], None] = lambda _: None,
) -> Pushed:
    """Make the store hold the graphs of `source` (a build's folder or a graph file).

    `name` tells several builds in one store apart (default: the folder's name). Graphs of an earlier push under this
    name that the build no longer has are removed, unless `keep`. Raises OutputError and PushError; after either, the
    same call goes on where it stopped.
    """
    name = name or (source.resolve() if source.is_dir() else source.resolve().parent).name
    base, graphs = read_graphs(source, name)
    return _Push(store, f"{base}graph/{segment(name)}/pushed", chunk_bytes, told).run(graphs, keep)


class _Push:
    """One push. `arrived` is the ledger: graph → its digest where complete, a mark for each chunk where under way."""

    def __init__(self, store: Store, ledger: str, chunk_bytes: int, told: Callable[[Progress], None]) -> None:
        self.store, self.ledger, self.chunk_bytes, self.told = store, ledger, chunk_bytes, told
        self.arrived: dict[str, set[str]] = {}
        self.done = Pushed()
        self.bytes = 0

    def run(self, graphs: tuple[Graph, ...], keep: bool) -> Pushed:
        self._read_ledger()
        before = self._entries()
        for graph in graphs:
            self._forget_other_states(graph)
        if before != self._entries():
            self._write_ledger()  # before anything changes: a mark must never outlive what it vouches for
        total = sum(graph.size for graph in graphs)
        for number, graph in enumerate(graphs):
            self.told(Progress(graph.iri, number, len(graphs), self.bytes, total))
            self._graph(graph, Progress(graph.iri, number, len(graphs), 0, total))
        if not keep:
            self._remove(sorted(set(self.arrived) - {graph.iri for graph in graphs}))
        if self.done.sent or self.done.removed:
            self._write_ledger()
        return self.done

    def _read_ledger(self) -> None:
        for graph, mark in self.store.read(self.ledger):
            self.arrived.setdefault(graph, set()).add(mark)

    def _forget_other_states(self, graph: Graph) -> None:
        """Keep only the marks for these very statements in chunks of this very size."""
        marks = {mark for mark in self.arrived.pop(graph.iri, set()) if mark.startswith(graph.digest)}
        kept = {graph.digest} if graph.digest in marks else {m for m in marks if m.startswith(self._mark(graph, ""))}
        if kept:
            self.arrived[graph.iri] = kept

    def _mark(self, graph: Graph, number: int | str) -> str:
        return f"{graph.digest}/{self.chunk_bytes}-{self.store.most_lines}/{number}"

    def _graph(self, graph: Graph, progress: Progress) -> None:
        arrived = self.arrived.setdefault(graph.iri, set())
        if graph.digest in arrived:
            self.done.unchanged.append(graph.iri)
            self.bytes += graph.size
            return
        for number, lines in enumerate(graph.chunks(self.chunk_bytes, self.store.most_lines)):
            if self._mark(graph, number) not in arrived:
                write = self.store.add if number else self.store.replace
                write(graph.iri, lines)
                self._note(graph.iri, self._mark(graph, number))
                self.done.chunks += 1
            self.bytes += sum(len(line.encode()) for line in lines)
            self.told(replace(progress, bytes=self.bytes))
        self._note(graph.iri, graph.digest)
        self.arrived[graph.iri] = {graph.digest}
        self.done.sent.append(graph.iri)

    def _note(self, graph: str, mark: str) -> None:
        self.arrived[graph].add(mark)
        self.store.add(self.ledger, (_entry(graph, mark),))

    def _remove(self, graphs: list[str]) -> None:
        for graph in graphs:
            self.store.remove(graph)
            del self.arrived[graph]
            self.done.removed.append(graph)

    def _entries(self) -> tuple[str, ...]:
        return tuple(sorted(_entry(graph, mark) for graph, marks in self.arrived.items() for mark in marks))

    def _write_ledger(self) -> None:
        entries, most = self._entries(), self.store.most_lines
        if not entries:
            self.store.remove(self.ledger)
            return
        self.store.replace(self.ledger, entries[:most])
        for start in range(most, len(entries), most):
            self.store.add(self.ledger, entries[start : start + most])


def _entry(graph: str, mark: str) -> str:
    return f'<{graph}> {CHECKSUM} "{mark}" .\n'
