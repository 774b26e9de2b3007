"""Twice the text is twice the work, whatever the text is: the worst cases that `python -m bench.steepest` found.

Work is counted: every line of Python that is run, loops inside one line too. What libraries do inside one call (a
regular expression, a search in a string) is not seen so; for the stages that lean on them the processor's time over
four times the text is compared as well, with room for a noisy machine.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

from bench.odd import Pattern
from bench.stages import FRONT, OF_A_PAGE, OF_ALL, Leaf, Pile, timed
from kg.reading import read

# What took more than its share once, and what is likeliest to: a stage's worst cases.
WORST = {
    "bylines at an end": Pattern("(记者 王强)"),
    "bylines without brackets": Pattern("记者 王强", tail="到了。"),
    "bylines that report": Pattern("本报记者 王强 报道", tail="到了。"),
    "bylines behind a text": Pattern("(记者 王强)", head="水到了。", tail="到了。"),
    "ends of sentences and quotes": Pattern("…-明天(5月6日)", tail="一、"),
    "quotes that do not close": Pattern("“水。"),
    "days in one sentence": Pattern("5月6日去了，", head="2024年，"),
    "days of other years": Pattern("去年5月6日", head="2024年，"),
    "days in sentences": Pattern("5月6日去了。", head="2024年。"),
    "one character": Pattern("局"),
    "one character of many names": Pattern("阿"),
    "one word": Pattern("市长"),
    "villages": Pattern("村"),
    "levels": Pattern("省市县区镇村"),
    "words for a place": Pattern("我市启动“清溪”行动，", head="云泽市。"),
    "words for a place alone": Pattern("全县"),
    "names": Pattern("王强、"),
    "names with blanks": Pattern("王 强 "),
    "dotted names": Pattern("阿依古丽·买买提"),
    "bodies": Pattern("市水利局、"),
    "posts": Pattern("局长骆知行、"),
    "two names of one thing": Pattern("云泽水务集团和水务集团，", head="云泽水务集团。"),
    "short lines": Pattern("水\n"),
    "columns": Pattern("王市委\n星期三《"),
    "articles": Pattern("云泽市开渠\n\n　　本报讯(记者 王强)今天水到了村里。\n\n"),
    "headlines": Pattern("云泽市开渠\n\n", tail="水到了村里。"),
    "captions": Pattern("图为渠水。王强 摄\n"),
    "mastheads": Pattern("云泽日报 2024年5月6日 第1版\n"),
    "marks": Pattern("、"),
    "brackets": Pattern("（"),
    "opening quotes": Pattern("“"),
    "digits": Pattern("1"),
    "blanks": Pattern(" ", head="水", tail="到了。"),
    "blank lines": Pattern("\n", head="水", tail="到了。"),
    "ends": Pattern("。"),
}
SIZE, TIMES = 1_500, 2.5  # characters; how many times the work twice the text may take
LONG, NOISE = 8_000, 9.0  # characters; how many times the time four times the text may take (16 where it is squared)
MUCH = 10_000  # lines; below, what is done once for a page, or for a handful of names, counts for too much
BRIEF = 0.02  # seconds that prove nothing


def work(task: Callable[[], object]) -> int:
    """How many lines of Python a task runs."""
    count = 0

    def seen(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += 1
        return seen

    before = sys.gettrace()
    sys.settrace(seen)
    try:
        task()
    finally:
        sys.settrace(before)
    return count


def of_stages(text: str) -> dict[str, int]:
    """The work of each stage on a page."""
    leaf, counts = Leaf(0, text.encode()), dict[str, int]()
    for name, stage in OF_A_PAGE[:-1]:
        counts[name] = work(lambda stage=stage: stage(leaf))  # type: ignore[misc]
    pile = Pile([read(leaf.page)])
    for name, stage in OF_ALL[:-1]:
        counts[name] = work(lambda stage=stage: stage(pile))  # type: ignore[misc]
    return counts


@pytest.fixture
def unswept() -> Iterator[None]:
    """Without the garbage collector, whose time is that of all objects of the process."""
    gc.disable()
    yield
    gc.enable()


def grown(pattern: Pattern, size: int) -> dict[str, float]:
    """How many times the work of each stage that does much is for twice the text, where that is more than TIMES."""
    counts = [of_stages(pattern.text(size)), of_stages(pattern.text(2 * size))]
    times = {stage: counts[1][stage] / counts[0][stage] for stage in counts[0] if counts[1][stage] > MUCH}
    times |= {"all": sum(counts[1].values()) / sum(counts[0].values())}
    return {stage: more for stage, more in times.items() if more > TIMES}


@pytest.mark.parametrize("name", WORST)
def test_twice_the_text_is_twice_the_work(name: str) -> None:
    of_stages(WORST[name].text(SIZE))  # what is loaded and remembered once is no work of a page
    # The network may find more names in a line of a longer page. Work that grows faster than the text does so again.
    if grown(WORST[name], SIZE):
        assert grown(WORST[name], 2 * SIZE) == {}


@pytest.mark.parametrize("name", WORST)
def test_four_times_the_text_takes_no_sixteen_times_the_time(name: str, unswept: None) -> None:
    best: dict[str, list[float]] = {}
    for _ in range(5):
        for part, size in enumerate((LONG, 4 * LONG)):
            for stage, seconds in timed([WORST[name].text(size).encode()], FRONT).items():
                both = best.setdefault(stage, [9.0, 9.0])
                both[part] = min(both[part], seconds)
        steep = {stage: both for stage, both in best.items() if both[1] > max(BRIEF, NOISE * both[0])}
        if not steep:
            return
    pytest.fail(f"{steep}")


def test_what_is_counted_is_work() -> None:
    """Work that grows with the square is seen, inside one line too."""
    counts = [work(lambda n=n: [a for a in range(n) for b in range(n)]) for n in (100, 200)]  # type: ignore[misc]
    assert counts[1] > 3.5 * counts[0]
