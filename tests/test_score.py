"""Our figures are the shared scorer's, on perfect graphs and on spoilt ones, from memory and from Turtle."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from from_gold import PAIRS, SHARED, load, spoil
from kg.errors import PageError
from kg.export.folder import write_all
from kg.gold import pair, total
from kg.model import Entity, Kind, Knowledge
from kg.score import Verdicts, norm, score_knowledge, score_seen
from kg.seen import seen_in_graph
from knowledge import AGENCY, BUREAU, DISTRICT, FIRM, FRONT, OTHER, PERSON, PROGRAM, knowledge, one_page

GOLD: dict[str, Any] = {
    "doc": "front.txt",
    "articles": [{"id": "a1", "title": "", "starts_with": "桥头区办起“清溪行动”", "journalists": ["何小满"]}],
    "entities": [
        {"id": "e1", "type": "Official", "name": "周明远"},
        {"id": "e2", "type": "Official", "name": "林岚"},
        {"id": "e3", "type": "Agency", "name": "桥头区水利局", "aliases": ["区水利局"]},
        {"id": "e4", "type": "Agency", "name": "云泽市委"},
        {"id": "e5", "type": "Enterprise", "name": "云泽纺织有限公司", "optional": True},
        {"id": "e6", "type": "Place", "name": "桥头区"},
        {"id": "e7", "type": "Program", "name": "“清溪行动”"},
    ],
    "relations": [
        {"s": "e1", "p": "holdsPostIn", "o": "e3", "title": "局长"},
        {"s": "e2", "p": "holdsPostIn", "o": "e4", "title": "副书记"},
        {"s": "e3", "p": "governs", "o": "e6"},
        {"s": "e3", "p": "runs", "o": "e7"},
    ],
}


def figures(known: Knowledge, gold: dict[str, Any] = GOLD) -> dict[str, tuple[int, int, int]]:
    report = score_knowledge(gold, FRONT, known)
    flat = {**report.single, **report.grouped["by type"]}
    return {name: (t.tp, t.fp, t.fn) for name, t in flat.items()}


def test_a_true_graph_is_true() -> None:
    found = figures(one_page())
    assert found["entities"] == (6, 0, 0)
    assert found["relations"] == (4, 0, 0)
    assert found["posts with title"] == (2, 0, 0)
    assert found["official vs person"] == (2, 0, 0)
    assert found["article starts"] == (1, 0, 0)
    assert found["journalists"] == (1, 0, 0)


def without(known: Knowledge, *ids: str) -> Knowledge:
    entities = tuple(e for e in known.entities if e.id not in ids)
    return replace(known, entities=entities, statements=tuple(s for s in known.statements if s.subject not in ids))


def changed(known: Knowledge, id_: str, **fields: Any) -> Knowledge:
    return replace(known, entities=tuple(replace(e, **fields) if e.id == id_ else e for e in known.entities))


CASES = [
    ("a missing person", without(one_page(), PERSON), {"Person": (1, 0, 1), "relations": (3, 0, 1)}),
    ("a missing optional firm", without(one_page(), FIRM), {"Enterprise": (0, 0, 0), "entities": (6, 0, 0)}),
    ("merely a person", changed(one_page(), OTHER, official=False), {"official vs person": (1, 0, 1)}),
    ("the wrong kind", changed(one_page(), PROGRAM, kind=Kind.PLACE), {"Program": (0, 0, 1), "Place": (1, 1, 0)}),
    ("a thing of no page", changed(one_page(), DISTRICT, pages=()), {"Place": (0, 0, 1), "relations": (3, 0, 1)}),
    (
        "one thing twice",
        replace(
            one_page(),
            entities=(*one_page().entities, Entity("agency/x", Kind.AGENCY, "区水利局", pages=("front.txt",))),
        ),
        {"Agency": (2, 1, 0)},
    ),
]


@pytest.mark.parametrize(("name", "known", "expected"), CASES, ids=[c[0] for c in CASES])
def test_a_spoilt_graph(name: str, known: Knowledge, expected: dict[str, tuple[int, int, int]]) -> None:
    found = figures(known)
    assert {key: found[key] for key in expected} == expected


def test_what_is_planned_does_not_count() -> None:
    known = knowledge()
    gold = {**GOLD, "entities": [*GOLD["entities"], {"id": "e8", "type": "Agency", "name": "云泽市数据局"}]}
    gold["relations"] = [{"s": "e8", "p": "runs", "o": "e7"}]
    assert BUREAU in {e.id for e in known.entities}
    assert score_knowledge(gold, FRONT, known).grouped["by predicate"]["runs"].tp == 0


def test_every_error_is_listed() -> None:
    errors = score_knowledge(GOLD, FRONT, without(one_page(), AGENCY, PROGRAM)).errors
    assert any(line.startswith("missed   Agency     桥头区水利局") for line in errors)
    assert any(line.startswith("missed relation   桥头区水利局 runs “清溪行动”") for line in errors)
    assert any(line.startswith("missed post 周明远") for line in errors)


def test_rules_are_judged() -> None:
    gold = {**GOLD, "relations": GOLD["relations"][1:]}
    rules = score_knowledge(gold, FRONT, one_page()).rules
    assert rules["claim", "post.before-name"] == Verdicts(true=1, false=1)
    assert rules["claim", "cue.runs"] == Verdicts(true=1)
    assert rules["claim", "cue.cooperates"] == Verdicts(optional=1)
    assert rules["entity", "program.quotes"] == Verdicts(true=1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("“清溪行动”", "清溪行动"), ("《办法》", "办法"), ("ＡＢ 公司", "ab公司"), (" ", ""), ("甲\n乙", "甲乙")],
)
def test_norm(name: str, expected: str) -> None:
    assert norm(name) == expected


def test_gold_finds_its_page(tmp_path: Path) -> None:
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "front.json").write_text(json.dumps(GOLD), "utf-8")
    (tmp_path / "front.txt").write_text(FRONT, "utf-8")
    [found] = pair([tmp_path / "gold", tmp_path / "front.txt"])
    assert found.page == tmp_path / "front.txt"
    with pytest.raises(PageError, match=r"front\.txt is not among"):
        list(pair([tmp_path / "gold"]))
    with pytest.raises(PageError, match="no gold file"):
        list(pair([tmp_path / "front.txt"]))
    with pytest.raises(PageError, match="no such file"):
        list(pair([tmp_path / "nothing"]))
    (tmp_path / "gold" / "front.json").write_text("[]", "utf-8")
    with pytest.raises(PageError, match="not a gold file"):
        list(pair([tmp_path / "gold"]))


def test_totals_add_up() -> None:
    one = score_knowledge(GOLD, FRONT, one_page())
    both = total([one, one])
    assert both.single["entities"].tp == 2 * one.single["entities"].tp
    assert both.rules["claim", "cue.runs"].true == 2
    assert both.grouped["by type"]["Person"].tp == 4


@pytest.mark.skipif(not PAIRS, reason="the shared pages are not here")
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("gold", "page"), PAIRS)
def test_the_shared_scorer_agrees(gold: Path, page: Path, seed: int, tmp_path: Path) -> None:
    data, text, known = load(gold, page)
    if seed:
        known = spoil(known, seed)
    write_all(known, tmp_path)
    spec = importlib.util.spec_from_file_location("shared_score", SHARED / "gold" / "score.py")
    shared = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shared)
    theirs, _ = shared.score(data, text, str(tmp_path / "graph.ttl"))
    assert score_knowledge(data, text, known).as_dict() == theirs
    assert score_seen(data, text, seen_in_graph(tmp_path / "graph.ttl")).as_dict() == theirs
