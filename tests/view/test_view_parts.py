"""The parts of the viewer that need no browser: layout, search aids, the file itself."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from view_sample import one_person, sample

from bench.synthetic import synthetic_knowledge
from kg.view import write_html
from kg.view.from_knowledge import scene_from_knowledge
from kg.view.layout import centrality, positions, weights
from kg.view.page import SCRIPTS
from kg.view.reading_aids import readings, simplified
from kg.view.vocabulary import terms

PRINT_HASH = (
    "import sys, hashlib, pathlib; sys.path[:0] = ['.', 'tests/view']; from view_sample import sample; "
    "from kg.view import write_html; p = pathlib.Path(sys.argv[1]); write_html(sample(), p); "
    "print(hashlib.sha256(p.read_bytes()).hexdigest())"
)


def test_the_same_input_gives_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    seen = {
        subprocess.run(
            [sys.executable, "-c", PRINT_HASH, str(tmp_path / f"{seed}.html")],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=root,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


@pytest.mark.parametrize(("entities", "statements"), [(1, 0), (2, 1), (30, 0), (60, 90), (900, 1800)])
def test_nothing_stands_on_anything_else(entities: int, statements: int) -> None:
    scene = scene_from_knowledge(synthetic_knowledge(entities, statements))
    places = positions(len(scene.things), weights(scene))
    gaps = np.sqrt(((places[:, None] - places[None, :]) ** 2).sum(axis=2))
    np.fill_diagonal(gaps, np.inf)
    assert np.isfinite(places).all()
    assert gaps.min() > 25 if entities > 1 else len(places) == 1


def test_related_things_stand_nearer_than_others() -> None:
    scene = scene_from_knowledge(synthetic_knowledge(400, 700))
    pairs = weights(scene)
    places = positions(len(scene.things), pairs)
    related = np.median([np.linalg.norm(places[a] - places[b]) for a, b in pairs])
    others = np.median(np.linalg.norm(places[:, None] - places[None, :], axis=2))
    assert related < 0.6 * others


def test_centrality_puts_the_hub_first_and_the_unrelated_at_nought() -> None:
    score = centrality(5, {(0, 1): 1.0, (0, 2): 1.0, (0, 3): 1.0})
    assert score[0] == 1.0
    assert score[4] == 0.0
    assert score[1] == score[2] == score[3] < 1.0


def test_readings_keep_every_reading_the_usual_one_first() -> None:
    found = readings("单长A，")
    assert found["单"].split()[0] == "dan"
    assert "shan" in found["单"].split()
    assert {"chang", "zhang"} == set(found["长"].split())
    assert set(found) == {"单", "长"}


def test_simplified_only_for_characters_that_occur() -> None:
    assert simplified("岚晓") == {"嵐": "岚", "曉": "晓"}


class Reader(HTMLParser):
    """Scripts, styles, the policy, and every attribute that makes a browser fetch something."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: dict[str, list[str]] = {"script": [], "style": []}
        self.fetches: list[str] = []
        self.policy = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.fetches += [v or "" for k, v in attrs if k in ("src", "href", "srcset", "data", "poster", "action")]
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"] or ""
        self._inside = "" if values.get("type") == "application/json" else tag
        if self._inside in self.blocks:
            self.blocks[tag].append("")

    def handle_data(self, data: str) -> None:
        if self._inside in self.blocks:
            self.blocks[self._inside][-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def test_the_file_fetches_nothing_and_the_policy_knows_every_script_and_style(tmp_path: Path) -> None:
    write_html(sample(), tmp_path / "graph.html")
    text = (tmp_path / "graph.html").read_text(encoding="utf-8")
    reader = Reader()
    reader.feed(text)
    assert reader.fetches == ["data:,"]
    assert "default-src 'none'" in reader.policy
    assert "unsafe" not in reader.policy
    for block in (*reader.blocks["script"], *reader.blocks["style"]):
        assert base64.b64encode(hashlib.sha256(block.encode()).digest()).decode() in reader.policy
    assert (len(reader.blocks["script"]), len(reader.blocks["style"])) == (2, 1)
    own = reader.blocks["script"][1] + reader.blocks["style"][0]
    assert set(re.findall(r"https?://[^\s\"')]+", own)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|url\(|@import|fetch\(|XMLHttp", own
    )


def test_data_cannot_end_its_element(tmp_path: Path) -> None:
    name = "</script><!--<script>\u2028&amp;"
    write_html(one_person(name, sentence=f"{name}到场。"), tmp_path / "graph.html")
    text = (tmp_path / "graph.html").read_text(encoding="utf-8")
    block = text.split('id="data">')[1].split("</script>")[0]
    assert json.loads(block)["things"][0][2] in (name, "临湖市水利局")
    assert not re.search("[<>&\u2028\u2029]", block)


def test_every_script_part_is_joined_and_every_word_is_used() -> None:
    folder = Path(__file__).parents[2] / "kg" / "view"
    parts = {path.name: path.read_text(encoding="utf-8") for path in (folder / "script").glob("*.js")}
    assert set(parts) == set(SCRIPTS)
    source = "\n".join(parts.values()) + (folder / "page.html").read_text(encoding="utf-8")
    words = re.search(r"const WORDS = \{(.*?)\n\};", parts["text.js"], re.S)
    assert words
    keys = re.findall(r"(?:^\s*|\], )(\w+): \[", words[1], re.M)
    rest = source.replace(words[1], "")
    assert [key for key in keys if not re.search(rf"[\"']{key}[\"']", rest)] == []


def test_classes_are_told_apart_by_shape_as_well_as_colour() -> None:
    looks = terms("class")
    assert len({word.shape for word in looks}) == len({word.colour for word in looks}) == len(looks) == 6
    assert all(word.zh and word.en for word in (*looks, *terms("relation")))
