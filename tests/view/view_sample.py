"""A small made-up city for the viewer's tests and pictures: 临湖市, two newspapers, four pages, written for this."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

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
    "企": "临湖水务集团有限公司 青禾农业科技有限公司 远帆造船有限公司 临湖农村商业银行 "
    "白鹭文化传媒有限公司 新桥建筑工程有限公司",
    "地": "临湖市 南浦区 北塘县 柳岸社区 白鹭湖 青石镇 荷香村 滨湖路 东港工业园 新桥街道",
    "项": "清湖三年行动 河长制 白鹭湖湿地修复工程 乡村振兴示范村 全民读书月 春季助学金 高标准农田建设 "
    "青石镇灌区改造工程 劳动技能大赛 智慧水务平台",
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


def sample() -> Knowledge:
    """The city of sample.txt as a build would give it."""
    maker = _Maker()
    for block in Path(__file__).with_name("sample.txt").read_text(encoding="utf-8").split("\n\n@ ")[1:]:
        head, *lines = block.strip().split("\n")
        if head == "inferred":
            for line in lines:
                maker.state(line, None)
        else:
            maker.page(*(part.strip() for part in head.split("|")), lines)
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
    """Turns the lines of sample.txt into the nouns."""

    def __init__(self) -> None:
        self.kinds = {name: KINDS[kind] for kind, names in NAMES.items() for name in names.split()}
        self.readings: list[Reading] = []
        self.seen: dict[str, set[str]] = defaultdict(set)
        self.said: dict[tuple[str, ...], Statement] = {}

    def id(self, name: str) -> str:
        return f"{self.kinds[name].lower()}/{name}"

    def page(self, file: str, paper: str, date: str, sure: str, number: str, lines: list[str]) -> None:
        text, heads = "", list[tuple[int, str, str]]()
        proof = Evidence(file, Span(0, 0))
        for line in lines:
            if line.startswith("* "):
                headline, byline = (part.strip() for part in line[2:].split("|"))
                heads.append((len(text), headline, byline))
                text += f"{headline}\n{byline}\n"
            elif line.startswith("> "):
                self.state(line, proof)
            else:
                proof = Evidence(file, Span(len(text), len(text) + len(line)))
                self.mention(file, line)
                text += line + "\n"
        ends = [start for start, *_ in heads[1:]] + [len(text)]
        articles = tuple(_article(file, text, Span(h[0], end), *h[1:]) for h, end in zip(heads, ends, strict=True))
        page = Page(file, text, f"{len(text):064d}", "utf-8", "", paper, date, sure == "printed", number, "临湖市")
        self.readings.append(Reading(page, articles))

    def mention(self, file: str, sentence: str) -> None:
        for name in self.kinds:
            if any(form in sentence for form in (name, *ALIASES.get(name, ()))):
                self.seen[name].add(file)

    def state(self, line: str, proof: Evidence | None) -> None:
        subject, relation, object_, *rest = line[2:].split()
        status = Status(rest.pop()) if rest and rest[-1] in ("planned", "negated") else Status.ASSERTED
        title = rest[0] if rest else ""
        new = Statement(self.id(subject), RELATIONS[relation], self.id(object_), title=title, status=status)
        old = self.said.get((subject, relation, object_, title, status), new)
        if proof:
            rule = "sample-post" if relation == "任" else "sample-cue"
            new = replace(old, evidence=(*old.evidence, proof), rules=(rule,))
        else:
            new = replace(old, inferred_from=("gazetteer" if relation == "在" else "composed name",))
        self.said[subject, relation, object_, title, status] = new

    def knowledge(self) -> Knowledge:
        public = {s.subject for s in self.said.values() if s.title and s.object.startswith("agency/")}
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


def _article(file: str, text: str, span: Span, headline: str, byline: str) -> Article:
    body = Span(span.start + len(headline) + len(byline) + 2, span.end)
    roles = ("记者", "本报记者", "通讯员", "摄影", "实习生")
    people = tuple(part for part in byline.split() if part not in roles)
    running = text[body.start : body.end]
    blocks = (Block(Role.BODY, Span(0, len(running))),)
    return Article(
        f"{file}#{span.start}", file, headline, people, running, tuple(range(body.start, body.end)), blocks, span
    )


def scored() -> Knowledge:
    """The same city with a confidence for everything that a page says: the more sentences, the higher."""
    known = sample()
    entities = tuple(replace(e, confidence=min(0.99, 0.55 + 0.2 * len(e.pages))) for e in known.entities)
    statements = tuple(replace(s, confidence=min(0.98, 0.51 + 0.2 * len(s.evidence))) for s in known.statements)
    return replace(known, entities=entities, statements=statements)
