"""Text of pages and graphs made safe to show on a terminal."""

from __future__ import annotations

import re

_SUSPECT = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")


def printable(text: str) -> str:
    r"""`text` on one line, with nothing in it that moves the cursor, turns the writing round or hides.

    A line break is shown as ⏎; any other control or invisible character as its code (\x1b, \u202e).
    """
    return _SUSPECT.sub(_shown, text.replace("\r\n", "\n"))


def _shown(found: re.Match[str]) -> str:
    character = found.group()
    if character in "\r\n":
        return "⏎"
    return f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{ord(character):04x}"
