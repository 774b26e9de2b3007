"""HTML pages from templates. Everything that comes from the graph is escaped by the template engine."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kg.serve.addresses import address

HERE = Path(__file__).parent


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(HERE / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def page(
    request: Request, template: str, content: dict[str, Any], headers: dict[str, str] | None = None
) -> HTMLResponse:
    """The page that `template` makes of `content`; `link(iri)` in it gives the address of a thing here."""
    base = request.app.state.house.settings.base
    has_viewer = (request.app.state.house.settings.output / "graph.html").is_file()
    shared = {"link": lambda iri: address(iri, base), "base": base, "has_viewer": has_viewer}
    text = _environment().get_template(template).render(**shared, **content)
    return HTMLResponse(text, headers=headers)
