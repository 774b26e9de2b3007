"""Pages without gold → lessons: what networks already taught say of every span and every pair, as probabilities.

A network that is taught this before the gold has read many more pages than anybody annotates; several teachers
together are right more often than one of them, and what they are unsure of is taught as unsure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from kg.article.split import split
from kg.document import Document, documents
from kg.learn.align import Aligned, Spot
from kg.learn.examples import Example
from kg.learn.lessons import Floats, Lesson, numbers
from kg.learn.vary import stems
from kg.mention.name import Name
from kg.mention.select import select
from kg.model import Article
from kg.network.layers import ALLOWED, LABELS, LAYERS
from kg.network.pairs import Candidates
from kg.network.read import use
from kg.network.relations import scored_pairs
from kg.network.rows import pieces
from kg.network.spans import WORTH, scored_spans
from kg.page import find_pages, read_page

BATCH = 100  # articles that one teacher reads at a time
LIKELY = 0.5  # a span as likely as this is a name that relations are asked of
T = TypeVar("T")
Odds = dict[tuple[str, int, int], float]  # layer, start, end → log-odds


def silver(folder: Path, teachers: Sequence[str], known: Collection[str] = ()) -> list[Lesson]:
    """The lessons of every page of a folder by the mean log-odds of teachers (folders of weights, "" those in use).

    Articles whose text is in `known` have gold already and are left out.
    """
    articles = [article for article in _articles(folder) if article.text not in known]
    batches = (articles[at : at + BATCH] for at in range(0, len(articles), BATCH))
    return [lesson for batch in batches for lesson in _batch(batch, teachers)]


def _articles(folder: Path) -> Iterator[Article]:
    for source in find_pages([str(folder)]):
        page, _ = read_page(source)
        if page is not None:
            yield from split(page)[0]


def _batch(articles: Sequence[Article], teachers: Sequence[str]) -> list[Lesson]:
    """The weights of a teacher are loaded twice a batch: what it says of spans decides which pairs are asked of all."""
    read = _each(teachers, lambda _: documents(articles))
    odds = _each(teachers, lambda teacher: [_odds(document) for document in read[teacher]])
    drafts = [_Draft(document, _mean(said)) for document, *said in zip(read[0], *odds, strict=True)]
    asked = _each(teachers, lambda teacher: [d.ask(of) for d, of in zip(drafts, read[teacher], strict=True)])
    return [draft.lesson(said) for draft, *said in zip(drafts, *asked, strict=True)]


def _each(teachers: Sequence[str], work: Callable[[int], T]) -> list[T]:
    """What `work` gives for the number of every teacher, with its weights in use."""
    found, before = [], use(teachers[0])
    try:
        for number, teacher in enumerate(teachers):
            use(teacher)
            found.append(work(number))
    finally:
        use(before)
    return found


def _odds(document: Document) -> Odds:
    return {(span.layer, span.start, span.end): span.odds for span in scored_spans(document.signals)}


def _mean(said: Sequence[Odds]) -> Odds:
    """The mean log-odds of every span that some teacher finds worth a candidate, in a fixed order."""
    total: Odds = defaultdict(float)
    for odds in said:
        for span in odds:
            total[span] += odds[span] - WORTH
    return {span: total[span] / len(said) + WORTH for span in sorted(total)}


def _chance(odds: Floats) -> Floats:
    chance: Floats = (1 / (1 + np.exp(-odds))).astype(np.float32)
    return chance


class _Draft:
    """An article between two questions: its spans are known, its pairs are still to be asked."""

    def __init__(self, document: Document, odds: Odds) -> None:
        self.document, self.spans = document, list(odds)
        self.sure = _chance(np.array(list(odds.values()), dtype=np.float32))
        likely = (
            Name(*span, "network", confidence=float(sure))
            for span, sure in zip(self.spans, self.sure, strict=True) if sure >= LIKELY
        )  # fmt: skip
        self.spots = [Spot(n.layer, n.start, n.end, str(i)) for i, n in enumerate(select(likely))]
        self.pairs, self.seen = Candidates(document.text, self.spots, document.starts).read()

    def ask(self, document: Document) -> Floats:
        """(P, labels) log-odds of the pairs, by the teacher who read this document."""
        if not len(self.pairs):
            return np.zeros((0, len(LABELS)), np.float32)
        return scored_pairs(document.signals, self.spots, self.pairs, self.seen)

    def lesson(self, said: Sequence[Floats]) -> Lesson:
        text, spots = self.document.text, self.spots
        cut = list(pieces(text, self.document.sentences))
        index, _ = numbers(len(text), cut)
        layers = np.array([LAYERS.index(spot.layer) for spot in spots], dtype=np.int64)
        allowed = ALLOWED[layers[self.pairs[:, 0]], layers[self.pairs[:, 1]]]
        spans = [(index[start], index[end - 1] - index[start], LAYERS.index(layer)) for layer, start, end in self.spans]
        places = np.array([(index[s.start], index[s.end - 1]) for s in spots], dtype=np.int64).reshape(-1, 2)
        example = Example("silver", text, self.document.sentences, Aligned(spots=spots))
        # Narrow types: there are many of these, and the numbers are small.
        return Lesson(
            example.source, text, cut, stems(example), sum(end - start for start, end in cut),
            np.array(spans, dtype=np.int32).reshape(-1, 3), self.sure, places[:, 0], places[:, 1],
            self.pairs.astype(np.int16), self.seen.astype(np.int16),
            _chance(np.mean(said, axis=0)).astype(np.float16), allowed,
        )  # fmt: skip
