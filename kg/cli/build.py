"""kg build"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.weights import Weights, use_weights
from kg.confidence import DEFAULT_MIN_CONFIDENCE

if TYPE_CHECKING:
    from kg.flow import Progress, Told
    from kg.summary import Summary


class Engine(StrEnum):
    """What a build runs on."""

    LOCAL = "local"
    SPARK = "spark"


class Quoting(StrEnum):
    """How evidence is written."""

    TEXT = "text"
    OFFSETS = "offsets"


def run(
    pages: Annotated[list[str], typer.Argument(help="Files, folders, globs, - for standard input. 版面文件或文件夹")],
    output: Annotated[str, typer.Option("-o", "--output", help="The folder to write. 输出文件夹")] = "output",
    newspaper: Annotated[str, typer.Option(help="The newspaper of all pages. 报名，如 株洲日报")] = "",
    issued: Annotated[str, typer.Option(help="Date of issue, 2023-05-25. 出版日期")] = "",
    home: Annotated[str, typer.Option(help="The newspaper's home city. 报纸所在城市，如 株洲市")] = "",
    base: Annotated[str, typer.Option(help="Namespace of the things' IRIs, ending in / or #. 标识符前缀")] = "",
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Leave out what is less probable than this. 低于此可信度的不入图谱")
    ] = DEFAULT_MIN_CONFIDENCE,
    evidence: Annotated[
        Quoting, typer.Option(help="offsets: no sentences in the output, only where they stand. 不输出原句")
    ] = Quoting.TEXT,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0: as many as pay. 进程数")] = 0,
    no_html: Annotated[bool, typer.Option("--no-html", help="Leave out graph.html. 不生成网页")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as one JSON object. 以 JSON 输出摘要")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors. 只报错误")] = False,
    weights: Weights = None,
    engine: Annotated[
        Engine, typer.Option(help="spark: on Apache Spark, for archives of many machines (docs/scale.md). 计算引擎")
    ] = Engine.LOCAL,
    master: Annotated[str, typer.Option(help="Spark's master: local[*], spark://…, yarn. Spark 主节点")] = "",
) -> None:
    """Read pages into a graph: graph.ttl, graph.html, tables. 读版面，建图谱。

    Exits with 0 where all pages were read, 1 where some could not be (the others are in the graph), and 2 where
    nothing was written: no page could be read, wrong usage, or an output folder that cannot be written.
    """
    use_weights(weights)
    from kg.archive.build import Build, build
    from kg.flow import Told
    from kg.ontology import ID
    from kg.terminal import printable

    check_base(base)
    told = Told(newspaper, issued, home, min_confidence)
    if engine is Engine.SPARK:
        job = told, base or ID, evidence is Quoting.TEXT, weights
        summary, written = on_spark(pages, output, job, workers, master)
        report(summary, written, as_json, quiet)
        raise typer.Exit(1 if summary.failed else 0)
    if master:
        raise typer.BadParameter("--master: only with --engine spark 仅用于 --engine spark")
    with bar(not (quiet or as_json)) as progress:
        wanted = Build(pages, Path(output), told, base or ID, evidence.value, not no_html, workers or None, progress)
        built = build(wanted)
    report(built.summary, built.written, as_json, quiet)
    if not quiet:
        print("".join(f"kg: {line}\n" for line in map(printable, built.notes)), end="", file=sys.stderr)
    raise typer.Exit(1 if built.summary.failed else 0)


def on_spark(
    pages: list[str], output: str, job: tuple[Told, str, bool, Path | None], workers: int, master: str
) -> tuple[Summary, tuple[str, ...]]:
    """The same on Apache Spark: the counts, and what was written."""
    from kg.spark import Job, build

    if workers:
        raise typer.BadParameter(f"--workers: Spark is told by --master 'local[{workers}]' 请改用 --master")
    return build(pages, output, Job(*job), master)


def check_base(base: str) -> None:
    """Refuse a namespace that makes no IRIs."""
    from kg.iri import is_base
    from kg.terminal import printable

    if base and not is_base(base):
        raise typer.BadParameter(
            f"--base {printable(base)}: an IRI that ends in / or #, such as https://example.org/id/"
        )


@contextmanager
def bar(wanted: bool) -> Iterator[Progress | None]:
    """A progress bar on standard error while pages are read, where there is a terminal to draw it on."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not (wanted and console.is_terminal):
        yield None
        return
    columns = (TextColumn("reading 读版面"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as drawn:
        task = drawn.add_task("", total=None)
        yield lambda done, of, page: drawn.update(task, completed=done, total=of)


def report(summary: Summary, written: Sequence[Path | str], as_json: bool, quiet: bool) -> None:
    """The summary on standard output, or, where nothing else is wanted, what went wrong on standard error."""
    from rich.console import Console

    if as_json:
        import json

        print(json.dumps(summary.as_dict(written), ensure_ascii=False))
    elif not quiet:
        summary.show(Console(highlight=False), written)
    if as_json or quiet:
        print("".join(f"kg: {error}\n" for error in summary.errors()), end="", file=sys.stderr)
