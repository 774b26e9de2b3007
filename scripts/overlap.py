"""How much text the taught articles share with those that are measured: `python -m scripts.overlap`.

Exit code 1 where a taught article repeats a measured one.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping

from scripts.splits import Split, splits
from scripts.stand_off import pages_of, read_lines

RUN = 18  # Chinese characters in a row that two texts do not share by chance
SHARED = 0.21  # of an article's runs: above this it repeats the other one
_NOT_HAN = re.compile(r"[^\u4e00-\u9fff]")


def repeats(taught: Mapping[str, str], held: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    """(taught article, measured article, share of the taught one's runs that stand in it), where there is any."""
    where = {run: name for name, text in held.items() for run in runs(text)}
    for name, text in sorted(taught.items()):
        mine = runs(text)
        common = Counter(where[run] for run in mine if run in where)
        yield from ((name, other, count / len(mine)) for other, count in common.most_common(1))


def runs(text: str) -> set[str]:
    """Every run of RUN Chinese characters, other characters left out."""
    han = _NOT_HAN.sub("", text)
    return {han[i : i + RUN] for i in range(len(han) - RUN + 1)}


def texts(split: Split) -> dict[str, str]:
    """Name → text of the set's articles, whichever way they are kept."""
    found = {f"{split.name}/{p.stem}": p.read_text("utf-8") for folder in split.pages for p in folder.glob("*.txt")}
    if split.raw is not None and split.raw.is_file():
        lines = list(read_lines(split.stand_off))
        pages = pages_of(split.raw, {line["raw"] for line in lines})
        found.update((f"{split.name}/{line['stem']}", pages[line["raw"]]) for line in lines)
    return found


def main() -> None:
    every = splits().values()
    taught = {name: text for one in every if one.use == "teach" for name, text in texts(one).items()}
    held = {name: text for one in every if one.use in ("look", "measure") for name, text in texts(one).items()}
    found = sorted(repeats(taught, held), key=lambda row: -row[2])
    print(f"{len(taught)} taught, {len(held)} measured, {len(found)} share a run of {RUN} characters with one of these")
    for name, other, share in found[:12]:
        print(f"  {share:5.1%} of {name} stands in {other}")
    sys.exit(any(share > SHARED for _, _, share in found))


if __name__ == "__main__":
    main()
