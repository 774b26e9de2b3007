"""The front door: search, counts, the viewer, the SPARQL editor."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from kg.ontology import load
from kg.serve import asking
from kg.serve.errors import HttpError
from kg.serve.house import House
from kg.serve.html import page
from kg.serve.names import CLASSES
from kg.serve.questions import for_editor, prefixes
from kg.serve.requests import fields, only, probability

_MOST_FOUND = 50
_LONGEST_SEARCH = 200
_FIRST = "SELECT ?name ?kind WHERE {\n  ?thing skos:prefLabel ?name ; a ?kind\n}\nLIMIT 20\n"
_WORDS = {
    "rows": "行 rows",
    "shown": "只显示前 showing the first",
    "cut": "结果被截断 the answer was cut at",
    "running": "正在查询… running",
    "stopped": "已停止 stopped",
}


async def home(request: Request) -> Response:
    """GET /: what is here."""
    house: House = request.app.state.house
    total = (await house.kept_rows(asking.TOTAL))[0]["n"]["value"]
    every = await house.kept_rows(asking.KINDS)
    counts = {row["kind"]["value"]: int(row["n"]["value"]) for row in every if "kind" in row}
    kinds = [(term, counts[term.iri], term.name in CLASSES) for term in load().classes() if term.iri in counts]
    return page(request, "home.html", {"total": int(total), "kinds": kinds, "questions": for_editor()})


async def search(request: Request) -> Response:
    """GET /search?q=: things by name, in any of the ways that names are matched; ?min_confidence= keeps the surer."""
    house: House = request.app.state.house
    asked = fields(request.scope["query_string"])
    text, kind = only(asked, "q") or "", only(asked, "kind") or ""
    least = probability(asked, "min_confidence")
    if len(text) > _LONGEST_SEARCH:
        raise HttpError(400, f"search for at most {_LONGEST_SEARCH} characters")
    names = await house.names()
    found = await house.aside(lambda: names.find(text, kind, _MOST_FOUND, least))
    if kind and not text:
        things = [thing for thing in names.things if thing.fits(kind, least)][:_MOST_FOUND]
        rows = [(thing, "") for thing in things]
    else:
        rows = [(candidate.thing, f"{candidate.score:.0f} {candidate.how}") for candidate in found]
    kinds = {term.name: term for term in load().classes()}
    found_kinds = {"text": text, "kind": kind, "rows": rows, "kinds": kinds, "most": _MOST_FOUND, "least": least}
    return page(request, "search.html", found_kinds)


async def viewer(request: Request) -> Response:
    """GET /viewer: the interactive picture that the build made."""
    house: House = request.app.state.house
    file = house.settings.output / "graph.html"
    if not file.is_file():
        raise HttpError(404, "this build has no graph.html")
    return FileResponse(file, media_type="text/html; charset=utf-8")


async def editor(request: Request) -> Response:
    """GET /editor: a SPARQL editor with the ready questions; ?query= fills it, ?question= chooses one."""
    house: House = request.app.state.house
    asked = fields(request.scope["query_string"])
    query = only(asked, "query")
    content = {
        "endpoint": f"{house.settings.root_path}/sparql",
        "base": house.settings.base,
        "page": f"{house.settings.root_path}/page/",
        "query": query if query is not None else prefixes() + _FIRST,
        "words": _WORDS,
        "questions": for_editor(),
        "chosen": only(asked, "question") or "",
    }
    safe = (
        json.dumps(content, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    )
    return page(request, "editor.html", {"data": safe})
