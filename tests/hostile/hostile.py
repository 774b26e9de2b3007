"""Every hostile input in one folder, beside one good page; and what a build of it left."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import odd_files
import odd_places
import odd_texts

ROOT = Path(__file__).parents[2]
GOOD = "good_page.txt"
DEADLINE = 1_800  # seconds of the whole build; on an idle machine it takes half a minute


class Build(NamedTuple):
    """A build that has ended."""

    code: int
    said: str  # on both streams
    out: Path
    folders: dict[str, Path]  # case → the folder that holds it alone

    def lines(self, name: str) -> list[str]:
        return (self.out / name).read_bytes().decode("utf-8").split("\n")[:-1]

    def errors(self) -> list[dict[str, str]]:
        found = [json.loads(line) for line in self.lines("findings.jsonl")]
        return [finding for finding in found if finding["level"] == "error"]

    def read(self) -> Iterator[Path]:
        """The files that were read."""
        for page in json.loads((self.out / "pages.json").read_text("utf-8")).values():
            yield Path(os.path.normpath(self.out / page["path"]))


def kg(*arguments: object, cwd: Path = ROOT, deadline: float = DEADLINE) -> subprocess.CompletedProcess[str]:
    """`kg ARGUMENTS…` as a process of its own."""
    command = [sys.executable, "-m", "kg", *map(os.fspath, map(_given, arguments))]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, encoding="utf-8", timeout=deadline, stdin=subprocess.DEVNULL,
        preexec_fn=_as_anybody,
    )  # fmt: skip


def _as_anybody() -> None:
    """Without the right to open what is locked, which root has (CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH)."""
    if sys.platform == "linux":
        for right in (1, 2):
            ctypes.CDLL(None).prctl(24, right, 0, 0, 0)  # linux/prctl.h: PR_CAPBSET_DROP


def _given(argument: object) -> str | Path:
    return argument if isinstance(argument, Path) else str(argument)


def put_all(folder: Path) -> dict[str, Path]:
    """Every case in a folder of its own below `folder`."""
    found: dict[str, Path] = {}

    def place(case: str) -> Path:
        found[case] = folder / f"c{len(found):03}"
        found[case].mkdir(parents=True)
        return found[case]

    for case, data in odd_texts.texts().items():
        (inside := place(f"text: {case}")).joinpath(f"{inside.name}.txt").write_bytes(data)
    for case, (name, body) in odd_files.FILES.items():
        (inside := place(f"file: {case}")).joinpath(f"{inside.name}_{name}").write_bytes(
            body.encode() if isinstance(body, str) else body
        )
    for case, make in odd_places.PLACES.items():
        make(place(f"place: {case}"))
    return found


def build(pages: Path, out: Path, folders: dict[str, Path], workers: int = 2) -> Build:
    """The build of a folder."""
    ran = kg("build", pages, "-o", out, "--workers", workers, "--quiet")
    return Build(ran.returncode, ran.stdout + ran.stderr, out, folders)
