"""Bylines and credits: who wrote, photographed and edited, wherever a house style prints it.

A byline is a short text in which every word is a role (记者, 通讯员, 摄 …), a paper's name before a role, a word that
may stand beside them (本报, 报道 …) or a person's name; anything else makes it no byline.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kg import lexicon

HAN = "\u3400-\u9fff"
WRITERS = ("writer", "correspondent")
ROLES = ("writer", "correspondent", "picture", "editor")
SEPARATOR = re.compile(r"[\s/:、,;|丨&()【】\[\]<>《》□■◎●○▲▶▼△◆◇★☆—\-–_·]+")
DOTTED = re.compile(rf"[{HAN}]{{1,8}}[·][{HAN}]{{1,8}}")
SPACED = re.compile(rf"(?<![{HAN}])[{HAN}](?:[ \t]+[{HAN}]){{1,7}}(?![{HAN}])")  # 王 强
NAME = re.compile(rf"[{HAN}]{{2,4}}")
UNIT_END = "报社?|网|台|社|客户端|中心|融媒体?|在线|发布|公众号|频道|讯|电|单位|部|局|委|办|会|公司|集团"
SURE_ROLES = ("责编", "责任编辑", "美编", "美术编辑", "校对")
LONGEST, LONGEST_UNIT = 90, 6
OPENING = "□■◎●○▲▶▼△◆◇★☆ "
CREDITED = r"[(【](?P<by>[^()【】。“”]{2,80})[)】]"
LEDE = re.compile(rf"^[{OPENING}]*[^\s()。,、;:“”《》]{{0,24}}[ \t]{{0,2}}(?:讯|电|消息|报道)?[ \t]*{CREDITED}[ \t]*")
WIRE = re.compile(r"^据?[^\s()。,、“”]{2,12}?(?:\d{1,2}月\d{1,2}日)?(?:讯|电)\s+")
OWN_WIRE = re.compile(r"^本(?:报|网|台)讯[\s:]*")
REPORTS = re.compile(
    r"^(?P<by>[^。,“”]{0,40}?(?:记者|通讯员)[^。,“”]{2,40}?)[ \t]*(?:摄影|联合|综合)?报道:?[ \t]*"
    rf"(?=[{HAN}\d“])"
)
ENDS = re.compile(r"\((?:[下紧]转|本报?综合|据|完|全文|来源)[^()。]{0,20}\)$")  # closes an article
TAIL_BRACKET = re.compile(rf"{CREDITED}。?$")
TAIL_CREDIT = re.compile(r"(?:(?<=[。!?…”’』」;,)])|\s)\s*\(?(?P<by>[^。!?;,“”]{2,48})\)?$")


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


class Cut(NamedTuple):
    """A byline inside a line, and where it stands there: half-open."""

    byline: Byline
    start: int
    end: int


@lru_cache(maxsize=1)
def role_pattern() -> re.Pattern[str]:
    """Any role of two or more characters, at any place in a word; 摄 only where nothing follows it."""
    words = [w for role in (*ROLES, "both") for w in lexicon.terms("byline", role) if len(w) > 1]
    return re.compile(f"({lexicon.alternation(words)}|摄$)")


def parse(text: str) -> Byline | None:
    """The byline that `text` is as a whole, or None where it is none. Names keep their order, without repeats."""
    if len(text) > LONGEST or re.search(r"[。!?“”《》…]", text) or not re.search(f"[{HAN}]", text):
        return None
    words = words_of(text)
    first = next((i for i, word in enumerate(words) if kinds().get(word.text) in WRITERS), 0)
    told = [tell(word, words[i + 1 :], leads=i < first) for i, word in enumerate(words)]
    if "word" in told or not (set(told) & {*ROLES} or ("name" in told and set(told) & {"mark", "both"})):
        return None
    roles = {kind for kind in told if kind not in ("name", "filler")}
    if roles & {"mark", "both"} and len(words) > 1:
        roles.add("picture")
    names = [word.text for word, kind in zip(words, told, strict=True) if kind == "name"]
    return Byline(tuple(dict.fromkeys(names)), frozenset(roles))


class Word(NamedTuple):
    """A word of a byline; `role` is the role that stands right before it, without a separator."""

    text: str
    role: str = ""
    dotted: bool = False  # a name with a dot: 阿依古丽·买买提


def kinds() -> dict[str, str]:
    """word → its kind in a byline."""
    return lexicon.values("byline")


def words_of(text: str) -> list[Word]:
    """The words of a byline in order."""
    dotted = [name for name in DOTTED.findall(text) if not NO_NAME().search(name)]
    text = re.sub("[\ue000\ue001]", "", text)
    for number, name in enumerate(dotted):
        text = text.replace(name, f" \ue000{number}\ue001 ")
    found: list[Word] = []
    for chunk in SEPARATOR.split(SPACED.sub(unspaced, text)):
        if mark := re.fullmatch("\ue000(\\d+)\ue001", chunk):
            found.append(Word(dotted[int(mark[1])], dotted=True))
        elif chunk in kinds():
            found.append(Word(chunk))
        else:
            pieces = [piece for piece in role_pattern().split(chunk) if piece]
            roles = ["", *(piece if piece in kinds() else "" for piece in pieces)]
            found += [Word(piece, role) for piece, role in zip(pieces, roles, strict=False)]
    return found


def tell(word: Word, rest: list[Word], *, leads: bool) -> str:
    """What a word is: a kind of the lexicon, "name", "filler" for what may stand there, "word" for what may not.

    `leads` is true of what stands before the first reporter: whose reporter it is (株洲日报, 区融媒体中心, 驻京).
    """
    if kind := kinds().get(word.text):
        return kind
    unit = PAPER_END().search(word.text) is not None
    if word.text.isascii() and not word.text.isalpha():  # a telephone number
        return "filler"
    if leads:
        return "filler" if unit or len(word.text) <= LONGEST_UNIT else "word"
    if word.dotted or is_name(word):
        return "name"
    reporter = bool(rest) and kinds().get(rest[0].text) in WRITERS and len(word.text) <= LONGEST_UNIT
    return "filler" if reporter or (rest and unit) else "word"


def unspaced(match: re.Match[str]) -> str:
    """Names that are printed with blanks between their characters: 王 强, 赵 国 庆, 王 强 李 响 (by twos)."""
    letters = "".join(match[0].split())
    cuts = [0] if len(letters) <= 3 else list(range(0, len(letters) - 1, 2))
    return " ".join(letters[a:b] for a, b in zip(cuts, [*cuts[1:], len(letters)], strict=True))


def is_name(word: Word) -> bool:
    """Whether a word can be a person's name. One right after a role must begin with a surname (记者张三), and the role
    must be one that words of running text are not made of (统筹项目)."""
    text, surnames = word.text, lexicon.terms("surnames")
    if not NAME.fullmatch(text) or PAPER_END().search(text):
        return False
    known = text[:2] in surnames or (text[0] in surnames and (len(text) < 4 or not word.role))
    if word.role:
        return known and (kinds().get(word.role) in WRITERS or word.role.endswith(SURE_ROLES))
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


def find_lede(text: str) -> Cut | None:
    """The byline that opens a paragraph: 本报讯(记者 …), 新华社北京10月8日电 (记者…), 本报记者 … 报道."""
    if match := LEDE.match(text):
        byline = parse(match["by"])
        if byline and not byline.editors_only:
            return Cut(byline, 0, match.end())
    rest = OWN_WIRE.sub("", text)
    if (match := REPORTS.match(rest)) and (byline := parse(match["by"])) and byline.names:
        return Cut(byline, 0, len(text) - len(rest) + match.end())
    if match := OWN_WIRE.match(text) or WIRE.match(text):
        return Cut(Byline((), frozenset({"writer"})), 0, match.end())
    return None


def find_tail(text: str) -> Cut | None:
    """The byline that closes a paragraph or a caption: (记者 张三), 张三 摄, 受访单位供图."""
    if (ends := ENDS.search(text)) and ends.start() > 0:
        return Cut(Byline((), frozenset()), ends.start(), len(text))
    bracket = TAIL_BRACKET.search(text)
    if bracket and (byline := parse(bracket["by"]) or bare_names(bracket["by"])):
        return Cut(byline, bracket.start(), len(text))
    for match in TAIL_CREDIT.finditer(text):
        parsed = parse(match["by"])
        byline = parsed if parsed and parsed.names else organisation(match["by"])
        if byline and match.start() > 0:
            return Cut(byline, match.start(), len(text))
    return None


def bare_names(text: str) -> Byline | None:
    """(张三 李四): names alone in brackets at the end of a story, each with a surname."""
    names = SPACED.sub(unspaced, text).replace("、", " ").split()
    surnames = lexicon.terms("surnames")
    plain = all(re.fullmatch(f"[{HAN}]{{2,3}}", n) and n[0] in surnames and not PAPER_END().search(n) for n in names)
    return Byline(tuple(names), frozenset({"writer"})) if names and plain and 1 < len(text) <= 16 else None


def organisation(text: str) -> Byline | None:
    """A picture credited to no person: 受访单位供图, 市气象局供图."""
    credited = re.fullmatch(r"[^\s]{2,16}(?:供图|提供|资料图|图)", text)
    return Byline((), frozenset({"picture"})) if credited and re.search(r"供图|提供$|资料图", text) else None
