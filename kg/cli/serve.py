"""kg serve"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer


def run(
    output: Annotated[Path, typer.Argument(help="The output folder of a build, or a graph file (.ttl, .nq).")],
    host: Annotated[
        str, typer.Option(help="Address to listen on; anything but loopback is seen by others.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    store: Annotated[
        Path | None, typer.Option(help="Folder for the store: loaded once, opened again after that.")
    ] = None,
    base: Annotated[str, typer.Option(help="The --base that the build used.")] = "https://w3id.org/fangzhi/id/",
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that a query may take; then it is stopped.")] = 30.0,
    write_timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds that a write may take; then nothing of it is kept.")
    ] = 600.0,
    max_rows: Annotated[int, typer.Option(min=0, help="Rows that an answer may have; 0 for no limit.")] = 1_000_000,
    workers: Annotated[
        int, typer.Option(min=0, max=64, help="Long queries that run at once; 0: two for each processor.")
    ] = 0,
    max_memory: Annotated[int, typer.Option(min=16, help="MB that one query may take; then it is stopped.")] = 4096,
    max_spool: Annotated[int, typer.Option(min=16, help="MB of disk for large answers that are being sent.")] = 16384,
    writable: Annotated[bool, typer.Option("--writable", help="Allow writes with the token in FANGZHI_TOKEN.")] = False,
    service: Annotated[list[str] | None, typer.Option(help="An address that SERVICE may call (repeatable).")] = None,
    allow_host: Annotated[list[str] | None, typer.Option(help="A host name to answer to (repeatable).")] = None,
    allow_origin: Annotated[
        list[str] | None, typer.Option(help="Web pages that may read from here: an origin, or * (the default).")
    ] = None,
) -> None:
    """Serve a graph: SPARQL, a page for every thing, OpenRefine reconciliation. 提供 SPARQL 查询与浏览。"""
    from kg.serve import Settings, serve
    from kg.serve.settings import MEBI

    serve(
        Settings(
            output=output,
            host=host,
            port=port,
            store=store,
            base=base,
            timeout=timeout,
            write_timeout=write_timeout,
            max_rows=max_rows,
            workers=workers,
            max_memory=max_memory * MEBI,
            max_spool=max_spool * MEBI,
            writable=writable,
            token=os.environ.get("FANGZHI_TOKEN", ""),
            services=tuple(service or ()),
            hosts=tuple(allow_host or ()),
            origins=tuple(allow_origin or ("*",)),
        )
    )
