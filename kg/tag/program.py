"""Programs: policies, campaigns, reforms, projects, platforms, events, awards.

A program is named by quotation marks and a head (“…”行动), by quotation marks alone where a cue or its form makes it
plain, by book marks around a kind of document (《…方案》, never a book), or by noun words before a strong head
(…专项整治行动). Slogans and figures of speech stand in quotation marks too: without a reason a quotation is no program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.lexicon import pattern, terms
from kg.model import Kind
from kg.tag.sheet import Found, Sheet, ending

_QUOTE = re.compile(r"[“‘]([^“”‘’\n。]{2,40})[”’]")
_BOOK = re.compile(r"《([^《》\n]{3,60})》")
_EDITION = re.compile(r"(?:\((?:试行|暂行|修订版?|草案|征求意见稿|送审稿|[\d—\-–~年]+)\)|[“”‘’])+$")
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十百两双]|\d+)[\u4e00-\u9fff]{1,5}(?:[、一二三四五六七八九十两]+[\u4e00-\u9fff]{1,5})*$|\+")
_PERIOD = re.compile(r"[\u4e00-\u9fff]{2,}(?:年|月|周|日|节|季)$")
_TAIL_TAGS = frozenset({"n", "vn", "nz", "a", "an", "v", "b", "m", "nw", "f", "c"})
_NAME_TAGS = frozenset({"n", "nz", "vn", "an", "b", "s", "nw", "j", "f", "ns", "LOC", "nt", "ORG"})
_LONGEST = 36


def programs(sheet: Sheet, owners: list[Found]) -> list[Found]:
    """Every program of the article; `owners` are the places and bodies found before it."""
    found: list[Found] = []
    for start, end, rule, inner in _quoted(sheet, owners):
        whole = Found(Kind.PROGRAM, start, end, rule)
        found.append(whole)
        if inner:
            found.append(Found(Kind.PROGRAM, inner[0], inner[1], "program.inside-quotes", same=whole))
    found.extend(_documents(sheet))
    taken = bytearray(len(sheet.norm) + 1)
    for name in found:
        taken[name.start : name.end] = b"\1" * (name.end - name.start)
    found.extend(_unquoted(sheet, owners, taken))
    return sorted(found, key=lambda name: (name.start, -name.end))


def _quoted(sheet: Sheet, owners: list[Found]) -> Iterator[tuple[int, int, str, tuple[int, int] | None]]:
    """(start, end, rule, inner) of each quotation that names a program."""
    owner_ends = {owner.end for owner in owners if owner.kind is not Kind.PERSON}
    joined = -1
    for match in _QUOTE.finditer(sheet.norm):
        start, end = match.span()
        if start < joined:
            continue
        inner = match[1]
        tail = _tail(sheet, end)
        if tail > end and _name_like(inner):
            joined = tail
            yield start, tail, "program.quoted-head", (start + 1, end - 1)
        elif rule := _alone(sheet, inner, start, end, start in owner_ends):
            yield start + 1, end - 1, rule, None


def _tail(sheet: Sheet, at: int) -> int:
    """The end of the noun words behind a quotation that end in a program head, or `at` where there are none."""
    best = at
    while at < len(sheet.norm):
        word = sheet.word_at(at)
        text = sheet.norm[at : word.end]
        if word.tag not in _TAIL_TAGS or at - best > 8 or text in terms("program_tail_stops"):
            break
        if word.tag == "c" and text != "暨":
            break
        at = word.end
        if ending(text, len(text), terms("program_heads"), 6):
            best = at
            if sheet.norm[at : at + 1] not in ("暨",) and not _goes_on(sheet, at):
                break
    return best


def _goes_on(sheet: Sheet, at: int) -> bool:
    """A head may itself be the modifier of a longer one (服务|年|活动)."""
    if at >= len(sheet.norm):
        return False
    word = sheet.word_at(at)
    text = sheet.norm[at : word.end]
    return word.tag in ("n", "vn") and bool(ending(text, len(text), terms("program_heads"), 6))


def _name_like(inner: str) -> bool:
    """Words in quotation marks that can be a name: no sentence, no lone verb."""
    return len(inner) <= 24 and not re.search(r"[。!?;:]|^(?:我|你|他|她|这|那|不|没|要|把|让)", inner)


def _alone(sheet: Sheet, inner: str, start: int, end: int, owned: bool) -> str:
    """Why a quotation without a head is a program, as the name of a rule; "" where nothing says so."""
    if not _name_like(inner) or inner in terms("program_quote_stops"):
        return ""
    before = sheet.norm[max(0, start - 8) : start]
    if inner in terms("program_names"):
        return "program.national"
    if _PERIOD.search(inner) and len(inner) > 3:
        return "program.period"
    if ending(inner, len(inner), terms("program_strong") | terms("program_titles"), 12):
        return "program.quoted-strong"
    cue = ending(before, len(before), terms("program_cues"), 6)
    if cue and not re.search(r"[,、]", inner) and len(inner) <= 16:
        return "program.cued"
    if _NUMBERED.search(inner) and (owned or "+" in inner):
        return "program.numbered"
    if owned and len(inner) > 3 and ending(inner, len(inner), terms("program_heads"), 6):
        return "program.owned"
    return ""


def _documents(sheet: Sheet) -> Iterator[Found]:
    for match in _BOOK.finditer(sheet.norm):
        title = _EDITION.sub("", match[1])
        if ending(title, len(title), terms("document_heads"), 6):
            yield Found(Kind.PROGRAM, match.start(1), match.end(1), "program.document")


def _unquoted(sheet: Sheet, owners: list[Found], taken: bytearray) -> Iterator[Found]:
    strong = terms("program_strong") | terms("program_names") | terms("program_titles")
    ends = frozenset(term[-1] for term in strong)
    longest = max(map(len, strong))
    by_end = {owner.end: owner for owner in sorted(owners, key=len_of) if owner.kind is not Kind.PERSON}
    floor = -1
    for end in range(len(sheet.norm), 1, -1):
        if sheet.norm[end - 1] not in ends or taken[end - 1] or (0 <= floor < end):
            continue
        head = ending(sheet.norm, end, strong, longest)
        if head and (name := _named(sheet, end, head, by_end, taken)):
            floor = name.start
            yield name


def len_of(name: Found) -> int:
    return name.end - name.start


def _named(sheet: Sheet, end: int, head: str, by_end: dict[int, Found], taken: bytearray) -> Found | None:
    if end not in sheet.word_ends:
        return None
    start = _scan(sheet, end - len(head), by_end, taken)
    owner = by_end.get(start)
    owner = owner if owner is not None and not owner.relative else None
    if head in terms("program_names") and start == end - len(head):
        return Found(Kind.PROGRAM, start, end, "program.national") if start in sheet.word_starts else None
    if head in terms("program_titles"):
        cued = ending(sheet.norm, start, terms("award_cues"), 6) or sheet.norm[start - 1 : start] == "“"
        return Found(Kind.PROGRAM, start, end, "program.award") if cued else None
    own = end - len(head) - start
    if own < 2 or (own < 3 and owner is None and len(head) < 4):
        return None
    if owner is not None:
        return Found(Kind.PROGRAM, owner.start, end, "program.owned-head", core=sheet.text[start:end], scope=owner)
    return Found(Kind.PROGRAM, start, end, "program.head")


def _scan(sheet: Sheet, start: int, by_end: dict[int, Found], taken: bytearray) -> int:
    """Where the noun words before a head begin: an owner, a cue verb or anything that is no part of a name ends them."""
    floor = max(sheet.sentence_at(max(start - 1, 0)).start, start - _LONGEST)
    while start > floor and start not in by_end and not taken[start - 1]:
        word = sheet.word_at(start - 1)
        begin = max(word.start, floor, *(at for at in range(word.start + 1, start) if at in by_end), 0)
        text = sheet.norm[begin:start]
        if not _part_of_name(word.tag, text):
            break
        start = begin
    while start < len(sheet.norm) and sheet.norm[start] in "及和与的之":
        start += 1
    return start


def _part_of_name(tag: str, text: str) -> bool:
    if text in terms("program_stops") or text in terms("relation_cues") and tag.startswith("v") and tag != "vn":
        return False
    if text in ("及", "暨") or text in terms("body_words"):
        return True
    if tag == "v":
        return len(text) > 1
    if tag in ("TIME", "m"):
        return bool(re.fullmatch(r"[一二三四五六七八九十两]+(?:年|大|级)?|20\d\d年", text))
    return (tag in _NAME_TAGS or tag in ("a", "v", "nr")) and bool(re.fullmatch(r"[\u4e00-\u9fffA-Za-z0-9+]+", text))
