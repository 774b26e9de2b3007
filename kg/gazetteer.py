"""The divisions of China: provinces, cities, counties, streets and towns, by name, by short name and by descent.

Source: `lexicon/divisions.tsv`, the statistical codes (2 digits a province, 4 a city, 6 a county, 9 a street or town),
sorted so that the divisions below a code are the rows that follow it. Rows that are no place of their own (市辖区 of
Beijing, 省直辖县级行政区划 of Hubei, the county 东莞市 in the city 东莞市) are links in the file, never handed out: the
parent of 东城区 is 北京市. The rows of streets and towns are only split when a question reaches them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache, cached_property, lru_cache
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

from kg.errors import LexiconError

_LEVELS = {2: 1, 4: 2, 6: 3, 9: 4}  # digits of a code → level
_SHELL = re.compile(r"市辖区|县|.*直辖县级行政区划")
_ENDINGS = {
    1: ("特别行政区", "自治区", "省", "市"),
    2: ("自治州", "地区", "盟", "市"),
    3: ("自治县", "自治旗", "林区", "矿区", "新区", "区", "县", "市", "旗"),
    4: ("街道办事处", "街道", "苏木", "镇", "乡"),
}
# What people write instead of the long ending: 恩施州, 江华县, 龙渡乡.
_BRIEF = {"自治州": "州", "自治县": "县", "自治旗": "旗", "乡": "乡", "街道办事处": "街道"}
# Names that are never cut: 巴林左旗 is not 巴林左, and a zone's last word is half its name.
_WHOLE = re.compile(
    r".*(?:[左右前中后]|联合)旗|.*(?:开发|示范|管理|实验|名胜|聚集|食品|改革|园|综合)区|.*(?:会|域|）|城)"
)
_ROAD = re.compile(r".+[路街道巷]")  # 嵩山路街道 is a street office, 嵩山路 is a road
_PEOPLE = re.compile(
    "(?:(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土"
    "|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲"
    "|门巴|珞巴|基诺|各)族|蒙古|维吾尔|哈萨克|柯尔克孜|塔吉克|锡伯)$"
)
_CONTRASTS = frozenset("东西南北中上下前后左右内外大小新老旧一二三四五六七八九十")  # 河东 is no misprint of 河西


class Division(NamedTuple):
    """level: 1 province, 2 city, 3 county or district, 4 street, town or township."""

    code: str
    name: str
    level: int


class Lookalike(NamedTuple):
    """What a misprint stands for; where not `sure`, believe it only beside another division of the same county."""

    division: Division
    sure: bool


class _Index(NamedTuple):
    full: dict[str, list[Division]]
    short: dict[str, list[Division]]


class Gazetteer:
    """Answers of several divisions come higher levels first, then by code. `gazetteer()` gives the one instance."""

    def __init__(self, rows: Iterable[str]) -> None:
        """`rows`: "code<TAB>name", sorted."""
        self._rows = list(rows)
        upper = [_division(row) for row in self._rows if "\t" in row[:7]]
        self._upper = {division.code: division for division in upper}
        self._index = _index(division for division in upper if not self._is_shell(division))
        self._town_indexes: dict[str, _Index] = {}

    def named(self, name: str, within: Division | None = None) -> tuple[Division, ...]:
        """The divisions of this full name: of levels 1–3 anywhere, or of levels 1–4 at or below `within`."""
        found = (division for index in self._indexes(within) for division in index.full.get(name, ()))
        return tuple(division for division in found if within is None or self.within(division, within))

    def short(self, name: str, within: Division | None = None) -> tuple[Division, ...]:
        """The divisions that this short form may stand for: 株洲 → 株洲市; 恩施 → 恩施土家族苗族自治州 and 恩施市.

        Levels as in `named`. A short form is often a common word too (天元, 东方, 建设) or stands for several places:
        it is the caller who knows the newspaper's home city.
        """
        found = (division for index in self._indexes(within) for division in index.short.get(name, ()))
        return tuple(division for division in found if within is None or self.within(division, within))

    def coded(self, code: str) -> Division | None:
        """The division of this code, of any level."""
        at = bisect_left(self._rows, code + "\t")
        return _division(self._rows[at]) if at < len(self._rows) and self._rows[at].startswith(code + "\t") else None

    def parent(self, division: Division) -> Division | None:
        """The division next above, None for a province."""
        above = (self._upper[division.code[:size]] for size in (6, 4, 2) if size < len(division.code))
        return next((one for one in above if not self._is_shell(one)), None)

    def city(self, division: Division) -> Division | None:
        """The city (level 2, or a municipality) that holds `division` or is it; None for a province."""
        above: Division | None = division
        while above is not None and above.level > 2:
            above = self.parent(above)
        return above if above is not None and (above.level == 2 or division.level > 2) else None

    def children(self, division: Division) -> tuple[Division, ...]:
        """The divisions next below: districts of 北京市, streets and towns of 东莞市, 仙桃市 among those of 湖北省."""
        return tuple(one for one in self._below(division) if self.parent(one) == division)

    def within(self, division: Division, ancestor: Division) -> bool:
        """Whether `division` is `ancestor` or lies somewhere below it."""
        return division.code.startswith(ancestor.code)

    def towns(self, division: Division) -> tuple[Division, ...]:
        """Every street, town and township below (level 4), with the farms and zones that the statistics count so."""
        return tuple(one for one in self._below(division) if one.level == 4)

    def home(self, city: str) -> Division | None:
        """The city of this full or short name, as a newspaper's home; None where it is unknown or not unique.

        A city before a municipality (直辖市) before a county: 吉林 → 吉林市, 上海 → 上海市, 仙桃 → 仙桃市. Where a
        short form is a province's as well, only a name in 市 counts: 海南 is not 海南藏族自治州.
        """
        found = self.named(city) or self.short(city)
        provinces = any(one.level == 1 for one in found)
        cities = [one for one in found if one.name.endswith("市") or (one.level > 1 and not provinces)]
        for level in (2, 1, 3):
            of_level = [one for one in cities if one.level == level]
            if of_level:
                return of_level[0] if len(of_level) == 1 else None
        return None

    def lookalike(self, printed: str, home: Division) -> Lookalike | None:
        """The only county, street or town below `home` that `printed` can be a misprint of: one character differs.

        None where a division is really called so (in the province, or a county anywhere), or several are near.
        Sure where the two characters look alike, or where two further characters of a proper name agree, unless a
        town elsewhere in China bears the printed name.
        """
        if len(printed) < 3 or self.named(printed, self._upper[home.code[:2]]) or self.named(printed):
            return None
        near = [(one, pair) for one in self._below(home) if one.level > 2 and (pair := _one_slip(printed, one.name))]
        if len(near) != 1:
            return None
        (division, (wrong, right)) = near[0]
        proof = right in _lookalikes().get(wrong, "") or len(_stem(division).removesuffix("路")) > 2
        return Lookalike(division, proof and not self._is_town_somewhere(printed))

    def _is_shell(self, division: Division) -> bool:
        """市辖区, 省直辖县级行政区划, and the one county of a city without counties, which repeats its name."""
        twin = division.level == 3 and self._upper[division.code[:4]].name == division.name
        return twin or bool(_SHELL.fullmatch(division.name))

    def _below(self, division: Division) -> Iterator[Division]:
        at = bisect_left(self._rows, division.code + "\t") + 1
        end = bisect_left(self._rows, division.code + "~", lo=at - 1)
        below = (_division(row) for row in self._rows[at:end])
        return (one for one in below if one.level == 4 or not self._is_shell(one))

    def _indexes(self, within: Division | None) -> tuple[_Index, ...]:
        if within is None:
            return (self._index,)
        province = within.code[:2]
        if province not in self._town_indexes:
            self._town_indexes[province] = _index(self.towns(self._upper[province]))
        return self._index, self._town_indexes[province]

    def _is_town_somewhere(self, name: str) -> bool:
        return name in self._town_names

    @cached_property
    def _town_names(self) -> frozenset[str]:
        return frozenset(row[10:] for row in self._rows if row[9:10] == "\t")


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of the package, read once. Raises LexiconError where its file is not sorted by code."""
    rows = _lines("divisions.tsv")
    if any(left >= right for left, right in pairwise(rows)):
        raise LexiconError("kg/lexicon/divisions.tsv: rows must be sorted and unique; run scripts/make_divisions.py")
    return Gazetteer(rows)


@lru_cache(maxsize=4_096)
def holders(name: str) -> tuple[str, ...]:
    """The divisions, by full and short names, with whose short form a name begins: 洛阳市 and 洛阳 of 洛阳高新区.

    None for what is a division itself, or begins with the full name.
    """
    known = gazetteer()
    if known.named(name):
        return ()
    shorts = [name[:length] for length in (2, 3, 4) if len(name) > length + 1 and known.short(name[:length])]
    full = [division.name for short in shorts for division in known.short(short)]
    return (*(one for one in full if not name.startswith(one)), *shorts)


@cache
def _lookalikes() -> dict[str, str]:
    """Each character with those that print or scan like it (`lexicon/lookalikes.tsv`, symmetric)."""
    return {row.split("\t")[0]: row.split("\t")[1] for row in _lines("lookalikes.tsv") if not row.startswith("#")}


def _lines(name: str) -> list[str]:
    text = resources.files("kg").joinpath("lexicon", name).read_text(encoding="utf-8")
    return text.rstrip("\n").split("\n")[1:]


@lru_cache(maxsize=8_192)
def _division(row: str) -> Division:
    code, _, name = row.partition("\t")
    return Division(code, name, _LEVELS[len(code)])


def _index(divisions: Iterable[Division]) -> _Index:
    index = _Index({}, {})
    for division in sorted(divisions, key=lambda one: (one.level, one.code)):
        index.full.setdefault(division.name, []).append(division)
        for form in sorted(_short_forms(division)):
            index.short.setdefault(form, []).append(division)
    return index


def _short_forms(division: Division) -> set[str]:
    """What a division is called for short: its stem, the stem with a brief ending, and 嵩山街道 for 嵩山路街道."""
    stem, ending = _cut(division)
    if not ending:
        return set()
    brief = {stem + _BRIEF[ending]} if ending in _BRIEF else set()
    if ending.startswith("街道") and _ROAD.fullmatch(stem):
        return (brief | {stem.removesuffix("路") + "街道"}) - {division.name}
    return ({stem} | brief) - {division.name}


def _stem(division: Division) -> str:
    return _cut(division)[0]


def _cut(division: Division) -> tuple[str, str]:
    """A name as stem (two characters or more, without peoples' names) and ending; the ending is empty if none fits."""
    name = division.name
    if division.level == 3 and _WHOLE.fullmatch(name):
        return name, ""
    for ending in _ENDINGS[division.level]:
        if name.endswith(ending) and len(name) - len(ending) > 1:
            return _without_peoples(name.removesuffix(ending)), ending
    return name, ""


def _without_peoples(stem: str) -> str:
    """恩施土家族苗族 → 恩施, but 东乡族 → 东乡 and 内蒙古 stays."""
    while (shorter := _PEOPLE.sub("", stem)) != stem and len(shorter) > 1:
        stem = shorter
    return stem.removesuffix("族") if len(stem) > 2 else stem


def _one_slip(printed: str, name: str) -> tuple[str, str] | None:
    """(printed, true) character where the two names differ in just one, before the same last character."""
    if len(printed) != len(name) or printed[-1] != name[-1]:
        return None
    slips = [(wrong, right) for wrong, right in zip(printed, name, strict=True) if wrong != right]
    return slips[0] if len(slips) == 1 and not _CONTRASTS.issuperset(slips[0]) else None
