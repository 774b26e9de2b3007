"""Places named by a noun stem before a place suffix (创业|路, 田心|社区, 美泉村不停车|检测点)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kg.lexicon import terms, values
from kg.tag.ground import Ground
from kg.tag.sheet import Sheet, ending
from kg.tag.words import freq

PLACE_TAGS = frozenset({"LOC", "ns"})
HAN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+")
_NOUNS = frozenset({"n", "nz", "ns", "nr", "nt", "nw", "LOC", "ORG", "PER", "s", "f", "vn", "a", "j", "b"})
_DETAIL = re.compile(r"[^\W和与及到至的、是有]{1,4}")
_RARE = 5  # a dictionary count up to which a stem is a proper name rather than a word
_LONGEST_STEM = 9


def by_suffix(sheet: Sheet, ground: Ground, taken: bytearray) -> Iterator[tuple[int, int, str]]:
    """A noun stem before a place suffix, from left to right so that a site can stand behind its village."""
    suffixes = terms("place_suffixes")
    longest = max(map(len, suffixes))
    for match in _suffix_ends().finditer(sheet.norm):
        end = match.end()
        suffix = ending(sheet.norm, end, suffixes, longest)
        if not suffix or _goes_on(sheet, end, len(suffix)) or _splits(sheet, ground, end):
            continue
        start = _stem_start(sheet, end, suffix, taken)
        if start >= 0:
            yield start, end, f"place.suffix.{level_of(suffix)}"


@cache
def _suffix_ends() -> re.Pattern[str]:
    return re.compile("[" + "".join(sorted({term[-1] for term in terms("place_suffixes")})) + "]")


def _goes_on(sheet: Sheet, end: int, length: int) -> bool:
    """A longer suffix holds this one (产业园|区), or the word does and ends in another (公济塘|路)."""
    if any(len(ending(sheet.norm, end + more, terms("place_suffixes"), 8)) >= length + more for more in (1, 2)):
        return True
    word = sheet.word_at(end - 1)
    return end < word.end <= end + 4 and bool(ending(sheet.norm, word.end, terms("place_suffixes"), 8))


def _stem_start(sheet: Sheet, end: int, suffix: str, taken: bytearray) -> int:
    """Where the name before the suffix begins, or -1 where none reads as a name."""
    stem_end = end - len(suffix)
    if taken[stem_end] or not _may_end(sheet, end, suffix):
        return -1
    start = _scan_left(sheet, stem_end, taken, _LONGEST_STEM)
    if len(suffix) > 2 and (behind := next((at for at in range(start, start - 4, -1) if at > 0 and taken[at - 1]), 0)):
        start = behind if _is_detail(sheet, behind, stem_end) else start
    if (
        1 < start < stem_end
        and taken[start - 2]
        and not taken[start - 1]
        and sheet.word_at(start - 1).start == start - 1
    ):
        start -= 1 if sheet.norm[start - 1] not in "在的和与及到至、,是有:;。" else 0  # 听|涛社区 behind its street
    if start > 1 and sheet.norm[start - 1] == "”" and len(suffix) > 2:
        opening = sheet.norm.rfind("“", max(0, start - 9), start)
        start = opening if opening >= 0 and not any(taken[opening:start]) else start
    if start < 0 or not _good_stem(sheet, start, stem_end, end, suffix, taken):
        return -1
    return start


def _is_detail(sheet: Sheet, start: int, end: int) -> bool:
    """A few plain words between a place and the kind of site (不停车|检测点)."""
    words = (sheet.word_at(at) for at in range(start, end))
    return bool(_DETAIL.fullmatch(sheet.norm, start, end)) and not any(
        word.tag in ("r", "p", "u", "c", "m", "w") for word in words
    )


def _may_end(sheet: Sheet, end: int, suffix: str) -> bool:
    if end in sheet.word_ends:
        return True
    return len(suffix) > 2 or sheet.word_at(end).tag in PLACE_TAGS


def _scan_left(sheet: Sheet, stem_end: int, taken: bytearray, longest: int) -> int:
    """The leftmost noun word before `stem_end`, stopping at a name that is taken; -1 where there is no stem."""
    floor = sheet.sentence_at(stem_end - 1).start
    start = stem_end
    while start > floor and stem_end - start < longest and not taken[start - 1]:
        word = sheet.word_at(start - 1)
        text = sheet.norm[max(word.start, floor) : start]
        if word.tag not in _NOUNS or not HAN.fullmatch(text):
            break
        if word.tag in ("a", "m", "f", "vn") and start == stem_end and len(text) == 1:
            break
        start = max(word.start, floor)
        while any(taken[start:stem_end]) and taken[start]:
            start += 1
        if word.tag in ("LOC", "ns", "ORG", "nt", "nw"):
            break
    return start


def _splits(sheet: Sheet, ground: Ground, end: int) -> bool:
    """白石港|荷塘: the last two characters are a district's short name, so they are no suffix."""
    division = ground.short(sheet.norm[end - 2 : end])
    return division is not None and ground.is_local(division)


def _good_stem(sheet: Sheet, start: int, stem_end: int, end: int, suffix: str, taken: bytearray) -> bool:
    stem, name = sheet.norm[start:stem_end], sheet.norm[start:end]
    if level_of(suffix) in ("province", "city", "county") and sheet.word_at(start).tag not in PLACE_TAGS:
        return False
    behind_place = start > 0 and bool(taken[start - 1])
    level = values("place_suffixes")[suffix]
    if len(suffix) == 1 and not _one_word(sheet, start, end) and not (behind_place and len(name) <= 4):
        return False
    if stem.isdigit() or stem.startswith("级"):  # 某市|级示范社区
        return False
    if any(name[-length:] in terms("place_stops") for length in (2, 3, 4) if len(suffix) < length < len(name)):
        return False
    if name in terms("place_stops") or (_only_common(sheet, start, stem_end) and level != "road"):
        return behind_place and level in ("zone", "site") and len(name) > 2 and name not in terms("place_never")
    if not stem:
        return behind_place and len(suffix) > 1 and level in ("zone", "site", "road")
    tagged = any(sheet.word_at(i).tag in ("LOC", "ns") for i in (start, end - 1))
    if len(stem) == 1:
        return tagged and len(suffix) > 1
    if len(suffix) > 1 and sheet.word_at(start).end == stem_end and 1 < len(stem) < 4 and freq(stem) < _RARE:
        return True
    if level in ("zone", "site") and len(suffix) > 1:
        return (
            tagged or behind_place or _is_rare(sheet, start, stem_end) or (len(stem) > 1 and _listed(sheet, start, end))
        )
    word = sheet.word_at(end - 1)
    return (
        tagged
        or behind_place
        or (level in ("road", "town", "village") and word.start <= start and _listed(sheet, start, end))
    )


def _one_word(sheet: Sheet, start: int, end: int) -> bool:
    """A name on a suffix of one character is one word of the tagger, or ends in a word that it calls a place."""
    word = sheet.word_at(end - 1)
    return (word.end == end and (word.start <= start or word.tag in PLACE_TAGS)) or sheet.word_at(start).end >= end


def level_of(suffix: str) -> str:
    """The class of a place suffix: province, city, county, town, village, zone, road, nature or site."""
    return values("place_suffixes")[suffix]


def _only_common(sheet: Sheet, start: int, stem_end: int) -> bool:
    """A stem made of general words alone (大数据产业 is not, 现代产业 is)."""
    at = start
    while at < stem_end:
        word = sheet.word_at(at)
        if sheet.norm[at : min(word.end, stem_end)] not in terms("place_stems_stop"):
            return False
        at = word.end
    return True


def _is_rare(sheet: Sheet, start: int, stem_end: int) -> bool:
    """A stem that is a proper name by its tag."""
    return sheet.word_at(start).tag in ("nz", "nr", "ns", "LOC", "PER", "nw", "ORG", "nt")


def _listed(sheet: Sheet, start: int, end: int) -> bool:
    """One of a list (创业路、新田路), or behind a word that leads to a place."""
    before, after = sheet.norm[max(start - 1, 0) : start], sheet.norm[end : end + 1]
    return "、" in (before, after) or (before in terms("place_leads") and before != "")
