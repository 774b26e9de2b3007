"""HTML → the text that a reader of the page sees, one block a line.

Extractors made for single articles (trafilatura) take a page of several for one: they drop mastheads, bylines and
headlines and move what is left; converters that draw tables (inscriptis) lay columns side by side. Saved pages of
e-papers are tables of articles, so that here every block is kept in the order of the file, but for what is no text
(scripts, menus, hidden parts) and lines that are nothing but links, as lists of other pages are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import BinaryIO

from lxml import etree, html

from kg.errors import PageError
from kg.page.masthead import masthead_name
from kg.page.plain import decode_bytes
from kg.page.readers import Part, Read, all_of, extracted

SKIPPED = (
    "head script style noscript template svg math iframe object audio video canvas select option button textarea",
    "nav footer rt rp map",
)
HEADINGS = ("h1 h2 h3 h4 h5 h6 founder-title",)
BLOCKS = (
    *HEADINGS,
    "address article aside blockquote body br caption center dd details dir div dl dt fieldset figcaption figure form",
    "header hr html legend li main ol p pre section summary table tbody td tfoot th thead tr ul",
)
IS_SKIPPED, IS_HEADING, IS_BLOCK = (frozenset(" ".join(names).split()) for names in (SKIPPED, HEADINGS, BLOCKS))
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]"
BLANK = re.compile(r"[ \t\r\n\f]+")
WRAPPED = re.compile(rf"(?<={WIDE})[ \t\f]*[\r\n][ \t\r\n\f]*(?={WIDE})")
DATES = ("article:published_time", "publishdate", "pubdate", "date", "dc.date")


def read(file: BinaryIO, name: str, part: Part = ()) -> Read:
    """The text of an HTML file; raises PageError where there is none."""
    data = all_of(file, name)
    root = parsed(data, name)
    title = " ".join(root.xpath("//head/title/text()")[:1])
    dates = [meta.get("content", "") for meta in root.iter("meta") if _said(meta).lower() in DATES]
    return extracted(text_of(root), data, name, " ".join([title, *dates[:1]]))


def parsed(data: bytes, name: str) -> html.HtmlElement:
    """The tree of an HTML file, however badly it is made; raises PageError where there is nothing to parse."""
    text = decode_bytes(name, data).text.replace("\0", "")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise PageError(f"{name}: no HTML that can be read; save the page again 网页无法解析,请重新保存") from error


def _said(meta: html.HtmlElement) -> str:
    return str(meta.get("name") or meta.get("property") or "")


def text_of(root: html.HtmlElement) -> str:
    """The text of a tree, a line for each block, a blank line before each heading."""
    lines, walk = _Lines(), etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else "script"
        if event == "start" and (tag in IS_SKIPPED or _is_hidden(element)):
            walk.skip_subtree()
        elif event == "start":
            lines.enter(tag, element.text or "", bool(element.get("href")))
        else:
            lines.leave(tag, tag in IS_SKIPPED or _is_hidden(element))
            lines.add(element.tail or "")
    return lines.done()


def _is_hidden(element: html.HtmlElement) -> bool:
    return element.get("hidden") is not None or HIDDEN.search(element.get("style") or "") is not None


@dataclass
class _Lines:
    """The lines so far, and the pieces of the line that is being read: its text, and whether it is a link's."""

    lines: list[str] = field(default_factory=list)
    pieces: list[tuple[str, bool]] = field(default_factory=list)
    links: list[bool] = field(default_factory=list)  # for each open <a>, whether it leads anywhere
    heading: bool = False

    def enter(self, tag: str, text: str, linked: bool) -> None:
        if tag in IS_BLOCK or "-" in tag:
            self.end_line()
            self.heading = self.heading or tag in IS_HEADING
        if tag == "a":
            self.links.append(linked)
        self.add(text)

    def leave(self, tag: str, skipped: bool) -> None:
        if skipped:
            return
        if tag in IS_BLOCK or "-" in tag:
            self.end_line()
            self.heading = self.heading and tag not in IS_HEADING
        if tag == "a":
            self.links.pop()

    def add(self, text: str) -> None:
        if text:
            self.pieces.append((text, any(self.links)))

    def end_line(self) -> None:
        line = BLANK.sub(" ", WRAPPED.sub("", "".join(text for text, _ in self.pieces))).strip(" ")
        linked = all(link for text, link in self.pieces if text.strip())
        self.pieces.clear()
        if line.strip("\xa0\u3000 ") and (self.heading or not linked or masthead_name(line)):
            self.lines.append(("\n" if self.heading and self.lines else "") + line)

    def done(self) -> str:
        self.end_line()
        return "".join(f"{line}\n" for line in self.lines)
