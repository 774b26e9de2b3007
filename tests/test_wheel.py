"""The wheel holds all that the program reads: lexicon, ontology, ready questions, the viewer's and server's files."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "kg"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the tree as it is."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, "--wheel-dir", out, ROOT], check=True, capture_output=True)
    (built,) = out.glob("fangzhi-*.whl")
    return built


def shipped() -> set[str]:
    """Every file of the package as git knows it, or as it lies there."""
    listed = subprocess.run(["git", "ls-files", "kg"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0:
        return {name for name in listed.stdout.split() if (ROOT / name).is_file()}
    files = (path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(ROOT)) for path in files}


def test_it_holds_every_file_of_the_package_and_the_ontology(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = shipped() | {f"kg/_ontology/{path.name}" for path in (ROOT / "ontology").glob("*.ttl")}
    assert {"kg/lexicon/divisions.tsv", "kg/queries/posts-of.rq", "kg/_ontology/kg.ttl"} <= wanted
    assert wanted - held == set()
    assert {name for name in held if "__pycache__" in name} == set()


def test_it_works_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = f"""
import sys; sys.path.insert(0, {str(tmp_path / "site")!r})
import kg
assert kg.__file__.startswith({str(tmp_path)!r}), kg.__file__
k = kg.build({str(ROOT / "seeds" / "yunze_front.txt")!r})
k.save({str(tmp_path / "out")!r})
print(len(k.query("SELECT ?x {{ ?x a kg:Official }}")) > 5)
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert (ran.stdout.strip(), ran.stderr) == ("True", "")
    assert (tmp_path / "out" / "graph.html").is_file()
