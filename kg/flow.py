"""The whole flow on one screen: pages → readings → knowledge. The only module that knows the order."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

from kg.confidence import DEFAULT_MIN_CONFIDENCE, check_minimum, confident
from kg.errors import KgError, PageError
from kg.link.merge import resolve
from kg.model import Finding, Knowledge, Level, Page, Reading
from kg.page import find_pages, read_page
from kg.page.source import PageSource, is_date, is_text
from kg.reading import read
from kg.readings import Kept, kept
from kg.workers import pool

Progress = Callable[[int, int, str], None]  # pages done, pages in all, the id of the page just done
Decoded = tuple[Page | None, tuple[Finding, ...]]
Read = tuple[Reading | None, tuple[Finding, ...]]
PAGES_A_WORKER = 16  # a worker process costs about as much to start as so many pages to read


def read_and_resolve(
    pages: Sequence[str | Path],
    *,
    newspaper: str = "",
    issued: str = "",
    home: str = "",
    min_confidence: float = DEFAULT_MIN_CONFIDENCE,
    workers: int | None = 1,
    progress: Progress | None = None,
    keep: Path | None = None,
) -> Knowledge:
    """Read the pages (files, folders, globs, "-") and link what they say.

    `newspaper`, `issued` (ISO date) and `home` overrule what the pages print and what a pages.toml states.
    What a careful reader would agree to with a probability below `min_confidence` (0 to 1) is left out.
    `workers` processes read at a time (None: as many as pay); the result does not depend on it.
    `keep` is a folder where readings are kept between builds: a page that has not changed is not read again.
    Pages that cannot be read become findings of level ERROR in `Knowledge.findings`; the others are read all the same.
    Raises PageError for a wrong pages.toml or date, LexiconError for a damaged installation, KgError for a
    `min_confidence` that is no probability.
    """
    _check(min_confidence, issued, newspaper=newspaper, home=home)
    sources = find_pages([str(page) for page in pages])
    decode = partial(read_page, newspaper=newspaper, issued=issued, home=home)
    with kept(keep) as earlier:
        decoded = [(page, tuple(odd)) for page, odd in map(decode, sources)]
        results = list(_counted(_read_all(decoded, workers, earlier), sources, progress))
        earlier.end()
    readings = [confident(reading, min_confidence) for reading, _ in results if reading is not None]
    knowledge = resolve(readings)
    findings = tuple(finding for _, odd in results for finding in odd)
    return Knowledge(knowledge.readings, knowledge.entities, knowledge.statements, (*findings, *knowledge.findings))


def _check(min_confidence: float, issued: str, **texts: str) -> None:
    check_minimum(min_confidence)
    if issued and not is_date(issued):
        raise PageError(f"--issued {issued}: no date; write it as 2023-05-25 日期应写作 2023-05-25")
    for option, given in texts.items():
        if not is_text(given):
            raise PageError(f"--{option}: no UTF-8; check the terminal's encoding 不是 UTF-8 文字,请检查终端编码")


def _counted(results: Iterable[Read], sources: Sequence[PageSource], progress: Progress | None) -> Iterator[Read]:
    """The results, each told of when it is there."""
    for done, (source, result) in enumerate(zip(sources, results, strict=True), 1):
        if progress is not None:
            progress(done, len(sources), source.id)
        yield result


def workers_for(pages: int) -> int:
    """How many processes pay for so many pages."""
    return max(1, min(os.cpu_count() or 1, pages // PAGES_A_WORKER))


def _read_all(pages: Sequence[Decoded], workers: int | None, earlier: Kept) -> Iterator[Read]:
    """The readings in the order of the pages, whichever process or build made them."""
    known = [earlier.get(page, odd) if page is not None else None for page, odd in pages]
    new = [one for one, reading in zip(pages, known, strict=True) if reading is None]
    read_now = _read_new(new, workers_for(len(new)) if workers is None else min(workers, len(new)))
    for (page, odd), reading in zip(pages, known, strict=True):
        if reading is not None:
            yield reading, ()
            continue
        found = next(read_now)
        if page is not None and found[0] is not None:
            earlier.put(page, odd, found[0])
        yield found


def _read_new(pages: Sequence[Decoded], workers: int) -> Iterator[Read]:
    if workers <= 1:
        yield from (_read_one(page, odd) for page, odd in pages)
        return
    with pool(workers) as processes:
        jobs = [processes.submit(_read_one, page, odd) for page, odd in pages]
        try:
            yield from (job.result() for job in jobs)
        except BrokenProcessPool as error:
            raise KgError("a worker process was stopped (out of memory?); try again with --workers 1") from error


def _read_one(page: Page | None, odd: tuple[Finding, ...]) -> Read:
    """One page read by itself, or the findings that say why it cannot be."""
    if page is None:
        return None, odd
    try:
        return read(page, odd), ()
    except KgError:
        raise
    except Exception as error:  # a slip of ours must not cost the user the other pages
        return None, (*odd, _slip(page, error))


def _slip(page: Page, error: Exception) -> Finding:
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"
    message = f"this page made the program fail ({where}); please report it 程序读此版面时出错"
    return Finding(Level.ERROR, "page-failed", page.id, message)
