"""How common a Chinese word is, by the dictionary that travels inside jieba: 349,000 words with their counts.

jieba itself is not imported: that prints a line, writes a cache and takes a second.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache

from kg.tag import lac_model


def freq(word: str) -> int:
    """The count of `word` in jieba's dictionary, 0 where it is not a word there.

    Counts run to 883,634 (了); a count below about 10 is often an old place name or noise (正沿: 7).
    Raises MissingExtraError where jieba's dictionary is not there.
    """
    key = word.encode() + b" "
    rows = _rows()
    at = bisect_left(rows, key)
    if not word or at == len(rows) or not rows[at].startswith(key):
        return 0
    return int(rows[at][len(key) :].split(b" ")[0])


@cache
def _rows() -> list[bytes]:
    """The dictionary's rows "word count tag", sorted by bytes: splitting all of them would take three times as long."""
    return sorted(lac_model.read_bytes("dict.txt").split(b"\n"))
