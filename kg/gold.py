"""Gold files: which page each is about, and what a build of that page alone scores against it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import PageError
from kg.flow import read_and_resolve
from kg.score import Gold, Report, Tally, Verdicts, score_knowledge, score_seen
from kg.seen import seen_in_graph


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold annotation and the page file that it annotates."""

    gold: Gold
    page: Path


def score_files(files: Sequence[Path], graph: Path | None = None) -> list[Report]:
    """Score every page among `files` that a gold file among them names, each built alone, in the order of the golds.

    `graph` is a Turtle file made earlier from the one page, scored instead of a fresh build.
    Raises PageError where a gold file cannot be read or its page is not among the files.
    """
    pairs = list(pair(files))
    if graph is None:
        return [_score_built(p) for p in pairs]
    if len(pairs) != 1:
        raise PageError(f"--graph {graph}: give exactly one gold file and its page, not {len(pairs)}")
    return [score_seen(pairs[0].gold, _text(pairs[0].page), seen_in_graph(graph))]


def pair(files: Iterable[Path]) -> Iterator[Pair]:
    """Gold files (*.json) with the pages that their "doc" names; folders stand for the files in them."""
    every = [f for path in files for f in _expand(path)]
    golds = [f for f in every if f.suffix == ".json"]
    pages = {f.name: f for f in every if f.suffix != ".json"}
    if not golds:
        raise PageError("no gold file (*.json) given: kg score GOLD.json… PAGE.txt…")
    for path in golds:
        gold = _load(path)
        page = pages.get(gold["doc"]) or _beside(path, gold["doc"])
        if page is None:
            raise PageError(f"{path}: its page {gold['doc']} is not among the files given")
        yield Pair(gold, page)


def total(reports: Iterable[Report]) -> Report:
    """All pages as one: the counts added up."""
    single: dict[str, Tally] = defaultdict(Tally)
    grouped: dict[str, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    rules: dict[tuple[str, str], Verdicts] = defaultdict(Verdicts)
    for report in reports:
        _add(single, report.single)
        _add(rules, report.rules)
        for name, tallies in report.grouped.items():
            _add(grouped[name], tallies)
    return Report("total", single, grouped, (), dict(sorted(rules.items())))


def _add(into: dict[Any, Any], more: Mapping[Any, Any]) -> None:
    for key, value in more.items():
        into[key] += value


def _score_built(pair: Pair) -> Report:
    return score_knowledge(pair.gold, _text(pair.page), read_and_resolve([pair.page]))


def _expand(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(f for f in path.iterdir() if f.suffix in (".json", ".txt"))
    if not path.exists():
        raise PageError(f"{path}: no such file")
    return [path]


def _beside(gold: Path, doc: str) -> Path | None:
    return gold.with_name(doc) if gold.with_name(doc).is_file() else None


def _load(path: Path) -> dict[str, Any]:
    try:
        gold = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise PageError(f"{path}: not a gold file: {error}") from error
    if not isinstance(gold, dict) or not {"doc", "entities", "relations", "articles"} <= gold.keys():
        raise PageError(f"{path}: not a gold file: doc, articles, entities and relations are wanted")
    return gold


def _text(page: Path) -> str:
    """The page's text; only white space and article starts are looked at, so a stray byte does no harm."""
    data = page.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")
