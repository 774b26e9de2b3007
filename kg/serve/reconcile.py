"""Reconciliation Service API 0.2 (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/).

OpenRefine connects with the address of /reconcile. Things are named by the path of their IRI below the base, classes
and properties by their name in the ontology.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import partial
from typing import Any

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.ontology import KG, SKOS, Term, load
from kg.serve import asking, matching
from kg.serve.entity import describe, label_of
from kg.serve.errors import HttpError
from kg.serve.house import House
from kg.serve.html import page
from kg.serve.matching import Scored
from kg.serve.names import CLASSES, Names
from kg.serve.requests import body, fields, media_type, only, whole_number

_MOST_QUERIES = 200
_SUGGESTED = ("entity", "type", "property")
_FORM = "application/x-www-form-urlencoded"


async def endpoint(request: Request) -> Response:
    """GET and POST of /reconcile: the manifest, a batch of queries, or values of properties (extend)."""
    house: House = request.app.state.house
    sent = fields(request.scope["query_string"])
    if request.method == "POST":
        if media_type(request)[0] != _FORM:
            raise HttpError(415, f"send {_FORM}")
        sent = {**sent, **fields(await body(request, 8 * house.settings.max_query))}
    if "queries" in sent:
        return JSONResponse(await _batch(house, _json_object(only(sent, "queries"), "queries")))
    if "extend" in sent:
        return JSONResponse(await _extend(house, _json_object(only(sent, "extend"), "extend")))
    return JSONResponse(_manifest(request, house))


def _json_object(text: str | None, name: str) -> dict[str, Any]:
    try:
        value = json.loads(text or "")
    except (ValueError, RecursionError) as error:
        raise HttpError(400, f"{name} is not JSON: {str(error)[:200]}") from error
    if not isinstance(value, dict):
        raise HttpError(400, f"{name} must be a JSON object")
    return value


def _manifest(request: Request, house: House) -> dict[str, Any]:
    here = str(request.base_url).rstrip("/")
    suggest = {kind: {"service_url": here, "service_path": f"/reconcile/suggest/{kind}"} for kind in _SUGGESTED}
    return {
        "versions": ["0.2"],
        "name": "fangzhi",
        "identifierSpace": house.settings.base,
        "schemaSpace": KG,
        "defaultTypes": [_type(name) for name in CLASSES],
        "view": {"url": f"{here}/page/{{{{id}}}}"},
        "preview": {"url": f"{here}/reconcile/preview?id={{{{id}}}}", "width": 420, "height": 220},
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/reconcile/properties"},
            "property_settings": [
                {"name": "limit", "label": "最多几个值 most values", "type": "number", "default": 0,
                 "help_text": "0: 全部 all"}
            ],
        },
    }  # fmt: skip


def _type(name: str) -> dict[str, str]:
    return {"id": name, "name": label_of(KG + name)}


async def _batch(house: House, queries: dict[str, Any]) -> dict[str, Any]:
    if len(queries) > _MOST_QUERIES:
        raise HttpError(400, f"at most {_MOST_QUERIES} queries in one batch")
    names = await house.names()
    answers: dict[str, Any] = {}
    for key, query in queries.items():
        try:
            answers[key] = await _one(house, names, query)
        except HttpError as error:
            if error.status != 400:  # the server's trouble, not this query's
                raise
            answers[key] = {"result": [], "error": error.message}
    return answers


async def _one(house: House, names: Names, query: object) -> dict[str, Any]:
    wanted = matching.read(query)
    found = await house.aside(partial(matching.by_name, names, wanted))
    scored = await matching.weighed(found, wanted, partial(property_values, house))
    return {"result": [_result(one) for one in scored]}


def _result(one: Scored) -> dict[str, Any]:
    return {
        "id": one.thing.id,
        "name": one.thing.name,
        "description": "、".join(one.thing.others),
        "type": [_type(kind) for kind in one.thing.kinds],
        "score": round(one.score, 1),
        "match": one.sure,
        "features": [{"id": one.how, "value": round(one.score, 1)}],
    }


async def suggest(request: Request) -> Response:
    """GET /reconcile/suggest/entity, /type and /property: what a prefix may become."""
    house: House = request.app.state.house
    sent = fields(request.scope["query_string"])
    kind, prefix = request.path_params["kind"], (only(sent, "prefix") or "")[:200]
    start = whole_number(sent, "cursor", 0)
    if kind not in _SUGGESTED:
        raise HttpError(404, f"there are suggestions for {', '.join(_SUGGESTED)}")
    if kind == "entity":
        names = await house.names()
        found = await house.aside(lambda: names.starting(prefix, only(sent, "type") or "", start + 20))
        result = [{"id": thing.id, "name": thing.name, "description": "、".join(thing.others),
                   "notable": [_type(one) for one in thing.kinds]} for thing in found]  # fmt: skip
    else:
        terms = [load().term(name) for name in CLASSES] if kind == "type" else _properties("")
        result = [
            _suggestion(term)
            for term in terms
            if prefix.lower() in f"{term.name} {term.label_zh} {term.label_en}".lower()
        ]
    return JSONResponse({"result": result[start : start + 20]})


def _suggestion(term: Term) -> dict[str, Any]:
    return {"id": term.name, "name": label_of(term.iri), "description": term.comment_zh}


def _properties(kind: str) -> list[Term]:
    """Properties that a thing of class `kind` may have, all for none."""
    above = load().superclasses(kind) if kind in CLASSES else ()
    own = [term for term in load().properties() if not above or not term.domain or set(term.domain) & set(above)]
    return [*own, Term(f"{SKOS}altLabel", "别称", "other name")]


async def properties(request: Request) -> Response:
    """GET /reconcile/properties?type=: what a column of that class may be extended with."""
    sent = fields(request.scope["query_string"])
    kind, limit = only(sent, "type") or "", whole_number(sent, "limit", 0)
    found = [{"id": term.name, "name": label_of(term.iri)} for term in _properties(kind)]
    return JSONResponse({"type": kind, "properties": found[: limit or None]} | ({"limit": limit} if limit else {}))


async def _extend(house: House, wanted: dict[str, Any]) -> dict[str, Any]:
    ids, asked = wanted.get("ids"), wanted.get("properties")
    if not isinstance(ids, list) or not isinstance(asked, list) or len(ids) > 10 * _MOST_QUERIES or len(asked) > 50:
        raise HttpError(400, "extend needs lists of ids (at most 2000) and of properties (at most 50)")
    known = [str(one) for one in ids if (await house.names()).by_id.get(str(one))]
    rows: dict[str, dict[str, list[dict[str, str]]]] = {str(one): {} for one in ids}
    meta = []
    for column in asked:
        name = str(column.get("id", "")) if isinstance(column, dict) else str(column)
        settings = column.get("settings") if isinstance(column, dict) else None
        most = _most(settings)
        values = await property_values(house, name, known)
        meta.append({"id": name, "name": label_of(_property(name))})
        for one, cells in rows.items():
            cells[name] = values.get(one, [])[: most or None]
    return {"meta": meta, "rows": rows}


def _most(settings: object) -> int:
    text = str(settings.get("limit", 0) or 0) if isinstance(settings, dict) else "0"
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise HttpError(400, "limit must be a number")
    return int(text)


def _property(name: str) -> str:
    return f"{SKOS}altLabel" if name == "altLabel" else KG + name


async def property_values(house: House, name: str, ids: list[str]) -> dict[str, list[dict[str, str]]]:
    """The values of a property for each id, as cells of the API: things with id and name, or plain text."""
    if name not in {term.name for term in _properties("")}:
        raise HttpError(400, f"there is no property {name[:100]}")
    base = house.settings.base
    cells: dict[str, list[dict[str, str]]] = defaultdict(list)
    if not ids:
        return cells
    text = asking.values(asking.PROPERTY, [base + one for one in ids])
    for row in await house.rows(text, p=ox.NamedNode(_property(name))):
        value = row["value"]
        local = value["value"].removeprefix(base)
        shown = row["name"]["value"] if "name" in row else local
        cell = {"id": local, "name": shown} if value["type"] == "uri" else {"str": value["value"]}
        if cell not in cells[row["x"]["value"].removeprefix(base)]:
            cells[row["x"]["value"].removeprefix(base)].append(cell)
    return cells


async def preview(request: Request) -> Response:
    """GET /reconcile/preview?id=: a small page about one candidate."""
    house: House = request.app.state.house
    name = only(fields(request.scope["query_string"]), "id") or ""
    named = (await house.names()).by_id.get(name)
    thing = named and await describe(house, ox.NamedNode(house.settings.base + named.id))
    if not thing:
        raise HttpError(404, "there is no such thing in the graph")
    shown = [
        {"label": label_of(KG + "holdsPostIn"), "name": post.name, "title": post.title} for post in thing.posts[:4]
    ]
    for heading, group in thing.relations:
        shown += [{"label": heading, "name": one.name, "title": one.title} for one in group[:2]]
    return page(request, "preview.html", {"thing": thing, "relations": shown[:8]})
