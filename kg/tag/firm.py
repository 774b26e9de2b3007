"""Enterprises: names with a firm's ending, brands with a trade word, and members of “甲、乙、丙等20家企业”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.lexicon import compiled, terms, values
from kg.model import Kind
from kg.tag.ledger import HAN, RELATIVE, Ledger
from kg.tag.sheet import Found, ending
from kg.tag.words import freq

_MEMBER = r"[\u4e00-\u9fffA-Za-z·()“”]{2,22}"
_FIRMS = r"(?:企业|公司|厂商|商户|商家|车企|民企|国企|品牌)+"
_NUMBER = r"(?:\d+|[一二三四五六七八九十百多余数几]+)"
_LIST = re.compile(
    rf"((?:{_MEMBER}、){{0,12}}{_MEMBER}?)等{_NUMBER}?[余多]?(?:家|户|个)?[\u4e00-\u9fff“”]{{0,10}}?{_FIRMS}"
    rf"|((?:{_MEMBER}、){{1,12}}{_MEMBER}?){_NUMBER}[余多]?家[\u4e00-\u9fff“”]{{0,10}}?{_FIRMS}"
)
_EXECUTIVE = re.compile(r"副?(?:总经理|董事长|总裁|总监|总工程师|厂长|创始人|负责人)")
_BRACKETED = re.compile(
    r"([\u4e00-\u9fff]{2})\(([\u4e00-\u9fff]{2,6})\)(?:[\u4e00-\u9fff]{0,8}?)(?:集团|股份|科技)?(?:有限责任公司|有限公司|公司|集团)"
)
_AWARDED = re.compile(
    r"(?:^|[,。;、和及\n])([\u4e00-\u9fff]{4,14})(?=获评|荣获|被评为|入选|被授予|被认定为)[^。\n]{0,24}企业"
)


def find_firm(ledger: Ledger, end: int) -> Found | None:
    """The enterprise whose name ends at `end` by its ending."""
    suffix = ending(ledger.norm, end, terms("enterprise_suffixes"), 8)
    if suffix and re.match(r"(?:国家|省|市)级", ledger.norm[ledger.left(end - len(suffix)) : end]):
        return None
    if len(ending(ledger.norm, end, terms("place_suffixes"), 8)) > len(suffix):
        return None
    led = bool(_EXECUTIVE.match(ledger.norm, end)) and len(suffix) > 1
    inside = suffix == "集团" and ledger.sheet.word_at(end - 1).tag in ("ORG", "nt")  # 华岳集团|铸造分公司
    if (
        not suffix
        or (end not in ledger.sheet.word_ends and len(suffix) < 3 and not inside and not led)
        or _is_stop(ledger.norm, end, suffix)
    ):
        return None
    strong = values("enterprise_suffixes")[suffix] == "strong"
    stem_end = end - len(suffix)
    start = ledger.trim(ledger.left(stem_end), stem_end)
    if not strong and not led and not ledger.tagged(stem_end, end) and not _is_brand(ledger, start, stem_end):
        return None
    return _firm(ledger, start, end, suffix, strong)


def _is_stop(norm: str, end: int, suffix: str) -> bool:
    return len(ending(norm, end, terms("agency_stops"), 4)) >= len(suffix)


def _is_brand(ledger: Ledger, start: int, stem_end: int) -> bool:
    """A coined word that no dictionary has, at the beginning of a clause or a list member."""
    stem = ledger.norm[start:stem_end]
    coined = (
        2 <= len(stem) <= 3
        and HAN.fullmatch(stem) is not None
        and not freq(stem)
        and not freq(stem[:2])
        and not freq(stem[-2:])
    )
    return coined and (start == 0 or not HAN.match(ledger.norm[start - 1]))


def _firm(ledger: Ledger, start: int, end: int, suffix: str, strong: bool) -> Found | None:
    """The name with what stands before it: a place, a group, the level word of 市人才集团, or nothing."""
    scope = ledger.by_end.get(start)
    own = ledger.norm[start : end - len(suffix)]
    if scope is not None and scope.kind is Kind.AGENCY:
        verb = next((v for v in sorted(values("relation_cues"), key=len, reverse=True) if own.startswith(v)), "")
        start, own, scope = start + len(verb), own[len(verb) :], None
    legal = suffix.endswith(("有限公司", "有限责任公司"))
    if scope is not None and legal and (whole := _one_name(ledger, scope, own)) is not None:
        return Found(Kind.ENTERPRISE, whole, end, "enterprise.placed")
    if own in terms("firm_stops"):
        return None
    if scope is not None and not scope.relative and _bears(ledger, scope, own, end, suffix, strong):
        group = scope if scope.kind is Kind.ENTERPRISE else None
        return Found(Kind.ENTERPRISE, scope.start, end, "enterprise.placed", scope=group)
    if own[:1] in RELATIVE and len(own) > 2 and strong and (level := ledger.relative_at(start + 1)) is not None:
        core = ledger.sheet.text[start + 1 : end]
        return Found(Kind.ENTERPRISE, start, end, "enterprise.placed", core=core, scope=level)
    if len(own) < 2 or own in terms("body_stops"):
        return None
    return Found(Kind.ENTERPRISE, start, end, "enterprise.suffix" if strong else "enterprise.brand")


def _one_name(ledger: Ledger, scope: Found, own: str) -> int | None:
    """Where a registered name begins whose front was read as a name: 某某材料|科技|有限公司, 国网|湖南|电力|公司."""
    front = ledger.norm[scope.start : scope.end]
    if scope.kind is Kind.ENTERPRISE and own in terms("firm_stops"):
        ends = ending(front, len(front), terms("enterprise_suffixes"), 8)
        return scope.start if values("enterprise_suffixes").get(ends) == "weak" and ends != "集团" else None
    if scope.rule == "place.division" and own in terms("firm_stops") | {""}:
        return scope.start - len(ending(ledger.norm, scope.start, terms("enterprises"), 8))
    return None


def _bears(ledger: Ledger, scope: Found, own: str, end: int, suffix: str, strong: bool) -> bool:
    """The firm bears the place's or group's name: with words of its own, or as one name to the tagger (株洲北汽)."""
    if scope.kind is Kind.PERSON:
        return False
    if suffix not in terms("firm_generic") and (own or (len(suffix) > 2 and strong)):
        return True
    word = ledger.sheet.word_at(scope.start)
    return not own and word.tag in ("ORG", "nt") and word.start <= scope.start and end == word.end


def other_firms(ledger: Ledger) -> Iterator[Found]:
    """Firms without an ending: members of a list of firms, winners of a firms' award, well-known names."""
    for start, end, rule in [*_bracketed(ledger), *_listed(ledger), *_awarded(ledger), *_known(ledger)]:
        crossed = [body for body in ledger.bodies if body.start < end and start < body.end]
        inside = rule == "enterprise.bracketed" and all(start <= body.start and body.end <= end for body in crossed)
        if end - start > 1 and (inside or not crossed):
            yield Found(Kind.ENTERPRISE, start, end, rule)


def _bracketed(ledger: Ledger) -> Iterator[tuple[int, int, str]]:
    """某某(嘉兴)有限公司."""
    for match in _BRACKETED.finditer(ledger.norm):
        front = ledger.by_end.get(match.end(1))
        known = front is not None and front.kind is Kind.ENTERPRISE
        start = front.start if front is not None and known else ledger.trim(ledger.left(match.end(1)), match.end(1))
        if match.start(2) - 1 - start > 1:
            yield start, match.end(), "enterprise.bracketed"


def _listed(ledger: Ledger) -> Iterator[tuple[int, int, str]]:
    for match in _LIST.finditer(ledger.norm):
        at = match.start(match.lastindex or 1)
        if ledger.sheet.word_at(min(match.end(), len(ledger.norm) - 1)).tag in ("n", "vn", "nz", "a"):
            continue
        for number, member in enumerate(match[match.lastindex or 1].split("、")):
            end = at + len(member)
            start = _own_words(ledger, at, end) if number == 0 else at
            name = ledger.norm[start:end].strip("“”")
            if _may_be_firm(name):
                yield start, end, "enterprise.listed"
            at = end + 1


def _own_words(ledger: Ledger, start: int, end: int) -> int:
    """A list's first member begins after the last word that leads up to it (现场将有|…, 石峰区与|…)."""
    for word in reversed(ledger.sheet.words[ledger.sheet.word_index(start) : ledger.sheet.word_index(end - 1) + 1]):
        text = ledger.norm[word.start : word.end]
        if start < word.end <= end and text in terms("list_leads") and not (word.start - start == 1 and len(text) == 1):
            return word.end
    return start


def _may_be_firm(name: str) -> bool:
    return (
        3 <= len(name) <= 20
        and not re.search(r"[的了在等“”]|企业|行业|产业|项目|平台|服务$", name)
        and name not in terms("body_stops")
    )


def _awarded(ledger: Ledger) -> Iterator[tuple[int, int, str]]:
    for match in _AWARDED.finditer(ledger.norm):
        start, end = ledger.trim(match.start(1), match.end(1)), match.end(1)
        while end > start and ledger.sheet.word_at(end - 1).tag in ("TIME", "t", "d", "ad", "v"):
            end = ledger.sheet.word_at(end - 1).start
        if end - start > 3 and not re.search(r"[的了在是]|我市|全市|全省|该|企业$|家$|个$", ledger.norm[start:end]):
            yield start, end, "enterprise.awarded"


def _known(ledger: Ledger) -> Iterator[tuple[int, int, str]]:
    """A well-known firm by its name, with the trade word that makes a daughter of it (中车|电机)."""
    more = compiled("enterprise_suffixes")
    for match in compiled("enterprises").finditer(ledger.norm):
        tail = more.match(ledger.norm, match.end())
        end = tail.end() if tail else match.end()
        place = ledger.by_end.get(match.start())
        start = place.start if place is not None and place.rule == "place.division" else match.start()
        if start in ledger.sheet.word_starts and end in ledger.sheet.word_ends:
            yield start, end, "enterprise.known"
