"""Names in any Chinese text, without a page around it."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.confidence import DEFAULT_MIN_CONFIDENCE, confident
from kg.link.naming import Namer, home_of
from kg.model import Article, Block, Kind, Role, Span
from kg.reading import read_article

_LINE = re.compile(r"[^\r\n]+")


class Name(NamedTuple):
    """A name in a text: `surface == text[start:end]`; `name`: its full form; `confidence`: a calibrated probability."""

    kind: Kind
    start: int
    end: int
    surface: str
    name: str
    confidence: float


def names(text: str, home: str) -> list[Name]:
    """The names in `text`, in its order, a longer one before those inside it. 我市 and its like are no names."""
    mentions = confident(read_article(_as_article(text)), DEFAULT_MIN_CONFIDENCE).mentions
    called = Namer(mentions, home_of(home), sure=bool(home)).named
    found = [m for m in mentions if not m.relative and m.id in called]
    return [Name(m.kind, m.span.start, m.span.end, m.surface, called[m.id].name, round(m.confidence, 3)) for m in found]


def _as_article(text: str) -> Article:
    blocks = tuple(Block(Role.BODY, Span(*line.span())) for line in _LINE.finditer(text))
    return Article("", "", "", (), text, tuple(range(len(text))), blocks, Span(0, len(text)))
