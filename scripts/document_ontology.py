"""Write the tables of docs/ontology.md from ontology/kg.ttl: the ontology is the documentation.

Everything between the markers of docs/ontology.md is replaced; a test fails when the two differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from kg.model import Predicate
from kg.ontology import KG, PREFIXES, Term, load

DOCS = Path(__file__).parents[1] / "docs" / "ontology.md"


def tables() -> str:
    """The Markdown of all classes, relations and other properties."""
    relations = [load().term(p) for p in Predicate]
    others = [t for t in load().properties() if t not in relations]
    return "\n".join(
        [
            "### 类 Classes\n",
            _table(load().classes(), "上级与对应 above, aligned to"),
            "### 关系 Relations\n",
            _table(relations, "从 → 到 from → to; 对应 aligned to"),
            "### 其他属性 Other properties\n",
            _table(others, "从 → 到 from → to; 对应 aligned to"),
        ]
    )


def documented(text: str) -> str:
    """`text`, the document, with its tables as the ontology has them now."""
    return re.sub(r"(?s)(<!-- terms -->\n).*(<!-- /terms -->)", lambda m: m[1] + tables() + m[2], text)


def _table(terms: Iterable[Term], last: str) -> str:
    rows = [f"| 词 term | 名 label | 意思 meaning | {last} |", "|---|---|---|---|", *map(_row, terms)]
    return "\n".join(rows) + "\n"


def _row(term: Term) -> str:
    ends = [" or ".join(map(_short, side)) for side in (term.domain, term.range)]
    joins = " → ".join(ends).rstrip(" →") if any(ends) else ""
    above = ", ".join([*map(_short, term.parents), *(f"{_short(iri)} (inverse)" for iri in term.inverses)])
    colour = f"{term.colour} {term.shape}" if term.colour else ""
    notes = "; ".join(filter(None, (joins, above, colour)))
    return f"| `kg:{term.name}` | {term.label_zh} {term.label_en} | {term.comment_zh}<br>{term.comment_en} | {notes} |"


def _short(iri: str) -> str:
    if iri.startswith(KG):
        return iri.removeprefix(KG)
    return next((f"{prefix}:{iri[len(ns) :]}" for prefix, ns in PREFIXES.items() if iri.startswith(ns)), iri)


if __name__ == "__main__":
    DOCS.write_text(documented(DOCS.read_text("utf-8")), "utf-8")
