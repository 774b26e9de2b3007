"""Editions of the store: whatever is written, the default graph is what was said without a graph and in any graph."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.serve import edition
from kg.serve.edition import DATA, Edition, changed
from kg.serve.jobs import Load, Update, Write
from kg.serve.loading import load_files
from kg.serve.writing import write

GRAPHS = ("", "http://g/1", "http://g/2")


def triple(number: int) -> str:
    return f'<http://s/{number}> <http://p> "{number}"'


@dataclass(slots=True)
class Model:
    """What a store should hold: the numbers of the triples that each graph says, "" for what no graph says."""

    said: dict[str, set[int]] = field(default_factory=lambda: {graph: set() for graph in (*GRAPHS, "http://g/empty")})

    @property
    def everything(self) -> set[int]:
        return set().union(*self.said.values())


@dataclass(slots=True)
class Shelf:
    """Editions in a folder, each made from the one before."""

    folder: Path
    number: int = 0

    def make(self, change: Load | Update) -> bool:
        old, self.number = self.folder / str(self.number), self.number + 1
        return write(Write(change, str(old), str(self.folder / str(self.number)))).existed

    def numbers(self, graph: str | None) -> list[int]:
        """The numbers of the triples of a graph, None for the default graph."""
        store = ox.Store.read_only(str(self.folder / str(self.number) / DATA))
        name = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
        return sorted(int(q.object.value) for q in store.quads_for_pattern(None, None, None, name))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty store."""
    Edition(tmp_path / "0").close()
    return Shelf(tmp_path)


Step = Callable[[Shelf, Model, str, set[int], Path], None]


def _send(shelf: Shelf, graph: str, numbers: set[int], file: Path, replace: bool) -> None:
    file.write_text("".join(f"{triple(n)} .\n" for n in numbers))
    shelf.make(Load(graph, str(file), "application/n-triples", "http://b/", replace))


def post(shelf: Shelf, model: Model, graph: str, numbers: set[int], file: Path) -> None:
    _send(shelf, graph, numbers, file, replace=False)
    model.said[graph] |= numbers


def put(shelf: Shelf, model: Model, graph: str, numbers: set[int], file: Path) -> None:
    _send(shelf, graph, numbers, file, replace=True)
    model.said[graph] = set(numbers)


def delete(shelf: Shelf, model: Model, graph: str, numbers: set[int], file: Path) -> None:
    shelf.make(Load(graph))
    model.said[graph] = set()


def _block(graph: str, numbers: set[int]) -> str:
    text = " ".join(f"{triple(n)} ." for n in sorted(numbers))
    return f"GRAPH <{graph}> {{ {text} }}" if graph else text


def insert_data(shelf: Shelf, model: Model, graph: str, numbers: set[int], file: Path) -> None:
    new = numbers if graph else numbers - model.everything  # what stands there is not said once more
    shelf.make(Update(f"INSERT DATA {{ {_block(graph, numbers)} }}"))
    model.said[graph] |= new


def delete_data(shelf: Shelf, model: Model, graph: str, numbers: set[int], file: Path) -> None:
    shelf.make(Update(f"DELETE DATA {{ {_block(graph, numbers)} }}"))
    model.said[graph] -= numbers


def drop(shelf: Shelf, model: Model, graph: str, numbers: set[int], file: Path) -> None:
    shelf.make(Update(f"DROP SILENT GRAPH <{graph}>" if graph else "DROP DEFAULT"))
    model.said[graph] = set()


def delete_where(shelf: Shelf, model: Model, graph: str, numbers: set[int], file: Path) -> None:
    inner = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
    few = ", ".join(f'"{n}"' for n in sorted(numbers)) or '"-"'
    shelf.make(Update(f"DELETE {{ {inner} }} WHERE {{ {inner} FILTER(?o IN ({few})) }}"))
    model.said[graph] -= numbers


STEPS: tuple[Step, ...] = (post, put, delete, insert_data, delete_data, drop, delete_where)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("large", [False, True])
def test_the_default_graph_is_everything(
    shelf: Shelf, tmp_path: Path, seed: int, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if large:  # every graph is, so all but it is written anew where it goes and is most of what there is
        monkeypatch.setattr(edition, "_BULK", 0)
    rng, model = random.Random(seed), Model()
    for _ in range(14):
        step, graph = rng.choice(STEPS), rng.choice(GRAPHS)
        step(shelf, model, graph, set(rng.sample(range(6), rng.randrange(5))), tmp_path / "body.nt")
        context = (seed, step.__name__, graph)
        assert shelf.numbers(None) == sorted(model.everything), context
        assert [shelf.numbers(g) for g in GRAPHS[1:]] == [sorted(model.said[g]) for g in GRAPHS[1:]], context


def test_the_bulk_loader_makes_the_same(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition, "_BULK", 10)
    model = Model()
    for step, graph, numbers in (
        (post, "", set(range(5, 40))), (post, GRAPHS[1], set(range(100))), (put, GRAPHS[2], set(range(50, 150))),
        (put, GRAPHS[1], set(range(90, 120))), (delete, "", set()), (delete, GRAPHS[2], set()),
    ):  # fmt: skip
        step(shelf, model, graph, numbers, tmp_path / "body.nt")
        assert shelf.numbers(None) == sorted(model.everything), (step.__name__, graph)


def test_what_stands_beside_most_of_a_store_stays_when_that_goes(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edition, "_BULK", 10)
    model = Model()
    post(shelf, model, "", {1, 2, 200}, tmp_path / "body.nt")
    post(shelf, model, GRAPHS[1], set(range(100)), tmp_path / "body.nt")
    post(shelf, model, "http://g/empty", set(), tmp_path / "body.nt")
    put(shelf, model, GRAPHS[1], {5}, tmp_path / "body.nt")
    assert shelf.numbers(None) == [1, 2, 5, 200]
    assert not (shelf.folder / str(shelf.number) / "new").exists()
    assert Edition(shelf.folder / str(shelf.number)).has(ox.NamedNode("http://g/empty"))
    delete(shelf, model, GRAPHS[1], set(), tmp_path / "body.nt")
    assert shelf.numbers(None) == [1, 2, 200]


def test_blank_nodes_are_the_same_in_both_graphs(shelf: Shelf) -> None:
    shelf.make(Update('INSERT DATA { GRAPH <http://g/1> { _:x <http://p> "1" } }'))
    store = ox.Store.read_only(str(shelf.folder / "1" / DATA))
    assert len({quad.subject for quad in store}) == 1
    assert len(store) == 2


def test_a_build_in_page_graphs_says_nothing_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "graph.nq").write_text(f"{triple(1)} <http://g/1> .\n{triple(1)} <http://g/2> .\n")
    first = Edition(tmp_path / "0")
    first.loaded(load_files(first.data, [tmp_path / "graph.nq"]))
    first.close()
    shelf = Shelf(tmp_path)
    shelf.make(Load("http://g/1"))
    assert shelf.numbers(None) == [1]
    shelf.make(Load("http://g/2"))
    assert shelf.numbers(None) == []


@pytest.mark.parametrize("on_disk", [True, False])  # a store in memory sorts nothing
@pytest.mark.parametrize(("was", "now"), [(250, 270), (300, 10), (0, 300), (300, 0), (300, 300)])
def test_what_changed_between_two_stores(tmp_path: Path, on_disk: bool, was: int, now: int) -> None:
    old, new = (ox.Store(tmp_path / name) if on_disk else ox.Store() for name in ("old", "new"))
    rng = random.Random(was)
    quads = [ox.Quad(ox.NamedNode(f"http://s/{n}"), ox.NamedNode("http://p"), ox.Literal(n)) for n in range(300)]
    old.extend(quads[:was])
    new.extend(rng.sample(quads, now))
    found = list(changed(old, new))
    assert set(found) == {quad.triple for quad in set(old) ^ set(new)}
    assert len(found) == len(set(found))
