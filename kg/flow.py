"""The whole flow on one screen: pages → readings → knowledge, in memory. `kg.archive` has it in bounded memory."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kg.confidence import DEFAULT_MIN_CONFIDENCE, check_minimum, confident
from kg.errors import KgError, PageError
from kg.link.merge import resolve
from kg.model import Finding, Knowledge, Level, Page, Reading
from kg.page import find_pages, read_page
from kg.page.source import STDIN, PageSource, is_date, is_text
from kg.reading import read
from kg.workers import Workers, working

Progress = Callable[[int, int, str], None]  # pages done, pages in all, the id of the page just done
Read = tuple[Reading | None, tuple[Finding, ...]]
T = TypeVar("T")
PAGES_A_WORKER = 16  # a worker process costs about as much to start as so many pages to read


@dataclass(frozen=True, slots=True)
class Told:
    """What the user says of all pages: it overrules what they print and what a pages.toml states."""

    newspaper: str = ""
    issued: str = ""
    home: str = ""
    min_confidence: float = DEFAULT_MIN_CONFIDENCE

    def check(self) -> None:
        """Raise PageError for a date that is none or text that is no UTF-8, KgError for no probability."""
        check_minimum(self.min_confidence)
        if self.issued and not is_date(self.issued):
            raise PageError(f"--issued {self.issued}: no date; write it as 2023-05-25 日期应写作 2023-05-25")
        for option, given in (("newspaper", self.newspaper), ("home", self.home)):
            if not is_text(given):
                raise PageError(f"--{option}: no UTF-8; check the terminal's encoding 不是 UTF-8 文字,请检查终端编码")


def read_and_resolve(
    pages: Sequence[str | Path],
    *,
    newspaper: str = "",
    issued: str = "",
    home: str = "",
    min_confidence: float = DEFAULT_MIN_CONFIDENCE,
    workers: int | None = 1,
    progress: Progress | None = None,
) -> Knowledge:
    """Read the pages (files, folders, globs, "-") and link what they say.

    `newspaper`, `issued` (ISO date) and `home` overrule what the pages print and what a pages.toml states.
    What a careful reader would agree to with a probability below `min_confidence` (0 to 1) is left out.
    `workers` processes read at a time (None: as many as pay); the result does not depend on it.
    Pages that cannot be read become findings of level ERROR in `Knowledge.findings`; the others are read all the same.
    Raises PageError for a wrong pages.toml or date, LexiconError for a damaged installation, KgError for a
    `min_confidence` that is no probability.
    """
    told = Told(newspaper, issued, home, min_confidence)
    told.check()
    sources = find_pages([str(page) for page in pages])
    with working(workers_for(len(sources), workers)) as crew:
        results = list(counted(read_pages(sources, told, crew, read_one), sources, progress))
    knowledge = resolve([confident(reading, min_confidence) for reading, _ in results if reading is not None])
    findings = tuple(finding for _, odd in results for finding in odd)
    return Knowledge(knowledge.readings, knowledge.entities, knowledge.statements, (*findings, *knowledge.findings))


def counted(
    results: Iterable[T], sources: Sequence[PageSource], progress: Progress | None, before: int = 0
) -> Iterator[T]:
    """The results, each told of when it is there; `before` pages were there already."""
    for done, (source, result) in enumerate(zip(sources, results, strict=True), before + 1):
        if progress is not None:
            progress(done, before + len(sources), source.id)
        yield result


def workers_for(pages: int, wanted: int | None = None) -> int:
    """How many processes read so many pages: as many as are wanted, or (None) as pay."""
    return max(1, min(os.cpu_count() or 1, pages // PAGES_A_WORKER) if wanted is None else min(wanted, pages))


def read_pages(
    sources: Sequence[PageSource], told: Told, workers: Workers, act: Callable[[PageSource, Told], T]
) -> Iterator[T]:
    """What `act` makes of each source, in their order; standard input is this process's own."""
    return workers.each(act, sources, told, here=lambda source: source.path == STDIN)


def read_one(source: PageSource, told: Told, data: bytes | None = None) -> Read:
    """One page read by itself, or the findings that say why it cannot be; `data` are the bytes of a file elsewhere."""
    page, odd = read_page(source, newspaper=told.newspaper, issued=told.issued, home=told.home, data=data)
    if page is None:
        return None, tuple(odd)
    try:
        return read(page, tuple(odd)), ()
    except KgError:
        raise
    except Exception as error:  # a slip of ours must not cost the user the other pages
        return None, (*odd, _slip(page, error))


def _slip(page: Page, error: Exception) -> Finding:
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"
    message = f"this page made the program fail ({where}); please report it 程序读此版面时出错"
    return Finding(Level.ERROR, "page-failed", page.id, message)
