"""What a store remembers of pushes: in one named graph, one mark for each graph that was pushed.

    <graph> spdx:checksumValue "digest"         it holds these statements, all of them
                               "digest/…/3"     it is under way, and so many chunks have arrived
            prov:wasAttributedTo <…/by/NAME>    whose outputs have this graph

A mark is taken away before the first write of its graph and set after the last. Each step of a push that is under way
replaces the mark of the step before and does nothing where that is gone: of two pushes that write one graph at the same
time, at most one sets a mark. A graph with two digests counts as one without.

At first each name kept a list of its own, `<base>graph/NAME/pushed`. Those lists vouched for graphs that another name
had written since, so they are read for who has which graph and for nothing else, and replaced.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

from kg.iri import segment
from kg.push.sparql import Sparql, blocks, iris

PUSHED = "https://w3id.org/fangzhi/pushed"
CHECKSUM = "http://spdx.org/rdf/terms#checksumValue"
OWNER = "http://www.w3.org/ns/prov#wasAttributedTo"

_OLD_LISTS = (
    f"GRAPH ?list {{ ?graph <{CHECKSUM}> ?mark }} FILTER(STRENDS(STR(?list), '/pushed') "
    f"&& CONTAINS(STR(?list), 'graph/') && REGEX(STR(?mark), '^[0-9a-f]{{64}}') && STR(?list) != '{PUSHED}')"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of one graph: digests or steps (one, where all is well), and the names that have it."""

    states: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()


class Move(NamedTuple):
    """A graph that is staged, in which state, and the place and digest that it is to get."""

    staged: str
    state: str
    graph: str
    digest: str


class Marks:
    """The marks in one store, as the output called `owner` sees and changes them. Everything raises PushError."""

    def __init__(self, sparql: Sparql, owner: str) -> None:
        self.owner = owner
        self._sparql = sparql
        self._lists: defaultdict[str, list[str]] = defaultdict(list)  # of an earlier version → the graphs in it
        for row in sparql.whole("?list ?graph", _OLD_LISTS):
            self._lists[row["list"]].append(row["graph"])

    @property
    def old_lists(self) -> tuple[str, ...]:
        """The lists of an earlier version, until `adopt` has replaced them."""
        return tuple(sorted(self._lists))

    def staging(self, digest: str = "") -> str:
        """The graph in which the one of this digest is put together; without a digest, how all of them begin."""
        return f"{PUSHED}/staging/{segment(self.owner)}/{digest}"

    def mine(self) -> set[str]:
        """The graphs that this output has in the store, those that are being put together among them."""
        rows = self._sparql.whole("?graph", f"GRAPH <{PUSHED}> {{ ?graph <{OWNER}> <{_iri(self.owner)}> }}")
        old = (graphs for list_, graphs in self._lists.items() if _name_of(list_) == self.owner)
        return {row["graph"] for row in rows}.union(*old)

    def of(self, graphs: Iterable[str]) -> dict[str, Mark]:
        """The marks of these graphs; an empty one where there is none."""
        wanted = sorted(set(graphs))
        states: defaultdict[str, set[str]] = defaultdict(set)
        owners: defaultdict[str, set[str]] = defaultdict(set)
        for some in blocks(wanted):
            listed = f"VALUES ?g {{ {iris(some)} }}"
            for row in self._sparql.rows(f"SELECT ?g ?p ?o {{ {listed} GRAPH <{PUSHED}> {{ ?g ?p ?o }} }}"):
                (owners if row["p"] == OWNER else states)[row["g"]].add(row["o"])
        for list_, graphs_in_it in self._lists.items():
            for graph in graphs_in_it:
                owners[graph].add(_iri(_name_of(list_)))
        return {graph: Mark(frozenset(states[graph]), frozenset(map(_name, owners[graph]))) for graph in wanted}

    def adopt(self) -> None:
        """Put the owners that lists of an earlier version tell in their place."""
        for list_ in self.old_lists:
            self._own(self._lists[list_], _name_of(list_))
            self._sparql.update(f"DROP SILENT GRAPH <{list_}>")
            del self._lists[list_]

    def own(self, graphs: Sequence[str]) -> None:
        """This output has these graphs too."""
        self._own(graphs, self.owner)

    def begin(self, states: Mapping[str, str], *before: str) -> None:
        """Nothing vouches for these graphs any more; they are this output's, and in these states where not empty."""
        begun = "".join(f'<{graph}> <{CHECKSUM}> "{state}" .\n' for graph, state in states.items() if state)
        owned = _owned(states, self.owner)
        self._sparql.update(*before, _voided(*states), f"INSERT DATA {{ GRAPH <{PUSHED}> {{\n{begun}{owned}}} }}")

    def step(self, steps: Iterable[tuple[str, str, str]]) -> None:
        """Graphs from one state to the next; nothing where one is not in the first."""
        rows = "".join(f'(<{graph}> "{old}" "{new}")\n' for graph, old, new in steps)
        old, new = (f"GRAPH <{PUSHED}> {{ ?g <{CHECKSUM}> {state} }}" for state in ("?old", "?new"))
        self._sparql.update(
            f"DELETE {{ {old} }} INSERT {{ {new} }} WHERE {{ VALUES (?g ?old ?new) {{\n{rows}}} {old} }}"
        )

    def publish(self, moves: Sequence[Move]) -> None:
        """Put what is staged in its graph's place, where it is still there in this state.

        COPY, and not MOVE: it may be repeated when the answer is lost; MOVE would then empty the graph.
        """
        self.begin(dict.fromkeys((move.graph for move in moves), ""))
        rows = "".join(f'(<{move.staged}> "{move.state}" <{move.graph}> "{move.digest}")\n' for move in moves)
        there, done = (f"GRAPH <{PUSHED}> {{ {what} }}" for what in (f"?s <{CHECKSUM}> ?x", f"?g <{CHECKSUM}> ?d"))
        self._sparql.update(
            *(f"COPY <{move.staged}> TO <{move.graph}>" for move in moves),
            _voided(*(move.graph for move in moves)),
            f"INSERT {{ {done} }} WHERE {{ VALUES (?s ?x ?g ?d) {{\n{rows}}} {there} }}",
        )

    def remove(self, graph: str) -> None:
        """Drop the graph, and then its mark: cut in between, the mark still says that it is to go."""
        self._sparql.update(_voided(graph), *dropped(graph))

    def disown(self, graph: str) -> None:
        """Leave the graph to the others that have it."""
        self._sparql.update(f"DELETE DATA {{ GRAPH <{PUSHED}> {{ <{graph}> <{OWNER}> <{_iri(self.owner)}> }} }}")

    def _own(self, graphs: Sequence[str], owner: str) -> None:
        for some in blocks(graphs):
            self._sparql.update(f"INSERT DATA {{ GRAPH <{PUSHED}> {{\n{_owned(some, owner)}}} }}")


def dropped(graph: str) -> tuple[str, str]:
    """The operations after which neither a graph nor its mark is there."""
    return f"DROP SILENT GRAPH <{graph}>", f"DELETE WHERE {{ GRAPH <{PUSHED}> {{ <{graph}> ?p ?o }} }}"


def _voided(*graphs: str) -> str:
    found = f"GRAPH <{PUSHED}> {{ ?g <{CHECKSUM}> ?x }}"
    return f"DELETE {{ {found} }} WHERE {{ VALUES ?g {{ {iris(graphs)} }} {found} }}"


def _owned(graphs: Iterable[str], owner: str) -> str:
    return "".join(f"<{graph}> <{OWNER}> <{_iri(owner)}> .\n" for graph in graphs)


def _iri(owner: str) -> str:
    return f"{PUSHED}/by/{segment(owner)}"


def _name(iri: str) -> str:
    return unquote(iri.removeprefix(f"{PUSHED}/by/"))


def _name_of(list_: str) -> str:
    return unquote(list_.removesuffix("/pushed").rpartition("/")[2])
