"""The ready questions as the editor's menu wants them: full text, with places for what a reader types."""

from __future__ import annotations

import re
from typing import Any

from kg import query
from kg.ontology import PREFIXES


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
