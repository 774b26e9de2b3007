"""Linked data: from an id to a page or to data; pages that escape every name; terms with their definitions."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import quote, unquote

import pyoxigraph as ox
import pytest
from serving import ID
from starlette.testclient import TestClient

PERSON = "person/" + quote("林远")
EVIL = "enterprise/%3Cscript%3E"

SEE = (
    ("text/html,application/xhtml+xml,*/*;q=0.8", "/page/", ""),
    ("*/*", "/page/", ""),
    ("text/turtle", "/data/", ".ttl"),
    ("application/ld+json;q=0.9, text/html;q=0.1", "/data/", ".jsonld"),
    ("application/n-triples", "/data/", ".nt"),
    ("application/rdf+xml", "/data/", ".rdf"),
)


@pytest.mark.parametrize(("accept", "room", "ending"), SEE)
def test_an_id_leads_on(client: TestClient, accept: str, room: str, ending: str) -> None:
    answer = client.get(f"/id/{PERSON}", headers={"Accept": accept}, follow_redirects=False)
    assert answer.status_code == 303
    assert unquote(answer.headers["location"]) == f"{room}person/林远{ending}"
    assert client.get(f"/id/{PERSON}", headers={"Accept": accept}).status_code == 200


def test_unknown_ids(client: TestClient) -> None:
    assert client.get("/id/person/nobody").status_code == 404
    assert client.get(f"/id/{PERSON}", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("ending", ["ttl", "jsonld", "nt", "rdf"])
def test_data_hold_the_claims_and_their_sentences(client: TestClient, ending: str) -> None:
    answer = client.get(f"/data/{PERSON}.{ending}")
    media = answer.headers["content-type"].split(";")[0]
    quads = list(ox.parse(answer.content, ox.RdfFormat.from_media_type(media)))
    subjects = {quad.subject.value.removeprefix(ID) for quad in quads}
    assert subjects == {"person/林远", "claim/1", "evidence/一版.txt/0-17"}
    assert "清河区水利局副局长林远说<b>水</b>。" in {quad.object.value for quad in quads}


class _Page(HTMLParser):
    """The tags of a page, where its links go, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attributes if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_person_page(client: TestClient) -> None:
    page = _Page(client.get(f"/page/{PERSON}").text)
    for shown in ("林远", "副局长", "云泽市清河区水利局", "云泽日报 2024-05-06", "清河区水利局副局长林远说<b>水</b>。"):
        assert shown in page.text
    assert "b" not in page.tags
    assert "svg" in page.tags
    local = [link for link in page.links if link.startswith(("/page/", "/data/"))]
    assert len(local) > 5
    assert all(client.get(link).status_code == 200 for link in local)


def test_the_body_page_lists_who_is_there(client: TestClient) -> None:
    text = _Page(client.get("/page/agency/" + quote("云泽市清河区水利局")).text).text
    assert "林远" in text
    assert "清河区水利局" in text


PAGES = (f"/page/{EVIL}", "/search?q=script", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/",
         "/reconcile/preview?id=" + quote("enterprise/%3Cscript%3E"), "/search?kind=Enterprise")  # fmt: skip


@pytest.mark.parametrize("url", PAGES)
def test_every_name_is_escaped(client: TestClient, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200
    assert not {"script", "img"} & _Page(answer.text).tags
    assert "default-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "<!--<script>", "' + alert(1) + '", "&amp;\u2028"]
)
def test_the_editor_takes_any_query(client: TestClient, text: str) -> None:
    answer = client.get("/editor", params={"query": text}).text
    assert answer.count("<script") == 2
    assert "alert(1)</script>" not in answer


def test_the_editor_needs_nothing_from_elsewhere(client: TestClient) -> None:
    page = _Page(client.get("/editor").text)
    assert not [link for link in page.links if "://" in link]
    assert client.get("/static/editor.js").status_code == 200
    assert "posts-of" in client.get("/editor").text
    assert client.get("/static/editor.LICENSES.txt").text.count("MIT") > 5


def test_home_counts_and_viewer(client: TestClient) -> None:
    page = _Page(client.get("/").text)
    assert "3 人物 Person" in page.text
    assert "/viewer" in page.links
    assert client.get("/viewer").text.startswith("<!doctype html>")


TERMS = (("text/html", b"holdsPostIn"), ("text/turtle", b"kg:holdsPostIn"), ("application/n-triples", b"#holdsPostIn>"))


@pytest.mark.parametrize(("accept", "holds"), TERMS)
def test_terms_have_definitions(client: TestClient, accept: str, holds: bytes) -> None:
    answer = client.get("/ontology", headers={"Accept": accept})
    assert answer.headers["content-type"].split(";")[0] == accept
    assert holds in answer.content
    assert client.get("/ontology.ttl").content == client.get("/ontology", headers={"Accept": "text/turtle"}).content


@pytest.mark.parametrize("url", [f"/page/{PERSON}", f"/data/{PERSON}.ttl"])
def test_pages_are_cached_by_etag(client: TestClient, url: str) -> None:
    etag = client.get(url).headers["etag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
