"""What `kg build` does: pages → the files of an output folder, put in place all together or not at all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kg.archive.blocks import Blocks
from kg.archive.changed import Changed, changed
from kg.archive.facts import link_facts
from kg.archive.files import is_intact, rewrite, stamp
from kg.archive.pages import DAMAGED, Pages, read_packed
from kg.archive.recall import knowledge, summary
from kg.archive.render import ENTITIES, MENTIONS, QUADS, RELATIONS, TURTLE
from kg.archive.store import discard, forget_links, note, noted, opened
from kg.archive.things import link_things
from kg.errors import OutputError, PageError
from kg.export.folder import HTML, PARTS, STATE, TEXTS, pages_json_parts
from kg.export.tables import ENTITY_COLUMNS, RELATION_COLUMNS, csv_head, findings_jsonl
from kg.export.turtle import Terms, prefixes
from kg.flow import Progress, Told, counted, read_pages, workers_for
from kg.model import Finding
from kg.ontology import ID
from kg.page import find_pages
from kg.page.source import PageSource
from kg.publish import publishing
from kg.summary import Summary
from kg.workers import Workers, working

LINKED_FOR_ONE_READ = 8  # pages that are linked and written in the time in which one is read
LARGEST_VIEW = 20_000  # things; for these graph.html takes some 10 s and 200 MB to make, and has 6 MB


@dataclass(frozen=True, slots=True)
class Build:
    """What is to be built: `pages` (files, folders, globs, "-") into the folder `out`.

    `evidence` is "text" or "offsets"; `html` asks for the viewer, which offsets have not.
    """

    pages: Sequence[str]
    out: Path
    told: Told
    base: str = ID
    evidence: str = "text"
    html: bool = True
    workers: int | None = 1
    progress: Progress | None = None

    @property
    def quote(self) -> bool:
        """Whether sentences are written out."""
        return self.evidence == "text"

    @property
    def keep(self) -> Path | None:
        """Where the build keeps what it knows: offsets promise that no sentence stands in the folder."""
        return self.out if self.quote else None


@dataclass(frozen=True, slots=True)
class Built:
    """What was read, the files that were written, and what the user should know about them, a line each."""

    summary: Summary
    written: tuple[Path, ...]
    notes: tuple[str, ...]


def build(wanted: Build) -> Built:
    """Read, link and write.

    Raises PageError where no page could be read or what is told of them is wrong, OutputError where the folder cannot
    be written; what it held before then stays as it was.
    """
    wanted.told.check()
    with publishing(wanted.out):
        pass  # that the folder cannot be written should not be found out after an hour of reading
    try:
        return _build(wanted)
    except sqlite3.OperationalError as error:
        raise OutputError(f"{wanted.out}: cannot be written: {error}; is there room there, and in TMPDIR?") from error
    except (sqlite3.DatabaseError, *DAMAGED):
        discard(wanted.out)
        return _build(wanted)


def _build(wanted: Build) -> Built:
    told = wanted.told
    with opened(wanted.keep) as database:
        pages = Pages(database, (told.newspaper, told.issued, told.home), told.min_confidence)
        work = _work(wanted, database, pages)
        with working(work.workers(wanted.workers)) as workers:
            failed = _read(wanted, work, pages, workers)
            database.execute("BEGIN")
            try:
                blocks = _linked(wanted, work, database, pages, workers)
                summary = _summary(database, pages, failed)
                built = _written(wanted, database, pages, blocks, summary, failed)
            except BaseException:
                with suppress(sqlite3.Error):
                    database.execute("ROLLBACK")
                raise
            with suppress(sqlite3.Error):  # the output is there; what it was made of is found out anew
                database.execute("COMMIT")
            return built


@dataclass(frozen=True, slots=True)
class _Work:
    """What a build has to do: `new` pages to read, each with its key; whether all have to be linked anew."""

    sources: Sequence[PageSource]
    new: Sequence[tuple[PageSource, bytes | None]]
    afresh: bool
    settings: str

    def workers(self, wanted: int | None) -> int:
        """How many processes it pays to start; to link a page costs far less than to read it."""
        return workers_for(len(self.new) + (len(self.sources) // LINKED_FOR_ONE_READ if self.afresh else 0), wanted)


def _work(wanted: Build, database: sqlite3.Connection, pages: Pages) -> _Work:
    sources = find_pages(wanted.pages)
    keys = [pages.key(source) for source in sources]
    new = [(source, key) for source, key in zip(sources, keys, strict=True) if not pages.is_kept(source, key)]
    settings = json.dumps([wanted.told.min_confidence, wanted.base, wanted.evidence])
    afresh = noted(database, "settings") != settings or not is_intact(database, wanted.out)
    return _Work(sources, new, afresh, settings)


def _read(wanted: Build, work: _Work, pages: Pages, workers: Workers) -> list[Finding]:
    """Read the pages that are new or have changed. Returns why some could not be."""
    unread, failed = set[str](), list[Finding]()
    new = [source for source, _ in work.new]
    results = read_pages(new, wanted.told, workers, read_packed)
    told = counted(results, new, wanted.progress, len(work.sources) - len(new))
    with pages.writing():
        for (source, key), (packed, odd) in zip(work.new, told, strict=True):
            if packed is not None:
                pages.put(source, key, packed)
            else:
                unread.add(source.id)
                failed.extend(odd)
    pages.keep_only(source.id for source in work.sources if source.id not in unread)
    return failed


def _linked(wanted: Build, work: _Work, database: sqlite3.Connection, pages: Pages, workers: Workers) -> Blocks:
    """Bring things and facts up to date with the pages; all of them where what was made of them cannot be used."""
    if work.afresh:
        forget_links(database)
    note(database, "settings", work.settings)
    pages.forget()
    link_things(database, pages, workers)
    blocks = Blocks(database, pages, wanted.base, wanted.quote, workers)  # pages are written while facts are found
    link_facts(database)
    return blocks


def _summary(database: sqlite3.Connection, pages: Pages, failed: Sequence[Finding]) -> Summary:
    found = summary(database, (*failed, *pages.findings()))
    if not found.pages:
        raise PageError("\n    ".join(["no page could be read, nothing was written 没有可读的版面", *found.errors()]))
    return found


def _written(
    wanted: Build,
    database: sqlite3.Connection,
    pages: Pages,
    blocks: Blocks,
    found: Summary,
    failed: Sequence[Finding],
) -> Built:
    quote = wanted.quote
    size = sum(found.entities.values())
    too_large = wanted.html and quote and size > LARGEST_VIEW
    with publishing(wanted.out, (HTML, TEXTS, *PARTS, *(() if quote else (STATE,)))) as folder:
        with changed(database) as made:
            blocks.put_all(made)
            _sorted_files(wanted, database, made, folder)
        (folder / "findings.jsonl").write_bytes(findings_jsonl((*failed, *pages.findings())).encode("utf-8"))
        with (folder / "pages.json").open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(pages_json_parts(pages.all(), wanted.out))
        if wanted.html and quote and not too_large:
            _view(database, pages, folder)
        names = sorted(file.name for file in folder.iterdir())
    notes = (_no_view(wanted.out, size),) if too_large else ()
    return Built(found, tuple(wanted.out / name for name in names), notes)


def _sorted_files(wanted: Build, database: sqlite3.Connection, made: Changed, folder: Path) -> None:
    heads = {
        TURTLE: prefixes(Terms(wanted.base)), QUADS: "", ENTITIES: csv_head(ENTITY_COLUMNS),
        RELATIONS: csv_head(RELATION_COLUMNS), MENTIONS: "", TEXTS: "",
    }  # fmt: skip
    rewrite(database, made, wanted.out, folder, heads)
    if not (folder / TEXTS).stat().st_size:
        (folder / TEXTS).unlink()
    stamp(database, folder, [*heads])


def _view(database: sqlite3.Connection, pages: Pages, folder: Path) -> None:
    from kg.view import write_html

    write_html(knowledge(database, pages), folder / HTML)


def _no_view(out: Path, size: int) -> str:
    return (
        f"{out / HTML} is left out: {size:,} things are too many for one page (at most {LARGEST_VIEW:,}); "
        f"`kg serve {out}` shows them in a browser 实体过多，未生成网页，可用 kg serve 浏览"
    )
