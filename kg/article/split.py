"""Items of a page → articles.

A run of headings between two paragraphs begins a new article where there is a reason for it: a byline follows (on
its own line or at the head of the next paragraph), the page's own furniture or the editors' credits stand in
between, the article before was closed by a byline, or a box (记者手记) opens. Without a reason it is a subhead.
A section that turns out to be closed by a byline of other people than the article's was an article of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import takewhile

from kg.article.context import read_items
from kg.article.layout import HEADS, TEXT, Item, What, stands_apart
from kg.article.lines import read_lines
from kg.article.running import assemble
from kg.model import Article, Finding, Level, Page

SHORT_TITLE = 8
MOST_HEADS = 8


@dataclass(slots=True)
class Draft:
    """An article while it is read. `parts` are its paragraphs, captions and subheads in order."""

    head: list[Item] = field(default_factory=list)
    parts: list[Item] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    signed: bool = False  # a byline stands at its head
    closed: bool = False  # a byline stands after its last paragraph
    section: int = -1  # where in `parts` its last subhead begins

    @property
    def has_text(self) -> bool:
        return any(part.what in TEXT for part in self.parts)

    @property
    def printed(self) -> bool:
        """Whether anything is left of it besides bylines."""
        return any(item.line.text for item in (*self.head, *self.parts))

    def credit(self, item: Item) -> None:
        """Add the names of a byline."""
        if item.byline:
            self.names += [name for name in item.byline.names if name not in self.names]


@dataclass(frozen=True, slots=True)
class Run:
    """What stands between two paragraphs: bylines that close the text before, headings, bylines that open the next."""

    tail: list[Item]
    heads: list[Item]
    openers: list[Item]  # bylines and credits of what follows
    broken: bool  # furniture or credits stand before the headings


def split(page: Page) -> tuple[tuple[Article, ...], tuple[Finding, ...]]:
    """The articles of a page in page order, with findings on what could not be placed. Raises nothing."""
    items = read_items(read_lines(page.text, stands_apart))
    drafts = [draft for draft in drafts_of(items) if draft.has_text and draft.printed]
    articles = tuple(assemble(page, number, d.head, d.parts, d.names) for number, d in enumerate(drafts, 1))
    if articles:
        return articles, ()
    return (), (Finding(Level.WARNING, "no-article", page.id, "no article found on this page 版面上未找到文章"),)


def drafts_of(items: list[Item]) -> list[Draft]:
    """Every article of a page, in page order."""
    unsigned = is_page(items) and not any(item.what in (What.LEDE, What.BYLINE) or item.closes for item in items)
    drafts: list[Draft] = [Draft()]
    index = 0
    while index < len(items):
        end = index
        while end < len(items) and items[end].what not in TEXT:
            end += 1
        following = items[end] if end < len(items) else None
        place_run(drafts, divide(items[index:end], drafts[-1]), following, unsigned)
        if following:
            place_text(drafts, following, last=end + 1 == len(items))
        index = end + 1
    return drafts


def is_page(items: list[Item]) -> bool:
    """Whether a newspaper's page opens so: with its masthead or a section's name. An article that was saved by itself
    opens with its headline, and what looks like another headline further down is a subhead."""
    head = takewhile(lambda item: item.what not in TEXT, items)
    return any(item.what is What.BOX or (item.what is What.FURNITURE and item.breaks) for item in head)


def divide(items: list[Item], draft: Draft) -> Run:
    """Tell the closing, heading and opening parts of a run."""
    start = next((i for i, item in enumerate(items) if item.what in (*HEADS, What.FURNITURE)), len(items))
    tail, rest = items[:start], items[start:]
    if not (draft.parts or draft.head):
        tail, rest = [], items
    breaks = [i for i, item in enumerate(rest) if item.breaks]
    titled = [i for i, item in enumerate(rest) if item.what in HEADS]
    cut = max((i for i in breaks if titled and i < titled[-1]), default=-1)
    heads = [item for item in rest[cut + 1 :] if item.what in HEADS]
    openers = [item for item in rest if item.what not in (*HEADS, What.FURNITURE)]
    return Run(tail, heads[-MOST_HEADS:], openers, broken=cut >= 0)


def place_run(drafts: list[Draft], run: Run, following: Item | None, unsigned: bool) -> None:
    """Close the current article, then open a new one or a section of it, as the run says."""
    close(drafts, run, ends=bool(run.heads) or following is None)
    if run.heads and following is None:
        drafts[-1].parts += run.heads
    elif begins_article(drafts[-1], run, following, unsigned):
        drafts.append(Draft(head=run.heads))
    elif run.heads:
        drafts[-1].section = len(drafts[-1].parts)
        drafts[-1].parts += run.heads
    drafts[-1].signed |= any(is_writers(item) for item in run.openers)
    for item in run.openers:
        drafts[-1].credit(item)
        if item.what is What.CAPTION:
            drafts[-1].parts.append(item)


def begins_article(draft: Draft, run: Run, following: Item | None, unsigned: bool) -> bool:
    """Whether a run begins an article."""
    lede = following is not None and following.what is What.LEDE
    if not draft.has_text:
        return bool(run.heads) and not draft.head
    if not run.heads:
        return lede
    ended = draft.closed and not run.heads[0].marked
    boxed = any(head.what is What.BOX for head in run.heads)
    if lede or (following and following.dated) or run.broken or ended or boxed:
        return True
    if any(is_writers(item) for item in run.openers):
        return True
    plain = not any(head.marked for head in run.heads) and max(len(h.line.text) for h in run.heads) > SHORT_TITLE
    return unsigned and plain


def is_writers(item: Item) -> bool:
    """Whether an item is the byline of a report."""
    return item.what is What.BYLINE and item.byline is not None and bool(item.byline.names)


def close(drafts: list[Draft], run: Run, *, ends: bool) -> None:
    """Give the bylines and captions right after a paragraph to its article."""
    before = drafts[-1].parts[-1] if drafts[-1].parts else None
    for item in run.tail:
        if item.what is What.CAPTION:
            drafts[-1].parts.append(item)
        elif is_writers(item) and ends and (before is None or before.what is not What.CAPTION):
            sign_end(drafts, item)
        drafts[-1].credit(item)
        before = item if item.what is What.CAPTION else before


def sign_end(drafts: list[Draft], item: Item) -> None:
    """A byline closes the text before it; if that text is a section that others wrote, it was an article."""
    draft, names = drafts[-1], item.byline.names if item.byline else ()
    others = not set(names) <= set(draft.names)
    section = draft.parts[draft.section :] if draft.section >= 0 else []
    heads = [part for part in section if part.what in HEADS]
    if draft.signed and others and heads and not any(head.marked for head in heads):
        own = [part for part in section if part not in heads]
        draft.parts = draft.parts[: draft.section]
        drafts.append(Draft(head=heads, parts=own, closed=True))
    draft.closed = drafts[-1].closed = others or not draft.signed or not names


def place_text(drafts: list[Draft], item: Item, *, last: bool) -> None:
    """Append a paragraph to the current article."""
    draft = drafts[-1]
    draft.closed = False
    draft.parts.append(item)
    if item.what is What.LEDE:
        draft.signed = True
    if item.closes:
        sign_end(drafts, item)
    drafts[-1].credit(item)
