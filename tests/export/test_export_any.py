"""What holds for every format: same bytes under any hash seed, whole or nothing, plain refusals."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import kg.export
from kg.cli import app
from kg.contents import Contents, opened
from kg.errors import MissingExtraError, OntologyError, OutputError
from kg.export import FORMATS, Format, export
from tests.export.sample import FACTS, HOSTILE, KINDS, PAGES, dataset

NAMES = [known.name for known in FORMATS]

EXPORT_ALL = """
import sys
from pathlib import Path
from kg.export import FORMATS, export
for known in FORMATS:
    export(Path(sys.argv[1]), known.name, Path(sys.argv[2]) / known.output)
"""


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_graph_same_bytes(build: Path, tmp_path: Path) -> None:
    for seed in ("1", "2"):
        command = [sys.executable, "-c", EXPORT_ALL, str(build), str(tmp_path / seed)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
    first = digests(tmp_path / "1")
    assert first == digests(tmp_path / "2")
    assert len(first) == 33  # 12 files, and folders of 3 and 3 and 5 and 5 and 5


def parts(contents: Contents) -> tuple[Iterator[object], ...]:
    return (
        contents.things(), contents.facts(), contents.sentences(), contents.pages(), contents.articles(),
        contents.told(),
    )  # fmt: skip


def test_turtle_and_quads_read_alike(build: Path) -> None:
    with opened(build / "graph.ttl") as turtle, opened(build / "graph.nq") as quads:
        for of_turtle, of_quads in zip(parts(turtle), parts(quads), strict=True):
            assert [*of_turtle] == [*of_quads] != []


def test_reading_counts(build: Path) -> None:
    with opened(build) as contents:
        counts = [sum(1 for _ in part) for part in parts(contents)]
        unsaid = sorted(fact.status for fact in contents.facts() if fact.status != "asserted")
        assert contents.unasserted == 2
    sentences = sum(len(fact[5]) for fact in FACTS)
    assert counts == [len(KINDS), len(FACTS), sentences, len(PAGES), len(PAGES), len(FACTS)]
    assert unsaid == ["negated", "planned"]


@pytest.mark.parametrize("name", NAMES)
def test_default_place_is_beside_the_graph_and_leaves_no_scraps(name: str, build: Path) -> None:
    first, again = export(build, name), export(build, name)
    assert first == again
    assert first.path.exists()
    assert first.path.parent == build / "export"
    assert not [path for path in first.path.parent.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("name", NAMES)
def test_a_failing_writer_leaves_what_was_there(
    name: str, build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = kg.export.format_named(name)
    place = tmp_path / "here"
    export(build, name, place)
    before = digests(tmp_path)

    def broken(source: Path, target: Path) -> tuple[str, ...]:
        chosen.load()(source, target)
        raise OSError("No space left on device")

    monkeypatch.setattr(kg.export, "format_named", lambda _: Broken(broken, chosen.folder))
    with pytest.raises(OutputError, match="No space left"):
        export(build, name, place)
    assert digests(tmp_path) == before


class Broken:
    name = output = "broken"

    def __init__(self, writer: object, folder: bool) -> None:
        self.load, self.folder = (lambda: writer), folder


def test_no_such_format(build: Path) -> None:
    with pytest.raises(OutputError, match="graphml"):
        export(build, "excel")


def test_registry_is_whole() -> None:
    assert len({known.name for known in FORMATS}) == len({known.output for known in FORMATS}) == len(FORMATS) == 17
    assert all(callable(known.load()) for known in FORMATS)
    assert all(isinstance(known, Format) and known.says for known in FORMATS)


def test_never_over_the_graph_itself(build: Path) -> None:
    with pytest.raises(OutputError, match="is the graph itself"):
        export(build / "graph.nq", "nq", build / "graph.nq")
    with pytest.raises(OutputError, match="is the graph itself"):
        export(build, "nq", build / "graph.nq")


def test_never_over_a_folder_of_other_things(build: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("mine")
    with pytest.raises(OutputError, match="holds other things"):
        export(build, "csv", tmp_path)
    with pytest.raises(OutputError, match="is a folder"):
        export(build, "nt", tmp_path)
    assert (tmp_path / "thesis.doc").read_text() == "mine"


CLAIM = "<https://w3id.org/fangzhi/id/claim/x>"
ONTOLOGY = "https://w3id.org/fangzhi/ontology#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF_TRIPLE = f"<{RDF}subject> <http://p> ; <{RDF}predicate> <{ONTOLOGY}runs> ; <{RDF}object> <http://p>"
BAD = {
    "no graph": (None, "run `kg build PAGES"),
    "not Turtle": ("<a> <b", "not readable as RDF"),
    "no contract": ("<http://a> <http://b> <http://c> .", "holds no person"),
    "blank node": ("<http://a> <http://b> [] .", "blank node"),
    "no name": (f"<http://a/place/b> a <{ONTOLOGY}Place> .", "lacks skos:prefLabel"),
    "dangling claim": (
        f"{CLAIM} a <{ONTOLOGY}Claim> ; {RDF_TRIPLE} ; <{ONTOLOGY}evidence> <http://e> .",
        "no sentence",
    ),
    "claim without grounds": (f"{CLAIM} a <{ONTOLOGY}Claim> ; {RDF_TRIPLE} .", "neither kg:evidence"),
    "relation without a claim": (f"<http://p> <{ONTOLOGY}runs> <http://p> .", "has no kg:Claim"),
    "foreign relation": (
        f"{CLAIM} a <{ONTOLOGY}Claim> ; {RDF_TRIPLE.replace('runs', 'likes')} ; <{ONTOLOGY}inferredFrom> 'x' .",
        "that nobody knows",
    ),
}
PERSON = f"<http://p> a <{ONTOLOGY}Person> ; <http://www.w3.org/2004/02/skos/core#prefLabel> '高山'@zh ."
NO_PERSON = ("no graph", "not Turtle", "no contract")


@pytest.mark.parametrize("case", BAD)
def test_bad_graphs_are_refused_in_one_line(case: str, tmp_path: Path) -> None:
    text, message = BAD[case]
    if text is not None:
        (tmp_path / "graph.ttl").write_text(text if case in NO_PERSON else f"{text}\n{PERSON}")
    with pytest.raises((OutputError, OntologyError), match=message) as caught:
        export(tmp_path, "csv")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "export" / "csv").exists()


def test_parquet_without_pyarrow(build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"fangzhi\[export\]"):
        export(build, "parquet", tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_sample_is_hostile() -> None:
    text = "".join(str(o) for _, _, o, _ in dataset().quads())
    assert HOSTILE in text


def test_the_command(build: Path, tmp_path: Path) -> None:
    listed = CliRunner().invoke(app(), ["export", str(build)])
    assert [line.split()[0] for line in listed.stdout.splitlines()] == NAMES
    done = CliRunner().invoke(app(), ["export", str(build), "--to", "ftm", "-o", str(tmp_path / "x.json")])
    assert (done.exit_code, done.stdout.strip()) == (0, str(tmp_path / "x.json"))
    assert "2 planned or denied" in done.stderr


def test_every_format_is_in_the_manual() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "export.md").read_text("utf-8")
    assert [name for name in NAMES if f"`{name}`" not in manual] == []
