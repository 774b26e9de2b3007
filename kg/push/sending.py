"""Carrying out a plan: every graph whole at its place, or not marked as whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from kg.errors import PushError
from kg.push.alike import fewest
from kg.push.issues import Graph
from kg.push.marks import PUSHED, Marks, dropped
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
    """One push under way.

    A graph is put together in a staging graph and then copied to its place in one request, which most stores do as one
    transaction: readers see it as it was or as it is to be. A Graph Store's PUT does not promise that (Virtuoso empties
    the graph first). A store without COPY gets the chunks at the graph's own place.
    """

    def __init__(
        self, plan: Plan, store: Store, marks: Marks, chunk_bytes: int, told: Callable[[Progress], None]
    ) -> None:
        self.plan, self.store, self.marks, self.chunk_bytes, self.told = plan, store, marks, chunk_bytes, told
        self.done = Pushed(plan.owner)
        graphs = plan.send + plan.stand
        self.progress = Progress("", 0, len(graphs), 0, sum(graph.size for graph in graphs))
        self.finished = 0  # bytes of the graphs that are done
        self.litter: tuple[str, ...] = ()  # operations that clear staging graphs away, for the next request

    def run(self) -> Pushed:
        """Send, and only then remove: whoever reads meanwhile finds too much rather than too little."""
        self.marks.adopt()
        self.marks.own([g.iri for g in self.plan.stand if self.plan.owner not in self.plan.marks[g.iri].owners])
        for graph in self.plan.stand:
            self._tell(graph, graph.size)
            self._count(graph, self.done.unchanged)
        if self.plan.send:
            self.done.staged = self.store.sparql.takes(f"COPY SILENT <{PUSHED}/none> TO <{PUSHED}/staging/none>")
        for graph in self.plan.send:
            self._tell(graph, 0)
            self._send(graph)
            self._count(graph, self.done.sent)
        self._clear()
        self._check()
        return self.done

    def _send(self, graph: Graph) -> None:
        place = self.marks.staging(graph.digest) if self.done.staged else graph.iri
        for first in dict.fromkeys((self._arrived(place, graph), 0)):
            last = self._fill(place, graph, first)
            if self._whole(place, graph):
                break
        else:
            raise PushError(
                f"{graph.iri}: the store keeps {self.store.sparql.count(place)} of {len(graph.lines)} statements; "
                "run the same command again, and look into the store's log if it stays so"
            )
        if self.done.staged:
            self.marks.publish(place, last, graph.iri, graph.digest)
            self.litter += dropped(place)
        else:
            self.marks.step(place, last, graph.digest)

    def _fill(self, place: str, graph: Graph, first: int) -> str:
        """Send the chunks from number `first` on; the state in which the graph then is."""
        if not first:
            self._begin(place, self._state(graph, 0))
        size = number = 0
        for number, lines in enumerate(graph.chunks(self.chunk_bytes, self.store.most_lines)):
            if number >= first:
                (self.store.add if number else self.store.replace)(place, lines)
                self.marks.step(place, self._state(graph, number), self._state(graph, number + 1))
                self.done.chunks += 1
            size += sum(len(line.encode()) for line in lines)
            self._tell(graph, size)
        return self._state(graph, number + 1)

    def _begin(self, place: str, state: str) -> None:
        self.marks.begin(place, state, *self.litter)
        self.litter = ()

    def _state(self, graph: Graph, arrived: int) -> str:
        return f"{graph.digest}/{self.chunk_bytes}-{self.store.most_lines}/{arrived}"

    def _arrived(self, place: str, graph: Graph) -> int:
        """How many chunks of this very size an earlier push has left at the place."""
        known = self.plan.marks.get(place)
        states = known.states if known else frozenset()
        start, _, number = next(iter(states), "").rpartition("/")
        return int(number) if len(states) == 1 and f"{start}/0" == self._state(graph, 0) else 0

    def _whole(self, place: str, graph: Graph) -> bool:
        """Whether all is there. Stores may keep two ways to write one value as one statement."""
        held = self.store.sparql.count(place)
        return held == len(graph.lines) or fewest(graph.lines) <= held < len(graph.lines)

    def _clear(self) -> None:
        if self.litter:
            self.store.sparql.update(*self.litter)
        sent = {self.marks.staging(graph.digest) for graph in self.plan.send} if self.done.staged else set()
        for iri in sorted(set(self.plan.staged) - sent):
            self.marks.remove(iri)
        for iri in (*self.plan.remove, *self.plan.leave):
            self._let_go(iri)

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
        """Bytes never go back, also where a graph is begun anew."""
        size = max(self.progress.bytes, self.finished + size)
        self.progress = replace(self.progress, graph=graph.iri, bytes=size)
        self.told(self.progress)

    def _count(self, graph: Graph, where: list[str]) -> None:
        where.append(graph.iri)
        self.finished += graph.size
        self.progress = replace(self.progress, graphs=self.progress.graphs + 1)
