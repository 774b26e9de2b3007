"""The divisions of China: names, short forms, descent, and misprints mended by a unique look-alike."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kg.gazetteer import Division, Gazetteer, gazetteer, holders

LEXICON = Path(__file__).parent.parent / "kg" / "lexicon"


def one(name: str) -> Division:
    (division,) = gazetteer().named(name)
    return division


def names(divisions: tuple[Division, ...]) -> list[str]:
    return [division.name for division in divisions]


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("株洲", ["株洲市"]),
        ("湖南", ["湖南省"]),
        ("内蒙古", ["内蒙古自治区"]),
        ("广西", ["广西壮族自治区"]),
        ("新疆", ["新疆维吾尔自治区"]),
        ("香港", ["香港特别行政区"]),
        ("台湾", ["台湾省"]),
        ("天元", ["天元区"]),
        ("醴陵", ["醴陵市"]),
        ("浦东", ["浦东新区"]),
        ("神农架", ["神农架林区"]),
        ("恩施", ["恩施土家族苗族自治州", "恩施市"]),
        ("恩施州", ["恩施土家族苗族自治州"]),
        ("巴音郭楞", ["巴音郭楞蒙古自治州"]),
        ("江华", ["江华瑶族自治县"]),
        ("江华县", ["江华瑶族自治县"]),
        ("鄂温克", ["鄂温克族自治旗"]),
        ("东乡", ["东乡区", "东乡族自治县"]),
        ("管城", ["管城回族区"]),
        ("吉林", ["吉林省", "吉林市"]),
        ("嘉峪关", ["嘉峪关市"]),
        ("锡林郭勒", ["锡林郭勒盟"]),
        ("攸", []),
        ("巴林左", []),
        ("合肥高新技术产业开发", []),
        ("江州", ["江州区"]),
        ("", []),
    ],
)
def test_short_forms(short: str, full: list[str]) -> None:
    assert names(gazetteer().short(short)) == full


@pytest.mark.parametrize("shell", ["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"])
def test_shells_are_no_names(shell: str) -> None:
    assert gazetteer().named(shell) == ()


@pytest.mark.parametrize(
    ("name", "parent"),
    [
        ("芦淞区", "株洲市"),
        ("株洲市", "湖南省"),
        ("东城区", "北京市"),
        ("渝中区", "重庆市"),
        ("城口县", "重庆市"),
        ("仙桃市", "湖北省"),
        ("济源市", "河南省"),
        ("定安县", "海南省"),
        ("石河子市", "新疆维吾尔自治区"),
        ("嘉峪关市", "甘肃省"),
    ],
)
def test_parents(name: str, parent: str) -> None:
    assert gazetteer().parent(one(name)) == one(parent)
    assert one(name) in gazetteer().children(one(parent))
    assert gazetteer().within(one(name), one(parent))
    assert not gazetteer().within(one(parent), one(name))


def test_a_province_has_no_parent() -> None:
    assert gazetteer().parent(one("湖南省")) is None


def test_the_districts_of_a_city() -> None:
    expected = ["荷塘区", "芦淞区", "石峰区", "天元区", "渌口区", "攸县", "茶陵县", "炎陵县", "醴陵市"]
    assert names(gazetteer().children(one("株洲市"))) == expected


@pytest.mark.parametrize(("city", "town"), [("东莞市", "虎门镇"), ("中山市", "小榄镇"), ("儋州市", "那大镇")])
def test_a_city_without_counties_has_its_towns_next_below(city: str, town: str) -> None:
    (home,) = gazetteer().named(city)
    assert town in names(gazetteer().children(home))
    (below,) = gazetteer().named(town, home)
    assert gazetteer().parent(below) == home


def test_streets_are_found_only_within_a_place() -> None:
    zhuzhou = one("株洲市")
    assert gazetteer().named("白关镇") == ()
    assert [(town.name, town.level) for town in gazetteer().named("白关镇", zhuzhou)] == [("白关镇", 4)]
    assert gazetteer().named("白关镇", one("长沙市")) == ()
    assert names(gazetteer().short("白关", zhuzhou)) == ["白关镇"]
    assert names(gazetteer().short("嵩山街道", zhuzhou)) == ["嵩山路街道"]
    assert gazetteer().short("嵩山路", zhuzhou) == ()  # a road


def test_a_name_within_its_own_place_and_of_several_places() -> None:
    assert gazetteer().named("株洲市", one("株洲市")) == (one("株洲市"),)
    assert len(gazetteer().named("朝阳区")) == 2
    assert len(gazetteer().named("朝阳区", one("北京市"))) == 1


@pytest.mark.parametrize(
    ("city", "home"),
    [
        ("株洲市", "株洲市"),
        ("株洲", "株洲市"),
        ("上海", "上海市"),
        ("吉林", "吉林市"),
        ("仙桃", "仙桃市"),
        ("恩施", "恩施土家族苗族自治州"),
        ("朝阳", "朝阳市"),
        ("醴陵", "醴陵市"),
        ("海南", None),
        ("湖南", None),
        ("湖南省", None),
        ("鼓楼区", None),
        ("乌有", None),
        ("", None),
    ],
)
def test_home(city: str, home: str | None) -> None:
    found = gazetteer().home(city)
    assert (found and found.name) == home


@pytest.mark.parametrize(
    ("printed", "meant", "sure"),
    [
        ("芦凇区", "芦淞区", True),
        ("芦松区", "芦淞区", True),
        ("禄口区", "渌口区", True),
        ("万渡镇", "沔渡镇", False),
        ("芦淞区", None, False),  # as it should be
        ("天心区", None, False),  # a district of another city of the province
        ("天河区", None, False),  # a district of another province
        ("泰山路街道", None, False),  # really there
        ("芦淞镇", None, False),  # another kind of place
        ("攸乡", None, False),  # too short to prove anything
        ("", None, False),
    ],
)
def test_lookalikes(printed: str, meant: str | None, sure: bool) -> None:
    found = gazetteer().lookalike(printed, one("株洲市"))
    assert (found and found.division.name, bool(found and found.sure)) == (meant, sure)


SMALL = (
    "99\t测试省",
    "9901\t甲城市",
    "990101\t河东区",
    "990101101\t石塘镇",
    "990101102\t石溏镇",
    "990101103\t黄龙寨镇",
    "990101104\t南渡镇",
)


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("河西区", None),  # a contrast, not a misprint
        ("石搪镇", None),  # two are near
        ("黄龙塞镇", "黄龙寨镇"),
        ("黄龙山镇", "黄龙寨镇"),  # two further characters agree
    ],
)
def test_lookalikes_must_be_unique_and_no_contrast(printed: str, meant: str | None) -> None:
    small = Gazetteer(SMALL)
    found = small.lookalike(printed, small.named("甲城市")[0])
    assert (found and found.division.name) == meant


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("洛阳高新区", ("洛阳市", "洛阳")),
        ("洛阳市高新区", ("洛阳",)),  # the full name stands there
        ("洛阳市", ()),  # a division itself
        ("洛阳人", ()),  # too short to be named after a place
        ("云泽高新区", ()),  # no division
    ],
)
def test_places_with_whose_short_name_a_name_begins(name: str, places: tuple[str, ...]) -> None:
    assert holders(name) == places


def test_every_division_hangs_in_the_tree() -> None:
    rows = [line.split("\t") for line in (LEXICON / "divisions.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    codes = {code for code, _ in rows}
    assert len(rows) == len(codes) == 44_246
    cut = {9: 6, 6: 4, 4: 2}
    assert all(code[: cut[len(code)]] in codes for code in codes if len(code) > 2)
    assert sorted({len(code) for code in codes}) == [2, 4, 6, 9]
    assert all(name and name == name.strip() for _, name in rows)


def test_lookalikes_are_symmetric() -> None:
    with (LEXICON / "lookalikes.tsv").open(encoding="utf-8", newline="") as file:
        table = {row["term"]: row["value"] for row in csv.DictReader(file, delimiter="\t")}
    assert all(len(term) == 1 and term not in near for term, near in table.items())
    assert all(term in table[other] for term, near in table.items() for other in near)


def test_surnames() -> None:
    with (LEXICON / "surnames.tsv").open(encoding="utf-8", newline="") as file:
        table = {row["term"]: row for row in csv.DictReader(file, delimiter="\t")}
    assert len(table) >= 450
    assert {row["value"] for row in table.values()} == {"common", "rare"}
    assert all((len(term) > 1) == row["note"].startswith("compound") for term, row in table.items())
    assert {"王", "欧阳", "覃", "上官"} <= table.keys()
