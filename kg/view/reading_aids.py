"""What lets a reader find a Chinese name by pinyin or in traditional characters: two small maps of characters.

Every reading of a character is kept, the usual one first: names read their characters oddly (单 Shàn, 重庆 Chóng),
so a search accepts any of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files


def readings(characters: Iterable[str]) -> dict[str, str]:
    """Character → its pinyin syllables without tones, blank-separated, for the Han characters given."""
    from pypinyin import Style, pinyin

    found = {}
    for character in sorted(set(characters)):
        if character >= "㐀":
            syllables = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
            if syllables:
                found[character] = " ".join(dict.fromkeys(s.replace("ü", "v") for s in syllables[0]))
    return found


def simplified(characters: Iterable[str]) -> dict[str, str]:
    """Traditional → simplified, for every pair of OpenCC's table of which one side is among the characters given."""
    wanted = set(characters)
    table = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split()[:2] for line in table.splitlines() if line)
    return {old: new for old, new in pairs if old != new and (old in wanted or new in wanted)}
