"""Agencies, composed of place + organ + unit and nested (市 | 市场监管局 | 执法大队).

An agency is read from its end: an organ or an ending of the lexicon, then to the left either what completes it (a
place, a bare level word such as 市 in 市委, another agency) or the noun words of its own name.
"""

from __future__ import annotations

import re
from functools import cache

from kg.lexicon import alternation, compiled, terms, values
from kg.model import Kind
from kg.tag.ledger import RELATIVE, Ledger
from kg.tag.sheet import Found, ending
from kg.tag.words import freq

_WORDY = frozenset("科室所部组处办")  # these begin ordinary words too: 科|学, 组|织, 部|署
_NATURE = ("place.suffix.nature", "place.suffix.site", "place.suffix.road", "place.tagged")


def find_agency(ledger: Ledger, end: int) -> Found | None:
    """The agency whose name ends at `end`."""
    norm = ledger.norm
    if found := _anaphor(ledger, end):
        return found
    national = ending(norm, end, terms("national_bodies"), 14)
    if national and _stands_alone(ledger, end - len(national), end):
        return Found(Kind.AGENCY, end - len(national), end, "agency.national")
    organ = ending(norm, end, terms("organs"), 14)
    suffix = ending(norm, end, terms("agency_suffixes"), 10)
    longest = max(organ, suffix, key=len)
    if norm[end : end + 1] in ("了", "着", "过"):
        return None  # 老人学会|了: a verb
    if not longest or not _ends(ledger, end, longest) or _other_word(norm, end, longest):
        return None
    if organ and len(organ) >= len(suffix) and (found := _organ_of(ledger, end - len(organ), end)):
        return found
    return _composed(ledger, end, suffix or organ) or _bare_organ(ledger, end, organ)


def _anaphor(ledger: Ledger, end: int) -> Found | None:
    """该院, 该局: the last agency with that ending."""
    kind = ending(ledger.norm, end, terms("anaphoric_bodies"), 4)
    if not kind or ledger.norm[end - len(kind) - 1 : end - len(kind)] != "该":
        return None
    earlier = [body for body in ledger.bodies if body.end <= end and ledger.norm.endswith(kind[-1], 0, body.end)]
    if not earlier:
        return None
    last = max(earlier, key=lambda body: body.end)
    return Found(last.kind, end - len(kind) - 1, end, "body.anaphor", same=last, relative=True)


def _stands_alone(ledger: Ledger, start: int, end: int) -> bool:
    sheet = ledger.sheet
    return start in sheet.word_starts and (end in sheet.word_ends or sheet.word_at(end).tag in ("ORG", "nt"))


def _ends(ledger: Ledger, end: int, term: str) -> bool:
    """The ending must end a word, or be followed by what follows a body: a title (局|长), a unit, a list."""
    norm, sheet = ledger.norm, ledger.sheet
    if term[-1] in _WORDY and end < len(norm) and freq(norm[end - 1 : end + 1]) and norm[end] not in "长主副":
        return False
    if end in sheet.word_ends:
        return True
    if _followers().match(norm, end):
        return len(term) > 1 or norm[end] != "员"
    return len(term) > 2 or (len(term) > 1 and sheet.word_at(end).tag in ("ORG", "nt"))


@cache
def _followers() -> re.Pattern[str]:
    return re.compile("长|副|" + alternation(terms("posts") | terms("agency_suffixes")))


def _other_word(norm: str, end: int, term: str) -> bool:
    """The ending is part of another word (全|部, 交|办), or of a firm's longer ending (时尚中心)."""
    stop = ending(norm, end, terms("agency_stops"), 4)
    firm = ending(norm, end, terms("enterprise_suffixes", "strong"), 8)
    known = ending(norm, end, terms("enterprises"), 8)  # 中建五局
    return max(len(stop), len(firm) - 1, len(known) - 1) >= len(term)


def _organ_of(ledger: Ledger, start: int, end: int) -> Found | None:
    """A known organ directly behind what it belongs to: 区 | 人社局, 市委 | 党史研究室."""
    session = re.compile(r"(?:[一二三四五六七八九十]+届|原|前)$").search(ledger.norm, max(0, start - 4), start)
    scope = ledger.scope_at(session.start() if session else start)
    organ = ledger.norm[start:end]
    if scope is not None and scope.kind is Kind.PLACE and scope.rule in _NATURE:
        return _rescoped(ledger, scope, end)
    if scope is None or (scope.kind is Kind.AGENCY and organ in terms("organs_top")):
        return None
    return Found(Kind.AGENCY, scope.start, end, "agency.organ", core=ledger.sheet.text[start:end], scope=scope)


def _rescoped(ledger: Ledger, site: Found, end: int) -> Found | None:
    """市湘江办: a river or a site is part of the organ's name; what stands before it completes that."""
    scope = site.scope or ledger.scope_at(site.start)
    if scope is None:
        return None
    return Found(Kind.AGENCY, scope.start, end, "agency.organ", core=ledger.sheet.text[site.start : end], scope=scope)


def _composed(ledger: Ledger, end: int, suffix: str) -> Found | None:
    """Noun words + ending, completed by what stands before them."""
    norm, stem_end = ledger.norm, end - len(suffix)
    if len(suffix) == 1 and (site := ledger.by_end.get(stem_end)) is not None and site.rule in _NATURE:
        return _rescoped(ledger, site, end)
    start = ledger.trim(ledger.left(stem_end), stem_end)
    if suffix in terms("task_forces") and ledger.scope_at(start) is None:
        loose = ledger.left(stem_end, loose=True)
        start = loose if ledger.scope_at(loose) is not None else start
    strong = values("agency_suffixes").get(suffix) == "strong"
    scope, start = _scope(ledger, start, stem_end)
    core = norm[start:stem_end]
    tagged = ledger.tagged(start, end)
    if not (strong or tagged or suffix in terms("organs") or _is_unit(norm, scope, core, suffix, end)):
        return None
    if suffix in terms("organs_top"):
        return None
    twice = (stem_end in ledger.by_end and ledger.by_end[stem_end].kind is Kind.AGENCY) or core.endswith(suffix)
    if twice and norm[end : end + 1] == "长":
        return None  # 石峰大队|大队长, 计算机学院|院长
    if (
        scope is not None
        and scope.kind is Kind.AGENCY
        and (verb := next((v for v in terms("joining_verbs") if core.startswith(v)), ""))
    ):
        return _after_verb(ledger, start + len(verb), end, suffix)
    if scope is not None:
        return _with_scope(ledger, scope, start, end, suffix, core)
    return _alone(ledger, start, end, suffix, core, strong)


def _after_verb(ledger: Ledger, start: int, end: int, suffix: str) -> Found | None:
    """法院联合|县林业局: the verb between two bodies belongs to neither."""
    scope, start = _scope(ledger, start, end - len(suffix))
    core = ledger.norm[start : end - len(suffix)]
    return _with_scope(ledger, scope, start, end, suffix, core) if scope is not None else None


def _scope(ledger: Ledger, start: int, stem_end: int) -> tuple[Found | None, int]:
    """What completes the name, and where the name's own words begin."""
    norm = ledger.norm
    if start + 1 in ledger.by_end and start not in ledger.by_end and start < stem_end and norm[start] in RELATIVE:
        return ledger.by_end[start + 1], start + 1
    if scope := ledger.scope_at(start):
        return scope, start
    if start < stem_end and norm[start] in RELATIVE and (scope := ledger.relative_at(start + 1)):
        return scope, start + 1
    return None, start


def _is_unit(norm: str, scope: Found | None, core: str, suffix: str, end: int) -> bool:
    """A weak ending is enough where what completes the name stands directly before it (医院|急诊科, 县|…中心)."""
    if scope is None:
        return False
    if scope.kind is Kind.PLACE:
        return len(core) > 3 and suffix in terms("placed_suffixes")
    return len(core) > 1 and (suffix in terms("unit_suffixes") or _titled(norm, end))


def _titled(norm: str, end: int) -> bool:
    """A title follows: what stands before it is a unit, even by an ending such as 科 or 中心."""
    if norm[end : end + 1] == norm[end - 1] and norm[end + 1 : end + 2] == "长":
        return True
    return norm.startswith(("长", "副", "主任", "负责人"), end) or bool(compiled("posts").match(norm, end))


def _with_scope(ledger: Ledger, scope: Found, start: int, end: int, suffix: str, core: str) -> Found | None:
    if scope.kind is Kind.PLACE and scope.rule in _NATURE and len(suffix) < 3 and not core:
        return _rescoped(ledger, scope, end)
    generic = suffix in terms("body_generic") and scope.kind is Kind.PLACE
    if generic and suffix in terms("schools") and ledger.norm[scope.end - 1] not in RELATIVE:
        generic = False  # 湖南|大学
    if not core and (generic or values("agency_suffixes").get(suffix) != "strong"):
        return None
    if core in terms("body_verbs"):
        return None
    return Found(Kind.AGENCY, scope.start, end, "agency.composed", core=ledger.sheet.text[start:end], scope=scope)


def _alone(ledger: Ledger, start: int, end: int, suffix: str, core: str, strong: bool) -> Found | None:
    """A name without a place: a bureau or a task force belongs to the place that the article speaks of."""
    norm = ledger.norm
    verb = next((v for v in sorted(terms("joining_verbs")) if len(v) > 1 and core.startswith(v)), "")
    start, core = start + len(verb), core[len(verb) :]
    if norm[start:end] in terms("court_units") and (court := ledger.last_body(start, ("法院", "检察院"))) is not None:
        return Found(Kind.AGENCY, start, end, "agency.bare", core=ledger.sheet.text[start:end], scope=court)
    if len(core) < 2 or norm[max(start - 1, 0)] in "各每某" or core[:2] in terms("relative_pairs"):
        return None
    if norm[start:end] in terms("organs"):
        return None
    full = start
    if (
        norm[start - 1 : start] in ("”", "’")
        and (opening := max(norm.rfind("“", 0, start), norm.rfind("‘", 0, start))) >= 0
    ):
        full = opening if start - opening < 16 else start
    if (county := _county(ledger, start, core)) is not None:
        own = ledger.sheet.text[county.end : end]
        return Found(Kind.AGENCY, county.start, end, "agency.composed", core=own, scope=county)
    if suffix[-1] in "局厅" or suffix in terms("task_forces"):
        place = ledger.last_place(start) or ledger.last_place(start, article=True)
        if place is not None:
            return Found(Kind.AGENCY, full, end, "agency.bureau", core=ledger.sheet.text[full:end], scope=place)
    if core in terms("body_stops") or (not strong and not ledger.tagged(start, end)):
        return None
    return Found(Kind.AGENCY, full, end, "agency.named" if strong else "agency.tagged")


def _bare_organ(ledger: Ledger, end: int, organ: str) -> Found | None:
    """河长办, 人社局, 宣传部 without what they belong to: the text before makes it plain."""
    start = end - len(organ)
    scope = _implied_scope(ledger, start, organ) if organ else None
    if scope is None:
        return None
    return Found(Kind.AGENCY, start, end, "agency.bare", core=ledger.sheet.text[start:end], scope=scope)


def _county(ledger: Ledger, start: int, core: str) -> Found | None:
    """沅桥区|人社局: a district in no list, before a bureau of its own."""
    if not re.match("[\u4e00-\u9fff]{2}[区县市][\u4e00-\u9fff]", core) or core[:3] in terms("place_stops"):
        return None
    return Found(Kind.PLACE, start, start + 3, "place.suffix.county")


def _implied_scope(ledger: Ledger, start: int, organ: str) -> Found | None:
    """What completes a bare organ: the zone of a 管委会, the committee of a 宣传部, the village of a 村委会, the place
    of the organ listed before it, else the last division of the sentence or the one that completed it earlier."""
    if organ in terms("zone_organs"):
        return ledger.last_zone(start)
    if organ in terms("village_organs"):
        return ledger.last_village(start)
    if organ in terms("assembly_committees"):
        return ledger.last_body(start, ("人大", "人大常委会", "政协"))
    if beside := _beside(ledger, start, organ):
        return beside
    if len(organ) < 3 or organ in terms("body_generic") or organ in terms("organs_top"):
        return None
    if not ledger.begins(start) or ledger.norm[start - 1 : start] in ("各", "每", "驻"):
        return None
    if values("organs")[organ].startswith("委") and (party := ledger.party_committee(start)) is not None:
        return party
    same = [body for body in ledger.bodies if body.core == organ and body.end <= start]
    seen = [body.scope for body in same if body.scope is not None]
    return ledger.last_place(start) or (seen[-1] if seen else None)


def _beside(ledger: Ledger, start: int, organ: str) -> Found | None:
    """梓潼县残联、妇联、红十字会: the organs of a list belong to the place of the first."""
    beside = ledger.by_end.get(start - 1) if ledger.norm[start - 1 : start] in ("、", "和", "及", "与") else None
    scope = beside.scope if beside is not None and beside.kind is Kind.AGENCY else None
    return scope if scope is not None and scope.kind is Kind.PLACE and len(organ) > 1 else None
