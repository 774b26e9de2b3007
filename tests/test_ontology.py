"""The ontology: complete in two languages, closed, in step with the model and with the shapes."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
import rdflib

from kg.errors import OntologyError
from kg.model import Kind, Predicate, Status
from kg.ontology import KG, PREFIXES, SCHEMA, folder, load, read

TERMS = [t for t in load().terms.values() if t.iri.startswith(KG)]
THINGS = {"Person", "Official", "Agency", "Enterprise", "Place", "Program"}
# Okabe & Ito's palette: eight colours that colour-blind readers can tell apart.
OKABE_ITO = {"#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#000000"}


@pytest.mark.parametrize("term", TERMS, ids=lambda t: t.name)
def test_every_term_is_named_and_defined_in_two_languages(term: object) -> None:
    assert all((term.label_zh, term.label_en, term.comment_zh, term.comment_en))
    assert re.search("[\u4e00-\u9fff]", term.label_zh + term.comment_zh)


def test_terms_of_others_are_named_too() -> None:
    assert all(t.label_zh and t.label_en for t in load().terms.values())


def test_no_two_terms_share_a_name() -> None:
    for labels in ([t.label_zh for t in TERMS], [t.label_en for t in TERMS]):
        assert len(labels) == len(set(labels))


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_a_class(kind: Kind) -> None:
    assert load().term(kind).is_class
    assert KG + "Thing" in load().superclasses(kind)


@pytest.mark.parametrize("predicate", Predicate)
def test_every_relation_is_a_property_with_domain_and_range(predicate: Predicate) -> None:
    term = load().term(predicate)
    assert not term.is_class
    assert {iri.removeprefix(KG) for iri in (*term.domain, *term.range)} <= THINGS
    assert term.domain
    assert term.range


def test_things_have_a_colour_and_a_shape_of_their_own() -> None:
    things = [load().term(name) for name in sorted(THINGS)]
    assert {t.colour for t in things} <= OKABE_ITO
    assert len({t.colour for t in things}) == len({t.shape for t in things}) == len(things)


def test_an_official_is_a_person_is_a_thing() -> None:
    assert load().superclasses("Official") == (KG + "Official", KG + "Person", KG + "Thing")


@pytest.mark.parametrize("name", ["Offical", "holdspostin", "https://schema.org/Nothing", ""])
def test_an_unknown_term_is_refused(name: str) -> None:
    with pytest.raises(OntologyError, match="no such class or property"):
        load().term(name)


def test_a_term_of_another_vocabulary_by_its_iri() -> None:
    assert load().term(SCHEMA + "NewsArticle").label_zh == "报道"


def test_a_broken_file_is_one_line_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "kg.ttl").write_text("kg:Person a owl:Class .")
    with pytest.raises(OntologyError, match=r"kg\.ttl.*line 1") as caught:
        read(tmp_path / "kg.ttl")
    assert "\n" not in str(caught.value)


def test_the_prefixes_of_the_files_are_ours() -> None:
    for file in ("kg.ttl", "shapes.ttl"):
        declared = re.findall(r"^PREFIX (\w+): <([^>]+)>", (folder() / file).read_text("utf-8"), re.MULTILINE)
        others = {"vann", "sh", "kgs"}
        assert all(PREFIXES[prefix] == iri for prefix, iri in declared if prefix not in others)


def test_the_shapes_speak_of_known_terms_only() -> None:
    shapes = rdflib.Graph().parse(folder() / "shapes.ttl")
    used = {str(term) for triple in shapes for term in triple if str(term).startswith(KG)}
    assert used <= load().terms.keys()


def test_the_shapes_hold_domain_and_range() -> None:
    """Both files state which classes a relation joins; they must not drift apart."""
    shapes = rdflib.Graph().parse(folder() / "shapes.ttl")
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    for predicate in Predicate:
        term = load().term(predicate)
        for target, stated in ((sh.targetSubjectsOf, term.domain), (sh.targetObjectsOf, term.range)):
            [shape] = shapes.subjects(target, rdflib.URIRef(term.iri))
            classes = {str(c) for c in shapes.objects(shape, sh["class"])}
            for choice in shapes.objects(shape, sh["or"]):
                classes |= {str(shapes.value(c, sh["class"])) for c in shapes.items(choice)}
            assert classes == set(stated), (predicate, target)


def test_the_statuses_are_those_of_the_shapes() -> None:
    text = (folder() / "shapes.ttl").read_text("utf-8")
    assert " ".join(f'"{status}"' for status in Status) in text


def test_the_docs_are_up_to_date() -> None:
    """When this fails: python scripts/document_ontology.py"""
    root = Path(__file__).parents[1]
    documented = runpy.run_path(str(root / "scripts" / "document_ontology.py"))["documented"]
    text = (root / "docs" / "ontology.md").read_text("utf-8")
    assert documented(text) == text
