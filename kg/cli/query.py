"""kg query"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def run(
    output: Annotated[Path | None, typer.Argument(help="An output folder, or a graph file. 输出目录或图文件")] = None,
    sparql: Annotated[str, typer.Argument(help="A SPARQL query; the usual prefixes are declared.")] = "",
    file: Annotated[Path | None, typer.Option(help="Read the query from this file (- for standard input).")] = None,
    form: Annotated[str, typer.Option("--format", help="table, csv, tsv, json, xml or ttl.")] = "table",
    named: Annotated[str, typer.Option(help="A ready question by name. 现成的问题")] = "",
    param: Annotated[list[str], typer.Option("-p", "--param", help="Its parameters: -p person=李明")] = [],  # noqa: B006
    list_: Annotated[bool, typer.Option("--list", help="List the ready questions. 列出现成的问题")] = False,
) -> None:
    """Ask the graph, in SPARQL or by a ready question. 查询图谱"""
    from kg.kept import NAME, is_large, is_there
    from kg.query import FORMATS, ask, questions, render
    from kg.query import run as run_query

    if list_:
        for question in questions().values():
            print(f"{question.name}\n    {question.zh}\n    {question.en}")
            print("".join(f"    -p {p.name}=…  {p.says}\n" for p in question.parameters), end="")
        return
    if output is None:
        raise typer.BadParameter("name an output folder or a graph file first")
    if sum(map(bool, (sparql, file, named))) != 1:
        raise typer.BadParameter("give one of: a query, --file, --named (see --list)")
    if form not in FORMATS:
        raise typer.BadParameter(f"--format {form}: there are {', '.join(FORMATS)}")
    if is_large(output) and not is_there(output):
        print(f"loading {output} once, into {output / NAME} · 首次载入，以后直接打开", file=sys.stderr, flush=True)
    results = ask(output, named, _pairs(param)) if named else run_query(output, sparql or _text(file))
    columns = None if sys.stdout.isatty() else 200
    sys.stdout.flush()
    sys.stdout.buffer.write(render(results, form, columns).encode("utf-8"))


def _pairs(given: list[str]) -> dict[str, str]:
    for pair in given:
        if "=" not in pair:
            raise typer.BadParameter(f"-p {pair}: write -p name=value")
    return dict(pair.split("=", 1) for pair in given)


def _text(file: Path | None) -> str:
    from kg.errors import QueryError

    try:
        return sys.stdin.read() if str(file) == "-" else Path(str(file)).read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        raise QueryError(f"{file}: cannot be read: {error}") from error
