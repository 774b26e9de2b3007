"""Pages with gold → what the network is taught: pieces of text as rows of the embedding, spots, bonds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from kg.article.sentences import sentences
from kg.article.split import split
from kg.learn.align import Aligned, Gold, Spot, align
from kg.learn.meant import meant
from kg.model import Article, Span
from kg.page import find_pages, read_page

# CLUENER's classes in our layers; books, films and games are no things of ours.
CLUENER = {
    "address": "Place", "scene": "Place", "company": "Enterprise", "government": "Agency",
    "organization": "Agency", "name": "Person", "position": "Title",
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    """One article: its text, its sentences, and the gold in it; `source` names the page and its corpus."""

    source: str
    text: str
    sentences: tuple[Span, ...]
    gold: Aligned
    article: Article | None = None
    page_gold: Gold | None = None


def from_pages(folders: Iterable[Path]) -> list[Example]:
    """Every article of every page that has its gold (STEM.json) beside it."""
    pairs = sorted(path for folder in folders for path in folder.glob("*.json") if path.with_suffix(".txt").exists())
    return [example for path in pairs for example in _examples(path, path.with_suffix(".txt"))]


def _examples(gold_path: Path, page_path: Path) -> Iterator[Example]:
    gold: dict[str, Any] = json.loads(gold_path.read_text("utf-8"))
    [source] = find_pages([str(page_path)])
    page, _ = read_page(source)
    if page is None:
        return
    for article in split(page)[0]:
        name = f"{page_path.parent.name}/{page_path.stem}"
        found = align(article.text, gold, partial(meant, page, article, gold))
        yield Example(name, article.text, sentences(article), found, article, gold)


def from_cluener(path: Path) -> list[Example]:
    """CLUENER's sentences; a surface of two classes (company and position) stands in both layers."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [_of_cluener(row, number) for number, row in enumerate(rows)]


def _of_cluener(row: dict[str, Any], number: int) -> Example:
    aligned = Aligned()
    for label, surfaces in row["label"].items():
        if label in CLUENER:
            spans = [span for places in surfaces.values() for span in places]
            aligned.spots.extend(Spot(CLUENER[label], start, end + 1, f"c{start}") for start, end in spans)
    return Example(f"cluener/{number}", row["text"], (Span(0, len(row["text"])),), aligned)


def batches(examples: Sequence[Example], characters: int) -> Iterator[list[Example]]:
    """Consecutive examples with about so many characters together."""
    batch: list[Example] = []
    size = 0
    for example in examples:
        if batch and size + len(example.text) > characters:
            yield batch
            batch, size = [], 0
        batch.append(example)
        size += len(example.text)
    if batch:
        yield batch
