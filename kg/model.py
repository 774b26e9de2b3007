"""The nouns. Frozen, without behaviour beyond what their own fields say; this module imports nothing of ours.

Two coordinate systems, never mixed: a `Span` in an `Article` counts characters of `Article.text` (lines joined);
a `Span` in a `Page` counts code points of `Page.text`, exactly as decoded from disk. Whatever is written to an
output is in page coordinates; `Article.on_page` converts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing a name stands for. An official is a PERSON whose Entity says `official`."""

    PERSON = "Person"
    AGENCY = "Agency"
    ENTERPRISE = "Enterprise"
    PLACE = "Place"
    PROGRAM = "Program"


class Predicate(StrEnum):
    """The nine relations of the contract (docs/ontology.md)."""

    HOLDS_POST_IN = "holdsPostIn"
    PART_OF = "partOf"
    WITHIN = "within"
    GOVERNS = "governs"
    LOCATED_IN = "locatedIn"
    RUNS = "runs"
    TAKES_PART_IN = "takesPartIn"
    SUPPORTS = "supports"
    COOPERATES_WITH = "cooperatesWith"


class Status(StrEnum):
    """Whether the sentence says that a thing is so, is planned, or is not so."""

    ASSERTED = "asserted"
    PLANNED = "planned"
    NEGATED = "negated"


class Role(StrEnum):
    """What a block of an article is. Bylines and credits are not part of the running text."""

    KICKER = "kicker"
    HEADLINE = "headline"
    SUBHEAD = "subhead"
    BODY = "body"
    CAPTION = "caption"


class Level(StrEnum):
    """How much a finding matters: an ERROR makes the page or the check fail, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open stretch of characters: start ≤ i < end, 0-based."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `id` is the file name, made unique by its parent folders where two inputs share it.

    `form` names the reader that took the text out of a file of another kind (PDF, ZIP …), "" for a text file. Then
    `sha256` is that of the text in UTF-8, which is kept beside the output, and `file_sha256` that of the file (of a
    member, in an archive); `part` is what of the file the page is.
    """

    id: str
    text: str
    sha256: str
    encoding: str = "utf-8"
    path: str = ""
    newspaper: str = ""
    issued: str = ""  # ISO date, "" where unknown
    issued_certain: bool = False
    number: str = ""  # the page number as printed, "" where unknown
    home: str = ""  # the newspaper's home city, full name (株洲市), "" where unknown
    form: str = ""
    part: tuple[str, ...] = ()
    file_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of `Article.text` with one role; blocks are separated by one line feed in the running text."""

    role: Role
    span: Span


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its running text (broken lines joined, byline left out) and where every character stands.

    `offsets[i]` is the page offset of `text[i]`; a line feed between two blocks carries the offset at which the
    earlier block ends. Offsets never decrease within a block (a caption that stands in the middle of a broken
    sentence comes after its paragraph). `span` is in page coordinates and starts at the heading. `dateline` holds the
    place words of its first dateline as printed (海南万宁), "" where none names a place.
    """

    id: str
    page: str
    headline: str
    journalists: tuple[str, ...]
    text: str
    offsets: tuple[int, ...]
    blocks: tuple[Block, ...]
    span: Span
    dateline: str = ""

    def on_page(self, span: Span) -> Span:
        """The page stretch that holds `span` of the running text (white space inside it included)."""
        return Span(self.offsets[span.start], self.offsets[span.end - 1] + 1)


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters of an article that name a thing, or stand for one (`relative`: 我市, 该区, 市委's 市).

    `span` is in the article's running text and `surface` is the text there. A name that is completed by another
    one (区水利局 by 芦淞区) has that mention as `scope` and its own words as `core`: full name = scope's name + core.
    Where `core` is empty the name is the surface. `within` is the longer mention that contains this one, if any;
    `same` is the mention of which this one is another name (the words inside the quotes, 以下简称).
    `confidence` is a calibrated probability (0 to 1) that a careful reader would agree; 1 where nothing was scored.
    """

    id: str
    article: str
    kind: Kind
    span: Span
    surface: str
    rule: str
    core: str = ""
    scope: str = ""
    within: str = ""
    same: str = ""
    relative: bool = False
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement that one sentence makes, by mention ids: resolution never rewrites it.

    `confidence` is that of a mention: the probability that a careful reader of the sentence would agree.
    """

    article: str
    subject: str
    predicate: Predicate
    object: str
    evidence: Span  # in page coordinates
    rule: str
    title: str = ""  # the post, for holdsPostIn
    date: str = ""  # ISO, where the sentence itself gives one
    status: Status = Status.ASSERTED
    order: int = 0  # place in a printed list of people, from 1; 0 where there is none
    group: str = ""  # 主持, 出席, 参加 … of a list of people
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd in the *input*. `code` is stable (kebab-case); `where` is "file" or "file:start-end"."""

    level: Level
    code: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read from one page alone."""

    page: Page
    articles: tuple[Article, ...] = ()
    mentions: tuple[Mention, ...] = ()
    claims: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing in the world. `id` is "kind/name" or "kind/name@qualifier", kind in lower case."""

    id: str
    kind: Kind
    name: str
    official: bool = False
    aliases: tuple[str, ...] = ()  # sorted; every other surface form, without the name
    printed_as: tuple[str, ...] = ()  # misprints as they stand on the page
    mentions: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()  # page ids; empty for things known only from the gazetteer
    inferred: bool = False  # the name as such stands on no page
    confidence: float = 1.0  # the highest of its mentions': one sure mention is enough for the thing to be there


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """One sentence on one page, in page coordinates."""

    page: str
    span: Span


@dataclass(frozen=True, slots=True)
class Statement:
    """One fact of the graph between two entities, with every sentence and rule that it stands on.

    One statement per (subject, predicate, object, title, status, date given by a sentence).
    Without evidence it was inferred, and `inferred_from` says from what ("gazetteer", or premises).
    """

    subject: str
    predicate: Predicate
    object: str
    evidence: tuple[Evidence, ...] = ()
    rules: tuple[str, ...] = ()
    title: str = ""
    date: str = ""
    status: Status = Status.ASSERTED
    order: int = 0
    group: str = ""
    inferred_from: tuple[str, ...] = ()
    confidence: float = 1.0  # the highest of its claims': one plain sentence is enough


@dataclass(frozen=True, slots=True)
class Ruling:
    """A human's decision about two names, anchored to the pages: verdict is same, different or unsure."""

    left: str
    right: str
    verdict: str
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What all pages together say: the input of the graph writer."""

    readings: tuple[Reading, ...] = ()
    entities: tuple[Entity, ...] = ()
    statements: tuple[Statement, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
