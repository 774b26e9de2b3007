"""Reconciliation Service API 0.2, as OpenRefine asks it; and the names behind it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from kg.serve.names import SURE, Named, Names
from kg.serve.spelling import fold, latin, written_out


def _ask(client: TestClient, **queries: Any) -> dict[str, list[dict[str, Any]]]:
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)}).json()
    return {key: one["result"] for key, one in answer.items()}


def test_manifest(client: TestClient) -> None:
    manifest = client.get("/reconcile").json()
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "https://w3id.org/fangzhi/id/"
    assert manifest["schemaSpace"] == "https://w3id.org/fangzhi/ontology#"
    for kind, service in manifest["suggest"].items():
        url = service["service_url"] + service["service_path"]
        assert client.get(url, params={"prefix": "a"}).json().keys() == {"result"}, kind
    view = manifest["view"]["url"].replace(
        "{{id}}", "agency%2F%E4%BA%91%E6%B3%BD%E5%B8%82%E6%B8%85%E6%B2%B3%E5%8C%BA%E6%B0%B4%E5%88%A9%E5%B1%80"
    )
    assert client.get(view).status_code == 200


WANTED = (
    ({"query": "张伟"}, "person/张伟", True),
    ({"query": "張偉"}, "person/张伟", True),
    ({"query": "zhang wei"}, "person/张伟", False),
    ({"query": "清河区水利局"}, "agency/云泽市清河区水利局", True),
    ({"query": "zhāng wěi"}, "person/张伟", False),
    ({"query": "Qīnghéqū"}, "place/清河区", False),
    ({"query": "qing2 he2 qu1"}, "place/清河区", False),
    ({"query": "zw"}, "person/张伟", False),
    ({"query": "yzsqhqslj"}, "agency/云泽市清河区水利局", False),
    ({"query": "清河区人社局"}, "agency/清河区人力资源和社会保障局", False),
    ({"query": "云泽市清河区水利厅"}, "agency/云泽市清河区水利局", False),
    ({"query": "清河区", "type": "Place"}, "place/清河区", True),
    ({"query": "清河区", "type": ["Place"], "limit": 1}, "place/清河区", True),
)


@pytest.mark.parametrize(("query", "thing", "sure"), WANTED)
def test_best_candidate(client: TestClient, query: dict[str, Any], thing: str, sure: bool) -> None:
    best = _ask(client, q=query)["q"][0]
    assert (best["id"], best["match"]) == (thing, sure)
    assert best["type"]
    assert 0 < best["score"] <= 100


def test_namesakes_are_never_a_match(client: TestClient) -> None:
    found = _ask(client, q={"query": "林远"})["q"]
    assert {one["id"] for one in found} == {"person/林远", "person/林远@医生"}
    assert not any(one["match"] for one in found)


@pytest.mark.parametrize(
    "value", ["云泽市清河区水利局", {"id": "agency/云泽市清河区水利局"}, [{"name": "云泽市清河区水利局"}]]
)
def test_a_property_tells_namesakes_apart(client: TestClient, value: object) -> None:
    query = {"query": "林远", "properties": [{"pid": "holdsPostIn", "v": value}]}
    found = _ask(client, q=query)["q"]
    assert [(one["id"], one["match"]) for one in found] == [("person/林远", True), ("person/林远@医生", False)]


BAD = (1, "", None, [], {"query": 1}, {"query": "a", "limit": True}, {"query": "a", "limit": 0},
       {"query": "林远", "properties": {"a": 1}},
       {"query": "林远", "properties": [{"pid": "x> ?y", "v": 1}]})  # fmt: skip


def test_one_bad_query_does_not_fail_the_others(client: TestClient) -> None:
    queries = {"good": {"query": "张伟"}} | {f"bad{number}": query for number, query in enumerate(BAD)}
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200
    answers = answer.json()
    assert answers.pop("good")["result"][0]["id"] == "person/张伟"
    assert {key: one["result"] for key, one in answers.items()} == {f"bad{number}": [] for number in range(len(BAD))}
    assert [key for key, one in answers.items() if not one.get("error")] == ["bad1"]  # an empty text finds nothing


def test_batch_and_type(client: TestClient) -> None:
    answers = _ask(client, a={"query": "林远", "type": "Agency"}, b={"query": ""}, c={"query": "清河", "limit": 2})
    assert answers["a"] == []
    assert answers["b"] == []
    assert len(answers["c"]) <= 2


def test_suggest(client: TestClient) -> None:
    entities = client.get("/reconcile/suggest/entity", params={"prefix": "清河"}).json()["result"]
    assert {"place/清河区", "agency/云泽市清河区水利局"} <= {one["id"] for one in entities}
    types = client.get("/reconcile/suggest/type", params={"prefix": "机构"}).json()["result"]
    assert [one["id"] for one in types] == ["Agency"]
    properties = client.get("/reconcile/suggest/property", params={"prefix": "holds"}).json()["result"]
    assert [one["id"] for one in properties] == ["holdsPostIn"]


def test_extend(client: TestClient) -> None:
    proposed = client.get("/reconcile/properties", params={"type": "Person"}).json()
    assert "holdsPostIn" in {one["id"] for one in proposed["properties"]}
    wanted = {"ids": ["person/林远", "agency/云泽市清河区水利局", "person/x> ?y"],
              "properties": [{"id": "holdsPostIn"}, {"id": "altLabel", "settings": {"limit": 1}}]}  # fmt: skip
    answer = client.post("/reconcile", data={"extend": json.dumps(wanted)}).json()
    assert [one["id"] for one in answer["meta"]] == ["holdsPostIn", "altLabel"]
    body = {"id": "agency/云泽市清河区水利局", "name": "云泽市清河区水利局"}
    assert answer["rows"]["person/林远"] == {"holdsPostIn": [body], "altLabel": []}
    assert answer["rows"][body["id"]]["altLabel"] == [{"str": "清河区水利局"}]
    assert answer["rows"]["person/x> ?y"] == {"holdsPostIn": [], "altLabel": []}


def test_preview(client: TestClient) -> None:
    answer = client.get("/reconcile/preview", params={"id": "person/林远"})
    assert "副局长" in answer.text
    assert client.get("/reconcile/preview", params={"id": "person/nobody"}).status_code == 404


SPELT = (("yúnzéshì", "yunzeshi"), ("yun2ze2shi4", "yunzeshi"), ("lǜhuà", "lvhua"), ("lühua", "lvhua"), ("g20", "g20"),
         ("云泽", ""), ("yún泽", ""), ("", ""))  # fmt: skip


@pytest.mark.parametrize(("text", "spelt"), SPELT)
def test_latin(text: str, spelt: str) -> None:
    assert latin(text) == spelt


WRITTEN = (("云泽市中院", "云泽市中级人民法院"), ("云泽市发改委", "云泽市发展改革委员会"),
           ("云泽市一中", "云泽市第一中学"), ("云泽市法院", "云泽市人民法院"), ("云泽市宣传部", "云泽市委宣传部"),
           ("甲有限责任公司", "甲有限公司"),
           ("清河高新区", "清河高新技术产业开发区"), ("云泽市纪委", "云泽市纪律检查委员会"))  # fmt: skip


@pytest.mark.parametrize(("short", "full"), WRITTEN)
def test_an_abbreviation_is_the_same_name(short: str, full: str) -> None:
    assert written_out(short) == written_out(full)


@pytest.mark.parametrize(
    ("left", "right"), [("云泽市中院", "云泽市中医院"), ("一中", "二中"), ("云泽市法院", "云泽市检察院")]
)
def test_two_bodies_stay_two(left: str, right: str) -> None:
    assert written_out(left) != written_out(right)


def test_a_court_is_no_hospital() -> None:
    """中院 has its characters in order in 中医院 too, but everybody reads it as the court."""
    names = Names(Named(f"agency/{name}", name, (), ("Agency",), 1) for name in ("云泽市中医院", "云泽市中级人民法院"))
    for text, how in (("云泽市中院", "abbreviation"), ("云泽中院", "short-form")):
        found = names.find(text)
        assert [(one.thing.name, one.how) for one in found] == [("云泽市中级人民法院", how), ("云泽市中医院", "alike")]
        assert found[0].score < SURE


@pytest.mark.parametrize("text", ["云泽", "泽市", "yunze"])
def test_a_beginning_or_a_part_is_suggested(text: str) -> None:
    names = Names(
        [Named("agency/1", "云泽市档案馆", (), ("Agency",), 1), Named("agency/2", "《》", (), ("Agency",), 1)]
    )
    assert [thing.id for thing in names.starting(text)] == ["agency/1"]
    assert [one.thing.id for one in names.find(text, limit=2)] == (["agency/1"] if text != "yunze" else [])


@pytest.mark.parametrize(
    ("left", "right"), [("清河·区", "清河区"), ("ＡＢＣ公司", "abc公司"), ("國際", "国际"), (" 林 远 ", "林远")]
)
def test_fold(left: str, right: str) -> None:
    assert fold(left) == fold(right)


def test_a_short_form_of_a_person_is_nobody() -> None:
    names = Names([Named("person/丁宁伟", "丁宁伟", (), ("Person",), 1)])
    assert [one.how for one in names.find("丁伟")] == ["alike"]


def test_order_does_not_depend_on_input() -> None:
    things = [Named(f"agency/{n}", f"清河区第{n}中学", (), ("Agency",), n % 3) for n in range(9)]
    assert Names(things).find("清河区中学") == Names(reversed(things)).find("清河区中学")
