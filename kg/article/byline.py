"""Bylines and credits: who wrote, photographed and edited, wherever a house style prints it.

A byline is a short text in which every word is a role (记者, 通讯员, 摄 …), a paper's name before a role, a word that
may stand beside them (本报, 报道 …) or a person's name; anything else makes it no byline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kg import lexicon
from kg.article.dateline import is_place
from kg.article.names import HAN, NAME, PEN_NAME, SPACED, dotted_names, split_run, unspaced

WRITERS = ("writer", "correspondent")
ROLES = ("writer", "correspondent", "picture", "editor", "archive")
SEPARATOR = re.compile(r"[\s/:、,;|丨&()【】\[\]<>《》□■◎●○▲▶▼△◆◇★☆—\-–_·]+")
BOTH = re.compile(r"(文)[/&](图)(?!片)")  # 王强文/图
UNIT_END = "报社?|网|台|社|客户端|中心|融媒体?|在线|发布|公众号|频道|卫视|广电|讯|电|单位|部|局|委|办|会|公司|集团"
SURE_ROLES = ("责编", "责任编辑", "美编", "美术编辑", "校对", "剪辑")
LONGEST, LONGEST_UNIT = 90, 6
MOST_NAMES = 9
PERIODICAL = re.compile(r"《[^》]{2,8}》(?:报|杂志|周刊|新闻周刊|客户端)?(?=记者|作者|通讯员)")
OF_PEOPLE = re.compile(r"[者员生]$")  # 记者 stands before names; 采写, 整理 may stand after them
NEVER = re.compile(r"[。!?“”《》…]|作者(?:为|系)")  # (作者为某某大学教授) says who somebody is


class Byline(NamedTuple):
    """What a byline says. `roles` holds the kinds of role in it: writer, correspondent, picture, editor, both."""

    names: tuple[str, ...]
    roles: frozenset[str]

    @property
    def pictures_only(self) -> bool:
        """Whether it credits pictures and no text, be it a reporter who took them (记者 张三 摄)."""
        return "picture" in self.roles and "both" not in self.roles

    @property
    def editors_only(self) -> bool:
        """Whether it is the page's credits: 责任编辑, 校对 and the like."""
        return self.roles == {"editor"}


@lru_cache(maxsize=1)
def role_pattern() -> re.Pattern[str]:
    """Any role of two or more characters, at any place in a word; 摄 only where nothing follows it."""
    words = [w for role in (*ROLES, "both") for w in lexicon.terms("byline", role) if len(w) > 1]
    return re.compile(f"({lexicon.alternation(words)}|摄$)")


@lru_cache(maxsize=1)
def piece_pattern() -> re.Pattern[str]:
    """What parts the names of a word: roles, what else a byline may hold, newspapers (王强光明日报通讯员)."""
    fillers = [word for word in lexicon.terms("byline", "filler") if len(word) > 1]
    words = lexicon.alternation([*fillers, *lexicon.terms("newspapers")])
    return re.compile(f"({role_pattern().pattern[1:-1]}|{words})")


def parse(text: str, *, dated: bool = False) -> Byline | None:
    """The byline that `text` is as a whole, or None where it is none. Names keep their order, without repeats.

    After a dateline that is `dated`, names of any surname and of none (记者扎西) stand right behind a role.
    """
    text = PERIODICAL.sub(" ", text)
    if len(text) > LONGEST or NEVER.search(text) or not re.search(f"[{HAN}]", text):
        return None
    words = [word._replace(sure=word.sure or (dated and given(word))) for word in words_of(text)]
    first = next((i for i, word in enumerate(words) if kinds().get(word.text) in WRITERS), 0)
    if words and first == len(words) - 1 and not OF_PEOPLE.search(words[first].text):
        first = 0  # 王强参与采写
    told = [tell(word, words[i + 1 :], leads=i < first) for i, word in enumerate(words)]
    if "word" in told or not (set(told) & {*ROLES} or ("name" in told and set(told) & {"mark", "both"})):
        return None
    names = [word.text for word, kind in zip(words, told, strict=True) if kind == "name"]
    names = [name for i, name in enumerate(names) if i == 0 or not (place_told(name, text) and is_place(name))]
    return credits({kind for kind in told if kind not in ("name", "filler")}, names, alone=len(words) == 1)


def credits(roles: set[str], names: list[str], *, alone: bool) -> Byline:
    """The byline of these kinds of words; the name beside 资料图片 is that of the person in the picture."""
    shown = roles == {"archive"}
    if (roles & {"mark", "both"} and not alone) or "archive" in roles:
        roles = roles - {"archive"} | {"picture"}
    return Byline(() if shown else tuple(dict.fromkeys(names)), frozenset(roles))


class Word(NamedTuple):
    """A word of a byline; `role` is the role that stands before it, without a separator."""

    text: str
    role: str = ""
    sure: bool = False  # a name with a dot (阿依古丽·买买提), or one of a run of names


def kinds() -> dict[str, str]:
    """word → its kind in a byline."""
    return lexicon.values("byline")


def words_of(text: str) -> list[Word]:
    """The words of a byline in order."""
    marked = BOTH.sub(r" \1 \2 ", after_names().sub(r"/\g<0>", re.sub("[\ue000\ue001]", "", text)))
    dotted = [name for name in map(without_role, dotted_names(marked)) if not NO_NAME().search(name)]
    for number, name in enumerate(dotted):
        marked = marked.replace(name, f" \ue000{number}\ue001 ")
    found: list[Word] = []
    for chunk in SEPARATOR.split(SPACED.sub(unspaced, marked)):
        if mark := re.fullmatch("\ue000(\\d+)\ue001", chunk):
            found.append(Word(dotted[int(mark[1])], sure=True))
        else:
            found += [Word(chunk)] if chunk in kinds() else pieces_of(chunk, found[-1].text if found else "")
    return found


def without_role(dotted: str) -> str:
    """A name with a dot without the role or paper that is printed right before it (新疆日报记者|艾力·买买提)."""
    first = dotted.partition("·")[0]
    return dotted[max((match.end() for match in piece_pattern().finditer(first)), default=0) :]


@lru_cache(maxsize=1)
def after_names() -> re.Pattern[str]:
    """What is said of writers after their names, at the end of a byline: (王 强 李 响整理)."""
    words = (word for role in WRITERS for word in lexicon.terms("byline", role) if not OF_PEOPLE.search(word))
    return re.compile(f"(?<=[{HAN}])(?:{lexicon.alternation(words)})(?=[)】]?$)")


def pieces_of(chunk: str, before: str = "") -> Iterator[Word]:
    """The words of a stretch without separators: roles, what else a byline holds, names; `before` stands before it."""
    role = ""
    for piece in filter(None, piece_pattern().split(chunk)):
        if piece in kinds() or piece in lexicon.terms("newspapers"):
            yield Word(piece, role)
            role = role if kinds().get(piece, "filler") == "filler" else piece
        elif names := run_of(piece, role or (before if role_of_people(before) else "")):
            yield from (Word(name, role, sure=True) for name in names)
        else:
            yield Word(piece, role)


def run_of(text: str, role: str) -> tuple[str, ...]:
    """The names of a run without marks right after a role that only people have, or before the first one."""
    if PAPER_END().search(text):
        return ()
    names = split_run(text)
    return names if role_of_people(role) or (not role and plain_run(names)) else ()


def plain_run(names: tuple[str, ...]) -> bool:
    """Whether names of a run are of common surnames and begin with no place (江苏卫视 is no run of names)."""
    common = lexicon.terms("surnames", "common")
    return all(name[0] in common for name in names) and not (names and any(map(is_place, prefixes(names))))


def prefixes(names: tuple[str, ...]) -> tuple[str, ...]:
    """The first two and three characters of a run."""
    run = "".join(names)
    return run[:2], run[:3]


def role_of_people(role: str) -> bool:
    """Whether a role is one that words of running text are not made of (统筹项目)."""
    return kinds().get(role) in WRITERS or role.endswith(SURE_ROLES)


def tell(word: Word, rest: list[Word], *, leads: bool) -> str:
    """What a word is: a kind of the lexicon, "name", "filler" for what may stand there, "word" for what may not.

    `leads` is true of what stands before the first reporter: whose reporter it is (株洲日报, 区融媒体中心, 驻京).
    """
    if kind := kinds().get(word.text):
        return kind
    unit = PAPER_END().search(word.text) is not None
    number = word.text.isascii() and not word.text.isalpha()  # of a telephone
    if number or word.text in lexicon.terms("newspapers"):
        return "filler"
    if word.sure:
        return "name"
    if leads:
        return "filler" if unit or len(word.text) <= LONGEST_UNIT else "word"
    if is_name(word):
        return "name"
    reporter = bool(rest) and kinds().get(rest[0].text) in WRITERS and len(word.text) <= LONGEST_UNIT
    return "filler" if reporter or (rest and unit) else "word"


def is_name(word: Word) -> bool:
    """Whether a word can be a person's name. One right after a role must begin with a surname (记者张三), and the role
    must be one that words of running text are not made of."""
    text, surnames = word.text, lexicon.terms("surnames")
    if not NAME.fullmatch(text) or PAPER_END().search(text):
        return False
    known = text[:2] in surnames or (text[0] in surnames and (len(text) < 4 or not word.role))
    if word.role:
        office = kinds().get(word.role) == "correspondent" and PEN_NAME.fullmatch(text) is not None
        return (known or office) and role_of_people(word.role)
    return known or len(text) <= 3


@lru_cache(maxsize=1)
def PAPER_END() -> re.Pattern[str]:  # noqa: N802 - a constant that is read when first needed
    """How names of papers, stations and accounts end, which stand in bylines beside those of people."""
    endings = lexicon.pattern("layout", "paper")
    return re.compile(f"(?:{endings}|{UNIT_END})$")


@lru_cache(maxsize=1)
def NO_NAME() -> re.Pattern[str]:  # noqa: N802 - as above
    """What stands in no name with a dot: a role, or the name of a paper."""
    return re.compile(f"{role_pattern().pattern}|{lexicon.pattern('layout', 'paper')}")


def bare_names(text: str) -> Byline | None:
    """(张三 李四), (人民网张三李四): names alone in brackets at the end of a story, each with a surname."""
    paper, run = paper_first(text)
    names = list(split_run(run)) if paper else SPACED.sub(unspaced, text).replace("、", " ").split()
    surnames = lexicon.terms("surnames")
    plain = all(re.fullmatch(f"[{HAN}]{{2,3}}", n) and n[0] in surnames and not PAPER_END().search(n) for n in names)
    return Byline(tuple(names), frozenset({"writer"})) if names and plain and 1 < len(text) <= 16 else None


def names_alone(text: str) -> Byline | None:
    """王强 李小明: a line of nothing but names between blanks, two at least, one of three characters."""
    names, surnames = SPACED.sub(unspaced, text).split(), lexicon.terms("surnames")
    plain = all(re.fullmatch(f"[{HAN}]{{2,3}}", name) and name[0] in surnames for name in names)
    signed = plain and 1 < len(names) <= MOST_NAMES and max(map(len, names)) == 3
    return Byline(tuple(names), frozenset({"writer"})) if signed else None


def paper_first(text: str) -> tuple[str, str]:
    """A paper or portal that stands before names without a mark, and what comes after it."""
    known = lexicon.terms("newspapers") | lexicon.terms("layout", "wire")
    return next(((text[:n], text[n:]) for n in range(len(text) - 1, 1, -1) if text[:n] in known), ("", text))


def dateline_names(text: str) -> Byline | None:
    """What stands in brackets after the day of a dateline: names alone, in a run too (李明张兴国), of any surname."""
    dotted = [name for name in dotted_names(text) if not NO_NAME().search(name)]
    for name in dotted:
        text = text.replace(name, " ")
    parts = [part for part in SEPARATOR.split(SPACED.sub(unspaced, text)) if part]
    parts = [piece for part in parts for piece in piece_pattern().split(part) if kinds().get(piece, "") != "filler"]
    runs = [split_run(part) or ((part,) if can_sign(part) else ()) for part in parts if part]
    if not all(runs) or not (runs or dotted):
        return None
    return Byline((*(name for run in runs for name in run), *dotted), frozenset({"writer"}))


def given(word: Word) -> bool:
    """Whether a word right behind 记者 can be a name of a people without surnames (扎西, 拉巴卓玛)."""
    short = re.fullmatch(f"[{HAN}]{{2,5}}", word.text) is not None
    return (
        short and kinds().get(word.role) in WRITERS and word.text not in kinds() and not PAPER_END().search(word.text)
    )


def place_told(name: str, text: str) -> bool:
    """Whether a word says from where the others report (记者 王强 深圳报道)."""
    return re.search(f"{name}(?:现场|联合|摄影)?(?:报道|电)", text) is not None


def can_sign(text: str) -> bool:
    """Whether a word alone after a dateline can be a name: up to three characters, four and five where it has no
    common surname (拉巴卓玛); no word of bylines and no paper."""
    surnames = lexicon.terms("surnames")
    long = text[:2] in surnames if len(text) == 4 and text[0] in surnames else text[:1] not in surnames
    short = re.fullmatch(f"[{HAN}]{{2,3}}", text) is not None
    fits = short or (long and re.fullmatch(f"[{HAN}]{{4,5}}", text) is not None)
    return fits and not role_pattern().search(text) and text not in kinds() and not PAPER_END().search(text)


def organisation(text: str) -> Byline | None:
    """A picture credited to no person: 受访单位供图, 市气象局供图."""
    credited = re.fullmatch(r"[^\s]{2,16}(?:供图|提供|资料图|图)", text)
    return Byline((), frozenset({"picture"})) if credited and re.search(r"供图|提供$|资料图", text) else None
