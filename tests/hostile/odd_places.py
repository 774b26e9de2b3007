"""Where a page can stand and what can stand in its place: name → what makes it in a folder."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

from odd_texts import PLAIN

Making = Callable[[Path], None]
UTF = PLAIN.encode()


def named(name: str | bytes) -> Making:
    """A page of this file name."""

    def make(folder: Path) -> None:
        with open(os.path.join(os.fsencode(folder), os.fsencode(name)), "wb") as file:
            file.write(UTF)

    return make


def link(target: str, name: str = "link.txt") -> Making:
    """A link to a place, seen from its folder."""
    return lambda folder: os.symlink(target, folder / name)


def _loop(folder: Path) -> None:
    os.symlink("b.txt", folder / "a.txt")
    os.symlink("a.txt", folder / "b.txt")


def _folders_in_a_circle(folder: Path) -> None:
    (folder / "inner").mkdir()
    os.symlink("..", folder / "inner" / "outer")
    named("a.txt")(folder / "inner")


def _socket(folder: Path) -> None:
    here = os.getcwd()
    os.chdir(folder)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("s.txt")
    finally:
        os.chdir(here)


def _locked(folder: Path) -> None:
    named("locked.txt")(folder)
    (folder / "locked.txt").chmod(0)


def _locked_folder(folder: Path) -> None:
    (folder / "locked").mkdir()
    named("a.txt")(folder / "locked")
    (folder / "locked").chmod(0)


def _deep(folder: Path) -> None:
    below = folder
    for _ in range(60):
        below = below / "很深的文件夹"
        below.mkdir()
    named("a.txt")(below)


def _twins(folder: Path) -> None:
    for one in ("a", "b", "a/b"):
        (folder / one).mkdir(exist_ok=True)
        named("same.txt")(folder / one)


def _hard_links(folder: Path) -> None:
    named("one.txt")(folder)
    os.link(folder / "one.txt", folder / "two.txt")
    os.symlink("one.txt", folder / "three.txt")


NAMES: dict[str, str | bytes] = {
    "gbk": "头版".encode("gbk") + b".txt",
    "no encoding": b"\xff\xfe\x80.txt",
    "big5": "頭版".encode("big5") + b".txt",
    "half a character": "头".encode()[:2] + b".txt",
    "line feed": "a\nb.txt",
    "carriage return": "a\rb.txt",
    "two names in one": "a.txt\nb.txt",
    "tab": "a\tb.txt",
    "bell": "a\x07b.txt",
    "escape": "\x1b[31m红\x1b[0m.txt",
    "del": "a\x7fb.txt",
    "leading dash": "-o.txt",
    "two dashes": "--help.txt",
    "a dash": "-.txt",
    "255 bytes": "版" * 83 + "aa.txt",
    "blanks at the ends": " a .txt",
    "blank before the dot": "a .txt",
    "ideographic blank": "\u3000.txt",
    "no-break space": "\xa0.txt",
    "zero width": "a\u200bb.txt",
    "bidi": "a\u202etxt.exe.txt",
    "isolate": "\u2066a\u2069.txt",
    "line separator": "a\u2028b.txt",
    "private use": "\ue000\uf8ff.txt",
    "beyond the plane": "𠮷.txt",
    "emoji": "📰.txt",
    "unassigned": "\U000e0fff.txt",
    "composed": "é.txt",
    "decomposed": "e\u0301.txt",
    "number sign": "a#b.txt",
    "question mark": "a?b.txt",
    "percent": "a%2Fb%.txt",
    "percent of a nul": "a%00.txt",
    "colon": "http:a.txt",
    "at": "a@b.txt",
    "backslash": "a\\b.txt",
    "quotes": "a\"b'c`d.txt",
    "brackets": "[a](b){c}.txt",
    "angle brackets": "<script>alert(1)<script>.txt",
    "glob": "*[!a]?.txt",
    "variables": "$HOME ~ %PATH%.txt",
    "formula": "=1+1.txt",
    "semicolon": "a;b&c|d.txt",
    "comma": "a,b.txt",
    "dots": "a..b...txt",
    "two endings": "a.html.txt",
    "capitals": "A.TXT",
    "a device of Windows": "CON.txt",
    "a table's name": "pages.toml.txt",
    "our own name": "graph.ttl.txt",
    "toml key": 'a"]\n[x.txt',
    "rich": "[red]a[bold].txt",
    "url": "file:%2F%2Fa.txt",
    "only the ending": "....txt",
}

PLACES: dict[str, Making] = {
    **{f"name: {name}": named(given) for name, given in NAMES.items()},
    "dangling link": link("nowhere.txt"),
    "link to itself": link("link.txt"),
    "links in a circle": _loop,
    "folders in a circle": _folders_in_a_circle,
    "link to /dev/zero": link("/dev/zero", "zero.txt"),
    "link to /dev/null": link("/dev/null", "null.txt"),
    "link to /dev/random": link("/dev/urandom", "random.txt"),
    "link to a terminal": link("/dev/tty", "tty.txt"),
    "link to a file of /proc": link("/proc/self/mem", "mem.txt"),
    "link to a growing file": link("/proc/self/environ", "environ.txt"),
    "link to a folder": link("/", "root.txt"),
    "link beyond a file": link("a.txt/b.txt"),
    "link with a long name": link("x" * 4_000),
    "link not in utf-8": lambda folder: os.symlink(b"\xff.txt", os.fsencode(folder) + b"/l.txt"),
    "fifo": lambda folder: os.mkfifo(folder / "f.txt"),
    "fifo as an archive": lambda folder: os.mkfifo(folder / "f.zip"),
    "socket": _socket,
    "folder named as a page": lambda folder: (folder / "x.txt").mkdir(),
    "folder named as an archive": lambda folder: (folder / "x.zip").mkdir(),
    "empty folder": lambda folder: (folder / "empty").mkdir(),
    "file that may not be read": _locked,
    "folder that may not be read": _locked_folder,
    "sixty folders deep": _deep,
    "pages of one name": _twins,
    "one page by three names": _hard_links,
    "hidden page": named(".hidden.txt"),
    "page without an ending": named("page"),
    "huge hole": lambda folder: os.truncate(os.open(folder / "hole.txt", os.O_CREAT | os.O_WRONLY), 2**40),
    "huge hole as a pdf": lambda folder: os.truncate(os.open(folder / "hole.pdf", os.O_CREAT | os.O_WRONLY), 2**40),
}
