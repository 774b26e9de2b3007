"""The command line. Each command is a thin module `kg/cli/<command>.py` with one function `run`.

Those modules import typer and nothing heavy at their top, so that `kg --help` answers at once.
"""

from __future__ import annotations

import sys
from importlib import import_module

import typer

from kg.errors import KgError

COMMANDS = ("build", "show", "query", "check", "score", "view", "serve", "export", "push")


def app() -> typer.Typer:
    """The command line as one Typer application, its commands in the order of `COMMANDS`."""
    cli = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, help=__doc_help__)
    for name in COMMANDS:
        cli.command(name)(import_module(f"kg.cli.{name}").run)
    return cli


__doc_help__ = "Chinese city newspaper pages → a knowledge graph that one can trust. 报纸版面 → 可信的知识图谱。"


def main() -> None:
    """Run the command line; an error of ours is one line on stderr and its own exit code."""
    try:
        app()()
    except KgError as error:
        print(f"kg: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("kg: stopped", file=sys.stderr)
        sys.exit(130)
