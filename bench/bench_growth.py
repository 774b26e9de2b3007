"""How the time of each stage grows with the archive, and what a second worker is worth.

`python -m bench.bench_growth [PAGES …]`: log-log exponents between the sizes given (10, 100, 1,000 and 3,000 pages by
default), over made-up pages of some 700 characters. Processor time, but for the workers, where it is the clock's: that
line says little on a machine with other work.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, process_time

from bench.stages import slopes, timed
from bench.synthetic import PER_PAGE, synthetic_knowledge
from kg.flow import read_and_resolve

SIZES = (10, 100, 1_000, 3_000)
PARALLEL = 200  # pages that are read by one and by two workers
THINGS = 8  # new ones a page


def pages(count: int) -> list[bytes]:
    """So many made-up pages, each a headline and a paragraph a sentence."""
    made = synthetic_knowledge(THINGS * count, PER_PAGE * count).readings
    lead = "云泽日报\n2024年5月6日 第A01版\n"
    return [f"{lead}{r.articles[0].headline}\n{r.page.text}\n".encode() for r in made[:count]]


def growth(sizes: Sequence[int]) -> None:
    """Print seconds of every stage at each size, and the exponent from each size to the next."""
    data = pages(max(sizes))
    timed(data[:2])  # lists and sessions are loaded once in a run
    runs = [timed(data[:size]) for size in sizes]
    steep = [dict(slopes(*runs[i : i + 2], large / small)) for i, (small, large) in enumerate(pairwise(sizes))]
    print(f"{'stage':<12}" + "".join(f"{size:>9,} p" for size in sizes) + "   exponents")
    for name in runs[0]:
        exponents = "".join(f"{one[name]:7.2f}" if name in one else "      —" for one in steep)
        print(f"{name:<12}" + "".join(f"{run[name]:9.3f} s" for run in runs) + "  " + exponents)


def speed_up(count: int) -> None:
    """Print what two workers make of reading and linking so many pages."""
    with TemporaryDirectory() as folder:
        for number, data in enumerate(pages(count)):
            (Path(folder) / f"p{number:06}.txt").write_bytes(data)
        clock = [_clock(folder, workers) for workers in (1, 2)]
    print(f"two workers on {count} pages: {clock[0] / clock[1]:.2f} × (asked ≥ 1.8)")


def _clock(folder: str, workers: int) -> float:
    start, mine = monotonic(), process_time()
    read_and_resolve([folder], workers=workers)
    seconds = monotonic() - start
    print(f"  workers {workers}: {seconds:.1f} s, {process_time() - mine:.1f} s of the processor in the first process")
    return seconds


def main() -> None:
    """Print the figures."""
    sizes = sorted(map(int, sys.argv[1:])) or SIZES
    growth(sizes)
    speed_up(min(PARALLEL, max(sizes)))


if __name__ == "__main__":
    main()
