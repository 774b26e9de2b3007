"""Linked data: /id/… leads (303) to a page for people or to data for programs, and every term has its definition."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kg.ontology import PREFIXES, folder
from kg.serve import asking
from kg.serve.addresses import DATA_TYPES, address, asked_path, node, readings
from kg.serve.entity import describe
from kg.serve.errors import HttpError
from kg.serve.house import House
from kg.serve.html import page
from kg.serve.protocol import accepted
from kg.serve.requests import fields, probability

_OFFERED = ("text/html", "text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml",
            "application/xhtml+xml")  # fmt: skip
_EXTENSIONS = {media: extension for extension, media in DATA_TYPES.items()}
_NAMED_DATA = re.compile(r"(?P<path>.+)\.(?P<extension>ttl|jsonld|nt|rdf)")


async def known_thing(house: House, path: str) -> ox.NamedNode:
    """The thing that the path names; where there is none, what it names with its escapes escaped once less, as
    scripts send it that put encodeURI around an IRI: %253C for %3C."""
    named = [iri for one in readings(path) if path and (iri := node(house.settings.base, one))]
    for iri in named if len(named) > 1 else ():
        if await house.rows(asking.EXISTS, x=iri):
            return iri
    if not named:
        raise HttpError(404, "there is no such thing in the graph")
    return named[0]


async def identify(request: Request) -> Response:
    """GET /id/…: where to read about the thing, by what the client accepts."""
    house: House = request.app.state.house
    iri = await known_thing(house, asked_path(request, "id"))
    media = accepted(", ".join(request.headers.getlist("accept")) or "*/*", _OFFERED)
    if not media:
        raise HttpError(406, f"things are described as one of: {', '.join(_OFFERED)}")
    await _check_exists(house, iri)
    room = "page" if "html" in media else "data"
    place = address(iri.value, house.settings.base, room, house.settings.root_path)
    place += "" if room == "page" else f".{_EXTENSIONS[media]}"
    return RedirectResponse(place, 303, {"Vary": "Accept"})


async def _check_exists(house: House, iri: ox.NamedNode) -> None:
    if not await house.rows(asking.EXISTS, x=iri):
        raise HttpError(404, "there is no such thing in the graph")


async def data(request: Request) -> Response:
    """GET /data/….ttl, .jsonld, .nt, .rdf: the thing, the claims about it and their sentences."""
    house: House = request.app.state.house
    match = _NAMED_DATA.fullmatch(asked_path(request, "data"))
    if not match:
        raise HttpError(404, f"name the data with one of these endings: {', '.join('.' + e for e in DATA_TYPES)}")
    fresh, headers = unchanged(request, house)
    if fresh:
        return Response(status_code=304, headers=headers)
    iri = await known_thing(house, match["path"])
    triples = await house.triples(asking.ABOUT, "application/n-triples", x=iri)
    if not triples:
        raise HttpError(404, "there is no such thing in the graph")
    media = DATA_TYPES[match["extension"]]
    return Response(written(triples, media, house.settings.base), headers=headers | {"Content-Type": media})


def written(triples: bytes, media: str, base: str) -> bytes:
    """N-Triples in another form, with the prefixes of the contract."""
    form = ox.RdfFormat.from_media_type(media)
    quads = sorted({q.triple for q in ox.parse(triples, ox.RdfFormat.N_TRIPLES)}, key=str)
    return ox.serialize(quads, format=form, prefixes={**PREFIXES, "id": base}) or b""


async def show(request: Request) -> Response:
    """GET /page/…: the page for people; ?min_confidence= leaves out the relations that are less sure."""
    house: House = request.app.state.house
    fresh, headers = unchanged(request, house)
    if fresh:
        return Response(status_code=304, headers=headers)
    iri = await known_thing(house, asked_path(request, "page"))
    least = probability(fields(request.scope["query_string"]), "min_confidence")
    thing = await describe(house, iri, least)
    if thing is None:
        raise HttpError(404, "there is no such thing in the graph")
    place = address(iri.value, house.settings.base, "data", house.settings.root_path)
    links = dict.fromkeys(DATA_TYPES, place)
    headers["Link"] = ", ".join(
        f'<{path}.{extension}>; rel="alternate"; type="{DATA_TYPES[extension]}"' for extension, path in links.items()
    )
    return page(request, "entity.html", {"thing": thing, "links": links, "least": least}, headers)


def unchanged(request: Request, house: House) -> tuple[bool, dict[str, str]]:
    """Whether the client has what this address gives from this store already, and the headers that say so."""
    seed = f"{house.store.version} {request.url} {request.headers.get('accept', '')}"
    etag = f'W/"{hashlib.sha256(seed.encode()).hexdigest()[:32]}"'
    given = {part.strip() for part in request.headers.get("if-none-match", "").split(",")}
    return etag in given, {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept"}


async def terms(request: Request) -> Response:
    """GET /ontology: the definitions, for people or as RDF; /ontology.ttl and the other endings by name."""
    house: House = request.app.state.house
    ending = request.path_params.get("extension", "")
    offered = ("text/html", *(media for media in _OFFERED if media in _EXTENSIONS))
    media = DATA_TYPES.get(ending) or accepted(", ".join(request.headers.getlist("accept")) or "*/*", offered)
    if not media:
        raise HttpError(406, f"the ontology is written as one of: {', '.join(offered)}")
    if media == "text/html":
        return page(request, "ontology.html", _vocabulary(), {"Vary": "Accept"})
    turtle = (folder() / "kg.ttl").read_bytes()
    triples = ox.serialize((q.triple for q in ox.parse(turtle, ox.RdfFormat.TURTLE)), format=ox.RdfFormat.N_TRIPLES)
    content = turtle if media == "text/turtle" else written(triples or b"", media, house.settings.base)
    return Response(content, headers={"Content-Type": media, "Vary": "Accept"})


def _vocabulary() -> dict[str, Any]:
    from kg.ontology import load

    ontology = load()
    groups = (("类 Classes", tuple(ontology.classes())), ("属性 Properties", tuple(ontology.properties())))
    return {"groups": groups, "terms": ontology.terms}
