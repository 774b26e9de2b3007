"""Items of one article → `Article`: its running text, its blocks and where every character stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.article.layout import HEADS, Item, What
from kg.model import Article, Block, Page, Role, Span

BREAKS = dict.fromkeys(map(ord, "\r\n\v\f\x85\u2028\u2029"), " ")
SHORT_TITLE, LONG_TITLE = 8, 9


def assemble(page: Page, number: int, head: Sequence[Item], parts: Sequence[Item], names: Sequence[str]) -> Article:
    """The article that `head` and `parts` make; `number` counts from 1 on its page."""
    rows = [(role, item) for role, item in roles(head, parts) if item.line.text]
    pieces: list[str] = []
    offsets: list[int] = []
    blocks: list[Block] = []
    for role, item in rows:
        if offsets:
            pieces.append("\n")
            offsets.append(offsets[-1] + 1)
        blocks.append(Block(role, Span(len(offsets), len(offsets) + len(item.line.text))))
        pieces.append(as_printed(page, item))
        offsets.extend(item.line.offsets)
    text = "".join(pieces)
    lines = {role: [text[b.span.start : b.span.end] for b in blocks if b.role is role] for role in Role}
    headline = " ".join(lines[Role.HEADLINE] or lines[Role.KICKER])
    span = Span(min(offsets), max(offsets) + 1)
    place = next((item.dateline for item in (*head, *parts) if item.dateline), "")
    return Article(
        f"{page.id}#a{number}", page.id, headline, tuple(names), text, tuple(offsets), tuple(blocks), span, place
    )


def as_printed(page: Page, item: Item) -> str:
    """The page's own characters; a blank where the break of a line joins two words of Latin letters."""
    return "".join(page.text[at] if at < len(page.text) else " " for at in item.line.offsets).translate(BREAKS)


def roles(head: Sequence[Item], parts: Sequence[Item]) -> Iterator[tuple[Role, Item]]:
    """Each item with its role, in reading order."""
    longest = max((len(item.line.text) for item in head), default=0)
    for item in head:
        kicker = len(item.line.text) <= SHORT_TITLE and longest >= LONG_TITLE
        yield Role.KICKER if kicker or item.what is What.BOX else Role.HEADLINE, item
    for item in parts:
        if item.what in HEADS:
            yield Role.SUBHEAD, item
        else:
            yield Role.CAPTION if item.what is What.CAPTION else Role.BODY, item
