"""A digest of what changed, written for people, for programs (JSON) and for feed readers (Atom, RFC 4287)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from xml.etree import ElementTree

from kg.diff import Digest, Item, News
from kg.terminal import printable

_ATOM = "http://www.w3.org/2005/Atom"
_NO_DAY = "1970-01-01"  # a feed must say when; nothing here has a clock
HEADINGS = {
    News.OFFICIAL: "New officials 新出现的公职人员",
    News.BEGUN: "Posts first stated 新见任职",
    News.ENDED: "Posts that a page says have ended 版面称已不再担任",
    News.GONE: "Posts that the new graph no longer states 新图谱不再记载的任职",
    News.FIRM: "Enterprises first seen 新出现的企业",
    News.QUIET: "Programs gone quiet 久未见报的项目",
}


def as_text(digest: Digest) -> str:
    """One heading a kind, one line an item, its sentence below it."""
    if not digest.items:
        return "nothing changed 没有变化\n"
    return "\n".join("\n".join(part) + "\n" for part in _parts(digest))


def _parts(digest: Digest) -> Iterator[list[str]]:
    for news, items in groupby(digest.items, key=lambda item: item.news):
        lines = [line for item in items for line in _lines(item)]
        yield [HEADINGS[news], *lines]


def _lines(item: Item) -> Iterator[str]:
    sure = "" if item.confidence is None else f"  {item.confidence:.2f}"
    yield printable(f"  {item.date or '—'}  {said(item)}{sure}  ({item.page or '—'})")
    if item.sentence:
        yield printable(f"      {item.sentence}")


def said(item: Item) -> str:
    """The item in a few words: 林岚  云泽市水利局 局长."""
    return f"{item.name}  {item.body} {item.title}".rstrip() if item.body else item.name


def as_json(digest: Digest) -> str:
    """One object: `until`, and the items in the order of the text."""
    items = [asdict(item) for item in digest.items]
    return json.dumps({"until": digest.until, "items": items}, ensure_ascii=False, indent=1) + "\n"


def as_atom(digest: Digest) -> str:
    """A feed whose entries are the items; its days are those of the pages."""
    feed = ElementTree.Element("feed", xmlns=_ATOM)
    _add(feed, "id", "https://w3id.org/fangzhi/diff")
    _add(feed, "title", "fangzhi 方志: what is new 新见")
    _add(feed, "updated", _moment(digest.until))
    _add(ElementTree.SubElement(feed, "author"), "name", "fangzhi")
    for item in digest.items:
        entry = ElementTree.SubElement(feed, "entry")
        _add(entry, "id", f"{item.iri}#{item.news.value}")
        _add(entry, "title", f"{HEADINGS[item.news]}: {said(item)}")
        _add(entry, "updated", _moment(item.date))
        ElementTree.SubElement(entry, "category", term=item.news.value)
        _add(entry, "summary", " · ".join(filter(None, (item.sentence, item.page))) or said(item))
    ElementTree.indent(feed, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, "unicode") + "\n"


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    """A control character has no place in XML, escaped or not."""
    ElementTree.SubElement(parent, name).text = printable(text)


def _moment(day: str) -> str:
    return f"{day or _NO_DAY}T00:00:00Z"


FORMS = {"text": as_text, "json": as_json, "atom": as_atom}
