"""Pages with gold, each read once by itself; their figures at any minimum of confidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.confidence import DEFAULT_MIN_CONFIDENCE, confident
from kg.errors import PageError
from kg.gold import pair
from kg.link.merge import resolve
from kg.model import Knowledge, Reading
from kg.page import find_pages, read_page
from kg.reading import read
from kg.score import Gold, Report, score_knowledge


@dataclass(frozen=True, slots=True)
class Measured:
    """A page with its gold and all that was read of it, however doubtful."""

    gold: Gold
    reading: Reading

    @property
    def doc(self) -> str:
        return Path(self.gold["doc"]).name

    def knowledge(self, minimum: float = 0.0) -> Knowledge:
        """The build of this page alone."""
        return resolve([confident(self.reading, minimum)])

    def report(self, minimum: float = DEFAULT_MIN_CONFIDENCE) -> Report:
        return score_knowledge(self.gold, self.reading.page.text, self.knowledge(minimum))


def measure(files: Sequence[Path]) -> list[Measured]:
    """Every page among `files` (or in their folders) that a gold file among them names."""
    return [Measured(one.gold, _read(one.page)) for one in pair(files)]


def reports(pages: Iterable[Measured], minimum: float = DEFAULT_MIN_CONFIDENCE) -> list[Report]:
    return [page.report(minimum) for page in pages]


def _read(path: Path) -> Reading:
    [source] = find_pages([str(path)])
    page, findings = read_page(source)
    if page is None:
        raise PageError(f"{path}: {'; '.join(finding.message for finding in findings)}")
    return read(page, tuple(findings))
