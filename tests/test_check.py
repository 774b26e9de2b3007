"""kg check must fail on every way in which a graph can break its word, and on none in which it keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from from_gold import PAIRS, SHARED, load
from kg.check import check
from kg.cli import app
from kg.errors import OutputError
from kg.export.folder import write_all
from kg.model import Knowledge
from knowledge import FRONT, knowledge

SAID = FRONT.index("昨天")
NAME = '    skos:prefLabel "林岚"@zh ;\n'
SEEN = "    kg:mentionedIn page:front.txt ;\n"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """An output folder beside the folder of its pages."""
    (tmp_path / "pages").mkdir()
    write_all(knowledge(tmp_path / "pages"), tmp_path / "out")
    return tmp_path / "out"


def codes(source: Path, *pages: Path) -> set[str]:
    return {finding.code for finding in check(source, pages).findings}


def spoil(built: Path, old: str, new: str) -> None:
    file = built / "graph.ttl"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_a_sound_build(built: Path) -> None:
    checked = check(built)
    assert checked.sound
    assert (checked.claims, checked.quotes, checked.pages, checked.findings) == (8, 4, 2, ())


def test_its_time_grows_with_the_graph(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib looks for the prefix of each new IRI among all before it: on 10,000 pages that is most of the time."""
    monkeypatch.setattr("rdflib.namespace.insert_strie", lambda *_: pytest.fail("a prefix was made of it"))
    assert check(built).sound


def test_a_build_without_sentences_is_sound(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    write_all(knowledge(tmp_path / "pages"), tmp_path / "out", evidence="offsets")
    assert check(tmp_path / "out").sound


def test_an_empty_build_is_sound(tmp_path: Path) -> None:
    write_all(Knowledge(), tmp_path / "out")
    assert check(tmp_path / "out").sound


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('oa:exact "昨天', 'oa:exact "今天', "quote"),
        (f"kg:start {SAID} ;\n    oa:exact", f"kg:start {SAID + 1} ;\n    oa:exact", "quote"),
        ("    kg:locatedIn place:云泽市 ;\n", "", "no-triple"),
        (SEEN, "    kg:governs place:云泽市 ;\n" + SEEN, "no-claim"),
        ("    kg:governs place:桥头区 ;\n", "    kg:governs person:林岚 ;\n", "shape"),
        ("    kg:governs place:桥头区 ;\n", "    kg:rules place:桥头区 ;\n", "unknown-term"),
        (NAME, "", "shape"),
        (NAME, NAME + NAME.replace("岚", "兰"), "shape"),
        ('    kg:status "asserted" ;\n', '    kg:status "certain" ;\n', "shape"),
        ('    kg:rule "cue.runs" ;\n', "", "shape"),
        ('    kg:inferredFrom "gazetteer" ;\n', "", "shape"),
        ("    kg:evidence ", "    kg:evidence [] ;\n    kg:evidence ", "blank-node"),
        ('    dcterms:issued "2024-03-08"^^xsd:date ;\n', '    dcterms:issued "8 March" ;\n', "shape"),
        ("    kg:listOrder 1 ;\n", "    kg:listOrder 0 ;\n", "shape"),
        ("    a kg:Official ;\n    a kg:Person ;\n", "    a kg:Official ;\n", "shape"),
        ("    a kg:Agency ;\n", "    a kg:Agency ;\n    a kg:Place ;\n", "shape"),
    ],
)  # fmt: skip
def test_a_broken_graph_is_found_out(built: Path, old: str, new: str, code: str) -> None:
    spoil(built, old, new)
    assert code in codes(built)


def test_a_changed_page_is_found_out(built: Path) -> None:
    (built.parent / "pages" / "front.txt").write_text(FRONT.replace("昨天", "今天"), "utf-8")
    assert codes(built) == {"page-changed"}


def test_a_missing_page_is_found_out_and_found_elsewhere(built: Path) -> None:
    (built.parent / "elsewhere" / "2024").mkdir(parents=True)
    (built.parent / "pages" / "front.txt").rename(built.parent / "elsewhere" / "2024" / "front.txt")
    assert codes(built) == {"page-missing"}
    assert codes(built, built.parent / "elsewhere") == set()


def test_the_file_with_the_right_bytes_is_taken_among_namesakes(built: Path) -> None:
    decoy = built.parent / "decoy"
    decoy.mkdir()
    (decoy / "front.txt").write_text("another paper", "utf-8")
    assert codes(built, decoy) == set()


def test_a_turtle_file_alone(built: Path) -> None:
    assert check(built / "graph.ttl").sound


@pytest.mark.parametrize("name", ["nothing", "pages"])
def test_no_build_is_an_error_of_one_line(built: Path, name: str) -> None:
    with pytest.raises(OutputError) as caught:
        check(built.parent / name)
    assert "\n" not in str(caught.value)


def test_the_command_exits_with_what_it_found(built: Path) -> None:
    good = CliRunner().invoke(app(), ["check", str(built)])
    assert good.exit_code == 0
    assert "sound" in good.output
    spoil(built, 'oa:exact "昨天', 'oa:exact "今\\u001B天')
    bad = CliRunner().invoke(app(), ["check", str(built)])
    assert bad.exit_code == 1
    assert "front.txt:" in bad.output
    assert "\x1b" not in bad.output
    assert CliRunner().invoke(app(), ["check", str(built), "--json"]).output.startswith('{"level": "error"')


@pytest.mark.skipif(not PAIRS, reason="the shared pages are not here")
@pytest.mark.parametrize(("gold", "page"), PAIRS)
def test_gold_as_a_graph_is_sound(gold: Path, page: Path, tmp_path: Path) -> None:
    write_all(load(gold, page)[2], tmp_path / "out")
    assert not check(tmp_path / "out", [SHARED / "pages"]).findings
