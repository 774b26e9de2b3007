"""Confidence from the reading to the reader: what a minimum leaves out, and where the number is written."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

import kg as fangzhi
from by_hand import on_page
from commands import kg
from kg.article import split
from kg.check import check
from kg.confidence import DEFAULT_MIN_CONFIDENCE, confident, parsed, told, written
from kg.errors import KgError
from kg.export.folder import write_all
from kg.export.tables import entities_csv, mentions_jsonl, relations_csv
from kg.export.turtle import turtle
from kg.graph import KnowledgeGraph
from kg.link.merge import resolve
from kg.model import Article, Claim, Kind, Mention, Page, Predicate, Reading, Span
from kg.ontology import ID, KG, XSD
from kg.rdf import facts, to_graph
from kg.seen import seen_in_graph, seen_in_knowledge
from knowledge import AGENCY, BUREAU, CITY, DISTRICT, OTHER, PERSON, PROGRAM, knowledge, scored

DISTRICT_OFFICE = "芦淞区水利局"


def mention(name: str, sure: float = 1.0, *, scope: str = "", within: str = "", same: str = "") -> Mention:
    return Mention(name, "a", Kind.AGENCY, Span(0, 1), name, "r", scope=scope, within=within, same=same,
                   confidence=sure)  # fmt: skip


def claim(subject: str, target: str, sure: float = 1.0) -> Claim:
    return Claim("a", subject, Predicate.PART_OF, target, Span(0, 1), "r", confidence=sure)


def reading(mentions: list[Mention], claims: list[Claim] | None = None) -> Reading:
    return Reading(Page("p", "文", "0" * 64), (), tuple(mentions), tuple(claims or ()))


def kept(before: Reading, minimum: float = 0.5) -> tuple[dict[str, Mention], list[tuple[str, str]]]:
    after = confident(before, minimum)
    return {m.id: m for m in after.mentions}, [(c.subject, c.object) for c in after.claims]


def test_what_is_less_sure_is_left_out() -> None:
    names, said = kept(reading([mention("甲", 0.5), mention("乙", 0.49), mention("丙")], [claim("甲", "丙", 0.2)]))
    assert (list(names), said) == (["甲", "丙"], [])


def test_a_claim_goes_with_either_of_its_ends() -> None:
    mentions = [mention("甲"), mention("乙", 0.1), mention("丙")]
    assert kept(reading(mentions, [claim("甲", "乙"), claim("乙", "丙"), claim("甲", "丙")]))[1] == [("甲", "丙")]


def test_a_name_keeps_what_completes_it() -> None:
    names, said = kept(reading(
        [mention("省", 0.1), mention("市", 0.2, scope="省"), mention("局", scope="市"), mention("区", 0.2)],
        [claim("局", "市"), claim("局", "区")],
    ))  # fmt: skip
    assert list(names) == ["省", "市", "局"]
    assert said == [("局", "市")], "a claim about what completes a name stays with it"


def test_links_lead_on_to_the_next_that_is_kept() -> None:
    names, _ = kept(reading([
        mention("外"), mention("中", 0.1, within="外", same="外"), mention("内", within="中", same="中"),
        mention("别", within="少", same="少"), mention("少", 0.1),
    ]))  # fmt: skip
    assert (names["内"].within, names["内"].same) == ("外", "外")
    assert (names["别"].within, names["别"].same) == ("", "")


def test_circles_end() -> None:
    names, _ = kept(reading([
        mention("甲", 0.1, scope="乙", within="乙"), mention("乙", 0.1, scope="甲", within="甲"),
        mention("丙", scope="甲", within="丁"), mention("丁", 0.1, within="丁"),
    ]))  # fmt: skip
    assert set(names) == {"甲", "乙", "丙"}
    assert names["丙"].within == ""


def test_the_rest_of_a_reading_is_untouched_and_nothing_is_lost_at_nought() -> None:
    full = reading(
        [mention("甲", 0.0), mention("乙", 0.3, scope="甲", within="甲", same="甲")], [claim("甲", "乙", 0.0)]
    )
    assert confident(full, 0.0) == full
    assert confident(confident(full, 0.2), 0.2) == confident(full, 0.2)


@given(st.lists(st.tuples(st.floats(0, 1), *[st.integers(-1, 9)] * 3), max_size=10), st.floats(0, 1))
def test_whatever_is_kept_refers_to_what_is_kept(rows: list[tuple[float, int, int, int]], minimum: float) -> None:
    names = [f"m{i}" for i in range(len(rows))]

    def name(at: int) -> str:
        return names[at] if 0 <= at < len(names) else ""

    links = [(name(scope), name(within), name(same)) for _, scope, within, same in rows]
    full = reading([
        mention(own, sure, scope=scope, within=within, same=same)
        for own, (sure, *_), (scope, within, same) in zip(names, rows, links, strict=True)
    ], [claim(one, other) for one, (_, other, _) in zip(names, links, strict=True) if other])  # fmt: skip
    after = confident(full, minimum)
    there = {m.id for m in after.mentions} | {""}
    assert {link for m in after.mentions for link in (m.scope, m.within, m.same)} <= there
    assert {end for c in after.claims for end in (c.subject, c.object)} <= there
    assert {m.id for m in full.mentions if m.confidence >= minimum} <= there


@pytest.mark.parametrize(("text", "number"), [("0.873", 0.873), ("1", 1.0), ("1.1", None), ("nan", None), ("高", None)])
def test_numbers_of_a_graph(text: str, number: float | None) -> None:
    assert parsed(text) == number


def test_three_decimals_or_nothing() -> None:
    assert [written(x) for x in (1.0, 0.87349, 0.0, None)] == ["1.000", "0.873", "0.000", ""]


# -- linking --------------------------------------------------------------------------------------------------------


def _page(name: str, sure: tuple[float, float, float]) -> Reading:
    """A page that names 芦淞区水利局 and a person of it, by hand."""
    text = "芦淞区水利局局长欧阳明远"
    page = Page(name, text, "0" * 64, home="株洲市")
    article = Article(f"{name}#0", name, "题", (), text, tuple(range(len(text))), (), Span(0, len(text)))
    place = Mention(f"{name}:1", article.id, Kind.PLACE, Span(0, 3), "芦淞区", "place.division", confidence=sure[0])
    body = Mention(f"{name}:2", article.id, Kind.AGENCY, Span(0, 6), DISTRICT_OFFICE, "agency.scope", core="水利局",
                   scope=place.id, confidence=sure[1])  # fmt: skip
    who = Mention(f"{name}:3", article.id, Kind.PERSON, Span(8, 12), "欧阳明远", "person", confidence=sure[2])
    said = Claim(article.id, who.id, Predicate.HOLDS_POST_IN, body.id, Span(0, 12), "post", "局长", confidence=sure[2])
    return Reading(page, (article,), (place, body, who), (said,))


def test_a_thing_is_as_sure_as_its_surest_mention_and_a_fact_as_its_surest_claim() -> None:
    k = resolve([_page("a.txt", (0.9, 0.6, 0.55)), _page("b.txt", (0.7, 0.8, 0.65))])
    sure = {e.name: e.confidence for e in k.entities}
    assert (sure["芦淞区"], sure[DISTRICT_OFFICE], sure["欧阳明远"]) == (0.9, 0.8, 0.65)
    (post,) = [s for s in k.statements if s.title]
    assert (post.confidence, len(post.evidence)) == (0.65, 2)
    assert {told(s) for s in k.statements if not s.evidence} == {None}
    assert {told(e) for e in k.entities if not e.pages} == {None}


def test_a_thing_that_no_kept_mention_names_is_gone() -> None:
    k = resolve([confident(_page("a.txt", (0.1, 0.9, 0.4)), 0.5)])
    names = {e.name for e in k.entities}
    assert DISTRICT_OFFICE in names
    assert "欧阳明远" not in names
    assert "芦淞区" in names, "it completes the name of its bureau"


# -- the graph and its tables ---------------------------------------------------------------------------------------

POST = f"claim/{PERSON}/holdsPostIn/{AGENCY}/局长"


def test_the_graph_has_it_for_all_that_a_page_says_and_for_nothing_else() -> None:
    graph, sure = to_graph(scored()), rdflib.URIRef(KG + "confidence")
    found = {str(s).removeprefix(ID): str(o) for s, o in graph.subject_objects(sure)}
    assert (found[PERSON], found[OTHER], found[POST]) == ("0.950", "0.700", "0.950")
    assert found[f"claim/{BUREAU}/runs/{PROGRAM}@planned"] == "0.400"
    assert CITY not in found
    assert f"claim/{DISTRICT}/within/{CITY}" not in found
    assert {str(o.datatype) for o in graph.objects(None, sure)} == {XSD + "decimal"}


def test_turtle_writes_it_as_a_bare_decimal() -> None:
    text = turtle(facts(scored()))
    assert "    kg:confidence 0.812 ;\n" in text
    sure = {
        q.object for q in pyoxigraph.parse(text, pyoxigraph.RdfFormat.TURTLE) if q.predicate.value.endswith("nfidence")
    }
    assert {str(value.datatype.value) for value in sure} == {XSD + "decimal"}


def test_a_decimal_without_a_point_stays_a_decimal(tmp_path: Path) -> None:
    write_all(knowledge(), tmp_path)  # the store gives 1.000 back as 1
    ran = kg("query", tmp_path, "CONSTRUCT { ?x kg:confidence ?c } WHERE { ?x kg:confidence ?c }", "--format", "ttl")
    read = list(pyoxigraph.parse(ran.out, pyoxigraph.RdfFormat.TURTLE))
    assert read
    assert {q.object.datatype.value for q in read} == {XSD + "decimal"}


def test_check_is_content_and_refuses_what_is_no_probability(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    known = replace(scored(), readings=knowledge(tmp_path / "pages").readings)
    write_all(known, tmp_path)
    assert check(tmp_path).sound
    graph = tmp_path / "graph.ttl"
    whole = graph.read_text("utf-8")
    inferred = whole.replace("    kg:inferredFrom", "    kg:confidence 0.5 ;\n    kg:inferredFrom")
    wrong = [whole.replace("confidence 0.950", f"confidence {value}") for value in ("1.950", "0.950 , 0.3", '"high"')]
    for text in (*wrong, inferred):
        assert text != whole
        graph.write_text(text, "utf-8")
        assert {f.code for f in check(graph).findings} == {"shape"}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_tables_have_a_last_column_for_it() -> None:
    things = {row["id"]: row["confidence"] for row in rows(entities_csv(scored()))}
    assert (things[AGENCY], things[BUREAU], things[CITY]) == ("0.950", "0.700", "")
    said = {row["relation"]: row["confidence"] for row in rows(relations_csv(scored()))}
    assert (said["governs"], said["within"]) == ("0.812", "")
    assert [*rows(relations_csv(scored()))[0]][-1] == [*rows(entities_csv(scored()))[0]][-1] == "confidence"


def test_each_mention_has_its_own() -> None:
    known = knowledge()
    (first, *rest) = known.readings
    doubtful = tuple(replace(m, confidence=0.61234) for m in first.mentions)
    lines = mentions_jsonl(replace(known, readings=(replace(first, mentions=doubtful), *rest))).splitlines()
    assert {(row["page"], row["confidence"]) for row in map(json.loads, lines)} == {
        ("front.txt", 0.612),
        ("second.txt", 1.0),
    }


def test_what_is_scored_sees_it_the_same_from_memory_and_from_the_graph(tmp_path: Path) -> None:
    write_all(scored(), tmp_path)
    memory, graph = seen_in_knowledge(scored()), seen_in_graph(tmp_path)
    assert sorted(t.confidence for t in memory.things.values()) == sorted(t.confidence for t in graph.things.values())
    assert {c.triple[1]: round(c.confidence, 3) for c in memory.claims} == {
        c.triple[1]: c.confidence for c in graph.claims
    }


def test_networkx_has_it() -> None:
    graph = KnowledgeGraph(scored()).to_networkx()
    assert (graph.nodes[AGENCY]["confidence"], graph.nodes[CITY]["confidence"]) == (0.95, None)
    assert {edge["confidence"] for _, _, edge in graph.edges(DISTRICT, data=True)} == {None}


# -- building -------------------------------------------------------------------------------------------------------

TEXT = "云泽日报\n2023年9月5日 星期二\n\n望舒区水利局局长谈治水\n"
TEXT += "本报讯(记者 闵舟) 9月4日,望舒区水利局局长骆知行来到霁川县。\n"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page with a reading of its own: places 0.9, people below the default, everything else 0.6, a post 0.7."""
    path = tmp_path / "page.txt"
    path.write_text(TEXT, "utf-8")
    sure = {Kind.PLACE: 0.9, Kind.PERSON: DEFAULT_MIN_CONFIDENCE - 0.05}
    names = (("望舒区", Kind.PLACE), ("望舒区水利局", Kind.AGENCY), ("骆知行", Kind.PERSON), ("霁川县", Kind.PLACE))

    def read(page: Page, odd: object = ()) -> Reading:
        articles, _ = split(page)
        mentions = [replace(m, confidence=sure.get(m.kind, 0.6)) for m in on_page(articles, names)]
        who, body = (next(m.id for m in mentions[::-1] if m.surface == name) for name in ("骆知行", "望舒区水利局"))
        said = Span(page.text.index("9月4日"), len(page.text) - 1)
        post = Claim(articles[0].id, who, Predicate.HOLDS_POST_IN, body, said, "network", "局长", confidence=0.7)
        return Reading(page, articles, tuple(mentions), (post,))

    monkeypatch.setattr("kg.flow.read", read)
    return path


def test_build_takes_a_minimum(page: Path) -> None:
    def kinds(minimum: float) -> set[str]:
        return {e.kind.value for e in fangzhi.build(page, min_confidence=minimum).entities if e.pages}

    assert kinds(0) == {"Place", "Person", "Agency"}
    assert kinds(0.5) == kinds(DEFAULT_MIN_CONFIDENCE) == {"Place", "Agency"}
    assert kinds(0.8) == {"Place"}
    assert kinds(1) == set()


@pytest.mark.parametrize("minimum", [-0.1, 1.1, math.nan])
def test_a_minimum_that_is_no_probability_is_refused(page: Path, minimum: float) -> None:
    with pytest.raises(KgError, match="0 to 1"):
        fangzhi.build(page, min_confidence=minimum)


def test_the_command_line_takes_it_too(page: Path, tmp_path: Path) -> None:
    for minimum, people in (("0", 1), ("0.5", 0)):
        ran = kg("build", page, "-o", tmp_path / minimum, "--min-confidence", minimum, "--json")
        assert ran.code == 0, ran.err
        counts = json.loads(ran.out)["entities"]
        assert counts["Person"] + counts["Official"] == people
    assert kg("build", page, "-o", tmp_path / "wrong", "--min-confidence", "1.5").code == 2
    assert not (tmp_path / "wrong").exists()


def test_show_prints_it_behind_each_claim(page: Path) -> None:
    assert "(局长)  [network] 0.700\n" in kg("show", page, "--min-confidence", "0").out
    assert "[network]" not in kg("show", page).out
