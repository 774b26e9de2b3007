"""Gold without the text, and back; which set is what."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from scripts.overlap import repeats
from scripts.splits import Split, splits
from scripts.stand_off import (
    AbsentError,
    _store,
    folders,
    key_of,
    others,
    page_of,
    read_lines,
    restore,
    sentences,
    to_gold,
    to_line,
    write,
)

RAW = {
    "id": "own-1",
    "title": "青禾县启动“河畔清风\n”行动",
    "text": "  青禾县水务局昨日启动“河畔清风”行动。\n县水务局局长高远说，青禾县水务局将全年值守。  ",
}
LONG = "青禾县关于进一步做好全县河道湖泊水库日常巡护工作的意见"
HAN_RUN = "县水务局局长高远"
GOLD: dict[str, Any] = {
    "doc": "r1.txt", "issue_date": None, "issue_date_certain": False,
    "articles": [
        {"id": "a1", "title": "青禾县启动“河畔清风”行动", "starts_with": "青禾县启动", "journalists": ["林舟"]},
    ],
    "entities": [
        {"id": "e2", "type": "Place", "name": "青禾县", "aliases": [], "optional": False},
        {"id": "e10", "type": "Agency", "name": "青禾县水务局", "aliases": ["县水务局"], "optional": False},
        {"id": "e11", "type": "Official", "name": "高远", "aliases": [], "optional": False, "note": "一说高原"},
        {"id": "e12", "type": "Program", "name": LONG, "aliases": [], "optional": True, "inferred": True},
    ],
    "relations": [
        {"s": "e10", "p": "governs", "o": "e2", "evidence": "青禾县水务局", "optional": True},
        {"s": "e11", "p": "holdsPostIn", "o": "e10", "evidence": HAN_RUN, "optional": False, "title": "局长"},
    ],
}  # fmt: skip


def line() -> dict[str, Any]:
    return to_line("r1", "own-1", GOLD, page_of(RAW))


def test_gold_comes_back_as_it_was() -> None:
    assert to_gold(json.loads(json.dumps(line())), page_of(RAW)) == GOLD


def test_evidence_and_headline_are_places() -> None:
    assert HAN_RUN not in json.dumps(line(), ensure_ascii=False)
    assert line()["articles"][0][1] == [0, 14, ""]


def test_a_long_name_is_a_place_where_the_text_prints_it() -> None:
    raw = {**RAW, "text": f"县里印发《{LONG[:9]}\n{LONG[9:]}》，青禾县水务局、县水务局局长高远。"}
    made = to_line("r1", "own-1", GOLD, page_of(raw))
    assert LONG not in json.dumps(made, ensure_ascii=False)
    assert to_gold(made, page_of(raw)) == GOLD


def test_evidence_that_is_not_there_is_refused() -> None:
    with pytest.raises(AbsentError, match="does not stand"):
        to_line("r1", "own-1", GOLD, "另一篇文章\n")


def test_a_headline_that_was_changed_gives_way_to_the_printed_one() -> None:
    articles = [{**GOLD["articles"][0], "title": "青禾县的行动"}]
    made = to_line("r1", "own-1", {**GOLD, "articles": articles}, page_of(RAW))
    assert to_gold(made, page_of(RAW))["articles"][0]["title"] == RAW["title"].partition("\n")[0]


def test_another_article_is_refused() -> None:
    with pytest.raises(AbsentError, match="not the one"):
        to_gold(line(), page_of({**RAW, "text": "改过的文章"}))


def test_an_id_that_is_a_headline_is_a_digest() -> None:
    assert key_of("gwr-绵阳-13") == "gwr-绵阳-13"
    assert key_of("cec-" + LONG).startswith("sha256:")


def test_a_sentence_is_found_but_not_among_names() -> None:
    made = line()
    assert sentences(made) == []
    assert sentences({**made, "note": LONG}) == [LONG]


def test_a_folder_is_written_and_restored(tmp_path: Path) -> None:
    annotated, raw = tmp_path / "all", tmp_path / "raw.jsonl.xz"
    annotated.mkdir()
    for stem in ("r1", "r2"):
        gold = {**GOLD, "doc": f"{stem}.txt"}
        (annotated / f"{stem}.json").write_text(json.dumps(gold, ensure_ascii=False), "utf-8")
    with lzma.open(raw, "wt", encoding="utf-8") as file:
        file.write(json.dumps(RAW) + "\n")
    faults = write(annotated, {"r1": "own-1"}, raw, tmp_path / "gold")
    assert len(faults) == 1
    assert "r2" in faults[0]
    assert restore([tmp_path / "gold"], raw, tmp_path / "back") == 1
    assert json.loads((tmp_path / "back" / "r1.json").read_text("utf-8")) == GOLD
    assert (tmp_path / "back" / "r1.txt").read_text("utf-8") == page_of(RAW)


def test_articles_without_gold_are_written_as_pages(tmp_path: Path) -> None:
    raw, other = tmp_path / "raw.jsonl.xz", {**RAW, "id": "own-2", "title": "另一篇"}
    with lzma.open(raw, "wt", encoding="utf-8") as file:
        file.write(json.dumps(RAW) + "\n" + json.dumps(other) + "\n")
    _store([line()], tmp_path / "gold")
    assert others([tmp_path / "gold"], raw, tmp_path / "back") == 1
    assert [path.read_text("utf-8") for path in (tmp_path / "back").iterdir()] == [page_of(other)]


def test_what_is_committed_holds_no_sentence() -> None:
    lines = list(read_lines(folders()))
    assert len(lines) >= 800
    assert [line["stem"] for line in lines if sentences(line)] == []
    assert len({line["stem"] for line in lines}) == len({line["raw"] for line in lines}) == len(lines)


def test_nothing_is_both_taught_and_measured() -> None:
    every = splits().values()
    taught = {path for one in every if one.use == "teach" for path in (*one.gold, *one.stand_off)}
    held = {path for one in every if one.use != "teach" for path in (*one.gold, *one.stand_off)}
    assert taught
    assert held
    assert not taught & held


@pytest.mark.parametrize(
    "table", ['[a]\nuse = "play"\ntitle = "x"', '[a]\nuse = "look"', '[a]\nuse="look"\ntitle=""\nx=1']
)
def test_a_wrong_split_names_file_and_table(tmp_path: Path, table: str) -> None:
    (tmp_path / "splits.toml").write_text(table, "utf-8")
    with pytest.raises(ValueError, match=r"splits\.toml: \[a\]"):
        splits(tmp_path / "splits.toml")


def test_a_set_without_its_texts_is_not_here(tmp_path: Path) -> None:
    gold, raw = tmp_path / "gold", tmp_path / "raw.jsonl.xz"
    one = Split("fresh", "measure", "", stand_off=(gold,), raw=raw)
    gold.mkdir()
    assert not one.here
    raw.touch()
    assert one.here


def test_shared_passages_are_measured() -> None:
    common, other = LONG, "这一段文字与别处没有任何相同之处因此不会被算作重复"
    found = list(repeats({"t": common, "u": other}, {"d": "前言" + common}))
    assert found == [("t", "d", 1.0)]
