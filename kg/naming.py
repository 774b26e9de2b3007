"""Names in any Chinese text, without a page around it."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.article.sentences import sentences
from kg.model import Article, Block, Kind, Role, Span
from kg.tag.ground import ground
from kg.tag.read import tag_sheet
from kg.tag.sheet import lay_out

_LINE = re.compile(r"[^\r\n]+")


class Name(NamedTuple):
    """A name in a text: `surface == text[start:end]`, in code points; `rule` is what found it."""

    kind: Kind
    start: int
    end: int
    surface: str
    rule: str


def names(text: str, home: str = "") -> list[Name]:
    """The names in `text`, in its order, a longer one before those inside it. 我市 and its like are no names."""
    spans = sentences(_as_article(text))
    if not spans:
        return []
    found = tag_sheet(lay_out(text, spans), ground(home)).names
    named = {Name(n.kind, n.start, n.end, text[n.start : n.end], n.rule) for n in found if not n.relative}
    return sorted(named, key=lambda n: (n.start, -n.end, n.kind, n.rule))


def _as_article(text: str) -> Article:
    blocks = tuple(Block(Role.BODY, Span(*line.span())) for line in _LINE.finditer(text))
    return Article("", "", "", (), text, tuple(range(len(text))), blocks, Span(0, len(text)))
