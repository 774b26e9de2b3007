"""Lines → items: what each line of a page is, and sentences whole again where the page breaks them.

Only traits that hold for any daily are used: length, how a line ends, quotation marks, the blank lines before it,
bylines, and the words of kg/lexicon/layout.tsv.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum, auto

from kg import lexicon
from kg.article.byline import OPENING, Byline, bare_names, find_lede, find_tail, organisation, parse
from kg.article.lines import Line, join
from kg.page.masthead import is_furniture

TITLE_LENGTH, SHORT_TITLE, CAPTION_LENGTH, CREDITED_LENGTH = 36, 8, 40, 120
PICTURE_GAP = 3  # line breaks before a line where a picture was taken out of the page
MARKED = re.compile(
    r"^(?:[●■◆▲★○·◎▶①-⑳]|\d{1,2}[.、](?!\d)|[一二三四五六七八九十]{1,2}、|[(][一二三四五六七八九十\d]{1,2}[)])"
)
PICTURE = r"[▲△↑↓←→]|\(?图[①-⑩一二三四五六\d]{1,2}[:为]|\(?"
RUNS_ON = re.compile(r"[,、“‘《(『「—·和与及的]$")
RESUMES = re.compile(r"^[,、。;:!?”’》)』」]")


class What(Enum):
    """What a line is. FURNITURE belongs to the page and to no article."""

    FURNITURE = auto()
    CREDIT = auto()
    BYLINE = auto()
    BOX = auto()
    TITLE = auto()
    QUESTION = auto()  # a title if it stands among titles, else a short paragraph
    LEDE = auto()
    BODY = auto()
    CAPTION = auto()


TEXT = (What.LEDE, What.BODY)
HEADS = (What.TITLE, What.QUESTION, What.BOX)


@dataclass(frozen=True, slots=True)
class Item:
    """A line and what it is. `byline` was cut out of it; where `closes`, it stood at the end."""

    what: What
    line: Line
    byline: Byline | None = None
    closes: bool = False

    @property
    def listed(self) -> bool:
        """Whether it begins with a triangle: a caption, or a piece of news under the name of a column."""
        return self.line.text[:1] in ("▲", "△")

    @property
    def marked(self) -> bool:
        """Whether it is numbered or has a bullet, as the parts of one article have."""
        return bool(MARKED.match(self.line.text))


def read_items(lines: Iterable[Line]) -> list[Item]:
    """The items of a page in order, broken sentences joined; a caption that stood in one comes after it."""
    return join_broken(told_pictures([classify(line) for line in lines]))


def stands_apart(line: Line) -> bool:
    """Whether a line is whole by itself, however full its column is."""
    return classify(line).what in (What.FURNITURE, What.CREDIT, What.BYLINE, What.BOX)


def told_pictures(items: list[Item]) -> list[Item]:
    """Make paragraphs of captions that are texts of their own.

    A credited line is the text of a picture story where it is all that stands under a headline; lines that begin with
    ▲ are pieces of news where they stand under the name of a column (快讯).
    """
    told = list(items)
    for index, item in enumerate(items[1:], 1):
        before = told[index - 1]
        alone = index + 1 == len(items) or items[index + 1].what in (*HEADS, What.FURNITURE, What.CREDIT)
        story = item.closes and before.what in HEADS and alone
        news = item.listed and (before.what is What.BOX or (before.what is What.BODY and before.listed))
        if item.what is What.CAPTION and (story or news):
            told[index] = replace(item, what=What.BODY)
    return told


def classify(line: Line) -> Item:
    """What a line is by itself."""
    byline = parse(line.text) or organisation(line.text) if line.balanced else None
    if byline and (byline.names or "picture" in byline.roles):
        return Item(What.CREDIT if byline.editors_only else What.BYLINE, line, byline)
    if bracketed := re.fullmatch(r"\(([^()。]{2,36})\)", line.text):  # (王强), (下转第2版), (图片均由受访单位提供)
        names = bare_names(bracketed[1])
        return Item(What.BYLINE if names else What.FURNITURE, line, names)
    if is_furniture(line.text):
        return Item(What.FURNITURE, line)
    if cut := find_lede(line.text):
        return credited(replace(classify_rest(line.part(cut.end)), what=What.LEDE), cut.byline)
    return classify_rest(line)


def credited(item: Item, byline: Byline) -> Item:
    """An item with the names of one more byline."""
    if item.byline is None:
        return replace(item, byline=byline)
    names = tuple(dict.fromkeys(byline.names + item.byline.names))
    return replace(item, byline=Byline(names, byline.roles | item.byline.roles))


def classify_rest(line: Line) -> Item:
    """What a line is that is no byline: title, paragraph or caption, the byline at its end cut off."""
    bare = re.sub(r"\s", "", line.text.strip(OPENING + "【】[]|||"))
    if bare in lexicon.terms("layout", "box"):
        return Item(What.BOX, line)
    if bare in lexicon.terms("layout", "section"):
        return Item(What.FURNITURE, line)
    if cut := find_tail(line.text):
        picture = cut.byline.pictures_only and len(line.text) <= CREDITED_LENGTH
        return Item(What.CAPTION if picture else What.BODY, line.part(0, cut.start), cut.byline, closes=True)
    return Item(plain_kind(line), line)


def plain_kind(line: Line) -> What:
    """Title, question, caption or paragraph, by shape alone."""
    text = line.text
    if len(text) <= CREDITED_LENGTH and re.match(PICTURE + lexicon.pattern("layout", "picture"), text):
        return What.CAPTION
    short = len(text) <= TITLE_LENGTH and "。" not in text
    if short and line.balanced and re.search(r"[!?][”』」]?$", text):
        return What.QUESTION
    if short and not line.finished and not re.search(r"[,、]$", text) and text.count(",") <= 2:
        return What.TITLE
    one_sentence = len(text) <= CAPTION_LENGTH and re.fullmatch(r"[^。!?;]+。", text)
    return What.CAPTION if one_sentence and line.gap >= PICTURE_GAP else What.BODY


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
    return item.what in TEXT and not item.closes and not item.line.finished


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
    picture = item.what is What.BYLINE and item.byline is not None and item.byline.pictures_only
    return picture or item.what in (What.CAPTION, What.CREDIT, What.FURNITURE)


def goes_on(item: Item, items: list[Item], position: int) -> bool:
    """Whether the item at `position` can be the rest of a sentence that `item` begins."""
    following = items[position]
    after = items[position + 1].what if position + 1 < len(items) else None
    if following.marked or (following.line.indented and item.line.indented):
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
