"""A small made-up city for the viewer's tests and pictures: 临湖市, two newspapers, four pages, written for this."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from kg.model import (
    Article,
    Block,
    Entity,
    Evidence,
    Kind,
    Knowledge,
    Page,
    Predicate,
    Reading,
    Role,
    Span,
    Statement,
    Status,
)

KINDS = {"人": Kind.PERSON, "机": Kind.AGENCY, "企": Kind.ENTERPRISE, "地": Kind.PLACE, "项": Kind.PROGRAM}
RELATIONS = {
    "任": Predicate.HOLDS_POST_IN,
    "属": Predicate.PART_OF,
    "在": Predicate.WITHIN,
    "管": Predicate.GOVERNS,
    "址": Predicate.LOCATED_IN,
    "办": Predicate.RUNS,
    "参": Predicate.TAKES_PART_IN,
    "助": Predicate.SUPPORTS,
    "合": Predicate.COOPERATES_WITH,
}

NAMES = {
    "人": "单晓岚 周启明 曾令川 欧阳文静 罗建平 何素珍 邓少华 谭一鸣 石玉兰 马春生 方小满 秦朝阳 黎芳 陶然",
    "机": "临湖市人民政府 临湖市水利局 临湖市教育局 临湖市财政局 临湖市农业农村局 临湖市人民代表大会常务委员会 "
    "南浦区人民政府 南浦区水利局 北塘县人民政府 北塘县农业农村局 临湖市第一中学 临湖市中心医院 临湖市总工会 "
    "临湖市河长制工作委员会办公室 柳岸社区居民委员会",
    "企": "临湖水务集团有限公司 青禾农业科技有限公司 远帆造船有限公司 临湖农村商业银行 白鹭文化传媒有限公司 新桥建筑工程有限公司",
    "地": "临湖市 南浦区 北塘县 柳岸社区 白鹭湖 青石镇 荷香村 滨湖路 东港工业园 新桥街道",
    "项": "清湖三年行动 河长制 白鹭湖湿地修复工程 乡村振兴示范村 全民读书月 春季助学金 高标准农田建设 青石镇灌区改造工程 "
    "劳动技能大赛 智慧水务平台",
}

ALIASES = {
    "临湖市人民政府": ("市政府",),
    "临湖市水利局": ("市水利局",),
    "南浦区水利局": ("区水利局",),
    "临湖水务集团有限公司": ("临湖水务", "水务集团"),
    "临湖农村商业银行": ("农商行",),
    "青禾农业科技有限公司": ("青禾公司",),
    "临湖市第一中学": ("市一中",),
    "临湖市河长制工作委员会办公室": ("市河长办",),
    "清湖三年行动": ("清湖行动",),
}

# file, newspaper, date, certain, number, then articles: headline, journalists, sentences.
# A sentence is its text and what it states: subject relation object [post] [planned|negated], apart by "; ".
PAGES: tuple[tuple[str, str, str, bool, str, tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]], ...] = (
    (
        "临湖日报-2023-03-06-01.txt",
        "临湖日报",
        "2023-03-06",
        True,
        "1",
        (
            (
                "清湖三年行动今年收官",
                "记者 李闻 通讯员 江小北",
                (
                    (
                        "市水利局局长单晓岚昨日说，清湖三年行动今年收官，临湖水务集团承建的智慧水务平台六月上线。",
                        "单晓岚 任 临湖市水利局 局长; 临湖市水利局 办 清湖三年行动; 临湖水务集团有限公司 办 智慧水务平台",
                    ),
                    (
                        "副市长周启明到白鹭湖调研湿地修复工程，市水利局、临湖市财政局负责人一同前往。",
                        "周启明 任 临湖市人民政府 副市长; 白鹭湖湿地修复工程 址 白鹭湖",
                    ),
                    ("白鹭湖地处南浦区，是临湖市最大的湖泊。", "白鹭湖 在 南浦区; 南浦区 在 临湖市"),
                    (
                        "南浦区水利局局长罗建平介绍，区水利局已聘请柳岸社区居民方小满为民间湖长，参加河长制。",
                        "罗建平 任 南浦区水利局 局长; 方小满 参 河长制; 南浦区水利局 办 河长制",
                    ),
                    ("临湖农村商业银行将向智慧水务平台提供贷款。", "临湖农村商业银行 助 智慧水务平台 planned"),
                ),
            ),
            (
                "全民读书月走进校园",
                "记者 白雪",
                (
                    (
                        "临湖市教育局局长曾令川在临湖市第一中学宣布全民读书月开幕，校长欧阳文静主持。",
                        "曾令川 任 临湖市教育局 局长; 欧阳文静 任 临湖市第一中学 校长; 临湖市教育局 办 全民读书月; "
                        "临湖市第一中学 参 全民读书月",
                    ),
                    ("市民石玉兰向市一中捐书三百册，支持全民读书月。", "石玉兰 助 全民读书月"),
                    ("白鹭文化传媒有限公司与临湖市教育局合作，承办读书月的十场讲座。", "白鹭文化传媒有限公司 合 临湖市教育局"),
                ),
            ),
        ),
    ),
    (
        "临湖日报-2023-09-18-02.txt",
        "临湖日报",
        "2023-09-18",
        True,
        "2",
        (
            (
                "高标准农田铺到荷香村",
                "记者 李闻",
                (
                    (
                        "临湖市农业农村局局长何素珍与青禾农业科技有限公司董事长邓少华在青石镇荷香村察看高标准农田建设。",
                        "何素珍 任 临湖市农业农村局 局长; 邓少华 任 青禾农业科技有限公司 董事长; "
                        "临湖市农业农村局 办 高标准农田建设; 荷香村 在 青石镇",
                    ),
                    ("青禾公司今年投入八百万元支持荷香村创建乡村振兴示范村。", "青禾农业科技有限公司 助 乡村振兴示范村; 荷香村 参 乡村振兴示范村"),
                    ("村民马春生把家里的二十亩地交给青禾公司，参加高标准农田建设。", "马春生 参 高标准农田建设"),
                    ("青石镇属北塘县，北塘县农业农村局参加青石镇灌区改造工程。", "青石镇 在 北塘县; 北塘县农业农村局 参 青石镇灌区改造工程; 青石镇灌区改造工程 址 青石镇"),
                    ("新桥建筑工程有限公司没有参加青石镇灌区改造工程。", "新桥建筑工程有限公司 参 青石镇灌区改造工程 negated"),
                ),
            ),
        ),
    ),
    (
        "临湖晚报-2024-02-20-A03.txt",
        "临湖晚报",
        "2024-02-20",
        True,
        "A03",
        (
            (
                "单晓岚任南浦区区长",
                "本报记者 宋词",
                (
                    (
                        "南浦区人民代表大会选举单晓岚为南浦区人民政府区长。",
                        "单晓岚 任 南浦区人民政府 区长; 南浦区人民政府 管 南浦区",
                    ),
                    ("谭一鸣任临湖市水利局局长，兼任市河长办主任。", "谭一鸣 任 临湖市水利局 局长; 谭一鸣 任 临湖市河长制工作委员会办公室 主任"),
                    ("市河长办设在临湖市水利局，负责河长制。", "临湖市河长制工作委员会办公室 属 临湖市水利局; 临湖市河长制工作委员会办公室 办 河长制"),
                ),
            ),
            (
                "春季助学金发放",
                "本报记者 宋词 通讯员 江小北 摄影 高原 实习生 米粒",
                (
                    (
                        "临湖市总工会主席黎芳向二百名学生发放春季助学金，远帆造船有限公司总经理陶然到场。",
                        "黎芳 任 临湖市总工会 主席; 临湖市总工会 办 春季助学金; 陶然 任 远帆造船有限公司 总经理",
                    ),
                    ("远帆造船有限公司出资五十万元支持春季助学金，该公司位于东港工业园。", "远帆造船有限公司 助 春季助学金; 远帆造船有限公司 址 东港工业园"),
                    ("领到助学金的秦朝阳说，石玉兰奶奶常来柳岸社区给孩子们讲故事。", "秦朝阳 参 春季助学金"),
                    ("劳动技能大赛五月在东港工业园举行，由临湖市总工会主办，远帆造船有限公司派队参加。", "临湖市总工会 办 劳动技能大赛; 劳动技能大赛 址 东港工业园; 远帆造船有限公司 参 劳动技能大赛"),
                ),
            ),
        ),
    ),
    (
        "临湖晚报-2024-06-11-A01.txt",
        "临湖晚报",
        "2024-06-11",
        False,
        "",
        (
            (
                "白鹭湖湿地修复工程开工",
                "",
                (
                    (
                        "南浦区区长单晓岚宣布白鹭湖湿地修复工程开工，工程由南浦区人民政府和临湖水务集团有限公司实施。",
                        "单晓岚 任 南浦区人民政府 区长; 南浦区人民政府 办 白鹭湖湿地修复工程; 临湖水务集团有限公司 办 白鹭湖湿地修复工程",
                    ),
                    ("临湖市财政局拨款三千万元支持白鹭湖湿地修复工程。", "临湖市财政局 助 白鹭湖湿地修复工程"),
                    ("临湖农商行与临湖水务签约合作，共同建设智慧水务平台。", "临湖农村商业银行 合 临湖水务集团有限公司"),
                    ("柳岸社区居民委员会组织居民参加清湖三年行动，方小满带队。", "柳岸社区居民委员会 参 清湖三年行动; 方小满 参 清湖三年行动; 柳岸社区居民委员会 管 柳岸社区"),
                    ("柳岸社区和新桥街道都在南浦区，滨湖路穿过两地。", "柳岸社区 在 南浦区; 新桥街道 在 南浦区"),
                    ("临湖市中心医院在滨湖路设立医疗点。", "临湖市中心医院 址 滨湖路"),
                ),
            ),
        ),
    ),
)

INFERRED = (
    "临湖市水利局 属 临湖市人民政府; 临湖市教育局 属 临湖市人民政府; 临湖市财政局 属 临湖市人民政府; "
    "临湖市农业农村局 属 临湖市人民政府; 南浦区水利局 属 南浦区人民政府; 北塘县农业农村局 属 北塘县人民政府; "
    "临湖市人民政府 管 临湖市; 北塘县人民政府 管 北塘县; 北塘县 在 临湖市"
)


def sample() -> Knowledge:
    """The city as a build would give it."""
    maker = _Maker()
    for page in PAGES:
        maker.page(*page)
    for subject, relation, object_ in (part.split() for part in INFERRED.split("; ")):
        maker.state(subject, relation, object_, None, "", Status.ASSERTED)
    return maker.knowledge()


def one_person(name: str, *, sentence: str, title: str = "主任") -> Knowledge:
    """One official of one agency, whatever the person is called; `sentence` is the evidence."""
    text = f"标题\n{sentence}\n"
    page = Page("页.txt", text, "0" * 64, newspaper="临湖日报", issued="2024-01-02", issued_certain=True, number="1")
    body = Entity("agency/临湖市水利局", Kind.AGENCY, "临湖市水利局", pages=(page.id,))
    person = Entity(f"person/{name}", Kind.PERSON, name, official=True, pages=(page.id,))
    proof = Evidence(page.id, Span(3, 3 + len(sentence)))
    said = Statement(person.id, Predicate.HOLDS_POST_IN, body.id, (proof,), ("post",), title)
    return Knowledge((Reading(page),), (body, person), (said,))


class _Maker:
    """Turns the tables above into the nouns."""

    def __init__(self) -> None:
        self.kinds = {name: KINDS[kind] for kind, names in NAMES.items() for name in names.split()}
        self.readings: list[Reading] = []
        self.seen: dict[str, set[str]] = defaultdict(set)
        self.said: dict[tuple[str, ...], Statement] = {}

    def id(self, name: str) -> str:
        return f"{self.kinds[name].lower()}/{name}"

    def page(self, file: str, paper: str, date: str, sure: bool, number: str, stories: tuple) -> None:  # type: ignore[type-arg]
        text, articles = "", []
        for headline, byline, sentences in stories:
            start = len(text)
            text += f"{headline}\n{byline}\n"
            body = len(text)
            for sentence, states in sentences:
                self.sentence(file, Span(len(text), len(text) + len(sentence)), sentence, states)
                text += sentence
            articles.append(self.article(file, text, Span(start, len(text)), Span(body, len(text)), headline, byline))
            text += "\n"
        page = Page(file, text, f"{len(text):064d}", "utf-8", "", paper, date, sure, number, "临湖市")
        self.readings.append(Reading(page, tuple(articles)))

    def article(self, file: str, text: str, span: Span, body: Span, headline: str, byline: str) -> Article:
        running = text[body.start : body.end]
        people = tuple(p for p in byline.split() if p not in ("记者", "本报记者", "通讯员", "摄影", "实习生"))
        offsets = tuple(range(body.start, body.end))
        blocks = (Block(Role.BODY, Span(0, len(running))),)
        return Article(f"{file}#{span.start}", file, headline, people, running, offsets, blocks, span)

    def sentence(self, file: str, span: Span, text: str, states: str) -> None:
        for name in self.kinds:
            if any(form in text for form in (name, *ALIASES.get(name, ()))):
                self.seen[name].add(file)
        for state in states.split("; "):
            subject, relation, object_, *rest = state.split()
            status = Status(rest.pop()) if rest and rest[-1] in ("planned", "negated") else Status.ASSERTED
            self.state(subject, relation, object_, Evidence(file, span), rest[0] if rest else "", status)

    def state(self, subject: str, relation: str, object_: str, proof: Evidence | None, title: str, status: Status) -> None:
        key = (subject, relation, object_, title, status)
        old = self.said.get(key) or Statement(self.id(subject), RELATIONS[relation], self.id(object_), title=title, status=status)
        rules = ("sample-post" if relation == "任" else "sample-cue",)
        inferred = ("gazetteer",) if relation == "在" else ("composed name",)
        new = replace(old, evidence=(*old.evidence, proof), rules=rules) if proof else replace(old, inferred_from=inferred)
        self.said[key] = new

    def knowledge(self) -> Knowledge:
        holders = {s.subject for s in self.said.values() if s.predicate is Predicate.HOLDS_POST_IN}
        public = {s.subject for s in self.said.values() if s.object.startswith("agency") and s.subject in holders}
        entities = tuple(
            Entity(
                self.id(name),
                kind,
                name,
                official=self.id(name) in public,
                aliases=tuple(sorted(ALIASES.get(name, ()))),
                pages=tuple(sorted(self.seen[name])),
            )
            for name, kind in sorted(self.kinds.items())
        )
        return Knowledge(tuple(self.readings), entities, tuple(self.said.values()))
