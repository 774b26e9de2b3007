"""What the viewer shows, whatever it was read from: a `Scene` refers to its parts by position, not by name."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sheet:
    """A newspaper page. `issued` is an ISO date or ""; `certain` says whether the page itself prints it."""

    id: str
    newspaper: str = ""
    issued: str = ""
    certain: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """An article, as a citation needs it. `sheet` is a position in `Scene.sheets`."""

    sheet: int
    headline: str = ""
    journalists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it stands on a page (page coordinates); `text` is "" where the graph holds only offsets."""

    sheet: int
    start: int
    end: int
    text: str = ""
    story: int = -1


@dataclass(frozen=True, slots=True)
class Thing:
    """A node. `kind` is a class of the ontology, the most specific one; `written` lists further surface forms
    (我市) that are marked in sentences but are no names."""

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    misprints: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    sheets: tuple[int, ...] = ()
    inferred: bool = False
    confidence: float | None = None  # 0 to 1; None for what no page says


@dataclass(frozen=True, slots=True)
class Link:
    """An edge: one statement between two things (positions in `Scene.things`), with all that it stands on."""

    subject: int
    predicate: str
    object: int
    title: str = ""
    dates: tuple[str, ...] = ()
    status: str = "asserted"
    group: str = ""
    sentences: tuple[int, ...] = ()
    rules: tuple[str, ...] = ()
    inferred_from: tuple[str, ...] = ()
    confidence: float | None = None  # 0 to 1; None for what no page says


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that one viewer file holds."""

    things: tuple[Thing, ...] = ()
    links: tuple[Link, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    stories: tuple[Story, ...] = field(default=())
    masked: int = 0  # how many people's names were replaced
