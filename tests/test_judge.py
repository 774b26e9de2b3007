"""Things and facts of a whole page weighed together. The scorers are put in by hand; their features are looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from by_hand import mentions
from kg.judge import facts, judged, things, verdict
from kg.judge.endings import FILE, endings, said_by_endings
from kg.judge.gathered import COMMON, Gathered, gathered
from kg.model import Article, Claim, Mention, Page, Predicate, Reading, Span, Status
from kg.network.read import WEIGHTS, weights

WATER, WOOD = "[[云泽市:Place]水利局:Agency]", "[[云泽市:Place]林业局:Agency]"
TEXT = f"{WATER}和{WOOD}办[清溪行动:Program]。{WATER}很忙。"
Rows = list[dict[str, float]]


def reading(text: str = TEXT, claims: Callable[[Article, list[Mention]], list[Claim]] | None = None) -> Reading:
    article, found = mentions(text)
    sure = [replace(mention, confidence=0.9 - 0.1 * number) for number, mention in enumerate(found)]
    said = tuple(claims(article, sure)) if claims else ()
    return Reading(Page("page", article.text, ""), (article,), tuple(sure), said)


def runs(article: Article, found: list[Mention]) -> list[Claim]:
    """Every agency runs the program, each later one less surely."""
    (program,) = [m for m in found if m.kind == "Program"]
    bodies = [m for m in found if m.kind == "Agency"]
    return [
        Claim(article.id, body.id, Predicate.RUNS, program.id, Span(0, 9), "network", confidence=0.8 - 0.2 * number)
        for number, body in enumerate(bodies)
    ]


def rows(page: Gathered) -> tuple[Rows, Rows]:
    of_things = [dict(zip(things.FEATURES, map(float, row), strict=True)) for row in things.features(page)]
    return of_things, [dict(zip(facts.FEATURES, map(float, row), strict=True)) for row in facts.features(page)]


def give(monkeypatch: pytest.MonkeyPatch, thing: float, fact: float) -> None:
    chance = {"things": thing, "facts": fact}
    monkeypatch.setattr(verdict, "voted", lambda name, x, *_: np.full(len(x), chance[name], np.float32))


def test_a_page_is_gathered_by_thing_and_by_fact() -> None:
    page = gathered(reading(claims=runs))
    assert [(t.name, len(t.mentions)) for t in page.things] == [
        ("云泽市林业局", 1), ("云泽市水利局", 2), ("云泽市", 3), ("清溪行动", 1),
    ]  # fmt: skip
    assert [(f.subject.name, f.object.name, len(f.claims)) for f in page.facts] == [
        ("云泽市林业局", "清溪行动", 1), ("云泽市水利局", "清溪行动", 2),
    ]  # fmt: skip


def test_features_say_what_else_the_page_says() -> None:
    of_things, of_facts = rows(gathered(reading(claims=runs)))
    place, water = of_things[2], of_things[1]
    assert (place["completes others"], place["names that hold it"], place["mentions"]) == (
        3,
        2,
        pytest.approx(np.log(3)),
    )
    assert (water["as subject of runs"], water["facts"], water["share inside others"]) == (pytest.approx(0.8), 1, 0)
    assert place["share inside others"] == 1
    wood = of_facts[0]
    assert (wood["another subject"], wood["other subjects"]) == (pytest.approx(0.8), 1)
    assert (of_facts[1]["another subject"], of_facts[1]["claims"]) == (pytest.approx(0.6), pytest.approx(np.log(2)))


def test_what_follows_from_two_others_is_known() -> None:
    text = "[望舒区:Place]在[云泽市:Place]，[云泽市:Place]在[南川省:Place]。"

    def within(article: Article, found: list[Mention]) -> list[Claim]:
        ends = {m.surface: m.id for m in found}
        pairs = [("望舒区", "云泽市", 0.9), ("云泽市", "南川省", 0.8), ("望舒区", "南川省", 0.5)]
        return [
            Claim(article.id, ends[a], Predicate.WITHIN, ends[b], Span(0, 3), "network", confidence=c)
            for a, b, c in pairs
        ]

    page = gathered(reading(text, within))
    follows = {
        (f.subject.name, f.object.name): row["follows from others"]
        for f, row in zip(page.facts, rows(page)[1], strict=True)
    }
    assert follows["望舒区", "南川省"] == pytest.approx(0.8)
    assert follows["望舒区", "云泽市"] == 0


def test_the_surest_has_the_chance_of_the_whole_and_the_others_a_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, 0.6, 0.5)
    before = reading(claims=runs)
    after = judged(before)
    by_id = {mention.id: mention.confidence for mention in after.mentions}
    for thing in gathered(before).things:
        surest = max(mention.confidence for mention in thing.mentions)
        for mention in thing.mentions:
            assert by_id[mention.id] == pytest.approx(0.6 * mention.confidence / surest)
    assert sorted(claim.confidence for claim in after.claims) == pytest.approx([0.25, 0.5, 0.5])


def test_what_the_page_makes_unlikely_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, 0.9, verdict.WORTH / 2)
    assert judged(reading(claims=runs)).claims == ()
    give(monkeypatch, verdict.WORTH / 2, 0.9)
    assert judged(reading(claims=runs)).mentions == ()


def test_a_planned_fact_keeps_its_own_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, 0.9, 0.5)
    before = reading(claims=lambda a, found: [replace(runs(a, found)[0], status=Status.PLANNED)])
    assert [claim.confidence for claim in judged(before).claims] == [0.8]


def test_a_page_without_names_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(reading("今天没有消息。")).mentions == ()


def test_names_are_not_compared_with_all_others() -> None:
    """A piece that very many names share tells nothing, and would cost the square of their number."""
    crowd = "、".join(f"[{a}{b}小学:Agency]" for a in "甲乙丙丁戊己庚" for b in "子丑寅卯辰巳午未")
    page = gathered(reading(crowd))
    assert len(page.things) == 56 > COMMON
    assert max(map(len, page.alike)) < 20


def test_a_mention_inside_a_longer_one_is_held() -> None:
    _, found = mentions("[[云泽市:Place]水利局:Agency]和[望舒区:Place]")
    held = things.held(found)
    assert {m.surface for m in found if m.id in held} == {"云泽市"}


def governs(article: Article, found: list[Mention]) -> list[Claim]:
    """Every agency governs the place whose mention stands in its own."""
    inside = {place.id: place for place in found if place.kind == "Place"}
    bodies = [m for m in found if m.kind == "Agency"]
    return [
        Claim(article.id, body.id, Predicate.GOVERNS, place.id, body.span, "network", confidence=0.6)
        for body in bodies
        for place in inside.values()
        if body.span.start <= place.span.start < body.span.end
    ]


def test_what_a_name_ends_with_counts_for_what_it_governs() -> None:
    text = "[[云泽市:Place]大学:Agency]和[[云泽市:Place]水利局:Agency]开会。"
    page = gathered(reading(text, governs))
    assert [one.subject.name for one in page.facts] == ["云泽市大学", "云泽市水利局"]
    assert list(endings(page.facts[0])) == [(Predicate.GOVERNS, end) for end in ("", "学", "大学", "市大学")]
    school, office = said_by_endings(page.facts)
    assert school < -1 < 0 < office


def test_of_other_relations_an_ending_says_nothing() -> None:
    page = gathered(reading(claims=runs))
    assert said_by_endings(page.facts).tolist() == [0, 0]


def test_weights_without_endings_read_as_they_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = weights("facts.onnx").parent
    for file in own.iterdir():
        if file.name != FILE:
            (tmp_path / file.name).symlink_to(file)
    monkeypatch.setenv(WEIGHTS, str(tmp_path))
    page = gathered(reading(claims=governs))
    assert said_by_endings(page.facts).tolist() == [0] * len(page.facts) != []
