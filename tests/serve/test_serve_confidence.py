"""Confidence on the server: beside each statement, and lists without what is less sure than was asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from serving import serving
from starlette.testclient import TestClient

from kg.export.folder import write_all
from kg.serve.settings import Settings
from knowledge import AGENCY, PERSON, knowledge, scored

AGENCY_PAGE, PERSON_PAGE = (f"/page/{quote(name)}" for name in (AGENCY, PERSON))


@pytest.fixture(scope="module")
def surer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("scored")
    write_all(scored(), folder)
    with serving(Settings(folder, workers=1)) as client:
        yield client


@pytest.fixture(scope="module")
def unscored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("unscored")
    write_all(knowledge(), folder)
    with serving(Settings(folder, workers=1)) as client:
        yield client


def test_it_stands_beside_the_thing_and_each_statement(surer: TestClient) -> None:
    text = surer.get(AGENCY_PAGE).text
    assert text.count("可信度 confidence 0.950") == 2  # the thing, its director
    assert text.count("可信度 confidence 0.812") == 3  # what one sentence says
    assert 'name="min_confidence"' in text


def test_less_certain_relations_are_left_out_and_counted(surer: TestClient) -> None:
    text = surer.get(AGENCY_PAGE, params={"min_confidence": "0.9"}).text
    assert "周明远" in text
    assert "组织实施" not in text
    assert "3 less certain relations are left out" in text
    assert 'value="0.9"' in text


def test_what_no_sentence_says_stays(surer: TestClient) -> None:
    text = surer.get("/page/place/" + quote("桥头区"), params={"min_confidence": "1"}).text
    assert "inferred from: gazetteer" in text
    assert "confidence 0.8" not in text


def test_a_list_of_things_can_be_filtered(surer: TestClient) -> None:
    everybody = surer.get("/search", params={"kind": "Agency"}).text
    assert "云泽市数据局" in everybody
    assert "0.700" in everybody
    sure = surer.get("/search", params={"kind": "Agency", "min_confidence": "0.9"}).text
    assert "桥头区水利局" in sure
    assert "云泽市数据局" not in sure
    assert 'name="kind" value="Agency"' in sure
    named = surer.get("/search", params={"q": "数据局", "min_confidence": "0.9"}).text
    assert "没有找到" in named


@pytest.mark.parametrize("given", ["", "1.01", "-0.1", "nan", "much", "0_1"])
@pytest.mark.parametrize("place", ["/search?kind=Agency", PERSON_PAGE + "?"])
def test_a_minimum_that_is_no_probability_is_refused(surer: TestClient, place: str, given: str) -> None:
    answer = surer.get(f"{place}&min_confidence={given}")
    assert answer.status_code == 400
    assert "a number from 0 to 1" in answer.text


def test_a_graph_that_nothing_scored_offers_no_filter(unscored: TestClient) -> None:
    assert "min_confidence" not in unscored.get(AGENCY_PAGE).text
    assert "min_confidence" not in unscored.get("/search", params={"kind": "Agency"}).text


def test_sparql_asks_by_it(surer: TestClient) -> None:
    query = "SELECT ?c { ?c a kg:Claim ; kg:confidence ?p FILTER(?p < 0.5) }"
    answer = surer.get("/sparql", params={"query": query, "format": "json"})
    (row,) = json.loads(answer.text)["results"]["bindings"]
    assert row["c"]["value"].endswith("@planned")


def test_a_number_of_another_hand_is_passed_over(tmp_path: Path) -> None:
    write_all(scored(), tmp_path)
    graph = tmp_path / "graph.ttl"
    graph.write_text(graph.read_text("utf-8").replace("kg:confidence 0.950", 'kg:confidence "high"'), "utf-8")
    (tmp_path / "graph.nq").unlink()
    with serving(Settings(tmp_path, workers=1)) as client:
        assert client.get(AGENCY_PAGE).status_code == 200
        assert client.get("/search", params={"kind": "Agency"}).status_code == 200
