"""Posts: who holds which title in which body, read leftwards from the person (区农业农村局局长、区河长办副主任 | 某某).

The posts of a chain are separated by 、 or 兼; one without a body of its own takes that of the post before it. A list
of people behind a title that several can hold (市领导甲、乙、丙) shares it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from kg.lexicon import pattern, terms
from kg.model import Kind, Status
from kg.tag.person import title_before
from kg.tag.sheet import Found, Sheet

_GOVERNORS = re.compile(r"^(?:常务|代理|代|第一|挂职|原|前|时任)*副?(省|市|区|县|州|镇|乡)长$")
_LEADERS = re.compile(r"^(?:原)?(省|市|区|县|州)领导$")
_SHARED = re.compile(r"副|领导|委员|常委|代表|员$|志愿者|干部|成员|检察官|法官|民警|教师|医生")
_JOINTS = "、兼及和"
_PARTIES = ("党工委", "党委", "党总支", "党支部", "党组")
_NAMED_TO = re.compile(r"(?:任命|选举|聘任|聘请|推选|补选|提名|增选|推举|聘)$")
_BECOMES = re.compile(
    r"(?:同志)?(?:现任|时任|曾任|担任|出任|兼任|当选为?|被任命为|被选举为|受聘为|受聘担任|被聘为|获聘为?|拟任|拟提名为|不再担任|不再兼任|卸任|任|是|系|,|\()"
)
_ALSO_HOLDS = re.compile(r"(?:同时)?兼任?|受聘为|受聘担任|被聘为|获聘为?")
_REMOVED = re.compile(r"(?:免去|撤销|罢免)$")
_STATUS = {"拟": Status.PLANNED, "不": Status.NEGATED, "卸": Status.NEGATED, "的": Status.NEGATED}
_ALSO = re.compile(r"(?:,|、)?(?:并|同时|还|也)?(?:兼任?|是|担任|任)|、")
_NOUN = re.compile(r"[^\W的和与在是了为有及等将由说、]{2,4}")
_AGE = re.compile(r"(?:[、,])?(?:今年)?\d{2}岁的?$")
_PARTY = re.compile(r"党组|党委|党工委|机关党委|党支部|党总支|总支|支部")


@dataclass(frozen=True, slots=True)
class Post:
    """One title of one person in one body; start and end cover title and name in the running text."""

    person: Found
    body: Found
    title: str
    start: int
    end: int
    rule: str
    order: int = 0
    status: Status = Status.ASSERTED


@dataclass(frozen=True, slots=True)
class _Title:
    title: str
    start: int
    end: int
    body: Found | None


class Posts:
    """The posts of one sheet, and the bodies that only a title names (市长 → the city's government)."""

    def __init__(self, sheet: Sheet, names: list[Found], people: list[Found]) -> None:
        self.sheet, self.people = sheet, people
        self.by_end: dict[int, Found] = {}
        for name in sorted(names, key=lambda n: n.end - n.start):
            self.by_end[name.end] = name
        self.by_start = {name.start: name for name in sorted(names, key=lambda n: n.end - n.start)}
        self.consumed: set[int] = set()  # committees that are part of a title: 学院|党委书记
        self.implied: dict[tuple[int, int], Found] = {}

    def read(self) -> list[Post]:
        """Every post of the article, in the order of the people."""
        posts: list[Post] = []
        shared: list[Post] = []
        previous: Found | None = None
        for person in self.people:
            own = self._before(person, posts[-1] if posts and posts[-1].person is previous else None)
            own = [*own, *self._after(person, only_also=bool(own))]
            if not own and previous is not None and self._follows(previous, person):
                own = [replace(p, person=person, end=person.end, order=p.order + 1, rule="post.list") for p in shared]
            shared = own if own and all(_SHARED.search(post.title) for post in own) else []
            posts.extend(own)
            previous = person
        return _numbered([post for post in posts if not post.title.endswith(tuple(terms("posts", "role")))])

    def _follows(self, previous: Found, person: Found) -> bool:
        return self.sheet.norm[previous.end : person.start] in ("、", "和", "以及", "及", ",")

    def _before(self, person: Found, sibling: Post | None) -> list[Post]:
        age = _AGE.search(self.sheet.norm, max(0, person.start - 8), person.start)
        calling = _calling().search(self.sheet.norm, max(0, person.start - 6), person.start)
        titles = self._chain(age.start() if age else calling.start() if calling else person.start)
        beside = sibling is not None and bool(titles) and self.sheet.norm[sibling.person.end : titles[-1].start] == "、"
        inherited = sibling.body if sibling is not None and beside else None  # 局长甲、副局长乙
        posts = []
        for title in reversed(titles):
            body = title.body or inherited
            if body is not None:
                posts.append(Post(person, body, title.title, title.start, person.end, "post.before-name"))
            inherited = title.body or inherited
        return posts

    def _chain(self, end: int) -> list[_Title]:
        """The titles that end at `end`, from the last to the first."""
        norm, titles = self.sheet.norm, []
        while title := title_before(norm, end):
            read = self._read(title, end)
            titles.append(read)
            start = read.body.start if read.body is not None and not read.body.relative else read.start
            if start == 0 or norm[start - 1] not in _JOINTS:
                break
            end = start - 1
        return titles

    def _read(self, title: str, end: int) -> _Title:
        start = end - len(title)
        of = 1 if self.sheet.norm[start - 1 : start] == "的" else 0
        committee = next((p for p in _PARTIES if title.startswith(p) and self._is_party(start + len(p), p)), "")
        if committee:
            title, start, of = title[len(committee) :], start + len(committee), 0
        body = self.by_end.get(start - of)
        if body is None:
            body, start, title = self._overlapping(title, start, end)
        if body is None:
            body, start, title = self._modified(title, start, end)
        if body is not None and (whole := _institution(body)) is not None:
            self.consumed.add(id(body))
            return _Title(body.core + title, start - len(body.core), end, whole)
        if body is None or body.kind is Kind.PERSON or body.kind is Kind.PROGRAM:
            return _Title(title, start, end, self._implied(title, start) or self._last_of(title, start))
        return _Title(self._formerly(body) + title, start, end, body)

    def _formerly(self, body: Found) -> str:
        """原某局局长, 某村原村委会主任: a post that is no longer held stays marked in its title."""
        inner = body.end - len(body.core)
        marks = (self.sheet.norm[at - 1 : at] for at in (body.start, inner) if at > 0)
        return next((mark for mark in marks if mark in ("原", "前")), "")

    def _modified(self, title: str, start: int, end: int) -> tuple[Found | None, int, str]:
        """焊接|主管, 项目|负责人: a noun of two to four characters before the title belongs to it."""
        for more in (2, 3, 4):
            body = self.by_end.get(start - more)
            words = self.sheet.norm[max(0, start - more) : start]
            if (
                body is not None
                and body.kind in (Kind.AGENCY, Kind.ENTERPRISE)
                and _NOUN.fullmatch(words)
                and start - more in self.sheet.word_starts
            ):
                return body, start - more, words + title
        return None, start, title

    def _is_party(self, end: int, party: str) -> bool:
        """平乐村党总支|书记: the committee is a body of its own."""
        body = self.by_end.get(end)
        return body is not None and body.kind is Kind.AGENCY and body.core == party

    def _overlapping(self, title: str, start: int, end: int) -> tuple[Found | None, int, str]:
        """水利局长: body and title share a character; 区委书记 in one: the prefix 党委 may belong to the body."""
        for cut in range(1, len(title)):
            body = self.by_end.get(start + cut)
            if body is not None and body.kind is not Kind.PERSON and body.start < start + cut:
                rest = title[cut:]
                if rest in terms("posts") or rest[0] == "副" or rest[-2:] in terms("posts"):
                    return body, start + cut, rest
        swallowed = self.by_end.get(start + 1)
        if swallowed is not None and swallowed.kind is Kind.AGENCY:
            return swallowed, start, title
        return None, start, title

    def _last_of(self, title: str, start: int) -> Found | None:
        """大队长 alone: the last …大队 that the article named, if that was not long ago."""
        stem = title.removesuffix("长")
        if (
            stem == title
            or stem not in terms("headed_units")
            or self.sheet.norm[start - 1 : start] not in ("", "。", "\n", "“", ",")
        ):
            return None
        bodies = [n for n in self.by_end.values() if n.kind is Kind.AGENCY and start - 160 < n.end <= start]
        ending = [n for n in bodies if self.sheet.norm[n.start : n.end].endswith(stem)]
        names = {self.sheet.norm[n.start : n.end] for n in ending}
        return max(ending, key=lambda n: n.end) if len(names) == 1 else None

    def _implied(self, title: str, start: int) -> Found | None:
        """市长: the government of the city; 市领导: the city itself."""
        if match := _LEADERS.match(title):
            return self._place(start + match.start(1))
        if match := _GOVERNORS.match(title):
            at = start + match.start(1)
            key = (start, at)
            if key not in self.implied:
                place = self._place(at)
                self.implied[key] = Found(
                    Kind.AGENCY, at, at + 2, "agency.of-title", core="政府", scope=place, relative=True
                )
            return self.implied[key]
        return None

    def _place(self, at: int) -> Found:
        if (at, -1) not in self.implied:
            self.implied[at, -1] = Found(Kind.PLACE, at, at + 1, "place.relative.title", relative=True)
        return self.implied[at, -1]

    def _after(self, person: Found, *, only_also: bool) -> list[Post]:
        """某某任某局局长、某办主任; 某某当选为市长; 某某是某局局长,兼任…."""
        posts: list[Post] = []
        named = _NAMED_TO.search(self.sheet.norm, max(0, person.start - 3), person.start)
        match = re.compile("(?:同志)?(?:为|任|担任)").match(self.sheet.norm, person.end) if named else None
        removed = _REMOVED.search(self.sheet.norm, max(0, person.start - 3), person.start)
        match = re.compile("(?:同志)?的").match(self.sheet.norm, person.end) if removed else match
        match = match or (_ALSO_HOLDS if only_also else _BECOMES).match(self.sheet.norm, person.end)
        while match:
            post = self._told(person, match)
            if post is None:
                break
            posts.append(post)
            match = _ALSO.match(self.sheet.norm, post.end)
        return posts

    def _told(self, person: Found, match: re.Match[str]) -> Post | None:
        body = self.by_start.get(match.end())
        while body is not None and body.kind is Kind.PLACE and body.end in self.by_start:
            body = self.by_start[body.end]  # 南湖区|新嘉街道党工委
        at = body.end if body is not None else match.end()
        at += self.sheet.norm[at : at + 1] == "的" and body is not None
        title = _title_ahead().match(self.sheet.norm, at)
        if not title:
            return None
        closing = (")",) if match[0] == "(" else (",", "。", ";", "、", "\n", "")
        loose = match[0] in ("是", "系", ",", "、", "(")
        if loose and (body is None or self.sheet.norm[title.end() : title.end() + 1] not in closing):
            return None
        target = body if body is not None else self._implied(title[0], at)
        if target is None or target.kind in (Kind.PERSON, Kind.PROGRAM):
            return None
        status = _STATUS.get(match[0].removeprefix("同志")[:1], Status.ASSERTED)
        return Post(person, target, title[0], person.start, title.end(), "post.after-name", status=status)


def _institution(body: Found) -> Found | None:
    """What a party committee is a part of, where its secretary holds a post in that: 学院|党委书记, 高新区|党组书记."""
    if body.kind is not Kind.AGENCY or body.scope is None or not _PARTY.fullmatch(body.core):
        return None
    return body.scope if body.scope.kind is not Kind.PLACE or body.core == "党组" else None


@cache
def _calling() -> re.Pattern[str]:
    """、作家 between the last title and the name."""
    return re.compile(f"、{pattern('person_leads')}$")


@cache
def _title_ahead() -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern('post_prefixes')}|副)*{pattern('posts')}")


def _numbered(posts: list[Post]) -> list[Post]:
    """Members of a list count from 1 in the printed order; a person alone has no number."""
    heads = {post.person.start for post in posts if post.order}
    return [replace(post, order=post.order + 1) if post.order or _heads(post, posts, heads) else post for post in posts]


def _heads(post: Post, posts: list[Post], members: set[int]) -> bool:
    later = [other for other in posts if other.order == 1 and other.body is post.body and other.title == post.title]
    return bool(later)


__all__ = ["Post", "Posts"]
