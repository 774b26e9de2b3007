"""Pages without gold: what networks say of them becomes lessons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kg.mention.known import FILE, known
from kg.network.layers import ALLOWED, LAYERS
from learned import torch, write_pages


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pages without gold."""
    folder = write_pages(tmp_path_factory.mktemp("pages"), 3)
    for path in folder.glob("*.json"):
        path.unlink()
    return folder


def lessons(pages: Path, teachers: tuple[str, ...] = ("",), known: tuple[str, ...] = ()) -> list[Any]:
    torch()
    from kg.learn.silver import silver

    return silver(pages, teachers, known)


def test_what_the_weights_in_use_see_is_what_is_taught(pages: Path) -> None:
    found = lessons(pages)
    assert len(found) == 3
    for one in found:
        assert ((one.sure > 0) & (one.sure < 1)).all()
        places = {
            one.text[a : a + size + 1] for a, size, layer in one.spans[one.sure > 0.5] if LAYERS[layer] == "Place"
        }
        assert places & {"云泽市", "望舒区", "霁川县"}  # the first headline begins the text: numbers are characters
        assert one.related.shape == one.weight.shape == (len(one.pairs), ALLOWED.shape[2])
        assert one.related.max() > 0.5


def test_two_teachers_who_agree_are_one(pages: Path) -> None:
    once, twice = lessons(pages), lessons(pages, ("", ""))
    for one, other in zip(once, twice, strict=True):
        assert np.allclose(one.sure, other.sure, atol=1e-3)
        assert np.array_equal(one.pairs, other.pairs)
        assert np.allclose(one.related, other.related, atol=1e-2)


def test_what_has_gold_is_left_out(pages: Path) -> None:
    text = lessons(pages)[1].text
    assert [one.text for one in lessons(pages, known=(text,))] == [lessons(pages)[n].text for n in (0, 2)]


def test_a_folder_of_nothing_teaches_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("。\n", "utf-8")
    assert all(not len(one.pairs) for one in lessons(tmp_path))


def test_silver_comes_before_gold(pages: Path, tmp_path: Path) -> None:
    """The whole way, twice: what the teachers say is taught first, and the same seed gives the same bytes."""
    torch()
    from kg.learn.school import Plan, train

    gold = write_pages(tmp_path / "gold", 6)
    sums = []
    for name in ("one", "two"):
        plan = Plan((gold,), unlabelled=pages, passes=1, folds=2, held=1, workers=1)
        train(plan, tmp_path / name, lambda line: None)
        sums.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert sums[0] == sums[1]
    assert set(sums[0]) >= {"encoder.onnx", "pairs.onnx", "claims.npz", "mentions.onnx"}
    assert not [path for path in (tmp_path / "one").iterdir() if path.is_dir()]


def test_written_pages_are_taught_and_not_measured(tmp_path: Path) -> None:
    torch()
    from kg.learn.school import Plan, train

    gold, written = write_pages(tmp_path / "gold", 6), write_pages(tmp_path / "written", 2)
    plan = Plan((gold,), written=(written,), passes=1, folds=2, held=2, workers=1)
    told: list[str] = []
    figures = train(plan, tmp_path / "out", told.append)
    assert set(figures["pages"]) == {f"p{number}.txt" for number in range(6)}
    assert any(line.startswith("all pages: 8 articles") for line in told)


def test_what_several_articles_name_is_known(pages: Path, tmp_path: Path) -> None:
    found = lessons(pages)
    from kg.learn.known import write

    write([*found, *found], tmp_path)
    first = (tmp_path / FILE).read_bytes()
    write([*found, *found], tmp_path)
    assert (tmp_path / FILE).read_bytes() == first
    place = known("Place", "云泽市", str(tmp_path))
    assert place.share > 0.3
    assert place.other < place.share
    assert place.articles == 2 * sum("云泽市" in one.text for one in found)
    assert known("Person", "骆知行", str(tmp_path)).articles == 0  # people are not kept
