"""Divisions by the gazetteer: full names, and short ones where the tagger sees a place."""

from __future__ import annotations

from collections.abc import Iterator

from kg.lexicon import terms
from kg.tag.ground import Ground
from kg.tag.place_suffix import HAN, PLACE_TAGS
from kg.tag.sheet import Sheet

_ENDS = frozenset("省市区县州盟旗镇乡道")


def divisions(sheet: Sheet, ground: Ground, taken: bytearray) -> Iterator[tuple[int, int, str]]:
    """Full names of divisions, then short ones where the tagger sees a place."""
    norm = sheet.norm
    at = 0
    while at < len(norm):
        if at in sheet.word_starts or (at and (taken[at - 1] or not HAN.match(norm[at - 1]))):
            length = _full_length(sheet, ground, at) or _short_length(sheet, ground, at, taken)
            if length:
                yield at, at + length, "place.division"
                at += length
                if norm.startswith("城区", at):
                    yield at, at + 2, "place.suffix.site"
                continue
        at += 1


def _full_length(sheet: Sheet, ground: Ground, at: int) -> int:
    norm = sheet.norm
    for length in range(min(12, len(norm) - at), 1, -1):
        if norm[at + length - 1] not in _ENDS:
            continue
        division = ground.full(norm[at : at + length])
        if division and (ground.is_local(division) or sheet.word_at(at).tag in ("LOC", "ns", "ORG", "nt")):
            return 0 if _splits_a_word(sheet, at + length, length) else length
    return 0


def _splits_a_word(sheet: Sheet, end: int, length: int) -> bool:
    """和县|级, 城区|别: a two-character name that ends inside an ordinary word is chance."""
    return length == 2 and end not in sheet.word_ends and sheet.word_at(end).tag not in ("LOC", "ns", "ORG", "nt")


def _beside_another(sheet: Sheet, at: int, end: int, taken: bytearray) -> bool:
    """涪城、游仙两地: a district's short name in a list with another."""
    norm = sheet.norm
    listed = at > 1 and norm[at - 1] == "、" and bool(taken[at - 2])
    return listed or norm.startswith(("两地", "三地", "四地", "等地"), end)


def _short_length(sheet: Sheet, ground: Ground, at: int, taken: bytearray) -> int:
    word = sheet.word_at(at)
    whole_word = ground.short(sheet.norm[at : word.end]) if word.start == at and word.tag in ("n", "nr", "nz") else None
    if whole_word is not None and ground.is_local(whole_word) and _beside_another(sheet, at, word.end, taken):
        return word.end - at
    if word.tag not in ("LOC", "ns", "ORG", "nt", "nz") or word.start != at:
        return 0
    for length in range(min(5, word.end - at), 1, -1):
        text = sheet.norm[at : at + length]
        division = ground.short(text)
        whole = word.end - at == length
        if division and text not in terms("place_stops") and (whole or ground.is_local(division) or division.level < 2):
            return length if whole or _reads_on(sheet, at + length) else 0
    return 0


def _reads_on(sheet: Sheet, end: int) -> bool:
    """A short name inside a longer word is a prefix (株洲|高新区), not the beginning of another name (天元|街)."""
    rest = sheet.norm[end : sheet.word_at(end).end]
    if sheet.word_at(end).tag in PLACE_TAGS and rest.endswith(tuple(terms("place_whole"))):
        return False  # 株洲西站 is one name
    return len(rest) >= 2 and (rest not in terms("place_suffixes") or rest in terms("zones"))
