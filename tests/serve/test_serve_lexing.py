"""What is read from SPARQL text: forms, limits, calls to other servers, USING."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from kg.serve.lexing import ConflictError, calls, limit_rows, outline, tokens, with_using

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
    assert outline(text).form == expected


# Query, and how many of the ten rows (LIMIT 4) it may still give; each is run on a store of ten triples.
LIMITED = (
    ("SELECT ?s { ?s ?p ?o }", 4),
    ("SELECT ?s { ?s ?p ?o } # LIMIT 1", 4),
    ("SELECT ?s { ?s ?p ?o } LIMIT 9", 4),
    (f"SELECT ?s {{ ?s ?p ?o }} OFFSET {'0' * 5000}8", 2),
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
    limited, store = limit_rows(outline(text), 4), _ten()
    assert limited is not None
    assert len(list(store.query(limited))) == rows  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["ASK {}", "DESCRIBE <a>", "SELECT * {} LIMIT 4", "SELECT * {} LIMIT 0", "nonsense"])
def test_nothing_to_limit(text: str) -> None:
    assert limit_rows(outline(text), 4) is None


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
    "SELECT * { VALUES ?a\u00b7 { <http://127.0.0.1:1/> } SERVICE ?a\u00b7 { ?s ?p ?o } }",
    "SELECT * { SERVICE <http://127.0.0.1:1/?\u00a0> { ?s ?p ?o } }",
    "SELECT * { SERVICE <http://127.0.0.1:1/\u3000> { ?s ?p ?o } }",
    "PREFIX a\u1680b: <http://127.0.0.1:1/> SELECT * { SERVICE a\u1680b:x { ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE :a\\#b#c\n{ ?s ?p ?o } }",
    "PREFIX silent: <http://127.0.0.1:1/> SELECT * { SERVICE silent:a#c\n{ ?s ?p ?o } }",
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
    assert with_using(text, ("g",), ("h",)).split() == expected.split()


def test_using_twice_conflicts() -> None:
    with pytest.raises(ConflictError, match="using-graph-uri"):
        with_using("WITH <g> DELETE {} WHERE {}", ("g",), ())


def test_stable() -> None:
    assert outline("SELECT ?now { ?s ?p ?now }").stable
    assert outline("SELECT ?rand ('now()' AS ?x) { ?s ?p ?now } # RAND()").stable
    assert not outline("SELECT (NOW() AS ?t) {}").stable
    assert not outline("SELECT (struuid( ) AS ?t) {}").stable
    assert not outline("SELECT (Rand # of all\n () AS ?t) {}").stable


# Texts that a careless pattern reads again and again; each takes time in proportion to its length.
HOSTILE: dict[str, Callable[[int], str]] = {
    "service, then comments": lambda n: "SELECT * { service" + "#a:\n" * n + "}",
    "services in one comment": lambda n: "#" + "service " * n,
    "long s in services": lambda n: "#" + "\u017fervice " * n,
    "49 services, then comments": lambda n: "service " * 49 + "#a:\n" * n,
    "services and silences": lambda n: "service " + "silent " * n,
    "long string never closed": lambda n: "SELECT * { " + '"""\n' + '\\"""\n' * n + " }",
    "long strings never closed": lambda n: "SELECT * { " + "'''\\\"\"\"\\" * n,
    "quotes": lambda n: "'" * (4 * n) + "x",
    "short strings never closed": lambda n: "\"a'" * n,
    "backslashes": lambda n: '"' + "\\" * n,
    "less than": lambda n: "<" * n,
    "iris never closed": lambda n: "<a:" * n,
    "dots": lambda n: "." * n,
    "names without a colon": lambda n: "a.-" * n,
    "numbers": lambda n: "1." * n,
    "colons": lambda n: "a:" * n,
    "escapes": lambda n: ":" + "\\#" * n,
    "brackets": lambda n: "{" * n,
    "closing brackets": lambda n: ")" * n,
    "functions never called": lambda n: "now #" * n + "\n now" * n,
    "limits": lambda n: "SELECT * {} " + "limit " * n,
    "limits with numbers": lambda n: "SELECT * {} " + "limit 9 " * n,
    "values": lambda n: "SELECT * {} " + "values " * n,
    "updates": lambda n: "DELETE WHERE {} ; " * n,
    "shorthands never closed": lambda n: "DELETE WHERE " * n,
    "loads": lambda n: "load" + "#a:\n" * n,
}


def _read(text: str) -> None:
    """All that the server reads from a text."""
    calls(text, (), update=True)
    limit_rows(outline(text), 10)
    with_using(text, ("g",), ())


def _best(text: str) -> float:
    """Seconds of the processor, the least of three."""
    times = []
    for _ in range(3):
        start = time.thread_time()
        _read(text)
        times.append(time.thread_time() - start)
    return min(times)


@pytest.mark.parametrize("name", HOSTILE)
def test_reading_grows_as_the_text_does(name: str) -> None:
    """Eight times the text: eight times the time, not sixty-four."""
    make = HOSTILE[name]
    many = 20_000 // len(make(1))
    assert any(_best(make(8 * many)) < 24 * _best(make(many)) for _ in range(5))
