"""A build on disk gives what a build in memory gives, whatever was built before; the network has no part in it.

Pages are marked text (tests/by_hand.py) with claims drawn by the text itself, so that every kind of fact, namesake and
contradiction comes about: the same page always says the same.
"""

from __future__ import annotations

import sqlite3
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from by_hand import mentions
from kg.archive import changed, files
from kg.archive.build import Build, build
from kg.archive.pages import Pages
from kg.archive.recall import knowledge
from kg.archive.render import Block, Style, Subject, rendered
from kg.archive.store import opened
from kg.confidence import confident
from kg.errors import OutputError
from kg.export.folder import HTML, STATE, write_all
from kg.flow import Read, Told, read_one, read_pages
from kg.link.merge import resolve
from kg.model import Claim, Finding, Knowledge, Level, Page, Predicate, Reading, Span, Status
from kg.page import find_pages, read_page
from kg.page.source import PageSource
from kg.summary import Summary
from kg.workers import WAITING, working

HOMES = ("株洲市", "福州市", "")
NAMES = (
    "[株洲市:Place]", "[天元区:Place]", "[株洲:Place]", "[鼓楼区:Place]", "[人民路:Place]", "[市水利局:Agency]",
    "[[天元区:Place]水利局:Agency]", "[李明:Person]", "[陈小红:Person]", "[清溪行动:Program]", "[天元机械:Enterprise]",
    "[天元机械集团有限公司:Enterprise]",
)  # fmt: skip
FILES = ("graph.ttl", "graph.nq", "entities.csv", "relations.csv", "mentions.jsonl", "findings.jsonl", "pages.json")


def drawn(page: Page, odd: Sequence[Finding] = ()) -> Reading:
    """The reading of a marked page: an article a line, claims between its names at random, but always the same."""
    random = Random(page.text)
    articles, found, claims = [], [], list[Claim]()
    for number, line in enumerate(page.text.splitlines()):
        article, names = mentions(line, f"{page.id}#{number}")
        names = [replace(name, confidence=random.choice((0.2, 0.5, 0.9, 1.0))) for name in names]
        articles.append(article)
        found += names
        claims += (_claim(random, article.id, [name.id for name in names]) for _ in range(8 if len(names) > 1 else 0))
    known = replace(page, home=random.choice(HOMES), issued=random.choice(("", "2024-05-01", "2024-05-02")))
    return Reading(known, tuple(articles), tuple(found), tuple(claims), tuple(odd))


def _claim(random: Random, article: str, names: Sequence[str]) -> Claim:
    predicate = random.choice((Predicate.HOLDS_POST_IN, Predicate.WITHIN, Predicate.COOPERATES_WITH))
    subject, target = random.choices(names, k=2)
    title = random.choice(("局长", "")) if predicate is Predicate.HOLDS_POST_IN else ""
    start = random.randrange(5)
    return Claim(
        article, subject, predicate, target, Span(start, start + 6), random.choice(("network", "composed")), title,
        random.choice(("", "", "2024-04-01")), random.choice((Status.ASSERTED, *Status)), random.randrange(3),
        random.choice(("", "出席")), random.choice((0.2, 0.6, 1.0)),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.flow.read", drawn)


def page(random: Random) -> str:
    return "".join(
        "，".join(random.sample(NAMES, random.randrange(2, 7))) + "。\n" for _ in range(random.randrange(1, 4))
    )


def edit(pages: Path, random: Random) -> None:
    """Write a page anew, add one, or take one away."""
    file = pages / f"day{random.randrange(12)}.txt"
    if file.exists() and random.random() < 0.3 and len(list(pages.iterdir())) > 1:
        file.unlink()
    else:
        file.write_text(page(random), "utf-8")


def in_memory(folder: Path) -> Knowledge:
    readings = []
    for source in find_pages([str(folder)]):
        known, odd = read_page(source)
        assert known is not None
        readings.append(confident(drawn(known, tuple(odd)), Told().min_confidence))
    return resolve(readings)


def written(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in FILES}


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "day0.txt").write_text(page(Random(0)), "utf-8")
    return folder


def wanted(pages: Path, name: str = "out") -> Build:
    return Build([str(pages)], pages.parent / name, Told(), html=False)


@pytest.mark.parametrize("seed", range(8))
def test_any_history_gives_the_bytes_of_a_build_in_memory(
    pages: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)
    if seed % 2:  # as though what has changed were too much to be held in memory
        monkeypatch.setattr(files, "_HELD", -1)
        monkeypatch.setattr(changed, "_MOST", 0)
    for _ in range(12):
        for _ in range(random.choice((1, 1, 2, 5))):
            edit(pages, random)
        summary = build(wanted(pages)).summary
        known = in_memory(pages)
        write_all(known, pages.parent / "memory")
        assert written(pages.parent / "out") == written(pages.parent / "memory")
        assert summary == Summary.of(known)


def test_what_is_kept_is_what_was_known(pages: Path) -> None:
    for seed in range(6):
        edit(pages, Random(seed))
    build(wanted(pages))
    with opened(pages.parent / "out") as database:
        assert knowledge(database, Pages(database, (), Told().min_confidence)) == in_memory(pages)


def test_the_drawn_pages_have_what_may_go_wrong(pages: Path) -> None:
    """Else the test above proves little: namesakes apart, contradictions, officials, things told by the gazetteer."""
    seen = set[str]()
    for seed in range(40):
        edit(pages, Random(seed))
        known = in_memory(pages)
        claims = sum(len(reading.claims) for reading in known.readings)
        seen |= {"namesake" for one in known.entities if one.id.startswith("person/") and "@" in one.id}
        seen |= {"qualified" for one in known.entities if one.id.startswith(("place/", "agency/")) and "@" in one.id}
        seen |= {"official" for one in known.entities if one.official}
        seen |= {"inferred" for one in known.statements if one.inferred_from}
        seen |= {"together" for one in known.statements if len(one.evidence) > 1}
        seen |= {"dropped"} if claims > len(known.statements) else set()
    assert seen == {"namesake", "qualified", "official", "inferred", "together", "dropped"}


def _touch(out: Path) -> None:
    (out / "graph.ttl").write_text("mine")


def _lose(out: Path) -> None:
    (out / "relations.csv").unlink()


def _break(out: Path) -> None:
    (out / STATE).write_bytes(b"SQLite format 3\0" + bytes(5000))


def _move(out: Path) -> None:
    for name in FILES:
        (out / name).write_bytes((out / name).read_bytes())


def _spoil(out: Path) -> None:
    """What is kept of a page can no longer be read, and is needed."""
    (out / "relations.csv").unlink()
    with sqlite3.connect(out / STATE) as database:
        database.execute("UPDATE pages SET reading = x'00'")


@pytest.mark.parametrize("harm", [_touch, _lose, _break, _move, _spoil])
def test_a_changed_output_is_made_anew(pages: Path, harm: Callable[[Path], None]) -> None:
    build(wanted(pages))
    before = written(pages.parent / "out")
    harm(pages.parent / "out")
    build(wanted(pages))
    assert written(pages.parent / "out") == before


@pytest.mark.parametrize("again", [{"base": "https://example.org/"}, {"told": Told(min_confidence=0.0)}])
def test_other_options_make_all_of_it_anew(pages: Path, again: dict[str, object]) -> None:
    build(wanted(pages))
    build(replace(wanted(pages), **again))  # type: ignore[arg-type]
    build(replace(wanted(pages, "fresh"), **again))  # type: ignore[arg-type]
    assert written(pages.parent / "out") == written(pages.parent / "fresh")


def test_a_build_that_fails_while_it_writes_changes_nothing(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(wanted(pages))
    before = written(pages.parent / "out")
    edit(pages, Random(3))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr("kg.archive.build.stamp", full)
        with pytest.raises(OutputError, match="No space left"):
            build(wanted(pages))
    assert written(pages.parent / "out") == before
    build(wanted(pages))
    build(wanted(pages, "fresh"))
    assert written(pages.parent / "out") == written(pages.parent / "fresh")


def test_a_build_that_is_killed_after_its_files_are_there_is_made_anew(
    pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database still tells of the earlier files: it must not be believed."""
    build(wanted(pages))
    state = (pages.parent / "out" / STATE).read_bytes()
    edit(pages, Random(3))
    build(wanted(pages))
    after = written(pages.parent / "out")
    (pages.parent / "out" / STATE).write_bytes(state)
    build(wanted(pages))
    assert written(pages.parent / "out") == after


def test_one_page_more_touches_what_it_speaks_of(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in blocks: a page of its own makes as few among many pages as among few."""
    put, counts = list[Block](), []

    def counted(subjects: Sequence[Subject], style: Style) -> list[Block]:
        put.extend(found := rendered(subjects, style))
        return found

    for many in (10, 40):
        for number in range(many):
            (pages / f"far{number}.txt").write_text(f"[甲{number}村:Place]，[乙{number}公司:Enterprise]。\n", "utf-8")
        build(wanted(pages))
        (pages / f"one{many}.txt").write_text("[丙村:Place]，[丁公司:Enterprise]。\n", "utf-8")
        with monkeypatch.context() as context:
            context.setattr("kg.archive.blocks.rendered", counted)
            build(wanted(pages))
        counts.append(len(put))
        put.clear()
    assert 0 < counts[1] < 1.5 * counts[0] < 60


def test_a_graph_too_large_for_one_page_says_how_to_open_it(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    html = replace(wanted(pages), html=True)
    assert (build(html).notes, (html.out / HTML).exists()) == ((), True)
    monkeypatch.setattr("kg.archive.build.LARGEST_VIEW", 2)
    (note,) = build(html).notes
    assert f"kg serve {html.out}" in note
    assert not (html.out / HTML).exists(), "one of an earlier build would show another graph"


def test_errors_are_findings_beside_what_was_read(pages: Path) -> None:
    (pages / "bad.txt").write_bytes(b"")
    summary = build(wanted(pages)).summary
    assert [f.where for f in summary.findings if f.level is Level.ERROR] == ["bad.txt"]
    assert (summary.pages, summary.failed) == (1, 1)


# -- bounded ---------------------------------------------------------------------------------------------------------


def test_few_pages_wait_for_each_process(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many pages there are: each is asked for when there is room, and its reading is passed on."""
    sources = find_pages([str(pages)]) * 50
    handed: list[PageSource] = []

    class Processes:
        def submit(self, act: Callable[..., Read], source: PageSource, told: Told) -> Future[Read]:
            handed.append(source)
            done = Future[Read]()
            done.set_result(act(source, told))
            return done

    @contextmanager
    def pool(workers: int) -> Iterator[Processes]:
        yield Processes()

    monkeypatch.setattr("kg.workers.pool", pool)
    with working(2) as workers:
        ahead = [len(handed) - done for done, _ in enumerate(read_pages(sources, Told(), workers, read_one))]
    assert len(ahead) == len(handed) == 50
    assert max(ahead) <= 2 * WAITING


def test_memory_grows_with_the_largest_thing_and_not_with_the_pages(pages: Path) -> None:
    """What a build on disk takes more for four times the pages is little of what a build in memory takes more."""

    def peak(act: Callable[[], object]) -> int:
        tracemalloc.start()
        try:
            act()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    def both() -> tuple[int, int]:
        (pages.parent / "out" / STATE).unlink(missing_ok=True)
        on_disk = peak(lambda: build(wanted(pages)))
        return on_disk, peak(lambda: write_all(in_memory(pages), pages.parent / "memory"))

    random = Random(1)
    sizes = []
    for many in (5, 15, 60):  # the first fills what is remembered of lists
        for number in range(many):
            line = "，".join(
                f"[{name}{number}{end}" for name in "甲乙丙丁" for end in ("村:Place]", "公司:Enterprise]")
            )
            (pages / f"p{number}.txt").write_text(line + "。" + page(random), "utf-8")
        sizes.append(both())
    more = [sizes[2][way] - sizes[1][way] for way in (0, 1)]
    assert more[0] < 0.3 * more[1], sizes
