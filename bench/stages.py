"""The flow of `kg build` taken apart, so that each stage of it can be timed by itself.

A stage is a function that reads what earlier ones left and leaves its own result there: those of `OF_A_PAGE` in a
`Leaf`, page after page, then those of `OF_ALL` in a `Pile`. `timed` runs them all; `slopes` compares two sizes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TypeVar

from kg.article import sentences, split
from kg.document import Document
from kg.export.tables import entities_csv, findings_jsonl, mentions_jsonl, relations_csv
from kg.export.turtle import nquads, turtle
from kg.link.merge import resolve
from kg.mention.compose import compose
from kg.mention.features import features
from kg.mention.name import Name
from kg.mention.read import proposed, weighed
from kg.mention.select import select
from kg.model import Article, Knowledge, Page, Reading, Span
from kg.network import Signals, read_articles
from kg.page.decode import Decoded, decode
from kg.page.issue_date import derive
from kg.page.masthead import read_masthead
from kg.rdf import Fact, facts
from kg.reading import read
from kg.relation.dates import day_of
from kg.relation.read import relations
from kg.view import write_html

LEAST = 0.004  # seconds below which a slope says nothing


@dataclass
class Leaf:
    """One page on its way; each field is the result of a stage."""

    number: int
    data: bytes
    page: Page = Page("", "", "")  # noqa: RUF009 - frozen
    articles: Sequence[Article] = ()
    spans: Sequence[tuple[Span, ...]] = ()
    signals: Sequence[Signals] = ()
    candidates: list[list[Name]] = field(default_factory=list)
    names: list[list[Name]] = field(default_factory=list)
    reading: Reading | None = None

    @property
    def documents(self) -> Iterator[Document]:
        yield from map(Document, self.articles, self.spans, self.signals)


@dataclass
class Pile:
    """All readings of a build, and what is made of them."""

    readings: list[Reading]
    knowledge: Knowledge = Knowledge()  # noqa: RUF009 - frozen
    facts: set[Fact] = field(default_factory=set)


def _decode(leaf: Leaf) -> None:
    text = (decode(leaf.data) or Decoded("", "")).text
    leaf.page = Page(f"p{leaf.number:06}.txt", text, f"{leaf.number:064x}", home="云泽市")


def _masthead(leaf: Leaf) -> None:
    read_masthead(leaf.page.text)


def _issue_date(leaf: Leaf) -> None:
    derive(leaf.page.text, "云泽日报")


def _articles(leaf: Leaf) -> None:
    leaf.articles = split(leaf.page)[0]


def _sentences(leaf: Leaf) -> None:
    leaf.spans = [sentences(article) for article in leaf.articles]


def _network(leaf: Leaf) -> None:
    leaf.signals = read_articles([(a.text, s) for a, s in zip(leaf.articles, leaf.spans, strict=True)])


def _candidates(leaf: Leaf) -> None:
    leaf.candidates = [proposed(document) for document in leaf.documents]


def _features(leaf: Leaf) -> None:
    for document, candidates in zip(leaf.documents, leaf.candidates, strict=True):
        features(document, candidates)


def _weighing(leaf: Leaf) -> None:
    leaf.candidates = [weighed(document) for document in leaf.documents]


def _selection(leaf: Leaf) -> None:
    for document, candidates in zip(leaf.documents, leaf.candidates, strict=True):
        leaf.names.append(compose(document.text, select(n for n in candidates if n.confidence >= 0.3)))


def _relations(leaf: Leaf) -> None:
    for document, names in zip(leaf.documents, leaf.names, strict=True):
        relations(document, names)


def _days(leaf: Leaf) -> None:
    for document in leaf.documents:
        for span in document.sentences:
            day_of(document.text[span.start : span.end], "2024-05-06")


def _reading(leaf: Leaf) -> None:
    leaf.reading = read(leaf.page)


def _linking(pile: Pile) -> None:
    pile.knowledge = resolve(pile.readings)


def _rdf(pile: Pile) -> None:
    pile.facts = set(facts(pile.knowledge))


def _turtle(pile: Pile) -> None:
    turtle(pile.facts)


def _nquads(pile: Pile) -> None:
    nquads(pile.facts)


def _tables(pile: Pile) -> None:
    entities_csv(pile.knowledge)
    relations_csv(pile.knowledge)
    mentions_jsonl(pile.knowledge)
    findings_jsonl(finding for reading in pile.readings for finding in reading.findings)


def _html(pile: Pile) -> None:
    with TemporaryDirectory() as folder:
        write_html(pile.knowledge, Path(folder) / "graph.html")


OF_A_PAGE: tuple[tuple[str, Callable[[Leaf], None]], ...] = (
    ("decode", _decode), ("masthead", _masthead), ("issue date", _issue_date), ("articles", _articles),
    ("sentences", _sentences), ("network", _network), ("candidates", _candidates), ("features", _features),
    ("weighing", _weighing), ("selection", _selection), ("relations", _relations), ("days", _days),
    ("reading", _reading),
)  # fmt: skip
OF_ALL: tuple[tuple[str, Callable[[Pile], None]], ...] = (
    ("linking", _linking), ("rdf", _rdf), ("turtle", _turtle), ("nquads", _nquads), ("tables", _tables),
    ("html", _html),
)  # fmt: skip
FRONT = ("decode", "masthead", "issue date", "articles", "sentences")  # before the network, which costs the most
T = TypeVar("T")


def timed(data: Sequence[bytes], only: Sequence[str] = ()) -> dict[str, float]:
    """Processor seconds of each stage over some pages; `only` a beginning of the flow.

    "reading" is all that is done with a page behind `decode`, done once more in one go.
    """
    spent = {name: 0.0 for name, _ in (*OF_A_PAGE, *OF_ALL) if not only or name in only}
    readings = []
    for number, one in enumerate(data):
        leaf = Leaf(number, one)
        for name, stage in OF_A_PAGE:
            if name in spent:
                spent[name] += _seconds(stage, leaf)
        readings += [leaf.reading] if leaf.reading else []
    pile = Pile(readings)
    return spent | {name: _seconds(stage, pile) for name, stage in OF_ALL if name in spent}


def _seconds(stage: Callable[[T], None], on: T) -> float:
    start = process_time()
    stage(on)
    return process_time() - start


def slopes(small: Mapping[str, float], large: Mapping[str, float], times: float) -> Iterator[tuple[str, float]]:
    """The exponent of each stage between two runs, the second over `times` as much; without those too short to tell."""
    for name, seconds in large.items():
        if seconds >= LEAST:
            yield name, math.log(seconds / max(small[name], LEAST / times)) / math.log(times)
