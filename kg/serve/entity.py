"""What the page of one thing shows: its names and kinds, posts, relations with their sentences, its neighbours."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.confidence import parsed, written
from kg.ontology import DCTERMS, KG, RDF, SKOS, Term, load
from kg.serve import asking
from kg.serve.house import House, Row

_NEIGHBOURS = 14
_HELD = KG + "holdsPostIn"
_SURE = KG + "confidence"


@dataclass(slots=True)
class Sentence:
    """One sentence that a claim stands on. `text` is "" where the build left sentences out."""

    text: str
    page: str
    source: str  # newspaper and date, as far as known


@dataclass(slots=True)
class Relation:
    """One claim, seen from the thing of the page."""

    claim: str
    predicate: str
    outgoing: bool
    other: str
    name: str
    title: str = ""
    status: str = ""
    confidence: float | None = None  # None where the graph gives none
    dates: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    inferred_from: list[str] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Spoke:
    """A neighbour in the small picture: where it stands (0..100), and how it is related."""

    iri: str
    name: str
    label: str
    outgoing: bool
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Thing:
    """All that the page shows."""

    iri: str
    name: str
    kinds: tuple[str, ...]  # IRIs of its classes
    others: tuple[str, ...]
    facts: tuple[tuple[str, str, bool], ...]  # property, value, whether it is an IRI
    pages: tuple[str, ...]
    claims: tuple[Relation, ...]
    used_by: tuple[tuple[str, str], ...]
    cut: bool
    confidence: str  # "" where the graph gives none
    doubtful: int  # relations that are left out because they are less sure than was asked for
    scored: bool  # whether its relations differ in how sure they are

    @property
    def posts(self) -> tuple[Relation, ...]:
        """What it holds, if it is a person."""
        return tuple(one for one in self.claims if _is_post(one))

    @property
    def relations(self) -> tuple[tuple[str, tuple[Relation, ...]], ...]:
        """Heading → all other claims."""
        return _by_heading(self.claims)

    @property
    def spokes(self) -> tuple[Spoke, ...]:
        """Its neighbours in the small picture."""
        return _spokes(self.claims)


async def describe(house: House, iri: ox.NamedNode, least: float = 0.0) -> Thing | None:
    """The thing `iri`; None where the graph says nothing of it. Relations that are less sure than `least` are not
    shown."""
    facts = [(row["p"]["value"], row["o"]) for row in await house.rows(asking.FACTS, x=iri)]
    claims = await house.rows(asking.CLAIMS, x=iri)
    uses = [] if facts else await house.rows(asking.USES, x=iri)
    if not facts and not uses:
        return None
    values: dict[str, list[str]] = defaultdict(list)
    for predicate, value in facts:
        values[predicate].append(value["value"])
    every = _relations(claims, await house.rows(asking.SENTENCES, x=iri))
    relations = [one for one in every if one.confidence is None or one.confidence >= least]
    return Thing(
        iri.value,
        (values[f"{SKOS}prefLabel"] or values[f"{DCTERMS}identifier"] or [_local(iri.value, house)])[0],
        tuple(values[f"{RDF}type"]),
        tuple(sorted({*values[f"{SKOS}altLabel"], *values[f"{KG}printedAs"]})),
        tuple((p, o["value"], o["type"] == "uri") for p, o in facts if p not in _elsewhere(every)),
        tuple(values[f"{KG}mentionedIn"]),
        tuple(relations),
        tuple((row["s"]["value"], label_of(row["p"]["value"])) for row in uses),
        len(claims) == asking.MOST_CLAIMS,
        written(_surest(values[_SURE])),
        len(every) - len(relations),
        len({one.confidence for one in every} - {None}) > 1,
    )


def _elsewhere(relations: Iterable[Relation]) -> set[str]:
    """Properties that have a place of their own on the page."""
    own = {f"{RDF}type", f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{KG}printedAs", f"{KG}mentionedIn", _SURE}
    return own | {relation.predicate for relation in relations}


def _local(iri: str, house: House) -> str:
    return iri.removeprefix(house.settings.base)


def label_of(iri: str) -> str:
    """A term in Chinese and English; the end of the IRI where the ontology does not define it."""
    term: Term | None = load().terms.get(iri)
    if term is None:
        return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
    return f"{term.label_zh} {term.label_en}".strip()


def _relations(rows: list[Row], sentences: list[Row]) -> list[Relation]:
    """Rows (one for each date and rule of a claim) put together, in the order of the rows, with their sentences."""
    standing: dict[str, list[Sentence]] = defaultdict(list)
    for row in sentences:
        standing[row["claim"]["value"]].append(_sentence(row))
    found: dict[tuple[str, str], Relation] = {}
    for row in rows:
        get = {name: term["value"] for name, term in row.items()}.get
        outgoing = get("outgoing") == "true"
        key = (row["claim"]["value"], str(outgoing))
        relation = found.get(key)
        if relation is None:
            other = row["other"]["value"]
            name = get("name") or other.rsplit("/", 1)[-1]
            relation = Relation(key[0], row["predicate"]["value"], outgoing, other, name)
            relation.sentences = standing[key[0]]
            relation.title, relation.status = get("title", "") or "", get("status", "") or ""
            found[key] = relation
        relation.confidence = _surest([get("confidence", "")], relation.confidence)
        _add(relation.dates, get("date"))
        _add(relation.rules, get("rule"))
        _add(relation.inferred_from, get("from"))
    return list(found.values())


def _sentence(row: Row) -> Sentence:
    source = " ".join(row[name]["value"] for name in ("newspaper", "issued") if name in row)
    return Sentence(row["sentence"]["value"] if "sentence" in row else "", row["page"]["value"], source)


def _surest(given: Iterable[str | None], known: float | None = None) -> float | None:
    """The highest, where graphs of several builds were put together."""
    numbers = [known, *(parsed(value or "") for value in given)]
    return max((number for number in numbers if number is not None), default=None)


def _add(values: list[str], value: str | None) -> None:
    if value and value not in values:
        values.append(value)


def _is_post(relation: Relation) -> bool:
    return relation.predicate == _HELD and relation.outgoing


def _by_heading(relations: Iterable[Relation]) -> tuple[tuple[str, tuple[Relation, ...]], ...]:
    groups: dict[str, list[Relation]] = defaultdict(list)
    for relation in relations:
        if not _is_post(relation):
            arrow = "" if relation.outgoing else "← "
            groups[arrow + label_of(relation.predicate)].append(relation)
    return tuple((heading, tuple(group)) for heading, group in groups.items())


def _spokes(relations: Iterable[Relation]) -> tuple[Spoke, ...]:
    """The first neighbours on an ellipse around the thing."""
    first: dict[str, Relation] = {}
    for relation in relations:
        if relation.status in {"", "asserted"}:
            first.setdefault(relation.other, relation)
    chosen = list(first.values())[:_NEIGHBOURS]
    spokes = []
    for number, relation in enumerate(chosen):
        angle = 2 * math.pi * number / len(chosen) - math.pi / 2
        label = relation.title or label_of(relation.predicate).split(" ")[0]
        x, y = round(50 + 38 * math.cos(angle), 2), round(50 + 40 * math.sin(angle), 2)
        spokes.append(Spoke(relation.other, relation.name, label, relation.outgoing, x, y))
    return tuple(spokes)
