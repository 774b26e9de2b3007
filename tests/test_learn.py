"""Learning: gold becomes spots and bonds, spots become lessons, and the same lessons give the same weights."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import MagicMock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from by_hand import article, document
from kg.article.sentences import sentences
from kg.learn.align import Aligned, Flat, align
from kg.learn.examples import Example, from_cluener, from_pages
from kg.learn.meant import meant
from kg.model import Page, Predicate
from kg.network import read_articles
from kg.network.layers import BEARS, LABELS, LAYERS, OF
from kg.network.read import WEIGHTS, weights
from kg.network.rows import encode, pieces
from kg.network.spans import scored_spans
from kg.seen import norm
from learned import blank_reader, page, torch, weights_of, write_pages

ROOT = Path(__file__).parents[1]
FILES = ("encoder.onnx", "pairs.onnx", "heads.npz")


def gold(*entities: dict[str, Any], relations: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"doc": "p.txt", "articles": [], "entities": list(entities), "relations": list(relations)}


def thing(id: str, kind: str, name: str, *aliases: str, optional: bool = False) -> dict[str, Any]:
    return {"id": id, "type": kind, "name": name, "aliases": list(aliases), "optional": optional}


def spots(text: str, aligned: Aligned) -> list[tuple[str, str, str]]:
    return [(s.layer, text[s.start : s.end], s.id) for s in aligned.spots]


# -- gold in the text ------------------------------------------------------------------------------------------------


def test_names_are_found_whatever_quotes_blanks_and_width_the_page_has() -> None:
    text = "“清溪”行动 启动，AB 公司与《清溪行动》。"
    found = align(text, gold(thing("e1", "Program", "“清溪行动”"), thing("e2", "Enterprise", "ａｂ公司")))
    assert sorted(spots(text, found)) == [
        ("Enterprise", "AB 公司", "e2"),
        ("Program", "清溪”行动", "e1"),
        ("Program", "清溪行动", "e1"),
    ]


def test_the_longest_name_of_a_kind_wins_and_other_kinds_nest() -> None:
    text = "云泽市水利局开会，水利局局长说。"
    found = align(text, gold(thing("e1", "Agency", "云泽市水利局", "水利局"), thing("e2", "Place", "云泽市")))
    assert sorted(spots(text, found)) == [
        ("Agency", "云泽市水利局", "e1"),
        ("Agency", "水利局", "e1"),
        ("Place", "云泽市", "e2"),
    ]


def test_what_stands_only_inside_a_longer_name_is_a_name_there() -> None:
    text = "云泽大学医学院新院长"
    found = align(text, gold(thing("e1", "Agency", "云泽大学"), thing("e2", "Agency", "云泽大学医学院")))
    assert sorted(spots(text, found)) == [("Agency", "云泽大学", "e1"), ("Agency", "云泽大学医学院", "e2")]
    elsewhere = "云泽大学医学院新院长。医学院"
    found = align(elsewhere, gold(thing("e1", "Agency", "医学院"), thing("e2", "Agency", "云泽大学医学院")))
    assert len(found.spots) == 2, "it stands by itself elsewhere"


def test_of_two_things_with_one_name_the_one_that_has_to_be_found_comes_last() -> None:
    twins = [thing(f"e{n}", "Place", name, optional=n % 2 > 0) for n in range(16) for name in ("云泽", "清溪")]
    found = align("云泽、清溪", gold(*twins))
    order = [(s.start, not s.optional, s.id) for s in found.spots]
    assert order == sorted(order), "whatever the hash seed"


def test_a_body_that_begins_anothers_name_is_always_a_name() -> None:
    text = "云泽市委组织部发文。云泽市委开会。"
    found = align(text, gold(thing("e1", "Agency", "云泽市委"), thing("e2", "Agency", "云泽市委组织部")))
    assert [(s.start, s.end, s.id) for s in found.spots if s.id == "e1"] == [(0, 4, "e1"), (10, 14, "e1")]


def test_what_is_optional_is_marked_and_one_character_is_no_name() -> None:
    found = align("林岚在村里。", gold(thing("e1", "Person", "林岚", optional=True), thing("e2", "Place", "村")))
    assert [(s.id, s.optional) for s in found.spots] == [("e1", True)]


@given(st.text("云泽市 “”《》\n\u3000ａＡa㈱…①", max_size=20), st.text("云泽市 “”Aａ①", min_size=1, max_size=6))
def test_a_place_found_begins_and_ends_on_a_character_of_the_name(text: str, surface: str) -> None:
    for start, end in Flat(text).find(surface):
        assert 0 <= start < end <= len(text)
        assert norm(surface) in norm(text[start:end])


POST = "云泽市水利局局长骆知行说，水利局很忙。"
ACTING = (thing("e1", "Agency", "云泽市水利局"), thing("e2", "Program", "清溪行动"))
PEOPLE = (thing("e1", "Official", "骆知行"), thing("e2", "Agency", "云泽市水利局", "水利局"))


def holds(**more: Any) -> dict[str, Any]:
    return {"s": "e1", "p": "holdsPostIn", "o": "e2", "title": "局长", "evidence": POST, **more}


def test_a_post_is_two_bonds() -> None:
    found = align(POST, gold(*PEOPLE, relations=(holds(),)))
    words = [POST[s.start : s.end] for s in found.spots]
    assert {(words[b.left], b.label, words[b.right]) for b in found.bonds} == {
        ("骆知行", BEARS, "局长"),
        ("局长", OF, "云泽市水利局"),
    }
    assert [s.layer for s in found.spots if POST[s.start : s.end] == "局长"] == [LAYERS[-1]]


def test_a_relation_is_between_the_names_nearest_to_its_sentence() -> None:
    text = "云泽市水利局开会。林业局和云泽市水利局办清溪行动。"
    said = {"s": "e1", "p": "runs", "o": "e2", "evidence": "林业局和云泽市水利局办清溪行动。"}
    found = align(text, gold(*ACTING, relations=(said,)))
    (bond,) = found.bonds
    assert found.spots[bond.left].start == text.rindex("云泽市水利局")
    assert found.related == {("e1", "e2"): {"runs"}}


def test_a_relation_is_optional_where_it_or_an_end_is() -> None:
    assert {b.optional for b in align(POST, gold(*PEOPLE, relations=(holds(),))).bonds} == {False}
    assert {b.optional for b in align(POST, gold(*PEOPLE, relations=(holds(optional=True),))).bonds} == {True}
    person = thing("e1", "Official", "骆知行", optional=True)
    assert {b.optional for b in align(POST, gold(person, PEOPLE[1], relations=(holds(),))).bonds} == {True}


def test_a_relation_whose_sentence_or_title_is_not_there_is_left_out() -> None:
    for changed in ({"evidence": "别处的话。"}, {"title": "主任"}):
        assert align(POST, gold(*PEOPLE, relations=(holds(**changed),))).bonds == set()


# -- examples and lessons --------------------------------------------------------------------------------------------


def test_pages_with_gold_beside_them_become_examples(tmp_path: Path) -> None:
    folder = write_pages(tmp_path / "own", 3)
    (folder / "alone.txt").write_text("云泽市无标注。\n", "utf-8")
    found = from_pages([folder])
    assert [example.source for example in found] == ["own/p0", "own/p1", "own/p2"]
    for number, example in enumerate(found):
        names = {example.text[s.start : s.end] for s in example.gold.spots}
        assert {e["name"].strip("“") for e in page(number)[1]["entities"] if not e.get("optional")} <= names
        assert {b.label for b in example.gold.bonds} >= {BEARS, OF, "governs"}


def test_sentences_of_cluener_become_examples(tmp_path: Path) -> None:
    label = {
        "name": {"骆知行": [[0, 2]]}, "company": {"云泽纺织": [[4, 7]]}, "position": {"经理": [[9, 10]]},
        "book": {"骆知": [[0, 1]]},
    }  # fmt: skip
    row = json.dumps({"text": "骆知行在云泽纺织任经理", "label": label}, ensure_ascii=False)
    (tmp_path / "c.jsonl").write_text(row + "\n", "utf-8")
    (example,) = from_cluener(tmp_path / "c.jsonl")
    told = {(s.layer, example.text[s.start : s.end]) for s in example.gold.spots}
    assert told == {("Person", "骆知行"), ("Enterprise", "云泽纺织"), ("Title", "经理")}


def example(text: str, known: dict[str, Any]) -> Example:
    one = article(text)
    return Example("own/p", text, sentences(one), align(text, known), one, known)


def test_a_lesson_has_every_spot_and_every_bond() -> None:
    from kg.learn.lessons import lesson

    text, known = page(0)
    one = example(text, known)
    taught = lesson(one)
    read = "".join(text[a:b] for a, b in pieces(text, one.sentences))
    assert taught.size == len(read)
    told = {(LAYERS[layer], read[a : a + length + 1]) for a, length, layer in taught.spans.tolist()}
    assert told == {(s.layer, text[s.start : s.end]) for s in one.gold.spots}
    wanted = {
        (int(i), int(j), label)
        for (i, j), row in zip(taught.pairs, taught.related, strict=True)
        for label, value in zip(LABELS, row, strict=True)
        if value
    }
    assert wanted == {(b.left, b.right, b.label) for b in one.gold.bonds}
    assert set(np.unique(taught.weight).tolist()) <= {0.0, np.float32(0.3).item(), 1.0}


def test_what_is_related_elsewhere_is_not_taught_as_unrelated() -> None:
    from kg.learn.lessons import lesson

    text = "云泽市水利局办清溪行动。云泽市水利局又说清溪行动。"
    said = {"s": "e1", "p": "runs", "o": "e2", "evidence": "云泽市水利局办清溪行动。"}
    one = example(text, gold(*ACTING, relations=(said,)))
    taught = lesson(one)
    runs = list(LABELS).index("runs")
    of_runs = zip(taught.pairs.tolist(), taught.related[:, runs], taught.weight[:, runs], strict=True)
    by_pair = {tuple(pair): (related, weight) for pair, related, weight in of_runs}
    (bond,) = one.gold.bonds
    assert by_pair[bond.left, bond.right] == (1, 1)
    others = {p: v for p, v in by_pair.items() if p != (bond.left, bond.right) and one.gold.spots[p[0]].id == "e1"}
    assert others
    assert {v[0] for v in others.values()} | {v[1] for v in others.values()} == {0}


@pytest.mark.parametrize("text", ["", "。", "局" * 500])
def test_a_text_without_names_is_a_lesson_too(text: str) -> None:
    from kg.learn.lessons import lesson

    taught = lesson(example(text, gold()))
    assert taught.spans.shape == (0, 3)
    assert taught.pairs.shape == (0, 2)


HERE = "我市启动清溪行动，云泽市水利局参加。"
TOWN = thing("e9", "Place", "云泽市")


def told_of(text: str, *places: dict[str, Any], evidence: str = "") -> Aligned:
    """The gold of a page in which 云泽市 runs a program."""
    said = {"s": "e9", "p": "runs", "o": "e2", "evidence": evidence or text}
    known, one = gold(*places, *ACTING, relations=(said,)), article(text)
    return align(text, known, partial(meant, Page("page", text, "0" * 64), one, known))


def words_for(found: Aligned, text: str) -> list[tuple[str, str]]:
    return [(text[s.start : s.end], s.id) for s in found.spots if s.relative]


def test_a_word_for_a_place_is_a_spot_of_the_place_and_bears_what_is_said_of_it() -> None:
    found = told_of(HERE, TOWN, evidence="我市启动清溪行动")
    assert words_for(found, HERE) == [("我市", "e9")]
    (bond,) = found.bonds
    assert HERE[found.spots[bond.left].start :].startswith("我市")
    (apart,) = told_of(HERE, TOWN, evidence="清溪行动，云泽市").bonds
    assert found.spots[apart.left].start == HERE.index("云泽市")


def test_a_word_for_a_place_that_the_gold_has_not_is_no_spot() -> None:
    assert words_for(told_of(HERE), HERE) == []


def test_a_word_for_a_place_is_asked_of_and_is_no_name() -> None:
    from kg.learn.lessons import lesson

    found, one = told_of(HERE, TOWN, evidence="我市启动清溪行动"), article(HERE)
    taught = lesson(Example("own/p", HERE, sentences(one), found, one, gold()))
    word = next(i for i, spot in enumerate(found.spots) if spot.relative)
    assert word in taught.pairs
    assert len(taught.spans) == len(found.spots) - 1


# -- teaching --------------------------------------------------------------------------------------------------------

PASSES = 30


def taught(count: int, passes: int, seed: int = 1) -> Any:
    """A network taught on so many sample pages."""
    from kg.learn.lessons import lesson
    from kg.learn.teach import Course, teach

    reader, known = blank_reader(seed), [example(*page(number)) for number in range(count)]
    teach(reader, [lesson(one) for one in known], Course(passes, characters=400), seed, {}, lambda line: None)
    return reader


def parameters(reader: Any) -> dict[str, Any]:
    return {name: tensor.numpy().copy() for name, tensor in reader.state_dict().items()}


def test_one_seed_gives_one_network_and_another_another() -> None:
    torch()
    one, again, other = (parameters(taught(3, 1, seed)) for seed in (7, 7, 8))
    assert all(np.array_equal(one[name], again[name]) for name in one)
    assert not all(np.array_equal(one[name], other[name]) for name in one)
    assert all(np.isfinite(value).all() for value in one.values())


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """A network that knows six sample pages by heart, and the folder of its weights."""
    torch()
    from kg.learn.to_onnx import write

    reader, folder = taught(6, PASSES), tmp_path_factory.mktemp("weights")
    write(reader, folder)
    return reader, folder


def test_what_was_taught_is_found_by_what_was_written(
    school: tuple[Any, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, folder = school
    assert {path.name for path in folder.iterdir()} == set(FILES)
    found, wanted = 0, 0
    with weights_of(folder, monkeypatch):
        for number in range(6):
            one = example(*page(number))
            (signals,) = read_articles([(one.text, one.sentences)])
            likely = {(s.layer, s.start, s.end) for s in scored_spans(signals) if s.odds > 0}
            spots_ = {(s.layer, s.start, s.end) for s in one.gold.spots}
            wanted += len(spots_)
            found += len(spots_ & likely)
    assert found >= 0.8 * wanted


def outputs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    text = page(0)[0]
    with weights_of(folder, monkeypatch):
        (signals,) = read_articles([(text, document(text).sentences)])
    return signals.outputs


def test_the_same_network_is_written_in_the_same_bytes(school: tuple[Any, Path], tmp_path: Path) -> None:
    from kg.learn.to_onnx import write

    reader, folder = school
    write(reader, tmp_path)
    assert [(tmp_path / name).read_bytes() == (folder / name).read_bytes() for name in FILES] == [True] * len(FILES)


def test_learning_goes_on_from_the_weights_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shipped weights are read back into PyTorch, which says of a text what they say, and are written again."""
    torch()
    from kg.learn.to_onnx import read, write

    monkeypatch.delenv(WEIGHTS, raising=False)
    shipped = weights("encoder.onnx").parent
    reader = blank_reader()
    read(reader, shipped)
    write(reader.eval(), tmp_path)
    ours, theirs = outputs(shipped, monkeypatch), outputs(tmp_path, monkeypatch)
    assert all(np.array_equal(ours[name], theirs[name]) for name in ours)
    assert agree(reader, ours)


def test_weights_of_another_version_are_refused(school: tuple[Any, Path], tmp_path: Path) -> None:
    """An older network had fewer features of pairs: one line says so, not a traceback."""
    import onnx
    from onnx import numpy_helper

    from kg.errors import WeightsError
    from kg.learn.to_onnx import read

    _, folder = school
    shutil.copytree(folder, tmp_path / "old")
    model = onnx.load(tmp_path / "old" / "pairs.onnx")
    (hidden,) = [one for one in model.graph.initializer if one.name == "hidden.weight.half"]
    hidden.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(hidden)[:-12], hidden.name))
    onnx.save(model, tmp_path / "old" / "pairs.onnx")
    with pytest.raises(WeightsError, match="another version"):
        read(blank_reader(), tmp_path / "old")


def agree(reader: Any, seen: dict[str, Any]) -> bool:
    """Whether PyTorch's heads say of the first sample what the ONNX graph said."""
    from kg.learn.model import pack

    text = page(0)[0]
    with torch().no_grad():
        h = reader.states(pack([encode(text[a:b]) for a, b in pieces(text, document(text).sentences)]))
        heads = {"starts": reader.spans.starts(h), "ends": reader.spans.ends(h), "single": reader.spans.single(h)}
        heads["around"] = reader.pairs.around(h).relu()
    return all(np.allclose(seen[name], head.numpy(), atol=5e-3) for name, head in heads.items())


# -- what training begins from ----------------------------------------------------------------------------------------

PLAIN = "云泽市水利局局长骆知行昨日来到白石镇检查防汛工作"


def test_training_begins_from_baidus_tagger() -> None:
    """The network as PyTorch begins it says of the words what Baidu's weights say in ONNX's own GRU."""
    torch()
    from bench.lac_small import session
    from kg.learn import lac
    from kg.learn.model import Reader, pack

    known = lac.characters()
    assert set(PLAIN) <= known.keys()
    rows = np.array([[known[character]] for character in PLAIN], dtype=np.int64)
    (wanted,) = session().run(None, {"characters": rows, "lengths": np.array([len(PLAIN)], dtype=np.int32)})
    reader = Reader().eval()
    with torch().no_grad():
        states = reader.states(pack([encode(PLAIN)])).numpy()
    words = states @ lac.weights()["linear.weight"] + lac.weights()["linear.bias"]
    np.testing.assert_allclose(words, wanted[:, 0], atol=1e-4)


def test_the_gradient_written_by_hand_is_that_of_the_sums() -> None:
    found = torch()
    from kg.learn.gru import _Scan

    found.manual_seed(1)
    sides, steps, batch, size = 4, 5, 3, 2
    shapes = (sides, steps, batch, 3 * size), (sides, size, 2 * size), (sides, size, size)
    given = [found.randn(shape, dtype=found.double, requires_grad=True) for shape in shapes]
    assert found.autograd.gradcheck(lambda wx, *rest: _Scan.apply(wx.clone(), *rest), given)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5])
def test_what_is_dropped_while_teaching_is_made_up_for_by_the_rest(share: float) -> None:
    found = torch()
    from kg.learn.model import Drop

    found.manual_seed(1)
    drop, ones = Drop(share), found.ones(1001, 101)
    taught = drop(ones)
    assert abs(float((taught == 0).double().mean()) - share) < 0.01
    assert abs(float(taught.mean()) - 1) < 0.01
    assert found.equal(drop.eval()(ones), ones)


def test_rows_of_a_table_are_kept_in_bytes(tmp_path: Path) -> None:
    """To half a step of the row, and written again in the same bytes."""
    torch()
    from kg.learn.to_onnx import read, write

    reader = blank_reader()
    table = reader.bigrams.weight.data
    table[0], table[1], table[2, 0] = 0, 1e-6, 7
    before = table.clone()
    write(reader, tmp_path / "one")
    read(reader, tmp_path / "one")
    write(reader, tmp_path / "two")
    step = before.abs().amax(1).clamp(min=2**-7) / 127
    assert ((before - reader.bigrams.weight.data).abs().amax(1) <= 0.51 * step + 1e-6).all()
    assert (tmp_path / "one/encoder.onnx").read_bytes() == (tmp_path / "two/encoder.onnx").read_bytes()


@pytest.mark.parametrize("text", [PLAIN, "", "，", "𠮷" * 3, "局" * 1200, "昨日，云泽市来了人。" * 90])
def test_the_bare_tagger_of_the_bench_covers_every_character(text: str) -> None:
    pytest.importorskip("onnx", reason="onnx is not installed: pip install 'fangzhi[dev]'")
    from bench.lac_small import tag

    words, other = tag([text, PLAIN])
    assert "".join(text[start:end] for start, end, _ in words) == text
    assert {"LOC", "PER"} & {kind for *_, kind in other}


# -- scorers ---------------------------------------------------------------------------------------------------------


def toy(seed: int = 0) -> tuple[Any, Any]:
    """Rows whose wanted answer one can see: the first number is larger than the second."""
    x = np.random.default_rng(seed).normal(size=(600, 4)).astype(np.float32)
    return x, (x[:, 0] > x[:, 1]).astype(np.float32)


def test_a_scorer_learns_and_is_calibrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch()
    from kg.learn import scorers
    from kg.network.scorer import scored

    scorers.write(scorers.teach(*toy()), tmp_path / "toy.npz")
    x, y = toy(1)
    with weights_of(tmp_path, monkeypatch):
        chances = scored("toy", x)
    assert ((chances >= 0) & (chances <= 1)).all()
    assert ((chances > 0.5) == y).mean() > 0.93
    assert abs(chances.mean() - y.mean()) < 0.05


def test_a_scorer_is_the_same_twice(tmp_path: Path) -> None:
    torch()
    from kg.learn import scorers

    for name in ("a", "b"):
        scorers.write(scorers.teach(*toy(), steps=20), tmp_path / f"{name}.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def forest(path: Path, x: Any, y: Any) -> Any:
    """Trees taught on x and y and written to `path`; skipped where scikit-learn is not installed."""
    torch()
    pytest.importorskip("sklearn", reason="scikit-learn is not installed: pip install 'fangzhi[train]'")
    from kg.learn import trees

    model = trees.teach(x, y)
    trees.write(model, path)
    return model


def test_trees_say_in_onnx_what_they_were_taught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.network.scorer import voted

    model = forest(tmp_path / "toy.onnx", *toy())
    x, y = toy(1)
    with weights_of(tmp_path, monkeypatch):
        chances = voted("toy", x)
    assert ((chances > 0.5) == y).mean() > 0.93
    assert np.allclose(chances, model.predict_proba(x)[:, 1], atol=1e-5)


def test_trees_part_numbers_that_only_double_precision_tells_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.network.scorer import voted

    low = np.float32(0.1)
    x = np.repeat([low, np.nextafter(low, np.float32(1))], 300)[:, None]  # the threshold lies between the two
    model = forest(tmp_path / "toy.onnx", x, np.repeat([0.0, 1.0], 300))
    with weights_of(tmp_path, monkeypatch):
        assert np.allclose(voted("toy", x), model.predict_proba(x)[:, 1], atol=1e-5)


def test_trees_are_the_same_twice(tmp_path: Path) -> None:
    for name in ("a", "b"):
        forest(tmp_path / name, *toy())
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_later_trees_add_what_the_earlier_do_not_know(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule has changed: rows that the earlier trees call likely are so no more where the third number is high."""
    from kg.network.scorer import voted

    forest(tmp_path / "toy.onnx", *toy())
    x, y = toy(1)
    changed = np.where(x[:, 2] > 1, 0, y).astype(np.float32)
    with weights_of(tmp_path, monkeypatch):
        before = voted("toy", x)
    from kg.learn import trees

    later = trees.teach_later(x, changed, np.log(before / (1 - before)))
    trees.write_later(later, tmp_path / "toy.onnx", tmp_path / "next.onnx")
    trees.write_later(later, tmp_path / "toy.onnx", tmp_path / "again.onnx")
    with weights_of(tmp_path, monkeypatch):
        after, same = voted("next", x), voted("toy", x)
    assert np.array_equal(before, same)
    assert ((after > 0.5) == changed).mean() > 0.95 > ((before > 0.5) == changed).mean()
    kept = x[:, 2] < 0
    assert np.abs(after - before)[kept].mean() < 0.05, "what has not changed is said as before"
    assert (tmp_path / "next.onnx").read_bytes() == (tmp_path / "again.onnx").read_bytes()


def test_endings_say_what_the_scorer_of_facts_does_not(tmp_path: Path) -> None:
    """Of a hundred bodies that it calls likely those named …大学 govern nothing; the same rows give the same bytes."""
    from kg.judge.gathered import Fact, Thing
    from kg.learn.endings import teach, write
    from kg.model import Kind, Status

    def fact(name: str) -> Fact:
        body, place = (
            Thing(MagicMock(), one, False, [], 1.0, 0, kind, "", False)
            for one, kind in ((name, Kind.AGENCY), ("云泽市", Kind.PLACE))
        )
        return Fact(body, Predicate.GOVERNS, place, "", Status.ASSERTED, [], 1.0, 1.0)

    facts = [fact(f"第{number}{'大学' if number % 2 else '水利局'}") for number in range(100)]
    wanted = np.array([float(number % 2 == 0) for number in range(100)])
    found = teach(facts, np.full(100, 1.0), wanted)
    assert found[Predicate.GOVERNS, "大学"] < -0.5
    assert found[Predicate.GOVERNS, "水利局"] > 0.1
    write(found, tmp_path / "a")
    write(teach(facts, np.full(100, 1.0), wanted), tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert b"governs\t\xe5\xa4\xa7\xe5\xad\xa6\t-" in (tmp_path / "a").read_bytes()


@pytest.mark.parametrize("wanted", [(), (0.0, 0.0, 0.0), (1.0,)])
def test_too_few_rows_make_trees_without_branches(
    wanted: tuple[float, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.network.scorer import voted

    forest(tmp_path / "toy.onnx", np.zeros((len(wanted), 3), np.float32), np.array(wanted, np.float32))
    with weights_of(tmp_path, monkeypatch):
        (chance,) = voted("toy", np.zeros((1, 3), np.float32))
    assert 0 < chance < 1


def test_every_candidate_and_proposal_is_weighed_against_gold(tmp_path: Path) -> None:
    from kg.learn.weigh import names_to_weigh, relations_to_weigh
    from kg.mention.features import FEATURES as NAMED
    from kg.relation.features import FEATURES as RELATED

    found = from_pages([write_pages(tmp_path / "own", 4)])
    for (rows, wanted), features in ((names_to_weigh(found), NAMED), (relations_to_weigh(found), RELATED)):
        assert rows.shape == (len(wanted), len(features))
        assert np.isfinite(rows).all()
        assert set(wanted.tolist()) <= {0.0, np.float32(0.3).item(), 1.0}
        assert wanted.sum() > 0


def test_every_thing_and_fact_of_an_article_is_weighed_against_gold(tmp_path: Path) -> None:
    from kg.judge.facts import FEATURES as OF_FACTS
    from kg.judge.things import FEATURES as OF_THINGS
    from kg.learn.weigh import facts_to_weigh, things_to_weigh

    folder = write_pages(tmp_path / "own", 4)
    for (rows, wanted), features in ((things_to_weigh([folder]), OF_THINGS), (facts_to_weigh([folder]), OF_FACTS)):
        assert rows.shape == (len(wanted), len(features))
        assert np.isfinite(rows).all()
        assert set(wanted.tolist()) <= {0.0, 1.0}
        assert wanted.sum() > 0


def test_pairs_in_like_company_have_like_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.learn import bigrams as first
    from kg.learn.model import OF_PAIR
    from kg.network.rows import bigrams, pairs

    monkeypatch.setattr(first, "LEAST", 100)
    random = Random(1)
    parts = ("省市县区", ("水利", "林业"), "局厅部办所站处队科室", "、")
    named = "".join(random.choice(part) for _ in range(9000) for part in parts)
    texts = [named, "".join(random.choices("天气晴朗多云有风雨雪霜露雾", k=30_000))]
    made = first.vectors(texts)
    assert made.shape == (len(pairs()) + 1, OF_PAIR)
    assert (made == first.vectors(texts)).all(), "the same texts give the same vectors"
    one, like, unlike = (made[bigrams(encode(word))[0, 1]] for word in ("水利", "林业", "天气"))
    cosine = lambda a, b: float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))  # noqa: E731
    assert cosine(one, like) > cosine(one, unlike) + 0.3


def test_too_few_texts_give_vectors_by_chance() -> None:
    from kg.learn.bigrams import vectors

    assert np.isfinite(vectors(["云泽市水利局"])).all()


# -- the command -----------------------------------------------------------------------------------------------------


def command(*arguments: object, before: str = "") -> subprocess.CompletedProcess[str]:
    """`kg ARGUMENTS…` in a process of its own: weights stay in use as long as a process lives."""
    code = f"{before}\nfrom kg.cli import main\nif __name__ == '__main__': main()"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, env=env)


def test_kg_train_makes_weights_that_kg_build_reads_with(tmp_path: Path) -> None:
    torch()
    folder, out = write_pages(tmp_path / "own", 8), tmp_path / "weights"
    ran = command("train", folder, "-o", out, "--passes", 1, "--folds", 2, "--workers", 1)
    assert (ran.returncode, ran.stderr.count("Traceback")) == (0, 0), ran.stderr
    assert {*FILES, "mentions.onnx", "claims.npz"} <= {path.name for path in out.iterdir()}
    assert json.loads((out / "figures.json").read_text("utf-8"))["folds"].keys() == {"0", "1"}
    built = command("build", folder / "p0.txt", "-o", tmp_path / "built", "--weights", out, "--json")
    assert (built.returncode, built.stderr) == (0, "")
    assert json.loads(built.stdout)["pages"] == {"read": 1, "failed": 0}


def test_without_pytorch_kg_train_says_what_to_install(tmp_path: Path) -> None:
    folder = write_pages(tmp_path / "own", 4)
    ran = command("train", folder, "-o", tmp_path / "out", before="import sys; sys.modules['torch'] = None")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "fangzhi[train]" in ran.stderr
    assert not (tmp_path / "out").exists()


def test_weights_that_are_none_are_named(tmp_path: Path) -> None:
    page_ = write_pages(tmp_path / "own", 1) / "p0.txt"
    ran = command("build", page_, "-o", tmp_path / "out", "--weights", tmp_path)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert str(tmp_path) in ran.stderr
