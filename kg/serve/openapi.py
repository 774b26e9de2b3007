"""The interface described for programs (OpenAPI 3.1), read from kg/serve/openapi.json."""

from __future__ import annotations

import json
from functools import cache
from importlib.metadata import version
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.serve.html import HERE


@cache
def document() -> dict[str, Any]:
    """The description, with the version of this package."""
    text = (HERE / "openapi.json").read_text(encoding="utf-8")
    described: dict[str, Any] = json.loads(text)
    described["info"]["version"] = version("fangzhi")
    return described


async def openapi(_: Request) -> Response:
    """GET /openapi.json."""
    return JSONResponse(document())
