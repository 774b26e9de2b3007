"""What a push is going to do, before it does anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.push.issues import Graph
from kg.push.marks import Mark, Marks

SHARE = 0.25  # of an output's graphs; removing more is asked about


@dataclass(frozen=True, slots=True)
class Plan:
    """The graphs that are sent and those that stand there already; IRIs of those that go or are left to other names.

    `held` is how many graphs the output had in the store before; `shared` the other names that have graphs which are
    now sent; `staged` is where an earlier push was putting graphs together; `old` are lists of an earlier version.
    """

    owner: str
    send: tuple[Graph, ...]
    stand: tuple[Graph, ...]
    remove: tuple[str, ...]
    leave: tuple[str, ...]
    held: int
    shared: tuple[str, ...]
    staged: tuple[str, ...]
    old: tuple[str, ...]
    marks: dict[str, Mark]

    @property
    def removes_much(self) -> bool:
        """Whether more goes than a share of what the output has in the store, or all that it lets go of."""
        empty = not (self.send or self.stand)
        return len(self.remove) > SHARE * self.held or bool(empty and self.remove)


def make_plan(graphs: Sequence[Graph], marks: Marks, keep: bool) -> Plan:
    """Compare a build with the marks in a store; with `keep`, no graph goes. Raises PushError."""
    mine, wanted = marks.mine(), {graph.iri for graph in graphs}
    staged = {iri for iri in mine if iri.startswith(marks.staging())}
    held = mine - staged
    known = marks.of(wanted | mine)
    gone = [] if keep else sorted(held - wanted)
    send = tuple(graph for graph in graphs if known[graph.iri].states != {graph.digest})
    others = {iri: known[iri].owners - {marks.owner} for iri in known}
    return Plan(
        owner=marks.owner,
        send=send,
        stand=tuple(graph for graph in graphs if known[graph.iri].states == {graph.digest}),
        remove=tuple(iri for iri in gone if not others[iri]),
        leave=tuple(iri for iri in gone if others[iri]),
        held=len(held),
        shared=tuple(sorted({name for graph in send for name in others[graph.iri]})),
        staged=tuple(sorted(staged)),
        old=marks.old_lists,
        marks=known,
    )
