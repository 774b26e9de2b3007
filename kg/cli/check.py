"""kg check"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

SHOWN = 50


def run(
    output: Annotated[Path, typer.Argument(help="An output folder of kg build, or a graph file. 输出目录或图文件")],
    pages: Annotated[list[Path], typer.Option(help="Folder with the page files. 版面文件所在目录")] = [],  # noqa: B006
    as_json: Annotated[bool, typer.Option("--json", help="Findings as JSON lines.")] = False,
) -> None:
    """Check a build: SHACL, and every quote read again from its page. 检查图谱

    Exits with 0 where all is well, with 1 where anything is wrong.
    """
    from kg.check import check
    from kg.export.tables import findings_jsonl
    from kg.terminal import printable

    checked = check(output, pages)
    if as_json:
        sys.stdout.write(findings_jsonl(checked.findings))
    else:
        for finding in checked.findings[:SHOWN]:
            print(printable(f"{finding.level.value:<7} {finding.code:<12} {finding.where}  {finding.message}"))
        if len(checked.findings) > SHOWN:
            print(f"… and {len(checked.findings) - SHOWN} more (all with --json)")
        print(
            f"{checked.triples} triples, {checked.claims} claims, {checked.quotes} quotes on {checked.pages} pages: "
            + ("sound 无误" if checked.sound else "NOT sound 有误")
        )
    raise typer.Exit(0 if checked.sound else 1)
