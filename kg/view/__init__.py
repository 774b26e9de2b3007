"""The viewer: a graph as one HTML file that opens anywhere, offline, with the sentence behind every line.

`write_html` is what a build calls; `view_file` serves `kg view` on a finished output or on anybody's Turtle.
"""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path

from kg.errors import OutputError
from kg.model import Knowledge
from kg.view.scene import Scene


class Mask(StrEnum):
    """Whose names are replaced throughout the file."""

    ORDINARY = "ordinary"  # persons without a post


def write_html(knowledge: Knowledge, path: Path, *, mask: Mask | str | None = None, title: str | None = None) -> None:
    """Write `knowledge` as one HTML file to `path`, whole or not at all. Raises OutputError if it cannot be written."""
    from kg.view.from_knowledge import scene_from_knowledge

    _write(scene_from_knowledge(knowledge), path, mask, title)


def view_file(source: Path, path: Path, *, mask: Mask | str | None = None, title: str | None = None) -> None:
    """Write the graph in `source` as one HTML file to `path`.

    `source` is an output folder or a Turtle, TriG, N-Quads or N-Triples file by the contract (docs/ontology.md).
    Raises OutputError where there is no such graph, OntologyError where it does not keep the contract.
    """
    from kg.view.from_rdf import scene_from_file

    _write(scene_from_file(source), path, mask, title)


def _write(scene: Scene, path: Path, mask: Mask | str | None, title: str | None) -> None:
    from kg.view.mask import mask_ordinary
    from kg.view.page import page

    if mask is not None and Mask(mask) is Mask.ORDINARY:
        scene = mask_ordinary(scene)
    text = page(scene, title or default_title(scene))
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_text(text, encoding="utf-8", newline="\n")
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot be written ({error.strerror})") from error


def default_title(scene: Scene) -> str:
    """The newspapers and the dates that the scene was read from: 云龙日报 2024-03-01 – 2024-03-05."""
    papers = sorted({sheet.newspaper for sheet in scene.sheets} - {""})
    dates = sorted({sheet.issued for sheet in scene.sheets} - {""})
    shown = "、".join(papers[:3]) + (" 等" if len(papers) > 3 else "")
    span = dates[0] if len(dates) == 1 else f"{dates[0]} – {dates[-1]}" if dates else ""
    return f"{shown} {span}".strip() or "知识图谱"
