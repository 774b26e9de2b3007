"""HTML pages from templates. Everything that comes from the graph is escaped by the template engine."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kg.serve.addresses import address, may_link
from kg.serve.entity import label_of

HERE = Path(__file__).parent


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(HERE / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["label"] = label_of
    return environment


def page(
    request: Request, template: str, content: dict[str, Any], headers: dict[str, str] | None = None
) -> HTMLResponse:
    """The page that `template` makes of `content`; `href(iri)` in it is the attribute that leads to a thing, `root`
    what stands before every path of ours."""
    settings = request.app.state.house.settings
    has_viewer = (settings.output / "graph.html").is_file()

    def href(iri: str) -> Markup:
        place = address(iri, settings.base, root=settings.root_path)
        return Markup(' href="{}"').format(place) if may_link(place) else Markup()

    shared = {"href": href, "root": settings.root_path, "base": settings.base, "has_viewer": has_viewer}
    text = _environment().get_template(template).render(**shared, **content)
    return HTMLResponse(text, headers=headers)
