"""What every endpoint shares: the settings, the store, the query processes; one `House` for one running server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from kg.serve.errors import refuse
from kg.serve.ondisk import OnDisk
from kg.serve.pool import Answer, Pool
from kg.serve.settings import Settings
from kg.serve.worker import Failed, Job, Query, Term

Row = dict[str, dict[str, str]]  # variable → value, type, xml:lang, datatype, as in SPARQL JSON results
_JSON = "application/sparql-results+json"


@dataclass(slots=True)
class House:
    """One running server."""

    settings: Settings
    store: OnDisk
    pool: Pool

    async def answer(self, query: Query) -> Answer:
        """Raises HttpError where the query fails."""
        answer = await self.pool.ask(query)
        if isinstance(answer, Failed):
            raise refuse(answer, query.text)
        return answer

    async def rows(self, text: str, **bindings: Term) -> list[Row]:
        """All rows of a SELECT of our own, its variables bound as given."""
        answer = await self.answer(Query(text, _JSON, "", bindings=bindings))
        found: dict[str, Any] = json.loads(await whole(answer))
        return list(found["results"]["bindings"])

    async def triples(self, text: str, media: str, **bindings: Term) -> bytes:
        """The graph of a CONSTRUCT of our own, as `media`."""
        return await whole(await self.answer(Query(text, "", media, bindings=bindings)))

    async def write(self, job: Job, text: str = "") -> bool:
        """Make one write; whether the graph of a Load existed before. Raises HttpError where it fails."""
        reply = await self.pool.write(job)
        if isinstance(reply, Failed):
            raise refuse(reply, text)
        self.store.wrote()
        return reply.existed


async def whole(answer: Answer) -> bytes:
    """The bytes of an answer, put together."""
    if isinstance(answer.body, bytes):
        return answer.body
    return b"".join([part async for part in answer.body])
