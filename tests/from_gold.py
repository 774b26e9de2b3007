"""A Knowledge that says what a gold file says, optionally spoilt: the scorer and the writers are tried on it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from random import Random
from typing import Any

from kg.model import Article, Entity, Evidence, Kind, Knowledge, Mention, Page, Predicate, Reading, Span, Statement

SHARED = Path(__file__).resolve().parents[2] / "shared"
PAIRS = [(g, SHARED / "pages" / f"{g.stem}.txt") for g in sorted((SHARED / "gold").glob("*.json"))]


def load(gold: Path, page: Path) -> tuple[dict[str, Any], str, Knowledge]:
    """The gold, the page's text, and the Knowledge that a perfect build would give."""
    data, text = json.loads(gold.read_text("utf-8")), page.read_bytes().decode("utf-8")
    return data, text, knowledge(data, text)


def knowledge(gold: dict[str, Any], text: str) -> Knowledge:
    doc = gold["doc"]
    page = Page(doc, text, hashlib.sha256(text.encode()).hexdigest(), issued=gold.get("issue_date") or "")
    articles = tuple(_article(a, doc, text) for a in gold["articles"])
    entities = [_entity(e, doc) for e in gold["entities"]]
    id_of = {e["id"]: made.id for e, made in zip(gold["entities"], entities, strict=True)}
    mentions = tuple(_mention(e, m, articles[0].id) for e in entities for m in e.mentions)
    statements = {_statement(r, id_of, doc, text): None for r in gold["relations"]}
    reading = Reading(page, articles, mentions)
    return Knowledge((reading,), tuple({e.id: e for e in entities}.values()), tuple(statements))


def spoil(known: Knowledge, seed: int) -> Knowledge:
    """The same with about a fifth of everything dropped, and some entities split in two."""
    dice = Random(seed)
    entities = [e for e in known.entities if dice.random() > 0.15]
    extra = [Entity(f"{e.id}@2", e.kind, e.name, e.official, pages=e.pages) for e in entities if dice.random() < 0.1]
    ids = {e.id for e in entities}
    statements = [s for s in known.statements if {s.subject, s.object} <= ids and dice.random() > 0.15]
    return Knowledge(known.readings, (*entities, *extra), tuple(statements), known.findings)


def _article(a: dict[str, Any], doc: str, text: str) -> Article:
    start = max(text.find(a["starts_with"][:4]), 0)
    offsets = tuple(range(len(text)))
    names = tuple(a.get("journalists", ()))
    return Article(f"{doc}#{a['id']}", doc, a["title"], names, text, offsets, (), Span(start, start + 9))


def _entity(e: dict[str, Any], doc: str) -> Entity:
    official = e["type"] == "Official"
    kind = Kind.PERSON if official else Kind(e["type"])
    printed = (e["name"],) if e.get("corrected") else ()
    id_ = f"{kind.value.lower()}/{e['name']}"
    aliases = tuple(sorted(e.get("aliases", ())))
    return Entity(id_, kind, e.get("corrected") or e["name"], official, aliases, printed, (f"m-{id_}",), (doc,))


def _mention(entity: Entity, id_: str, article: str) -> Mention:
    return Mention(id_, article, entity.kind, Span(0, 1), entity.name[:1], f"rule-{len(entity.name) % 3}")


def _statement(r: dict[str, Any], id_of: dict[str, str], doc: str, text: str) -> Statement:
    start = max(text.find(r["evidence"]), 0)
    evidence = Evidence(doc, Span(start, start + len(r["evidence"])))
    predicate = Predicate(r["p"])
    return Statement(id_of[r["s"]], predicate, id_of[r["o"]], (evidence,), (f"cue-{r['p']}",), r.get("title") or "")
