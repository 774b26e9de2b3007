"""Made-up knowledge in the shape of a real build, any size, for benches and tests of large graphs.

`synthetic_knowledge` gives the nouns (the input of the graph writer and of the viewer); `bench.quads.write_nquads`
writes the triples of the contract straight to a file. Every name is invented; same arguments, same result.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from kg.model import (
    Article,
    Block,
    Claim,
    Entity,
    Evidence,
    Kind,
    Knowledge,
    Mention,
    Page,
    Predicate,
    Reading,
    Role,
    Span,
    Statement,
)

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍红建国文辉鹏飞云峰志海波宁晨曦雪梅松柏青山远航"
STEMS = "云龙天元荷塘石峰渌口清水东湖南华西岭北溪金沙银杏长桥古渡新河安定永兴和顺太平福寿康乐嘉禾瑞丰盛泽宏图"
ORGANS = (
    "教育局",
    "水利局",
    "财政局",
    "民政局",
    "卫生健康局",
    "市场监督管理局",
    "人民法院",
    "第一中学",
    "中心医院",
    "总工会",
)
TRADES = ("机械", "新材料", "电子", "农业", "物流", "生物科技", "建设", "食品", "能源", "文化传媒")
DIVISIONS = ("市", "区", "县", "镇", "街道", "社区", "工业园")
PROJECTS = ("安居工程", "产业发展规划", "读书节", "清河行动", "技能大赛", "扶持基金", "改造项目", "服务平台")
TITLES = ("局长", "副局长", "书记", "主任", "副主任", "院长", "校长", "董事长", "总经理", "工程师")
NEWSPAPERS = ("云龙日报", "清水晚报", "东湖日报")
PER_PAGE = 24  # statements a page

# For each relation: what may stand left and right, how often it comes, and the words between in a sentence.
RELATIONS: tuple[tuple[Predicate, Kind, Kind, int, str], ...] = (
    (Predicate.HOLDS_POST_IN, Kind.PERSON, Kind.AGENCY, 30, "任职于"),
    (Predicate.HOLDS_POST_IN, Kind.PERSON, Kind.ENTERPRISE, 8, "任职于"),
    (Predicate.PART_OF, Kind.AGENCY, Kind.AGENCY, 8, "隶属于"),
    (Predicate.WITHIN, Kind.PLACE, Kind.PLACE, 8, "地处"),
    (Predicate.GOVERNS, Kind.AGENCY, Kind.PLACE, 8, "主管"),
    (Predicate.LOCATED_IN, Kind.ENTERPRISE, Kind.PLACE, 10, "落户"),
    (Predicate.RUNS, Kind.AGENCY, Kind.PROGRAM, 10, "主办"),
    (Predicate.TAKES_PART_IN, Kind.ENTERPRISE, Kind.PROGRAM, 8, "参加"),
    (Predicate.SUPPORTS, Kind.AGENCY, Kind.ENTERPRISE, 5, "扶持"),
    (Predicate.COOPERATES_WITH, Kind.ENTERPRISE, Kind.AGENCY, 5, "合作方为"),
)
# A thing has one place in these relations: six divisions make up a larger one, an agency governs one place.
ROOTED = {Predicate.WITHIN: 6, Predicate.PART_OF: 6, Predicate.GOVERNS: 1, Predicate.LOCATED_IN: 1}
SHARES = {Kind.PERSON: 40, Kind.AGENCY: 20, Kind.ENTERPRISE: 16, Kind.PLACE: 14, Kind.PROGRAM: 10}


class Fact(NamedTuple):
    """One sentence to be: the statement, and where it stands."""

    relation: int
    subject: int  # index among the entities
    object: int
    page: int
    span: Span
    title: str


def _word(rng: random.Random, letters: str, count: int) -> str:
    return "".join(rng.choice(letters) for _ in range(count))


def _name(kind: Kind, rng: random.Random) -> str:
    if kind is Kind.PERSON:
        return rng.choice(SURNAMES) + _word(rng, GIVEN, rng.choice((1, 2, 2, 2)))
    stem = _word(rng, STEMS, 2)
    if kind is Kind.PLACE:
        return stem + rng.choice(DIVISIONS)
    if kind is Kind.AGENCY:
        return stem + rng.choice(("市", "区", "县")) + rng.choice(ORGANS)
    if kind is Kind.ENTERPRISE:
        return stem + _word(rng, STEMS, 2) + rng.choice(TRADES) + "有限公司"
    return stem + rng.choice(PROJECTS)


def draw_names(entities: int, rng: random.Random) -> list[tuple[Kind, str]]:
    """`entities` distinct names; a name that was drawn before gets one more character in front (a longer place)."""
    seen: set[tuple[Kind, str]] = set()
    names: list[tuple[Kind, str]] = []
    kinds = list(SHARES)
    for kind in rng.choices(kinds, weights=[SHARES[kind] for kind in kinds], k=entities):
        name = _name(kind, rng)
        while (kind, name) in seen:
            name = name + rng.choice(GIVEN) if kind is Kind.PERSON else rng.choice(STEMS) + name
        seen.add((kind, name))
        names.append((kind, name))
    return names


def draw_facts(names: list[tuple[Kind, str]], statements: int, rng: random.Random) -> Iterator[tuple[Fact, str]]:
    """Statements with their sentences, page by page; a few things get most of the relations, as in a real city."""
    of_kind: dict[Kind, list[int]] = defaultdict(list)
    for index, (kind, _) in enumerate(names):
        of_kind[kind].append(index)
    usable = [i for i, (_, left, right, _, _) in enumerate(RELATIONS) if of_kind[left] and of_kind[right]]
    weights = [RELATIONS[i][3] for i in usable]
    offset = 0
    for number in range(statements if usable else 0):
        offset = 0 if number % PER_PAGE == 0 else offset
        relation = rng.choices(usable, weights)[0]
        predicate, left, right, _, verb = RELATIONS[relation]
        left_at, right_at = (int(len(of_kind[kind]) * rng.random() ** 2) for kind in (left, right))
        if predicate in ROOTED:
            right_at = left_at // ROOTED[predicate] % len(of_kind[right])
        pick = [of_kind[left][left_at], of_kind[right][right_at]]
        title = rng.choice(TITLES) if predicate is Predicate.HOLDS_POST_IN else ""
        sentence = f"{names[pick[0]][1]}{verb}{names[pick[1]][1]}{title and '，为' + title}。"
        span = Span(offset, offset + len(sentence))
        offset = span.end + 1
        if pick[0] != pick[1]:
            yield Fact(relation, pick[0], pick[1], number // PER_PAGE, span, title), sentence


def _page_id(page: int) -> str:
    return f"{page:06d}.txt"


def issued(page: int) -> str:
    return f"{2014 + page // 336 % 10}-{page // 28 % 12 + 1:02d}-{page % 28 + 1:02d}"


def _entity_id(kind: Kind, name: str) -> str:
    return f"{kind.lower()}/{name}"


def _reading(page: int, facts: list[tuple[Fact, str]], names: list[tuple[Kind, str]]) -> Reading:
    """One page with one article: each sentence is a paragraph of it, each fact a claim between two mentions."""
    length = facts[-1][0].span.end
    letters = ["\n"] * length
    for fact, sentence in facts:
        letters[fact.span.start : fact.span.end] = sentence
    text, article = "".join(letters), f"{_page_id(page)}#0"
    mentions: list[Mention] = []
    claims: list[Claim] = []
    for fact, sentence in facts:
        ends: list[str] = []
        for index in (fact.subject, fact.object):
            kind, name = names[index]
            at = fact.span.start + sentence.index(name)
            mentions.append(
                Mention(f"{article}/{len(mentions)}", article, kind, Span(at, at + len(name)), name, "made")
            )
            ends.append(mentions[-1].id)
        claims.append(Claim(article, ends[0], RELATIONS[fact.relation][0], ends[1], fact.span, "made", fact.title))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    newspaper = NEWSPAPERS[page % len(NEWSPAPERS)]
    sheet = Page(
        _page_id(page), text, sha256, newspaper=newspaper, issued=issued(page), issued_certain=True, number="1"
    )
    body = Article(article, sheet.id, f"要闻{page}", ("林远",), text, tuple(range(length)),
                   (Block(Role.BODY, Span(0, length)),), Span(0, length))  # fmt: skip
    return Reading(sheet, (body,), tuple(mentions), tuple(claims))


def synthetic_knowledge(entities: int, statements: int, seed: int = 0) -> Knowledge:
    """Knowledge of `entities` made-up things and about `statements` facts, each with a sentence on a made-up page."""
    rng = random.Random(seed)
    names = draw_names(entities, rng)
    pages: dict[int, list[tuple[Fact, str]]] = defaultdict(list)
    for fact, sentence in draw_facts(names, statements, rng):
        pages[fact.page].append((fact, sentence))
    readings = tuple(_reading(page, facts, names) for page, facts in pages.items())
    return Knowledge(readings, _entities(names, readings), _statements(names, pages))


def _entities(names: list[tuple[Kind, str]], readings: tuple[Reading, ...]) -> tuple[Entity, ...]:
    mentions: dict[tuple[Kind, str], list[str]] = defaultdict(list)
    pages: dict[tuple[Kind, str], dict[str, None]] = defaultdict(dict)
    for reading in readings:
        for mention in reading.mentions:
            mentions[mention.kind, mention.surface].append(mention.id)
            pages[mention.kind, mention.surface][reading.page.id] = None
    officials = {(m.kind, m.surface) for r in readings for m in r.mentions if m.kind is Kind.PERSON}
    entities = (
        Entity(_entity_id(*key), key[0], key[1], official=key in officials and len(key[1]) == 3,
               aliases=(key[1][-4:] + "公司",) if key[0] is Kind.ENTERPRISE else (),
               mentions=tuple(mentions[key]), pages=tuple(pages[key]), inferred=not mentions[key])
        for key in names
    )  # fmt: skip
    return tuple(sorted(entities, key=lambda entity: entity.id))


def _statements(names: list[tuple[Kind, str]], pages: dict[int, list[tuple[Fact, str]]]) -> tuple[Statement, ...]:
    standing: dict[tuple[str, Predicate, str, str], list[Evidence]] = defaultdict(list)
    for page, facts in pages.items():
        for fact, _ in facts:
            ends = (_entity_id(*names[fact.subject]), _entity_id(*names[fact.object]))
            key = (ends[0], RELATIONS[fact.relation][0], ends[1], fact.title)
            standing[key].append(Evidence(_page_id(page), fact.span))
    return tuple(
        Statement(left, predicate, right, tuple(evidence), ("made",), title)
        for (left, predicate, right, title), evidence in sorted(standing.items())
    )
