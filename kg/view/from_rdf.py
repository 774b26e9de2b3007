"""A graph by the contract (docs/ontology.md), from a build or from any other program → Scene.

Only what the contract says is relied on. What breaks it is an OntologyError that names the first node at fault:
a relation without its claim, or a claim without its sentence, must not look like a fact.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from kg.errors import OntologyError, OutputError
from kg.ontology import DCTERMS, KG, OA, PREFIXES, RDF, SCHEMA, SKOS
from kg.view.scene import Link, Scene, Sentence, Sheet, Story, Thing
from kg.view.vocabulary import terms

GRAPH_FILES = ("graph.ttl", "graph.nq")
MORE = "see docs/ontology.md, or run `kg check` on it"

Node = dict[str, dict[str, None]]
"""Predicate IRI → values in the order of the file, each once: IRIs, and literals by their text."""


def scene_from_file(source: Path) -> Scene:
    """The scene of the graph file `source`, or of the one in the folder `source`."""
    path = _graph_file(source)
    return _Reader(path, _nodes(path)).scene()


def _graph_file(source: Path) -> Path:
    if not source.is_dir():
        if not source.exists():
            raise OutputError(f"{source}: no such file or folder")
        return source
    for name in GRAPH_FILES:
        if (source / name).is_file():
            return source / name
    raise OutputError(f"{source}: holds no {' or '.join(GRAPH_FILES)}; make one with `kg build PAGES -o {source}`")


def _nodes(path: Path) -> dict[str, Node]:
    """Every node by its IRI, with all its values, whichever named graph they stand in."""
    import pyoxigraph as ox

    form = ox.RdfFormat.from_extension(path.suffix.lstrip(".").lower())
    if form is None:
        raise OutputError(f"{path}: not a graph file that can be read (.ttl .nq .nt .trig .jsonld .rdf)")
    nodes: dict[str, Node] = defaultdict(dict)
    try:
        for quad in ox.parse(path=str(path), format=form, base_iri=path.resolve().as_uri()):
            nodes[_text(quad.subject)].setdefault(quad.predicate.value, {})[_text(quad.object)] = None
    except (SyntaxError, ValueError) as error:
        raise OntologyError(f"{path}: not valid {form.name}: {str(error).splitlines()[0]}") from error
    except OSError as error:
        raise OutputError(f"{path}: cannot be read ({error.strerror or error})") from error
    return nodes


def _text(term: Any) -> str:
    return str(getattr(term, "value", term))


class _Reader:
    """One graph being read: its nodes by class, and the positions that parts of the scene get."""

    def __init__(self, path: Path, nodes: Mapping[str, Node]) -> None:
        self._path, self._nodes = path, nodes
        self._typed: dict[str, list[str]] = defaultdict(list)
        for iri in sorted(nodes):
            for kind in nodes[iri].get(f"{RDF}type", ()):
                self._typed[kind].append(iri)
        self._sheets = {iri: i for i, iri in enumerate(self._typed[f"{KG}Page"])}
        self._kinds = self._kinds_of_things()
        self._things = {iri: i for i, iri in enumerate(self._kinds)}
        self._claims = self._typed[f"{KG}Claim"]
        self._relations = {KG + term.term: term.term for term in terms("relation")}
        self._quoted = sorted({e for claim in self._claims for e in self._all(claim, f"{KG}evidence")})

    def scene(self) -> Scene:
        if self._nodes and not (self._things or self._sheets):
            raise OntologyError(
                f"{self._path}: no thing and no page of {KG} in it: not a graph of this contract; {MORE}"
            )
        self._every_relation_has_a_claim()
        names = self._ids()
        stories = sorted(self._stories())
        starts = [(sheet, start) for sheet, start, _, _ in stories]
        sentence_at = {iri: i for i, iri in enumerate(self._quoted)}
        return Scene(
            things=tuple(self._thing(iri, names[iri]) for iri in self._things),
            links=tuple(self._link(claim, sentence_at) for claim in self._claims),
            sentences=tuple(self._sentence(iri, stories, starts) for iri in self._quoted),
            sheets=tuple(self._sheet(iri) for iri in self._sheets),
            stories=tuple(story for *_, story in stories),
        )

    def _kinds_of_things(self) -> dict[str, str]:
        """Thing → its most specific class, things in the order of their IRIs."""
        found: dict[str, str] = {}
        for term in terms("class"):
            for iri in self._typed[KG + term.term]:
                found.setdefault(iri, term.term)
        return dict(sorted(found.items()))

    def _all(self, iri: str, predicate: str) -> list[str]:
        return list(self._nodes.get(iri, {}).get(predicate, ()))

    def _one(self, iri: str, predicate: str, missing: str | None = None) -> str:
        """The only (or first) value; without one, `missing`, or an error where that is None."""
        values = self._all(iri, predicate)
        if not values and missing is None:
            raise self._broken(iri, f"lacks {_short(predicate)}")
        return values[0] if values else missing or ""

    def _broken(self, iri: str, what: str) -> OntologyError:
        return OntologyError(f"{self._path}: <{unquote(iri)}> {what}: the graph does not keep the contract; {MORE}")

    def _number(self, iri: str, predicate: str) -> int:
        value = self._one(iri, predicate)
        if not value.isdecimal():
            raise self._broken(iri, f"has {_short(predicate)} “{value}”, which is no offset")
        return int(value)

    def _every_relation_has_a_claim(self) -> None:
        triple = (f"{RDF}subject", f"{RDF}predicate", f"{RDF}object")
        claimed = {tuple(self._one(claim, part) for part in triple) for claim in self._claims}
        for iri, node in sorted(self._nodes.items()):
            for relation in self._relations.keys() & node.keys():
                for other in node[relation]:
                    if (iri, relation, other) not in claimed:
                        raise self._broken(iri, f"{_short(relation)} <{unquote(other)}> has no kg:Claim")

    def _ids(self) -> dict[str, str]:
        """Thing → "kind/name", as a build calls it, where its IRI ends so and no other thing's does; else its IRI."""
        short = {iri: "/".join(unquote(iri).rsplit("/", 2)[-2:]) for iri in self._things}
        shared = len(set(short.values())) < len(short)
        return {iri: unquote(iri) if shared else short[iri] for iri in self._things}

    def _thing(self, iri: str, name: str) -> Thing:
        seen = (self._position(iri, page, self._sheets, "page") for page in self._all(iri, f"{KG}mentionedIn"))
        return Thing(
            name,
            self._kinds[iri],
            self._one(iri, f"{SKOS}prefLabel"),
            tuple(sorted(self._all(iri, f"{SKOS}altLabel"))),
            tuple(sorted(self._all(iri, f"{KG}printedAs"))),
            (),
            tuple(sorted(set(seen))),
            self._one(iri, f"{KG}nameInferred", "false") in ("true", "1"),
        )

    def _position(self, owner: str, iri: str, known: Mapping[str, int], what: str) -> int:
        if iri not in known:
            raise self._broken(owner, f"refers to <{unquote(iri)}>, which is no {what} in it")
        return known[iri]

    def _link(self, claim: str, sentence_at: Mapping[str, int]) -> Link:
        predicate = self._relations.get(self._one(claim, f"{RDF}predicate"))
        if predicate is None:
            raise self._broken(claim, "claims a relation that the contract does not have")
        sentences, premises = self._all(claim, f"{KG}evidence"), self._all(claim, f"{KG}inferredFrom")
        if not sentences and not premises:
            raise self._broken(claim, "has neither kg:evidence nor kg:inferredFrom")
        status = self._one(claim, f"{KG}status", "asserted")
        return Link(
            self._position(claim, self._one(claim, f"{RDF}subject"), self._things, "thing"),
            predicate,
            self._position(claim, self._one(claim, f"{RDF}object"), self._things, "thing"),
            self._one(claim, f"{KG}postTitle", ""),
            tuple(sorted(set(self._all(claim, f"{KG}observedOn")))),
            status if status in ("planned", "negated") else "asserted",
            self._one(claim, f"{KG}group", ""),
            tuple(sorted({sentence_at[iri] for iri in sentences})),
            tuple(sorted(set(self._all(claim, f"{KG}rule")))),
            tuple(sorted(set(map(self._premise, premises)))),
        )

    def _premise(self, value: str) -> str:
        """A premise that is a thing by its name, any other as it stands."""
        return self._one(value, f"{SKOS}prefLabel", value) if value in self._things else unquote(value)

    def _sheet(self, iri: str) -> Sheet:
        return Sheet(
            self._one(iri, f"{DCTERMS}identifier"),
            self._one(iri, f"{KG}newspaper", ""),
            self._one(iri, f"{DCTERMS}issued", ""),
            self._one(iri, f"{KG}dateCertain", "false") in ("true", "1"),
            self._one(iri, f"{KG}pageNumber", ""),
        )

    def _stories(self) -> Iterable[tuple[int, int, int, Story]]:
        for iri in self._typed[f"{SCHEMA}NewsArticle"]:
            sheet = self._position(iri, self._one(iri, f"{SCHEMA}isPartOf"), self._sheets, "page")
            people = tuple(self._all(iri, f"{KG}journalist"))
            story = Story(sheet, self._one(iri, f"{SCHEMA}headline", ""), people)
            yield sheet, self._number(iri, f"{KG}start"), self._number(iri, f"{KG}end"), story

    def _sentence(
        self, iri: str, stories: list[tuple[int, int, int, Story]], starts: list[tuple[int, int]]
    ) -> Sentence:
        sheet = self._position(iri, self._one(iri, f"{OA}hasSource"), self._sheets, "page")
        start, end = self._number(iri, f"{KG}start"), self._number(iri, f"{KG}end")
        at = bisect_right(starts, (sheet, start)) - 1
        story = at if at >= 0 and stories[at][0] == sheet and start < stories[at][2] else -1
        return Sentence(sheet, start, end, self._one(iri, f"{OA}exact", ""), story)


def _short(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        iri = iri.replace(namespace, f"{prefix}:")
    return iri
