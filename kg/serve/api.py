"""JSON for programs that do not speak SPARQL: /api/entities/<id> and /api/search, in pages, with counts by facet."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.confidence import parsed
from kg.ontology import KG
from kg.serve import fulltext
from kg.serve.addresses import DATA_TYPES, address, asked_path
from kg.serve.entity import Relation, Thing, describe
from kg.serve.errors import HttpError
from kg.serve.house import House
from kg.serve.indexing import index
from kg.serve.linked import known_thing, unchanged
from kg.serve.names import CLASSES, Candidate, Named, Names
from kg.serve.requests import Parameters, fields, only, probability, whole_number

_USUAL, _MOST = 20, 200
_MOST_NAMED = 1000  # candidates of one name
_LONGEST = 200
_ENTITY = {"min_confidence", "limit", "offset"}
_SEARCH = {"q", "kind", "in", "newspaper", "year"} | _ENTITY


async def entity(request: Request) -> Response:
    """GET /api/entities/<id>: one thing, with a page of its relations and the sentences behind each."""
    house: House = request.app.state.house
    asked = _asked(request, _ENTITY)
    least, limit, offset = probability(asked, "min_confidence"), _limit(asked), whole_number(asked, "offset", 0)
    fresh, headers = unchanged(request, house)
    if fresh:
        return Response(status_code=304, headers=headers)
    iri = await known_thing(house, asked_path(request, "api/entities"))
    thing = await describe(house, iri, least)
    if thing is None:
        raise HttpError(404, "there is no such thing in the graph")
    shown = [_relation(one, house) for one in thing.claims[offset : offset + limit]]
    paged = _paged(request, len(thing.claims), limit, offset)
    relations = {**paged, "more": thing.cut, "left_out": thing.doubtful, "items": shown}
    return JSONResponse(_thing(thing, house) | {"relations": relations}, headers=headers)


async def search(request: Request) -> Response:
    """GET /api/search?q=: things by name, or with in=sentences the sentences that hold every word."""
    house: House = request.app.state.house
    asked = _asked(request, _SEARCH)
    text, place = (only(asked, "q") or "").strip(), only(asked, "in") or "names"
    if len(text) > _LONGEST:
        raise HttpError(400, f"search for at most {_LONGEST} characters")
    if place not in fulltext.KINDS:
        raise HttpError(400, f"the parameter in is one of: {', '.join(fulltext.KINDS)}")
    kind, least = only(asked, "kind") or "", probability(asked, "min_confidence")
    if kind and kind not in CLASSES:
        raise HttpError(400, f"the parameter kind is one of: {', '.join(CLASSES)}")
    chosen = {name: value for name in fulltext.FIELDS if (value := only(asked, name)) is not None}
    limit, offset = _limit(asked), whole_number(asked, "offset", 0)
    if place == "sentences":
        found = await _sentences(house, text, chosen, slice(offset, offset + limit))
    else:
        found = await _names(house, text, kind, least, slice(offset, offset + limit))
    return JSONResponse({"q": text, "in": place, **_paged(request, found.pop("total"), limit, offset), **found})


async def _names(house: House, text: str, kind: str, least: float, part: slice) -> dict[str, Any]:
    names = await house.names()
    found = await house.aside(lambda: _candidates(names, text, least))
    counted = Counter(one for candidate in found for one in candidate.thing.kinds)
    fitting = [one for one in found if not kind or kind in one.thing.kinds]
    return {
        "total": len(fitting),
        "more": bool(text) and len(found) == _MOST_NAMED,
        "facets": {"kind": dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))},
        "items": [_named(one, house) for one in fitting[part]],
    }


def _candidates(names: Names, text: str, least: float) -> list[Candidate]:
    if text:
        return names.find(text, "", _MOST_NAMED, least)
    return [Candidate(thing, 0.0, "") for thing in names.things if thing.fits("", least)]


async def _sentences(house: House, text: str, chosen: dict[str, str], part: slice) -> dict[str, Any]:
    file = await index(house)

    def look() -> dict[str, Any]:
        facets = {name: fulltext.counts(file, "sentences", text, name, **chosen) for name in fulltext.FIELDS}
        items = fulltext.find(file, "sentences", text, part.stop - part.start, part.start, **chosen)
        return {"total": sum(facets["year"].values()), "more": False, "facets": facets,
                "items": [_sentence(one, house) for one in items]}  # fmt: skip

    try:
        return await house.aside(look)
    except fulltext.BadSearchError as error:
        raise HttpError(400, str(error)) from error


def _asked(request: Request, known: set[str]) -> Parameters:
    asked = fields(request.scope["query_string"])
    if unknown := asked.keys() - known:
        raise HttpError(400, f"no parameter {min(unknown)[:50]!r}; there are: {', '.join(sorted(known))}")
    return asked


def _limit(asked: Parameters) -> int:
    limit = whole_number(asked, "limit", _USUAL)
    if not 0 < limit <= _MOST:
        raise HttpError(400, f"limit must be from 1 to {_MOST}")
    return limit


def _paged(request: Request, total: int, limit: int, offset: int) -> dict[str, Any]:
    """How many there are, which of them these are, and the address of the next."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if name not in {"limit", "offset"}]
    further = urlencode([*asked, ("limit", limit), ("offset", offset + limit)])
    following = str(request.url.replace(query=further)) if offset + limit < total else None
    return {"total": total, "limit": limit, "offset": offset, "next": following}


def _reference(iri: str, house: House, name: str) -> dict[str, Any]:
    return {"id": iri.removeprefix(house.settings.base), "iri": iri, "name": name}


def _thing(thing: Thing, house: House) -> dict[str, Any]:
    base, root = house.settings.base, house.settings.root_path
    data = address(thing.iri, base, "data", root)
    return _reference(thing.iri, house, thing.name) | {
        "kinds": [kind.removeprefix(KG) for kind in thing.kinds],
        "other_names": list(thing.others),
        "confidence": parsed(thing.confidence),
        "pages": [page.removeprefix(base) for page in thing.pages],
        "facts": [{"property": name, "value": value, "is_iri": is_iri} for name, value, is_iri in thing.facts],
        "links": {"page": address(thing.iri, base, "page", root)} | {form: f"{data}.{form}" for form in DATA_TYPES},
    }


def _relation(relation: Relation, house: House) -> dict[str, Any]:
    stated = asdict(relation)
    other = _reference(stated.pop("other"), house, stated.pop("name"))
    return {"property": stated.pop("predicate").removeprefix(KG), "other": other} | stated


def _named(one: Candidate, house: House) -> dict[str, Any]:
    thing: Named = one.thing
    return _reference(house.settings.base + thing.id, house, thing.name) | {
        "kinds": list(thing.kinds), "other_names": list(thing.others), "pages": thing.pages,
        "confidence": thing.confidence, "score": round(one.score, 1), "how": one.how,
    }  # fmt: skip


def _sentence(one: fulltext.Found, house: House) -> dict[str, Any]:
    entry = one.entry
    return {
        "evidence": entry.iri, "text": entry.text, "page": entry.page.removeprefix(house.settings.base),
        "newspaper": entry.newspaper, "issued": entry.issued, "score": round(one.score, 4),
    }  # fmt: skip
