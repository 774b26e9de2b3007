"""The viewer's filter by confidence: there where the graph has one, and then it changes everything that is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from reader import drawn, state
from view_sample import sample, scored

from kg.export.folder import write_all
from kg.view.from_knowledge import scene_from_knowledge
from kg.view.from_rdf import scene_from_file

playwright = pytest.importorskip("playwright.sync_api", reason="the viewer's tests need playwright (extra dev)")

if TYPE_CHECKING:
    from conftest import Open

SLIDER = "[data-key=confidence]"
SIFTED = "#?sure=0.9"


def test_a_scene_has_the_confidence_of_what_pages_say(tmp_path: Path) -> None:
    known = scored()
    write_all(known, tmp_path)
    built, read = scene_from_knowledge(known), scene_from_file(tmp_path)
    assert {t.id: t.confidence for t in built.things} == {t.id: t.confidence for t in read.things}
    assert sorted(map(str, (x.confidence for x in built.links))) == sorted(map(str, (x.confidence for x in read.links)))
    assert {x.confidence for x in built.links if not x.sentences} == {None}
    assert None not in {x.confidence for x in built.links if x.sentences}


def test_without_scores_there_is_no_filter_and_no_number(open_page: Open) -> None:
    page = open_page(sample(), "#person/单晓岚")
    assert page.locator(SLIDER).count() == 0
    assert "可信度" not in page.inner_text("body")


def test_one_number_everywhere_is_nothing_to_choose_by(open_page: Open) -> None:
    known = sample()
    same = replace(known, statements=tuple(replace(s, confidence=0.8) for s in known.statements))
    same = replace(same, entities=tuple(replace(e, confidence=0.801) for e in known.entities))
    assert open_page(same).locator(SLIDER).count() == 0


def test_the_slider_sifts_the_drawing_the_counts_and_the_table(open_page: Open) -> None:
    known = scored()
    sure = {entity.id for entity in known.entities if entity.pages and entity.confidence >= 0.9}
    page = open_page(known)
    assert len(sure) < len(drawn(page)) == len(known.entities)
    whole = page.locator("#filters .count").all_inner_texts()
    page.locator(SLIDER).fill("90")
    page.locator(SLIDER).dispatch_event("change")
    assert state(page) == "#?sure=0.9"
    assert {thing for thing in drawn(page) if page_names(page, thing)} == sure
    assert "筛选略去" in page.inner_text("#shown")
    assert page.locator("#filters .count").all_inner_texts() != whole
    classes, relations = (page.locator("#filters section").nth(i).locator(".count") for i in (0, 1))
    assert sum(map(int, classes.all_inner_texts())) == len(drawn(page))
    assert sum(map(int, relations.all_inner_texts())) == page.evaluate("fangzhi.passing.links.size")
    links = page.evaluate("[...fangzhi.passing.links].map((link) => [link.confidence, link.sentences.length])")
    assert links
    assert all(confidence >= 0.9 if quoted else confidence is None for confidence, quoted in links)
    page.click("#do-table")
    assert page.locator("tbody tr").count() == len(drawn(page))
    assert "可信度" in page.inner_text("thead")


def page_names(page: object, thing: str) -> bool:
    """Whether a page names the thing; the others are the gazetteer's."""
    found = page.evaluate("(id) => fangzhi.THINGS.find((one) => one.id === id).sheets.length", thing)  # type: ignore[attr-defined]
    return bool(found)


def test_the_address_and_undo_hold_the_choice(open_page: Open) -> None:
    page = open_page(scored(), SIFTED)
    few = drawn(page)
    assert page.locator(SLIDER).input_value() == "90"
    assert page.locator(SLIDER).get_attribute("aria-valuetext") == "0.90"
    page.click("[data-key=reset]")
    assert len(drawn(page)) > len(few)
    page.keyboard.press("z")
    assert drawn(page) == few


@pytest.mark.parametrize("given", ["1.5", "-1", "abc", ""])
def test_an_address_that_asks_for_no_probability_is_passed_over(open_page: Open, given: str) -> None:
    known = scored()
    assert len(drawn(open_page(known, f"#?sure={given}"))) == len(known.entities)


def test_the_number_stands_beside_things_and_relations_in_both_languages(open_page: Open) -> None:
    page = open_page(scored(), "#person/单晓岚")
    page.locator("#panel .relation summary").first.click()
    playwright.expect(page.locator("#panel .inside").first).to_contain_text("可信度 0.")
    assert "可信度 0.9" in page.inner_text("#panel")
    page.click("#do-lang")
    assert "confidence 0.9" in page.inner_text("#panel")
    assert "At least" in page.inner_text("#filters")


def test_a_masked_page_keeps_the_filter(open_page: Open) -> None:
    assert open_page(scored(), mask="ordinary").locator(SLIDER).count() == 1


def test_nothing_is_left_under_a_confidence_that_nothing_has(open_page: Open) -> None:
    page = open_page(scored(), "#?sure=1")
    assert not {thing for thing in drawn(page) if page_names(page, thing)}
