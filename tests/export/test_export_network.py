"""GraphML and GEXF, read again by networkx; Cypher, run by a Cypher engine; neo4j-admin's files, read by its rules."""

from __future__ import annotations

import csv
from pathlib import Path

import networkx as nx
import ocg
import pytest

from kg.export import export
from kg.export.cypher import literal
from kg.export.neo4j import BETWEEN
from kg.ontology import KG
from tests.export.sample import FACTS, HOSTILE, ID, KINDS, name

ASSERTED = [fact for fact in FACTS if fact[4] == "asserted"]
READERS = {"graphml": nx.read_graphml, "gexf": nx.read_gexf}


@pytest.mark.parametrize("form", READERS)
def test_networkx_reads_every_node_and_edge(form: str, build: Path, tmp_path: Path) -> None:
    done = export(build, form, tmp_path / "graph")
    graph = READERS[form](done.path)
    assert {node: data["label"] for node, data in graph.nodes(data=True)} == {str(ID[k]): name(k) for k in KINDS}
    found = sorted((s, data["relation"], o) for s, o, data in graph.edges(data=True))
    assert found == sorted((str(ID[fact[0]]), fact[1], str(ID[fact[2]])) for fact in ASSERTED)
    assert done.notes == ("2 planned or denied statements are left out: this format cannot mark them",)


@pytest.mark.parametrize("form", READERS)
def test_networkx_finds_the_provenance(form: str, build: Path, tmp_path: Path) -> None:
    graph = READERS[form](export(build, form, tmp_path / "graph").path)
    holds = next(d for _, _, d in graph.edges(data=True) if d["title"] == "局长")
    assert holds["sentences"] == "市水利局局长安如山到场。\n安如山任水利局局长。"
    assert holds["newspapers"] == "云泽日报"
    assert holds["issued"] == "2021-03-05 | 2021-03-06"
    assert holds["uncertain_dates"] == "2021-03-06"
    assert holds["places"] == "云泽日报 2021-03-05 01.txt:10-22\nyunze-b.txt:40-50"
    assert holds["rules"] == "sample-rule"
    within = next(d for _, _, d in graph.edges(data=True) if d["relation"] == "within")
    assert (within["inferred_from"], within["sentences"]) == ("gazetteer", "")


def test_gexf_has_colours_and_no_clock(build: Path, tmp_path: Path) -> None:
    text = export(build, "gexf", tmp_path / "graph").path.read_text("utf-8")
    assert text.count("viz:color") == len(KINDS)
    assert "lastmodified" not in text


@pytest.mark.parametrize("form", READERS)
def test_control_characters_do_not_break_the_xml(form: str, tmp_path: Path) -> None:
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    (tmp_path / "graph.ttl").write_text(f'<http://a/1> a <{KG}Place> ; {label} "前\\u000B\\uFFFE后"@zh .')
    graph = READERS[form](export(tmp_path, form, tmp_path / "graph").path)
    assert graph.nodes["http://a/1"]["label"] == "前\ufffd\ufffd后"


def spells(attributes: dict[str, object]) -> list[tuple[str, str]]:
    return list(attributes.get("spells", []))  # type: ignore[call-overload]


def test_gexf_has_the_days_of_the_pages(build: Path, tmp_path: Path) -> None:
    path = export(build, "gexf", tmp_path / "graph").path
    graph = nx.read_gexf(path)
    assert 'mode="dynamic"' in (text := path.read_text("utf-8"))
    assert 'timeformat="date"' in text
    assert " name=" not in text  # which the schema of GEXF does not allow
    first, third = ("2021-03-05",) * 2, ("2021-03-06",) * 2
    holds = next(d for _, _, d in graph.edges(data=True) if d["title"] == "局长")
    assert spells(holds) == [first, third]
    assert spells(graph.nodes[str(ID["person/安如山"])]) == [first, third]
    assert spells(graph.nodes[str(ID["program/清水工程"])]) == [first]
    within = next(d for _, _, d in graph.edges(data=True) if d["relation"] == "within")
    assert spells(within) == spells(graph.nodes[str(ID["place/云泽市"])]) == []  # on no page: always shown


def test_gexf_nodes_are_there_when_their_edges_are(build: Path, tmp_path: Path) -> None:
    graph = nx.read_gexf(export(build, "gexf", tmp_path / "graph").path)
    for subject, target, edge in graph.edges(data=True):
        for end in (subject, target):
            assert {*spells(edge)} <= {*spells(graph.nodes[end])}


def run(script: str, database: ocg.Graph) -> None:
    """The script as cypher-shell runs it; this engine knows no constraints."""
    for statement in script.splitlines()[1:]:
        database.execute(statement.removesuffix(";"))


@pytest.fixture
def database(build: Path, tmp_path: Path) -> ocg.Graph:
    script = export(build, "cypher", tmp_path / "graph.cypher").path.read_text("utf-8")
    database = ocg.Graph()
    run(script, database)
    run(script, database)  # a second run changes nothing
    return database


def test_cypher_makes_every_node_once(database: ocg.Graph) -> None:
    rows = database.execute("MATCH (n:Entity) RETURN n.id AS id, n.name AS name, labels(n) AS labels")
    assert sorted((row["id"], row["name"]) for row in rows) == sorted((str(ID[k]), name(k)) for k in KINDS)
    labels = {row["id"]: set(row["labels"]) for row in rows}
    assert labels == {str(ID[local]): {"Entity", *kinds} for local, kinds in KINDS.items()}


def test_cypher_makes_every_relationship_once(database: ocg.Graph) -> None:
    rows = database.execute("MATCH (a)-[r]->(b) RETURN a.id AS a, type(r) AS t, b.id AS b, r.status AS status")
    assert len(rows) == len(FACTS)
    assert sorted(row["t"] for row in rows if row["status"] != "asserted") == [
        "NEGATED_TAKES_PART_IN",
        "PLANNED_HOLDS_POST_IN",
    ]
    assert {row["t"] for row in rows if row["status"] == "asserted"} == {
        "HOLDS_POST_IN", "PART_OF", "WITHIN", "GOVERNS", "LOCATED_IN", "RUNS", "TAKES_PART_IN", "SUPPORTS",
        "COOPERATES_WITH",
    }  # fmt: skip


def test_cypher_merges_in_batches(build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement for each sort of node and relationship, or more where a batch is full; always the same graph."""
    ask = "MATCH (a)-[r]->(b) RETURN a.id AS a, type(r) AS t, b.id AS b, r.claim AS c, r.sentences AS s, r.title AS x"
    found = []
    for size, statements in ((1, len(KINDS) + len(FACTS)), (2, 6 + 12), (200, 6 + 11)):
        monkeypatch.setattr("kg.export.cypher.BATCH", size)
        script = export(build, "cypher", tmp_path / "graph.cypher").path.read_text("utf-8")
        assert len(script.splitlines()) == 1 + statements
        run(script, database := ocg.Graph())
        found.append(sorted(map(str, database.execute(ask))))
    assert found[0] == found[1] == found[2] != []


def test_cypher_keeps_the_sentence(database: ocg.Graph) -> None:
    rows = database.execute("MATCH ()-[r:LOCATED_IN]->() RETURN r.sentences AS s, r.places AS p, r.newspapers AS n")
    place = f"云泽日报 2021-03-05 02.txt:5-{5 + len(HOSTILE) + 6}"
    assert rows == [{"s": [f"{HOSTILE}落户青石镇。"], "p": [place], "n": ["云泽日报"]}]


NASTY = (
    "",
    "'",
    "\\",
    "\\'",
    "\\u0027 OR 1=1",
    "\\\\u0041",
    "`",
    "a\nb\r\tc",
    "\x00\x1f",
    "\u2028",
    "'}) DETACH DELETE n //",
)


@pytest.mark.parametrize("text", NASTY)
def test_cypher_literals_hold_any_text(text: str) -> None:
    assert ocg.Graph().execute(f"RETURN {literal(text)} AS x") == [{"x": text}]
    assert "\n" not in literal(text)
    assert "\\u0027" not in literal(text)
    assert all(ord(c) >= 32 for c in literal(text))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_neo4j_import_files(build: Path, tmp_path: Path) -> None:
    folder = export(build, "neo4j-csv", tmp_path / "neo4j").path
    nodes, relationships = rows(folder / "nodes.csv"), rows(folder / "relationships.csv")
    assert {n["id:ID"]: n["name"] for n in nodes} == {str(ID[k]): name(k) for k in KINDS}
    assert {n["id:ID"]: set(n[":LABEL"].split(BETWEEN)) for n in nodes}[str(ID["person/安如山"])] == {
        "Entity", "Person", "Official",
    }  # fmt: skip
    ids = {n["id:ID"] for n in nodes}
    assert all(r[":START_ID"] in ids and r[":END_ID"] in ids and r[":TYPE"] for r in relationships)
    assert len(relationships) == len(FACTS) == len({r["claim"] for r in relationships})
    post = next(r for r in relationships if r["title"] == "局长")
    assert post["sentences:string[]"].split(BETWEEN) == ["市水利局局长安如山到场。", "安如山任水利局局长。"]
    assert "--array-delimiter=U+001F" in (folder / "README.txt").read_text("utf-8")
