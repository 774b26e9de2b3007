"""Pages that are no plain text: what is taken out of them, in what order, and what bad ones give."""

from __future__ import annotations

import hashlib
import random
import re
import sys
import zipfile
from pathlib import Path

import pytest

import papers
from commands import kg
from kg.model import Finding, Level, Page
from kg.page import find_pages, read_page
from papers import (
    BODY,
    HEADLINE,
    MASTHEAD,
    MORE,
    PAPERS,
    TEXT,
    docx,
    epub,
    html,
    packed,
    paper_html,
    paper_pdf,
    pdf,
    put,
    run,
    wrapped,
)  # fmt: skip


def pages(path: Path) -> dict[str, tuple[Page | None, list[Finding]]]:
    return {source.id: read_page(source) for source in find_pages([str(path)])}


def text(folder: Path, name: str, data: str | bytes) -> str:
    [(page, findings)] = pages(put(folder, name, data)).values()
    assert page is not None, findings
    return page.text


def complaint(folder: Path, name: str, data: str | bytes) -> str:
    [(page, [finding])] = pages(put(folder, name, data)).values()
    assert page is None
    assert finding.level is Level.ERROR
    assert "\n" not in finding.message
    return finding.message


@pytest.mark.parametrize("name", PAPERS)
def test_every_form_of_a_page_gives_its_text_and_masthead(tmp_path: Path, name: str) -> None:
    [(page, _)] = pages(put(tmp_path, name, PAPERS[name])).values()
    assert page is not None
    assert re.sub(r"\s", "", page.text) == re.sub(r"\s", "", TEXT)
    assert (page.newspaper, page.issued, page.issued_certain, page.number) == ("云泽日报", "2024-05-06", True, "A01")
    assert page.sha256 == hashlib.sha256(page.text.encode()).hexdigest()
    inner = TEXT.encode() if name == "a.zip" else PAPERS[name]
    assert page.file_sha256 == hashlib.sha256(inner).hexdigest()


HTML_TEXTS = {
    "cells of a layout table are blocks in their order": (
        f"<table><tr><td>{HEADLINE}</td><td>{MORE}</td></tr></table>", f"{HEADLINE}\n{MORE}\n",
    ),
    "custom tags of e-paper systems are blocks": (
        f"<founder-title>{HEADLINE}</founder-title><founder-content>{MORE}</founder-content>",
        f"{HEADLINE}\n{MORE}\n",
    ),
    "menus, scripts and hidden parts are no text": (
        f"<script>var 脚本</script><nav>首页</nav><p style='DISPLAY: none'>暗</p><p hidden>暗</p><p>{MORE}</p>尾",
        f"{MORE}\n尾\n",
    ),
    "a list of links goes, a paragraph with one stays, a linked headline too": (
        f"<ul><li><a href=1>上一篇</a><li><a href=2>{HEADLINE}</a></ul><h3><a href=2>{HEADLINE}</a></h3>"
        "<p><a href=3>市交通局</a>说要加开。</p>",
        f"{HEADLINE}\n市交通局说要加开。\n",
    ),
    "a linked masthead stays": (f"<a href=/>云泽日报</a><p>{MORE}</p>", f"云泽日报\n{MORE}\n"),
    "line breaks of the source part no name": ("<p>北桥\r\n   区区长 何青松\n到场。</p>", "北桥区区长 何青松到场。\n"),
    "a break is a new line, an anchor without a target is text": (
        "<p>新渡口开航<br/>往返<a name=x>二十班</a></p>", "新渡口开航\n往返二十班\n",
    ),
    "control characters of typesetting are no text": ("<p>新渡口&#1;开航&#27;了</p>", "新渡口开航了\n"),
    "tags that are not closed": (f"<p>{HEADLINE}<p><b>{MORE}", f"{HEADLINE}\n{MORE}\n"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "wanted"), HTML_TEXTS.values(), ids=HTML_TEXTS.keys())
def test_html_gives_what_a_reader_sees(tmp_path: Path, body: str, wanted: str) -> None:
    assert text(tmp_path, "a.html", html(body)).replace("\n\n", "\n") == wanted


def test_articles_of_one_html_page_are_all_there_in_their_order(tmp_path: Path) -> None:
    heads = [f"第{n}渡口开航" for n in "一二三四五"]
    body = "".join(f"<article><h2>{h}</h2><p class=author>本报记者 林早</p><p>{BODY}</p></article>" for h in heads)
    found = text(tmp_path, "a.html", html(body)).split("\n")
    assert [line for line in found if line in heads] == heads
    assert found.count("本报记者 林早") == found.count(BODY) == 5


def test_word_boxes_insertions_and_controls_are_read_and_deletions_are_not(tmp_path: Path) -> None:
    inner = f"<w:txbxContent><w:p>{run('盒中一句。')}</w:p></w:txbxContent>"
    choice = (
        f"<mc:AlternateContent><mc:Choice>{inner}</mc:Choice><mc:Fallback>{inner}</mc:Fallback></mc:AlternateContent>"
    )
    found = text(
        tmp_path,
        "a.docx",
        docx(
            f"<w:r>{choice}</w:r>{run('何青松')}<w:ins>{run('区长')}</w:ins><w:del>{run('局长')}</w:del>",
            f"<w:sdt><w:sdtContent>{run('到场')}</w:sdtContent></w:sdt><w:r><w:br/><w:t>讲话</w:t></w:r>",
        ),
    )
    assert found == "盒中一句。\n何青松区长\n到场\n讲话\n"


def test_an_epub_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    chapters = {"z.xhtml": html("<p>先读这一篇。</p>"), "a%20b.xhtml": html("<p>后读那一篇。</p>")}
    data = epub({"z.xhtml": chapters["z.xhtml"]}, ["z.xhtml"])
    assert text(tmp_path, "one.epub", data) == "先读这一篇。\n"
    both = epub(chapters, ["z.xhtml", "a%20b.xhtml"], **{"OEBPS/a b.xhtml": chapters["a%20b.xhtml"]})
    assert text(tmp_path, "two.epub", both) == "先读这一篇。\n\n\n后读那一篇。\n"


def test_columns_of_a_pdf_are_read_one_after_the_other(tmp_path: Path) -> None:
    assert text(tmp_path, "a.pdf", paper_pdf()).split() == [
        MASTHEAD[0], *MASTHEAD[1].split(), HEADLINE, *(BODY + MORE).split(),
    ]  # fmt: skip


def test_pages_of_a_pdf_are_pages_of_their_own(tmp_path: Path) -> None:
    first, second = [(20, 400, 10, "云泽日报 第A01版"), *wrapped(BODY, 20, 380, 30)], wrapped(BODY + MORE, 20, 380, 30)
    found = pages(put(tmp_path, "issue.pdf", pdf(first, second, [])))
    assert list(found) == ["issue.pdf/1", "issue.pdf/2", "issue.pdf/3"]
    one, two, three = (page for page, _ in found.values())
    assert one is not None
    assert two is not None
    assert three is None
    assert (one.number, two.number, one.part, two.part) == ("A01", "", ("1",), ("2",))
    assert "page 3 of " in found["issue.pdf/3"][1][0].message


def test_members_of_an_archive_are_pages_of_their_own(tmp_path: Path) -> None:
    inside: dict[str, str | bytes] = {
        "5月6日/A01.txt": TEXT, "5月6日/A02.html": paper_html(), "A03.pdf": pdf(wrapped(BODY, 20, 380, 30), []),
        "__MACOSX/A01.txt": "x", ".hidden/A01.txt": "x", "picture.jpg": b"x",
    }  # fmt: skip
    put(
        tmp_path,
        "pages.toml",
        '[default]\nhome = "云泽市"\n["i.zip"]\nnumber = "B1"\n["i.zip/A03.pdf/1"]\nnumber = "A03"',
    )
    found = pages(put(tmp_path, "i.zip", packed(inside)))
    numbers = {name: page.number if page else None for name, (page, _) in found.items()}
    assert numbers == {
        "i.zip/5月6日/A01.txt": "B1", "i.zip/5月6日/A02.html": "B1", "i.zip/A03.pdf/1": "A03", "i.zip/A03.pdf/2": None,
    }  # fmt: skip


def test_the_list_of_an_archive_is_read_once_for_all_its_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    monkeypatch.setattr("kg.page.archive.opened", lambda file, name: opened.append(name) or zipfile.ZipFile(file))
    found = pages(put(tmp_path, "year.zip", packed({f"{n:03}.txt": TEXT for n in range(200)})))
    assert sum(page is not None for page, _ in found.values()) == 200
    assert len(opened) == 1
    again = pages(put(tmp_path, "year.zip", packed({"new.txt": TEXT})))
    assert list(again) == ["year.zip/new.txt"]


def test_names_that_chinese_windows_packs_are_read(tmp_path: Path) -> None:
    data = packed({"xxxx.txt": TEXT}).replace(b"xxxx.txt", "头版".encode("gb18030") + b".txt")
    assert list(pages(put(tmp_path, "i.zip", data))) == ["i.zip/头版.txt"]


def test_in_a_folder_one_form_of_a_page_is_read_and_what_a_browser_saves_beside_it_is_not(tmp_path: Path) -> None:
    for name in ("A01.pdf", "A01.txt", "A02.html", "A02_files/frame.html", "A03.docx", "notes.md"):
        put(tmp_path, name, "x")
    assert [source.id for source in find_pages([str(tmp_path)])] == ["A01.txt", "A02.html", "A03.docx"]
    named = [source.id for source in find_pages([str(tmp_path / "A01.pdf"), str(tmp_path)])]
    assert named == ["A01.pdf", "A01.txt", "A02.html", "A03.docx"]


def test_what_a_file_says_of_itself_is_a_hint_and_never_a_date(tmp_path: Path) -> None:
    [(page, findings)] = pages(put(tmp_path, "a.docx", docx(run(HEADLINE), run(MORE)))).values()
    assert page is not None
    assert page.issued == ""
    assert any(f.code == "no-date" and "2024-05-07" in f.message for f in findings)


def bomb() -> bytes:
    return packed({"a.txt": "市" * 3_000_000})


def locked() -> bytes:
    data = bytearray(packed({"a.txt": TEXT}))
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flag] |= 1
    return bytes(data)


def twins() -> bytes:
    return packed({"a.txt": TEXT, "b.txt": TEXT}).replace(b"b.txt", b"a.txt")


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "市市市市市市市市市市">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + f"]><w:document {papers.W}><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>"
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
GOOD = packed({"a.txt": TEXT})
HOSTILE: dict[str, tuple[str, str | bytes, str]] = {
    "empty pdf": ("a.pdf", b"", "empty"),
    "empty zip": ("a.zip", packed({}), "no page in this archive"),
    "empty html": ("a.html", html(""), "empty"),
    "damaged pdf": ("a.pdf", b"%PDF-1.4\n" + bytes(range(256)) * 9, "damaged"),
    "pdf cut off": ("a.pdf", paper_pdf()[:200], "damaged"),
    "locked pdf": ("a.pdf", papers.locked_pdf(), "encrypted"),
    "scanned pdf": ("a.pdf", pdf([]), "no text, only pictures"),
    "foreign pdf": ("a.pdf", pdf([(20, 400, 10, "The council met on Tuesday.")]), "hardly any Chinese"),
    "pdf named html": ("a.html", paper_pdf(), "begins like PDF"),
    "html named pdf": ("a.pdf", paper_html(), "begins like HTML"),
    "html named txt": ("a.txt", paper_html(), "begins like HTML"),
    "zip named txt": ("a.txt", GOOD, "begins like ZIP"),
    "text named docx": ("a.docx", TEXT, "does not begin like one"),
    "zip named docx": ("a.docx", GOOD, "no Word document"),
    "zip named epub": ("a.epub", GOOD, "is missing in this EPUB"),
    "old word": ("a.docx", OLE, "old or encrypted"),
    "zip cut off": ("a.zip", GOOD[:-30], "damaged"),
    "zip with wrong sum": ("a.zip", GOOD.replace(GOOD[50:54], b"\0\0\0\0"), "damaged"),
    "zip bomb": ("a.zip", bomb(), "times its size"),
    "locked zip": ("a.zip", locked(), "encrypted"),
    "zip in zip": ("a.zip", packed({"b.zip": GOOD}), "inside an archive"),
    "out of the archive": ("a.zip", packed({"../../etc/a.txt": TEXT}), "leads out"),
    "absolute name": ("a.zip", packed({"/etc/a.txt": TEXT}), "leads out"),
    "name with a drive": ("a.zip", packed({"C:\\a.txt": TEXT}), "leads out"),
    "two of one name": ("a.zip", twins(), "2 members of this name"),
    "line break in a name": ("a.zip", packed({"a\nb.txt": b""}), "empty"),
    "mislabelled member": ("a.zip", packed({"a.pdf": TEXT}), "does not begin like one"),
    "entities in docx": ("a.docx", packed({"word/document.xml": LAUGHS}), "damaged|empty"),
    "broken xml in docx": ("a.docx", packed({"word/document.xml": "<w:document"}), "damaged"),
    "deep xml in docx": ("a.docx", packed({"word/document.xml": "<a>" * 99_999}), "damaged"),
    "epub that leaves itself": ("a.epub", epub({"../../../a.xhtml": paper_html()}, ["../../../a.xhtml"]), "is missing"),
    "epub with a lock": (
        "a.epub", epub({"a.xhtml": paper_html()}, ["a.xhtml"], **{"META-INF/encryption.xml": "<e/>"}), "copying",
    ),
    "huge text in html": ("a.html", html("<p>", "市政府" * 300_000), "larger than 2 MB"),
    "huge file": ("a.pdf", b"%PDF-1.4\n" + bytes(64_000_000), "larger than 64 MB"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "wanted"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_bad_file_gives_one_clear_line(tmp_path: Path, name: str, data: str | bytes, wanted: str) -> None:
    said = complaint(tmp_path, name, data)
    assert re.search(wanted, said), said
    assert re.search(r"[\u4e00-\u9fff]", said)
    assert name in said


def test_deep_html_is_read_or_refused_in_one_line(tmp_path: Path) -> None:
    [(page, findings)] = pages(put(tmp_path, "a.html", html("<div>" * 50_000, MORE))).values()
    assert page is not None or "\n" not in findings[0].message


@pytest.mark.parametrize("name", PAPERS)
def test_damage_anywhere_is_one_line_or_none(tmp_path: Path, name: str) -> None:
    chance = random.Random(name)
    for turn in range(60):
        data = bytearray(PAPERS[name])
        for _ in range(chance.randint(1, 20)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        cut = chance.randrange(len(data)) if turn % 3 == 0 else len(data)
        for page, findings in pages(put(tmp_path, name, bytes(data[:cut]))).values():
            assert page is not None or len(findings) == 1
            assert all("\n" not in finding.message for finding in findings)


def test_members_that_overlap_are_not_opened(tmp_path: Path) -> None:
    data = packed({f"{n:03}.txt": TEXT * 20 for n in range(9)}, zipfile.ZIP_STORED)
    shared = bytearray(data)
    for place in [m.start() for m in re.finditer(b"PK\x01\x02", data)]:
        shared[place + 42 : place + 46] = bytes(4)  # every member begins where the first one does
    first = data.index(b"PK\x03\x04", 9)
    directory = data.index(b"PK\x01\x02")
    short = bytearray(bytes(shared[:first]) + bytes(shared[directory:]))
    end = short.rindex(b"PK\x05\x06")
    short[end + 16 : end + 20] = first.to_bytes(4, "little")
    assert "overlap" in complaint(tmp_path, "a.zip", bytes(short))


def test_without_the_libraries_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("kg.page.pdf", "kg.page.webpage", "kg.page.docx", "kg.page.epub"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    for module in ("lxml", "pypdfium2"):
        monkeypatch.setitem(sys.modules, module, None)
    for name in ("a.html", "a.docx", "a.epub", "a.pdf"):
        assert "pip install 'fangzhi[inputs]'" in complaint(tmp_path, name, PAPERS[name])
    assert text(tmp_path, "a.zip", PAPERS["a.zip"]) == TEXT


def test_a_pdf_is_shown_and_standard_input_says_what_it_takes(tmp_path: Path) -> None:
    shown = kg("show", put(tmp_path, "a.pdf", paper_pdf()))
    assert (shown.code, HEADLINE in shown.out) == (0, True)
    piped = kg("show", "-", stdin=paper_pdf())
    assert (piped.code, "begins like PDF" in piped.err) == (2, True)
