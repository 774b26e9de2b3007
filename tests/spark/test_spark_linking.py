"""Linking block by block gives what linking in one place gives; here no Spark, the blocks are made by a dict."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain

import pytest
from msgspec import msgpack

pytest.importorskip("pyspark", reason="PySpark is not installed: pip install 'fangzhi[spark]'")

from by_hand import reading
from kg.export.turtle import nquads
from kg.link.facts import rivals
from kg.link.merge import resolve
from kg.model import Claim, Predicate, Reading, Span, Status
from kg.rdf import facts
from kg.spark.blocks import Block, Mark, Row
from kg.spark.job import Job
from kg.spark.linking import Claimed, of_gazetteer, of_id, of_key, of_name, of_page, of_pair
from kg.spark.reading import rows_of_reading

# Two people of a name on every page, bodies of a place, and places of which pages say that they lie in each other.
TEXT = (
    "[[芦淞区:Place]水利局:Agency][局长:Title][江帆:Person]和[江临川:Person]到[株洲市:Place]、[白关镇:Place]、"
    "[青鸢食品有限公司:Enterprise]、[澄光玻璃有限公司:Enterprise]检查[“清溪行动”:Program],[[嘉兴市:Place]林业局:Agency]参加。"
)
PREDICATES = (Predicate.WITHIN, Predicate.HOLDS_POST_IN, Predicate.COOPERATES_WITH)


def blocks(work: Callable[[str, Block], Iterable[Row]], rows: Iterable[Row], rng: random.Random) -> list[Row]:
    """What `kg.spark.blocks.blocks` makes of rows that come in any order."""
    mixed, grouped = [*rows], defaultdict[str, list[tuple[str, bytes]]](list)
    rng.shuffle(mixed)
    for mark, key, body in mixed:
        grouped[key].append((mark, body))
    return [row for key, block in grouped.items() for row in work(key, iter(sorted(block)))]


def only(rows: Iterable[Row], *marks: Mark) -> list[Row]:
    return [row for row in rows if row[0] in marks]


def linked(readings: Sequence[Reading], rng: random.Random) -> list[Row]:
    """All rows of a build, each step over blocks."""
    job = Job()
    read = [*chain.from_iterable(rows_of_reading(job, one) for one in readings)]
    named = blocks(of_name, blocks(of_key, only(read, Mark.SHARE), rng), rng)
    paged = blocks(of_page, only([*read, *named], Mark.SAID, Mark.NAMING, Mark.END), rng)
    stated = blocks(partial(of_pair, job), only(paged, Mark.CLAIMED), rng)
    known = blocks(partial(of_id, job), only([*named, *stated], Mark.NAMED, Mark.OFFICIAL), rng)
    codes = {}
    for _, key, body in only(named, Mark.CODE):
        code, name = msgpack.decode(body)
        codes[code] = key, name
    said = {(key, body.decode()) for _, key, body in only(stated, Mark.WITHIN)}
    return [*read, *paged, *stated, *known, *of_gazetteer(job, codes, said)]


def pages(number: int, rng: random.Random) -> list[Reading]:
    """Pages of one text in two cities, each with other claims."""
    return [page(f"p{n}.txt", rng.choice(["株洲市", "嘉兴市"]), rng) for n in range(number)]


def page(name: str, home: str, rng: random.Random) -> Reading:
    bare = reading(TEXT, home=home, page=name)
    ends = [mention.id for mention in bare.mentions]
    return reading(TEXT, home=home, page=name, claims=[claim(ends, rng) for _ in range(20)])


def claim(ends: list[str], rng: random.Random) -> Claim:
    subject, target = rng.sample(ends, 2)
    start = rng.randrange(5)
    return Claim(
        ends[0].partition(":")[0], subject, rng.choice(PREDICATES), target, Span(start, start + 9),
        rng.choice(["network", "title"]), title=rng.choice(["", "局长"]), date=rng.choice(["", "2024-03-01"]),
        status=rng.choice([*Status]), order=rng.randrange(3), confidence=rng.random(),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_blocks_give_the_quads_of_one_place(seed: int) -> None:
    rng = random.Random(seed)
    readings = pages(1 + 3 * seed, rng)
    knowledge = resolve(readings)
    made = {body.decode() + "\n" for _, _, body in only(linked(readings, rng), Mark.QUAD)}
    expected = nquads(facts(knowledge)).splitlines(keepends=True)
    assert made == set(expected)
    assert len(expected) > 100


def test_the_pages_have_what_can_go_wrong() -> None:
    """Namesakes apart, people with and without a public post, facts that contradict each other."""
    rng = random.Random(11)
    readings = pages(34, rng)
    people = [entity for entity in resolve(readings).entities if entity.id.startswith("person/")]
    assert len({one.id for one in people if one.id.startswith("person/江帆@")}) > 1
    assert {one.official for one in people} == {True, False}
    facts = {msgpack.decode(body, type=Claimed).fact for *_, body in only(linked(readings, rng), Mark.CLAIMED)}
    dropped = [fact for fact in facts if facts.intersection(rivals(fact))]
    assert {Predicate.WITHIN} < {fact.predicate for fact in dropped}
    assert Status.PLANNED in {fact.status for fact in dropped}
