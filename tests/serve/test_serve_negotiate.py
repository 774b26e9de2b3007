"""Accept headers, and addresses of things."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.iri import segment
from kg.serve.addresses import address, iri_path
from kg.serve.negotiate import RESULTS, AcceptError, choose

CASES = (
    (None, "application/sparql-results+json"),
    ("*/*", "application/sparql-results+json"),
    ("text/csv", "text/csv"),
    ("text/csv;q=0.3, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
    ("text/*", "text/xml"),
    ("text/*;q=0.5, text/csv;q=0.9", "text/csv"),
    ("*/*;q=0.1, application/json", "application/json"),
    ("text/csv;q=0, */*;q=0.1", "application/sparql-results+json"),
    ("TEXT/CSV ; charset=utf-8 ; Q=0.4", "text/csv"),
    ("image/png", None),
    ("text/csv;q=0", None),
)


@pytest.mark.parametrize(("accept", "expected"), CASES)
def test_choose(accept: str | None, expected: str | None) -> None:
    assert choose(accept, RESULTS) == expected


@pytest.mark.parametrize("accept", ["json", "*/csv", "text/csv;q=2", "text/csv; q=high", "a/b, /", "文/本"])
def test_no_accept_header(accept: str) -> None:
    with pytest.raises(AcceptError):
        choose(accept, RESULTS)


BASE = "https://w3id.org/fangzhi/id/"


@given(st.text(min_size=1, max_size=20))
def test_an_iri_comes_back_from_its_address(name: str) -> None:
    iri = f"{BASE}person/{segment(name)}"
    assert BASE + iri_path(address(iri, BASE).removeprefix("/page/")) == iri


ADDRESSES = (
    ("person/%E5%BC%A0%E4%BC%9F", "person/张伟"),
    ("person%2F%E5%BC%A0%E4%BC%9F", "person/张伟"),
    ("person/a%2Fb", "person/a%2Fb"),
    ("person%2Fa%252Fb", "person/a%2Fb"),
    ("person/%41%20%ff", "person/%41%20%ff"),
    ("person/%41%20", "person/A%20"),
)


@pytest.mark.parametrize(("sent", "path"), ADDRESSES)
def test_iri_path(sent: str, path: str) -> None:
    assert iri_path(sent) == path


def test_elsewhere_stays() -> None:
    assert address("http://elsewhere/", BASE) == "http://elsewhere/"
    assert address("https://w3id.org/fangzhi/ontology#Agency", BASE) == "/ontology#Agency"
