"""The prefix that every path has where a proxy serves this server below /name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.errors import KgError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
# A proxy may leave the prefix on or take it off; one that is called as our own paths could not be told from them.
_ROOMS = {
    ".well-known", "api", "data", "dump", "editor", "health", "id", "metrics", "ontology", "openapi.json", "page",
    "queries", "questions", "reconcile", "search", "sparql", "static", "store", "viewer",
}  # fmt: skip


def prefix(text: str) -> str:
    """`text` as the prefix of every path: "" or /name. Raises KgError where it cannot be one."""
    path = "/" + text.strip("/") if text.strip("/") else ""
    if path and (not _PREFIX.fullmatch(path) or path.split("/")[1] in _ROOMS):
        raise KgError(f"--root-path {text}: name a path such as /graph, not one of the server's own 路径前缀不可用")
    return path


def local(scope: Scope) -> str:
    """The path below the prefix."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


class Prefixed:
    """Puts everything below `prefix` ("" or /name), whether a proxy in front takes it off the path or leaves it on."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app, self.prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.prefix:
            scope = {**scope, "root_path": self.prefix}
            if not f"{scope['path']}/".startswith(f"{self.prefix}/"):
                scope["path"] = self.prefix + scope["path"]
                scope["raw_path"] = self.prefix.encode() + scope["raw_path"] if scope.get("raw_path") else None
        await self.app(scope, receive, send)
