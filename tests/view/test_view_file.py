"""`kg view` on files: our own build, another program's graph, and graphs that do not keep the contract."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from typer.testing import CliRunner
from view_sample import sample

from kg.cli import app
from kg.errors import KgError, OntologyError, OutputError
from kg.rdf import to_graph, to_store
from kg.view import view_file
from kg.view.from_knowledge import scene_from_knowledge
from kg.view.from_rdf import scene_from_file
from kg.view.scene import Link, Scene, Thing

FOREIGN = """\
@prefix kg: <https://w3id.org/fangzhi/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix schema: <https://schema.org/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix x: <urn:example:> .
x:p1 a kg:Page ; dcterms:identifier "一.txt" ; kg:newspaper "江城日报" ; dcterms:issued "2020-05-01" .
x:a1 a schema:NewsArticle ; schema:isPartOf x:p1 ; schema:headline "要闻" ; kg:start 0 ; kg:end 40 .
x:e1 a oa:SpecificResource ; oa:hasSource x:p1 ; kg:start 3 ; kg:end 12 ; oa:exact "江城市长高山到会。" .
x:gs a kg:Official , kg:Person ; skos:prefLabel "高山"@zh ; kg:mentionedIn x:p1 ; kg:holdsPostIn x:gov .
x:gov a kg:Agency ; skos:prefLabel "江城市人民政府"@zh ; skos:altLabel "江城"@zh .
x:c1 a kg:Claim ; rdf:subject x:gs ; rdf:predicate kg:holdsPostIn ; rdf:object x:gov ; kg:evidence x:e1 ;
  kg:postTitle "市长" .
"""

# What is changed in the foreign graph → what the message must say.
BROKEN = [
    ('skos:prefLabel "高山"@zh ;', "", "urn:example:gs> lacks skos:prefLabel"),
    ("a kg:Claim ;", "a rdf:Statement ;", "has no kg:Claim"),
    ("rdf:object x:gov ; kg:evidence", "kg:evidence", "urn:example:c1> lacks rdf:object"),
    ("kg:evidence x:e1 ;", "", "neither kg:evidence nor kg:inferredFrom"),
    ("kg:evidence x:e1 ;", "kg:evidence x:e2 ;", "e2>, which is no sentence"),
    ("oa:hasSource x:p1", "oa:hasSource x:p9", "p9>, which is no page"),
    ("kg:start 3", 'kg:start "three"', "“three” where a number belongs"),
    ("x:gov a kg:Agency ;", "x:gov a kg:Village ;", "gov>, which is no thing"),
    ("rdf:predicate kg:holdsPostIn", "rdf:predicate kg:likes", "has no kg:Claim"),
]


def scene_key(scene: Scene) -> tuple[object, ...]:
    """A scene without its order and without what no graph holds (surface forms of single mentions)."""
    sheets = [sheet.id for sheet in scene.sheets]
    headlines = [*(story.headline for story in scene.stories), ""]
    told = [(sheets[s.sheet], s.start, s.text, headlines[s.story]) for s in scene.sentences]
    ids = [thing.id for thing in scene.things]

    def ordered(items: Iterable[object]) -> list[object]:
        return sorted(items, key=repr)

    def link(x: Link) -> tuple[object, ...]:
        said = (ids[x.subject], x.predicate, ids[x.object], x.title, x.dates, x.status, x.group)
        return (*said, ordered(told[i] for i in x.sentences), sorted(x.rules), sorted(x.inferred_from))

    def thing(t: Thing) -> tuple[object, ...]:
        return t.id, t.kind, t.name, t.aliases, t.misprints, sorted(sheets[i] for i in t.sheets)

    return (
        ordered(map(thing, scene.things)),
        ordered(map(link, scene.links)),
        ordered((sheets[s.sheet], s.headline, sorted(s.journalists)) for s in scene.stories),
        ordered(scene.sheets),
    )


@pytest.mark.parametrize("form", ["ttl", "nq"])
def test_a_built_graph_gives_the_same_scene_as_the_knowledge(form: str, tmp_path: Path) -> None:
    import pyoxigraph as ox

    path = tmp_path / f"graph.{form}"
    if form == "ttl":
        to_graph(sample()).serialize(path, format="turtle", encoding="utf-8")
    else:
        to_store(sample()).dump(path, ox.RdfFormat.N_QUADS)
    assert scene_key(scene_from_file(tmp_path)) == scene_key(scene_from_knowledge(sample()))


def test_another_programs_graph_is_read(tmp_path: Path) -> None:
    path = tmp_path / "other.ttl"
    path.write_text(FOREIGN, encoding="utf-8")
    scene = scene_from_file(path)
    assert [(thing.kind, thing.name) for thing in scene.things] == [("Agency", "江城市人民政府"), ("Official", "高山")]
    (link,) = scene.links
    assert (link.title, link.status, scene.sentences[link.sentences[0]].text) == (
        "市长",
        "asserted",
        "江城市长高山到会。",
    )
    assert scene.stories[scene.sentences[0].story].headline == "要闻"


@pytest.mark.parametrize(("old", "new", "message"), BROKEN)
def test_a_graph_that_breaks_the_contract_gets_a_clear_message(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    assert old in FOREIGN
    path = tmp_path / "other.ttl"
    path.write_text(FOREIGN.replace(old, new), encoding="utf-8")
    with pytest.raises(OntologyError) as error:
        view_file(path, tmp_path / "out.html")
    assert str(error.value).startswith(f"{path}: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "out.html").exists()


def test_a_graph_of_another_vocabulary_gets_a_clear_message(tmp_path: Path) -> None:
    path = tmp_path / "foaf.ttl"
    path.write_text("<urn:a> <http://xmlns.com/foaf/0.1/name> 'A' .", encoding="utf-8")
    with pytest.raises(OntologyError, match="not a graph of this contract"):
        view_file(path, tmp_path / "out.html")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: folder / "missing", "no such file"),
        (lambda folder: folder, r"holds no graph\.ttl"),
        (lambda folder: _file(folder / "graph.xyz", "?"), "nor a graph file"),
        (lambda folder: _file(folder / "graph.ttl", FOREIGN.replace("@prefix x:", "prefix x")), "not readable as RDF"),
    ],
)
def test_no_graph_gets_a_clear_message(make, message: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(OutputError, match=message):
        view_file(make(tmp_path), tmp_path / "out.html")


def _file(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_graph_can_be_viewed(tmp_path: Path) -> None:
    view_file(_file(tmp_path / "graph.ttl", ""), tmp_path / "graph.html")
    assert "图谱里还没有内容" in (tmp_path / "graph.html").read_text(encoding="utf-8")


def test_command_line_writes_beside_the_graph(tmp_path: Path) -> None:
    _file(tmp_path / "graph.ttl", FOREIGN)
    done = CliRunner().invoke(app(), ["view", str(tmp_path), "--title", "江城"])
    assert done.exit_code == 0, done.output
    assert "<title>江城</title>" in (tmp_path / "graph.html").read_text(encoding="utf-8")


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    _file(tmp_path / "graph.ttl", FOREIGN)
    with pytest.raises(KgError, match="cannot be written"):
        view_file(tmp_path, tmp_path / "no" / "such" / "graph.html")
