"""Teaching the scorers on articles that the network has not seen: which candidates, which proposals a reader keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from kg.document import Document, documents
from kg.gold import pair
from kg.judge import facts, things
from kg.judge.gathered import Fact, Gathered, apart
from kg.judge.verdict import weigh_things
from kg.learn.examples import Example
from kg.link import same
from kg.link.local import local
from kg.link.merge import of_keys, of_names, resolve
from kg.link.naming import Namer
from kg.mention.compose import compose
from kg.mention.features import FEATURES as NAMED
from kg.mention.features import features as features_of_names
from kg.mention.name import Name
from kg.mention.read import names, proposed
from kg.model import Article, Mention, Page, Reading, Status
from kg.network.layers import TITLE
from kg.network.read import Floats
from kg.page import find_pages, read_page
from kg.reading import mention_of
from kg.reading import proposed as proposed_on
from kg.relation.features import FEATURES as RELATED
from kg.relation.features import features as features_of_relations
from kg.relation.propose import Proposal, proposals
from kg.score import Gold, Marking
from kg.seen import norm, seen_in_knowledge

Table = tuple[Floats, Floats]  # features (N, F), wanted (N,)
HALF_RIGHT = 0.3  # a post whose person and body are right and whose title is not


def names_to_weigh(examples: Sequence[Example]) -> Table:
    """Every candidate of the articles, and whether it is a name; optional names are left out."""
    rows: list[Floats] = []
    wanted: list[float] = []
    for example, document in zip(examples, documents(_articles(examples)), strict=True):
        candidates = proposed(document)
        spots = {(s.layer, s.start, s.end): s for s in example.gold.spots if not s.relative}
        surfaces = {(layer, norm(example.text[start:end])) for layer, start, end in spots}
        for name, row in zip(candidates, features_of_names(document, candidates), strict=True):
            spot = spots.get((name.layer, name.start, name.end))
            printed = (name.layer, norm(example.text[name.start : name.end])) in surfaces
            if spot.optional if spot is not None else printed:
                continue  # a careful reader could go either way, or it is a name elsewhere and part of one here
            rows.append(row)
            wanted.append(float(spot is not None))
    return np.array(rows, np.float32).reshape(-1, len(NAMED)), np.array(wanted, np.float32)


def relations_to_weigh(examples: Sequence[Example]) -> Table:
    """Every proposal of the articles, and whether the gold of its page has it; optional relations are left out."""
    by_page: dict[str, list[tuple[Example, Document]]] = defaultdict(list)
    for example, document in zip(examples, documents(_articles(examples)), strict=True):
        by_page[example.source].append((example, document))
    found = [one for page in by_page.values() for one in _of_page(page)]
    rows = np.array([row for row, _ in found], np.float32).reshape(-1, len(RELATED))
    return rows, np.array([wanted for _, wanted in found], np.float32)


def _articles(examples: Sequence[Example]) -> list[Article]:
    return [example.article for example in examples if example.article is not None]


def _of_page(page: Sequence[tuple[Example, Document]]) -> Iterator[tuple[Floats, float]]:
    mentions: list[Mention] = []
    told: list[tuple[Proposal, str, str, str, Floats]] = []
    for _, document in page:
        found = names(document)
        proposed_, implied = proposals(document, found)
        kept = [name for name in [*found, *implied] if name.layer != TITLE]
        ids = {id(name): f"{document.article.id}:m{number}" for number, name in enumerate(kept, 1)}
        mentions.extend(mention_of(name, document.article, ids) for name in kept)
        for one, row in zip(proposed_, features_of_relations(document, proposed_), strict=True):
            title = document.text[one.title.start : one.title.end] if one.title is not None else ""
            told.append((one, ids[id(one.subject)], ids[id(one.object)], norm(title), row))
    reading = Reading(Page(page[0][0].source, "", ""), tuple(d.article for _, d in page), tuple(mentions), ())
    judge = _Judge(page[0][0].page_gold or {}, reading)
    for one, subject, target, title, row in told:
        if (wanted := judge.wanted(subject, one.predicate, target, title)) is not None:
            yield row, wanted


class _Judge:
    """What the gold of a page says of a relation between two mentions."""

    def __init__(self, gold: Gold, reading: Reading) -> None:
        page = local(reading)
        self.keys, self.ids = page.keys, of_names(of_keys([page]))
        self.marking = Marking(gold, seen_in_knowledge(resolve([reading])))

    def of_thing(self, key: str) -> float | None:
        """1 true, 0 false, None where the gold leaves it open, or where the page knows the thing by another key."""
        if key not in self.ids:
            return None
        return {"true": 1.0, "false": 0.0}.get(self.marking.verdict_on(self.ids[key]))

    def wanted(self, subject: str, predicate: str, target: str, title: str) -> float | None:
        """1 true, 0 false, None where the gold leaves it open or the two are one thing."""
        left, right = (self.keys.get(mention) for mention in (subject, target))
        if left is None or right is None or left == right:
            return None
        return self.of_fact(left, predicate, right, title)

    def of_fact(self, subject: str, predicate: str, target: str, title: str) -> float | None:
        """The same between the things of two keys."""
        if not {subject, target} <= self.ids.keys():
            return None
        triple = self.ids[subject], predicate, self.ids[target]
        verdict = self.marking.verdict(triple, title)
        return {"true": 1.0, "false": 0.0, "half": HALF_RIGHT}.get(verdict)


def aliases_to_weigh(examples: Sequence[Example]) -> Table:
    """Pairs of gold names that share characters, and whether they are names of one thing; read from the gold alone."""
    rows: list[Floats] = []
    wanted: list[float] = []
    for example in examples:
        if example.article is None:
            continue
        whose = {(s.layer, s.start, s.end): s.id for s in example.gold.spots if s.layer != TITLE and not s.relative}
        spots = [Name(*place, "gold") for place in sorted(whose, key=lambda place: (place[1], -place[2], place[0]))]
        found = compose(example.text, spots)
        ids = {id(name): f"m{number}" for number, name in enumerate(found)}
        places = {ids[id(n)]: whose.get((n.layer, n.start, n.end), "") for n in found}
        mentions = [mention_of(name, example.article, ids) for name in found]
        named = list(Namer(mentions, None).named.values())
        gold = {one.key: places[one.mention.id] for one in named if places[one.mention.id]}
        things = same.called(one for one in named if one.key in gold)
        pairs = same.pairs(things)
        rows.extend(same.features(things, pairs))
        wanted.extend(float(gold[things[a].key] == gold[things[b].key]) for a, b in pairs)
    return np.array(rows, np.float32).reshape(-1, len(same.FEATURES)), np.array(wanted, np.float32)


def things_to_weigh(files: Sequence[Path]) -> Table:
    """Every thing that the articles are read to have, and whether the gold of their page has it."""
    rows: list[Floats] = []
    wanted: list[float] = []
    for page, judge in _judges(files):
        for thing, row in zip(page.things, things.features(page), strict=True):
            if (verdict := judge.of_thing(thing.share.key)) is not None:
                rows.append(row)
                wanted.append(verdict)
    return np.array(rows, np.float32).reshape(-1, len(things.FEATURES)), np.array(wanted, np.float32)


def facts_to_weigh(files: Sequence[Path]) -> Table:
    """Every fact that the articles are read to state, things weighed, and whether the gold states it."""
    told = list(told_facts(files))
    rows = np.array([row for _, row, _ in told], np.float32).reshape(-1, len(facts.FEATURES))
    return rows, np.array([wanted for _, _, wanted in told], np.float32)


def told_facts(files: Sequence[Path]) -> Iterator[tuple[Fact, Floats, float]]:
    """The same with the facts themselves: each with its features, and 1 where the gold states it."""
    for page, judge in _judges(files):
        weigh_things(page)
        for fact, row in zip(page.facts, facts.features(page), strict=True):
            ends = fact.subject.share.key, fact.object.share.key
            verdict = judge.of_fact(ends[0], fact.predicate, ends[1], norm(fact.title))
            if verdict is not None and fact.status is Status.ASSERTED:
                yield fact, row, float(verdict == 1)


def _judges(files: Sequence[Path]) -> Iterator[tuple[Gathered, _Judge]]:
    for one in pair(files):
        page, _ = read_page(find_pages([str(one.page)])[0])
        if page is not None:
            reading = proposed_on(page)
            judge = _Judge(one.gold, reading)
            yield from ((article, judge) for article in apart(reading))
