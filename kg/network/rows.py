"""Text → rows of the network's embedding, in pieces that the network reads at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from kg.model import Span

LONGEST_PIECE = 128  # characters read at a time
_LAST_BMP = 0xFFFF  # not a character: stands for all that lie beyond the basic plane
# The network's first teacher saw half-width text. One for one, so that offsets stay.
_FULL_WIDTH = "。、“”「」『』《》：；！？（）‘’…—【】・•，〈〉〔〕％"
_HALF_WIDTH = '.,""""""<>:;!?()\'\'.-[]··,<>()%'
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_BLANK_IN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_CUT_AFTER = re.compile(r"[。！？；，、,;!?\s]")
CHARACTERS = "characters.txt"  # row n of the embedding is the n-th character; the last row is for all others
BIGRAMS = "bigrams.npz"  # row n of their embedding is the n-th pair of characters; the last row is for all others

Rows = npt.NDArray[np.int64]


def pieces(text: str, sentences: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Stretches of at most LONGEST_PIECE characters: whole sentences of one paragraph together as long as they fit.

    A longer sentence is cut after a mark in its second half where there is one. What is read together is understood
    together, and pieces of one length are the cheapest to read.
    """
    start = end = -1
    for sentence in sentences:
        if end >= 0 and (sentence.end - start > LONGEST_PIECE or "\n" in text[end : sentence.start]):
            yield from _cut(text, start, end)
            start = -1
        start = sentence.start if start < 0 else start
        end = sentence.end
    if end >= 0:
        yield from _cut(text, start, end)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST_PIECE:
        marks = [m.end() for m in _CUT_AFTER.finditer(text, start + LONGEST_PIECE // 2, start + LONGEST_PIECE)]
        cut = marks[-1] if marks else start + LONGEST_PIECE
        yield start, cut
        start = cut
    yield start, end


def encode(text: str) -> Rows:
    """Each character's row of the embedding. A blank between Han characters (two names of a byline) is a comma."""
    fed = _BLANK_IN_HAN.sub(lambda blank: "，" * len(blank[0]), text)
    points = np.frombuffer(fed.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    rows: Rows = _rows()[np.minimum(points, _LAST_BMP)]
    return rows


def bigrams(rows: Rows) -> Rows:
    """(n, 2): the rows of the two pairs in which each character stands, with the one before it and the one behind."""
    known = pairs()
    if not len(rows):
        return np.zeros((0, 2), np.int64)
    wanted = _key(rows[:-1], rows[1:])
    at = np.searchsorted(known, wanted).clip(max=len(known) - 1)
    found = np.where(known[at] == wanted, at, len(known))
    return np.stack([np.append(len(known), found), np.append(found, len(known))], 1)


def each_bigrams(parts: Sequence[Rows]) -> list[Rows]:
    """`bigrams` of every piece, asked for together."""
    gap = np.array([_LAST_BMP])  # with it no pair is known
    joined = bigrams(np.concatenate([row for part in parts for row in (part, gap)]))
    ends = np.cumsum([len(part) + 1 for part in parts])
    return [joined[end - 1 - len(part) : end - 1] for part, end in zip(parts, ends, strict=True)]


@cache
def pairs() -> Rows:
    """The pairs of characters that have a row of their own, each as one number, in the order of the rows."""
    with resources.files("kg").joinpath("weights", BIGRAMS).open("rb") as file, np.load(file) as arrays:
        first, second = arrays["pairs"].astype(np.int64).T
    return _key(first, second)


def _key(first: Rows, second: Rows) -> Rows:
    return first * (_LAST_BMP + 1) + second


@cache
def characters() -> str:
    """The characters that have a row of their own, in the order of the rows."""
    return resources.files("kg").joinpath("weights", CHARACTERS).read_text("utf-8")


@cache
def _rows() -> Rows:
    """The row of the embedding for each code point of the basic plane, full-width forms read as half-width ones."""
    known = characters()
    rows = np.full(_LAST_BMP + 1, len(known), dtype=np.int64)
    rows[[ord(character) for character in known]] = np.arange(len(known))
    for full, half in zip(_FULL_WIDTH, _HALF_WIDTH, strict=True):
        rows[ord(full)] = rows[ord(half)]
    rows[0xFF01:0xFF5F] = rows[0x21:0x7F]
    return rows
