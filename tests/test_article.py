"""Articles of a page: where they start, who wrote them, what their running text is."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import networkx as nx
import pytest

from kg.article import split
from kg.page import find_pages, read_page

SHARED = Path(__file__).parents[1] / ".." / "shared"
GOLD = sorted((SHARED / "gold").glob("*.json"))
DROP = re.compile(r"[\s“”\"'‘’「」『』《》〈〉<>\u200b]")


def norm(name: str) -> str:
    return DROP.sub("", unicodedata.normalize("NFKC", name)).lower()


def f1(hits: int, found: int, wanted: int) -> float:
    return 2 * hits / (found + wanted) if found + wanted else 1.0


@pytest.mark.skipif(not GOLD, reason="the real pages are not part of the project")
@pytest.mark.parametrize("gold_file", GOLD, ids=lambda p: p.stem)
def test_real_page(gold_file: Path) -> None:
    gold = json.loads(gold_file.read_text(encoding="utf-8"))
    (source,) = find_pages([str(SHARED / "pages" / gold["doc"])])
    page, _ = read_page(source)
    assert page is not None
    articles, _ = split(page)
    flat = re.sub(r"\s", "", page.text)
    want = sorted({flat.find(re.sub(r"\s", "", a["starts_with"])) for a in gold["articles"]})
    have = [len(re.sub(r"\s", "", page.text[: a.span.start])) for a in articles]
    near = nx.Graph(
        [
            (("w", w), ("h", i), {"weight": 100 - abs(w - h)})
            for w in want
            for i, h in enumerate(have)
            if abs(w - h) <= 45
        ]
    )
    hits = len(nx.max_weight_matching(near, maxcardinality=True))
    assert f1(hits, len(have), len(want)) >= 0.95, [a.headline for a in articles]
    wanted = {norm(j) for a in gold["articles"] for j in a["journalists"]}
    found = {norm(j) for a in articles for j in a.journalists}
    assert f1(len(wanted & found), len(found), len(wanted)) >= 0.95, (found - wanted, wanted - found)
