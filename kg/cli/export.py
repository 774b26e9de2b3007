"""kg export"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    source: Annotated[Path, typer.Argument(help="A build's folder, or a graph file. 构建结果文件夹，或图文件。")],
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="The format. 格式。")] = "",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Where to write; by default export/ beside the graph. 输出位置。")
    ] = None,
) -> None:
    """Write the graph in a form that another tool reads; without --to, list the formats. 导出图谱。"""
    from kg.export import FORMATS, export

    if not to:
        for known in FORMATS:
            typer.echo(f"{known.name:10} {known.says}")
        return
    done = export(source, to, out)
    typer.echo(f"{done.path}")
    for note in done.notes:
        typer.echo(f"note: {note}", err=True)
