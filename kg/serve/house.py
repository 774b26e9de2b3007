"""What every endpoint shares: the settings, the store, the query processes; one `House` for one running server."""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from kg.confidence import parsed
from kg.ontology import KG, PREFIXES
from kg.serve import asking
from kg.serve.errors import refuse
from kg.serve.jobs import Failed, Load, Query, Term, Update
from kg.serve.line import OWN
from kg.serve.names import Named, Names
from kg.serve.ondisk import OnDisk
from kg.serve.pool import Answer, Pool
from kg.serve.search_service import SEARCH
from kg.serve.settings import Settings
from kg.serve.writes import Writer

Row = dict[str, dict[str, str]]  # variable → value, type, xml:lang, datatype, as in SPARQL JSON results
_JSON = "application/sparql-results+json"
_Result = TypeVar("_Result")


@dataclass(slots=True)
class House:
    """One running server."""

    settings: Settings
    store: OnDisk
    pool: Pool
    writer: Writer
    _names: dict[str, Names] = field(default_factory=dict)  # by version of the store; at most one
    _kept: dict[tuple[str, str], list[Row]] = field(default_factory=dict)  # by version and question
    _keeping: asyncio.Lock = field(default_factory=asyncio.Lock)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    indexing: asyncio.Lock = field(default_factory=asyncio.Lock)  # held while the full-text index is made

    @property
    def prefixes(self) -> tuple[tuple[str, str], ...]:
        """Prefixes that a query need not declare: those of the contract, as in `kg query`."""
        return (*PREFIXES.items(), ("id", self.settings.base), ("search", SEARCH))

    async def answer(self, query: Query, client: str = OWN, seconds: float | None = None) -> Answer:
        """Raises HttpError where the query fails. `client` and `seconds` as in `Pool.ask`."""
        answer = await self.pool.ask(replace(query, folder=str(self.store.data)), client, seconds)
        if isinstance(answer, Failed):
            raise refuse(answer, query.text)
        return answer

    async def rows(self, text: str, **bindings: Term) -> list[Row]:
        """All rows of a SELECT of our own, with the terms given put in the place of $name."""
        answer = await self.answer(Query(_bound(text, bindings), _JSON, "", services=None))
        found: dict[str, Any] = json.loads(await whole(answer))
        return list(found["results"]["bindings"])

    async def kept_rows(self, text: str) -> list[Row]:
        """All rows of a SELECT of our own that looks at the whole store: answered once for each version of it."""
        key = (self.store.version, text)
        async with self._keeping:
            if key not in self._kept:
                self._kept = {one: rows for one, rows in self._kept.items() if one[0] == key[0]}
                self._kept[key] = await self.rows(text)
            return self._kept[key]

    async def triples(self, text: str, media: str, **bindings: Term) -> bytes:
        """The graph of a CONSTRUCT of our own, as `media`."""
        return await whole(await self.answer(Query(_bound(text, bindings), "", media, services=None)))

    async def write(self, job: Update | Load, text: str = "") -> bool:
        """Make one write; whether the graph of a Load existed before. Raises HttpError where it fails."""
        reply = await self.writer.write(job)
        if isinstance(reply, Failed):
            raise refuse(reply, text)
        return reply.existed

    async def aside(self, act: Callable[[], _Result]) -> _Result:
        """Do a longer piece of work in a thread, so that other requests are answered meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(None, act)

    async def names(self) -> Names:
        """The index of all names; made anew after a write."""
        async with self._reading:
            version = self.store.version
            if version not in self._names:
                rows, counts = await self.rows(asking.NAMES), await self.rows(asking.MENTIONS)
                names = await self.aside(lambda: Names(_named(rows, counts, self.settings.base)))
                self._names.clear()
                self._names[version] = names
            return self._names[version]


def _named(rows: list[Row], counts: list[Row], base: str) -> list[Named]:
    pages = {row["x"]["value"]: int(row["n"]["value"]) for row in counts}
    names: dict[str, str] = {}
    kinds: dict[str, dict[str, None]] = defaultdict(dict)
    others: dict[str, set[str]] = defaultdict(set)
    sure: dict[str, float] = {}
    for row in rows:
        iri = row["x"]["value"]
        names[iri] = min(row["name"]["value"], names.get(iri, row["name"]["value"]))
        kinds[iri][row["kind"]["value"].removeprefix(KG)] = None
        others[iri] |= {row["other"]["value"]} if "other" in row else set()
        if "confidence" in row and (number := parsed(row["confidence"]["value"])) is not None:
            sure[iri] = max(number, sure.get(iri, 0.0))
    return [
        Named(
            iri.removeprefix(base), name, tuple(sorted(others[iri])), tuple(sorted(kinds[iri])), pages.get(iri, 0),
            sure.get(iri),
        )
        for iri, name in names.items()
    ]  # fmt: skip


def _bound(text: str, terms: dict[str, Term]) -> str:
    """A term writes itself as SPARQL reads it; an IRI that could break out of its brackets is none (NamedNode)."""
    return re.sub(r"\$(\w+)", lambda place: str(terms[place[1]]), text)


async def whole(answer: Answer) -> bytes:
    """The bytes of an answer, put together."""
    if isinstance(answer.body, bytes):
        return answer.body
    return b"".join([part async for part in answer.body])
