"""A small Knowledge made by hand, of an invented city in our own words: what the graph's rooms are tried on."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from kg.model import (
    Article,
    Entity,
    Evidence,
    Finding,
    Kind,
    Knowledge,
    Level,
    Mention,
    Page,
    Predicate,
    Reading,
    Span,
    Statement,
    Status,
)

FRONT = """云泽日报 2024年3月8日 星期五 第A01版

桥头区办起“清溪行动”
本报讯(记者 何小满)昨天,桥头区水利局局长周明
远说,区水利局今年开展“清溪行动”。
云泽市委副书记林岚出席,云泽纺织有限公司也来帮忙。
"""
SECOND = """云泽日报 2024年3月9日

桥头区水利局局长周明远到柳树村。
“清溪行动”将由云泽市数据局接办。=1+1,不算数。
"""

AGENCY = "agency/桥头区水利局"
PERSON = "person/周明远"
OTHER = "person/林岚"
COMMITTEE = "agency/中共云泽市委"
BUREAU = "agency/云泽市数据局"
FIRM = "enterprise/云泽纺织有限公司"
DISTRICT = "place/桥头区"
CITY = "place/云泽市"
VILLAGE = "place/柳树村"
PROGRAM = "program/清溪行动"


def knowledge(folder: Path | None = None) -> Knowledge:
    """Two pages, ten entities and every sort of statement; with `folder` the page files are written there."""
    front, second = _page("front.txt", FRONT, "2024-03-08", folder), _page("second.txt", SECOND, "2024-03-09", folder)
    readings = (_reading(front), _reading(second))
    findings = (Finding(Level.WARNING, "odd-line", "second.txt:40-46", "a line that reads like a formula"),)
    return Knowledge(readings, _entities(), _statements(), findings)


def one_page(folder: Path | None = None) -> Knowledge:
    """What the front page alone says."""
    both = knowledge(folder)
    entities = tuple(e for e in both.entities if "second.txt" not in e.pages or "front.txt" in e.pages)
    return Knowledge(
        both.readings[:1], tuple(map(_front_only, entities)), tuple(filter(None, map(_front, both.statements)))
    )


def _front_only(e: Entity) -> Entity:
    pages, mentions = e.pages[:1], tuple(m for m in e.mentions if m.startswith("front"))
    return Entity(e.id, e.kind, e.name, e.official, e.aliases, (), mentions, pages, e.inferred)


def _front(s: Statement) -> Statement | None:
    evidence = tuple(e for e in s.evidence if e.page == "front.txt")
    if s.evidence and not evidence:
        return None
    return Statement(
        s.subject,
        s.predicate,
        s.object,
        evidence,
        s.rules,
        s.title,
        s.date,
        s.status,
        s.order,
        s.group,
        s.inferred_from,
    )


def sentence(text: str, start: str, end: str) -> Span:
    """From the first `start` to the end of the next `end`."""
    at = text.index(start)
    return Span(at, text.index(end, at) + len(end))


def _page(name: str, text: str, issued: str, folder: Path | None) -> Page:
    data = text.encode("utf-8")
    path = folder / name if folder else None
    if path:
        path.write_bytes(data)
    sha = hashlib.sha256(data).hexdigest()
    return Page(name, text, sha, "utf-8", str(path or ""), "云泽日报", issued, True, "A01", "云泽市")


def _reading(page: Page) -> Reading:
    start = page.text.index("桥头区")
    text = page.text[start:]
    offsets = tuple(range(start, len(page.text)))
    article = Article(
        f"{page.id}#{start}", page.id, text.split("\n")[0], ("何小满",), text, offsets, (), Span(start, len(page.text))
    )
    return Reading(page, (article,), tuple(_mentions(page, article)))


def _mentions(page: Page, article: Article) -> list[Mention]:
    forms = (
        (Kind.PLACE, "柳树村", "place.suffix"),
        (Kind.PROGRAM, "清溪行动", "program.quotes"),
        (Kind.AGENCY, "区水利局今", "agency.relative"),
    )
    out = []
    for kind, form, rule in forms:
        at = article.text.find(form)
        if at >= 0:
            surface = form.rstrip("今")
            out.append(Mention(f"{page.id}:{surface}", article.id, kind, Span(at, at + len(surface)), surface, rule))
    return out


def _entities() -> tuple[Entity, ...]:
    both, front, second = ("front.txt", "second.txt"), ("front.txt",), ("second.txt",)
    return (
        Entity(AGENCY, Kind.AGENCY, "桥头区水利局", False, ("区水利局",), (), ("front.txt:区水利局",), both),
        Entity(COMMITTEE, Kind.AGENCY, "中共云泽市委", aliases=("云泽市委", "市委"), pages=front, inferred=True),
        Entity(BUREAU, Kind.AGENCY, "云泽市数据局", pages=second),
        Entity(FIRM, Kind.ENTERPRISE, "云泽纺织有限公司", pages=front),
        Entity(PERSON, Kind.PERSON, "周明远", official=True, pages=both),
        Entity(OTHER, Kind.PERSON, "林岚", official=True, pages=front),
        Entity(CITY, Kind.PLACE, "云泽市"),
        Entity(DISTRICT, Kind.PLACE, "桥头区", pages=both),
        Entity(VILLAGE, Kind.PLACE, "柳树村", printed_as=("柳村",), mentions=("second.txt:柳树村",), pages=second),
        Entity(
            PROGRAM, Kind.PROGRAM, "清溪行动", mentions=("front.txt:清溪行动", "second.txt:清溪行动"), pages=both
        ),
    )  # fmt: skip


def _statements() -> tuple[Statement, ...]:
    said = Evidence("front.txt", sentence(FRONT, "昨天", "。"))
    present = Evidence("front.txt", sentence(FRONT, "云泽市委", "。"))
    again = Evidence("second.txt", sentence(SECOND, "桥头区水利局", "。"))
    to_be = Evidence("second.txt", sentence(SECOND, "“清溪", "。"))
    p = Predicate
    return (
        Statement(PERSON, p.HOLDS_POST_IN, AGENCY, (said, again), ("post.before-name",), "局长"),
        Statement(
            OTHER, p.HOLDS_POST_IN, COMMITTEE, (present,), ("post.before-name",), "副书记", order=1, group="出席"
        ),
        Statement(AGENCY, p.GOVERNS, DISTRICT, (said,), ("compose.governs",)),
        Statement(AGENCY, p.RUNS, PROGRAM, (said,), ("cue.runs",), date="2024-03-07"),
        Statement(BUREAU, p.RUNS, PROGRAM, (to_be,), ("cue.runs",), status=Status.PLANNED),
        Statement(FIRM, p.LOCATED_IN, CITY, (present,), ("compose.located-in",)),
        Statement(FIRM, p.COOPERATES_WITH, AGENCY, (present,), ("cue.cooperates",)),
        Statement(DISTRICT, p.WITHIN, CITY, inferred_from=("gazetteer",)),
    )


def scored() -> Knowledge:
    """The same with confidences: 0.950 for what stands on two pages, less for the rest, least for what is planned."""
    both = knowledge()
    entities = tuple(replace(e, confidence=0.95 if len(e.pages) > 1 else 0.7) for e in both.entities)
    statements = tuple(replace(s, confidence=_sureness(s)) for s in both.statements)
    return replace(both, entities=entities, statements=statements)


def _sureness(s: Statement) -> float:
    return 0.4 if s.status is Status.PLANNED else 0.95 if len(s.evidence) > 1 else 0.81234
