"""What is read from SPARQL text: forms, limits, calls to other servers, USING."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from kg.serve.lexing import ConflictError, calls, form, is_stable, limit_rows, tokens, with_using

FORMS = (
    ("SELECT * {}", "SELECT"),
    ("PREFIX ask: <http://ask/> # ASK\nconstruct { ?s ask:select ?o } WHERE {}", "CONSTRUCT"),
    ("BASE <http://x/SELECT> DESCRIBE <a>", "DESCRIBE"),
    ("ASK { ?select ?p 'SELECT' }", "ASK"),
    ("", ""),
    ("INSERT DATA {}", ""),
)


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_form(text: str, expected: str) -> None:
    assert form(text) == expected


# Query, and how many of the ten rows (LIMIT 4) it may still give; each is run on a store of ten triples.
LIMITED = (
    ("SELECT ?s { ?s ?p ?o }", 4),
    ("SELECT ?s { ?s ?p ?o } # LIMIT 1", 4),
    ("SELECT ?s { ?s ?p ?o } LIMIT 9", 4),
    ("SELECT ?s { ?s ?p ?o } OFFSET 8", 2),
    ("SELECT ?s { ?s ?p ?o } OFFSET 7 LIMIT 99", 3),
    ("SELECT ?s { ?s ?p ?o } LIMIT 99 OFFSET 3", 4),
    ("SELECT ?s { { SELECT ?s { ?s ?p ?o } LIMIT 5 } }", 4),
    ("SELECT ?s { ?s ?p ?o } ORDER BY ?s VALUES ?x { 1 2 }", 4),
    ("SELECT ?s { VALUES ?x { 1 2 } ?s ?p ?o }", 4),
    ("PREFIX limit: <http://e/> SELECT ?limit { ?limit ?p ?o FILTER(?o != 'LIMIT 3') }", 4),
    ("SELECT ?s (EXISTS { ?s ?p 1 } AS ?y) { ?s ?p ?o } GROUP BY ?s HAVING (COUNT(*) > 0)", 4),
    ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", 4),
    ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 100", 4),
)


def _ten() -> Store:
    store = Store()
    store.update("INSERT DATA { " + " ".join(f"<http://e/{n}> <http://e/p> {n} ." for n in range(10)) + " }")
    return store


@pytest.mark.parametrize(("text", "rows"), LIMITED)
def test_limit_cuts_where_it_should(text: str, rows: int) -> None:
    limited, store = limit_rows(text, 4), _ten()
    assert limited is not None
    assert len(list(store.query(limited.text))) == rows  # type: ignore[arg-type]
    unlimited = len(list(store.query(text)))  # type: ignore[arg-type]
    assert bool(list(store.query(limited.probe))) == (unlimited > 4)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["ASK {}", "DESCRIBE <a>", "SELECT * {} LIMIT 4", "SELECT * {} LIMIT 0", "nonsense"])
def test_nothing_to_limit(text: str) -> None:
    assert limit_rows(text, 4) is None


INSIDE = "http://127.0.0.1:1/"
CALLING = (
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { service silent<http://127.0.0.1:1/>{?s ?p ?o} }",
    "SELECT * { ?s ?p trueSERVICE<http://127.0.0.1:1/>{?s ?p ?o} }",
    "SELECT * { ?s ?p 1SERVICE<http://127.0.0.1:1/>{?s ?p ?o} }",
    "PREFIX e: <http://127.0.0.1:1/> SELECT * { SERVICE#x\n e: #y\n { ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:{ ?s ?p ?o } }",
    "SELECT * { VALUES ?u { <http://127.0.0.1:1/> } SERVICE ?u { ?s ?p ?o } }",
    "SELECT * { FILTER(?a<?b)SERVICE?x#>\n{ ?s ?p ?o } }",
    r"SELECT * { SERVICE <\u0068ttp://127.0.0.1:1/> { ?s ?p ?o } }",
    "BASE <http://127.0.0.1:1/> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "#" + "service " * 60,
)


@pytest.mark.parametrize("text", CALLING)
def test_calls_are_seen(text: str) -> None:
    assert calls(text, ())
    assert calls(text, ("http://elsewhere.example/sparql",))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service ?x { ?service ?p ?x }",
        "SELECT * { ?s <http://e/service> ?o }",
        "PREFIX service: <http://e/> SELECT * { ?s service:of ?o }",
        "SELECT * { ?s ?p 'a service in town' } # service",
    ],
)
def test_no_call(text: str) -> None:
    assert calls(text, ()) == []


def test_a_named_service_is_allowed() -> None:
    text = f"SELECT * {{ SERVICE <{INSIDE}> {{ ?s ?p ?o }} }}"
    assert calls(text, (INSIDE,)) == []
    assert calls(text.replace("SERVICE", "SERVICE <http://other/> {} SERVICE"), (INSIDE,)) == ["<http://other/>"]


@pytest.mark.parametrize(
    "text", ["LOAD <http://a/>", "LOAD SILENT <http://a/> INTO GRAPH <http://g/>", "load#\n<http://a/>"]
)
def test_load_is_seen_in_an_update(text: str) -> None:
    assert calls(text, (), update=True)
    assert not calls(text, ("http://a/",), update=True)


@given(st.text(alphabet="SELECT{}()<>?$:'\"\\# \n1aservice", max_size=60))
def test_tokens_never_fail_and_stand_in_order(text: str) -> None:
    found = list(tokens(text))
    assert all(text[one.start : one.end].upper() == one.text.upper() for one in found)
    assert [one.start for one in found] == sorted({one.start for one in found})


USING = (
    ("INSERT {?s ?p 1} WHERE {?s ?p 2}", "INSERT {?s ?p 1} USING <g> USING NAMED <h> WHERE {?s ?p 2}"),
    ("DELETE WHERE {?s ?p ?o}", "DELETE {?s ?p ?o} USING <g> USING NAMED <h> WHERE {?s ?p ?o}"),
    ("INSERT DATA { <a> <b> 'WHERE' }", "INSERT DATA { <a> <b> 'WHERE' }"),
)


@pytest.mark.parametrize(("text", "expected"), USING)
def test_using(text: str, expected: str) -> None:
    assert with_using(text, ["g"], ["h"]).split() == expected.split()


def test_using_twice_conflicts() -> None:
    with pytest.raises(ConflictError, match="using-graph-uri"):
        with_using("WITH <g> DELETE {} WHERE {}", ["g"], [])


def test_stable() -> None:
    assert is_stable("SELECT ?now { ?s ?p ?now }")
    assert not is_stable("SELECT (NOW() AS ?t) {}")
    assert not is_stable("SELECT (struuid( ) AS ?t) {}")
