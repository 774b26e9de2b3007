"""One write, in the process that makes it: a new edition of the store, changed, that no reader sees yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from kg.serve.edition import DATA, Edition, changed
from kg.serve.jobs import Ended, Load, Update, Write
from kg.serve.lexing import check_calls, with_using

# Every operation of SPARQL Update but INSERT DATA holds one of these, or is DELETE DATA. A word that stands in a
# string, or is written in escapes, only makes the longer way be taken.
_MORE_THAN_DATA = re.compile(r"\\u|\b(?:delete|where|load|clear|drop|copy|move|add)\b", re.IGNORECASE)
_IRI = r"<([a-z][a-z0-9+.-]*:[^<>\"{}|^`\\\s]*)>"
_ONE_GRAPH = re.compile(rf"\s*(clear|drop)\s+silent\s+graph\s+{_IRI}\s*;?\s*", re.IGNORECASE)


def write(job: Write) -> Ended:
    """Make the edition `job.new` from `job.old`. Raises what Oxigraph raises; the new folder is then to be deleted."""
    change = _admitted(job.change) if isinstance(job.change, Update) else job.change
    edition = Edition.after(Path(job.old), Path(job.new))
    existed = True
    if isinstance(change, Load):
        existed = _load(edition, change)
    else:
        _update(edition, ox.Store.read_only(str(Path(job.old) / DATA)), change)
    edition.close()
    return Ended(existed)


def _admitted(job: Update) -> Update:
    """The update if it calls nobody, with the graphs that the request names."""
    check_calls(job.text, job.services, update=True)
    if not (job.using or job.using_named):
        return job
    return replace(job, text=with_using(job.text, job.using, job.using_named))


def _load(edition: Edition, job: Load) -> bool:
    graph = ox.NamedNode(job.graph) if job.graph else ox.DefaultGraph()
    existed = edition.has(graph)
    if job.replace or not job.file:
        edition.drop(graph)
    if job.file:
        edition.add(graph, lambda: _read(job))
    return existed


def _read(job: Load) -> Iterator[ox.Triple]:
    form = ox.RdfFormat.from_media_type(job.media)
    quads = ox.parse(path=job.file, format=form, base_iri=job.base, without_named_graphs=True, rename_blank_nodes=True)
    return (quad.triple for quad in quads)


def _update(edition: Edition, old: ox.Store, job: Update) -> None:
    if one := _ONE_GRAPH.fullmatch(job.text):
        graph = ox.NamedNode(one[2])
        there = edition.has(graph)
        edition.drop(graph)
        if there and one[1].lower() == "clear":
            edition.data.add_graph(graph)
        return
    _run(edition.data, job)
    named = any(next(store.named_graphs(), None) is not None for store in (old, edition.data))
    if named:
        data = _data(job)
        edition.settle(old, changed(old, edition.data) if data is None else data)
    else:
        edition.nothing_own = False


def _data(job: Update) -> list[ox.Triple] | None:
    """The triples that an update names, where it only inserts data; None where it may do more.

    Blank nodes get other names each time, so that an update with some may do more too.
    """
    if _MORE_THAN_DATA.search(job.text):
        return None
    store = ox.Store()
    _run(store, job)
    triples = [quad.triple for quad in store]
    blank = any(isinstance(term, ox.BlankNode) for triple in triples for term in triple)
    return None if blank else triples


def _run(store: ox.Store, job: Update) -> None:
    store.update(job.text, base_iri=job.base, prefixes=dict(job.prefixes))
