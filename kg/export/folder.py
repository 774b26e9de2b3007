"""The output folder of a build, published whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path

from kg.export.tables import entities_csv, findings_jsonl, json_text, jsonl, mentions_jsonl, relations_csv
from kg.export.turtle import nquads, turtle
from kg.model import Knowledge, Page
from kg.ontology import ID
from kg.publish import publishing
from kg.rdf import facts

TEXTS = "texts.jsonl"
HTML = "graph.html"
PARTS = tuple(f"{table}.parquet" for table in ("entities", "relations", "pages", "articles"))  # of kg.spark
STATE = "readings.sqlite"  # what a build knows of its pages: no part of the output
Extra = Callable[[Path], None]


def write_all(
    knowledge: Knowledge, out: Path, *, base: str = ID, evidence: str = "text", extras: Sequence[Extra] = ()
) -> None:
    """Write graph.ttl, graph.nq, the tables, pages.json and kept texts into the folder `out`, making it where needed.

    Each of `extras` is called with the folder in which the files stand before they are published, to add its own
    (graph.html). Raises OutputError where the folder cannot be written; what it held before then stays as it was.
    """
    optional = (HTML, TEXTS, *PARTS, *([STATE] if evidence == "offsets" else ()))  # offsets promise no sentence
    with publishing(out, optional) as folder:
        for name, text in files(knowledge, out, base=base, evidence=evidence):
            (folder / name).write_bytes(text.encode("utf-8"))
        for extra in extras:
            extra(folder)


def files(knowledge: Knowledge, out: Path, *, base: str = ID, evidence: str = "text") -> Iterator[tuple[str, str]]:
    """The name and the text of every file that a build writes for `out`."""
    written = set(facts(knowledge, base=base, evidence=evidence))
    yield "graph.ttl", turtle(written, base)
    yield "graph.nq", nquads(written)
    yield "entities.csv", entities_csv(knowledge, base=base)
    yield "relations.csv", relations_csv(knowledge, base=base, evidence=evidence)
    yield "mentions.jsonl", mentions_jsonl(knowledge)
    yield "findings.jsonl", findings_jsonl(chain(knowledge.findings, *(r.findings for r in knowledge.readings)))
    pages = sorted((r.page for r in knowledge.readings), key=lambda page: page.id)
    yield "pages.json", pages_json(pages, out)
    if evidence == "text" and any(page.form for page in pages):
        yield TEXTS, texts_jsonl(pages)


def pages_json(pages: Iterable[Page], out: Path) -> str:
    """Where each page's file is, seen from the folder `out`: `kg check` reads the quotes again from there."""
    return "".join(pages_json_parts(pages, out))


def pages_json_parts(pages: Iterable[Page], out: Path) -> Iterator[str]:
    """The same text in parts, a page each."""
    between, near = "{\n", lru_cache(maxsize=64)(partial(os.path.relpath, start=out))
    for page in pages:
        yield between + _page_json(page, near)
        between = ",\n"
    yield "{}\n" if between == "{\n" else "\n}\n"


def _page_json(page: Page, near: Callable[[str], str]) -> str:
    """`near` says how a folder is reached from the output."""
    noted = {"path": _seen(page.path, near), "sha256": page.sha256, "encoding": page.encoding} | _taken(page)
    lines = (f"  {json_text(name)}: {json_text(value)}" for name, value in noted.items())
    text = f" {json_text(page.id)}: {{\n" + ",\n".join(lines) + "\n }"
    # A file's name need not be UTF-8; what is not becomes JSON's own escape, which reads back as the same name.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _taken(page: Page) -> dict[str, object]:
    """From which file and part of it the text was taken, where the page is no text file."""
    return {"form": page.form, "part": page.part, "file_sha256": page.file_sha256} if page.form else {}


def texts_jsonl(pages: Sequence[Page]) -> str:
    """The text of every page that was taken out of another kind of file: what offsets of evidence count in."""
    return "".join(map(text_row, pages))


def text_row(page: Page) -> str:
    """The line of one page, "" where the page is a text file itself."""
    return jsonl([{"page": page.id, "sha256": page.sha256, "text": page.text}]) if page.form else ""


def _seen(path: str, near: Callable[[str], str]) -> str:
    if not path or path == "-":
        return ""
    if "://" in path:
        return path
    folder, name = os.path.split(path)
    try:
        return Path(near(folder or "."), name).as_posix()
    except ValueError:  # another drive
        return Path(path).resolve().as_posix()
