"""`kg push`: a built graph into any SPARQL 1.1 store, resumable, and only what changed.

The store itself remembers what it holds and for whom (kg.push.marks). A store that was emptied or restored is therefore
never taken to be full, another machine can go on, a repeated push sends nothing, and what another output has is never
removed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kg.errors import PushError
from kg.push.issues import read_graphs
from kg.push.marks import Marks
from kg.push.owner import owner_of
from kg.push.plan import Plan, make_plan
from kg.push.sending import Progress, Pushed, Sending
from kg.push.stores import Store
from kg.push.verify import Compared, verify

__all__ = ["Compared", "Plan", "Progress", "Pushed", "foresee", "push", "verify"]

MEBIBYTE = 1 << 20


def push(
    source: Path,
    store: Store,
    *,
    name: str = "",
    chunk_bytes: int = MEBIBYTE,
    keep: bool = False,
    told: Callable[[Progress], None] = lambda _: None,
    agreed: Callable[[Plan], bool] = lambda plan: not plan.removes_much,
) -> Pushed:
    """Make the store hold the graphs of `source` (a build's folder or a graph file).

    `name` tells several builds in one store apart (default: this folder on this machine). Graphs of an earlier push
    under this name that the build no longer has are removed where no other name has them, unless `keep`. `agreed` is
    shown what is going to be done, and says whether; by default it refuses to remove more than a quarter of what the
    name has there. Raises OutputError and PushError; after either, the same call goes on where it stopped.
    """
    owner = owner_of(source, name)
    graphs = read_graphs(source, owner)[1]
    marks = Marks(store.sparql, owner)
    plan = make_plan(graphs, marks, keep)
    if not agreed(plan):
        raise PushError(
            f"{source}: this would remove {len(plan.remove)} of the {plan.held} graphs that {owner} has in the store, "
            "so nothing was written; --dry-run shows which, --yes does it 将删除的图过多，未写入；确认请加 --yes"
        )
    return Sending(plan, store, marks, chunk_bytes, told).run()


def foresee(source: Path, store: Store, *, name: str = "", keep: bool = False) -> Plan:
    """What `push` would do now. Writes nothing. Raises OutputError and PushError."""
    owner = owner_of(source, name)
    return make_plan(read_graphs(source, owner)[1], Marks(store.sparql, owner), keep)
