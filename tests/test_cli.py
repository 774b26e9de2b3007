"""The command line as a whole: every command is described in both languages and documented, errors are one line."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from commands import kg
from kg.cli import COMMANDS

ROOT = Path(__file__).parents[1]
HAN = re.compile(r"[\u4e00-\u9fff]")
HEAVY = ("numpy", "rdflib", "onnxruntime", "networkx", "pyoxigraph", "starlette")


def command(name: str) -> Callable[..., None]:
    return import_module(f"kg.cli.{name.replace('-', '_')}").run  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_described_in_both_languages(name: str) -> None:
    said = inspect.getdoc(command(name)) or ""
    assert HAN.search(said), said
    assert re.search(r"[A-Z][a-z]+ ", said), said


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help_for_each_of_its_options(name: str) -> None:
    for parameter in inspect.signature(command(name), eval_str=True).parameters.values():
        assert any(getattr(info, "help", "") for info in parameter.annotation.__metadata__), parameter.name


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_stands_in_the_readme(name: str, readme: str) -> None:
    assert f"kg {name}" in (ROOT / readme).read_text("utf-8")


def test_help_loads_nothing_heavy() -> None:
    code = f"import sys; import kg.cli as c; c.app(); print([m for m in {HEAVY} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT).stdout.strip() == "[]"


def test_python_m_kg_is_the_same_command() -> None:
    ran = subprocess.run([sys.executable, "-m", "kg", "--help"], capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 0
    assert all(name in ran.stdout for name in COMMANDS)


def test_an_error_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    ran = kg("query", tmp_path / "none", "SELECT * { ?s ?p ?o }")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("kg: ")
    assert len(ran.err.splitlines()) == 1


def test_the_version_is_that_of_the_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert kg("--version").out == f"fangzhi {project['version']}\n"


def test_a_console_without_chinese_gets_question_marks_and_no_traceback() -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "kg", "show", ROOT / "seeds" / "yunze_front.txt"]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "holdsPostIn" in ran.stdout
