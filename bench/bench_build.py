"""What a page costs: all of reading it against Baidu's bare tagger, and how soon the program answers.

Processor time of one run on one machine; what counts are the ratios, and the limits that the design sets.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

from bench.lac_small import tag
from kg.article import sentences, split
from kg.model import Page
from kg.page import find_pages, read_page
from kg.reading import read

ROOT = Path(__file__).parents[1]
PAGE = 6_500  # characters, a full page
RUNS = 7
FIRST_TAG = "import kg; kg.tag('芦淞区委书记李明来到市水利局。', home='株洲市')"


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one call, the median of RUNS."""
    return median(_once(work) for _ in range(RUNS))


def _once(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def fresh(*arguments: str) -> float:
    """Processor time of a fresh interpreter, the median of RUNS."""
    return median(_child(arguments) for _ in range(RUNS))


def _child(arguments: tuple[str, ...]) -> float:
    def used() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before = used()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, check=True)
    return used() - before


def pages() -> list[Page]:
    """The sample pages, and the real ones where they are at hand."""
    found = find_pages([str(ROOT / "seeds"), *([str(real)] if (real := ROOT.parent / "shared/pages").is_dir() else [])])
    return [page for source in found if (page := read_page(source)[0]) is not None]


def flat(page: Page) -> list[str]:
    """The sentences of a page, as the tagger gets them."""
    return [article.text[s.start : s.end] for article in split(page)[0] for s in sentences(article)]


def main() -> None:
    """Print the figures."""
    every = pages()
    size = sum(len(page.text) for page in every)
    texts = [flat(page) for page in every]
    for page in every:
        read(page)  # lists and caches are loaded once in a run
    whole = seconds(lambda: [read(page) for page in every])
    tagger = seconds(lambda: [tag(text) for text in texts])
    bare = fresh("-c", "pass")
    rows = (
        ("pages, characters", f"{len(every)}, {size:,}", ""),
        ("reading a page / the bare tagger", f"{whole / tagger:.2f} ×", "≤ 2"),
        ("a page of 6,500 characters", f"{PAGE * whole / size:.3f} s", "< 1"),
        ("start-up, import to first tag", f"{fresh('-c', FIRST_TAG):.2f} s", "< 1.5"),
        ("kg --help", f"{fresh('-m', 'kg', '--help'):.2f} s", "< 0.3"),
        ("(a bare interpreter)", f"{bare:.2f} s", ""),
    )
    for name, figure, limit in rows:
        print(f"{name:<36} {figure:>16}   {limit}")


if __name__ == "__main__":
    main()
