"""Page files: which are found, how they are decoded, what their masthead says, and what bad ones give."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from kg import lexicon
from kg.errors import PageError
from kg.model import Finding, Level, Page
from kg.page import decode, find_pages, read_page
from kg.page.issue_date import derive
from kg.page.masthead import home_of, read_masthead
from kg.page.source import legible

TEXT = "东河日报\n2024年5月6日 星期一\n\n东河桥通车\n\n本报讯(记者 王强) 昨天,东河桥正式通车,市民多了一个选择。\n"


def read(path: Path | str, **stated: str) -> tuple[Page | None, list[Finding]]:
    (source,) = find_pages([str(path)])
    return read_page(source, **stated)


def write(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def ids(*inputs: object) -> list[str]:
    return [source.id for source in find_pages([str(given) for given in inputs])]


def test_folders_globs_and_files_are_found_once_and_sorted(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "deep/er/c.TXT", "notes.md", ".hidden/d.txt"):
        write(tmp_path, name, TEXT)
    assert ids(tmp_path) == ["a.txt", "b.txt", "c.TXT"]
    assert ids(tmp_path / "b.txt", tmp_path, tmp_path / "*.txt") == ["a.txt", "b.txt", "c.TXT"]
    assert ids(tmp_path / "**" / "c.*") == ["c.TXT"]
    assert ids(tmp_path / "notes.md") == ["notes.md"]


def test_pages_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for name in ("2023/01/p.txt", "2024/01/p.txt", "2024/02/p.txt", "q.txt"):
        write(tmp_path, name, TEXT)
    assert ids(tmp_path) == ["02/p.txt", "2023/01/p.txt", "2024/01/p.txt", "q.txt"]


def test_an_id_does_not_depend_on_the_order_of_the_inputs(tmp_path: Path) -> None:
    a, b = write(tmp_path, "x/p.txt", TEXT), write(tmp_path, "y/p.txt", TEXT)
    assert find_pages([str(a), str(b)]) == find_pages([str(b), str(a)])


ENCODINGS = [
    (TEXT.encode(), "utf-8", []),
    (TEXT.encode("utf-8-sig"), "utf-8-sig", ["encoding"]),
    (TEXT.encode("gb18030"), "gb18030", ["encoding"]),
    (TEXT.encode("utf-16"), "utf-16", ["encoding"]),
    (TEXT.encode("utf-32"), "utf-32", ["encoding"]),
    (TEXT.replace("\n", "\r\n").encode(), "utf-8", []),
]


@pytest.mark.parametrize(("data", "encoding", "codes"), ENCODINGS)
def test_encoding_is_detected_and_reported(tmp_path: Path, data: bytes, encoding: str, codes: list[str]) -> None:
    page, findings = read(write(tmp_path, "p.txt", data), home="东河市")
    assert page is not None
    assert page.encoding == encoding
    assert page.text == data.decode(encoding)
    assert [f.code for f in findings] == codes
    assert page.issued == "2024-05-06"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_cut_off_last_character_is_reported(tmp_path: Path, encoding: str) -> None:
    page, findings = read(write(tmp_path, "p.txt", TEXT.strip("。\n").encode(encoding)[:-1]), home="东河市")
    assert page is not None
    assert page.text.endswith("\ufffd")
    assert [f.code for f in findings if f.level is Level.WARNING] == ["page-cut-off"]


BAD = {
    "empty": b"",
    "blank": b" \n\t\n\xef\xbb\xbf",
    "binary": bytes(range(256)) * 40,
    "picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\xff\xd8" * 500,
    "english": b"The city council met on Tuesday to discuss the new bridge. " * 20,
    "japanese": ("昨日、市長は新しい橋の開通式に出席しました。" * 9).encode(),
    "korean": ("어제 시장은 새 다리 개통식에 참석했다. " * 9).encode(),
    "bytes in no encoding": bytes([0x81, 0xFF, 0x41, 0xC3]) * 300,
    "wrongly decoded": "".join(chr(0x9000 + i * 7 % 999) for i in range(900)).encode("gb18030"),
    "50 MB line": "东".encode() * 17_000_000,
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
def test_a_bad_page_gives_one_clear_error_that_names_it(tmp_path: Path, data: bytes) -> None:
    page, findings = read(write(tmp_path, "bad.txt", data))
    assert page is None
    assert [(f.level, f.where) for f in findings] == [(Level.ERROR, "bad.txt")]
    assert "bad.txt" in findings[0].message
    assert "\n" not in findings[0].message


def test_a_missing_path_and_an_empty_folder_are_errors_of_their_own_page(tmp_path: Path) -> None:
    write(tmp_path, "good.txt", TEXT)
    (tmp_path / "nothing").mkdir()
    sources = find_pages([str(tmp_path / n) for n in ("gone.txt", "good.txt", "nothing", "no*.such")])
    read = {source.id: read_page(source) for source in sources}
    assert {name for name, (page, _) in read.items() if page} == {"good.txt"}
    assert all(len(found) == 1 for name, (page, found) in read.items() if page is None)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    page, _ = read("-")
    assert page is not None
    assert (page.id, page.path, page.text) == ("stdin.txt", "", TEXT)


def test_what_is_stated_wins_over_what_is_printed(tmp_path: Path) -> None:
    path = write(tmp_path, "p.txt", TEXT)
    write(tmp_path, "pages.toml", '[default]\nhome = "东河市"\n["p.txt"]\nissued = 2024-05-07\nnumber = "A01"\n')
    page, _ = read(path)
    assert page is not None
    assert (page.newspaper, page.home, page.issued, page.issued_certain, page.number) == (
        "东河日报",
        "东河市",
        "2024-05-07",
        True,
        "A01",
    )
    page, _ = read(path, newspaper="西河晚报", issued="2024-05-08", home="西河市")
    assert page is not None
    assert (page.newspaper, page.home, page.issued, page.number) == ("西河晚报", "西河市", "2024-05-08", "A01")


@pytest.mark.parametrize(
    "toml", ["home = ", 'home = "x"', '[default]\ncolour = "red"', '[default]\nissued = "May"', "[default]\nhome = [1]"]
)
def test_a_wrong_pages_toml_stops_with_its_name(tmp_path: Path, toml: str) -> None:
    write(tmp_path, "p.txt", TEXT)
    write(tmp_path, "pages.toml", toml)
    with pytest.raises(PageError, match=r"pages\.toml"):
        find_pages([str(tmp_path)])


MASTHEADS = [
    ("株洲日报\n\n2022年10月9日 星期日\n第23094期 今日4版\n", ("株洲日报", "2022-10-09", "")),
    ("湘 潭 日 报\n二〇二三年十一月十七日\n3 版 民生\n", ("湘潭日报", "2023-11-17", "3")),
    ("A02 要闻 2024年3月5日 星期二\n", ("", "2024-03-05", "A02")),
    ("2024-03-05 第12版 宁波日报\n", ("宁波日报", "2024-03-05", "12")),
    ("标题\n\n常德日报讯(记者 王强) 昨天,开会。\n", ("常德日报", "", "")),
    ("标题\n\n新华社记者 王强\n\n正文在此。\n", ("", "", "")),
    ("标题\n\n本报讯(记者 王强) 2019年3月5日,开会。\n", ("", "", "")),
    ("2023年2月30日\n", ("", "", "")),
    ("读《株洲日报》有感\n\n正文在此。\n", ("", "", "")),
    ("攸县日报　 2016年3月31日　 星期四　 4版　 乡土周刊\n", ("攸县日报", "2016-03-31", "4")),
    ("茶陵报\n2016年3月31日\n", ("茶陵报", "2016-03-31", "")),
    ("株洲日报 ZHUZHOU DAILY\n", ("株洲日报", "", "")),
    ("本报\n喜报\n海报\n简报\n2016年3月31日 攸县日报 见闻一则\n", ("", "2016-03-31", "")),
]


@pytest.mark.parametrize(("text", "want"), MASTHEADS)
def test_masthead(text: str, want: tuple[str, str, str]) -> None:
    assert tuple(read_masthead(text)) == want


HOMES = [
    ("株洲日报", "株洲市"),
    ("闽西日报", "龙岩市"),
    ("长江日报", "武汉市"),
    ("团结报", "湘西土家族苗族自治州"),
    ("永州晚报", "永州市"),  # by its name
    ("人民日报", ""),
    ("茶陵报", "茶陵县"),
    ("攸县日报", "攸县"),
    ("醴陵日报", "醴陵市"),
    ("新华日报", ""),  # a province's; districts of three cities are called so
    ("城区日报", ""),
    ("醴陵新闻网", ""),
    ("东溟日报", ""),
    ("", ""),
]


@pytest.mark.parametrize(("newspaper", "home"), HOMES)
def test_home_city(newspaper: str, home: str) -> None:
    assert home_of(newspaper) == home


def test_the_home_cities_are_divisions_of_china() -> None:
    homes = {row.value for row in lexicon.rows("newspapers") if row.value}
    assert len(homes) > 300
    assert all(home.endswith(("市", "州", "盟", "地区", "区")) for home in homes)


DATES = [
    ("40家企业明天招聘\n\n2023年春天,事多。5月26日上午,招聘会开场。\n", "东河日报", "2023-05-25"),
    ("2023年,本市很忙。昨天(10月8日),会议召开。\n", "东河日报", "2023-10-09"),
    ("2021年活动。6月15日,开工。6月16日,签约。\n", "东河日报", "2021-06-17"),
    ("2021年活动。6月15日,开工。6月16日,签约。\n", "东河晚报", "2021-06-16"),
    ("2021年活动。6月16日,签约。\n", "东河日报", ""),  # a lone day is no ground
    ("6月15日,开工。6月16日,签约。\n", "东河日报", ""),  # no year
    ("到2025年建成。6月15日,开工。6月16日,签约。\n", "东河日报", ""),  # a year to come
    ("2021年活动。6月15日,开工。6月16日将签约。\n", "东河日报", ""),
    ("让明天更美好\n\n2021年活动。6月15日,开工。6月16日,签约。\n", "东河日报", "2021-06-17"),
    ("2022年总结,2023年打算。12月20日,开会。12月21日,签约。\n", "东河日报", ""),
    ("2021年,去年12月20日开会,去年12月21日签约。\n", "东河日报", ""),
    ("2021年,2月30日,2月31日。\n", "东河日报", ""),
]


@pytest.mark.parametrize(("text", "newspaper", "want"), DATES)
def test_a_date_is_derived_or_left_out(text: str, newspaper: str, want: str) -> None:
    found = derive(text, newspaper)
    assert (found.issued if found else "") == want
    assert not found or text[found.start : found.end]


def test_a_derived_date_is_never_certain_and_is_reported(tmp_path: Path) -> None:
    page, findings = read(write(tmp_path, "p.txt", "2021年,活动很多。6月15日,开工典礼举行。6月16日,双方签约。\n"))
    assert page is not None
    assert (page.issued, page.issued_certain) == ("2021-06-17", False)
    assert [f.where for f in findings if f.code == "date-derived"] == ["p.txt:24-29"]


def test_decode_keeps_every_character() -> None:
    assert decode(b"a\r\n\xe4\xb8\xad\x0c\n") == ("a\r\n中\x0c\n", "utf-8", False)
    assert decode(b"\xe4\xb8\xad\xff\xfe\xe4\xb8\xad" * 3) is None


# -- odd files -------------------------------------------------------------------------------------------------------


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A folder with one good page among things that are none."""
    (tmp_path / "good.txt").write_text("云泽市水利局今日开渠。\n", "utf-8")
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "self").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    (tmp_path / "folder.txt").mkdir()
    return tmp_path


@pytest.mark.parametrize("name", ["dangling.txt", "loop.txt", "pipe.txt", "zero.txt", "folder.txt"])
def test_what_is_no_file_is_told_in_one_line(odd: Path, name: str) -> None:
    [source] = find_pages([str(odd / name)])
    page, [finding] = read_page(source)
    assert page is None
    assert (finding.code, "\n" in finding.message) == ("page-unreadable", False)
    assert name in finding.message


@pytest.mark.parametrize("name", ["dangling.txt", "loop.txt", "pipe.txt", "zero.txt"])
def test_in_a_folder_too_what_is_called_as_a_page_and_is_no_file_is_told(odd: Path, name: str) -> None:
    said = [finding.message for source in find_pages([str(odd)]) for finding in read_page(source)[1]]
    assert [message for message in said if message.startswith(f"{odd / name}: ")]


def test_odd_files_cost_no_other_page(odd: Path) -> None:
    assert "good.txt" in [source.id for source in find_pages([str(odd)])]
    assert "good.txt" in [source.id for source in find_pages([str(odd / "*")])]


def test_a_name_that_is_not_utf8_is_read_as_gbk(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + "/云泽日报.txt".encode("gbk")
    with open(path, "wb") as file:
        file.write("云泽市水利局今日开渠。\n".encode())
    [source] = find_pages([str(tmp_path)])
    assert source.id == "云泽日报.txt"
    page, _ = read_page(source)
    assert page is not None


def test_a_name_in_no_encoding_is_escaped() -> None:
    assert legible(os.fsdecode(b"a\xff.txt")) == r"a\xff.txt"


def test_toml_that_is_nested_too_deeply_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("云泽市。", "utf-8")
    (tmp_path / "pages.toml").write_text("a = " + "[" * 20000 + "]" * 20000, "utf-8")
    with pytest.raises(PageError, match=r"pages\.toml"):
        find_pages([str(tmp_path)])


def test_a_linked_page_bears_the_name_of_the_link_and_counts_once(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "x17.txt").write_text("甲", "utf-8")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "A01.txt").symlink_to(tmp_path / "store" / "x17.txt")
    assert [page.id for page in find_pages([str(tmp_path / "pages")])] == ["A01.txt"]
    assert len(find_pages([str(tmp_path / "pages"), str(tmp_path / "store")])) == 1
