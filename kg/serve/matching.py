"""One reconciliation query: read strictly, matched by name, then weighed by the properties that it states."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from kg.ontology import KG
from kg.serve.errors import HttpError
from kg.serve.names import SURE, Candidate, Named, Names
from kg.serve.spelling import fold

_LONGEST = 500
_MOST_RESULTS = 50
Values = Callable[[str, list[str]], Awaitable[dict[str, list[dict[str, str]]]]]


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate as it is answered; `sure`: it may be taken without asking a human."""

    thing: Named
    score: float
    how: str
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query of the API. `properties` are (name, the texts or ids that may stand there)."""

    text: str
    kinds: tuple[str, ...]
    limit: int
    properties: tuple[tuple[str, tuple[str, ...]], ...]


def read(query: object) -> Wanted:
    """Raises HttpError where `query` has not the form of the API."""
    if isinstance(query, str):
        query = {"query": query}
    if not isinstance(query, dict) or not isinstance(query.get("query", ""), str):
        raise HttpError(400, "each query is an object with the text to look for in `query`")
    kinds = query.get("type") or []
    kinds = kinds if isinstance(kinds, list) else [kinds]
    limit = query.get("limit", 10)
    if not all(isinstance(kind, str) for kind in kinds) or type(limit) is not int or limit < 1:
        raise HttpError(400, "type must be a name and limit a number above 0")
    stated = query.get("properties") or []
    if not isinstance(stated, list):
        raise HttpError(400, "properties must be a list")
    return Wanted(
        query.get("query", "")[:_LONGEST],
        tuple(kind.removeprefix(KG) for kind in kinds),
        min(limit, _MOST_RESULTS),
        tuple(map(_property, stated[:20])),
    )


def _property(stated: object) -> tuple[str, tuple[str, ...]]:
    if not isinstance(stated, dict) or not isinstance(stated.get("pid"), str):
        raise HttpError(400, "each property is an object with `pid` and `v`")
    values = stated.get("v")
    texts = [_text(value) for value in (values if isinstance(values, list) else [values])]
    return stated["pid"].removeprefix(KG), tuple(text for text in texts if text)


def _text(value: Any) -> str:
    return str(value.get("id") or value.get("name") or "") if isinstance(value, dict) else str(value or "")


def by_name(names: Names, wanted: Wanted) -> list[Candidate]:
    """The things that the text may mean; more than asked for, where properties will weigh them."""
    many = wanted.limit * (3 if wanted.properties else 1)
    groups = [names.find(wanted.text, kind, many) for kind in wanted.kinds or ("",)]
    best: dict[str, Candidate] = {}
    for one in (one for group in groups for one in group):
        best[one.thing.id] = max(one, best.get(one.thing.id, one), key=lambda each: each.score)
    return sorted(best.values(), key=lambda one: -one.score)


async def weighed(found: list[Candidate], wanted: Wanted, values: Values) -> list[Scored]:
    """The candidates with what their properties say: each one that disagrees takes a quarter of the score.

    Only one candidate alone at the top, by a name that is exactly its own, is sure; namesakes never are.
    """
    scored = [Scored(one.thing, one.score, one.how) for one in found]
    for name, texts in wanted.properties:
        cells = await values(name, [one.thing.id for one in scored])
        scored = [
            one if _agrees(cells.get(one.thing.id, []), texts) else replace(one, score=0.75 * one.score)
            for one in scored
        ]
    scored = sorted(scored, key=lambda one: -one.score)[: wanted.limit]
    tops = [one for one in scored if one.score >= SURE]
    return [replace(one, sure=len(tops) == 1 and one is tops[0]) for one in scored]


def _agrees(cells: list[dict[str, str]], texts: tuple[str, ...]) -> bool:
    stands = {fold(text) for cell in cells for text in cell.values()}
    return not texts or any(fold(text) in stands for text in texts)
