"""Places: divisions by the gazetteer, tagged names, and names built on a suffix (路, 社区, 产业园, 水库 …).

A place is found as a chain from the largest to the smallest (石峰区 云田镇 美泉村); each link is a mention and
the one before it is its `scope`. A zone or a site keeps its scope in its full name (株洲|高新区), a division does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.lexicon import compiled, terms
from kg.model import Kind
from kg.tag.ground import Ground
from kg.tag.place_division import divisions
from kg.tag.place_suffix import HAN, PLACE_TAGS, by_suffix, level_of
from kg.tag.sheet import Found, Sheet, ending

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
_STREET = re.compile(
    r"[\u4e00-\u9fff]{2}(?:路|街)(?=旁|边[^境远缘]|口|沿线|路段|\d+号|[东南西北中]段|与[\u4e00-\u9fff]{2,4}[路街])"
)
_ROUTE = re.compile(
    r"(?<![A-Za-z0-9])(?:[GS]\d{2,4}(?![\dA-Za-z])|\d{3}(?=国道|省道)|(?:地铁|轨道交通|轻轨)\d{1,2}号线)(?:国道|省道|高速公路|高速)?"
)
_NO_DIVISION = ("place.suffix.nature", "place.suffix.road", "place.suffix.site", "place.route", "place.tagged")
_PRONOUN = re.compile("[他她它我你您谁是既也的在和与为这那各该]")
_FUNCTION = re.compile("[也是的在和与由到从把被为了有这那各该本我全两三几开区县市](?=.)")


def places(sheet: Sheet, ground: Ground) -> list[Found]:
    """Every place of the article, in the order of the text; relative ones (我市, 该区) included."""
    links: dict[int, tuple[int, str]] = {}  # start → (end, rule), never overlapping
    taken = bytearray(len(sheet.norm) + 1)
    for finder in (divisions, _counties, _zones, _shaped, by_suffix, _tagged):
        for start, end, rule in finder(sheet, ground, taken):
            if not any(taken[start:end]):
                links[start] = (end, rule)
                taken[start:end] = b"\1" * (end - start)
    found = _chain(sheet, sorted((start, end, rule) for start, (end, rule) in links.items()))
    return sorted([*found, *_relative(sheet, taken)], key=lambda name: (name.start, name.end))


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
        if match.start() in sheet.word_starts or taken[match.start() - 1] or not HAN.fullmatch(before):
            yield match.start(), match.end(), "place.zone"


def _shaped(sheet: Sheet, ground: Ground, taken: bytearray) -> Iterator[tuple[int, int, str]]:
    """神农谷|管理局: a site that a body is there to manage; “…示范区”: a zone in quotation marks; …B座: a building."""
    shapes = (_MANAGED, _GOVERNED, _QUOTED, _BUILDING, _STREET, _ROUTE, compiled("highways"))
    rules = ("managed", "governed", "quoted", "building", "street", "route", "route")
    for rule, shape in zip(rules, shapes, strict=True):
        for match in shape.finditer(sheet.norm):
            start, end = match.span(match.lastindex or 0)
            if (rule == "governed" and _PRONOUN.search(sheet.norm, start, end)) or not _starts(sheet, rule, start, end):
                continue
            if not any(taken[start:end]):
                yield start, end, f"place.{rule}"


def _starts(sheet: Sheet, rule: str, start: int, end: int) -> bool:
    """A name begins with a word; a street's with a noun, and the whole is no ordinary word (建设|路, not 高速路)."""
    if rule == "route":
        return True
    if rule != "street":
        return start in sheet.word_starts
    name, tag = sheet.norm[start:end], sheet.word_at(start).tag
    noun = tag in ("n", "vn", "nz", "LOC", "ns", "nw") or name[:2] in terms("street_stems")
    ordinary = name in terms("place_stops") or sheet.norm[start - 1 : start] == "的"
    return start in sheet.word_starts and noun and not ordinary


def _tagged(sheet: Sheet, ground: Ground, taken: bytearray) -> Iterator[tuple[int, int, str]]:
    """What the tagger calls a place and no rule has taken."""
    for word in sheet.words:
        if word.tag not in PLACE_TAGS:
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
        or not HAN.fullmatch(name)
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
        previous = chain[-1] if chain and chain[-1].end == start and _can_hold(chain[-1].rule, rule) else None
        core = sheet.text[start:end] if previous else ""
        chain.append(Found(Kind.PLACE, start, end, rule, core=core, scope=previous))
    return chain


def _can_hold(outer: str, inner: str) -> bool:
    """A division lies in a division or a zone, not in a river or a road (伊河|栾川|段, 湘江|株洲|段)."""
    return inner != "place.division" or outer not in _NO_DIVISION


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
