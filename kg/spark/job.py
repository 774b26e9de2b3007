"""What every machine has to know of a build."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kg.flow import Told
from kg.iri import Minter
from kg.ontology import ID
from kg.rdf import Writer


@dataclass(frozen=True, slots=True)
class Job:
    """The options of `kg build`, as they go to the machines that read. `weights` is a folder that each of them has."""

    told: Told = field(default_factory=Told)
    base: str = ID
    quote: bool = True
    weights: Path | None = None

    @property
    def writer(self) -> Writer:
        return Writer(Minter(self.base), self.quote)
