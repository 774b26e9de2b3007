"""Lines → items: what each line of a page is by itself.

Only traits that hold for any daily are used: length, how a line ends, quotation marks, the blank lines before it,
bylines, and the words of kg/lexicon/layout.tsv.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto

from kg import lexicon
from kg.article.byline import Byline, bare_names, names_alone, organisation, parse
from kg.article.dateline import OPENING, read_dateline
from kg.article.inline import ENDS, Cut, find_lede, find_tail
from kg.article.lines import Line, join
from kg.page.masthead import is_furniture

TITLE_LENGTH, SHORT_TITLE, CAPTION_LENGTH, CREDITED_LENGTH = 36, 8, 40, 120
PICTURE_GAP = 3  # line breaks before a line where a picture was taken out of the page
MARKED = re.compile(
    r"^(?:[●■◆▲★○·◎▶①-⑳]|\d{1,2}[.、](?!\d)|[一二三四五六七八九十]{1,2}、|[(][一二三四五六七八九十\d]{1,2}[)])"
)
PICTURE = r"[▲△↑↓←→]|\(?图[①-⑩一二三四五六\d]{1,2}[:为]|\(?"


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
    dated: bool = False  # a dateline stands at its head
    dateline: str = ""  # the place that it names, as printed

    @property
    def listed(self) -> bool:
        """Whether it begins with a triangle: a caption, or a piece of news under the name of a column."""
        return self.line.text[:1] in ("▲", "△")

    @property
    def breaks(self) -> bool:
        """Whether it parts articles: the page's furniture and credits do, a mere number or a note in brackets not."""
        if self.what is What.FURNITURE:
            return re.fullmatch(r"[\W\d_]+|\(.*\)", self.line.text) is None or ENDS.search(self.line.text) is not None
        return self.what is What.CREDIT

    @property
    def marked(self) -> bool:
        """Whether it is numbered, has a bullet or says that it is a part (相关链接), as the parts of one article do."""
        return bool(MARKED.match(self.line.text)) or self.line.text in lexicon.terms("layout", "sidebar")


def stands_apart(line: Line) -> bool:
    """Whether a line is whole by itself, however full its column is."""
    return classify(line).what in (What.FURNITURE, What.CREDIT, What.BYLINE, What.BOX)


def classify(line: Line) -> Item:
    """What a line is by itself."""
    byline = parse(line.text) or organisation(line.text) or names_alone(line.text) if line.balanced else None
    if byline and (byline.names or "picture" in byline.roles):
        return Item(What.CREDIT if byline.editors_only else What.BYLINE, line, byline)
    if bracketed := re.fullmatch(r"\(([^()。]{2,36})\)", line.text):  # (王强), (下转第2版), (图片均由受访单位提供)
        names = bare_names(bracketed[1])
        return Item(What.BYLINE if names else What.FURNITURE, line, names)
    if is_furniture(line.text):
        return Item(What.FURNITURE, line)
    if cut := find_lede(line.text):
        left = without(line, cut)
        if re.fullmatch(r"\([^()]+\)", left.text):  # (记者 王强)(某某客户端): no text is left
            return Item(What.BYLINE, line, cut.byline)
        rest = classify_rest(left)
        return credited(replace(rest, what=What.LEDE, dateline=cut.place), cut.byline)
    item, dateline = classify_rest(line), read_dateline(line.text)
    return replace(item, dated=dateline.dated, dateline=dateline.place) if dateline else item


def without(line: Line, cut: Cut) -> Line:
    """The line without a byline at its head; what stands before it (the dateline) stays where a text follows."""
    rest = line.part(cut.end)
    return join(line.part(0, cut.start), rest) if rest.text else rest


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
