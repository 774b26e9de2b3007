"""How right a graph is: its names, relations, posts and articles against a careful reader's annotation of the page.

The figures are those of the shared scorer, on the same terms: a node counts when a page mentions it, a relation when
it stands as a direct triple and a claim with a sentence backs it, and optional gold costs nothing either way. Names
are paired one to one with gold, so two nodes for one thing cost a false positive and one node for two things a miss.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import networkx as nx

from kg.model import Knowledge, Predicate
from kg.seen import Said, Seen, Thing, Triple, norm, seen_in_knowledge

KINDS = ("Person", "Agency", "Enterprise", "Place", "Program")
HEADING = 45  # a heading block, in characters without white space: an article may start anywhere in it

Gold = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tally:
    """True positives, false positives and false negatives, and what follows from them."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def precision(self) -> float:
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0

    @property
    def recall(self) -> float:
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def as_dict(self) -> dict[str, float]:
        """The shared scorer's JSON form: p, r, f1 rounded to three places, then the counts."""
        rates = {"p": round(self.precision, 3), "r": round(self.recall, 3), "f1": round(self.f1, 3)}
        return {**rates, "tp": self.tp, "fp": self.fp, "fn": self.fn}


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How often what a rule made was true, false, or optional in the gold."""

    true: int = 0
    false: int = 0
    optional: int = 0

    def __add__(self, other: Verdicts) -> Verdicts:
        return Verdicts(self.true + other.true, self.false + other.false, self.optional + other.optional)


@dataclass(frozen=True, slots=True)
class Report:
    """One page's figures: `single` and `grouped` by name, every error as a line, and the verdicts on each rule."""

    doc: str
    single: Mapping[str, Tally]
    grouped: Mapping[str, Mapping[str, Tally]]
    errors: tuple[str, ...]
    rules: Mapping[tuple[str, str], Verdicts] = field(default_factory=dict)  # (what it made, rule)

    def as_dict(self) -> dict[str, Any]:
        """The shared scorer's JSON form."""
        out: dict[str, Any] = {name: tally.as_dict() for name, tally in self.single.items()}
        for name, tallies in self.grouped.items():
            out[name] = {key: tally.as_dict() for key, tally in tallies.items()}
        return out


def score_knowledge(gold: Gold, page_text: str, knowledge: Knowledge) -> Report:
    """Score what was built from one page alone. `page_text` is the page exactly as on disk."""
    return score_seen(gold, page_text, seen_in_knowledge(knowledge))


def score_seen(gold: Gold, page_text: str, seen: Seen) -> Report:
    """Score what a graph says against the gold of its page."""
    marking = Marking(gold, seen)
    entities, by_type, errors = marking.entities()
    relations, by_predicate, wrong = marking.relations()
    posts, wrong_posts = marking.posts()
    single = {
        "entities": entities,
        "official vs person": marking.officials(),
        "relations": relations,
        "posts with title": posts,
        "article starts": _article_starts(gold, page_text, seen.starts),
        "journalists": _journalists(gold, seen.journalists),
    }
    grouped = {"by type": by_type, "by predicate": by_predicate}
    lines = (*errors, *wrong, *wrong_posts)
    return Report(str(gold.get("doc", "")), single, grouped, lines, marking.rules())


class Marking:
    """One page being marked: which node is which gold entity, and which gold is optional."""

    def __init__(self, gold: Gold, seen: Seen) -> None:
        self.gold, self.seen = gold, seen
        self.by_id: dict[str, Gold] = {e["id"]: e for e in gold["entities"]}
        self.node_of = _pair(gold["entities"], seen.things)
        self.gold_of = {node: g for g, node in self.node_of.items()}
        self.posts_wanted = {
            (r["s"], r["o"], norm(r["title"])): self._is_optional(r)
            for r in gold["relations"]
            if r["p"] == Predicate.HOLDS_POST_IN
        }
        triples = {True: set[Triple](), False: set[Triple]()}
        for r in gold["relations"]:
            triples[self._is_optional(r)].add((r["s"], r["p"], r["o"]))
        self.wanted = triples[False]
        self.tolerated = triples[True] - triples[False]

    def entities(self) -> tuple[Tally, dict[str, Tally], list[str]]:
        by_type = {kind: Tally() for kind in KINDS}
        errors = []
        for e in self.gold["entities"]:
            if not e.get("optional"):
                hit = e["id"] in self.node_of
                by_type[family(e["type"])] += Tally(tp=1) if hit else Tally(fn=1)
                if not hit:
                    errors.append(f"missed   {e['type']:<10} {e['name']}  {e.get('aliases', [])}")
        for node, thing in self.seen.things.items():
            if node not in self.gold_of:
                by_type[family(thing.type)] += Tally(fp=1)
                names = sorted(thing.names)[:4]
                errors.append(f"spurious {thing.type:<10} {thing.label}  {names}  {list(thing.rules)}")
        return _sum(by_type.values()), by_type, errors

    def officials(self) -> Tally:
        """Official or merely Person: judged on the people that were found."""
        total = Tally()
        for e in self.gold["entities"]:
            if e["id"] in self.node_of and family(e["type"]) == "Person" and not e.get("optional"):
                is_official = e["type"] == "Official"
                called_so = self.seen.things[self.node_of[e["id"]]].type == "Official"
                total += Tally(is_official and called_so, called_so and not is_official, is_official and not called_so)
        return total

    def relations(self) -> tuple[Tally, dict[str, Tally], list[str]]:
        tallies: dict[str, Tally] = defaultdict(Tally)
        errors, found = [], set()
        for triple, rules in self._said().items():
            verdict, hit = self._judge(triple)
            if hit is not None:
                found.add(hit)
            elif verdict == "false":
                tallies[triple[1]] += Tally(fp=1)
                errors.append(f"spurious relation {self._words(triple)}  {list(rules)}")
        for want in sorted(self.wanted):
            tallies[want[1]] += Tally(tp=1) if want in found else Tally(fn=1)
            if want not in found:
                s, p, o = want
                errors.append(f"missed relation   {self.by_id[s]['name']} {p} {self.by_id[o]['name']}")
        return _sum(tallies.values()), {p.value: tallies[p] for p in Predicate if p in tallies}, errors

    def posts(self) -> tuple[Tally, list[str]]:
        got = {self._post(c): c for c in self.seen.claims if c.title and c.triple[1] == Predicate.HOLDS_POST_IN}
        total, errors = Tally(), []
        for key, optional in self.posts_wanted.items():
            if not optional:
                total += Tally(tp=1) if key in got else Tally(fn=1)
                if key not in got:
                    errors.append(f"missed post {self.by_id[key[0]]['name']} | {self.by_id[key[1]]['name']} | {key[2]}")
        for claim in got.values():
            if self._judge_post(claim) == "false":
                total += Tally(fp=1)
                s, o = (self.seen.things[n].label for n in (claim.triple[0], claim.triple[2]))
                errors.append(f"spurious post {s} | {o} | {claim.title}  {list(claim.rules)}")
        return total, errors

    def rules(self) -> dict[tuple[str, str], Verdicts]:
        """Verdicts on each rule: on entities one for each node it had a mention of, on claims one for each claim."""
        out: dict[tuple[str, str], Verdicts] = defaultdict(Verdicts)
        for node, thing in self.seen.things.items():
            for rule in thing.rules:
                out["entity", rule] += _verdict(self.verdict_on(node))
        for claim in self.seen.claims:
            is_post = claim.title and claim.triple[1] == Predicate.HOLDS_POST_IN
            verdict = self._judge_post(claim) if is_post else self._judge(claim.triple)[0]
            for rule in claim.rules:
                out["claim", rule] += _verdict(verdict)
        return dict(sorted(out.items()))

    def _said(self) -> dict[Triple, tuple[str, ...]]:
        rules: dict[Triple, set[str]] = defaultdict(set)
        for claim in self.seen.claims:
            rules[claim.triple].update(claim.rules)
        return {triple: tuple(sorted(rules[triple])) for triple in sorted(rules)}

    def verdict_on(self, node: str) -> str:
        """true, false or optional: whether the node is a thing of the gold."""
        gold = self.gold_of.get(node)
        if gold is None:
            return "false"
        return "optional" if self.by_id[gold].get("optional") else "true"

    def _judge(self, triple: Triple) -> tuple[str, Triple | None]:
        """The verdict on a triple, and the gold triple that it hits."""
        s, p, o = self.gold_of.get(triple[0], ""), triple[1], self.gold_of.get(triple[2], "")
        either = ((s, p, o), (o, p, s)) if p == Predicate.COOPERATES_WITH else ((s, p, o),)
        hit = next((t for t in either if t in self.wanted), None)
        if hit is not None:
            return "true", hit
        if any(t in self.tolerated for t in either) or self._touches_optional(s, o):
            return "optional", None
        return "false", None

    def verdict(self, triple: Triple, title: str = "") -> str:
        """true, false or optional; for a post whose title alone is wrong, half."""
        verdict = self._judge(triple)[0]
        if not title:
            return verdict
        key = (self.gold_of.get(triple[0], ""), self.gold_of.get(triple[2], ""), title)
        if key in self.posts_wanted:
            return "optional" if self.posts_wanted[key] else "true"
        return "half" if verdict == "true" else verdict

    def _judge_post(self, claim: Said) -> str:
        key = self._post(claim)
        if key in self.posts_wanted:
            return "optional" if self.posts_wanted[key] else "true"
        return "optional" if self._touches_optional(*key[:2]) else "false"

    def _post(self, claim: Said) -> tuple[str, str, str]:
        """A post by gold ids. Nodes without gold are all "", as they are all one to the shared scorer."""
        s, o = (self.gold_of.get(n, "") for n in (claim.triple[0], claim.triple[2]))
        return s, o, claim.title

    def _touches_optional(self, *gold_ids: str) -> bool:
        return any(g and self.by_id[g].get("optional") for g in gold_ids)

    def _is_optional(self, relation: Gold) -> bool:
        return bool(relation.get("optional")) or self._touches_optional(relation["s"], relation["o"])

    def _words(self, triple: Triple) -> str:
        return f"{self.seen.things[triple[0]].label} {triple[1]} {self.seen.things[triple[2]].label}"


def _pair(gold: Sequence[Gold], things: Mapping[str, Thing]) -> dict[str, str]:
    """Best one-to-one pairing gold id → node: same family, a shared name; a shared preferred name weighs most."""
    graph = nx.Graph()
    for e in gold:
        names = {norm(n) for n in (e["name"], e.get("corrected", ""), *e.get("aliases", []))} - {""}
        for node, thing in things.items():
            shared = names & thing.names
            if shared and family(thing.type) == family(e["type"]):
                weight = 10 + len(shared) + 5 * (norm(thing.label) in names) + 5 * (norm(e["name"]) in thing.names)
                graph.add_edge((0, e["id"]), (1, node), weight=weight + (0 if e.get("optional") else 3))
    pairs = (sorted(pair) for pair in nx.max_weight_matching(graph, maxcardinality=True))
    return {left[1]: right[1] for left, right in pairs}


def _article_starts(gold: Gold, page_text: str, starts: Iterable[int]) -> Tally:
    flat = re.sub(r"\s", "", page_text)
    want = sorted({flat.find(re.sub(r"\s", "", a["starts_with"])) for a in gold["articles"]})
    have = sorted(len(re.sub(r"\s", "", page_text[:s])) for s in starts)
    near = nx.Graph()
    for w in want:
        for i, h in enumerate(have):
            if abs(w - h) <= HEADING:
                near.add_edge(("want", w), ("have", i), weight=100 - abs(w - h))
    hits = len(nx.max_weight_matching(near, maxcardinality=True))
    return Tally(hits, len(have) - hits, len(want) - hits)


def _journalists(gold: Gold, have: frozenset[str]) -> Tally:
    want = {norm(j) for a in gold["articles"] for j in a.get("journalists", [])}
    return Tally(len(want & have), len(have - want), len(want - have))


def family(kind: str) -> str:
    """Person for an Official; every other class is its own."""
    return "Person" if kind == "Official" else kind


def _verdict(name: str) -> Verdicts:
    return Verdicts(name == "true", name == "false", name == "optional")


def _sum(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())
