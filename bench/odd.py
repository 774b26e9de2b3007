"""Odd pieces of text, and what can be made of them: runs, alternations, and a piece at each end of a run.

One list for the search of worst cases (`python -m bench.steepest`) and for the tests that keep what it found.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

PIECES = (
    "局", "村", "市", "省", "年", "的", "阿", "王", "、", "，", "。", "·", "！", "…", " ", "\u3000", "\n", "\r\n",
    "\n\n", "\t", "1", "１", "A", "“", "”", "《", "》", "（", "）", "(", ")", "【", "】", "「", "□", "■", "▲",
    "—", "-", "/", ":", ";", "\u0301", "\u200b", "\ufeff", "\U000e0041", "@", "&", "<", "\\", "王 强 ", "王强",
    "李明张兴国", "王强、", "记者", "(记者 王强)", "记者 王强", "本报记者 王强 报道", "本报讯", "本报讯(记者 王强)",
    "中新网海南万宁10月14日电 ", "新华社", "云泽日报", "日报", "摄", "图/", "文/图", "责编:", "2024年", "5月6日",
    "明天(5月6日)", "明天", "昨天，", "2024年5月6日", "第3版", "星期三", "A01版", "云泽市", "市水利局", "市长",
    "云泽市水利局局长骆知行", "开渠工程", "“清溪”行动", "有限公司", "中共", "市委", "副", "县长", "该区",
    "下转第2版", "开渠通水", "一、", "云泽市开渠\n\n", "会议由云泽市政府主持召开。",
    "云泽市水利局局长骆知行昨日到望舒区白蘋镇检查“清溪”行动。", "阿依古丽·买买提", "http://", "CN",
)  # fmt: skip


class Pattern(NamedTuple):
    """`head`, then `piece` over and over, then `tail`."""

    piece: str
    head: str = ""
    tail: str = ""

    def text(self, size: int) -> str:
        """A text of about `size` characters."""
        inner = max(size - len(self.head) - len(self.tail), 1)
        return self.head + (self.piece * (inner // len(self.piece) + 1))[:inner] + self.tail


def patterns(chance: random.Random) -> Iterator[Pattern]:
    """Every piece alone, then without end two or three at a time, one of them perhaps at an end of the run."""
    yield from (Pattern(piece) for piece in PIECES)
    while True:
        many = [chance.choice(PIECES) for _ in range(chance.choice((2, 2, 2, 3, 3, 4)))]
        ends = [chance.choice(PIECES) if chance.random() < 0.25 else "" for _ in range(2)]
        yield Pattern("".join(many), *ends)
