"""The ready questions over HTTP (/questions), and as the editor's menu wants them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg import query
from kg.ontology import KG, PREFIXES
from kg.query import Parameter, Question
from kg.serve.errors import HttpError
from kg.serve.house import House
from kg.serve.protocol import FORMAT_NAMES, respond_to
from kg.serve.requests import Parameters, fields, only, whole_number

_OF_THE_ANSWER = {*FORMAT_NAMES, "limit", "offset", "timeout"}
_NAMED = """SELECT ?label {
  VALUES ?label { $zh $plain } ?thing skos:prefLabel|skos:altLabel|kg:printedAs ?label ; a $kind
} LIMIT 1"""
_OFFERED = 8


def prefixes(text: str = "") -> str:
    """PREFIX lines for those that `text` uses, all common ones for no text."""
    used = [name for name in PREFIXES if not text or re.search(rf"\b{name}:", text)]
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in used)


def for_editor() -> list[dict[str, Any]]:
    """All ready questions by name: title, SPARQL with its prefixes, and for each parameter what to type."""
    return [
        {
            "name": question.name,
            "title": f"{question.zh} {question.en}",
            "text": prefixes(body := _without_comments(question.sparql)) + body,
            "parameters": [{"name": one.name, "hint": one.says} for one in question.parameters],
        }
        for question in query.questions().values()
    ]


def _without_comments(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))


async def listing(request: Request) -> Response:
    """GET /questions: what can be asked, and with which parameters."""
    here = str(request.base_url).rstrip("/")
    return JSONResponse({"questions": [_described(question, here) for question in query.questions().values()]})


def _described(question: Question, here: str) -> dict[str, Any]:
    parameters = [
        {"name": one.name, "kind": one.of_class.removeprefix(KG), "says": one.says} for one in question.parameters
    ]
    url = f"{here}/questions/{quote(question.name)}"
    return {"name": question.name, "zh": question.zh, "en": question.en, "parameters": parameters, "url": url}


async def answer(request: Request) -> Response:
    """GET /questions/<name>?person=…: its answer as a query's, in SPARQL's forms of results (JSON, CSV, …)."""
    house: House = request.app.state.house
    known = query.questions()
    question = known.get(request.path_params["name"])
    if question is None:
        raise HttpError(404, f"there is no such question; there are: {', '.join(known)} 没有这个问题")
    asked = fields(request.scope["query_string"])
    if unknown := asked.keys() - {one.name for one in question.parameters} - _OF_THE_ANSWER:
        raise HttpError(400, f"no parameter {min(unknown)[:50]!r}; {_usage(question)}")
    text = await _bound(house, question, asked)
    return await respond_to(request, house, text + _paged(asked), asked)


def _usage(question: Question) -> str:
    return f"{question.name} takes {'&'.join(f'{one.name}=… ({one.says})' for one in question.parameters)}"


def _paged(asked: Parameters) -> str:
    limit = f"\nLIMIT {whole_number(asked, 'limit', 0)}" if "limit" in asked else ""
    return limit + (f"\nOFFSET {whole_number(asked, 'offset', 0)}" if "offset" in asked else "")


async def _bound(house: House, question: Question, asked: Parameters) -> str:
    """The question's SPARQL with a literal of the graph in the place of each parameter."""
    text = question.sparql
    for parameter in question.parameters:
        value = (only(asked, parameter.name) or "").strip()
        if not value:
            raise HttpError(400, f"the parameter {parameter.name} is missing; {_usage(question)}")
        label = str(await _label(house, parameter, value))
        text = re.sub(rf"\${parameter.name}\b", lambda _, label=label: label, text)  # type: ignore[misc]
    return text


async def _label(house: House, parameter: Parameter, value: str) -> Literal:
    """The name as the graph writes it. Raises HttpError, with the nearest names, where nothing is called so."""
    zh, plain = Literal(value, language="zh"), Literal(value)
    for row in await house.rows(prefixes(_NAMED) + _NAMED, zh=zh, plain=plain, kind=NamedNode(parameter.of_class)):
        return zh if "xml:lang" in row["label"] else plain
    kind = parameter.of_class.removeprefix(KG)
    names = await house.names()
    near = await house.aside(lambda: names.find(value[:200], kind, _OFFERED))
    offered = f"; there are: {'、'.join(dict.fromkeys(one.thing.name for one in near))}" if near else ""
    raise HttpError(404, f"the graph has no {kind.lower()} named “{value[:100]}”{offered} 图谱中没有这个名称")
