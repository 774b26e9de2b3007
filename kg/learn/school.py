"""Pages with gold → weights: cross-validation tells how good they are and teaches the scorers, then all pages teach.

Every article is read once by a network that has not seen it; what that network finds is what the scorers learn from.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch

from kg.errors import PageError
from kg.gold import score_files, total
from kg.learn import known, scorers, trees
from kg.learn.bigrams import vectors
from kg.learn.examples import Example, from_cluener, from_pages
from kg.learn.lessons import lesson
from kg.learn.model import Reader
from kg.learn.silver import silver
from kg.learn.teach import FIRST, MAIN, SECOND, teach
from kg.learn.to_onnx import read, write
from kg.learn.vary import pools
from kg.learn.weigh import Table, aliases_to_weigh, facts_to_weigh, names_to_weigh, relations_to_weigh, things_to_weigh
from kg.mention.known import FILE
from kg.network.read import use, weights
from kg.page import find_pages, read_page

JIEBA = "jieba"  # begin from Baidu's network as it travels in jieba, not from the weights in use
Say = Callable[[str], None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to learn from (folders of pages with their gold), and how. `held` folds are read by a network that was
    taught on the others; all of them make a cross-validation."""

    folders: tuple[Path, ...]
    start: str = ""  # "" the weights in use, JIEBA, or a folder of weights
    cluener: Path | None = None  # a first course
    unlabelled: Path | None = None  # a folder of pages without gold: the second course is what `teachers` say of them
    teachers: tuple[str, ...] = ("",)  # folders of weights, "" those in use
    written: tuple[Path, ...] = ()  # pages made up for teaching: nothing is measured on them
    passes: int = MAIN.passes
    folds: int = 5
    held: int = 5
    seed: int = 1
    workers: int = 2


def train(plan: Plan, out: Path, say: Say = print) -> dict[str, Any]:
    """Write new weights into the folder `out`; returns the figures of the cross-validation.

    The same plan gives the same weights. Raises PageError where the folders hold too few pages with gold.
    """
    pages = sorted({example.source for example in from_pages(plan.folders)})
    if len(pages) < 2 * plan.folds:
        raise PageError(f"{len(pages)} pages with gold: at least {2 * plan.folds} are needed 标注过的版面太少")
    out.mkdir(parents=True, exist_ok=True)
    plan = replace(plan, start=_begin(plan, out / "begin", say))
    jobs = [(plan, fold, str(out / f"fold{fold}")) for fold in range(plan.held)] + [(plan, -1, str(out))]
    with ProcessPoolExecutor(plan.workers, mp_context=get_context("spawn")) as pool:
        for line in pool.map(_learn, jobs):
            say(line)
    figures = weigh(plan, out, say)
    for name in ("begin", *(f"fold{fold}" for fold in range(plan.held))):
        shutil.rmtree(out / name, ignore_errors=True)
    return figures


def _learn(job: tuple[Plan, int, str]) -> str:
    """One network, taught on all pages but those of `fold` (-1: on all), written into a folder."""
    plan, fold, folder = job
    torch.set_num_threads(1)
    examples = [e for e in from_pages(plan.folders) if fold_of(e, plan.folds) != fold] + from_pages(plan.written)
    lines: list[str] = []
    reader, course = _reader(plan), replace(MAIN, passes=plan.passes)
    teach(reader, [lesson(e) for e in examples], course, plan.seed, pools(examples), lines.append)
    write(reader, Path(folder))
    if plan.start and (names := Path(plan.start, FILE)).is_file():
        shutil.copy(names, folder)
    return f"{'all pages' if fold < 0 else f'without fold {fold}'}: {len(examples)} articles; {lines[-1]}"


def _begin(plan: Plan, folder: Path, say: Say) -> str:
    """The courses before the gold, which all folds share; returns what to start from then."""
    if plan.start != JIEBA and plan.cluener is None and plan.unlabelled is None:
        return plan.start
    torch.set_num_threads(1)
    reader = _reader(plan)
    if plan.start == JIEBA:
        reader.bigrams.weight.data = torch.tensor(vectors(_texts(plan)))
    if plan.cluener is not None:
        teach(reader, [lesson(e) for e in from_cluener(plan.cluener)], FIRST, plan.seed, {}, say)
    if plan.unlabelled is not None:
        examples = from_pages((*plan.folders, *plan.written))
        lessons = silver(plan.unlabelled, plan.teachers, {e.text for e in examples})
        teach(reader, lessons, SECOND, plan.seed, pools(examples), say)
        folder.mkdir(parents=True, exist_ok=True)
        known.write(lessons, folder)
    write(reader, folder)
    return str(folder)


def _texts(plan: Plan) -> Iterator[str]:
    """Every page at hand, annotated or not."""
    folders = (*plan.folders, *plan.written, *((plan.unlabelled,) if plan.unlabelled is not None else ()))
    for source in find_pages([str(folder) for folder in folders]):
        page, _ = read_page(source)
        if page is not None:
            yield page.text


def _reader(plan: Plan) -> Reader:
    torch.manual_seed(plan.seed)
    reader = Reader()
    if plan.start != JIEBA:
        read(reader, Path(plan.start) if plan.start else weights("encoder.onnx").parent)
    return reader


def fold_of(example: Example, folds: int) -> int:
    """The fold of a page, by its name: another page more moves none of the others."""
    return int(hashlib.sha256(example.source.rpartition("/")[2].encode()).hexdigest(), 16) % folds


def weigh(plan: Plan, out: Path, say: Say = print) -> dict[str, Any]:
    """Teach the scorers from the folds' networks in `out`, and score every fold by scorers of the other folds."""
    examples = from_pages(plan.folders)
    every = {n: [e for e in examples if fold_of(e, plan.folds) == n] for n in range(plan.folds)}
    folds = {n: every[n] for n in range(plan.held)}
    _scorers({n: aliases_to_weigh(fold) for n, fold in every.items()}, "aliases", out)  # of gold alone: all folds tell
    names = {n: _with(out / f"fold{n}", partial(names_to_weigh, folds[n])) for n in folds}
    _forests(names, "mentions", out)
    relations = {n: _with(out / f"fold{n}", partial(relations_to_weigh, folds[n])) for n in folds}
    _scorers(relations, "claims", out)
    files = {n: _files(plan.folders, held) for n, held in folds.items()}
    _forests({n: _with(out / f"fold{n}", partial(things_to_weigh, files[n])) for n in folds}, "things", out)
    _forests({n: _with(out / f"fold{n}", partial(facts_to_weigh, files[n])) for n in folds}, "facts", out)
    figures: dict[str, Any] = {"folds": {}, "pages": {}}
    for n in folds:
        reports = _with(out / f"fold{n}", partial(score_files, files[n]))
        report = total(reports)
        figures["folds"][str(n)] = report.as_dict()
        figures["pages"] |= {one.doc: one.as_dict() for one in reports}
        say(f"fold {n}: " + ", ".join(f"{k} {v.f1:.3f}" for k, v in report.single.items()))
    (out / "figures.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1), "utf-8")
    return figures


def _with(folder: Path, work: Callable[[], T]) -> T:
    """What `work` gives with the weights of `folder`."""
    before = use(str(folder))
    try:
        return work()
    finally:
        use(before)


def _scorers(tables: dict[int, Table], name: str, out: Path) -> None:
    """A scorer of all folds into `out`, and into each fold's folder one of the other folds (its own if alone)."""
    for folder, table in _tables(tables, out):
        scorers.write(scorers.teach(*table), folder / f"{name}.npz")


def _forests(tables: dict[int, Table], name: str, out: Path) -> None:
    """As `_scorers`, of trees."""
    for folder, table in _tables(tables, out):
        trees.write(trees.teach(*table), folder / f"{name}.onnx")


def _tables(tables: dict[int, Table], out: Path) -> Iterator[tuple[Path, Table]]:
    """Where to write, and what to learn from."""
    yield out, _joined(tables.values())
    for n in (n for n in tables if (out / f"fold{n}").is_dir()):
        yield out / f"fold{n}", _joined([table for m, table in tables.items() if m != n] or [tables[n]])


def _joined(tables: Iterable[Table]) -> Table:
    rows, wanted = zip(*tables, strict=True)
    return np.concatenate(rows), np.concatenate(wanted)


def _files(folders: Sequence[Path], examples: Iterable[Example]) -> list[Path]:
    """The gold files and pages of the examples."""
    stems = {example.source for example in examples}
    paths = [p for folder in folders for p in sorted(folder.iterdir()) if f"{folder.name}/{p.stem}" in stems]
    return [path for path in paths if path.suffix in (".json", ".txt")]
