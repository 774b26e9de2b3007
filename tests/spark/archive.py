"""A made-up archive of any size: pages of several papers that speak of the same people, bodies and plans.

Every sentence is our own and every person invented; the same number gives the same pages. Among them are people of one
name in several cities, posts that begin, end or are planned, bodies that many pages name, and pages that are odd.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

SURNAMES = "苏江闵裘温骆辛巢郦殷宓宗"
GIVEN = ("临川", "望舒", "知行", "怀古", "静姝", "北辰", "若水", "南星", "帆", "禾")
PAPERS = (
    ("株洲日报", "株洲市", ("芦淞区", "石峰区", "渌口区")),
    ("嘉兴日报", "嘉兴市", ("南湖区", "海盐县", "秀洲区")),
    ("洛阳日报", "洛阳市", ("涧西区", "新安县", "洛龙区")),
    ("通化日报", "通化市", ("东昌区", "辉南县", "柳河县")),
)
BODIES = ("水利局", "教育局", "民政局", "林业局", "人民法院", "总工会")
POSTS = ("局长", "副局长", "主任", "书记")
FIRMS = ("青鸢食品有限公司", "澄光玻璃集团股份有限公司", "江岭机械有限公司", "望舒新材料有限公司")
PLANS = ("“清溪行动”", "“暖冬”计划", "“一江两带”发展战略", "“百校千师”工程")
SENTENCES = (
    "{district}{body}{post}{person}到{firm}调研。",
    "{city}{body}启动{plan},{firm}参加。",
    "经研究决定,{person}任{district}{body}{post}。",
    "{person}不再担任{city}{body}{post}。",
    "{city}拟任命{person}为{city}{body}{post}。",
    "{firm}落户{district}。",
    "市{body}与{firm}签署合作协议。",
    "{district}位于{city}南部。",
    "区{body}{post}{person}说,今年继续开展{plan}。",
    "{city}委书记{person}、{district}委书记{other}出席。",
)  # fmt: skip
HEADS = ("{district}{plan}有新进展", "{city}{body}办实事", "{firm}新厂房开工", "{person}到{district}调研")


# File name → bytes: what is odd or cannot be read at all.
ODD = {
    "empty.txt": b"",
    "binary.txt": bytes(range(256)) * 8,
    "other.txt": b"The council met again last night.\n" * 40,
    "cut.txt": "株洲市水利局局长江帆昨日到芦淞区检查“清溪行动”。".encode()[:-1],
    "broken.pdf": b"%PDF-1.7\nnothing more",
    "a.docx": b"no archive at all",
}


def write_archive(folder: Path, pages: int) -> None:
    """Write so many pages below `folder`, in a folder for each paper."""
    rng = random.Random(pages)
    for number in range(pages):
        paper, city, districts = PAPERS[number % len(PAPERS)]
        path = folder / paper / f"{number:04}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        day = date(2024, 1, 1) + timedelta(days=number // 8)
        text = _page(paper, city, districts, day, rng)
        path.write_bytes(text.encode("gb18030" if number % 41 == 0 else "utf-8"))
    for name, data in ODD.items():
        (folder / PAPERS[0][0] / name).write_bytes(data)


def _page(paper: str, city: str, districts: tuple[str, ...], day: date, rng: random.Random) -> str:
    masthead = f"{paper} {day.year}年{day.month}月{day.day}日 第A0{rng.randint(1, 8)}版"
    articles = (_article(city, districts, rng) for _ in range(rng.randint(1, 2)))
    return "\n\n".join((masthead, *articles)) + "\n"


def _article(city: str, districts: tuple[str, ...], rng: random.Random) -> str:
    said = {
        "city": city, "district": rng.choice(districts), "body": rng.choice(BODIES), "post": rng.choice(POSTS),
        "person": _person(rng), "other": _person(rng), "firm": rng.choice(FIRMS), "plan": rng.choice(PLANS),
    }  # fmt: skip
    sentences = rng.sample(SENTENCES, 3)
    return "\n\n".join((rng.choice(HEADS), "本报讯(记者 林早)" + "".join(sentences))).format(**said)


def _person(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + rng.choice(GIVEN)
