"""kg push"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kg.push import Plan, Progress, Pushed
    from kg.push.stores import Store


def run(
    source: Annotated[Path, typer.Argument(help="A build's folder, or a graph file. 构建结果文件夹，或图文件。")],
    endpoint: Annotated[str, typer.Option(help="The store's SPARQL address. 图数据库的 SPARQL 地址。")],
    graph_store: Annotated[
        str, typer.Option(help="Its Graph Store address; without one, SPARQL Update is used. Graph Store 地址。")
    ] = "",
    user: Annotated[str, typer.Option(help="User name; the password is read from FANGZHI_PASSWORD. 用户名。")] = "",
    auth: Annotated[str, typer.Option(help="auto, digest, basic or bearer (FANGZHI_TOKEN). 认证方式。")] = "auto",
    name: Annotated[
        str, typer.Option(help="Name of this build in the store; default: this folder on this machine. 名称。")
    ] = "",
    chunk: Annotated[int, typer.Option(min=1, help="Most KiB that one request carries. 每次最多 KiB。")] = 1024,
    keep: Annotated[bool, typer.Option(help="Keep graphs that this build no longer has. 保留已删除的图。")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be written, left and removed. 只列出将做的改动。")
    ] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare the store with the files, write nothing. 只核对，不写入。")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Remove without asking, however much it is. 删除前不询问。")
    ] = False,
) -> None:
    """Load the graph into a SPARQL store; run again to go on, or to send what changed. 把图谱载入图数据库。

    Exits with 0 where all is well, 1 where --verify finds a difference, and 2 where the store cannot be written.
    """
    with _opened(endpoint, graph_store, user, auth) as store:
        if verify:
            raise typer.Exit(_verify(source, store, name))
        if dry_run:
            from kg.push import foresee

            _list(foresee(source, store, name=name, keep=keep))
            return
        from kg.push import push

        agreed = _noted if yes else _asked
        _sum_up(push(source, store, name=name, chunk_bytes=chunk * 1024, keep=keep, told=_show, agreed=agreed))


@contextmanager
def _opened(endpoint: str, graph_store: str, user: str, auth: str) -> Iterator[Store]:
    from kg.errors import MissingExtraError

    try:
        from kg.push.connection import Connection
    except ImportError as error:
        raise MissingExtraError("kg push needs one more package: pip install 'fangzhi[push]'") from error
    from kg.push.connection import check_address, credentials
    from kg.push.stores import open_store

    for address in filter(None, (endpoint, graph_store)):
        check_address(address)
    with closing(Connection(credentials(user, auth))) as connection:
        yield open_store(endpoint, graph_store, connection)


def _noted(plan: Plan) -> bool:
    """What a person should know before; always agrees."""
    if plan.old:
        typer.echo(
            f"{', '.join(plan.old)}: an earlier version's list is replaced, every graph is sent once more; what it "
            "lists stays under the name in that address, which is this build's by --name 旧版记录将被替换，全部重发",
            err=True,
        )
    if plan.shared:
        names = ", ".join(plan.shared)
        typer.echo(f"graphs to be sent are also of {names}: the last push wins 以最后一次载入为准", err=True)
    return True


def _asked(plan: Plan) -> bool:
    """Agreed at once to small removals; to large ones where a person at a terminal says so."""
    _noted(plan)
    if not plan.removes_much or not _at_terminal():
        return not plan.removes_much
    of = f"{len(plan.remove)} of the {plan.held} graphs that {plan.owner} has in the store"
    return typer.confirm(f"Remove {of}? 确认删除？", err=True)


def _at_terminal() -> bool:
    return sys.stdin.isatty()


def _list(plan: Plan) -> None:
    _noted(plan)
    for graph in plan.send:
        typer.echo(f"write  {graph.iri}  {len(graph.lines)} statements")
    for verb, graphs in (("keep", [graph.iri for graph in plan.stand]), ("leave", plan.leave), ("remove", plan.remove)):
        for iri in graphs:
            typer.echo(f"{verb:<6} {iri}")
    typer.echo(
        f"{plan.owner}: would write {len(plan.send)} graphs, keep {len(plan.stand)}, leave {len(plan.leave)} to other "
        f"names, remove {len(plan.remove)}{' (asks first, or --yes)' if plan.removes_much else ''}"
    )


def _verify(source: Path, store: Store, name: str) -> int:
    """The exit code: 0 where the store holds what the files do."""
    from kg.push import verify

    wrong = total = 0
    for compared in verify(source, store, name=name):
        total += 1
        if not compared.alike:
            wrong += 1
            typer.echo(
                f"{compared.graph}: {compared.in_file} statements in the file, {compared.in_store} in the store, "
                f"{compared.missing} missing, {compared.extra} too many"
            )
    typer.echo(f"{total} graphs compared: " + (f"{wrong} differ 不一致" if wrong else "the store holds the files 一致"))
    return 1 if wrong else 0


def _show(progress: Progress) -> None:
    share = 100 * progress.bytes // max(1, progress.of_bytes)
    typer.echo(f"{share:3}% {progress.graph}", err=True)


def _sum_up(done: Pushed) -> None:
    if not done.staged:
        typer.echo("the store knows no COPY: graphs under way were seen in part 载入过程中读者可见不完整的图", err=True)
    typer.echo(
        f"{done.owner}: {len(done.sent)} graphs sent in {done.chunks} requests, {len(done.unchanged)} unchanged, "
        f"{len(done.removed)} removed" + (f", {len(done.left)} left to other names" if done.left else "")
    )
