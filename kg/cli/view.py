"""kg view"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.view import Mask


def run(
    source: Annotated[
        Path, typer.Argument(help="An output folder, or a .ttl, .nq, .nt, .trig file. 输出文件夹或图谱文件。")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The HTML file (default: graph.html beside the graph). 网页文件。"),
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser. 写好后在浏览器中打开。")] = False,
    mask: Annotated[
        Mask | None, typer.Option(help="ordinary: replace the names of persons without a post. 隐去普通居民姓名。")
    ] = None,
    title: Annotated[str | None, typer.Option(help="The page's title. 网页标题。")] = None,
) -> None:
    """Write a graph as one HTML page that opens offline. 把图谱写成一个可离线打开的网页。"""
    from kg.view import view_file

    path = output or (source / "graph.html" if source.is_dir() else source.with_suffix(".html"))
    view_file(source, path, mask=mask, title=title)
    typer.echo(path)
    if open_it:
        typer.launch(path.resolve().as_uri())
