"""kg diff: what a later graph says that an earlier one did not."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from commands import kg
from kg.diff import Item, News, diff
from kg.digest import FORMS
from kg.export.folder import write_all
from kg.model import Entity, Evidence, Kind, Knowledge, Page, Predicate, Reading, Span, Statement, Status

ATOM = {"a": "http://www.w3.org/2005/Atom"}
BODY = Entity("agency/云泽市水利局", Kind.AGENCY, "云泽市水利局", pages=("d1",))


def page(day: str, name: str) -> Page:
    text = "云泽市水利局局长某某说。\n第二句。"
    return Page(name, text, "0" * 64, newspaper="云泽日报", issued=day, issued_certain=True)


def official(name: str, *pages: str, official: bool = True) -> Entity:
    return Entity(f"person/{name}", Kind.PERSON, name, official=official, pages=pages, confidence=0.9)


def post(person: str, on: str, title: str = "局长", status: Status = Status.ASSERTED) -> Statement:
    said = (Evidence(on, Span(0, 12)),)
    return Statement(f"person/{person}", Predicate.HOLDS_POST_IN, BODY.id, said, ("post.x",), title=title,
                     status=status, confidence=0.8)  # fmt: skip


def built(folder: Path, pages: Iterable[Page], things: Iterable[Entity], facts: Iterable[Statement] = ()) -> Path:
    readings = tuple(Reading(one) for one in pages)
    write_all(Knowledge(readings, (BODY, *things), tuple(facts)), folder)
    return folder


@pytest.fixture
def builds(tmp_path: Path) -> tuple[Path, Path]:
    first, second = page("2024-01-10", "d1"), page("2024-02-10", "d2")
    program = Entity("program/清溪行动", Kind.PROGRAM, "清溪行动", pages=("d1", "d2"))
    later = page("2024-06-20", "d3")
    old = built(tmp_path / "old", [first, second],
                [official("林岚", "d1"), official("沈越", "d2", official=False), program],
                [post("林岚", "d1"), post("林岚", "d1", "总工程师")])  # fmt: skip
    firm = Entity("enterprise/云泽水务公司", Kind.ENTERPRISE, "云泽水务公司", pages=("d3",))
    context = Entity("enterprise/集团", Kind.ENTERPRISE, "集团", inferred=True)
    new = built(tmp_path / "new", [first, second, later],
                [official("林岚", "d1"), official("沈越", "d2", "d3"), official("何青", "d3"), program, firm, context],
                [post("林岚", "d1"), post("何青", "d3"), post("林岚", "d3", status=Status.NEGATED),
                 post("沈越", "d3", "副局长", Status.PLANNED)])  # fmt: skip
    return old, new


def test_each_thing_that_changed_is_told_once(builds: tuple[Path, Path]) -> None:
    digest = diff(*builds)
    assert digest.until == "2024-06-20"
    assert [(i.news, i.name, i.title, i.date) for i in digest.items] == [
        (News.OFFICIAL, "沈越", "", "2024-02-10"),
        (News.OFFICIAL, "何青", "", "2024-06-20"),
        (News.BEGUN, "何青", "局长", "2024-06-20"),
        (News.ENDED, "林岚", "局长", "2024-06-20"),
        (News.GONE, "林岚", "总工程师", "2024-01-10"),
        (News.FIRM, "云泽水务公司", "", "2024-06-20"),
        (News.QUIET, "清溪行动", "", "2024-02-10"),
    ]
    begun = digest.items[2]
    assert (begun.body, begun.page, begun.sentence) == ("云泽市水利局", "d3:0-12", "云泽市水利局局长某某说。")
    assert begun.confidence == 0.8


def test_a_graph_and_itself(builds: tuple[Path, Path]) -> None:
    assert diff(builds[1], builds[1]).items == ()
    assert kg("diff", builds[1], builds[1]).out == "nothing changed 没有变化\n"


def test_a_program_is_quiet_once(builds: tuple[Path, Path], tmp_path: Path) -> None:
    """Not again where the earlier graph ended after it had become quiet, nor where pages still name it."""
    old, new = builds
    assert [i.news for i in diff(old, new, quiet=131).items].count(News.QUIET) == 0
    days = (("d1", "2024-01-10"), ("d2", "2024-02-10"), ("d4", "2025-01-01"))
    much_later = built(tmp_path / "later", [page(day, name) for name, day in days],
                       [Entity("program/清溪行动", Kind.PROGRAM, "清溪行动", pages=("d1", "d2"))])  # fmt: skip
    assert News.QUIET not in {i.news for i in diff(new, much_later).items}


def _texts(element: ElementTree.Element, path: str) -> list[str]:
    return [one.text or "" for one in element.findall(path, ATOM)]


def test_the_forms_say_the_same(builds: tuple[Path, Path]) -> None:
    items = diff(*builds).items
    text = kg("diff", *builds).out
    told = json.loads(kg("diff", *builds, "--format", "json").out)
    feed = ElementTree.fromstring(kg("diff", *builds, "--format", "atom").out)
    assert [line.split()[1] for line in text.splitlines() if line[:3] == "  2"] == [i.name for i in items]
    assert [Item(**{**one, "news": News(one["news"])}) for one in told["items"]] == list(items)
    titles = _texts(feed, "a:entry/a:title")
    assert len(titles) == len(items)
    assert all(i.name in title for i, title in zip(items, titles, strict=True))
    assert len(set(_texts(feed, "a:entry/a:id"))) == len(items)
    assert _texts(feed, "a:updated") == ["2024-06-20T00:00:00Z"]


def test_names_from_pages_cannot_break_out(tmp_path: Path) -> None:
    old = built(tmp_path / "old", [page("2024-01-10", "d1")], [])
    new = built(tmp_path / "new", [page("2024-01-10", "d1")], [official("<b>&\x1b[31m", "d1")])
    for form in FORMS:
        assert "\x1b" not in kg("diff", old, new, "--format", form).out
    feed = ElementTree.fromstring(kg("diff", old, new, "--format", "atom").out)
    assert "<b>&" in _texts(feed, "a:entry/a:title")[0]


def test_a_folder_without_a_graph_is_one_line(tmp_path: Path) -> None:
    ran = kg("diff", tmp_path / "none", tmp_path / "none")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "none" in ran.err
