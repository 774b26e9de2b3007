"""Readings made by hand, so that the rooms behind the network are tried whatever its weights say.

`[[芦淞区:Place]委:Agency][书记:Title][李明:Person]` is a text with its names: brackets nest, a layer stands at the end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from kg.article.sentences import sentences
from kg.document import Document
from kg.link.merge import resolve
from kg.mention.compose import compose
from kg.mention.name import Name
from kg.model import Article, Block, Claim, Kind, Knowledge, Mention, Page, Reading, Role, Span
from kg.network import Signals
from kg.network.layers import TITLE

_MARK = re.compile(r"\[|:(\w+)\]")
_NO_SIGNALS = Signals(np.zeros(0, np.int64), np.zeros(0, np.int64), {})


def marked(text: str) -> tuple[str, list[Name]]:
    """The text without its marks, and the names in its order, a longer one before those inside it."""
    plain, opened, names, at = "", list[int](), list[Name](), 0
    for mark in _MARK.finditer(text):
        plain += text[at : mark.start()]
        at = mark.end()
        if mark[0] == "[":
            opened.append(len(plain))
        else:
            names.append(Name(mark[1], opened.pop(), len(plain), "network"))
    return plain + text[at:], sorted(names, key=lambda n: (n.start, -n.end))


def article(text: str, name: str = "page#0", headlines: int = 0) -> Article:
    """An article whose lines are its paragraphs, the first `headlines` of them headings."""
    blocks = [
        Block(Role.HEADLINE if number < headlines else Role.BODY, Span(*line.span()))
        for number, line in enumerate(re.finditer(r"[^\n]+", text))
    ]
    headline = text.split("\n")[0] if headlines else ""
    page = name.partition("#")[0]
    return Article(name, page, headline, (), text, tuple(range(len(text))), tuple(blocks), Span(0, len(text)))


def document(text: str, headlines: int = 0) -> Document:
    """An article of which the network has said nothing."""
    one = article(text, headlines=headlines)
    return Document(one, sentences(one), _NO_SIGNALS)


def composed(text: str) -> tuple[str, list[Name]]:
    """As `marked`, each name with what completes it, and the relative places."""
    plain, names = marked(text)
    return plain, compose(plain, names)


def mentions(text: str, name: str = "page#0") -> tuple[Article, list[Mention]]:
    """An article of marked text with its mentions."""
    plain, names = composed(text)
    kept = [name for name in names if name.layer != TITLE]
    one = article(plain, name)
    return one, mentioned(kept, one)


def mentioned(names: Sequence[Name], one: Article) -> list[Mention]:
    """The names of an article as the rooms behind the network know them."""
    numbers = {id(name): f"{one.id}:m{number}" for number, name in enumerate(names, 1)}
    return [_mention(name, one, numbers[id(name)], numbers.get(id(name.scope), "")) for name in names]


def _mention(name: Name, one: Article, own: str, scope: str) -> Mention:
    surface = one.text[name.start : name.end]
    return Mention(own, one.id, Kind(name.layer), name.span, surface, name.source, name.core, scope,
                   relative=name.relative, confidence=name.confidence)  # fmt: skip


def reading(*texts: str, home: str = "", page: str = "page", claims: Sequence[Claim] = ()) -> Reading:
    """One page with an article for each marked text."""
    read = [mentions(text, f"{page}#{number}") for number, text in enumerate(texts)]
    whole = "\n".join(one.text for one, _ in read)
    found = tuple(mention for _, of in read for mention in of)
    return Reading(Page(page, whole, "0" * 64, home=home), tuple(one for one, _ in read), found, tuple(claims))


def known(*texts: str, home: str = "") -> Knowledge:
    """What one page of these marked texts says."""
    return resolve([reading(*texts, home=home)])


def called(*texts: str, home: str = "") -> list[dict[str, str]]:
    """Of each article of a page: surface → the name of the thing that it stands for; the last mention of it counts."""
    knowledge = known(*texts, home=home)
    things = {mention: entity.name for entity in knowledge.entities for mention in entity.mentions}
    (read,) = knowledge.readings
    return [
        {m.surface: things[m.id] for m in read.mentions if m.article == one.id and m.id in things}
        for one in read.articles
    ]


def on_page(articles: Sequence[Article], names: Sequence[tuple[str, Kind]]) -> list[Mention]:
    """The mentions of these surfaces wherever they stand in the articles of a page."""
    found: list[Mention] = []
    for one in articles:
        spans = [(s, k, m.start()) for s, k in names for m in re.finditer(re.escape(s), one.text)]
        here = compose(one.text, [Name(kind, at, at + len(surface), "network") for surface, kind, at in spans])
        found.extend(mentioned(here, one))
    return found
