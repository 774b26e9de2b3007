"""One write, in the process that makes it: no other process has the store open meanwhile."""

from __future__ import annotations

import pyoxigraph as ox

from kg.serve.jobs import Ended, Load, Update
from kg.serve.lexing import check_calls, with_using


def write(folder: str, job: Update | Load) -> Ended:
    """One write, alone on the store; Oxigraph makes all of it or nothing."""
    text = _admitted(job) if isinstance(job, Update) else ""
    store = ox.Store(folder)
    existed = True
    if isinstance(job, Update):
        store.update(text, base_iri=job.base, prefixes=dict(job.prefixes))
    else:
        existed = _load(store, job)
    store.flush()
    return Ended(existed)


def _admitted(job: Update) -> str:
    """The text of an update that calls nobody, with the graphs that the request names."""
    check_calls(job.text, job.services, update=True)
    if not (job.using or job.using_named):
        return job.text
    return with_using(job.text, job.using, job.using_named)


def _load(store: ox.Store, job: Load) -> bool:
    graph = ox.NamedNode(job.graph) if job.graph else ox.DefaultGraph()
    existed = isinstance(graph, ox.DefaultGraph) or store.contains_named_graph(graph)
    if not job.file:
        store.remove_graph(graph)
        return existed
    form = ox.RdfFormat.from_media_type(job.media)
    quads = ox.parse(path=job.file, format=form, base_iri=job.base, without_named_graphs=True, rename_blank_nodes=True)
    if job.replace:
        _replace(store, job.graph, [quad.triple for quad in quads])
    else:
        store.extend(ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads)
    if isinstance(graph, ox.NamedNode):
        store.add_graph(graph)
    return existed


def _replace(store: ox.Store, graph: str, triples: list[ox.Triple]) -> None:
    """Put `triples` in place of what the graph holds: as one update, which is made whole or not at all."""
    text = (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    target = f"GRAPH <{graph}>" if graph else "DEFAULT"
    data = f"GRAPH <{graph}> {{ {text} }}" if graph else text
    store.update(f"CLEAR SILENT {target}; INSERT DATA {{ {data} }}")
