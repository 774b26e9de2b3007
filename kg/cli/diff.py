"""kg diff"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Form(StrEnum):
    """How the digest is written."""

    TEXT = "text"
    JSON = "json"
    ATOM = "atom"


def run(
    old: Annotated[Path, typer.Argument(help="The earlier output folder or graph file. 较早的输出文件夹或图文件")],
    new: Annotated[Path, typer.Argument(help="The later one. 较新的输出文件夹或图文件")],
    form: Annotated[Form, typer.Option("--format", help="text, json, or atom for feed readers.")] = Form.TEXT,
    quiet_days: Annotated[
        int, typer.Option(min=1, help="A program is quiet after so many days without a page. 多少天未见报算沉寂")
    ] = 90,
) -> None:
    """What a graph says that an earlier one did not. 与较早的图谱相比有何新见

    New officials, posts first stated or denied, enterprises seen for the first time, programs gone quiet; each with its
    place on a page, posts with their sentence.
    """
    import sys

    from kg.diff import diff
    from kg.digest import FORMS

    sys.stdout.write(FORMS[form.value](diff(old, new, quiet_days)))
