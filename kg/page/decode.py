"""Bytes → text, with every character where the file has it: nothing is normalised, line ends stay as they are.

UTF-8 is tried first, strictly, since other encodings hardly ever pass as UTF-8; then GB18030 (which holds GBK and
GB2312), where almost any bytes pass, so that its result must also read like Chinese. A byte order mark is not a
character of the page: offsets count from the character after it, as with `open(path, encoding="utf-8-sig")`.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
KANA_HANGUL = re.compile(r"[\u3041-\u30ff\uac00-\ud7a3]")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# About one Han character in eight of any Chinese prose is one of these; in wrongly decoded bytes, one in hundreds.
COMMON = re.compile(r"[的一是在了和有不人中大国年为上个业生市发要工会行作]")
# The mark of UTF-32 begins as one of UTF-16 does.
WIDE = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), *WIDE)
# Printed in full width or in half, a mark means the same; one for one, so that offsets stay.
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict(
    zip(map(ord, "\u3000\xa0\u30fb\u2022\u2027\u2219\u2236\uff61"), map(ord, "  \xb7\xb7\xb7\xb7:\u3002"), strict=True)
)
BINARY_SHARE = 0.02
FOREIGN_SHARE = 0.2
READABLE_SHARE = 0.02


class Decoded(NamedTuple):
    """`text` read in `encoding`; `truncated` where the file ends inside a character (U+FFFD stands for it)."""

    text: str
    encoding: str
    truncated: bool = False


def decode(data: bytes) -> Decoded | None:
    """The text of a page file, or None where it is in no encoding that we know."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return attempt(data, encoding)
    return attempt(data, "utf-8") or readable(attempt(data, "gb18030"))


def attempt(data: bytes, encoding: str) -> Decoded | None:
    """Strictly decoded, but for a character that is cut off by the end of the file."""
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        if error.start < len(data) - 3 or not cut_off(data, encoding):
            return None
        return Decoded(data.decode(encoding, errors="replace"), encoding, truncated=True)


def cut_off(data: bytes, encoding: str) -> bool:
    """Whether everything but an unfinished last character decodes."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(data, final=False)
    except UnicodeDecodeError:
        return False
    return True


def readable(decoded: Decoded | None) -> Decoded | None:
    """`decoded`, if it reads like Chinese prose."""
    if decoded is None:
        return None
    han = len(HAN.findall(decoded.text))
    few = len(COMMON.findall(decoded.text)) < READABLE_SHARE * han
    return None if han == 0 or (han > 100 and few) else decoded


def half_width(text: str) -> str:
    """The text as the rules read it: full-width ASCII and its kin in half width, of the same length."""
    return text.translate(HALF_WIDTH)


def is_binary(data: bytes) -> bool:
    """Whether `data` is no text at all: control characters where no text has them."""
    head = data[:65536]
    if head.startswith(tuple(mark for mark, _ in WIDE)):
        return False
    return head.count(0) > 0 or len(CONTROL.findall(head.decode("latin-1"))) > BINARY_SHARE * len(head)


def is_chinese(text: str) -> bool:
    """Whether enough of `text` is Han characters, and not those of Japanese or Korean prose."""
    letters = sum(character.isalpha() for character in text)
    han, other = len(HAN.findall(text)), len(KANA_HANGUL.findall(text))
    return han > 0 and han >= FOREIGN_SHARE * letters and other <= FOREIGN_SHARE * han
