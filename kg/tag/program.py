"""Programs in quotation marks and book marks: policies, campaigns, reforms, projects, platforms, events, awards.

A program is named by quotation marks and a head (“…”行动), by quotation marks alone where a cue or its form makes it
plain, or by book marks around a kind of document (《…方案》, never a book). Slogans and figures of speech stand in
quotation marks too: without a reason a quotation is no program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.lexicon import terms
from kg.model import Kind
from kg.tag.program_words import programs_in_words
from kg.tag.sheet import Found, Sheet, ending

_QUOTE = re.compile(r"[“‘]([^“”‘’\n。]{2,40})[”’]")
_SIDE_BY_SIDE = re.compile(r"(?:“[^“”\n。]{2,20}”){2,}")
_BOOK = re.compile(r"《([^《》\n]{3,60})》")
_EDITION = re.compile(r"(?:\((?:试行|暂行|修订版?|草案|征求意见稿|送审稿|[\d—\-–~年]+)\)|[“”‘’])+$")
_NUMBER = "(?:[一二三四五六七八九十百两双]|\\d+)"
_NUMBERED = re.compile(rf"^{_NUMBER}[\u4e00-\u9fff]{{1,6}}(?:[、,]?{_NUMBER}[\u4e00-\u9fff]{{1,6}})*$|[+]")
_MANY_NUMBERS = re.compile(rf"^(?:{_NUMBER}[\u4e00-\u9fff]{{1,6}}){{2,}}$|[+]")
_PERIOD = re.compile(r"[\u4e00-\u9fff]{2,}(?:年|月|周|日|节|季)$")
_COUNTED = re.compile(r"(?:[一二三四五六七八九十两几]|\d+)(?:轮|届|场|期|批)$")
_TAIL_TAGS = frozenset({"n", "vn", "nz", "a", "an", "v", "b", "m", "nw", "f", "TIME"})
_PROPOSED = re.compile(r"的(?:奋斗目标|发展目标|工作思路|发展思路|发展战略|发展理念|总体要求|工作理念)")
_EVENTS = ("会议", "大会", "仪式", "推进会", "启动会", "座谈会", "发布会")


def programs(sheet: Sheet, owners: list[Found]) -> list[Found]:
    """Every program of the article; `owners` are the places and bodies found before it."""
    found = [*_quoted(sheet, owners), *_documents(sheet)]
    found.extend(_beside(sheet, found))
    taken = bytearray(len(sheet.norm) + 1)
    for name in found:
        taken[name.start : name.end] = b"\1" * (name.end - name.start)
    found.extend(programs_in_words(sheet, owners, taken))
    return sorted(found, key=lambda name: (name.start, -name.end))


def _quoted(sheet: Sheet, owners: list[Found]) -> Iterator[Found]:
    owner_at = {owner.end: owner for owner in owners if owner.kind is not Kind.PERSON and not owner.relative}
    owner_ends = {owner.end for owner in owners if owner.kind is not Kind.PERSON}
    joined = -1
    for match in _QUOTE.finditer(sheet.norm):
        start, end = match.span()
        if start < joined:
            continue
        inner = match[1]
        if compound := _compound(sheet, start, end, inner):
            joined = compound.end
            yield compound
            yield Found(Kind.PROGRAM, start + 1, end - 1, "program.inside-quotes", same=compound)
            continue
        tail = _tail(sheet, end) if _name_like(inner) else end
        if tail > end and inner not in terms("program_quote_stops"):
            yield from _with_head(sheet, start, end, tail, owner_at)
            joined = tail
        elif level := _level(sheet, start):
            yield Found(Kind.PROGRAM, start - 1, end, "program.level", core=sheet.text[start:end], scope=level)
        elif rule := _alone(sheet, inner, start, end, start in owner_ends):
            yield Found(Kind.PROGRAM, start + 1, end - 1, rule)


def _compound(sheet: Sheet, start: int, end: int, inner: str) -> Found | None:
    """专精特新“小巨人”企业: two well-known names that make one."""
    first = ending(sheet.norm, start, terms("program_names"), 8)
    if not first or inner not in terms("program_names"):
        return None
    tail = end + 2 if sheet.norm.startswith("企业", end) else end
    return Found(Kind.PROGRAM, start - len(first), tail, "program.compound")


def _level(sheet: Sheet, start: int) -> Found | None:
    """省“八条断然措施”: the level word directly before the quotation says whose it is."""
    if start < 1 or sheet.norm[start - 1] not in "省市区县州" or start - 1 not in sheet.word_starts:
        return None
    if (start > 1 and sheet.norm[start - 2] in "城县省区各全") or sheet.word_at(start - 1).end != start:
        return None
    return Found(Kind.PLACE, start - 1, start, "place.relative.prefix", relative=True)


def _beside(sheet: Sheet, found: list[Found]) -> Iterator[Found]:
    """“清廉机关”“清廉学校”“清廉医院”建设: quotations side by side are of one sort."""
    programs = {at for name in found for at in range(name.start, name.end)}
    for run in _SIDE_BY_SIDE.finditer(sheet.norm):
        quotes = list(_QUOTE.finditer(sheet.norm, run.start(), run.end()))
        if quotes and quotes[-1].start(1) in programs:
            for quote in quotes[:-1]:
                if quote.start(1) not in programs and _name_like(quote[1]):
                    yield Found(Kind.PROGRAM, quote.start(1), quote.end(1), "program.beside")


def _with_head(sheet: Sheet, start: int, end: int, tail: int, owner_at: dict[int, Found]) -> Iterator[Found]:
    """The quotation with its head; an event (“…年”活动暨…大会) leaves the campaign in it a thing of its own."""
    if not _is_event(sheet, end, tail):
        whole = Found(Kind.PROGRAM, start, tail, "program.quoted-head")
        yield whole
        yield Found(Kind.PROGRAM, start + 1, end - 1, "program.inside-quotes", same=whole)
        return
    first = _event_start(sheet, start)
    owner = owner_at.get(first) if re.match("20", sheet.norm[first : first + 2]) else None
    core = sheet.text[first:tail] if owner is not None else ""
    whole = Found(Kind.PROGRAM, owner.start if owner else first, tail, "program.event", core=core, scope=owner)
    yield whole
    for part in _QUOTE.finditer(sheet.norm, first, end):
        yield Found(Kind.PROGRAM, part.start(1), part.end(1), "program.in-event")


def _is_event(sheet: Sheet, end: int, tail: int) -> bool:
    words = sheet.norm[end:tail]
    return "暨" in words or (words.endswith(_EVENTS) and not words.startswith("主题"))


def _event_start(sheet: Sheet, start: int) -> int:
    """An event's name begins with the year and the quotations directly before its last one."""
    while start > 0 and sheet.norm[start - 1] in "”’":
        opening = max(sheet.norm.rfind("“", 0, start), sheet.norm.rfind("‘", 0, start))
        if opening < 0:
            break
        start = opening
    year = re.compile(r"20\d\d年(?:度)?$").search(sheet.norm, max(0, start - 6), start)
    return year.start() if year else start


def _tail(sheet: Sheet, end: int) -> int:
    """The end of the noun words behind a quotation that end in a program head, or `end` where there are none."""
    best = at = end
    heads = terms("program_heads")
    while at < len(sheet.norm):
        word = sheet.word_at(at)
        text = sheet.norm[at : word.end]
        joint = text == "暨" and best == at
        dated = word.tag == "TIME" and not re.fullmatch("[一二三四五六七八九十两]年", text)
        if (
            not text.strip()
            or dated
            or (word.tag not in _TAIL_TAGS and not joint)
            or at - best > (14 if "暨" in sheet.norm[end:at] else 7)
            or text in terms("program_tail_stops")
        ):
            break
        at = word.end
        head = ending(text, len(text), heads, 6)
        if head and not (best > end and head in terms("weak_heads") and "暨" not in sheet.norm[end:at]):
            best = at
        elif text in terms("relation_cues") and best > end and not _leads_to_head(sheet, at):
            break
    return best


def _leads_to_head(sheet: Sheet, at: int) -> bool:
    """推进|大会, 启动|仪式: a verb that belongs to a longer head."""
    if at >= len(sheet.norm):
        return False
    word = sheet.word_at(at)
    return sheet.norm[at : word.end] in terms("program_heads")


def _name_like(inner: str) -> bool:
    """Words in quotation marks that can be a name: no sentence, no lone verb."""
    return len(inner) <= 24 and not re.search(r"[。!?;:]|^(?:我|你|他|她|这|那|不|没|要|把|让)", inner)


def _alone(sheet: Sheet, inner: str, start: int, end: int, owned: bool) -> str:
    """Why a quotation without a head is a program, as the name of a rule; "" where nothing says so."""
    if not _name_like(inner) or inner in terms("program_quote_stops"):
        return ""
    before = sheet.norm[max(0, start - 10) : start]
    strong = terms("program_strong") | terms("program_titles")
    if inner in terms("program_names"):
        return "program.national"
    if _PERIOD.search(inner) and len(inner) > 3 and not re.search(r"[,、的]", inner):
        return "program.period"
    if ending(inner, len(inner), strong, 12):
        return "program.quoted-strong"
    if _PROPOSED.match(sheet.norm, end):
        return "program.proposed"
    cue = ending(before, len(before), terms("program_cues"), 6)
    numbered = bool(_NUMBERED.search(inner))
    if cue and len(inner) <= 16 and (not re.search(r"[,、]", inner) or numbered):
        return "program.cued"
    if numbered and (owned or _coined(inner)):
        return "program.numbered"
    if _COUNTED.search(before):
        return "program.counted"
    if (owned or len(inner) > 5) and len(inner) > 3 and ending(inner, len(inner), terms("program_firm_heads"), 6):
        return "program.owned"
    return ""


def _coined(inner: str) -> bool:
    """A name that nobody would put together by chance: 河长制+旅游, 三比三看; not 一江三港八水库."""
    if "+" in inner:
        return len(re.findall("[\u4e00-\u9fff]", inner)) > 2
    site = ending(inner, len(inner), terms("place_suffixes"), 6)
    return bool(_MANY_NUMBERS.search(inner)) and len(inner) > 3 and not site


def _documents(sheet: Sheet) -> Iterator[Found]:
    for match in _BOOK.finditer(sheet.norm):
        title = _EDITION.sub("", match[1])
        if ending(title, len(title), terms("document_heads"), 6):
            yield Found(Kind.PROGRAM, match.start(1), match.end(1), "program.document")
