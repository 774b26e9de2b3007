"""Items as their neighbours tell: titles, captions and pictures' texts apart, broken sentences whole again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from kg import lexicon
from kg.article.layout import HEADS, SHORT_TITLE, TEXT, Item, What, classify, credited
from kg.article.lines import LONGEST_PARAGRAPH, Line, join

LONG_TITLE, SHORT_REST = 70, 6
RUNS_ON = re.compile(r"[,、“‘《(『「—·和与及的]$")
RESUMES = re.compile(r"^[,、。;:!?”’》)』」]")


def read_items(lines: Iterable[Line]) -> list[Item]:
    """The items of a page in order, broken sentences joined; a caption that stood in one comes after it."""
    return join_broken(told_captions(told_prose(told_titles([classify(line) for line in lines]))))


def told_titles(items: list[Item]) -> list[Item]:
    """Make titles of lines that are too long to be known as titles by themselves: above a byline or a dateline, and
    the first line of a file, which is not the middle of a sentence."""
    told = list(items)
    opener: Item | None = None  # what the headings below the line stand above
    for index in range(len(items) - 1, -1, -1):
        item = told[index]
        first = index == 0 and len(items) > 1 and not item.line.finished
        if free(told, index) and (first or signs(opener, item)):
            told[index] = replace(item, what=What.TITLE)
        if told[index].what not in HEADS:
            opener = item
    return told


def free(items: list[Item], index: int) -> bool:
    """Whether a paragraph has the form of a title and goes on no sentence of the line before it."""
    item, before = items[index], items[index - 1] if index else None
    ended = before is None or before.what not in TEXT or before.closes or before.line.finished
    return item.what is What.BODY and ended and not item.closes and title_like(item.line.text)


def signs(opener: Item | None, item: Item) -> bool:
    """Whether `opener` makes a headline of the line above it: a paragraph with a byline, or a reporter's byline."""
    if opener is None or opener.what is not What.BYLINE:
        return opener is not None and (opener.what is What.LEDE or opener.dated)
    return not picture(opener) and not item.line.finished


def title_like(text: str) -> bool:
    """Whether a line has the form of a long title: no full stop in it or after it."""
    return len(text) <= LONG_TITLE and not re.search(r"[。;:,、]$|。", text)


def told_prose(items: list[Item]) -> list[Item]:
    """Make paragraphs of lone lines between paragraphs that look like subheads but read like broken prose."""
    told = list(items)
    for index, item in enumerate(items[1:-1], 1):
        between = items[index - 1].what in TEXT and items[index + 1].what is What.BODY
        rest = len(items[index + 1].line.text) <= SHORT_REST
        if item.what is What.TITLE and between and not item.marked and (rest or prose().search(item.line.text)):
            told[index] = replace(item, what=What.BODY)
    return told


@lru_cache(maxsize=1)
def prose() -> re.Pattern[str]:
    """What running text has and headings have not: 王强说, 参观时, and 此外, at the start."""
    starts, ends = lexicon.pattern("layout", "prose-start"), lexicon.pattern("layout", "prose-end")
    return re.compile(f"^{starts},|(?:{ends}|[\u4e00-\u9fff]{{2}}说),")


def told_captions(items: list[Item]) -> list[Item]:
    """Tell captions from titles and from texts of their own.

    A title above the credit of a picture and another title is a caption. A credited line is the text of a picture
    story where it is all that stands under a headline; lines that begin with a triangle are pieces of news where they
    stand under the name of a column (快讯). A single sentence above a picture's credit is a caption.
    """
    told = list(items)
    for index, item in enumerate(items):
        before = told[index - 1] if index else None
        after = items[index + 1 : index + 3]
        if item.what is What.CAPTION and before and own_text(item, before, after):
            told[index] = replace(item, what=What.BODY)
        elif before and after and picture(after[0]) and is_caption(item, before, after):
            told[index] = replace(item, what=What.CAPTION)
    return told


def own_text(item: Item, before: Item, after: list[Item]) -> bool:
    """Whether what looks like a caption is a text of its own."""
    alone = not after or after[0].what in (*HEADS, What.FURNITURE, What.CREDIT)
    story = item.closes and before.what in HEADS and alone
    return story or (item.listed and (before.what is What.BOX or (before.what is What.BODY and before.listed)))


def is_caption(item: Item, before: Item, after: list[Item]) -> bool:
    """Whether an item above the credit of a picture is its caption."""
    ends = len(after) > 1 and after[1].what in HEADS
    if item.what is What.TITLE:
        return ends and before.what in TEXT
    one = re.fullmatch(r"[^。!?;]{2,60}。", item.line.text) is not None
    return item.what is What.BODY and one and before.what in TEXT


def picture(item: Item) -> bool:
    """Whether an item is the credit of a picture."""
    return item.what is What.BYLINE and item.byline is not None and item.byline.pictures_only


def join_broken(items: list[Item]) -> list[Item]:
    """Join each paragraph that stops inside a sentence with the line on which it goes on."""
    joined: list[Item] = []
    index = 0
    while index < len(items):
        item, aside, index = items[index], [], index + 1
        while unfinished(item) and (found := continuation(item, items, index)):
            aside += items[index:found]
            rest = items[found]
            whole = join(item.line, rest.line)
            what = rest.what if item.what is What.TITLE else item.what
            item, index = replace(credited_with(item, rest), what=what, line=whole, closes=rest.closes), found + 1
        joined += [item, *aside]
    return joined


def credited_with(item: Item, rest: Item) -> Item:
    """The item with the byline of its continuation, if that has one."""
    return credited(item, rest.byline) if rest.byline else item


def unfinished(item: Item) -> bool:
    """Whether the item is text that stops inside a sentence (a title that does so is no title)."""
    if item.what is What.TITLE:
        return True  # it may be: `continuation` decides
    text = item.what in TEXT and len(item.line.text) < LONGEST_PARAGRAPH
    return text and not item.closes and not item.line.finished


def continuation(item: Item, items: list[Item], index: int) -> int:
    """The index of the item on which `item` goes on, pictures and credits between skipped; 0 where it does not."""
    position = index
    while position < len(items) and skippable(items[position]):
        position += 1
    if position < len(items) and goes_on(item, items, position):
        return position
    captions = [i for i in range(index, position) if items[i].what is What.CAPTION]
    only = captions[0] if captions and captions[0] == index and not items[index].byline else 0
    return only if item.what is not What.TITLE and only else 0


def resumes(text: str) -> bool:
    """Whether a line begins as no paragraph does."""
    return bool(RESUMES.match(text) or re.match(lexicon.pattern("layout", "continues"), text))


def skippable(item: Item) -> bool:
    """Whether an item can stand in the middle of a sentence of another."""
    return picture(item) or item.what in (What.CAPTION, What.CREDIT, What.FURNITURE)


def goes_on(item: Item, items: list[Item], position: int) -> bool:
    """Whether the item at `position` can be the rest of a sentence that `item` begins."""
    following = items[position]
    after = items[position + 1].what if position + 1 < len(items) else None
    if following.marked or following.dated or (following.line.indented and item.line.indented):
        return False
    if item.what is What.TITLE:
        text = following.what is What.BODY and resumes(following.line.text) and len(item.line.text) > SHORT_TITLE
        quote = not item.line.balanced and following.what in (What.TITLE, What.BODY) and following.line.gap <= 2
        return not item.marked and (text or quote)
    if following.what is What.BODY:
        return True
    if following.what not in (What.TITLE, What.QUESTION) or after in (What.LEDE, What.BYLINE, What.TITLE, None):
        return False
    open_end = RUNS_ON.search(item.line.text) or not item.line.balanced or resumes(following.line.text)
    return bool(open_end)
