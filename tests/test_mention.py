"""Names: which candidates may stand together, and what completes a name. All by hand: no weights are asked."""

from __future__ import annotations

import lzma
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from by_hand import composed, document, marked
from kg.mention import read
from kg.mention.compose import compose
from kg.mention.features import FEATURES, NONE, features
from kg.mention.known import FILE, ending, known
from kg.mention.name import Name
from kg.mention.rows import ALONE, rows
from kg.mention.select import select
from kg.network.layers import LAYERS

AGENCY, PLACE, PERSON, TITLE = "Agency", "Place", "Person", "Title"


def name(layer: str, start: int, end: int, sure: float = 0.9, odds: float = 0.0) -> Name:
    return Name(layer, start, end, "network", confidence=sure, odds=odds)


def kept(*candidates: Name) -> list[tuple[str, int, int]]:
    return [(n.layer, n.start, n.end) for n in select(candidates)]


# -- selection -------------------------------------------------------------------------------------------------------


def test_what_is_hardly_likely_is_not_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    weighed = [name(PLACE, 0, 3, read.WORTH - 0.01), name(PLACE, 4, 7, read.WORTH)]
    monkeypatch.setattr(read, "weighed", lambda document: weighed)
    assert [(n.start, n.end) for n in read.names(document("云泽市和望舒区。"))] == [(4, 7)]


def test_of_two_that_cross_the_surer_stays() -> None:
    assert kept(name(AGENCY, 0, 5, 0.6), name(PLACE, 3, 8, 0.7)) == [(PLACE, 3, 8)]
    assert kept(name(AGENCY, 0, 5, 0.7), name(AGENCY, 3, 8, 0.6)) == [(AGENCY, 0, 5)]


def test_names_nest_and_the_longer_comes_first() -> None:
    nested = name(PLACE, 0, 3, 0.95), name(AGENCY, 0, 6), name(AGENCY, 0, 9, 0.6)
    assert kept(*nested) == [(AGENCY, 0, 9), (AGENCY, 0, 6), (PLACE, 0, 3)]


def test_characters_are_a_name_of_one_kind() -> None:
    assert kept(name(AGENCY, 0, 4, 0.6), name("Enterprise", 0, 4, 0.8)) == [("Enterprise", 0, 4)]
    assert kept(name(PLACE, 2, 4, 0.8), name(TITLE, 2, 4, 0.7)) == [(PLACE, 2, 4)]


def test_a_title_may_share_a_character_with_its_body_or_stand_in_it() -> None:
    """水利|局|长: the 局 is of both."""
    assert kept(name(AGENCY, 0, 6), name(TITLE, 5, 7)) == [(AGENCY, 0, 6), (TITLE, 5, 7)]
    assert kept(name(AGENCY, 0, 6), name(TITLE, 3, 5)) == [(AGENCY, 0, 6), (TITLE, 3, 5)]


def test_of_two_titles_that_meet_the_surer_stays() -> None:
    assert kept(name(TITLE, 0, 2, 0.9), name(TITLE, 0, 5, 0.8), name(TITLE, 4, 7, 0.7)) == [
        (TITLE, 0, 2),
        (TITLE, 4, 7),
    ]


CANDIDATES = st.lists(
    st.builds(
        lambda layer, start, size, sure: name(layer, start, start + size, sure),
        st.sampled_from(LAYERS), st.integers(0, 12), st.integers(1, 6), st.sampled_from((0.2, 0.5, 0.7, 0.9)),
    ),
    max_size=14,
)  # fmt: skip


@given(CANDIDATES, st.randoms(use_true_random=False))
def test_whatever_is_proposed_what_stays_may_stand_together(candidates: list[Name], random: Random) -> None:
    found = select(candidates)
    assert [(n.start, -n.end, n.layer) for n in found] == sorted((n.start, -n.end, n.layer) for n in found)
    things = [n for n in found if n.layer != TITLE]
    assert not any(one.crosses(other) for one in things for other in things)
    assert len({(n.start, n.end) for n in found}) == len(found)
    spread = [i for n in found if n.layer == TITLE for i in range(n.start, n.end)]
    assert len(spread) == len(set(spread)), "titles are apart"
    shuffled = random.sample(candidates, len(candidates))
    assert {(n.layer, n.start, n.end) for n in select(shuffled)} == {(n.layer, n.start, n.end) for n in found}


# -- composition -----------------------------------------------------------------------------------------------------


def chain(text: str) -> dict[str, tuple[str, str]]:
    """Surface → (the words that complete it, its own words); relative places are marked by a question mark."""
    plain, names = composed(text)

    def words(one: Name) -> str:
        return plain[one.start : one.end] + "?" * one.relative

    return {words(n): (words(n.scope) if n.scope else "", n.core) for n in names}


@pytest.mark.parametrize(
    ("text", "name", "scope", "core"),
    [
        ("[[通化市:Place]林业局:Agency]", "通化市林业局", "通化市", "林业局"),
        ("[[[云南省:Place][昆明市:Place]:Place]委:Agency]", "云南省昆明市委", "云南省昆明市", "委"),
        ("[[云南省:Place][昆明市:Place]委:Agency]", "云南省昆明市委", "昆明市", "委"),
        ("[中共[云泽市:Place]委:Agency]", "中共云泽市委", "云泽市", "委"),
        ("[中国共产党[云泽市:Place]委员会:Agency]", "中国共产党云泽市委员会", "云泽市", "委员会"),
        ("[原[云泽市:Place]国土局:Agency]", "原云泽市国土局", "云泽市", "国土局"),
        ("[中共市委:Agency]", "中共市委", "市?", "委"),
        ("[市林业局:Agency]", "市林业局", "市?", "林业局"),
        ("[街道办事处:Agency]", "街道办事处", "街道?", "办事处"),
        ("[自治区人大:Agency]", "自治区人大", "自治区?", "人大"),
        ("[[[云泽市:Place]公安局:Agency]交警支队:Agency]", "云泽市公安局交警支队", "云泽市公安局", "交警支队"),
        ("[[[云泽市:Place]公安局:Agency]交警支队:Agency]", "云泽市公安局", "云泽市", "公安局"),
        ("[[石峰区:Place][云田镇:Place]:Place]", "石峰区云田镇", "石峰区", "云田镇"),
        ("[石峰区:Place][云田镇:Place]", "云田镇", "石峰区", "云田镇"),
        ("[云泽市:Place][教育局:Agency]", "教育局", "云泽市", "教育局"),
        ("[[云泽:Place]纺织公司:Enterprise]", "云泽纺织公司", "云泽", "纺织公司"),
        ("[[澄光集团:Enterprise]财务公司:Enterprise]", "澄光集团财务公司", "澄光集团", "财务公司"),
    ],
)
def test_a_name_knows_what_completes_it(text: str, name: str, scope: str, core: str) -> None:
    assert chain(text)[name] == (scope, core)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[[云泽:Place]节:Program]", "云泽节"),
        ("[[昆仑山:Place]之子:Person]", "昆仑山之子"),
        ("[云泽市:Place][骆知行:Person]", "骆知行"),
        ("[云泽市:Place]的[教育局:Agency]", "教育局"),
        ("[云泽市:Place][蓝天救援队:Agency]", "蓝天救援队"),
        ("[市民中心公司:Enterprise]", "市民中心公司"),
        ("[市:Agency]", "市"),
    ],
)
def test_what_nothing_completes_is_complete(text: str, name: str) -> None:
    assert chain(text)[name] == ("", "")


def test_one_level_word_is_one_relative_place() -> None:
    """[[市公安局]交警支队]: 市 is proposed once, and what it completes first is the inner name."""
    plain, names = composed("[[市公安局:Agency]交警支队:Agency]和[市委:Agency]")
    assert [(n.start, n.end) for n in names if n.relative] == [(0, 1), (9, 10)]
    outer, inner = (next(n for n in names if plain[n.start : n.end] == words) for words in (plain[:8], plain[:4]))
    assert outer.scope is inner
    assert inner.scope is not None
    assert inner.scope.relative


LEVELS = ("市", "中共", "云泽市", "林业局", "街道", "办事处", "委", "公司")


# -- words that stand for a place by themselves ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我市推出“清溪”平台，全市推广。", ["我市", "全市"]),
        ("该县和本镇参加，全区社区报名。", ["该县", "本镇", "全区"]),
        ("该街道办试点，该社区、该自治县跟进。", ["该街道", "该社区", "该自治县"]),
        ("该市场和全区域里，该村民说，本区块市值不高。", []),
        ("安全市政、健全县域、完全村落、日本县城、成本区间。", []),
        ("市里、县里和我们。", []),
    ],
)
def test_words_for_a_place_are_found(text: str, words: list[str]) -> None:
    assert [text[n.start : n.end] for n in compose(text, []) if n.relative] == words


def test_a_word_for_a_place_in_a_name_is_no_other_one() -> None:
    plain, names = composed("[我市水利局:Agency]说，[全市“清溪”行动:Program]由[本市路:Place]开始。")
    told = [(plain[n.start : n.end], n.part) for n in names if n.relative]
    assert told == [("我市", True), ("全市", False)]  # a program's name says nothing of whose it is
    assert [n for n in names if n.relative and n.scope is not None] == []


def test_a_word_for_a_place_completes_the_place_behind_it() -> None:
    plain, names = composed("我市[望舒区:Place]和[云泽市:Place]全市。")
    inner = next(n for n in names if plain[n.start : n.end] == "望舒区")
    assert inner.scope is not None
    assert (plain[inner.scope.start : inner.scope.end], inner.scope.relative) == ("我市", True)
    assert [n.scope for n in names if n.relative] == [None, None]


SPANS = st.lists(st.tuples(st.integers(0, 16), st.integers(0, 16)))


@given(st.lists(st.sampled_from(LEVELS), min_size=1, max_size=6), SPANS, st.data())
def test_composition_ends_and_never_runs_in_a_circle(
    words: list[str], places: list[tuple[int, int]], data: st.DataObject
) -> None:
    text = "".join(words)
    spans = {(min(a, b), max(a, b)) for a, b in places if a != b and max(a, b) <= len(text)}
    names = [name(data.draw(st.sampled_from(LAYERS)), *span) for span in sorted(spans)]
    for one in compose(text, names):
        seen = []
        at: Name | None = one
        while at is not None:
            assert at not in seen
            seen.append(at)
            at = at.scope
        if one.scope is not None:
            assert one.core
            assert text[one.start : one.end].endswith(one.core)


# -- features --------------------------------------------------------------------------------------------------------


def of(text: str, *candidates: Name) -> list[dict[str, float]]:
    rows = features(document(text), candidates)
    assert rows.dtype == np.float32
    assert np.isfinite(rows).all()
    return [dict(zip(FEATURES, map(float, row), strict=True)) for row in rows]


def test_a_candidate_sees_its_rivals_and_its_likes() -> None:
    text = "云泽市水利局说，云泽市水利局。"
    spans = ((AGENCY, 0, 6, 2), (PLACE, 0, 3, 3), (AGENCY, 1, 7, -1), (AGENCY, 8, 14, 5))
    whole, place, shifted, again = of(text, *(name(*span, odds=odds) for *span, odds in spans))
    assert (whole["odds"], whole["odds across"], whole["odds elsewhere"]) == (2, -1, 5)
    assert (again["odds across"], again["odds elsewhere"]) == (NONE, 2)
    assert (place["odds of what holds it"], place["odds elsewhere"]) == (2, NONE)
    assert (shifted["odds across"], shifted["times proposed"]) == (2, 0)
    assert whole["times printed"] == pytest.approx(np.log(3))


def test_of_many_alike_each_sees_the_best_of_the_others() -> None:
    odds = [1.0, 4.0, 4.0, 2.0, 3.0]
    rows = of("云泽市，" * 5, *(name(PLACE, 4 * i, 4 * i + 3, odds=value) for i, value in enumerate(odds)))
    assert [row["odds elsewhere"] for row in rows] == [max(odds[:i] + odds[i + 1 :]) for i in range(5)]
    (alone,) = of("云泽市", name(PLACE, 0, 3, odds=4))
    assert alone["odds elsewhere"] == NONE


def test_the_gazetteer_and_quotes_are_features() -> None:
    plain, names = marked("[株洲市:Place][林业局:Agency]“[清溪:Program]”")
    place, organ, program = of(plain, *names)
    assert (place["full division"], place["level"]) == (1, pytest.approx(0.4))
    assert (organ["full division"], organ["is Agency"]) == (0, 1)
    assert (program["in quotes"], program["behind a quote"]) == (1, 1)


MARKS = ("before a closing mark", "opens and does not close", "closes and does not open", "has an opening mark")


@pytest.mark.parametrize(
    ("text", "start", "end", "marks"),
    [
        ("启动“清溪”行动。", 3, 5, (1, 0, 0, 0)),
        ("启动“清溪”行动。", 2, 8, (0, 0, 0, 1)),
        ("启动“清溪”行动。", 3, 8, (0, 0, 1, 0)),
        ("启动“清溪”行动。", 2, 5, (1, 1, 0, 1)),
        ("轨道1号线（东段）", 0, 8, (1, 1, 0, 0)),
        ('启动"清溪"行动。', 2, 8, (0, 0, 0, 1)),  # a straight mark opens and closes alike
    ],
)
def test_a_name_that_does_not_close_what_it_opens_is_seen(
    text: str, start: int, end: int, marks: tuple[int, ...]
) -> None:
    [row] = of(text, name("Program", start, end))
    assert tuple(row[mark] for mark in MARKS) == marks


def test_names_in_a_row_see_each_other() -> None:
    text = "云泽市水利局、林业局和“清溪”平台。"
    water, wood, quoted = of(
        text, name(AGENCY, 3, 6, odds=2), name(AGENCY, 7, 10, odds=3), name(AGENCY, 12, 14, odds=1)
    )
    row = ("before it in a row", "behind it in a row")
    assert tuple(water[side] for side in row) == (ALONE, 3)
    assert tuple(wood[side] for side in row) == (2, 1)
    assert tuple(quoted[side] for side in row) == (3, ALONE)
    (place,) = of(text, name(PLACE, 7, 10, odds=3))  # of another layer than what stands beside it
    assert tuple(place[side] for side in row) == (NONE, NONE)


def test_names_in_a_row_have_one_number() -> None:
    plain, names = marked("[骆知行:Person]、[闵舟:Person]和[林岚:Person]检查[水利局:Agency]，[周明远:Person]陪同。")
    numbers = rows(plain, names)
    first, second, third, body, apart = (numbers[id(name)] for name in names)
    assert first == second == third
    assert len({first, body, apart}) == 3


def test_how_known_names_end_is_known(tmp_path: Path) -> None:
    rows = "清溪行动\tProgram\t0.75\t8\n秋收行动\tProgram\t0.50\t3\n河岸互动\tProgram\t0.50\t3\n"
    (tmp_path / FILE).write_bytes(lzma.compress(rows.encode()))
    assert ending("Program", "护苗行动", 2, str(tmp_path)) == (1.25 / 4, 2)
    assert ending("Program", "护苗行动", 1, str(tmp_path)) == (1.75 / 5, 3)
    assert ending("Place", "护苗行动", 2, str(tmp_path)) == (0.0, 2)
    assert ending("Program", "护苗工程", 2, str(tmp_path)) == (0.0, 0)


def test_what_other_articles_name_is_known(tmp_path: Path) -> None:
    rows = "清溪行动\tPlace\t0.25\t8\n清溪行动\tProgram\t0.75\t8\n"
    (tmp_path / FILE).write_bytes(lzma.compress(rows.encode()))
    assert known("Program", "清溪行动", str(tmp_path)) == (0.75, 0.25, 8)
    assert known("Agency", "清溪行动", str(tmp_path)) == (0.0, 0.75, 8)
    assert known("Program", "清溪", str(tmp_path)) == (0.0, 0.0, 0)


def test_weights_without_names_of_their_own_have_those_of_the_package(tmp_path: Path) -> None:
    theirs = known("Place", "长江", "")
    assert known("Place", "长江", str(tmp_path)) == theirs != (0.0, 0.0, 0)


def test_no_candidates_no_rows() -> None:
    assert features(document("云泽市"), []).shape == (0, len(FEATURES))
