"""kg query: a user's SPARQL, ready questions, every format, and errors that say where and what there is."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pyoxigraph
import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.errors import OutputError, QueryError
from kg.export.folder import write_all
from kg.query import QUESTIONS, ask, questions, render, run
from kg.rdf import to_store
from kg.store import open_graph, open_store
from kg.terminal import printable
from knowledge import knowledge

STORE = to_store(knowledge())

ANSWERS = [
    ("posts-of", {"person": "周明远"}, {"局长", "桥头区水利局", "front.txt", "second.txt"}),
    ("posts-of", {"person": "林岚"}, {"副书记", "中共云泽市委"}),
    ("officials-of", {"place": "桥头区"}, {"周明远", "局长"}),
    ("officials-of", {"place": "云泽市"}, {"周明远", "局长"}),  # 桥头区 lies within 云泽市
    ("agencies-of", {"place": "云泽市"}, {"桥头区水利局", "桥头区"}),
    ("programs-of", {"place": "桥头区"}, {"清溪行动", "runs", "桥头区水利局"}),
    ("enterprises-in", {"place": "云泽市"}, {"云泽纺织有限公司"}),
    ("partners-of", {"name": "云泽纺织有限公司"}, {"桥头区水利局", "Agency"}),
    ("partners-of", {"name": "区水利局"}, {"云泽纺织有限公司", "Enterprise"}),  # an alias, and from the other end
    ("evidence-for", {"name": "云泽市数据局"}, {"planned", "cue.runs", "2024-03-09"}),
    ("evidence-for", {"name": "桥头区"}, {"governs", "compose.governs"}),
]
SILENT = [
    ("programs-of", {"place": "柳树村"}),
    ("enterprises-in", {"place": "桥头区"}),
    ("partners-of", {"name": "周明远"}),
]


def cells(form: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(form)))


@pytest.fixture
def built(tmp_path: Path) -> Path:
    write_all(knowledge(), tmp_path / "out")
    return tmp_path / "out"


@pytest.mark.parametrize(("name", "values", "expected"), ANSWERS)
def test_a_ready_question(name: str, values: dict[str, str], expected: set[str]) -> None:
    rows = cells(render(ask(STORE, name, values), "csv"))
    assert len(rows) > 1
    assert len(set(map(tuple, rows))) == len(rows), "a row stands there twice"
    assert expected <= {cell for row in rows for cell in row}


@pytest.mark.parametrize(("name", "values"), SILENT)
def test_a_ready_question_with_nothing_to_say(name: str, values: dict[str, str]) -> None:
    assert len(cells(render(ask(STORE, name, values), "csv"))) == 1


def test_a_plan_is_not_a_program_that_is_run() -> None:
    assert "云泽市数据局" not in render(ask(STORE, "programs-of", {"place": "云泽市"}), "csv")


def test_every_question_has_answers_here_and_says_what_it_is() -> None:
    assert {name for name, _, _ in ANSWERS} == questions().keys() == {p.stem for p in QUESTIONS.glob("*.rq")}
    for question in questions().values():
        assert question.zh
        assert question.en
        assert question.parameters
        assert all(f"${p.name}" in question.sparql for p in question.parameters)
        assert "ORDER BY" in question.sparql


def test_every_question_stands_in_the_docs() -> None:
    docs = (Path(__file__).parents[1] / "docs" / "queries.md").read_text("utf-8")
    assert all(f"`{name}`" in docs for name in questions())


def test_the_queries_of_the_docs_have_answers(built: Path) -> None:
    docs = (Path(__file__).parents[1] / "docs" / "queries.md").read_text("utf-8")
    found = re.findall(r"```sparql\n(.*?)```", docs, re.DOTALL)
    assert len(found) == 6
    counts = [len(cells(render(run(built, sparql), "csv"))) - 1 for sparql in found]
    assert counts == [1, 0, 7, 1, 2, 1]


@pytest.mark.parametrize(
    ("name", "values", "says"),
    [
        ("posts", {}, "agencies-of, enterprises-in"),
        ("posts-of", {}, "-p person="),
        ("posts-of", {"person": "  "}, "-p person="),
        ("posts-of", {"person": "周明远", "year": "2024"}, "year"),
        ("posts-of", {"person": "周明"}, "周明远"),
        ("posts-of", {"person": "桥头区"}, "no person named"),
        ("officials-of", {"place": "云泽"}, "云泽市"),
        ("evidence-for", {"name": '林岚"@zh . ?x ?y "'}, "林岚"),
        ("evidence-for", {"name": "} DROP ALL #"}, "no thing named"),
    ],
)
def test_what_is_wrong_is_one_line_that_says_what_there_is(name: str, values: dict[str, str], says: str) -> None:
    with pytest.raises(QueryError) as caught:
        ask(STORE, name, values)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_name_full_of_signs_is_bound_and_not_pasted() -> None:
    odd = '甲"} # \\ \n乙'
    store = pyoxigraph.Store()
    label = pyoxigraph.Literal(odd, language="zh")
    thing, pref = pyoxigraph.NamedNode("urn:x"), pyoxigraph.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    type_ = pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    store.add(pyoxigraph.Quad(thing, pref, label))
    store.add(pyoxigraph.Quad(thing, type_, pyoxigraph.NamedNode("https://w3id.org/fangzhi/ontology#Thing")))
    assert render(ask(store, "evidence-for", {"name": odd}), "csv").count("\n") == 1


@pytest.mark.parametrize(
    ("sparql", "says"),
    [
        ("SELECT * {\n ?s ?p ?o\n} LIMITT 3", "line 3, column"),
        ("SELECT ?x { ?s foo:p ?o }", "line 1, column"),
        ("DELETE WHERE { ?s ?p ?o }", "only reads"),
        ("", "line 1, column 1"),
    ],
)
def test_a_malformed_query_says_where(sparql: str, says: str) -> None:
    with pytest.raises(QueryError, match=says) as caught:
        run(STORE, sparql)
    assert "\n" not in str(caught.value)


SELECT = "SELECT ?name { ?x a kg:Official ; skos:prefLabel ?name } ORDER BY ?name"


def test_forms() -> None:
    assert cells(render(run(STORE, SELECT), "csv")) == [["name"], ["周明远"], ["林岚"]]
    assert render(run(STORE, SELECT), "tsv").splitlines() == ["?name", '"周明远"@zh', '"林岚"@zh']
    bindings = json.loads(render(run(STORE, SELECT), "json"))["results"]["bindings"]
    assert [b["name"]["value"] for b in bindings] == ["周明远", "林岚"]
    assert "<literal" in render(run(STORE, SELECT), "xml")
    assert json.loads(render(run(STORE, "ASK { ?x a kg:Place }"), "json"))["boolean"] is True
    assert "yes" in render(run(STORE, "ASK { ?x a kg:Place }"), "table")


def test_triples_are_turtle() -> None:
    text = render(run(STORE, "CONSTRUCT WHERE { ?x kg:governs ?y }"), "ttl")
    assert "agency:桥头区水利局\n    kg:governs place:桥头区 ;" in text
    assert len(list(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE))) == 1
    blank = render(run(STORE, "CONSTRUCT { [] kg:governs ?y } WHERE { ?x kg:governs ?y }"), "ttl")
    assert len(list(pyoxigraph.parse(blank, format=pyoxigraph.RdfFormat.TURTLE))) == 1


@pytest.mark.parametrize(("sparql", "form"), [(SELECT, "ttl"), (SELECT, "doc"), ("CONSTRUCT WHERE {?s ?p ?o}", "csv")])
def test_a_form_that_does_not_fit(sparql: str, form: str) -> None:
    with pytest.raises(QueryError, match="--format"):
        render(run(STORE, sparql), form)


def test_a_table_lines_up_and_hides_nothing() -> None:
    sparql = 'SELECT ?a ?b { VALUES (?a ?b) { ("云泽" "一") ("a\\u001B[31m" "二") } }'
    lines = render(run(STORE, sparql), "table", 60).splitlines()
    assert "\x1b" not in "".join(lines)
    assert "a\\x1b[31m" in "".join(lines)
    rows = [line for line in lines if "一" in line or "二" in line]
    columns = [len(row[: row.index("一" if "一" in row else "二")]) + row.count("云") + row.count("泽") for row in rows]
    assert columns[0] == columns[1]
    assert lines[-1] == "2 rows"


def test_markup_is_no_markup() -> None:
    assert "[bold]甲[/bold]" in render(run(STORE, 'SELECT ?a { VALUES ?a { "[bold]甲[/bold]" } }'), "table", 60)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("云泽\n市", "云泽⏎市"),
        ("a\x1b[2J", "a\\x1b[2J"),
        ("\u202e反", "\\u202e反"),
        ("零\u200b宽", "零\\u200b宽"),
        ("好!", "好!"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_sources(built: Path) -> None:
    for source in (built, built / "graph.ttl", built / "graph.nq"):
        assert cells(render(run(source, SELECT), "csv"))[1:] == [["周明远"], ["林岚"]]
    assert len(open_graph(built)) == len(open_store(built)) == len(open_graph(built / "graph.nq"))


def test_a_page_is_a_named_graph(built: Path) -> None:
    rows = cells(render(run(built, "SELECT DISTINCT ?g { GRAPH ?g { ?x a kg:Place } } ORDER BY ?g"), "csv"))
    assert [row[0].rsplit("/", 1)[-1] for row in rows[1:]] == ["inferred", "front.txt", "second.txt"]


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "notes.docx").write_text("")
    (tmp_path / "bad.ttl").write_text("a b c")
    for name, says in (("none", "no such"), ("notes.docx", "graph file"), ("bad.ttl", "line 1"), (".", "kg build")):
        with pytest.raises(OutputError, match=says):
            open_store(tmp_path / name)


def command(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app(), ["query", *arguments])
    return result.exit_code, result.output


def test_the_command(built: Path, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text("\ufeff" + SELECT, "utf-8")
    code, output = command(str(built), SELECT, "--format", "csv")
    assert (code, output.split()) == (0, ["name", "周明远", "林岚"])
    assert command(str(built), "--file", str(tmp_path / "q.rq"), "--format", "csv")[1].startswith("name")
    assert "局长" in command(str(built), "--named", "posts-of", "-p", "person=周明远")[1]
    assert all(name in command("--list")[1] for name in questions())


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["out"],
        ["out", SELECT, "--named", "posts-of"],
        ["out", SELECT, "--format", "doc"],
        ["out", "--named", "posts-of", "-p", "x"],
    ],
)
def test_a_wrong_command_line(arguments: list[str]) -> None:
    assert command(*arguments)[0] == 2
