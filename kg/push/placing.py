"""How graphs come to their places in a store: first marked as under way, then written, counted, and marked as whole.

A graph is put together in a staging graph and then copied to its place in one request, which most stores do as one
transaction: readers see it as it was or as it is to be. A Graph Store's PUT does not promise that (Virtuoso empties the
graph first). A store without COPY gets the statements at the graph's own place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

from kg.errors import PushError
from kg.push.alike import fewest
from kg.push.issues import Graph
from kg.push.marks import Mark, Marks, Move, dropped
from kg.push.stores import Store

TOGETHER = 50  # graphs in one group
CHUNKS_TOGETHER = 4  # how many full chunks they may amount to


class Placing:
    """Puts groups of graphs in place. `known` are the marks from before; `told` hears how much of a graph is sent."""

    def __init__(
        self, store: Store, marks: Marks, chunk_bytes: int, staged: bool,
        known: Mapping[str, Mark], told: Callable[[Graph, int], None],
    ) -> None:  # fmt: skip
        self.store, self.marks, self.chunk_bytes, self.staged = store, marks, chunk_bytes, staged
        self.known, self.told = known, told
        self.chunks = 0
        self.litter: tuple[str, ...] = ()  # operations that clear staging graphs away, for the next request

    def groups(self, graphs: Sequence[Graph]) -> Iterator[tuple[Graph, ...]]:
        """Those that fit into one request go many together: what a store takes for a small write would add up."""
        group: list[Graph] = []
        for graph in graphs:
            full = len(group) == TOGETHER or sum(g.size for g in group) > CHUNKS_TOGETHER * self.chunk_bytes
            if group and (full or not self._small(graph) or not self._small(group[-1])):
                yield tuple(group)
                group = []
            group.append(graph)
        if group:
            yield tuple(group)

    def put(self, group: tuple[Graph, ...]) -> None:
        """Make the store hold these graphs. Raises PushError, also where it does not keep all that it takes."""
        states = self._together(group) if self._small(group[0]) else self._in_chunks(group[0])
        if not self.staged:
            self.marks.step([(graph.iri, states[graph.iri], graph.digest) for graph in group])
            return
        self.marks.publish([Move(self._place(g), states[g.iri], g.iri, g.digest) for g in group])
        self.litter += tuple(chain.from_iterable(dropped(self._place(graph)) for graph in group))

    def clear(self) -> None:
        """Leave no staging graph of this push behind."""
        if self.litter:
            self.store.sparql.update(*self.litter)
        self.litter = ()

    def _small(self, graph: Graph) -> bool:
        return graph.size <= self.chunk_bytes and len(graph.lines) <= self.store.most_lines

    def _place(self, graph: Graph) -> str:
        return self.marks.staging(graph.digest) if self.staged else graph.iri

    def _state(self, graph: Graph, arrived: int) -> str:
        return f"{graph.digest}/{self.chunk_bytes}-{self.store.most_lines}/{arrived}"

    def _together(self, group: tuple[Graph, ...]) -> dict[str, str]:
        """Each in one request; the states in which they then are."""
        self._begin(group)
        for graph in group:
            self._write(graph, 0, graph.lines)
            self.told(graph, graph.size)
        self.marks.step([(self._place(graph), self._state(graph, 0), self._state(graph, 1)) for graph in group])
        if lost := self._lost(group):
            raise PushError(lost)
        return {graph.iri: self._state(graph, 1) for graph in group}

    def _in_chunks(self, graph: Graph) -> dict[str, str]:
        """One graph in many requests, from where an earlier push was cut; from its start where that does not add up."""
        lost = ""
        for first in dict.fromkeys((self._arrived(graph), 0)):
            last = self._fill(graph, first)
            lost = self._lost((graph,))
            if not lost:
                return {graph.iri: last}
        raise PushError(lost)

    def _fill(self, graph: Graph, first: int) -> str:
        if not first:
            self._begin((graph,))
        size = number = 0
        for number, lines in enumerate(graph.chunks(self.chunk_bytes, self.store.most_lines)):
            if number >= first:
                self._write(graph, number, lines)
                self.marks.step([(self._place(graph), self._state(graph, number), self._state(graph, number + 1))])
            size += sum(len(line.encode()) for line in lines)
            self.told(graph, size)
        return self._state(graph, number + 1)

    def _begin(self, group: tuple[Graph, ...]) -> None:
        self.marks.begin({self._place(graph): self._state(graph, 0) for graph in group}, *self.litter)
        self.litter = ()

    def _write(self, graph: Graph, number: int, lines: tuple[str, ...]) -> None:
        (self.store.add if number else self.store.replace)(self._place(graph), lines)
        self.chunks += 1

    def _arrived(self, graph: Graph) -> int:
        """How many chunks of this very size an earlier push has left at the place."""
        states = self.known.get(self._place(graph), Mark()).states
        start, _, number = next(iter(states), "").rpartition("/")
        return int(number) if len(states) == 1 and f"{start}/0" == self._state(graph, 0) else 0

    def _lost(self, group: tuple[Graph, ...]) -> str:
        """What is missing, in words. Stores may keep two ways to write one value as one statement."""
        held = self.store.sparql.counts([self._place(graph) for graph in group])
        for graph in group:
            count, all_ = held.get(self._place(graph), 0), len(graph.lines)
            if count != all_ and not fewest(graph.lines) <= count < all_:
                return (
                    f"{graph.iri}: the store keeps {count} of {all_} statements; run the same command again, and look "
                    "into the store's log if it stays so"
                )
        return ""
