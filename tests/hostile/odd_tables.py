"""A `pages.toml`, options and an output folder as nobody should give them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

Q = '["p.txt"]\n'
# What a pages.toml holds → whether the build goes on with it.
TABLES: dict[str, tuple[bytes, bool]] = {
    "empty": (b"", True),
    "blanks": (b"\n \t\n", True),
    "a comment": ("# 报纸".encode(), True),
    "bom": (b"\xef\xbb\xbf[default]\n", True),
    "carriage returns": (b"[default]\r\nhome = 'x'\r\n", True),
    "pages that are not there": (b'["none.txt"]\nnumber = "1"\n', True),
    "a date of toml": (f"{Q}issued = 2024-05-06\n".encode(), True),
    "a number": (f"{Q}number = 7\n".encode(), True),
    "html in a name": (f'{Q}newspaper = "<script>alert(1)</script>"\n'.encode(), True),
    "quotes in a name": (f"{Q}newspaper = '\"}} . ?s ?p ?o # '\n".encode(), True),
    "a line break in a name": (f'{Q}newspaper = "a\\nb"\n'.encode(), True),
    "a nul in a name": (f'{Q}newspaper = "a\\u0000b"\n'.encode(), True),
    "controls in a name": (f'{Q}home = "\\u001b[2J\\u202e"\n'.encode(), True),
    "a long name": (f'{Q}newspaper = "{"报" * 100_000}"\n'.encode(), True),
    "an empty name": (f'{Q}newspaper = ""\n'.encode(), True),
    "a formula": (f"{Q}number = '=1+1'\n".encode(), True),
    "no toml": (b"newspaper: x\n", False),
    "json": (b'{"default": {}}', False),
    "half a table": (b"[default\n", False),
    "half a string": (b'[default]\nhome = "x\n', False),
    "two tables of one name": (b"[default]\n[default]\n", False),
    "two keys of one name": (b"[default]\nhome='a'\nhome='b'\n", False),
    "surrogates": (b'[default]\nhome = "\\ud800"\n', False),
    "beyond unicode": (b'[default]\nhome = "\\U00110000"\n', False),
    "no utf-8": ("[default]\nhome = '株洲市'\n".encode("gbk"), False),
    "utf-16": ("[default]\n".encode("utf-16"), False),
    "binary": (bytes(range(256)), False),
    "nul": (b"[default]\n\0", False),
    "a key outside": (b"home = 'x'\n", False),
    "unknown key": (f"{Q}date = '2024-05-06'\n".encode(), False),
    "a list": (f"{Q}home = ['x']\n".encode(), False),
    "a table in a table": (f"{Q}home = {{a = 1}}\n".encode(), False),
    "a list of tables": (b"[[default]]\nhome = 'x'\n", False),
    "a fraction": (f"{Q}number = 1.5\n".encode(), False),
    "infinity": (f"{Q}number = inf\n".encode(), False),
    "a time": (f"{Q}issued = 07:32:00\n".encode(), False),
    "a time of a day": (f"{Q}issued = 2024-05-06T07:32:00\n".encode(), False),
    "a day that is none": (f"{Q}issued = '2024-02-30'\n".encode(), False),
    "a day that toml refuses": (f"{Q}issued = 2024-02-30\n".encode(), False),
    "a day in words": (f"{Q}issued = '昨天'\n".encode(), False),
    "a week": (f"{Q}issued = '2024-W10-1'\n".encode(), False),
    "a day in other digits": (f"{Q}issued = '２０２４-05-06'\n".encode(), False),
    "an empty day": (f"{Q}issued = ''\n".encode(), False),
    "the year zero": (f"{Q}issued = '0000-01-01'\n".encode(), False),
    "deep lists": (b"a = " + b"[" * 20_000, False),
    "deep tables": (b"[" + b"a." * 20_000 + b"a]\n", False),
    "deep inline tables": (b"a = " + b"{a = " * 5_000, False),
    "a name with an escape": (b'["\\u001b[2J"]\nx = 1\n', False),
    "a name with a line break": (b'["a\\nb"]\nx = 1\n', False),
    "a long number": (f"{Q}number = {'9' * 10_000}\n".encode(), False),
}

# Options that are refused: no page is read, nothing is written.
REFUSED: dict[str, list[str]] = {
    "base without an end": ["--base", "https://example.org/id"],
    "base without a scheme": ["--base", "example.org/"],
    "base with a blank": ["--base", "https://example.org/a b/"],
    "base with a bracket": ["--base", "https://example.org/<id>/"],
    "base with half an address": ["--base", "http://[::1/"],
    "base with a wrong address": ["--base", "http://[x]/"],
    "base with a line break": ["--base", "https://example.org/\n/"],
    "base with surrogates": ["--base", "https://example.org/\udce5/"],
    "base with a control": ["--base", "https://example.org/\x01/"],
    "base with an escape that is none": ["--base", "https://example.org/%zz/"],
    "base with a brace": ["--base", "https://example.org/{id}/"],
    "base with a quote": ["--base", 'https://example.org/"/'],
    "base with a no-break space": ["--base", "https://example.org/\xa0/"],
    "base with a turn of writing": ["--base", "https://example.org/\u202e/"],
    "base with a port that is none": ["--base", "http://example.org:port/"],
    "base of a scheme that is none": ["--base", "1http://example.org/"],
    "base of a scheme in Chinese": ["--base", "报://example.org/"],
    "base of a slash": ["--base", "/"],
    "base of a number sign": ["--base", "#"],
    "newspaper with surrogates": ["--newspaper", "\udce5\udc8f"],
    "home with surrogates": ["--home", "\udce5\udc8f"],
    "issued with surrogates": ["--issued", "\udce5"],
    "issued in words": ["--issued", "昨天"],
    "issued on no day": ["--issued", "2023-02-29"],
    "issued in a short form": ["--issued", "20230525"],
    "issued in a week": ["--issued", "2023-W01-1"],
    "issued in a year of five digits": ["--issued", "12023-05-25"],
    "issued with a time": ["--issued", "2023-05-25T00:00"],
    "issued in other digits": ["--issued", "２０２３-05-25"],
    "confidence below": ["--min-confidence", "-0.1"],
    "confidence above": ["--min-confidence", "1.01"],
    "confidence that is no number": ["--min-confidence", "nan"],
    "confidence in words": ["--min-confidence", "高"],
    "confidence without end": ["--min-confidence", "inf"],
    "evidence of another kind": ["--evidence", "all"],
    "workers below": ["--workers", "-1"],
    "workers in words": ["--workers", "two"],
    "weights that are not there": ["--weights", "/nonexistent"],
    "weights that are a file": ["--weights", "/etc/hostname"],
    "an unknown option": ["--nonsense"],
    "an option without a value": ["--newspaper"],
    "a page that is not there": ["none.txt"],
    "a glob that finds nothing": ["none-*.txt"],
    "a glob that is none": ["[[[.txt"],
    "a name with surrogates": ["\udcff.txt"],
    "a name that is too long": ["x" * 5_000 + ".txt"],
    "a name with a nul": ["a\0b.txt"],
    "no name": [""],
    "an address": ["https://example.org/a.txt"],
}
# Options that are strange and fine: what they say is in the output.
TAKEN: dict[str, list[str]] = {
    "html": ["--newspaper", "<script>alert(1)</script>", "--home", "'\"><img src=x>"],
    "controls": ["--newspaper", "\x1b[2J\u202e\n", "--home", "\x07"],
    "turtle": ["--newspaper", '""" . <x> <y> <z> .', "--home", "\\"],
    "formula": ["--newspaper", "=1+1", "--home", "@SUM(1)"],
    "blanks": ["--newspaper", "  ", "--home", "\u3000"],
    "long": ["--newspaper", "报" * 20_000, "--home", "市" * 20_000],
    "marks": ["--newspaper", "[red]%s{0}[/red]", "--home", "{{ 7 * 7 }}"],
    "base of a urn": ["--base", "urn:x:/"],
    "base in Chinese": ["--base", "https://例子.中国/标识/"],
    "base with a query": ["--base", "https://example.org/?q=a&id=/"],
    "base of an address": ["--base", "http://[::1]:80/"],
    "base that is long": ["--base", f"https://example.org/{'a' * 5_000}/"],
    "the first day": ["--issued", "0001-01-01"],
    "the last day": ["--issued", "9999-12-31"],
    "all": ["--min-confidence", "0"],
    "the surest": ["--min-confidence", "1"],
    "many workers": ["--workers", "99"],
    "no sentence": ["--evidence", "offsets"],
}

Place = Callable[[Path], Path]  # a new folder → the output folder in it


def _of(kind: Callable[[Path], None], name: str = "out") -> Place:
    def make(folder: Path) -> Path:
        kind(folder / name)
        return folder / name

    return make


def _below_a_file(folder: Path) -> Path:
    _file(folder / "f")
    return folder / "f" / "out"


def _file(place: Path) -> None:
    place.write_text("mine")


def _linked(folder: Path) -> None:
    folder.with_name("real").mkdir()
    folder.symlink_to("real")


# Output folders that cannot be written: one line, and nothing is changed.
UNWRITABLE: dict[str, Place] = {
    "a file": _of(_file),
    "below a file": _below_a_file,
    "a dangling link": _of(lambda out: os.symlink("nowhere/deep", out)),
    "a link to itself": _of(lambda out: os.symlink("out", out)),
    "controls in its name": lambda folder: _below_a_file(folder) / "\x1b[31m\u202e\nx",
    "surrogates in its name": lambda folder: _below_a_file(folder) / "\udcff",
    "a fifo": _of(os.mkfifo),
    "a device": lambda _: Path("/dev/null"),
    "a system folder": lambda _: Path("/proc/fangzhi"),
    "another system folder": lambda _: Path("/sys/fangzhi"),
    "a name that is too long": lambda folder: folder / ("x" * 300),
    "a path that is too long": lambda folder: folder / "/".join(["x" * 200] * 30),
    "a nul": lambda folder: folder / "a\0b",
    "a folder named as a file of it": _of(lambda out: (out / "graph.ttl" / "x").mkdir(parents=True)),
}
# Output folders that are odd and fine.
WRITABLE: dict[str, Place] = {
    "new and deep": lambda folder: folder / "a" / "b" / "c",
    "a link to a folder": _of(_linked),
    "no utf-8": lambda folder: folder / "\udcff\udcfe",
    "gbk": lambda folder: Path(os.fsdecode(os.fsencode(folder) + b"/" + "输出".encode("gbk"))),
    "a line break": lambda folder: folder / "a\nb",
    "marks": lambda folder: folder / "a#b?c%20d",
    "controls": lambda folder: folder / "\x1b[31m\u202e",
    "blanks": lambda folder: folder / " a ",
    "a dash": lambda folder: folder / "-o",
    "html": lambda folder: folder / "<script>",
    "quotes": lambda folder: folder / "a'b\"c",
    "brackets": lambda folder: folder / "[red]*",
    "a page's name": lambda folder: folder / "x.txt",
    "long": lambda folder: folder / ("版" * 80),
}
