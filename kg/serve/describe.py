"""What a plain GET of /sparql answers (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kg.ontology import DCTERMS, KG, OA, RDF, SKOS
from kg.serve import asking
from kg.serve.errors import HttpError
from kg.serve.house import House, Row
from kg.serve.negotiate import GRAPHS, SERIALISED_AS, AcceptError, choose

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_TYPE = ox.NamedNode(f"{RDF}type")
_Fact = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]
_WRITTEN = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML", "N-Quads", "TriG",
)  # fmt: skip


async def description(request: Request, house: House) -> Response:
    """The description in the RDF type that the client likes best; a browser is shown the editor instead."""
    try:
        media = choose(request.headers.get("accept"), ("text/turtle", "text/html", *GRAPHS))
    except AcceptError as error:
        raise HttpError(406, str(error)) from error
    if media == "text/html":
        return RedirectResponse(str(request.url_for("editor")), 303)
    if media is None:
        raise HttpError(406, f"the service description is written as one of: {', '.join(GRAPHS)}")
    form = ox.RdfFormat.from_media_type(SERIALISED_AS.get(media, {}).get("graph", media))
    endpoint = str(request.url.replace(query=""))
    triples = await _triples(endpoint, str(request.base_url), house)
    prefixes = {"sd": _SD, "void": _VOID}
    content = ox.serialize(triples, format=form, prefixes=prefixes) or b""
    return Response(content, headers={"Content-Type": media, "Vary": "Accept"})


async def _triples(endpoint: str, here: str, house: House) -> list[ox.Triple]:
    service, dataset, default = (ox.NamedNode(endpoint + part) for part in ("#service", "#dataset", "#default"))
    languages = ["SPARQL11Query", *(["SPARQL11Update"] if house.settings.writable else [])]
    facts: list[_Fact] = [
        (service, _TYPE, _sd("Service")),
        (service, _sd("endpoint"), ox.NamedNode(endpoint)),
        (service, _sd("defaultDataset"), dataset),
        (dataset, _TYPE, _sd("Dataset")),
        (dataset, _sd("defaultGraph"), default),
        (default, _TYPE, _sd("Graph")),
        *((service, _sd("supportedLanguage"), _sd(language)) for language in languages),
        *((service, _sd("resultFormat"), ox.NamedNode(_FORMATS + name)) for name in _WRITTEN),
        *([(service, _sd("feature"), _sd("BasicFederatedQuery"))] if house.settings.services else []),
        *_graphs(dataset, await house.kept_rows(asking.GRAPHS)),
        *_void(dataset, default, endpoint, here, house.settings.base),
        *_counts(default, await house.kept_rows(asking.TOTAL), await house.kept_rows(asking.KINDS)),
    ]
    return [ox.Triple(*fact) for fact in facts]


def _graphs(dataset: ox.NamedNode, rows: list[Row]) -> Iterator[_Fact]:
    """The named graphs, each under its own name; no more than MOST_GRAPHS."""
    for row in rows:
        graph = ox.NamedNode(row["g"]["value"])
        yield dataset, _sd("namedGraph"), graph
        yield graph, _TYPE, _sd("NamedGraph")
        yield graph, _sd("name"), graph


def _void(dataset: ox.NamedNode, default: ox.NamedNode, endpoint: str, here: str, base: str) -> Iterator[_Fact]:
    """The data set as VoID tells of it (https://www.w3.org/TR/void/)."""
    for thing in (dataset, default):
        yield thing, _TYPE, _void_term("Dataset")
        yield thing, _void_term("sparqlEndpoint"), ox.NamedNode(endpoint)
    yield dataset, _void_term("uriSpace"), ox.Literal(base)
    for vocabulary in (KG, SKOS, OA, DCTERMS):
        yield dataset, _void_term("vocabulary"), ox.NamedNode(vocabulary)
    for ending in ("nq", "trig"):
        yield dataset, _void_term("dataDump"), ox.NamedNode(f"{here}dump.{ending}")


def _counts(default: ox.NamedNode, total: list[Row], kinds: list[Row]) -> Iterator[_Fact]:
    yield default, _void_term("triples"), ox.Literal(int(total[0]["n"]["value"]))
    for row in sorted((row for row in kinds if row.get("kind", {}).get("type") == "uri"), key=str):
        part = ox.NamedNode(f"{default.value}-{hashlib.sha256(row['kind']['value'].encode()).hexdigest()[:12]}")
        yield default, _void_term("classPartition"), part
        yield part, _void_term("class"), ox.NamedNode(row["kind"]["value"])
        yield part, _void_term("entities"), ox.Literal(int(row["n"]["value"]))


def _void_term(name: str) -> ox.NamedNode:
    return ox.NamedNode(_VOID + name)


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)
