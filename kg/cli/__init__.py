"""The command line. Each command is a thin module `kg/cli/<command>.py` with one function `run`.

Those modules import typer and nothing heavy at their top, so that `kg --help` answers at once.
"""

from __future__ import annotations

import io
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import Annotated

import typer

from kg import __version__
from kg.errors import KgError
from kg.terminal import printable

COMMANDS = (
    "build", "show", "query", "diff", "check", "score", "view", "serve", "export", "push", "train", "annotate-next",
)  # fmt: skip
HELP = "Chinese city newspaper pages → a knowledge graph that one can trust. 报纸版面 → 可信的知识图谱。"


def app() -> typer.Typer:
    """The command line as one Typer application, its commands in the order of `COMMANDS`."""
    cli = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, help=HELP)
    cli.callback()(options)
    for name in COMMANDS:
        cli.command(name)(import_module(f"kg.cli.{name.replace('-', '_')}").run)
    return cli


def print_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        typer.echo(f"fangzhi {__version__}")
        raise typer.Exit


def options(
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version. 显示版本")
    ] = False,
) -> None:
    """What stands before a command; its help is that of the application."""


def main() -> None:
    """Run the command line; an error of ours is one line on stderr and its own exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that knows no Chinese gets ? instead of a traceback
    for number in (signal.SIGTERM, signal.SIGINT):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as a shell does for what it runs in the background
            signal.signal(number, _stop)
    try:
        app()()
    except KgError as error:
        print("\n".join(map(printable, f"kg: {error}".split("\n"))), file=sys.stderr)
        sys.exit(error.exit_code)


def _stop(number: int, _: object) -> None:
    """SIGTERM and Ctrl-C end a command alike: what was begun is cleared away, and one line says so."""
    with suppress(OSError, RuntimeError, ValueError):  # nobody reads it any more, or a line was just being printed
        print("kg: stopped 已停止", file=sys.stderr)
    sys.exit(128 + number)
