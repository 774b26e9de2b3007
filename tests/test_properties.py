"""What holds for any page: spans are the text, the order of pages and the machine's accidents leave no trace."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store

import kg
from kg.flow import read_and_resolve
from kg.link.merge import resolve
from kg.model import Finding, Kind, Page, Reading
from kg.page import decode
from kg.reading import read

ROOT = Path(__file__).parents[1]
REAL = sorted((ROOT.parent / "shared" / "pages").glob("*.txt"))
PAGES = [*sorted((ROOT / "seeds").glob("*.txt")), *REAL]
OA, KG, DCTERMS = "http://www.w3.org/ns/oa#", "https://w3id.org/fangzhi/ontology#", "http://purl.org/dc/terms/"

# Pieces of pages of our own, in any order and with anything between them: what no editor would ever print.
PIECES = [
    piece
    for page in sorted((ROOT / "seeds").glob("*.txt"))
    for piece in re.split(r"(?<=[。!?;\n])", page.read_text("utf-8"))
    if piece.strip()
]
NOISE = st.sampled_from(["", "\n", "\n\n", " ", "\u3000", "\r\n", "“", "”", "《", "(记者 ", ")", "、", "\ufeff", "𠮷"])
MIXED = st.lists(st.tuples(st.sampled_from(PIECES), NOISE, st.integers(0, 40)), min_size=1, max_size=25).map(
    lambda parts: "".join(piece[cut if cut < len(piece) else 0 :] + noise for piece, noise, cut in parts)
)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@cache
def readings() -> tuple[Reading, ...]:
    """Every page at hand, read by itself."""
    return read_and_resolve(PAGES).readings


def assert_spans_hold(reading: Reading) -> None:
    """Every character of an article and every mention and claim is where it says."""
    text = reading.page.text
    articles = {article.id: article for article in reading.articles}
    for article in reading.articles:
        assert len(article.offsets) == len(article.text)
        wrong = [i for i, at in enumerate(article.offsets) if article.text[i] != "\n" and text[at] != article.text[i]]
        assert not [i for i in wrong if not (article.text[i].isspace() and text[article.offsets[i]].isspace())]
    for mention in reading.mentions:
        assert articles[mention.article].text[mention.span.start : mention.span.end] == mention.surface != ""
    ids = {mention.id for mention in reading.mentions}
    assert len(ids) == len(reading.mentions)
    for claim in reading.claims:
        assert {claim.subject, claim.object} <= ids
        assert 0 <= claim.evidence.start < claim.evidence.end <= len(text)


@pytest.mark.parametrize("number", range(len(PAGES)), ids=[page.stem for page in PAGES])
def test_a_span_of_a_page_is_the_name_but_for_white_space(number: int) -> None:
    reading = readings()[number]
    assert_spans_hold(reading)
    articles = {article.id: article for article in reading.articles}
    broken = []
    for mention in reading.mentions:
        span = articles[mention.article].on_page(mention.span)
        if squeezed(reading.page.text[span.start : span.end]) != squeezed(mention.surface):
            broken.append(mention.surface)  # a caption stands in the middle of it
    assert len(broken) <= len(reading.mentions) / 100, broken


@settings(max_examples=60, deadline=None)
@given(MIXED)
def test_spans_hold_on_any_jumble(text: str) -> None:
    assert_spans_hold(read(Page("jumble.txt", text, "", home="云泽市")))


@pytest.mark.parametrize("number", range(len(PAGES)), ids=[page.stem for page in PAGES])
def test_a_page_that_ends_with_a_name_is_read(number: int) -> None:
    reading = readings()[number]
    articles = {article.id: article for article in reading.articles}
    people = [m for m in reading.mentions if m.kind is Kind.PERSON]
    ends = sorted({articles[m.article].on_page(m.span).end for m in people})
    for end in ends[:12]:
        assert_spans_hold(read(Page("cut.txt", reading.page.text[:end], "", home="云泽市")))


# What breaks a reader of characters: half of a pair, marks that join, blanks of every width, one word a thousand times.
ODD = (
    "\ud83d", "\ude00", "𠮷", "\u0301", "\u200b", "\ufeff", "\x00", "\uffff", "\u202e", "\u2028", "\x0b", "\x85",
    "\u3000", "〇", "１２", "％", "…", "“", "』", "（", "·", "■", "局", "市", "中共", "村", "记者", "年", "10日电",
)  # fmt: skip
RUNS = st.tuples(st.sampled_from(ODD) | st.sampled_from(PIECES), st.sampled_from([1, 2, 127, 128, 129, 700]))
RUNNING = st.lists(RUNS, max_size=4).map(lambda runs: "".join(piece * times for piece, times in runs)[:6_000])


@settings(max_examples=60, deadline=None)
@given(RUNNING)
def test_any_text_is_read(text: str) -> None:
    known = resolve([read(Page("odd.txt", text, "", home="株洲市"))])
    (reading,) = known.readings
    assert_spans_hold(reading)
    ids = {entity.id for entity in known.entities}
    assert {end for said in known.statements for end in (said.subject, said.object)} <= ids
    assert all(0 <= one.confidence <= 1 for one in (*reading.mentions, *reading.claims))


@settings(max_examples=60, deadline=None)
@given(RUNNING | st.text(max_size=300))
def test_any_text_is_tagged(text: str) -> None:
    assert all(text[name.start : name.end] == name.surface != "" for name in kg.tag(text))


@pytest.mark.parametrize("text", ["", "\n", "局" * 20_000, "市长" * 5_000, "、".join(["云泽市水利局"] * 2_000)])
def test_nothing_and_much_too_much_are_read(text: str) -> None:
    assert_spans_hold(read(Page("long.txt", text, "", home="云泽市")))


@pytest.mark.parametrize("number", range(len(PAGES)), ids=[page.stem for page in PAGES])
def test_what_completes_a_name_is_there(number: int) -> None:
    reading = readings()[number]
    ids = {mention.id: mention for mention in reading.mentions}
    for mention in reading.mentions:
        assert not mention.scope or ids[mention.scope].article == mention.article
        assert bool(mention.scope) == bool(mention.core) or not mention.scope


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80) | MIXED, st.sampled_from(["", "株洲市", "云泽市", "nowhere"]))
def test_tag_never_fails_and_its_spans_are_the_surface(text: str, home: str) -> None:
    names = kg.tag(text, home)
    assert all(text[name.start : name.end] == name.surface != "" for name in names)
    assert [(n.start, -n.end) for n in names] == sorted((n.start, -n.end) for n in names)
    assert len(set(names)) == len(names)


@settings(max_examples=12, deadline=None)
@given(st.permutations(range(len(PAGES))))
def test_the_order_of_pages_changes_nothing(order: list[int]) -> None:
    assert resolve([readings()[i] for i in order]) == resolve(readings())


BUILD = """
import sys, hashlib, pathlib, kg
if __name__ == "__main__":
    k = kg.build(sys.argv[3:], workers=int(sys.argv[1]))
    print(*(f"{p.name} {hashlib.sha256(p.read_bytes()).hexdigest()}" for p in k.save(sys.argv[2])), sep="\\n")
"""


def test_hash_seed_workers_and_order_leave_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "build.py").write_text(BUILD)
    told = []
    for seed, workers, pages in (("0", "1", PAGES), ("1", "2", PAGES[::-1])):
        command = [sys.executable, tmp_path / "build.py", workers, tmp_path / "out", *pages]
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        told.append(subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout.splitlines())
    assert len(told[0]) == 8
    assert told[0] == told[1]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The graph of all pages, as a reader of the file gets it."""
    out = tmp_path_factory.mktemp("out")
    kg.build(PAGES).save(out, html=False)
    store = Store()
    store.load(path=str(out / "graph.ttl"), format=RdfFormat.TURTLE)
    return store


def test_there_is_no_blank_node(store: Store) -> None:
    assert len(store) > 5_000
    assert not [quad for quad in store if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)]


def test_every_quote_stands_on_its_page(store: Store) -> None:
    def value(subject: object, predicate: str) -> str:
        (quad,) = store.quads_for_pattern(subject, NamedNode(predicate), None)  # type: ignore[arg-type]
        return quad.object.value if isinstance(quad, Quad) else ""  # type: ignore[union-attr]

    texts = {path.name: decode(path.read_bytes()) for path in PAGES}
    quotes = [q.subject for q in store.quads_for_pattern(None, None, NamedNode(f"{OA}SpecificResource"))]
    assert len(quotes) > 200
    for quote in quotes:
        page = value(NamedNode(value(quote, f"{OA}hasSource")), f"{DCTERMS}identifier")
        start, end = int(value(quote, f"{KG}start")), int(value(quote, f"{KG}end"))
        assert texts[page].text[start:end] == value(quote, f"{OA}exact"), quote  # type: ignore[union-attr]


def test_findings_are_plain_facts() -> None:
    assert all(isinstance(finding, Finding) and finding.where for r in readings() for finding in r.findings)
