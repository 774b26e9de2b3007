"""The page in a real browser: what a reader does, and what the page then shows."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from reader import choose, drawn, find, spot, state
from view_sample import one_person, sample

from kg.model import Knowledge
from kg.view import write_html

playwright = pytest.importorskip("playwright.sync_api", reason="the viewer's tests need playwright (extra dev)")
expect = playwright.expect

if TYPE_CHECKING:
    from conftest import Open

OFFICIAL = "person/单晓岚"

HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "<!--<script>alert(1)</script>",
    "王\"o'\\u003cb>`${1}`",
    "张😀𠮷",
    "长" * 200,
    "\u2028李\u2029三",
    "&lt;b&gt;&amp;",
    "__proto__",
    "=cmd|' /C calc'!A0",
]


NAMELESS = """[...document.querySelectorAll("button, input, aside, section, [role]:not([role=status])")]
  .filter((one) => one.offsetParent)
  .filter((one) => !(one.getAttribute("aria-label") || one.textContent.trim() || one.labels?.length))
  .map((one) => one.outerHTML)"""


def test_opens_with_everything_and_says_so(open_page: Open) -> None:
    knowledge = sample()
    page = open_page(knowledge)
    assert drawn(page) == {entity.id for entity in knowledge.entities}
    assert "全部在画面上" in page.inner_text("#shown")
    assert page.title() == "临湖日报、临湖晚报 2023-03-06 – 2024-06-11"


def test_panel_of_a_person(open_page: Open) -> None:
    page = open_page(sample(), f"#{OFFICIAL}")
    assert page.inner_text("#panel .kind") == "公职人员"
    posts = page.locator(".timeline li").all_inner_texts()
    assert [" ".join(post.split()) for post in posts] == [
        "临湖市水利局局长 2023-03-06",
        "南浦区人民政府区长 2024-02-20 – 2024-06-11",
    ]
    page.locator(".relation summary", has_text="临湖市水利局").click()
    quote = page.locator(".relation[open] .quote")
    assert quote.locator("blockquote").inner_text() == sample().readings[0].page.text.split("\n")[2]
    assert quote.locator("mark").all_inner_texts() == ["市水利局", "单晓岚"]
    assert quote.locator(".source").inner_text() == "《清湖三年行动今年收官》 临湖日报 2023-03-06 第 1 版"


def test_panel_of_a_line_with_citation(open_page: Open) -> None:
    page = open_page(sample())
    page.evaluate("location.hash = '#?edge=person/单晓岚,agency/南浦区人民政府'")
    page.wait_for_selector("#panel .card")
    page.locator(".cite summary").first.click()
    assert page.locator(".citation").all_text_contents() == [
        "宋词. 单晓岚任南浦区区长[N]. 临湖晚报, 2024-02-20(A03).",
        "白鹭湖湿地修复工程开工[N]. 临湖晚报, 2024-06-11.",
    ]
    page.locator(".cite button").first.click()
    expect(page.locator("#note")).to_contain_text("已复制")


def test_click_selects_and_hover_lights_the_neighbours(open_page: Open) -> None:
    page = open_page(sample())
    page.mouse.move(*spot(page, OFFICIAL))
    expect(page.locator("#canvas")).to_have_css("cursor", "pointer")
    lit = page.evaluate("fangzhi.lit() && [...fangzhi.lit().things].map((thing) => thing.id)")
    assert set(lit) == {OFFICIAL, "agency/临湖市水利局", "agency/南浦区人民政府"}
    page.mouse.click(*spot(page, OFFICIAL))
    page.wait_for_selector("#panel h2")
    assert page.inner_text("#panel h2") == "单晓岚"


def test_class_filter_hides_and_shows_again(open_page: Open) -> None:
    page = open_page(sample())
    before = drawn(page)
    page.click("[data-key=Place]")
    assert drawn(page) == {thing for thing in before if not thing.startswith("place/")}
    assert "筛选略去 10 个" in page.inner_text("#shown")
    page.click("[data-key=reset]")
    assert drawn(page) == before


def test_relation_filter_hides_lines_and_rows(open_page: Open) -> None:
    page = open_page(sample(), f"#{OFFICIAL}")
    page.click("[data-key=holdsPostIn]")
    assert page.locator("#panel .relation").count() == 0
    assert drawn(page) == {entity.id for entity in sample().entities}


def test_newspaper_filter(open_page: Open) -> None:
    page = open_page(sample())
    page.click("[data-key='paper:临湖日报']")
    left = drawn(page)
    assert "person/曾令川" not in left
    assert {"person/黎芳", OFFICIAL} <= left


def test_date_range_filter(open_page: Open) -> None:
    page = open_page(sample(), f"#{OFFICIAL}")
    slider = page.locator("[data-key='date:from']")
    slider.focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    assert "from=2024-02-20" in state(page)
    assert page.locator("#panel .relation").all_text_contents() == ["南浦区人民政府区长"]
    assert "person/曾令川" not in drawn(page)


@pytest.mark.parametrize(("source", "kept"), [("evidence", False), ("inferred", True)])
def test_evidence_or_inferred(open_page: Open, source: str, kept: bool) -> None:
    page = open_page(sample())
    page.click(f"[data-key='source:{source}']")
    inferred = page.evaluate("[...fangzhi.passing.links].some((link) => !link.sentences.length)")
    quoted = page.evaluate("[...fangzhi.passing.links].some((link) => link.sentences.length > 0)")
    assert (inferred, quoted) == (kept, not kept)


def test_path_between_two_with_sentences(open_page: Open) -> None:
    knowledge = sample()
    graph = nx.Graph((s.subject, s.object) for s in knowledge.statements)
    ends = ("person/石玉兰", "person/周启明")
    expected = nx.shortest_path_length(graph, *ends)
    page = open_page(knowledge, f"#{ends[0]}")
    page.keyboard.press("l")
    assert "再选一个" in page.inner_text("#panel")
    choose(page, "周启明")
    assert f"最短 {expected} 步" in page.inner_text("#panel")
    first = page.locator(".path").first
    assert first.locator(".statement").count() == expected
    first.locator("summary").first.click()
    assert "捐书三百册" in first.inner_text()
    assert set(page.evaluate("[...fangzhi.lit().things].map((thing) => thing.id)")) >= set(ends)


def test_no_path_says_so(open_page: Open) -> None:
    page = open_page(sample(), "#?path=person/黎芳,person/单晓岚")
    assert "没有联系" in page.inner_text("#panel")


def test_hide_pin_and_undo(open_page: Open) -> None:
    page = open_page(sample(), f"#{OFFICIAL}")
    page.keyboard.press("h")
    assert OFFICIAL not in drawn(page)
    page.keyboard.press("z")
    assert OFFICIAL in drawn(page)
    assert page.inner_text("#panel h2") == "单晓岚"
    page.keyboard.press("p")
    assert "pin=" in state(page)
    page.click("#do-undo")
    assert "pin=" not in state(page)


def test_drag_pins_and_the_link_reopens_it(open_page: Open) -> None:
    page = open_page(sample())
    x, y = spot(page, OFFICIAL)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=4)
    page.mouse.up()
    assert page.is_hidden("#panel")
    page.click("[data-key=Program]")
    place = state(page)
    again = open_page(Path(page.url.split("#")[0].removeprefix("file://")), place)
    assert again.evaluate("location.hash") == place
    assert drawn(again) == drawn(page)
    moved, reopened = spot(page, OFFICIAL), spot(again, OFFICIAL)
    assert moved == pytest.approx(reopened, abs=2)
    assert moved != pytest.approx((x, y), abs=20)


def test_physics_moves_only_the_selection_and_stops(open_page: Open) -> None:
    page = open_page(sample(), f"#{OFFICIAL}")
    far = spot(page, "person/黎芳")
    near = spot(page, OFFICIAL)
    page.get_by_role("button", name="重新排开").click()
    expect(page.locator("#panel")).to_contain_text("重新排开", timeout=10000)
    assert spot(page, "person/黎芳") == pytest.approx(far, abs=0.5)
    assert spot(page, OFFICIAL) != pytest.approx(near, abs=0.5)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(open_page: Open, name: str) -> None:
    page = open_page(one_person(name, sentence=f"局里的{name}到场。"), title=name)
    choose(page, "水利局")
    page.locator(".relation summary").click()
    who = page.locator(".relation .who").text_content() or ""
    assert who == name
    assert page.locator("img:not(#printed)").count() == 0
    assert page.locator("mark").last.text_content() == "".join(re.split("[\u2028\u2029]", name))


def test_empty_graph_says_so(open_page: Open) -> None:
    page = open_page(Knowledge())
    assert "图谱里还没有内容" in page.inner_text("#empty")


def test_filters_that_leave_nothing_say_so(open_page: Open) -> None:
    page = open_page(sample())
    for kind in ("Official", "Person", "Agency", "Enterprise", "Place", "Program"):
        page.click(f"[data-key={kind}]")
    assert "什么也没有剩下" in page.inner_text("#empty")


def test_labels_do_not_overlap_at_the_first_view(open_page: Open) -> None:
    page = open_page(sample())
    boxes = page.evaluate(
        """() => { const scale = fangzhi.network().getScale(); return fangzhi.labels.shown.map((one) => [
          one.at[0] * scale + one.dx, one.at[1] * scale + one.dy, one.half]); }"""
    )
    assert len(boxes) > 30
    overlaps = [
        (a, b)
        for i, a in enumerate(boxes)
        for b in boxes[:i]
        if abs(a[1] - b[1]) < 15 and abs(a[0] - b[0]) < a[2] + b[2]
    ]
    assert overlaps == []


def test_english_and_dark(open_page: Open) -> None:
    page = open_page(sample(), f"#{OFFICIAL}")
    page.click("#do-lang")
    assert page.inner_text("#panel .kind") == "Official"
    assert "all on screen" in page.inner_text("#shown")
    assert page.get_attribute("html", "lang") == "en"
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.keyboard.press("d")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_no_word_is_missing_in_either_language(open_page: Open) -> None:
    page = open_page(sample())
    words: dict[str, list[str]] = page.evaluate("fangzhi.WORDS")
    assert [key for key, pair in words.items() if len(pair) != 2 or not all(pair)] == []


def test_masked_page_says_how_many(open_page: Open, tmp_path: Path) -> None:
    page = open_page(sample(), mask="ordinary")
    assert "4 位普通居民的姓名已隐去" in page.inner_text("#note")
    choose(page, "jma")
    assert page.inner_text("#panel h2") == "居民A"
    write_html(sample(), tmp_path / "open.html")
    assert "石玉兰" in (tmp_path / "open.html").read_text("utf-8")


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_every_control_has_a_name_and_fits(open_page: Open, size: tuple[int, int]) -> None:
    page = open_page(sample(), f"#{OFFICIAL}", size)
    nameless = page.evaluate(NAMELESS)
    assert nameless == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    box: Any = page.locator("#panel").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]


def test_copied_link_reopens_the_same_view(open_page: Open) -> None:
    page = open_page(sample(), f"#{OFFICIAL}")
    page.click("[data-key=Program]")
    page.mouse.move(600, 500)
    page.mouse.wheel(0, -200)
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.click("#do-link")
    expect(page.locator("#note")).to_contain_text("已复制")
    link = page.evaluate("copied")
    again = open_page(Path(page.url.split("#")[0].removeprefix("file://")), "#" + link.split("#")[1])
    assert again.inner_text("#panel h2") == "单晓岚"
    assert drawn(again) == drawn(page)
    assert spot(again, "person/黎芳") == pytest.approx(spot(page, "person/黎芳"), abs=2)


def test_namesakes_are_told_apart(open_page: Open) -> None:
    knowledge = one_person("王伟", sentence="王伟到场。")
    body, person = knowledge.entities
    other = replace(person, id="person/王伟@北塘县", official=False)
    page = open_page(replace(knowledge, entities=(body, person, other)))
    find(page, "ww")
    assert sorted(page.locator("#hits [role=option] .quiet").all_inner_texts()) == ["@北塘县", "临湖市水利局主任"]
