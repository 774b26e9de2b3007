"""What /reconcile answers has the shape that the Reconciliation Service API 0.2 lays down.

The shapes are written after its text (sections 3 to 6) and are stricter than the group's own JSON schemas (0.2/schemas
of github.com/reconciliation-api/specs, by which such answers were validated too): a key that the API does not name is
refused, but for the `error` of a query that could not be read.
"""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from starlette.testclient import TestClient

STRING, NUMBER, TRUTH = {"type": "string"}, {"type": "number"}, {"type": "boolean"}


def _object(needed: dict[str, Any], **optional: Any) -> dict[str, Any]:
    properties = needed | optional
    return {"type": "object", "properties": properties, "required": list(needed), "additionalProperties": False}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _map(to: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": to}


URL = {"type": "string", "pattern": "^https?://"}
TEMPLATE = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}
NAMED = _object({"id": STRING, "name": STRING})
SERVICE = _object({"service_url": URL, "service_path": {"type": "string", "pattern": "^/"}})
SETTING = _object({"type": {"enum": ["number"]}, "label": STRING, "name": STRING}, default=NUMBER, help_text=STRING)
MANIFEST = _object(
    {"versions": {"type": "array", "items": STRING, "contains": {"const": "0.2"}}, "name": STRING,
     "identifierSpace": STRING, "schemaSpace": STRING},
    serviceVersion=STRING, defaultTypes=_list(NAMED) | {"uniqueItems": True}, view=_object({"url": TEMPLATE}),
    preview=_object({"url": TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}}),
    suggest=_object({"entity": SERVICE, "type": SERVICE, "property": SERVICE}),
    extend=_object({"propose_properties": SERVICE, "property_settings": _list(SETTING)}),
)  # fmt: skip
CANDIDATE = _object(
    {"id": STRING, "name": STRING, "score": NUMBER},
    description=STRING, match=TRUTH, type=_list(NAMED),
    features=_list(_object({"id": STRING, "value": {"anyOf": [NUMBER, TRUTH]}})),
)  # fmt: skip
CELL = {"oneOf": [NAMED, _object({"str": STRING})]}
SUGGESTED = _object({"result": _list(_object({"id": STRING, "name": STRING}, description=STRING))})
SUGGESTED_ENTITY = _object(
    {"result": _list(_object({"id": STRING, "name": STRING}, description=STRING, notable=_list(NAMED)))}
)
SHAPES = {
    "": MANIFEST,
    "queries": _map(_object({"result": _list(CANDIDATE)}, error=STRING)),
    "extend": _object({"meta": _list(NAMED), "rows": _map(_map(_list(CELL)))}),
    "/suggest/entity?prefix=清河": SUGGESTED_ENTITY,
    "/suggest/type?prefix=机构": SUGGESTED,
    "/suggest/property?prefix=post": SUGGESTED,
    "/properties?type=Person": _object({"type": STRING, "properties": _list(NAMED)}, limit={"type": "integer"}),
    "/properties?type=Agency&limit=2": _object({"type": STRING, "properties": _list(NAMED), "limit": {"const": 2}}),
}
SENT = {
    "queries": {
        "a": {"query": "林远", "properties": [{"pid": "holdsPostIn", "v": "水利局"}]},
        "b": {"query": "qhq"},
        "c": 1,
    },
    "extend": {"ids": ["person/林远", "nobody"], "properties": [{"id": "holdsPostIn"}, {"id": "altLabel"}]},
}


@pytest.mark.parametrize("part", SHAPES)
def test_an_answer_has_the_shape_of_the_api(client: TestClient, part: str) -> None:
    sent = {part: json.dumps(SENT[part])} if part in SENT else None
    answer = client.post("/reconcile", data=sent) if sent else client.get(f"/reconcile{part}")
    assert answer.status_code == 200
    assert [error.message for error in jsonschema_rs.validator_for(SHAPES[part]).iter_errors(answer.json())] == []
    lists = [value for value in answer.json().values() if isinstance(value, list)]
    assert all(lists), "an empty list would show nothing"
