"""kg push"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kg.push import Progress, Pushed


def run(
    source: Annotated[Path, typer.Argument(help="A build's folder, or a graph file. 构建结果文件夹，或图文件。")],
    endpoint: Annotated[str, typer.Option(help="The store's SPARQL address. 图数据库的 SPARQL 地址。")],
    graph_store: Annotated[
        str, typer.Option(help="Its Graph Store address; without one, SPARQL Update is used. Graph Store 地址。")
    ] = "",
    user: Annotated[str, typer.Option(help="User name; the password is read from FANGZHI_PASSWORD. 用户名。")] = "",
    auth: Annotated[str, typer.Option(help="auto, digest, basic or bearer (FANGZHI_TOKEN). 认证方式。")] = "auto",
    name: Annotated[str, typer.Option(help="Name of this build in the store; default: the folder's. 名称。")] = "",
    chunk: Annotated[int, typer.Option(min=1, help="Most KiB that one request carries. 每次最多 KiB。")] = 1024,
    keep: Annotated[bool, typer.Option(help="Keep graphs that this build no longer has. 保留已删除的图。")] = False,
) -> None:
    """Load the graph into a SPARQL store; run again to go on, or to send what changed. 把图谱载入图数据库。"""
    from contextlib import closing

    from kg.errors import MissingExtraError

    try:
        from kg.push.connection import Connection
    except ImportError as error:
        raise MissingExtraError("kg push needs one more package: pip install 'fangzhi[push]'") from error
    from kg.push import push
    from kg.push.connection import check_address, credentials
    from kg.push.stores import open_store

    for address in filter(None, (endpoint, graph_store)):
        check_address(address)
    with closing(Connection(credentials(user, auth))) as connection:
        store = open_store(endpoint, graph_store, connection)
        done = push(source, store, name=name, chunk_bytes=chunk * 1024, keep=keep, told=_show)
    _sum_up(done)


def _show(progress: Progress) -> None:
    share = 100 * progress.bytes // max(1, progress.of_bytes)
    typer.echo(f"{share:3}% {progress.graph}", err=True)


def _sum_up(done: Pushed) -> None:
    typer.echo(
        f"{len(done.sent)} graphs sent in {done.chunks} requests, {len(done.unchanged)} unchanged, "
        f"{len(done.removed)} removed"
    )
