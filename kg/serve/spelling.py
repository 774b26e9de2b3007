"""One name, many spellings: what is compared of a name, its pinyin and initials, its abbreviation written out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from kg.lexicon import values

_NOISE = re.compile(r"[\s·•・.\-_,,。、《》〈〉“”\"'’‘`()()「」『』]+")
_LATIN = re.compile(r"[a-z0-9]+")
_TONE_NUMBER = re.compile(r"(?<=[a-z])[1-5](?![0-9])")
_UMLAUT = "\u0308"


@cache
def _to_simplified() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def fold(text: str) -> str:
    """`text` as it is compared: simplified, half-width, lower case, no blanks or punctuation."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())
    return plain if plain.isascii() else _to_simplified()(plain)


def latin(folded: str) -> str:
    """Folded text as pinyin without tones (yúnzéshì, yun2ze2shi4 → yunzeshi; lǜ, lü → lv); "" where it is none."""
    letters = unicodedata.normalize("NFD", folded).replace(f"u{_UMLAUT}", "v")
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _TONE_NUMBER.sub("", plain) if _LATIN.fullmatch(plain) else ""


def syllables(folded: str) -> list[str]:
    """The pinyin of each character, without tones; what is no Han character as it stands."""
    from pypinyin import lazy_pinyin

    found: list[str] = lazy_pinyin(folded)
    return found


def written_out(folded: str) -> str:
    """A name whose end is an abbreviation that everybody knows, in the one form that stands for all of them:
    云泽市中院 and 云泽市中级人民法院 are the same. Other names as they are."""
    known = _abbreviations()
    for length in range(min(len(folded), max(map(len, known))), 1, -1):
        full = known.get(folded[-length:])
        if full is not None:
            return folded if not full or folded.endswith(full) else folded[:-length] + full
    return folded


@cache
def _abbreviations() -> dict[str, str]:
    """The end of a name → the form that stands for it, "" where that is itself."""
    return {**values("zones"), **values("organs"), **values("abbreviations")}
