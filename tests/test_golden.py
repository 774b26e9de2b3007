"""The graph of seeds/ is committed: a change of the reading is seen in the diff of output/graph.ttl, or it is none."""

from __future__ import annotations

import subprocess
from pathlib import Path

import kg

ROOT = Path(__file__).parents[1]
REFRESH = "the pages are read in another way now: look at it with `make golden` and `git diff --cached`, then commit"


def committed() -> bytes:
    """output/graph.ttl as staged or committed (a demo may have written it anew since); the file itself without git."""
    shown = subprocess.run(["git", "show", ":output/graph.ttl"], cwd=ROOT, capture_output=True)
    file = ROOT / "output" / "graph.ttl"
    return shown.stdout if shown.returncode == 0 else file.read_bytes() if file.is_file() else b""


def test_seeds_give_the_committed_graph(tmp_path: Path) -> None:
    built = kg.build(ROOT / "seeds")
    built.save(tmp_path, html=False)
    texts = (tmp_path / "graph.ttl").read_bytes(), committed()
    ours, theirs = (text.decode("utf-8").splitlines(keepends=True) for text in texts)
    fewer, more = set(theirs) - set(ours), set(ours) - set(theirs)
    assert ours == theirs, f"{len(more)} new lines, {len(fewer)} gone, such as {sorted(more)[:2]}: {REFRESH}"


def test_seeds_are_sound_and_full() -> None:
    built = kg.build(ROOT / "seeds")
    assert [finding for finding in built.findings if finding.level == "error"] == []
    assert len(built.knowledge.readings) >= 5
    assert sum(len(reading.articles) for reading in built.knowledge.readings) >= 40
    assert sum(entity.official for entity in built.entities) >= 60
    assert len([s for s in built.statements if s.evidence]) >= 300
