"""What an archive costs: a build, fresh and with one page more, by number of pages: `python -m bench.bench_archive`.

Every build runs in a process of its own, which tells its processor seconds by stage and its peak of resident memory.
Pages are the articles of ../shared/corpus where they are at hand, else made-up ones.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from bench.synthetic import GIVEN, ORGANS, PROJECTS, STEMS, SURNAMES, TITLES

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared/corpus/raw.jsonl.xz"
SIZES = (100, 300, 1_000)
STAGES = ("reading", "linking", "writing")
ONE = """
import json, resource, sys, time
from pathlib import Path
import kg.archive.build as archive
from kg.flow import Told
spent = {}
def timed(name, stage):
    act = getattr(archive, name)
    def wrapped(*given):
        start = time.process_time()
        try:
            return act(*given)
        finally:
            spent[stage] = time.process_time() - start
    setattr(archive, name, wrapped)
for name, stage in (("_read", "reading"), ("_linked", "linking"), ("_written", "writing")):
    timed(name, stage)
start, clock = time.process_time(), time.monotonic()
archive.build(archive.Build([sys.argv[1]], Path(sys.argv[2]), Told(), html=False, workers=int(sys.argv[3])))
spent |= {"whole": time.process_time() - start, "clock": time.monotonic() - clock}
print(json.dumps(spent | {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def texts() -> Iterator[str]:
    """Pages without end in a fixed order, the real ones first where they are at hand."""
    if CORPUS.is_file():
        with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
            articles = [json.loads(line) for line in lines]
        random.Random(1).shuffle(articles)
        yield from (f"{one['title']}\n　　" + one["text"].replace("\n", "\n　　") + "\n" for one in articles)
    draw = random.Random(2)
    while True:
        yield "".join(_sentence(draw) for _ in range(12))


def _sentence(draw: random.Random) -> str:
    place, other = ("".join(draw.sample(STEMS, 2)) for _ in range(2))
    person = draw.choice(SURNAMES) + "".join(draw.sample(GIVEN, 2))
    return (
        f"　　{place}市{draw.choice(ORGANS)}{draw.choice(TITLES)}{person}昨天到{other}镇调研，"
        f"“{draw.choice(STEMS)}{draw.choice(PROJECTS)}”由{place}市政府主办。\n"
    )


def built(pages: Path, out: Path, workers: int = 1) -> dict[str, float]:
    """The figures of one build in a process of its own; with several workers only the clock tells something."""
    command = [sys.executable, "-c", ONE, str(pages), str(out), str(workers)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    return dict(json.loads(told))


def slope(few: tuple[int, float], many: tuple[int, float]) -> float:
    """The exponent of growth between two sizes."""
    return math.log(many[1] / few[1]) / math.log(many[0] / few[0])


def measured(size: int) -> tuple[dict[str, float], dict[str, float], float]:
    """The figures of a fresh build of so many pages, of the build after it with one page more, and how many times
    sooner two processes have made the former."""
    with tempfile.TemporaryDirectory() as folder:
        pages, out = Path(folder) / "pages", Path(folder) / "out"
        pages.mkdir()
        *first, last = islice(texts(), size + 1)
        for number, text in enumerate(first):
            (pages / f"p{number:06}.txt").write_text(text, "utf-8")
        fresh, shared = built(pages, out), built(pages, Path(folder) / "shared", 2)
        (pages / "more.txt").write_text(last, "utf-8")
        return fresh, built(pages, out), fresh["clock"] / shared["clock"]


def shown(size: int, fresh: dict[str, float], more: dict[str, float], sooner: float) -> str:
    """One line of the table."""
    costs = " ".join(f"{fresh[stage]:7.1f} s" for stage in STAGES)
    after = f"{more['whole']:.1f} s ({more['clock']:.1f} s by the clock), {more['memory']:.0f} MB"
    ratios = f"{fresh['whole'] / fresh['reading']:14.2f} {sooner:13.2f}"
    return f"{size:7,} {costs} {ratios} {fresh['memory']:6.0f}  {after}"


def main() -> None:
    """Print a line for each size, and the exponents between the least and the largest."""
    parser = argparse.ArgumentParser()
    parser.add_argument("pages", nargs="*", type=int, default=SIZES)
    sizes = sorted(parser.parse_args().pages)
    fresh = []
    heads = f"{'pages':>7} {'reading':>9} {'linking':>9} {'writing':>9} {'whole/reading':>14} {'two processes':>13}"
    print(f"{heads} {'MB':>6}  one page more")
    for size in sizes:
        first, more, sooner = measured(size)
        fresh.append(first)
        print(shown(size, first, more, sooner), flush=True)
    if len(sizes) > 1:
        ends = {
            stage: slope((sizes[0], fresh[0][stage]), (sizes[-1], fresh[-1][stage])) for stage in (*STAGES, "whole")
        }
        print("growth    " + ", ".join(f"{stage} n^{exponent:.2f}" for stage, exponent in ends.items()))


if __name__ == "__main__":
    main()
