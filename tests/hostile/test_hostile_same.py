"""The same pages give the same bytes, whatever the machine, its settings and the way in which the pages are named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sheets import held, put_pages

ROOT = Path(__file__).parents[2]
PAGES = 6
LOCALES = {
    "zh_CN.GB18030": ("zh_CN", "GB18030"),
    "tr_TR.UTF-8": ("tr_TR", "UTF-8"),
    "tr_TR.ISO-8859-9": ("tr_TR", "ISO-8859-9"),
}
STRICT = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}  # the locale's encoding, even where it is ASCII

# What differs from a plain build → environment, options, and how the pages are named.
Naming = Callable[[Path], list[str]]
BELOW: Naming = lambda folder: ["pages"]  # noqa: E731
WAYS: dict[str, tuple[dict[str, str], list[str], Naming]] = {
    "one worker": ({}, ["--workers", "1"], BELOW),
    "two workers": ({}, ["--workers", "2"], BELOW),
    "three workers": ({}, ["--workers", "3"], BELOW),
    "hash seed 1": ({"PYTHONHASHSEED": "1"}, [], BELOW),
    "hash seed 2 and two workers": ({"PYTHONHASHSEED": "2"}, ["--workers", "2"], BELOW),
    "C locale": ({"LC_ALL": "C", **STRICT}, [], BELOW),
    "C locale and two workers": ({"LC_ALL": "C", **STRICT}, ["--workers", "2"], BELOW),
    **{f"locale {name}": ({"LC_ALL": name, **STRICT}, [], BELOW) for name in LOCALES},
    "east of Greenwich": ({"TZ": "Asia/Shanghai"}, [], BELOW),
    "beyond the date line": ({"TZ": "Pacific/Kiritimati"}, [], BELOW),
    "west of Greenwich": ({"TZ": "America/Los_Angeles"}, [], BELOW),
    "a wrong time zone": ({"TZ": "Nowhere/City"}, [], BELOW),
    "pages backwards": ({}, [], lambda folder: [f"pages/p{n:03}.txt" for n in reversed(range(PAGES))]),
    "pages twice": ({}, [], lambda folder: ["pages", "pages/p001.txt", "./pages"]),
    "a glob": ({}, [], lambda folder: ["pages/*.txt"]),
    "whole paths": ({}, [], lambda folder: [str(folder / "pages")]),
    "a dark terminal": ({"TERM": "dumb", "COLUMNS": "20", "NO_COLOR": "1"}, [], BELOW),
    "threads": ({"OMP_NUM_THREADS": "7", "OPENBLAS_NUM_THREADS": "7", "MKL_NUM_THREADS": "7"}, [], BELOW),
    "optimised": ({"PYTHONOPTIMIZE": "2"}, [], BELOW),
    "warnings as errors": ({"PYTHONWARNINGS": "error::UserWarning"}, [], BELOW),
}


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of locales that this machine need not have; without the means to make them it is empty."""
    folder = tmp_path_factory.mktemp("locales")
    for name, (language, letters) in LOCALES.items():
        if shutil.which("localedef"):
            subprocess.run(["localedef", "-c", "-i", language, "-f", letters, str(folder / name)], capture_output=True)
    return folder


def built(folder: Path, env: dict[str, str], options: list[str], named: list[str]) -> dict[str, bytes]:
    """A build in a new folder of its own, where the pages stand in pages/ and the output in out/."""
    put_pages(folder / "pages", PAGES)
    command = [sys.executable, "-m", "kg", "build", *named, "-o", "out", "-q", *options]
    around = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", **env}
    ran = subprocess.run(command, cwd=folder, env=around, capture_output=True, timeout=300)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")
    return held(folder / "out")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return built(tmp_path_factory.mktemp("plain"), {}, ["--workers", "1"], ["pages"])


@pytest.mark.parametrize("way", WAYS)
def test_the_same_pages_give_the_same_bytes(plain: dict[str, bytes], locales: Path, tmp_path: Path, way: str) -> None:
    env, options, naming = WAYS[way]
    if (name := env.get("LC_ALL", "C")) != "C":
        if not (locales / name).is_dir():
            pytest.skip(f"{name} cannot be made here")
        env = {**env, "LOCPATH": str(locales)}
    assert built(tmp_path, env, options, naming(tmp_path)) == plain
    assert len(plain) >= 8


def test_the_folder_of_pages_and_output_leaves_no_trace(plain: dict[str, bytes], tmp_path: Path) -> None:
    """Elsewhere, with Chinese names and on another device, only the paths to the pages differ."""
    shared = Path("/dev/shm")
    place = shared if shared.is_dir() and os.access(shared, os.W_OK) else tmp_path
    far = place / f"方志 {os.getpid()}"
    try:
        env, options = {"TMPDIR": str(tmp_path)}, ["--workers", "2"]
        there = built(far / "县报", env, options, [str(far / "县报" / "pages")])
        del there["pages.json"]
        assert there == {name: data for name, data in plain.items() if name != "pages.json"}
    finally:
        shutil.rmtree(far, ignore_errors=True)
