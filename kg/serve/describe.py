"""What a plain GET of /sparql answers (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kg.serve import asking
from kg.serve.errors import HttpError
from kg.serve.house import House
from kg.serve.negotiate import GRAPHS, SERIALISED_AS, AcceptError, choose

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
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
    total = await house.kept_rows(asking.TOTAL)
    triples = _triples(endpoint, house, total[0]["n"]["value"])
    prefixes = {"sd": _SD, "void": _VOID}
    content = ox.serialize(triples, format=form, prefixes=prefixes) or b""
    return Response(content, headers={"Content-Type": media, "Vary": "Accept"})


def _triples(endpoint: str, house: House, total: str) -> list[ox.Triple]:
    service, dataset, default = (ox.NamedNode(endpoint + part) for part in ("#service", "#dataset", "#default"))
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    languages = ["SPARQL11Query", *(["SPARQL11Update"] if house.settings.writable else [])]
    facts: list[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (service, kind, _sd("Service")),
        (service, _sd("endpoint"), ox.NamedNode(endpoint)),
        (service, _sd("feature"), _sd("DereferencesURIs")),
        (service, _sd("defaultDataset"), dataset),
        (dataset, kind, _sd("Dataset")),
        (dataset, _sd("defaultGraph"), default),
        (default, kind, _sd("Graph")),
        (default, ox.NamedNode(_VOID + "triples"), ox.Literal(int(total))),
        *((service, _sd("supportedLanguage"), _sd(language)) for language in languages),
        *((service, _sd("resultFormat"), ox.NamedNode(_FORMATS + name)) for name in _WRITTEN),
    ]
    if house.settings.services:
        facts.append((service, _sd("feature"), _sd("BasicFederatedQuery")))
    return [ox.Triple(*fact) for fact in facts]


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)
