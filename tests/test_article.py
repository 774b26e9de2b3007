"""Articles of a page: where they start, who wrote them, what their running text is, where every character stands."""

from __future__ import annotations

import json
import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.article import sentences, split
from kg.article.byline import parse
from kg.article.dateline import read_dateline
from kg.article.inline import find_lede, find_tail
from kg.article.names import split_run
from kg.model import Article, Block, Page, Role, Span
from kg.page import decode, find_pages, read_page

SHARED = Path(__file__).parents[1] / ".." / "shared"
GOLD = sorted((SHARED / "gold").glob("*.json"))
CASES = sorted((Path(__file__).parent / "cases" / "articles").glob("*.txt"))
DROP = re.compile(r"[\s“”\"'‘’「」『』《》〈〉<>\u200b]")
MARKS = ",():;!?/"
FULL = {ord(mark): ord(mark) + 0xFEE0 for mark in MARKS}


def page_of(text: str) -> Page:
    return Page(id="p", text=text, sha256="")


def expected(case: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))
    return found


def blocks(articles: tuple[Article, ...], role: Role) -> list[str]:
    return [a.text[b.span.start : b.span.end] for a in articles for b in a.blocks if b.role is role]


def check(articles: tuple[Article, ...], want: dict[str, list[str]]) -> None:
    """Everything a case file expects of the articles of its page."""
    text = "\n".join(a.text for a in articles)
    assert [a.headline for a in articles] == [a["headline"] for a in want["articles"]]  # type: ignore[index]
    credits = set(want["credits"])
    names = [[name for name in a.journalists if name not in credits] for a in articles]
    assert names == [a["journalists"] for a in want["articles"]]  # type: ignore[index]
    assert credits <= {name for a in articles for name in a.journalists}
    assert [piece for piece in want["joined"] if piece not in text] == []
    assert [piece for piece in want["absent"] if piece in text] == []
    if "subheads" in want:
        assert blocks(articles, Role.SUBHEAD) == want["subheads"]
    if "captions" in want:
        assert blocks(articles, Role.CAPTION) == want["captions"]


def test_cases_are_all_there() -> None:
    assert len(CASES) >= 8


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.stem)
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_case(case: Path, ending: str) -> None:
    page = page_of(case.read_text(encoding="utf-8").replace("\n", ending))
    articles, findings = split(page)
    check(articles, expected(case))
    assert findings == ()
    holds(page, articles)


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.stem)
def test_case_in_full_width(case: Path) -> None:
    """Whether a paper prints its marks in full or in half width makes no difference."""
    want = json.loads(json.dumps(expected(case), ensure_ascii=False).translate({ord("/"): 0xFF0F}))
    articles, _ = split(page_of(case.read_text(encoding="utf-8").translate(FULL)))
    widened = [{**a, "headline": a["headline"].translate(FULL)} for a in want["articles"]]
    wide = {k: [piece.translate(FULL) for piece in v] for k, v in want.items() if k in LISTS}
    check(articles, {**wide, "articles": widened})


LISTS = ("credits", "joined", "absent", "subheads", "captions")


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def holds(page: Page, articles: tuple[Article, ...]) -> None:
    """What is true of the articles of any page."""
    for article in articles:
        assert len(article.text) == len(article.offsets)
        assert article.blocks
        covered = 0
        for block in article.blocks:
            offsets = article.offsets[block.span.start : block.span.end]
            assert list(offsets) == sorted(set(offsets))
            printed = "".join(page.text[at] for at in offsets if not page.text[at].isspace())
            assert printed == re.sub(r"\s", "", article.text[block.span.start : block.span.end])
            assert block.span.start == covered
            assert len(block.span) > 0
            covered = block.span.end + 1
            assert article.span.covers(article.on_page(block.span))
        assert covered == len(article.text) + 1
        found = sentences(article)
        assert all(a.end <= b.start for a, b in pairwise(found))
        assert "".join(bare(article.text[s.start : s.end]) for s in found) == bare(article.text)


HEADS = ["", "标题一行", "第3版", "记者手记", "●要点", "图为现场"]
BODIES = ["本报讯(记者 王强) 今天,", "我们来了。", "王强 摄", "(记者 李四)", "。", "“"]
LINES = st.sampled_from(HEADS + BODIES)


@given(st.one_of(st.text(), st.lists(st.one_of(LINES, st.text(max_size=9))).map("\n".join)))
@settings(max_examples=300, deadline=None)
def test_any_text_splits(text: str) -> None:
    page = page_of(text)
    holds(page, split(page)[0])


def f1(hits: int, found: int, wanted: int) -> float:
    return 2 * hits / (found + wanted) if found + wanted else 1.0


def norm(name: str) -> str:
    return DROP.sub("", unicodedata.normalize("NFKC", name)).lower()


@pytest.mark.skipif(not GOLD, reason="the real pages are not part of the project")
@pytest.mark.parametrize("gold_file", GOLD, ids=lambda p: p.stem)
@pytest.mark.parametrize("full_width", [False, True])
def test_real_page(gold_file: Path, full_width: bool) -> None:
    gold = json.loads(gold_file.read_text(encoding="utf-8"))
    (source,) = find_pages([str(SHARED / "pages" / gold["doc"])])
    read, _ = read_page(source)
    assert read is not None
    page = page_of(read.text.translate(FULL) if full_width else read.text)
    articles, _ = split(page)
    holds(page, articles)
    flat = re.sub(r"\s", "", read.text)
    want = sorted({flat.find(re.sub(r"\s", "", a["starts_with"])) for a in gold["articles"]})
    have = [len(re.sub(r"\s", "", page.text[: a.span.start])) for a in articles]
    pairs = [(w, i, abs(w - h)) for w in want for i, h in enumerate(have) if abs(w - h) <= 45]
    near = nx.Graph([(("w", w), ("h", i), {"weight": 100 - far}) for w, i, far in pairs])
    hits = len(nx.max_weight_matching(near, maxcardinality=True))
    assert f1(hits, len(have), len(want)) >= 0.95, [a.headline for a in articles]
    wanted = {norm(j) for a in gold["articles"] for j in a["journalists"]}
    found = {norm(j) for a in articles for j in a.journalists}
    assert f1(len(wanted & found), len(found), len(wanted)) >= 0.95, (found - wanted, wanted - found)


BYLINES = [
    ("株洲日报全媒体记者/王娜", ["王娜"]),
    ("株洲日报·掌上株洲记者/旷昆红 摄", ["旷昆红"]),
    ("□本报记者 王 强 李 响 通讯员 赵六", ["王强", "李响", "赵六"]),
    ("文/张三丰 图/李四", ["张三丰", "李四"]),
    ("记者 王五 文/图", ["王五"]),
    ("记者王五 通讯员赵六 摄影报道", ["王五", "赵六"]),
    ("本报全媒体记者 欧阳明 见习记者 阿依古丽·买买提", ["欧阳明", "阿依古丽·买买提"]),
    ("责任编辑:郑重 美编:方圆 校对:于洋", ["郑重", "方圆", "于洋"]),
    ("通讯员 陈晨、刘柳 记者 何荷", ["陈晨", "刘柳", "何荷"]),
    ("区融媒体中心记者 沈冰", ["沈冰"]),
    ("张三 摄", ["张三"]),
    ("□江州日报记者周以宁韩江雪", ["周以宁", "韩江雪"]),
    ("本报记者周以宁本报通讯员蒋诗琪陆远舟来源:工人日报", ["周以宁", "蒋诗琪", "陆远舟"]),
    ("光明日报记者周以宁光明日报通讯员蒋诗琪", ["周以宁", "蒋诗琪"]),
    ("江州日报记者周以宁韩江视频剪辑陆远舟", ["周以宁", "韩江", "陆远舟"]),
    ("天山云/江州日报记者艾力亚尔·吐尔逊", ["艾力亚尔·吐尔逊"]),
    ("记者周以宁 通讯员江交宣", ["周以宁", "江交宣"]),
    ("本报记者 周以宁文/图", ["周以宁"]),
    ("总台记者周以宁采访整理", ["周以宁"]),
    ("记者 周以宁 深圳报道", ["周以宁"]),
    ("江苏卫视记者 周以宁", ["周以宁"]),
    ("周以宁参与采写", ["周以宁"]),
    ("周以宁、韩江雪参与采写", ["周以宁", "韩江雪"]),
    ("(本报记者 周 宁 韩 雪整理)", ["周宁", "韩雪"]),
    ("采写:记者 周以宁", ["周以宁"]),
    ("(作者:诸以宁韩江雪)", ["诸以宁", "韩江雪"]),
    ("参与报道:周以宁韩江雪陆远舟", ["周以宁", "韩江雪", "陆远舟"]),
    ("区融媒体中心采写", None),
    ("周以宁(资料图片)", None),
    ("作者为某大学教授、副校长", None),
    ("(图/简历)", None),
    ("数据来源:江州市统计局", None),
    ("受访单位供图", None),
    ("记者节里话初心", None),
    ("记者走基层", None),
    ("记者手记", None),
    ("摄影爱好者聚会东湖", None),
    ("文化旅游节开幕", None),
    ("编辑部的故事", None),
    ("通讯员培训班开班", None),
    ("全市新闻记者 共庆佳节", None),
]


@pytest.mark.parametrize(("text", "names"), BYLINES)
def test_byline(text: str, names: list[str] | None) -> None:
    byline = parse(text)
    assert (list(byline.names) if byline and byline.names else None) == names


LEDES = [
    ("本报讯(记者 张力) 昨天,", ["张力"], "昨天,"),
    ("本报讯 昨天,天气晴。", [], "昨天,天气晴。"),
    ("株洲日报讯(全媒体记者/胡洁) 10月", ["胡洁"], "10月"),
    ("新华社北京10月8日电(记者甘甜、易立) 会议", ["甘甜", "易立"], "会议"),
    ("本报记者 王五 通讯员 赵六 报道 春天", ["王五", "赵六"], "春天"),
    ("(记者 王五)春天来了", ["王五"], "春天来了"),
    ("某市融媒讯(记者 王五 摄影报道)春天来了", ["王五"], "春天来了"),
    ("中新网枞阳9月6日电(周以宁)傍晚,", ["周以宁"], "傍晚,"),
    ("中新社枞阳9月6日电 (周以宁 蒋诗琪)傍晚,", ["周以宁", "蒋诗琪"], "傍晚,"),
    ("中新网枞阳9月6日电(周以宁韩江雪陆远舟)傍晚,", ["周以宁", "韩江雪", "陆远舟"], "傍晚,"),
    ("中新网喀什9月6日电(周以宁艾力亚尔·吐尔逊)傍晚,", ["周以宁", "艾力亚尔·吐尔逊"], "傍晚,"),
    ("中新网拉萨9月6日电(拉巴卓玛)傍晚,", ["拉巴卓玛"], "傍晚,"),
    ("新华社拉萨9月6日电(记者扎西)傍晚,", ["扎西"], "傍晚,"),
    ("据新华社电 (记者拉巴卓玛)傍晚,", ["拉巴卓玛"], "傍晚,"),
    ("本报合肥、枞阳9月6日电 (记者周以宁、韩江雪)傍晚,", ["周以宁", "韩江雪"], "傍晚,"),
    ("本报合肥9月6日电 (周以宁、韩江雪)“来了!”", ["周以宁", "韩江雪"], "“来了!”"),
    ("中国经济网合肥9月6日综合报道(周以宁)傍晚,", ["周以宁"], "傍晚,"),
    ("江州晚报9月6日信息:(记者周以宁通讯员韩江雪)傍晚,", ["周以宁", "韩江雪"], "傍晚,"),
    ("江州晨报讯(通讯员韩江雪陆远舟记者周以宁)傍晚,", ["韩江雪", "陆远舟", "周以宁"], "傍晚,"),
    ("江州晨报讯记者周以宁,通讯员韩江雪、陆远舟报道:近日,", ["周以宁", "韩江雪", "陆远舟"], "近日,"),
    ("本报讯记者周以宁见习记者韩江雪近日,渡口开放。", ["周以宁", "韩江雪"], "近日,渡口开放。"),
    ("本报讯记者周以宁9月6日,渡口开放。", ["周以宁"], "9月6日,渡口开放。"),
    ("中新网枞阳9月6日电(综合)傍晚,", None, ""),
    ("中新网枞阳9月6日电傍晚,", None, ""),
    ("江州网站9月6日消息,渡口开放。", None, ""),
    ("本报讯记者节当天,渡口开放。", [], "记者节当天,渡口开放。"),
    ("恒通公司(以下简称恒通)成立", None, ""),
    ("记者了解到,此事已报道。", None, ""),
    ("记者获悉,全市电力供应平稳。", None, ""),
]


@pytest.mark.parametrize(("text", "names", "rest"), LEDES)
def test_lede(text: str, names: list[str] | None, rest: str) -> None:
    cut = find_lede(text)
    assert (None if cut is None else list(cut.byline.names)) == names
    assert cut is None or text[cut.end :] == rest


DATELINES = [
    ("中新网安徽枞阳9月6日电(周以宁)傍晚,", "安徽枞阳"),
    ("新华社合肥9月6日电(记者周以宁)傍晚,", "合肥"),
    ("新华社内罗毕9月6日电(记者周以宁)傍晚,", "内罗毕"),
    ("据新华社哈尔滨9月6日电 傍晚,", "哈尔滨"),
    ("本报合肥9月6日讯 傍晚,", "合肥"),
    ("人民网合肥2021年9月6日电 傍晚,", "合肥"),
    ("中新网合肥9月6日电题:江上书屋夜不熄灯", "合肥"),
    ("羊城晚报梅州信息:记者周以宁报道:近日,", "梅州"),
    ("中新网9月6日电 傍晚,", ""),
    ("新京报讯(记者周以宁)傍晚,", ""),
    ("江州日报全媒体讯(记者周以宁)傍晚,", ""),
    ("江州网站信息部9月6日消息,渡口开放。", ""),
    ("合肥9月6日来电,渡口开放。", ""),
]


@pytest.mark.parametrize(("text", "place"), DATELINES)
def test_the_place_of_a_dateline_stands_on_the_article(text: str, place: str) -> None:
    (article,), _ = split(page_of(f"渡口开了书屋\n\n{text}渡船靠岸,小屋亮起了灯。"))
    assert article.dateline == place


def test_a_dateline_stays_where_names_stand_alone_after_it() -> None:
    (article,), _ = split(page_of("渡口开了书屋\n\n中新网枞阳9月6日电 (周以宁)傍晚,渡船靠岸。"))
    assert article.text == "渡口开了书屋\n中新网枞阳9月6日电傍晚,渡船靠岸。"
    assert article.journalists == ("周以宁",)


LONG = "江州市枫溪区把闲置候船室改成乡村书屋,让村民在家门口读上好书—— 老渡口 新灯火(乡村新事·江边小城见闻)"


@pytest.mark.parametrize("text", ["傍晚,渡船靠岸。", "新华社合肥9月6日电傍晚,渡船靠岸。"])
def test_a_long_first_line_is_the_headline(text: str) -> None:
    (article,), _ = split(page_of(f"{LONG}\n{text}\n小屋亮起了灯。"))
    assert article.headline == LONG
    assert article.text == f"{LONG}\n{text}\n小屋亮起了灯。"


def test_a_dateline_does_not_go_on_with_the_line_above_it() -> None:
    articles, _ = split(page_of("江州日报\n\n渡口开了书屋\n\n渡船靠岸\n\n中新网合肥9月6日电小屋亮起了灯。"))
    assert articles[-1].text.endswith("\n中新网合肥9月6日电小屋亮起了灯。")


def test_a_note_of_the_source_after_a_byline_is_no_article() -> None:
    (article,), _ = split(page_of("渡口开了书屋\n\n渡船靠岸。\n\n(总台记者 周以宁)(央视新闻客户端)\n"))
    assert article.text == "渡口开了书屋\n渡船靠岸。"


RUNS = [
    ("周以宁韩江雪", ("周以宁", "韩江雪")),
    ("周宁韩江雪", ("周宁", "韩江雪")),
    ("周以宁韩雪", ("周以宁", "韩雪")),
    ("郑文文姜峰", ("郑文文", "姜峰")),
    ("欧阳若兰王强", ("欧阳若兰", "王强")),
    ("欧阳若兰", ()),
    ("周以宁", ()),
    ("项目建设", ()),
    ("安全生产", ()),
    ("高温天气", ()),
    ("经济社会发展", ()),
]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("周以宁 韩江", ["周以宁", "韩江"]),
        ("周 宁 韩江雪", ["周宁", "韩江雪"]),
        ("周以宁", []),
        ("安全 和谐", []),
        ("周以宁 讲话", []),
    ],
)
def test_a_line_of_names_alone_signs_the_text_below_it(line: str, names: list[str]) -> None:
    (article,), _ = split(page_of(f"渡口开放了\n{line}\n渡口昨天开放,来往的人比往年多了不少,船家都很高兴。\n"))
    assert list(article.journalists) == names


def test_a_dateline_of_two_places_has_none() -> None:
    assert [read_dateline(f"本报{places}9月6日电 傍晚,").place for places in ("合肥", "合肥、枞阳")] == ["合肥", ""]  # type: ignore[union-attr]


@pytest.mark.parametrize(("text", "names"), RUNS)
def test_a_run_of_names_is_cut_at_its_surnames(text: str, names: tuple[str, ...]) -> None:
    assert split_run(text) == names


TAILS = [
    ("散步。(完)(《江州新闻》报记者周以宁报道)", ["周以宁"], "散步。"),
    ("散步。(记者 周以宁)(完)", ["周以宁"], "散步。"),
    ("散步。(完)责任编辑:韩江雪", ["韩江雪"], "散步。"),
    ("散步。责任编辑:jz_042", [], "散步。"),
    ("散步。(记者周以宁、韩江雪)原标题:春天里的散步", ["周以宁", "韩江雪"], "散步。"),
    ("散步。(人民网周以宁韩江雪)", ["周以宁", "韩江雪"], "散步。"),
    ("散步。(人民网记事)", None, ""),
    ("到场的有江州籍(方圆)", None, ""),
    ("收割机来回穿梭。本报记者 汤德宏 摄", ["汤德宏"], "收割机来回穿梭。"),
    ("供水系统,受访单位供图", [], "供水系统,"),
    ("他说。(王强 李响)", ["王强", "李响"], "他说。"),
    ("他说。(记者 王强)", ["王强"], "他说。"),
    ("清理河道(见下图)", None, ""),
    ("获评节水型企业(单位)", None, ""),
    ("会议由市长主持。", None, ""),
    ("他在镇上开了家照相馆,专门给人拍摄", None, ""),
]


@pytest.mark.parametrize(("text", "names", "rest"), TAILS)
def test_tail(text: str, names: list[str] | None, rest: str) -> None:
    cut = find_tail(text)
    assert (None if cut is None else list(cut.byline.names)) == names
    assert cut is None or text[: cut.start].strip() == rest


SENTENCES = [
    ("天晴了。我们走!去哪?", ["天晴了。", "我们走!", "去哪?"]),
    ("他说:“天晴了。我们走吧。”大家笑了。", ["他说:“天晴了。我们走吧。”", "大家笑了。"]),
    ("“天晴了!”他说。", ["“天晴了!”", "他说。"]),
    ("“天晴了吗?”的问题,没人答。", ["“天晴了吗?”的问题,没人答。"]),
    ("读《天晴了吗?》一书。好。", ["读《天晴了吗?》一书。", "好。"]),
    ("一是修路;二是架桥……三是种树。", ["一是修路;", "二是架桥……", "三是种树。"]),
    ("“" + "天晴了。" * 40 + "”", ["“天晴了。"] + ["天晴了。"] * 38 + ["天晴了。”"]),
]


@pytest.mark.parametrize(("text", "want"), SENTENCES)
@pytest.mark.parametrize("wide", [False, True])
def test_sentences(text: str, want: list[str], wide: bool) -> None:
    text = text.translate(FULL) if wide else text
    body = (Block(Role.BODY, Span(0, len(text))),)
    article = Article("p#a1", "p", "", (), text, tuple(range(len(text))), body, Span(0, len(text)))
    found = [text[s.start : s.end] for s in sentences(article)]
    assert found == ([piece.translate(FULL) for piece in want] if wide else want)


def test_heading_is_one_sentence() -> None:
    (article,), _ = split(page_of("改革怎么做?大会来解答!\n\n本报讯(记者 王强) 会议召开。"))
    assert [article.text[s.start : s.end] for s in sentences(article)] == ["改革怎么做?大会来解答!", "会议召开。"]


def test_page_without_articles_says_so() -> None:
    articles, findings = split(page_of("A02\n\n综合\n"))
    assert articles == ()
    assert [f.code for f in findings] == ["no-article"]


def test_decoding_then_splitting_is_the_same_in_every_encoding() -> None:
    text = CASES[0].read_text(encoding="utf-8")
    read = [decode(text.encode(code)) for code in ("utf-8", "utf-8-sig", "gb18030", "utf-16")]
    found = [split(page_of(d.text))[0] for d in read if d]
    assert len(found) == 4
    assert all(articles == found[0] for articles in found)
