"""Places: divisions by the gazetteer, tagged names, and names built on a suffix (路, 社区, 产业园, 水库 …).

A place is found as a chain from the largest to the smallest (石峰区 云田镇 美泉村); each link is a mention and
the one before it is its `scope`. A zone or a site keeps its scope in its full name (株洲|高新区), a division does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kg.lexicon import compiled, terms, values
from kg.model import Kind
from kg.tag.ground import Ground
from kg.tag.sheet import Found, Sheet, ending
from kg.tag.words import freq

DIVISION_ENDS = frozenset("省市区县州盟旗镇乡道")
_NOUNS = frozenset({"n", "nz", "ns", "nr", "nt", "nw", "LOC", "ORG", "PER", "s", "f", "vn", "a", "j", "b"})
_PLACE_TAGS = frozenset({"LOC", "ns"})
_HAN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+")
_MANAGED = re.compile(
    r"[\u4e00-\u9fff]{2,3}(?:谷|湖|山|水库|景区|湿地|公园|岛)(?=管理局|管理处|管委会|管理委员会|管理中心)"
)
_GOVERNED = re.compile(
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,4}(?:村|社区)(?=村委会|居委会|村民委员会|党支部|党总支|党委)"
)
_QUOTED = re.compile(r"“([^“”,。]{4,18}(?:示范区|试验区|先行区|集聚区|开发区|产业园区?|科技园|度假区|合作区))”")
_BUILDING = re.compile(r"(?:(?<=在)|(?<=、)|(?<=于)|(?<=到))[\u4e00-\u9fff]{3,10}(?:[A-Z]\d?|\d{1,2})(?:座|栋|号楼|幢)")
_WITH_ORGAN = re.compile(
    r"(?<![\u4e00-\u9fff])(?:[在由到至于从与和、])?([\u4e00-\u9fff]{2}(?:区|县|市))"
    r"(?=委书记|区长|副区长|县长|副县长|市长|人民政府|政府|人大|政协|纪委|人民法院|人民检察院|[\u4e00-\u9fff]{2,5}局)"
)
_FUNCTION = re.compile("[也是的在和与由到从把被为了有这那各该本我全两三几开区县市](?=.)")
_DETAIL = re.compile(r"[^\W和与及到至的、是有]{1,4}")
_RARE = 5  # a dictionary count up to which a stem is a proper name rather than a word
_LONGEST_STEM = 9
_BRIEF_LEVELS = frozenset({"province", "city", "county", "town", "village"})


def places(sheet: Sheet, ground: Ground) -> list[Found]:
    """Every place of the article, in the order of the text; relative ones (我市, 该区) included."""
    links: dict[int, tuple[int, str]] = {}  # start → (end, rule), never overlapping
    taken = bytearray(len(sheet.norm) + 1)
    for finder in (_divisions, _counties, _zones, _shaped, _by_suffix, _tagged):
        for start, end, rule in finder(sheet, ground, taken):
            if not any(taken[start:end]):
                links[start] = (end, rule)
                taken[start:end] = b"\1" * (end - start)
    found = _chain(sheet, sorted((start, end, rule) for start, (end, rule) in links.items()))
    return sorted([*found, *_relative(sheet, taken)], key=lambda name: (name.start, name.end))


def _divisions(sheet: Sheet, ground: Ground, taken: bytearray) -> Iterator[tuple[int, int, str]]:
    """Full names of divisions, then short ones where the tagger sees a place."""
    norm = sheet.norm
    at = 0
    while at < len(norm):
        if at in sheet.word_starts or (at and (taken[at - 1] or not _HAN.match(norm[at - 1]))):
            length = _full_length(sheet, ground, at) or _short_length(sheet, ground, at)
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
        if norm[at + length - 1] not in DIVISION_ENDS:
            continue
        division = ground.full(norm[at : at + length])
        if division and (ground.is_local(division) or sheet.word_at(at).tag in ("LOC", "ns", "ORG", "nt")):
            return 0 if _splits_a_word(sheet, at + length, length) else length
    return 0


def _splits_a_word(sheet: Sheet, end: int, length: int) -> bool:
    """和县|级, 城区|别: a two-character name that ends inside an ordinary word is chance."""
    return length == 2 and end not in sheet.word_ends and sheet.word_at(end).tag not in ("LOC", "ns", "ORG", "nt")


def _short_length(sheet: Sheet, ground: Ground, at: int) -> int:
    word = sheet.word_at(at)
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
    if sheet.word_at(end).tag in _PLACE_TAGS and rest.endswith(tuple(terms("place_whole"))):
        return False  # 株洲西站 is one name
    return len(rest) >= 2 and (rest not in terms("place_suffixes") or rest in terms("zones"))


def _counties(sheet: Sheet, ground: Ground, taken: bytearray) -> Iterator[tuple[int, int, str]]:
    """A district or county in no list, proved by the organs that only a division has (澜口区|政府)."""
    stops = terms("place_stops") | terms("zones")
    proved = {m[1] for m in _WITH_ORGAN.finditer(sheet.norm) if m[1] not in stops and not _FUNCTION.search(m[1])}
    for name in sorted(proved - {name for name in proved if any(name[at:] in proved for at in range(1, len(name)))}):
        for match in re.finditer(name, sheet.norm):
            if not any(taken[match.start() : match.end()]) and not ground.full(name):
                yield match.start(), match.end(), "place.suffix.county"


def _zones(sheet: Sheet, ground: Ground, taken: bytearray) -> Iterator[tuple[int, int, str]]:
    """高新区, 经开区: a zone without a name of its own; the page or the home city completes it."""
    for match in compiled("zones").finditer(sheet.norm):
        before = sheet.norm[max(match.start() - 1, 0) : match.start()]
        if match.start() in sheet.word_starts or taken[match.start() - 1] or not _HAN.fullmatch(before):
            yield match.start(), match.end(), "place.zone"


def _shaped(sheet: Sheet, ground: Ground, taken: bytearray) -> Iterator[tuple[int, int, str]]:
    """神农谷|管理局: a site that a body is there to manage; “…示范区”: a zone in quotation marks; …B座: a building."""
    for rule, shape in (("managed", _MANAGED), ("governed", _GOVERNED), ("quoted", _QUOTED), ("building", _BUILDING)):
        for match in shape.finditer(sheet.norm):
            start, end = match.span(match.lastindex or 0)
            if start in sheet.word_starts and not any(taken[start:end]):
                yield start, end, f"place.{rule}"


def _by_suffix(sheet: Sheet, ground: Ground, taken: bytearray) -> Iterator[tuple[int, int, str]]:
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
    return len(suffix) > 2 or sheet.word_at(end).tag in _PLACE_TAGS


def _scan_left(sheet: Sheet, stem_end: int, taken: bytearray, longest: int) -> int:
    """The leftmost noun word before `stem_end`, stopping at a name that is taken; -1 where there is no stem."""
    floor = sheet.sentence_at(stem_end - 1).start
    start = stem_end
    while start > floor and stem_end - start < longest and not taken[start - 1]:
        word = sheet.word_at(start - 1)
        text = sheet.norm[max(word.start, floor) : start]
        if word.tag not in _NOUNS or not _HAN.fullmatch(text):
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
    if level_of(suffix) in ("province", "city", "county") and sheet.word_at(start).tag not in _PLACE_TAGS:
        return False
    behind_place = start > 0 and bool(taken[start - 1])
    level = values("place_suffixes")[suffix]
    if len(suffix) == 1 and not _one_word(sheet, start, end) and not (behind_place and len(name) <= 4):
        return False
    if stem.isdigit():
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
    return (word.end == end and (word.start <= start or word.tag in _PLACE_TAGS)) or sheet.word_at(start).end >= end


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


def _tagged(sheet: Sheet, ground: Ground, taken: bytearray) -> Iterator[tuple[int, int, str]]:
    """What the tagger calls a place and no rule has taken."""
    for word in sheet.words:
        if word.tag not in _PLACE_TAGS:
            continue
        start = word.start
        while start < word.end and taken[start]:
            start += 1
        name = sheet.norm[start : word.end]
        if len(name) > 1 and start == word.start and not any(taken[start : word.end]) and _may_be_place(name, ground):
            yield start, word.end, "place.tagged"


def _may_be_place(name: str, ground: Ground) -> bool:
    if (
        name in terms("place_stops")
        or not _HAN.fullmatch(name)
        or name.endswith(tuple(terms("agency_suffixes", "strong")))
    ):
        return False
    suffix = ending(name, len(name), terms("place_suffixes"), 6) or ("城" if name.endswith("城") else "")
    known = ground.short(name) or ground.full(name) or name in terms("countries")
    if suffix != "城" and suffix and level_of(suffix) in ("province", "city", "county") and not known:
        return len(name) > 2 and ground.home is None
    return bool(known) or (bool(suffix) and len(name) > len(suffix) and not name.endswith(tuple(terms("place_stops"))))


def _chain(sheet: Sheet, links: list[tuple[int, int, str]]) -> list[Found]:
    """Mentions of the links; one that follows another without a gap has it as scope."""
    chain: list[Found] = []
    for start, end, rule in links:
        previous = chain[-1] if chain and chain[-1].end == start else None
        core = sheet.text[start:end] if previous else ""
        chain.append(Found(Kind.PLACE, start, end, rule, core=core, scope=previous))
    return chain


def _relative(sheet: Sheet, taken: bytearray) -> Iterator[Found]:
    """我市, 全省, 该区: places that the article or the newspaper makes plain."""
    longest = max(map(len, terms("relative_places")))
    for at in range(len(sheet.norm)):
        if sheet.norm[at] not in "我全该本此" or taken[at]:
            continue
        for length in range(longest, 1, -1):
            if sheet.norm[at : at + length] in terms("relative_places"):
                yield Found(Kind.PLACE, at, at + length, "place.relative", relative=True)
                break
