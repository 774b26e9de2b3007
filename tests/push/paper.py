"""Builds of a small newspaper of any length, as a push sees them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kg.ontology import KG, RDF
from kg.push import Pushed
from kg.push.issues import read_graphs
from kg.push.marks import PUSHED
from tests.export.sample import ID
from tests.push.fake import FakeStore

Run = Callable[..., Pushed]
DAYS = ("2001-01-01", "2001-01-02", "2001-01-03", "2001-01-04")


def paper(folder: Path, words: str, days: tuple[str, ...] = DAYS, pages: int = 1) -> Path:
    """A build of one newspaper: each issue says 12 times `words` on each of its pages."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f'<{ID["place/云泽"]}> <http://p> "{words}"@zh <{ID["graph/inferred"]}> .']
    for day in days:
        for number in range(pages):
            page = f"<{ID['page/']}{day}-{number}>"
            rows.append(f"{page} <{RDF}type> <{KG}Page> {page} .")
            rows.append(f'{page} <http://purl.org/dc/terms/issued> "{day}" {page} .')
            rows.append(f'{page} <{KG}newspaper> "测试报" {page} .')
            rows.extend(f'{page} <http://p> "{words}第{i}句"@zh {page} .' for i in range(12))
    (folder / "graph.nq").write_text("\n".join(rows), "utf-8")
    return folder


def issue(day: str) -> str:
    """The graph of one issue."""
    return str(ID[f"issue/测试报/{day}"])


def goal(source: Path, name: str) -> dict[str, set[str]]:
    """The graphs that a store is to hold of a build pushed under this name."""
    return {graph.iri: set(graph.lines) for graph in read_graphs(source, name)[1]}


def held(fake: FakeStore) -> dict[str, set[str]]:
    """The graphs that it holds, without what pushes keep for themselves."""
    return {iri: lines for iri, lines in fake.graphs().items() if not iri.startswith(PUSHED)}
