"""Clients as they really are: SPARQLWrapper, Java, browsers' forms, OpenRefine's frame, pages elsewhere, a proxy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import SPARQLWrapper as Wrapped
from serving import WRITE, served, serving
from starlette.testclient import TestClient

from kg.errors import KgError
from kg.serve.prefix import prefix
from kg.serve.settings import Settings

JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
CONSTRUCT = "CONSTRUCT WHERE { ?s a kg:Place ; ?p ?o }"
SELECT = "SELECT ?s { ?s a kg:Place }"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PAGE = "http://elsewhere.example"


@pytest.fixture(scope="module")
def address(output: Path) -> Iterator[str]:
    with served(str(output), "--workers", "1") as (_, address):
        yield address


def _wrapped(address: str, query: str, form: str, **options: Any) -> Any:
    asked = Wrapped.SPARQLWrapper(f"{address}/sparql", **options)
    asked.setQuery("PREFIX kg: <https://w3id.org/fangzhi/ontology#> " + query)
    asked.setReturnFormat(form)
    return asked


ROWS = {
    Wrapped.JSON: lambda found: found["results"]["bindings"][0]["s"]["value"],
    Wrapped.XML: lambda found: found.toxml(),
    Wrapped.CSV: lambda found: found.decode(),
    Wrapped.TSV: lambda found: found.decode(),
}
GRAPHS = (Wrapped.XML, Wrapped.RDF, Wrapped.RDFXML, Wrapped.TURTLE, Wrapped.N3, Wrapped.JSONLD)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("form", ROWS)
def test_sparqlwrapper_reads_rows(address: str, form: str, method: str) -> None:
    asked = _wrapped(address, SELECT, form)
    asked.setMethod(method)
    assert "place/清河区" in ROWS[form](asked.queryAndConvert())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("form", GRAPHS)
def test_sparqlwrapper_reads_graphs(address: str, form: str) -> None:
    found = _wrapped(address, CONSTRUCT, form).queryAndConvert()
    assert "清河区" in (found.decode() if isinstance(found, bytes) else found.serialize(format="turtle"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("query", [SELECT, CONSTRUCT, "ASK {}", "DESCRIBE <http://a.example/>"])
@pytest.mark.parametrize("form", sorted({*ROWS, *GRAPHS}))
def test_sparqlwrapper_is_answered_whatever_it_asks(address: str, form: str, query: str) -> None:
    assert _wrapped(address, query, form).query().response.status == 200


FORMATS = (
    ({"format": "csv"}, SELECT, "text/csv"),
    ({"output": "csv"}, SELECT, "text/csv"),
    ({"output": "text/csv"}, SELECT, "text/csv"),
    ({"format": "application/sparql-results+xml"}, SELECT, "application/sparql-results+xml"),
    ({"format": "application/json"}, SELECT, "application/json"),
    ({"format": "APPLICATION/JSON; charset=utf-8"}, SELECT, "application/json"),
    ({"format": "exe"}, SELECT, "application/sparql-results+json"),
    ({"format": "text/html"}, SELECT, "application/sparql-results+json"),
    ({"format": "exe", "output": "tsv"}, SELECT, "text/tab-separated-values"),
    ({"format": ""}, SELECT, "application/sparql-results+json"),
    ({"format": "ttl"}, SELECT, "application/sparql-results+json"),  # a form of triples: for rows the header counts
    ({"format": "csv"}, CONSTRUCT, "text/turtle"),
    ({"format": "turtle"}, CONSTRUCT, "text/turtle"),
    ({"format": "rdf+xml"}, CONSTRUCT, "application/rdf+xml"),
    ({"format": "application/n-triples"}, CONSTRUCT, "application/n-triples"),
)


@pytest.mark.parametrize(("given", "query", "media"), FORMATS)
def test_a_form_by_parameter(client: TestClient, given: dict[str, str], query: str, media: str) -> None:
    answer = client.get("/sparql", params={"query": query, **given})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].split(";")[0] == media


def test_java_is_answered(client: TestClient) -> None:
    rows = client.get("/sparql", params={"query": SELECT}, headers={"Accept": JAVA})
    assert rows.json()["results"]["bindings"]
    assert client.get("/store?default", headers={"Accept": JAVA}).status_code == 200
    assert client.get("/id/place/" + quote("清河区"), headers={"Accept": JAVA}).status_code == 200


def test_an_empty_field_names_no_graph(client: TestClient) -> None:
    empty = {"query": SELECT, "default-graph-uri": "", "named-graph-uri": ""}
    assert len(client.get("/sparql", params=empty).json()["results"]["bindings"]) == 1
    assert len(client.post("/sparql", data=empty).json()["results"]["bindings"]) == 1


def test_a_form_may_hold_characters_as_they_are(client: TestClient) -> None:
    query = 'query=ASK { ?s skos:prefLabel "清河区"@zh }'
    assert client.post("/sparql", content=query.encode(), headers=FORM).json()["boolean"] is True
    queries = 'queries={"q": {"query": "清河区"}}'
    assert client.post("/reconcile", content=queries.encode(), headers=FORM).json()["q"]["result"]
    assert client.post("/sparql", content=b"query=ASK \xff{}", headers=FORM).status_code == 400


ESCAPED = "enterprise/%253Cscript%253E"  # encodeURI of an IRI that ends in %3Cscript%3E


@pytest.mark.parametrize("path", [f"/page/{ESCAPED}", f"/data/{ESCAPED}.ttl", f"/id/{ESCAPED}",
                                  "/page/%2570lace/%25E6%25B8%2585%25E6%25B2%25B3%25E5%258C%25BA"])  # fmt: skip
def test_an_address_that_was_escaped_twice(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_pages_elsewhere_reach_reconciliation_and_no_more(client: TestClient) -> None:
    preflight = {"Origin": PAGE, "Access-Control-Request-Method": "POST"}
    for url, opened in (("/reconcile", True), ("/reconcile/suggest/entity?prefix=a", True), ("/reconcilers", False),
                        ("/sparql?query=ASK{}", False), ("/store?default", False), ("/", False)):  # fmt: skip
        answers = client.get(url, headers={"Origin": PAGE}), client.options(url.partition("?")[0], headers=preflight)
        assert [answer.headers.get("access-control-allow-origin") for answer in answers] == [
            "*" if opened else None] * 2, url  # fmt: skip


def test_an_origin_that_was_allowed_reads_all(output: Path) -> None:
    with serving(Settings(output, workers=1, origins=(PAGE,))) as client:
        answer = client.get("/sparql", params={"query": SELECT}, headers={"Origin": PAGE})
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert "X-Rows-Cut-At" in answer.headers["access-control-expose-headers"]
        other = client.get("/sparql", params={"query": SELECT}, headers={"Origin": "http://other.example"})
        assert "access-control-allow-origin" not in other.headers


def test_only_the_preview_may_stand_in_a_frame(client: TestClient) -> None:
    urls = ("/reconcile/preview?id=place/" + quote("清河区"), "/reconcile", "/", "/viewer")
    policies = {url: client.get(url).headers["content-security-policy"] for url in urls}
    framed = ["frame-ancestors *" in policy for policy in policies.values()]
    assert framed == [True, False, False, False]
    assert all("frame-ancestors" in policy for policy in policies.values())


@pytest.mark.parametrize("iri", ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_what_is_no_web_address_never_becomes_a_link(writable: TestClient, iri: str) -> None:
    place = "https://w3id.org/fangzhi/id/place/新区"
    update = (
        f'INSERT DATA {{ <{place}> a kg:Place ; skos:prefLabel "新区"@zh ; rdfs:seeAlso <{iri}>, <http://a.example/> ; '
        f"kg:mentionedIn <{iri}> . <{place}/claim> rdf:subject <{place}> ; rdf:predicate kg:within ; rdf:object <{iri}>"
        f" ; kg:evidence <{place}/e> . <{place}/e> oa:hasSource <{iri}> ; kg:start 0 . <{iri}> skos:prefLabel 'x' }}"
    )
    assert writable.post("/sparql", data={"update": update}, headers=WRITE).status_code == 204
    text = writable.get("/page/place/" + quote("新区")).text
    links = re.findall(r'href="([^"]*)"', text)
    assert "http://a.example/" in links
    assert iri.partition(":")[2] in text
    assert {link.partition(":")[0].lower() for link in links if ":" in link} <= {"http", "https", "data"}
    assert [link for link in links if link.startswith("data:")] == ["data:,"]  # the empty icon of every page


@pytest.mark.parametrize("below", ["", "/graph"])
def test_a_prefix_stands_before_every_address(output: Path, below: str) -> None:
    """A proxy may take the prefix off the path or leave it on."""
    with serving(Settings(output, workers=1, root_path="/graph")) as client:
        home = client.get(f"{below}/")
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', home.text)
        assert len(links) > 5
        assert all(link.startswith("/graph/") for link in links)
        assert all(client.get(link.removeprefix("/graph") if not below else link).status_code == 200 for link in links)
        moved = client.get(f"{below}/id/place/{quote('清河区')}", follow_redirects=False).headers["location"]
        assert moved.startswith("/graph/page/place/")
        assert client.get(moved).status_code == 200
        manifest = client.get(f"{below}/reconcile").json()
        assert manifest["preview"]["url"].startswith("http://localhost/graph/reconcile/preview?")
        assert "frame-ancestors *" in client.get(f"{below}/reconcile/preview?id=place/清河区").headers[
            "content-security-policy"]  # fmt: skip
        data = client.get(f"{below}/editor").text.partition('id="editor-data">')[2].partition("</script>")[0]
        assert json.loads(data)["endpoint"] == "/graph/sparql"


@pytest.mark.parametrize(("given", "path"), [("", ""), ("/", ""), ("graph", "/graph"), ("/a/b/", "/a/b")])
def test_prefix(given: str, path: str) -> None:
    assert prefix(given) == path


@pytest.mark.parametrize("given", ["/data", "/a b", "/图谱", "/a//b", "http://x/", "/page/x"])
def test_no_prefix(given: str) -> None:
    with pytest.raises(KgError, match="--root-path"):
        prefix(given)
