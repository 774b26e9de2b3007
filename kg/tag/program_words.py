"""Programs without quotation marks: noun words before a strong head, numbered sessions, meetings, awards in a list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.lexicon import terms, values
from kg.model import Kind
from kg.tag.sheet import Found, Sheet, chain_start, ending

_NAME_TAGS = frozenset({"n", "nz", "vn", "an", "b", "s", "nw", "j", "f", "ns", "LOC", "nt", "ORG", "a", "nr"})
_PLAIN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9+]+")
_LONGEST = 36
_SESSION = re.compile(
    r"(?:(?:20\d\d年(?:度)?|今年|本年度)?第(?:\d+|[一二三四五六七八九十]+)次(?:集中|专题|全体)?(?:学习(?!贯彻)|会议|全会|党代会|代表大会|常委会会议|全体会议)"
    r"|第?[一二三四五六七八九十]+次党代会|第?[一二三四五六七八九十]+届[一二三四五六七八九十]+次(?:全会|会议|全体会议))"
)
_MEETING = re.compile(
    r"(?:召开(?:的|了)?|学习(?:了|贯彻)?|传达(?:了|学习)?(?:了)?|根据|按照|落实|贯彻)"
    r"((?:全国|全省|全市|省|市|国庆|国家|中央|\d{4}年)[^,。;、\n:《》“”]{3,40}?(?:会议|大会|座谈会|推进会|现场会))"
)
_HELD = re.compile(
    r"(?:(?<=[,。;\n\s])|^)((?:[^,。;\n\s“”《》]{0,20}的)?[\u4e00-\u9fff、]{6,28}?(?:活动|仪式|大会|推进会|现场会|座谈会|招聘会|论坛|恳谈会|发布会|培训班|演练|展演|比赛))"
    r"(?=在[\u4e00-\u9fff]{2,24}?(?:举行|召开|举办|启动|开幕|拉开|开赛|进行)|举行|召开|开幕|正式启动)"
)
_ENTERED = re.compile(
    r"(?:入围|入选|获批|列入|跻身|申报|公布|发布|公示)(?:了|为)?([^,。;\n“”《》]{6,50}?(?:项目|名单|名录|工程|计划|基地|平台|案例))(?=[,。;、\n]|$)"
)
_EDITION = re.compile(r"(?:首届|第(?:[一二三四五六七八九十]+|\d+)届)$")
_EDITIONS = re.compile(
    r"(?:首届|第(?:[一二三四五六七八九十]+|\d+)届)[\u4e00-\u9fff]{1,16}?(?:艺术节|文化节|旅游节|美食节|音乐节|[\u4e00-\u9fff]节|大赛|论坛|博览会|运动会|交易会|展览会|邀请赛|锦标赛|公开赛|评选活动|夏令营)"
)
_OWN_PROJECT = re.compile(r"(?:企业|公司|集团)?([\u4e00-\u9fffA-Za-z0-9]{4,26}?项目)")
_OFFICE = re.compile("经理|部|总监|总工|负责人|法人")  # 项目经理 is an office


def programs_in_words(sheet: Sheet, owners: list[Found], taken: bytearray) -> Iterator[Found]:
    """Every program that no quotation mark shows, outside what is `taken`; marks what it finds."""
    by_end = {owner.end: owner for owner in sorted(owners, key=len_of) if owner.kind is not Kind.PERSON}
    for finder in (_sessions, _editions, _meetings, _held, _entered, _projects):
        for found in finder(sheet, by_end):
            if not any(taken[found.start : found.end]):
                taken[found.start : found.end] = b"\1" * len_of(found)
                yield found
    yield from _by_head(sheet, by_end, taken)


def len_of(name: Found) -> int:
    return name.end - name.start


def _sessions(sheet: Sheet, by_end: dict[int, Found]) -> Iterator[Found]:
    for match in _SESSION.finditer(sheet.norm):
        start = match.start()
        owner = by_end.get(start)
        level = sheet.norm[start - 1 : start] if start in sheet.word_starts or start - 1 in sheet.word_starts else ""
        if (
            owner is None
            and level
            and level in "省市区县"
            and not re.match("[\u4e00-\u9fff]", sheet.norm[start - 2 : start - 1])
        ) or (owner is None and level in ("市", "省") and sheet.norm[start - 2 : start - 1] in "照据按彻实看在"):
            owner = Found(Kind.PLACE, start - 1, start, "place.relative.prefix", relative=True)
        if owner is not None and owner.kind is not Kind.ENTERPRISE:
            core = sheet.text[start : match.end()]
            yield Found(Kind.PROGRAM, owner.start, match.end(), "program.session", core=core, scope=owner)
        else:
            yield Found(Kind.PROGRAM, start, match.end(), "program.session")


def _editions(sheet: Sheet, by_end: dict[int, Found]) -> Iterator[Found]:
    for match in _EDITIONS.finditer(sheet.norm):
        if match.end() in sheet.word_ends:
            yield Found(Kind.PROGRAM, match.start(), match.end(), "program.edition")


def _meetings(sheet: Sheet, by_end: dict[int, Found]) -> Iterator[Found]:
    for match in _MEETING.finditer(sheet.norm):
        if match[1] not in terms("program_generic") and len(match[1]) > 6:
            yield Found(Kind.PROGRAM, match.start(1), match.end(1), "program.meeting")


def _held(sheet: Sheet, by_end: dict[int, Found]) -> Iterator[Found]:
    """…招商推介活动在某地举行: an event that is held has a name, if it is more than its kind."""
    for match in _HELD.finditer(sheet.norm):
        start, end = match.span(1)
        owners = [at for at in by_end if start < at < end]
        start = max([start, *owners])
        while start < end and _leads(sheet, start):
            start = max(start + 1, min(sheet.word_at(start).end, end))
        name = sheet.norm[start:end]
        if len(name) > 6 and name not in terms("program_generic") and not re.search("[了是将已在]", name):
            yield Found(Kind.PROGRAM, start, end, "program.held")


def _leads(sheet: Sheet, start: int) -> bool:
    """A date, a preposition or a verb before an event's name is no part of it; a season is."""
    word = sheet.word_at(start)
    dated = word.tag == "TIME" and bool(re.search(r"[\d日上下]", sheet.norm[word.start : word.end]))
    return dated or word.tag in ("p", "t", "u", "r", "v") or sheet.norm[start] in "的由"


def _entered(sheet: Sheet, by_end: dict[int, Found]) -> Iterator[Found]:
    for match in _ENTERED.finditer(sheet.norm):
        if not re.search(r"[了的是在]|首批$", match[1].replace("目的", "")) and match[1] not in terms(
            "program_generic"
        ):
            yield Found(Kind.PROGRAM, match.start(1), match.end(1), "program.entered")


def _projects(sheet: Sheet, by_end: dict[int, Found]) -> Iterator[Found]:
    """中车电机|…改造项目: a firm's own project directly behind its name."""
    for end, owner in sorted(by_end.items()):
        match = _OWN_PROJECT.match(sheet.norm, end) if owner.kind is Kind.ENTERPRISE else None
        plain = match and not re.search("[的等在与和将已]", match[1]) and not _OFFICE.match(sheet.norm, match.end())
        if match and plain and match.end() in sheet.word_ends:
            core = sheet.text[match.start(1) : match.end()]
            yield Found(Kind.PROGRAM, owner.start, match.end(), "program.owned-head", core=core, scope=owner)


def _by_head(sheet: Sheet, by_end: dict[int, Found], taken: bytearray) -> Iterator[Found]:
    strong = terms("program_strong") | terms("program_names") | terms("program_titles")
    ends = frozenset(term[-1] for term in strong | terms("program_family"))
    longest = max(map(len, strong))
    floor = -1
    found: list[Found] = []
    for end in range(len(sheet.norm), 1, -1):
        if sheet.norm[end - 1] not in ends or taken[end - 1] or (0 <= floor < end) or end not in sheet.word_ends:
            continue
        head = ending(sheet.norm, end, strong, longest) or _modified_head(sheet, end)
        name = _named(sheet, end, head, by_end, taken) if head else None
        if name is not None:
            floor = name.start
            found.append(name)
    yield from found
    yield from _shared_heads(sheet, found, by_end)
    yield from _listed_titles(sheet, found, taken)


def _modified_head(sheet: Sheet, end: int) -> str:
    """管理|平台, 改造|项目: a kind of program with a word before it that only makes a name with more words."""
    kind = ending(sheet.norm, end, terms("program_family"), 4)
    modifier = ending(sheet.norm, end - len(kind), terms("program_modifiers"), 4) if kind else ""
    start = end - len(kind) - len(modifier)
    fits = kind in values("program_modifiers").get(modifier, "").split(",") and bool(kind)
    return sheet.norm[start:end] if fits and start in sheet.word_starts else ""


def _named(sheet: Sheet, end: int, head: str, by_end: dict[int, Found], taken: bytearray) -> Found | None:
    if head in terms("program_names"):
        start = end - len(head)
        return Found(Kind.PROGRAM, start, end, "program.national") if start in sheet.word_starts else None
    start = _scan(sheet, end - len(head), by_end, taken)
    name = sheet.norm[start:end]
    if name in terms("program_generic") or sheet.norm[max(0, start - 1) : start] in ("各", "个", "项"):
        return None
    if name.endswith("项目") and _OFFICE.match(sheet.norm, end):
        return None
    if head in terms("program_titles"):
        return Found(Kind.PROGRAM, start, end, "program.award") if _is_award(sheet, start, name) else None
    owner = by_end.get(start)
    own = end - len(head) - start
    if own == 0 and (edition := _EDITION.search(sheet.norm, max(0, start - 5), start)):
        return Found(Kind.PROGRAM, edition.start(), end, "program.edition")
    if own < 2 or (own < 3 and owner is None and len(head) < 4):
        return None
    if owner is not None and not owner.relative:
        return Found(
            Kind.PROGRAM, chain_start(owner), end, "program.owned-head", core=sheet.text[start:end], scope=owner
        )
    return Found(Kind.PROGRAM, start, end, "program.head")


def _is_award(sheet: Sheet, start: int, name: str) -> bool:
    graded = bool(re.match(r"(?:国家|省|市|全国|全省)(?:级)?[\u4e00-\u9fff]{4,}", name))
    return graded or bool(ending(sheet.norm, start, terms("award_cues"), 6))


def _shared_heads(sheet: Sheet, found: list[Found], by_end: dict[int, Found]) -> Iterator[Found]:
    """甲和乙污水处理厂…系统: the words behind the last owner of a list belong to each."""
    for name in found:
        at = name.scope.start if name.scope is not None else -1
        while at > 0 and sheet.norm[at - 1] in "、和与及" and (other := by_end.get(at - 1)) is not None:
            if name.scope is None or other.kind is not name.scope.kind or other.relative:
                break
            yield Found(Kind.PROGRAM, other.start, name.end, "program.shared-head", core=name.core, scope=other)
            at = other.start


def _listed_titles(sheet: Sheet, found: list[Found], taken: bytearray) -> Iterator[Found]:
    """An honour or a kind of model unit that follows another one in a list needs no cue of its own."""
    ends = {name.end for name in found if name.rule == "program.award"}
    titles = terms("program_titles")
    for end in sorted(ends):
        if sheet.norm[end : end + 1] not in ("、", "和"):
            continue
        stop = re.compile(r"[、,。;\n]").search(sheet.norm, end + 1)
        limit = stop.start() if stop else len(sheet.norm)
        for at in range(limit, end + 1, -1):
            if ending(sheet.norm, at, titles, 12) and at in sheet.word_ends and not any(taken[end + 1 : at]):
                yield Found(Kind.PROGRAM, end + 1, at, "program.award")
                break


def _scan(sheet: Sheet, start: int, by_end: dict[int, Found], taken: bytearray) -> int:
    """Where the noun words before a head begin: an owner, a cue verb or whatever is no part of a name ends them."""
    floor = max(sheet.sentence_at(max(start - 1, 0)).start, start - _LONGEST)
    end = start
    while start > floor and start not in by_end and not taken[start - 1]:
        word = sheet.word_at(start - 1)
        begin = max([word.start, floor, *(at for at in range(word.start + 1, start) if at in by_end)])
        if not _part_of_name(word.tag, sheet.norm[begin:start]):
            break
        start = begin
    return _without_lead(sheet, start, end)


def _without_lead(sheet: Sheet, start: int, end: int) -> int:
    """A name begins with a noun: leading verbs, joints and words that introduce it are left out."""
    while start < end:
        word = sheet.word_at(start)
        text = sheet.norm[start : word.end]
        led = (word.tag == "v" and text not in terms("body_words")) or text in ("及", "和", "与", "的", "之", "暨")
        if word.end > end or not (led or text in terms("program_leads")):
            break
        start = word.end
    if sheet.norm[start - 1 : start] == "全" and sheet.norm[start : start + 2] == "覆盖":
        return start - 1
    return start


def _part_of_name(tag: str, text: str) -> bool:
    if text in terms("program_stops") or (text in terms("relation_cues") and tag == "v"):
        return False
    if text in ("及", "暨") or text in terms("body_words"):
        return True
    if tag in ("TIME", "m"):
        return bool(re.fullmatch(r"[一二三四五六七八九十两]+(?:年|大|级)?|20\d\d年", text))
    if tag == "v":
        return len(text) > 1
    return tag in _NAME_TAGS and bool(_PLAIN.fullmatch(text))
