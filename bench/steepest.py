"""Looks for texts that a stage of a build takes more than its share of time for: `python -m bench.steepest SECONDS`.

Patterns of odd pieces are tried at three sizes; what is steepest in each stage is tried again, changed a little, so
that the search climbs. Prints the steepest patterns of each stage. `--front` leaves out the network and all after it.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from time import monotonic
from typing import NamedTuple

from bench.odd import PIECES, Pattern, patterns
from bench.stages import FRONT, slopes, timed

SIZES = {"front": (4_000, 16_000), "whole": (800, 3_200)}  # characters
WORTH = 1.25  # an exponent from which a pattern is kept and changed
KEPT = 8  # patterns of a stage


class Found(NamedTuple):
    """A pattern and how its time grows in one stage."""

    slope: float
    seconds: float
    pattern: Pattern


def changed(pattern: Pattern, chance: random.Random) -> Pattern:
    """The pattern with one more piece at one of its places, or one of its ends gone."""
    piece, act = chance.choice(PIECES), chance.randrange(5)
    if act == 0:
        return pattern._replace(head=piece)
    if act == 1:
        return pattern._replace(tail=piece)
    if act == 2:
        return Pattern(pattern.piece)
    return pattern._replace(piece=piece + pattern.piece if act == 3 else pattern.piece + piece)


def measured(pattern: Pattern, front: bool) -> Iterator[tuple[str, Found]]:
    """The growth of every stage on a pattern; what looks steep is measured once more, and the lower figure taken."""
    (small, large), only = SIZES["front" if front else "whole"], FRONT if front else ()
    texts = [[pattern.text(size).encode()] for size in (small, large)]
    try:
        runs = [[timed(text, only) for text in texts]]
        if any(slope > WORTH for _, slope in slopes(*runs[0], large / small)):
            runs.append([timed(text, only) for text in texts])
    except Exception as error:  # what breaks is found too
        yield type(error).__name__, Found(math.inf, math.inf, pattern)
        return
    best = [{name: min(run[i][name] for run in runs) for name in runs[0][i]} for i in range(2)]
    for name, slope in slopes(*best, large / small):
        yield name, Found(slope, best[1][name], pattern)


def search(seconds: float, front: bool, seed: int) -> dict[str, list[Found]]:
    """The steepest patterns of each stage that are found in so many seconds."""
    chance, end = random.Random(seed), monotonic() + seconds
    fresh, found = patterns(chance), defaultdict[str, list[Found]](list)
    queue = list(islice(fresh, len(PIECES)))
    while monotonic() < end:
        steep = [one.pattern for kept in found.values() for one in kept if one.slope > WORTH]
        pattern = queue.pop(0) if queue else next(fresh)
        if not queue and steep and chance.random() < 0.5:
            pattern = changed(chance.choice(steep), chance)
        for name, one in measured(pattern, front):
            rest = [other for other in found[name] if other.pattern != pattern]
            found[name] = sorted([*rest, one], key=lambda f: -f.slope)[:KEPT]
    return found


def main() -> None:
    """Print what is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", nargs="?", type=float, default=60)
    parser.add_argument("--front", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    for name, kept in search(given.seconds, given.front, given.seed).items():
        for one in kept:
            print(f"{name:<11} {one.slope:5.2f} {one.seconds:8.3f} s  {tuple(one.pattern)!r}")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
