"""Why a name or a claim is in the graph: the rule that made it, in words, and the lexicon rows that it read.

kg/lexicon/rules.tsv says of every rule what it means (value: Chinese, note: English) and, as its source, which tables
it reads and where (`organs@end`: rows whose term ends the name). Places to look at are the keys of `Around`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.lexicon import Row, rows
from kg.link.naming import home_of
from kg.link.places import Surroundings
from kg.model import Article, Claim, Mention, Span
from kg.rule_words import described, in_words

NEAR = 12  # characters before and behind a name in which a rule looks for a post or a cue
Around = dict[str, str]  # where → the text there


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule, what it means, and the rows (table, row) that it read here."""

    rule: str
    zh: str
    en: str
    rows: tuple[tuple[str, Row], ...] = ()


def why_named(mention: Mention, article: Article, home: str = "") -> Reason:
    """Why these characters of the article are a name; `home` is the home city of its newspaper."""
    start, end = mention.span.start, mention.span.end
    around = {
        "surface": mention.surface,
        "before": article.text[max(0, start - NEAR) : start],
        "after": article.text[end : end + NEAR],
        "sentence": _line(article, mention.span),
    }
    return _reason(mention.rule, around, home)


def why_claimed(claim: Claim, sentence: str, home: str = "") -> Reason:
    """Why this claim was read from its sentence."""
    around = {"title": claim.title, "sentence": sentence}
    return _reason(claim.rule, around, home)


def _line(article: Article, span: Span) -> str:
    """The paragraph that holds `span`."""
    start = article.text.rfind("\n", 0, span.start) + 1
    end = article.text.find("\n", span.end)
    return article.text[start : end if end >= 0 else None]


def _reason(rule: str, around: Around, home: str) -> Reason:
    row = described(rule)
    sources = row.source.split() if row is not None else []
    hits = [hit for source in sources for hit in _hits(source, around, home)]
    return Reason(rule, *in_words(rule), tuple(dict.fromkeys(hits)))


def _hits(source: str, around: Around, home: str) -> Iterator[tuple[str, Row]]:
    table, _, where = source.partition("@")
    if table == "divisions":
        yield from _division(around.get(where, ""), home)
        return
    surface = around.get("surface", "")
    text = surface if where in ("start", "end", "in") else around.get(where, "")
    found = [row for row in rows(table) if row.term in text and _stands(row.term, text, where)]
    yield from ((table, row) for row in found if not any(row.term != o.term and row.term in o.term for o in found))


def _stands(term: str, text: str, where: str) -> bool:
    if where == "start":
        return text.startswith(term)
    return where != "end" or text.endswith(term)


def _division(surface: str, home: str) -> Iterator[tuple[str, Row]]:
    division = Surroundings(home_of(home)).division(surface)
    if division is not None:
        yield "divisions", Row(division.code, division.name)
