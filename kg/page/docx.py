"""DOCX → its text, a paragraph a line, from the XML itself.

python-docx gives neither text boxes, which pages laid out in Word are made of, nor insertions under review, nor the
inside of content controls: sentences would be lost without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from kg.errors import PageError
from kg.page.archive import damaged, parcel, unpacked
from kg.page.readers import Part, Read, all_of, extracted

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # the same once more, for old Word
SKIPPED = (FALLBACK, f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}rPr", f"{W}pPr", f"{W}sectPr")
BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
BODY, ABOUT = "word/document.xml", "docProps/core.xml"


def read(file: BinaryIO, name: str, part: Part = ()) -> Read:
    """The text of a Word document; raises PageError where it is damaged or none."""
    data = all_of(file, name)
    archive, inside = parcel(file, name)
    with archive:
        if BODY not in inside:
            raise PageError(f"{name}: no Word document in it; save it as .docx 其中没有 Word 文档,请另存为 .docx")
        body = tree(unpacked(archive, inside[BODY], name), name)
        about = tree(unpacked(archive, inside[ABOUT], name), name) if ABOUT in inside else None
    return extracted("".join(f"{line}\n" for line in paragraphs(body)), data, name, said(about, "title", "created"))


def tree(data: bytes, name: str) -> etree._Element:
    """XML as a tree; entities are not expanded, nothing is fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise damaged(name) from error


def said(about: etree._Element | None, *tags: str) -> str:
    """What a file's own description says under some tags, whatever their namespace."""
    found = {} if about is None else {etree.QName(e).localname: e.text or "" for e in about.iter("*")}
    return " ".join(found[tag].removesuffix("T00:00:00Z") for tag in tags if found.get(tag))


def paragraphs(root: etree._Element) -> Iterator[str]:
    """The paragraphs of a document in its order; a text box comes before the paragraph that it is anchored in."""
    open_ones: list[list[str]] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start" and element.tag in SKIPPED:
            walk.skip_subtree()
        elif element.tag == f"{W}p" and event == "start":
            open_ones.append([])
        elif element.tag == f"{W}p":
            yield "".join(open_ones.pop())
        elif event == "end" and open_ones:
            open_ones[-1].append(element.text or "" if element.tag == f"{W}t" else BREAKS.get(element.tag, ""))
