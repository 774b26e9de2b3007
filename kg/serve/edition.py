"""One edition of the store: a folder that is written once, in private, and from then on only read.

A write links the files of the current edition into a new one (Oxigraph's backup: hard links, milliseconds at any
size), changes that, and only then is it made current (`ondisk`). So readers never see half a write, a write that is
stopped leaves nothing, and nobody waits.

In every edition the default graph holds everything: what was said without a graph (its *own* triples) and what stands
in any named graph, each triple once. Oxigraph could join the graphs while it answers, but would count a triple once
for each graph (https://github.com/oxigraph/oxigraph/issues/1919). So every change here keeps that true. Which triples
of the default graph are its own follows from the named graphs, but for those that stand in both: they are written down
in a small store beside it, which most editions do not have.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import pyoxigraph as ox

DATA, _BOTH, _NOTHING_OWN, _NEW = "data", "both", "nothing-own", "new"
_DEFAULT = ox.DefaultGraph()
_BATCH = 500_000  # quads that the bulk loader holds in memory at a time
_BULK = 20_000  # triples from which the bulk loader, which writes tables at once, is faster


class Edition:
    """An edition while it is made. `close` once, when all changes are in."""

    def __init__(self, folder: Path) -> None:
        """Open the edition at `folder`, or begin an empty one."""
        (folder / DATA).mkdir(parents=True, exist_ok=True)
        self.folder, self.data = folder, ox.Store(folder / DATA)
        self._both = ox.Store(folder / _BOTH) if (folder / _BOTH).exists() else None
        self.nothing_own = (folder / _NOTHING_OWN).exists()
        self._bulky = False

    @classmethod
    def after(cls, old: Path, folder: Path) -> Edition:
        """A new edition at `folder`, so far the same as the one at `old`."""
        folder.mkdir(parents=True)
        for part in (DATA, _BOTH):
            if (old / part).exists():
                ox.Store.read_only(str(old / part)).backup(folder / part)
        if (old / _NOTHING_OWN).exists():
            (folder / _NOTHING_OWN).touch()
        return cls(folder)

    def close(self) -> None:
        """Put everything on disk, tidily."""
        self.data.flush()  # the next edition is linked from what is in tables, not from the log
        if self._bulky:
            self.data.optimize()  # after the bulk loader, searches are four times as fast where each index is one table
        if self._both is not None:  # an empty store is false
            self._both.flush()
        if self.nothing_own:
            (self.folder / _NOTHING_OWN).touch()
        else:
            (self.folder / _NOTHING_OWN).unlink(missing_ok=True)
        del self.data, self._both

    def loaded(self, nothing_own: bool) -> None:
        """Note that a build was loaded straight into `data`, by `loading.load_files`."""
        self.nothing_own, self._bulky = nothing_own, True

    def has(self, graph: ox.NamedNode | ox.DefaultGraph) -> bool:
        """Whether the graph exists; the default graph always does."""
        return graph == _DEFAULT or self.data.contains_named_graph(graph)

    def drop(self, graph: ox.NamedNode | ox.DefaultGraph) -> None:
        """Take a graph away. Of the default graph, what named graphs say stays."""
        if isinstance(graph, ox.DefaultGraph):
            self._drop_own()
        elif self._is_most(graph):
            self._write_anew([one for one in self.data.named_graphs() if one != graph])
        else:
            self._remove(graph)

    def _is_most(self, graph: ox.NamedNode) -> bool:
        """Whether the graph is large and says as much as all others together. Each triple stands in two graphs."""
        size = self._size(graph)
        return size > _BULK and len(self.data) <= 4 * size

    def _size(self, graph: ox.NamedNode) -> int:
        """Counted by a query: ten times as fast as quad by quad."""
        count = ox.Variable("n")
        (row,) = self.data.query(f"SELECT (COUNT(*) AS ?n) {{ GRAPH {graph} {{ ?s ?p ?o }} }}")  # type: ignore[misc]
        return int(row[count].value)

    def _write_anew(self, graphs: Sequence[ox.NamedNode | ox.BlankNode]) -> None:
        """Keep these graphs, and what no graph says: it takes as long to remove one triple as to load two."""
        old, self.data = self.data, ox.Store(self.folder / _NEW)
        self._write(self._kept(old, graphs))
        for one in graphs:  # some may be empty
            self.data.add_graph(one)
        for quad in self._both or ():
            if not self._named(quad.triple):
                self._take_from_both(quad.triple)
        self.data.flush()
        del old, self.data  # a store closes when nothing holds it
        shutil.rmtree(self.folder / DATA)
        (self.folder / _NEW).rename(self.folder / DATA)
        self.data = ox.Store(self.folder / DATA)

    def _kept(self, old: ox.Store, graphs: Iterable[ox.NamedNode | ox.BlankNode]) -> Iterator[ox.Quad]:
        for one in graphs:
            for quad in old.quads_for_pattern(None, None, None, one):
                yield from (quad, _in(quad.triple, _DEFAULT))
        if not self.nothing_own:
            for quad in old.quads_for_pattern(None, None, None, _DEFAULT):
                if self._own(quad.triple, _graphs(old, quad.triple)):
                    yield quad

    def _remove(self, graph: ox.NamedNode) -> None:
        for number, quad in enumerate(self.data.quads_for_pattern(None, None, None, graph)):
            self.data.remove(quad)
            self._bulky |= number > _BULK
            if not self._named(quad.triple) and not self._take_from_both(quad.triple):
                self.data.remove(_in(quad.triple, _DEFAULT))
        self.data.remove_graph(graph)

    def add(self, graph: ox.NamedNode | ox.DefaultGraph, triples: Callable[[], Iterable[ox.Triple]]) -> None:
        """Add triples to a graph, which is made where it is not there. They are read twice: a call begins anew."""
        if isinstance(graph, ox.DefaultGraph):
            if next(self.data.named_graphs(), None) is not None:
                self._note_each(triple for triple in triples() if self._named(triple))
            self.nothing_own = False
            self._write(_in(triple, graph) for triple in triples())
            return
        if not self.nothing_own:
            self._note_each(triple for triple in triples() if _graphs(self.data, triple) == {_DEFAULT})
        self._write(_in(triple, one) for triple in triples() for one in (graph, _DEFAULT))
        self.data.add_graph(graph)

    def settle(self, old: ox.Store, triples: Iterable[ox.Triple]) -> None:
        """Put the default graph right for `triples`, whose quads an update of `data` may have changed in any graph.

        `old` is the data before. What the update put into the default graph itself, or took from it, is meant; but
        what a named graph says is taken from that graph.
        """
        for triple in dict.fromkeys(triples):
            before, after = _graphs(old, triple), _graphs(self.data, triple)
            own, named = self._own(triple, before), len(after - {_DEFAULT}) > 0
            if (_DEFAULT in before) != (_DEFAULT in after):
                own = _DEFAULT in after
            self._stand(triple, own, named)

    def _own(self, triple: ox.Triple, graphs: set[object]) -> bool:
        return _DEFAULT in graphs and (len(graphs) == 1 or self._is_both(triple))

    def _stand(self, triple: ox.Triple, own: bool, named: bool) -> None:
        self.nothing_own &= not own
        change = self.data.add if own or named else self.data.remove
        change(_in(triple, _DEFAULT))
        if own and named:
            self._note_both(triple)
        else:
            self._take_from_both(triple)

    def _drop_own(self) -> None:
        if self.nothing_own:
            return
        shutil.rmtree(self.folder / _BOTH, ignore_errors=True)
        self._both = None
        self.nothing_own = True
        if next(self.data.named_graphs(), None) is None:
            self._write_anew(())
            return
        for quad in self.data.quads_for_pattern(None, None, None, _DEFAULT):
            if not self._named(quad.triple):
                self.data.remove(quad)

    def _note_each(self, triples: Iterable[ox.Triple]) -> None:
        for triple in triples:
            self._note_both(triple)

    def _write(self, quads: Iterator[ox.Quad]) -> None:
        """A small number in one go, more by the bulk loader."""
        first = list(islice(quads, _BULK))
        self.data.extend(first)
        self._bulky |= len(first) == _BULK
        while first := list(islice(quads, 1)):
            self.data.bulk_extend(chain(first, islice(quads, _BATCH)))

    def _named(self, triple: ox.Triple) -> bool:
        return any(quad.graph_name != _DEFAULT for quad in _quads(self.data, triple))

    def _is_both(self, triple: ox.Triple) -> bool:
        return self._both is not None and _in(triple, _DEFAULT) in self._both

    def _note_both(self, triple: ox.Triple) -> None:
        if self._both is None:
            (self.folder / _BOTH).mkdir(exist_ok=True)
            self._both = ox.Store(self.folder / _BOTH)
        self._both.add(_in(triple, _DEFAULT))

    def _take_from_both(self, triple: ox.Triple) -> bool:
        """Whether it was there."""
        there = self._is_both(triple)
        if there and self._both is not None:
            self._both.remove(_in(triple, _DEFAULT))
        return there


def changed(old: ox.Store, new: ox.Store) -> Iterator[ox.Triple]:
    """The triples of all quads that only one of two stores holds.

    Both are read in step: on disk they sort quads alike, so what stands in both is mostly not looked up.
    """
    left, right = iter(old), iter(new)
    a, b = next(left, None), next(right, None)
    while a is not None or b is not None:
        if a is not None and a != b and a not in new:
            yield a.triple
            a = next(left, None)
        elif b is not None and a != b and b not in old:
            yield b.triple
            b = next(right, None)
        else:  # each stands in both stores, or has come to its end
            a, b = next(left, None), next(right, None)


def _graphs(store: ox.Store, triple: ox.Triple) -> set[object]:
    return {quad.graph_name for quad in _quads(store, triple)}


def _quads(store: ox.Store, triple: ox.Triple) -> Iterator[ox.Quad]:
    return store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)


def _in(triple: ox.Triple, graph: ox.NamedNode | ox.DefaultGraph) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def said(data: ox.Store, folder: Path) -> Iterator[ox.Quad]:
    """What was said, each quad once: the named graphs of the edition at `folder`, and the default graph's own."""
    for graph in data.named_graphs():
        yield from data.quads_for_pattern(None, None, None, graph)
    if (folder / _NOTHING_OWN).exists():
        return
    if next(data.named_graphs(), None) is None:
        yield from data.quads_for_pattern(None, None, None, _DEFAULT)
        return
    both = ox.Store.read_only(str(folder / _BOTH)) if (folder / _BOTH).exists() else ox.Store()
    for quad in data.quads_for_pattern(None, None, None, _DEFAULT):
        if _graphs(data, quad.triple) == {_DEFAULT} or quad in both:
            yield quad
