"""What README.md prints works as printed, and both READMEs print the same."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commands import kg

ROOT = Path(__file__).parents[1]
PAIR = ("README.md", "README.zh-CN.md")
DOCS = [*(ROOT / name for name in (*PAIR, "CONTRIBUTING.md")), *sorted((ROOT / "docs").glob("*.md"))]


def blocks(readme: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / readme).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def uncommented(code: str) -> str:
    return re.sub(r" *#.*", "", code)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the examples need of a clone, so that they do not write into this one."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    shutil.copytree(ROOT / "tests" / "gold", folder / "tests" / "gold")
    return folder


def test_the_commands_work_as_printed(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clone)
    (block,) = blocks("README.md", "sh")
    lines = block.splitlines()
    assert len(lines) > 8
    for line in lines:
        name, *arguments = shlex.split(line)
        assert name == "kg"
        ran = kg(*arguments)
        assert (ran.code, "kg: " in ran.err) == (0, False), (line, ran.err)
        assert len(ran.out.splitlines()) >= 1 + ("query" in line), line


def test_the_python_works_as_printed(clone: Path) -> None:
    (code,) = blocks("README.md", "python")
    ran = subprocess.run([sys.executable, "-c", code], cwd=clone, capture_output=True, text=True)
    assert ran.stderr == ""
    named = [line for line in ran.stdout.splitlines() if re.fullmatch(r"\d+ \d+ [A-Z]\w+ \S+ \S+ [01]\.\d+", line)]
    assert len(named) >= 2, ran.stdout


def test_both_readmes_print_the_same_commands_and_code() -> None:
    assert blocks(PAIR[0], "sh") == blocks(PAIR[1], "sh")
    english, chinese = ([uncommented(code) for code in blocks(readme, "python")] for readme in PAIR)
    assert english == chinese


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []
