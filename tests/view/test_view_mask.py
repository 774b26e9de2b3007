"""Masking: no ordinary citizen's name is left anywhere in the file, and nobody else's is touched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from view_sample import sample

from kg.rdf import to_graph
from kg.view import view_file, write_html
from kg.view.mask import letters, mask_ordinary
from kg.view.scene import Link, Scene, Sentence, Sheet, Story, Thing

CITIZENS = ("石玉兰", "马春生", "方小满", "秦朝阳")
PUBLIC = ("单晓岚", "邓少华", "陶然", "黎芳")

POST = Link(1, "holdsPostIn", 2, "主任", sentences=(0,))


def masked(text: str, *, links: tuple[Link, ...] = (), more: tuple[Thing, ...] = ()) -> Scene:
    """A citizen 王丽 (with an alias), an official 王丽华, a body, and one sentence."""
    things = (
        Thing("person/王丽", "Person", "王丽", aliases=("王大姐", "王"), misprints=("王俪",), sheets=(0,)),
        Thing("person/王丽华", "Official", "王丽华", sheets=(0,)),
        Thing("agency/王丽工作室", "Agency", "王丽工作室", aliases=("王 丽工作室",)),
        Thing("place/王丽村", "Place", "王丽村"),
        *more,
    )
    story = Story(0, "王丽的一天", ("王丽", "白雪"))
    return mask_ordinary(Scene(things, (POST, *links), (Sentence(0, 0, 9, text, 0),), (Sheet("王丽.txt"),), (story,)))


SENTENCES = [
    ("王丽到场。", "居民A到场。"),
    ("王　丽到场。", "居民A到场。"),
    ("王\n丽到场。", "居民A到场。"),
    ("王大姐和王俪。", "居民A和居民A。"),
    ("王丽华与王丽握手。", "王丽华与居民A握手。"),
    ("姓王的人。", "姓王的人。"),
    ("王丽在王丽村。", "居民A在王丽村。"),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentence(text: str, expected: str) -> None:
    assert masked(text).sentences[0].text == expected


def test_every_place_where_a_name_can_stand() -> None:
    scene = masked("")
    citizen, official, body, place = scene.things
    assert (citizen.id, citizen.name, citizen.aliases, citizen.misprints) == ("person/居民A", "居民A", (), ())
    assert (official.id, official.name) == ("person/王丽华", "王丽华")
    assert (body.id, body.name, body.aliases) == ("agency/居民A工作室", "居民A工作室", ("居民A工作室",))
    assert place.name == "王丽村"
    assert scene.sheets[0].id == "居民A.txt"
    assert scene.stories[0] == Story(0, "居民A的一天", ("居民A", "白雪"))
    assert scene.masked == 1


NAMESAKE = Thing("person/王丽@南浦区", "Official", "王丽", sheets=(0,))


def test_namesake_with_a_post_keeps_the_name_where_only_he_is_meant() -> None:
    scene = masked("王丽到场。", more=(NAMESAKE,), links=(Link(4, "holdsPostIn", 2, "局长", sentences=(0,)),))
    assert scene.things[4].name == "王丽"
    assert scene.sentences[0].text == "王丽到场。"
    both = (Link(4, "holdsPostIn", 2, "局长", sentences=(0,)), Link(0, "takesPartIn", 2, sentences=(0,)))
    assert masked("王丽到场。", more=(NAMESAKE,), links=both).sentences[0].text == "居民A到场。"


def test_denied_post_does_not_make_a_citizen_public() -> None:
    assert masked("", links=(replace(POST, subject=0, status="negated"),)).masked == 1
    assert masked("", links=(replace(POST, subject=0, status="planned"),)).masked == 0


def test_nobody_to_mask() -> None:
    scene = Scene((Thing("place/甲", "Place", "甲"),))
    assert mask_ordinary(scene) is scene


@pytest.mark.parametrize("source", ["knowledge", "turtle"])
def test_no_name_is_left_in_the_file(source: str, tmp_path: Path) -> None:
    path = tmp_path / "graph.html"
    if source == "knowledge":
        write_html(sample(), path, mask="ordinary")
    else:
        to_graph(sample()).serialize(tmp_path / "graph.ttl", format="turtle", encoding="utf-8")
        view_file(tmp_path, path, mask="ordinary")
    text = path.read_text(encoding="utf-8")
    assert [name for name in CITIZENS if name in text] == []
    assert [name for name in PUBLIC if name not in text] == []
    assert all(f"居民{letter}" in text for letter in "ABCD")


@pytest.mark.parametrize(("number", "expected"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_letters(number: int, expected: str) -> None:
    assert letters(number) == expected
