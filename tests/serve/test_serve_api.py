"""For programs: ready questions, entities and search in pages, full text inside SPARQL."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from serving import ID, WRITE, serving
from starlette.testclient import TestClient

from kg.export.folder import write_all
from kg.query import questions
from kg.serve import fulltext, indexing
from kg.serve.fulltext import BadSearchError, Entry
from kg.serve.search_service import searched
from kg.serve.settings import Settings
from knowledge import AGENCY, PERSON, scored

SEARCH = "https://w3id.org/fangzhi/search#"


@pytest.fixture(scope="module")
def client(output: Path) -> Iterator[TestClient]:
    """The server of the other tests, with the usual time limit."""
    with serving(Settings(output, workers=1)) as client:
        yield client


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server over all that a build writes."""
    folder = tmp_path_factory.mktemp("built")
    write_all(scored(), folder)
    with serving(Settings(folder, workers=1)) as client:
        yield client


def _rows(client: TestClient, query: str) -> list[list[str]]:
    answer = client.get("/sparql", params={"query": query, "format": "csv"})
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text)))[1:]


def test_every_question_is_listed_and_answered(built: TestClient) -> None:
    listed = built.get("/questions").json()["questions"]
    assert {one["name"] for one in listed} == questions().keys()
    known = {"Person": "周明远", "Place": "桥头区", "Agency": "桥头区水利局", "Thing": "桥头区水利局"}
    found = 0
    for one in listed:
        given = {each["name"]: known.get(each["kind"], "桥头区水利局") for each in one["parameters"]}
        answer = built.get(one["url"], params=given | {"limit": "1"})
        assert answer.status_code == 200, (one["name"], answer.text)
        rows = answer.json()["results"]["bindings"]
        assert len(rows) <= 1, one["name"]
        found += len(rows)
    assert found >= len(listed) - 1


def test_a_question_in_csv_and_in_pages(client: TestClient) -> None:
    def asked(**more: str) -> str:
        return client.get("/questions/posts-of", params={"person": "林远", "format": "csv", **more}).text

    (row,) = csv.DictReader(io.StringIO(asked()))
    assert (row["post"], row["body"], row["newspaper"]) == ("副局长", "云泽市清河区水利局", "云泽日报")
    assert asked(offset="1", limit="5").splitlines() == asked().splitlines()[:1]
    accept = {"Accept": "text/csv"}
    assert client.get("/questions/posts-of", params={"person": "林远"}, headers=accept).text == asked()


NOT_ASKED = (
    ("/questions/nothing", 404, "there are: agencies-of"),
    ("/questions/posts-of", 400, "person=… (人名"),
    ("/questions/posts-of?person=", 400, "is missing"),
    ("/questions/posts-of?person=林远远", 404, "there are: 林远"),
    ("/questions/posts-of?person=清河区", 404, "no person named"),
    ("/questions/posts-of?person=林远&place=清河区", 400, "no parameter 'place'"),
    ("/questions/posts-of?person=林远&limit=x", 400, "limit must be a number"),
    ("/questions/posts-of?person=林远&person=张伟", 400, "once is allowed"),
    ('/questions/posts-of?person=" } DROP ALL', 404, "no person named"),
)


@pytest.mark.parametrize(("url", "status", "says"), NOT_ASKED)
def test_a_question_that_cannot_be_asked(client: TestClient, url: str, status: int, says: str) -> None:
    answer = client.get(url)
    assert (answer.status_code, says in answer.text) == (status, True), answer.text


def test_an_entity_with_its_relations(client: TestClient) -> None:
    thing = client.get("/api/entities/person/" + quote("林远")).json()
    assert (thing["id"], thing["iri"], thing["name"]) == ("person/林远", ID + "person/林远", "林远")
    assert thing["kinds"] == ["Official", "Person", "Thing"]
    assert thing["pages"] == ["page/一版.txt"]
    (relation,) = thing["relations"]["items"]
    assert (relation["property"], relation["outgoing"], relation["title"]) == ("holdsPostIn", True, "副局长")
    assert relation["other"]["id"] == "agency/云泽市清河区水利局"
    assert relation["sentences"][0]["text"] == "清河区水利局副局长林远说<b>水</b>。"
    assert all(client.get(link).status_code == 200 for link in thing["links"].values())


def test_relations_come_in_pages_and_by_confidence(built: TestClient) -> None:
    url, seen = f"/api/entities/{quote(AGENCY)}?limit=2", []
    while url:
        page = built.get(url).json()["relations"]
        assert len(page["items"]) <= 2
        seen += [one["claim"] for one in page["items"]]
        url = page["next"]
    assert len(seen) == len(set(seen)) == page["total"] > 2
    surer = built.get(f"/api/entities/{quote(AGENCY)}?min_confidence=0.9").json()
    assert surer["relations"]["left_out"] == 3
    assert surer["confidence"] == 0.95
    assert surer["relations"]["total"] == page["total"] - 3


@pytest.mark.parametrize("how", ["plain", "one piece", "escaped twice"])
def test_an_id_may_be_escaped_in_any_way(built: TestClient, how: str) -> None:
    path = {"plain": quote(PERSON), "one piece": quote(PERSON, safe=""), "escaped twice": quote(quote(PERSON))}[how]
    assert built.get(f"/api/entities/{path}").json()["id"] == PERSON


def test_an_entity_is_cached_by_etag(client: TestClient) -> None:
    url = "/api/entities/person/" + quote("林远")
    etag = client.get(url).headers["etag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/api/entities/person/nobody").status_code == 404


def _found(client: TestClient, **asked: str) -> dict[str, Any]:
    answer = client.get("/api/search", params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_search_by_name_in_pages_with_facets(client: TestClient) -> None:
    found = _found(client, q="清河")
    assert found["facets"]["kind"] == {"Agency": 2, "Place": 1}
    assert found["items"][0]["id"] == "place/清河区"
    assert found["total"] == 3
    bodies = _found(client, q="清河", kind="Agency", limit="1")
    assert (bodies["total"], len(bodies["items"]), bodies["facets"]) == (2, 1, found["facets"])
    further = client.get(bodies["next"]).json()
    assert {one["items"][0]["id"] for one in (bodies, further)} == {
        "agency/云泽市清河区水利局", "agency/清河区人力资源和社会保障局"}  # fmt: skip
    assert further["next"] is None
    assert _found(client)["total"] == 7  # no text: everything that has a name
    assert _found(client, q="lín yuǎn")["items"][0]["how"] == "pinyin"


def test_search_in_sentences(client: TestClient) -> None:
    for text in ("水", "副局", "林远", "清河区水利局", "水利 林远", "副局長"):
        found = _found(client, **{"q": text, "in": "sentences"})
        assert [one["evidence"] for one in found["items"]] == [ID + "evidence/一版.txt/0-17"], text
        assert found["facets"] == {"newspaper": {"云泽日报": 1}, "year": {"2024": 1}}
    for more in ({"q": "河区林"}, {"q": "水利 张伟"}, {"q": "林远", "year": "2023"}, {"q": "林远", "newspaper": "x"}):
        assert _found(client, **more, **{"in": "sentences"})["total"] == 0, more
    assert _found(client, **{"q": "林远", "in": "sentences", "year": "2024"})["items"][0]["page"] == "page/一版.txt"


@pytest.mark.parametrize("asked", ["in=pages", "kind=Planet", "limit=0", "limit=201", "limit=x", "offset=-1", "page=2",
                                   "q=" + "x" * 201, "in=sentences", "in=sentences&q=，", "min_confidence=2",
                                   "in=sentences&q=" + "+".join("ab" * 17)])  # fmt: skip
def test_a_search_that_cannot_be_made(client: TestClient, asked: str) -> None:
    assert client.get(f"/api/search?{asked}").status_code == 400


def test_sparql_asks_the_full_text(client: TestClient) -> None:
    query = """SELECT ?title ?text { SERVICE search:sentences { ?e search:query "副局" ; search:text ?text }
               ?claim kg:evidence ?e ; kg:postTitle ?title }"""
    assert _rows(client, query) == [["副局长", "清河区水利局副局长林远说<b>水</b>。"]]
    names = (
        'SELECT ?x { SERVICE SILENT search:names { ?x search:query "清河 水利"@zh ; search:score ?s . } } ORDER BY ?s'
    )
    assert {row[0] for row in _rows(client, names)} == {ID + "agency/云泽市清河区水利局"}
    own = f'PREFIX s: <{SEARCH}> SELECT ?x {{ SERVICE <{SEARCH}names> {{ ?x s:query "张伟" }} }}'
    assert _rows(client, own) == [[ID + "person/张伟"]]
    some = 'SELECT ?x { SERVICE search:names { ?x search:limit 1 ; search:query "清河" } }'
    assert len(_rows(client, some)) == 1
    both = """SELECT ?x ?e { SERVICE search:names { ?x search:query "林远" }
              SERVICE search:sentences { ?e search:query "林远" } }"""
    assert len(_rows(client, both)) == 2


WRONG = (
    "{ ?x search:query ?text }", "{ ?x search:score ?s }", "{ ?x search:query 1 }", "{ }",
    "{ <http://a/> search:query 'a' }",
    "{ ?x search:query 'a' ; search:limit 0 }", "{ ?x search:query 'a' ; search:limit 99999 }",
    "{ ?x search:query 'a' ; search:score ?x }", "{ ?x search:query 'a' . ?y search:query 'b' }",
    "{ ?x search:query ' ' }",
    "{ ?x search:query 'a' ; search:other ?y }", "{ ?x search:query 'a", "{ ?x search:query '' }",
)  # fmt: skip


@pytest.mark.parametrize("clause", WRONG)
def test_a_clause_of_another_shape_is_refused(client: TestClient, clause: str) -> None:
    answer = client.get("/sparql", params={"query": f"SELECT * {{ SERVICE search:names {clause} }}"})
    assert answer.status_code == 400
    assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


def test_an_error_beside_a_search_keeps_its_place(client: TestClient) -> None:
    query = 'SELECT *\n{ SERVICE search:names {\n ?x search:query "清河" } FILTER }'
    answer = client.get("/sparql", params={"query": query})
    assert answer.text.startswith("line 3, column 33"), answer.text


def test_another_service_is_still_refused(client: TestClient) -> None:
    query = 'SELECT * { SERVICE search:names { ?x search:query "a" } SERVICE <http://127.0.0.1/> { ?s ?p ?o } }'
    assert client.get("/sparql", params={"query": query}).status_code == 403
    other = "SELECT * { SERVICE search:names_ { ?x ?y ?z } }"
    assert client.get("/sparql", params={"query": other}).status_code == 403


def test_text_of_a_graph_cannot_change_the_query(tmp_path: Path) -> None:
    evil = 'x" } } INSERT SERVICE <http://a/> { ?s ?p "\\\n'
    fulltext.build(tmp_path / "f", "1", [Entry("http://a/b", evil)], [])
    text = searched('{ SERVICE search:names { ?x search:query "insert" ; search:text ?t } }', tmp_path / "f").text
    assert text.count("\n") == 0
    assert '\\" } } INSERT' in text


def test_the_index_is_made_once_and_anew_after_a_write(writable: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(indexing, "build", lambda *given: made.append(given[1]) or fulltext.build(*given))
    place = '<https://w3id.org/fangzhi/id/place/新来镇> a kg:Place ; skos:prefLabel "新来镇"@zh'
    query = 'SELECT ?x { SERVICE search:names { ?x search:query "新来" } }'
    assert [_rows(writable, query), _rows(writable, query)] == [[], []]
    assert len(made) == 1
    writable.post("/sparql", data={"update": f"INSERT DATA {{ {place} }}"}, headers=WRITE)
    assert _rows(writable, query) == [["https://w3id.org/fangzhi/id/place/新来镇"]]
    assert len(set(made)) == len(made) == 2


LOOKED_FOR = (
    ("水", True), ("利局", True), ("水利局", True), ("局水", False), ("局副", False), ("gdp", True), ("GDP增", False),
    ("ｇｄｐ", True), ("阿里马", True), ("里·马", True), ("a OR b", False),
    ('"', None), ("水利 gdp", True), ("*", None),
    ("國際", True), ("国际", True), ("际", True), ("10%", True),
)  # fmt: skip


@pytest.mark.parametrize(("text", "there"), LOOKED_FOR)
def test_full_text(tmp_path: Path, text: str, there: bool | None) -> None:
    printed = "云泽市水利局。副局長说，GDP，增长10%；阿里·马在國際中心"
    fulltext.build(tmp_path / "f", "1", [], [Entry("http://a/", printed), Entry("http://b/", "别的")])
    if there is None:
        with pytest.raises(BadSearchError):
            fulltext.find(tmp_path / "f", "sentences", text, 9)
    else:
        found = fulltext.find(tmp_path / "f", "sentences", text, 9)
        assert [one.entry.iri for one in found] == (["http://a/"] if there else [])


def test_an_index_is_of_one_version(tmp_path: Path) -> None:
    assert not fulltext.is_of(tmp_path / "f", "1")
    fulltext.build(tmp_path / "f", "1", [], [])
    assert (fulltext.is_of(tmp_path / "f", "1"), fulltext.is_of(tmp_path / "f", "2")) == (True, False)
    (tmp_path / "f").write_bytes(b"torn")
    assert not fulltext.is_of(tmp_path / "f", "1")

    def broken() -> Iterator[Entry]:
        yield Entry("http://a/", "a")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        fulltext.build(tmp_path / "f", "2", broken(), [])
    assert [file.name for file in tmp_path.iterdir()] == ["f"]


def test_without_sentences_there_is_nothing_to_find(tmp_path: Path) -> None:
    (tmp_path / "graph.ttl").write_text("<http://a> <http://b> 1 .")
    (tmp_path / "graph.nq").unlink(missing_ok=True)
    with serving(Settings(tmp_path, workers=1)) as client:
        assert _found(client, **{"q": "水", "in": "sentences"})["total"] == 0
        assert _found(client, q="水")["total"] == 0
