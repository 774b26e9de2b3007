"""Samples to learn from, in our own words, and a network that knows nothing yet: for tests of kg.network, kg.learn."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kg.network import read as network

PLACES = ("云泽市", "望舒区", "霁川县", "白蘋镇", "柳溪县", "松陵市")
PEOPLE = ("骆知行", "闵舟", "林岚", "周明远", "何小满", "欧阳静")
BODIES = ("水利局", "林业局", "教育局", "卫健委", "民政局", "农业农村局")


def torch() -> Any:
    """PyTorch on one thread; the test is skipped where it is not installed."""
    found = pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'fangzhi[train]'")
    pytest.importorskip("onnx", reason="onnx is not installed: pip install 'fangzhi[train]'")
    found.set_num_threads(1)
    return found


def page(number: int) -> tuple[str, dict[str, Any]]:
    """A page of three sentences, and its gold."""
    place, person, body = (of[number % len(of)] for of in (PLACES, PEOPLE, BODIES))
    lead = f"{place}{body}局长{person}昨日带队检查“清溪{number}号”行动。"
    text = f"{place}{body}忙治水\n{lead}{person}说，今年要再修三条渠。\n"
    entities = [
        {"id": "e1", "type": "Place", "name": place},
        {"id": "e2", "type": "Agency", "name": place + body},
        {"id": "e3", "type": "Official", "name": person},
        {"id": "e4", "type": "Program", "name": f"“清溪{number}号”行动", "optional": True},
    ]
    relations = [
        {"s": "e3", "p": "holdsPostIn", "o": "e2", "title": "局长", "evidence": lead},
        {"s": "e2", "p": "governs", "o": "e1", "evidence": lead},
        {"s": "e2", "p": "runs", "o": "e4", "evidence": lead, "optional": True},
    ]
    articles = [{"id": "a1", "title": text.split("\n")[0], "starts_with": text[:8], "journalists": []}]
    return text, {"doc": f"p{number}.txt", "articles": articles, "entities": entities, "relations": relations}


def write_pages(folder: Path, count: int) -> Path:
    """`count` pages with their gold, as a corpus lies on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        text, gold = page(number)
        (folder / f"p{number}.txt").write_text(text, "utf-8")
        (folder / f"p{number}.json").write_text(json.dumps(gold, ensure_ascii=False), "utf-8")
    return folder


@contextmanager
def weights_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Read with the weights of `folder` as long as this lasts."""
    with monkeypatch.context() as patched:
        patched.setenv(network.WEIGHTS, str(folder))
        network.session.cache_clear()
        network.table.cache_clear()
        yield
    network.session.cache_clear()
    network.table.cache_clear()


def blank_reader(seed: int = 1) -> Any:
    """A network as training begins it, its weights rounded as they are stored."""
    found = torch()
    from kg.learn.model import Reader
    from kg.learn.to_onnx import read, write

    found.manual_seed(seed)
    reader = Reader().eval()
    with tempfile.TemporaryDirectory() as folder:
        write(reader, Path(folder))
        read(reader, Path(folder))
    return reader
