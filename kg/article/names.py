"""Names of people as bylines print them: with blanks inside (王 强), with a dot, or in a run without a mark between
(李明张兴国胡纯亮)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg import lexicon

HAN = "\u3400-\u9fff"
DOTTED = re.compile(rf"[{HAN}]{{1,8}}[·][{HAN}]{{1,8}}")
SPACED = re.compile(rf"(?<![{HAN}])[{HAN}](?:[ \t]+[{HAN}]){{1,7}}(?![{HAN}])")  # 王 强
NAME = re.compile(rf"[{HAN}]{{2,4}}")
PEN_NAME = re.compile(rf"[{HAN}]{{2}}[宣轩萱]")  # an office that signs as a person does: 渌交宣
LONGEST_RUN, LONGEST_GIVEN_DOTTED = 16, 5
# What a name of a run costs; the cheapest cut wins. Runs were cut right 98 times in 100 on 1,051 people of annotated
# articles, joined by twos and threes at random, whose names were not looked at when this was written.
RARE, FREQUENT, SHORT, GIVEN, EACH = 60, -30, 35, 25, 100


def unspaced(match: re.Match[str]) -> str:
    """Names that are printed with blanks between their characters: 王 强, 赵 国 庆, 王 强 李 响 (by twos)."""
    letters = "".join(match[0].split())
    cuts = [0] if len(letters) <= 3 else list(range(0, len(letters) - 1, 2))
    return " ".join(letters[a:b] for a, b in zip(cuts, [*cuts[1:], len(letters)], strict=True))


def dotted_names(text: str) -> list[str]:
    """The names with a dot, each without the Chinese name that is printed right before it (陶拴|依拉木江·艾山)."""
    return [beside(name) for name in DOTTED.findall(text)]


def beside(dotted: str) -> str:
    """A name with a dot without what cannot belong to it: its first part has five characters at most."""
    first = dotted.partition("·")[0]
    over = len(first) > LONGEST_GIVEN_DOTTED and first[0] in lexicon.terms("surnames", "common")
    return dotted[3:] if over else dotted


@lru_cache(maxsize=4096)
def split_run(text: str) -> tuple[str, ...]:
    """The names that a run without marks is made of, two at least; () where it is no run of names."""
    if not 4 <= len(text) <= LONGEST_RUN or can_be_name(text):
        return ()
    ways = [way for way in cuts(text) if len(way) > 1]
    return min(ways, key=lambda way: (sum(map(cost, way)), [-len(name) for name in way]), default=())


def cuts(text: str) -> Iterator[tuple[str, ...]]:
    """Every way to cut a text into names."""
    if not text:
        yield ()
    for length in (2, 3, 4):
        if length <= len(text) and can_be_name(text[:length]):
            yield from ((text[:length], *rest) for rest in cuts(text[length:]))


def can_be_name(text: str) -> bool:
    """Whether a text of a run can be one name: a surname and one or two characters."""
    surnames = lexicon.terms("surnames")
    compound = len(text) in (3, 4) and text[:2] in surnames
    return compound or (text[0] in surnames and len(text) < 4 and text not in surnames)


def cost(name: str) -> int:
    """How unlikely a name is in a run: those of three characters and of frequent surnames are the likeliest."""
    surnames, weights = lexicon.values("surnames"), lexicon.values("surname_weights")
    if len(name) > 2 and name[:2] in surnames:
        return EACH + 10
    rare = RARE if surnames[name[0]] == "rare" else 0
    weight = {"frequent": FREQUENT, "given": GIVEN}.get(weights.get(name[0], ""), 0)
    return EACH + rare + weight + (SHORT if len(name) == 2 else 0)
