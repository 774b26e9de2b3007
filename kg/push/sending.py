"""Carrying out a plan: every graph whole at its place, or not marked as whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from kg.errors import PushError
from kg.push.issues import Graph
from kg.push.marks import PUSHED, Marks
from kg.push.placing import Placing
from kg.push.plan import Plan
from kg.push.stores import Store


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
    """What a push did: the IRIs of the graphs that were sent, that stood there already, that were removed, and that
    other names still have; `staged` is False where the store knows no COPY, so that readers saw graphs grow."""

    owner: str
    sent: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    chunks: int = 0
    staged: bool = True


class Sending:
    """One push under way."""

    def __init__(
        self, plan: Plan, store: Store, marks: Marks, chunk_bytes: int, told: Callable[[Progress], None]
    ) -> None:
        self.plan, self.store, self.marks, self.chunk_bytes, self.told = plan, store, marks, chunk_bytes, told
        self.done = Pushed(plan.owner)
        graphs = plan.send + plan.stand
        self.progress = Progress("", 0, len(graphs), 0, sum(graph.size for graph in graphs))
        self.finished = 0  # bytes of the graphs that were told of before the last one
        self.last: tuple[str, int] = ("", 0)  # that graph, and how much of it has arrived

    def run(self) -> Pushed:
        """Send, and only then remove: whoever reads meanwhile finds too much rather than too little."""
        self.marks.adopt()
        self.marks.own([g.iri for g in self.plan.stand if self.plan.owner not in self.plan.marks[g.iri].owners])
        for graph in self.plan.stand:
            self._tell(graph, graph.size)
            self._count(graph, self.done.unchanged)
        if self.plan.send:
            self._send()
        used = {self.marks.staging(graph.digest) for graph in self.plan.send} if self.done.staged else set()
        for iri in sorted(set(self.plan.staged) - used):
            self.marks.remove(iri)
        for iri in (*self.plan.remove, *self.plan.leave):
            self._let_go(iri)
        self._check()
        return self.done

    def _send(self) -> None:
        staged = self.store.sparql.takes(f"COPY SILENT <{PUSHED}/none> TO <{PUSHED}/staging/none>")
        placing = Placing(self.store, self.marks, self.chunk_bytes, staged, self.plan.marks, self._tell)
        for group in placing.groups(self.plan.send):
            placing.put(group)
            for graph in group:
                self._count(graph, self.done.sent)
        placing.clear()
        self.done.staged, self.done.chunks = staged, placing.chunks

    def _let_go(self, iri: str) -> None:
        """Asked again, because another name may have pushed the graph since the plan was made."""
        if self.marks.of([iri])[iri].owners - {self.plan.owner}:
            self.marks.disown(iri)
            self.done.left.append(iri)
        else:
            self.marks.remove(iri)
            self.done.removed.append(iri)

    def _check(self) -> None:
        digests = {graph.iri: {graph.digest} for graph in self.plan.send}
        lost = [iri for iri, mark in self.marks.of(digests).items() if mark.states != digests[iri]]
        if lost:
            raise PushError(
                f"{lost[0]}{f' and {len(lost) - 1} more' if lost[1:] else ''}: another push wrote there at the same "
                "time; run the same command again 另一个载入同时在写，请再运行一次"
            )

    def _tell(self, graph: Graph, size: int) -> None:
        """`size` bytes of the graph have arrived. The sum never goes back, also where a graph is begun anew."""
        before, most = self.last
        if before != graph.iri:
            self.finished, most = self.finished + most, 0
        self.last = (graph.iri, max(size, most))
        self.progress = replace(self.progress, graph=graph.iri, bytes=self.finished + self.last[1])
        self.told(self.progress)

    def _count(self, graph: Graph, where: list[str]) -> None:
        where.append(graph.iri)
        self.progress = replace(self.progress, graphs=self.progress.graphs + 1)
