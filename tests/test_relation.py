"""Relations: what is proposed for names made by hand and odds made by hand, and what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from by_hand import composed, document, mentioned
from kg.document import Document
from kg.link.merge import resolve
from kg.mention.name import Name
from kg.model import Kind, Page, Predicate, Reading, Status
from kg.network.layers import BEARS, LABELS, OF, TITLE
from kg.relation import propose, read
from kg.relation.dates import day_of
from kg.relation.features import FEATURES, features
from kg.relation.propose import BODIES, NONE, Proposal, proposals
from kg.relation.stated import Stated

Odds = dict[tuple[str, str, str], float]  # (surface, label, surface) → log-odds
Told = tuple[str, str, str]


def proposed(text: str, odds: Odds, monkeypatch: pytest.MonkeyPatch) -> tuple[Document, list[Name], list[Proposal]]:
    """What is proposed for a marked text where the network says `odds` of some pairs and nothing of the others."""
    plain, names = composed(text)
    one = document(plain)

    def scored(signals: object, spots: Sequence[Name], pairs: Any, seen: Any) -> Any:
        words = [plain[spot.start : spot.end] for spot in spots]
        assert not any(spot.part for spot in spots), "the network never saw what is a part of a name"
        rows = [[odds.get((words[a], label, words[b]), -9.0) for label in LABELS] for a, b in pairs.tolist()]
        return np.array(rows, np.float32)

    monkeypatch.setattr(propose, "scored_pairs", scored)
    found, _ = proposals(one, names)
    return one, names, found


def told(one: Document, found: Sequence[Proposal | Stated]) -> list[Told]:
    def words(name: Name) -> str:
        return one.text[name.start : name.end]

    return sorted((words(p.subject), str(p.predicate), words(p.object)) for p in found)


POST = "[[芦淞区:Place]水利局:Agency][局长:Title][骆知行:Person]到[霁川县:Place]。"
HOLDS: Odds = {("骆知行", BEARS, "局长"): 3.0, ("局长", OF, "芦淞区水利局"): 2.0}


def test_a_post_is_two_links(monkeypatch: pytest.MonkeyPatch) -> None:
    one, _, found = proposed(POST, HOLDS, monkeypatch)
    (post,) = [p for p in found if p.predicate is Predicate.HOLDS_POST_IN]
    assert told(one, [post]) == [("骆知行", "holdsPostIn", "芦淞区水利局")]
    assert (post.odds, post.second, post.reason) == (3.0, 2.0, "network")
    assert post.title is not None
    assert one.text[post.title.start : post.title.end] == "局长"


@pytest.mark.parametrize("missing", sorted(HOLDS))
def test_with_one_link_alone_there_is_no_post(missing: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    odds = {key: value for key, value in HOLDS.items() if key != missing}
    _, _, found = proposed(POST, odds, monkeypatch)
    assert [p for p in found if p.predicate is Predicate.HOLDS_POST_IN] == []


def test_the_likeliest_bodies_are_tried_for_one_title(monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = [f"{word}局" for word in ("水利", "林业", "民政", "教育", "审计")]
    text = "、".join(f"[{body}:Agency]" for body in bodies) + "的[局长:Title][骆知行:Person]"
    odds: Odds = {("局长", OF, body): float(rank) for rank, body in enumerate(bodies)}
    one, _, found = proposed(text, {**odds, ("骆知行", BEARS, "局长"): 1.0}, monkeypatch)
    posts = [p for p in found if p.predicate is Predicate.HOLDS_POST_IN]
    assert {one.text[p.object.start : p.object.end] for p in posts} == set(bodies[-BODIES:])


def test_a_mayor_is_one_of_the_citys_government(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "[市长:Title][骆知行:Person]昨日到[霁川县:Place]。"
    one, _, found = proposed(text, {("骆知行", BEARS, "市长"): 3.0}, monkeypatch)
    (post,) = [p for p in found if p.predicate is Predicate.HOLDS_POST_IN]
    body = post.object
    assert (body.layer, body.core, body.relative, post.reason) == (Kind.AGENCY, "政府", True, "title")
    assert body.scope is not None
    assert (body.scope.layer, one.text[body.scope.start : body.scope.end]) == (Kind.PLACE, "市")


@pytest.mark.parametrize("title", ["副市长", "常务副县长", "代理区长", "自治区主席", "镇长"])
def test_titles_of_those_who_govern(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, found = proposed(f"[{title}:Title][骆知行:Person]", {("骆知行", BEARS, title): 3.0}, monkeypatch)
    assert [p.object.core for p in found if p.title is not None] == ["政府"]


@pytest.mark.parametrize("title", ["局长", "市长助理", "书记", "董事长", "村民小组长"])
def test_other_titles_name_no_government(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, found = proposed(f"[{title}:Title][骆知行:Person]", {("骆知行", BEARS, title): 3.0}, monkeypatch)
    assert [p for p in found if p.title is not None] == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[[云泽市:Place]林业局:Agency]", [("云泽市林业局", "governs", "云泽市")]),
        ("[市林业局:Agency]", [("市林业局", "governs", "市")]),
        ("[[石峰区:Place]云田镇:Place]", [("石峰区云田镇", "within", "石峰区")]),
        ("[石峰区:Place][云田镇:Place]", [("云田镇", "within", "石峰区")]),
        ("[[云泽:Place]纺织公司:Enterprise]", [("云泽纺织公司", "locatedIn", "云泽")]),
        ("[[澄光集团:Enterprise]财务公司:Enterprise]", [("澄光集团财务公司", "partOf", "澄光集团")]),
        (
            "[[[云泽市:Place]公安局:Agency]交警支队:Agency]",
            [
                ("云泽市公安局", "governs", "云泽市"),
                ("云泽市公安局交警支队", "governs", "云泽市"),
                ("云泽市公安局交警支队", "partOf", "云泽市公安局"),
            ],
        ),
        ("[云泽市:Place]和[清溪行动:Program]", []),
    ],
)
def test_a_name_states_what_it_is_made_of(text: str, wanted: list[Told], monkeypatch: pytest.MonkeyPatch) -> None:
    one, _, found = proposed(text, {}, monkeypatch)
    assert told(one, found) == wanted
    assert {p.reason for p in found} <= {"name", "chain"}
    assert all(p.odds == NONE for p in found)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[洛阳市:Place]建设[洛阳高新区:Place]", [("洛阳高新区", "within", "洛阳市")]),
        ("[洛阳轴承集团:Enterprise]落户[洛阳:Place]", [("洛阳轴承集团", "locatedIn", "洛阳")]),
        ("[洛阳海关:Agency]、[洛阳市:Place]和[洛阳高新区:Place]", [
            ("洛阳海关", "governs", "洛阳市"), ("洛阳高新区", "within", "洛阳市")
        ]),
        ("[开封市:Place]建设[洛阳高新区:Place]", []),
        ("[洛阳市:Place]召开[洛阳论坛:Program]", []),
        ("[吉林省:Place][吉林市:Place]", [("吉林市", "within", "吉林省")]),  # by what stands before it
    ],
)  # fmt: skip
def test_a_name_begins_with_the_short_name_of_a_place(
    text: str, wanted: list[Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _, found = proposed(text, {}, monkeypatch)
    assert told(one, found) == wanted


def test_of_several_places_the_one_before_it_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "[洛阳市:Place]、[洛阳市:Place]、[洛阳高新区:Place]、[洛阳市:Place]"
    _, names, found = proposed(text, {}, monkeypatch)
    (only,) = [p for p in found if p.reason == "short"]
    assert only.object is [name for name in names if name.end - name.start == 3][1]


def test_what_the_network_sees_too_is_proposed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    odds = {("云泽市林业局", "governs", "云泽市"): 4.0}
    _, _, found = proposed("[[云泽市:Place]林业局:Agency]", odds, monkeypatch)
    assert [(p.reason, p.odds) for p in found] == [("network", 4.0)]


def test_pairs_that_are_likely_enough_are_proposed_and_of_the_kinds_that_a_relation_allows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "[骆知行:Person]和[闵舟:Person]参加[清溪行动:Program]，[云泽:Place]。"
    odds: Odds = {
        ("骆知行", "takesPartIn", "清溪行动"): 1.0,
        ("闵舟", "takesPartIn", "清溪行动"): propose.WORTH - 0.1,
        ("骆知行", "within", "云泽"): 9.0,
        ("清溪行动", "locatedIn", "云泽"): propose.WORTH + 0.1,
    }
    one, _, found = proposed(text, odds, monkeypatch)
    assert told(one, found) == [("清溪行动", "locatedIn", "云泽"), ("骆知行", "takesPartIn", "清溪行动")]


def test_working_together_is_proposed_in_one_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    both: Odds = {("甲公司", "cooperatesWith", "乙公司"): 2.0, ("乙公司", "cooperatesWith", "甲公司"): 2.5}
    one, _, found = proposed("[甲公司:Enterprise]与[乙公司:Enterprise]合作。", both, monkeypatch)
    assert told(one, found) == [("甲公司", "cooperatesWith", "乙公司")]


def test_nothing_comes_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proposed("[骆知行:Person]来了。", {}, monkeypatch)[2] == []
    one = document("")
    assert (proposals(one, []), read.relations(one, [])) == (([], []), ([], []))
    assert features(one, []).shape == (0, len(FEATURES))


# -- features --------------------------------------------------------------------------------------------------------


def test_features_are_numbers_and_rivals_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "[水利局:Agency]和[林业局:Agency]办[清溪行动:Program]。[水利局:Agency]又办[清溪行动:Program]。"
    odds: Odds = {("水利局", "runs", "清溪行动"): 2.0, ("林业局", "runs", "清溪行动"): 1.0}
    one, _, found = proposed(text, odds, monkeypatch)
    rows = features(one, found)
    assert rows.shape == (len(found), len(FEATURES))
    assert rows.dtype == np.float32
    assert np.isfinite(rows).all()
    told_ = [dict(zip(FEATURES, map(float, row), strict=True)) for row in rows]
    water = [row for row, p in zip(told_, found, strict=True) if one.text[p.subject.start] == "水"]
    wood = [row for row, p in zip(told_, found, strict=True) if one.text[p.subject.start] == "林"]
    assert {row["best odds elsewhere"] for row in water} == {2.0}
    assert {row["best of object"] for row in wood} == {-1.0}
    assert {row["is runs"] for row in told_} == {1.0}


def test_a_post_completes_what_completes_its_body(monkeypatch: pytest.MonkeyPatch) -> None:
    one, _, found = proposed("[[[云泽市:Place]公安局:Agency]交警支队:Agency]", {}, monkeypatch)
    rows = dict(zip([told(one, [p])[0] for p in found], features(one, found), strict=True))
    direct, chain = (FEATURES.index(name) for name in ("completes it", "completes what completes it"))
    unit = "云泽市公安局交警支队"
    assert rows[unit, "partOf", "云泽市公安局"][[direct, chain]].tolist() == [1, 0]
    assert rows[unit, "governs", "云泽市"][[direct, chain]].tolist() == [0, 1]


# -- what is kept ----------------------------------------------------------------------------------------------------


def stated(
    text: str, odds: Odds, chance: float, monkeypatch: pytest.MonkeyPatch
) -> tuple[Document, list[Stated], list[Name]]:
    one, names, _ = proposed(text, odds, monkeypatch)
    monkeypatch.setattr(read, "scored", lambda name, rows: np.full(len(rows), chance, np.float32))
    return one, *read.relations(one, names)


def test_what_is_likely_enough_is_stated_with_its_title_and_confidence(monkeypatch: pytest.MonkeyPatch) -> None:
    one, said, _ = stated(POST, HOLDS, 0.9, monkeypatch)
    assert ("骆知行", "holdsPostIn", "芦淞区水利局") in told(one, said)
    (post,) = [s for s in said if s.title]
    assert (post.title, post.status, round(post.confidence, 3)) == ("局长", Status.ASSERTED, 0.9)
    assert stated(POST, HOLDS, read.WORTH - 0.01, monkeypatch)[1] == []


def test_a_government_that_only_a_title_names_is_a_name_where_its_post_is(monkeypatch: pytest.MonkeyPatch) -> None:
    text, odds = "[株洲市:Place][市长:Title][骆知行:Person]", {("骆知行", BEARS, "市长"): 3.0}
    one, _, bodies = stated(text, odds, 0.9, monkeypatch)
    assert sorted((n.layer, n.relative) for n in bodies) == [("Agency", True), ("Place", True)]
    _, names = composed(text)
    knowledge = resolve([_as_reading(one, [*names, *bodies])])
    assert "株洲市政府" in {e.name for e in knowledge.entities}
    assert stated(text, odds, 0.01, monkeypatch)[1:] == ([], [])


@pytest.mark.parametrize("word", ["拟任", "拟提名为"])
def test_a_post_that_is_only_proposed_is_planned(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"[骆知行:Person]{word}[[芦淞区:Place]水利局:Agency][局长:Title]。"
    _, said, _ = stated(text, HOLDS, 0.9, monkeypatch)
    assert [s.status for s in said if s.title] == [Status.PLANNED]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("会议决定：免去[骆知行:Person]的[[芦淞区:Place]水利局:Agency][局长:Title]职务。", Status.NEGATED),
        ("[骆知行:Person]因年龄原因不再担任[[芦淞区:Place]水利局:Agency]党组书记、[局长:Title]。", Status.NEGATED),
        ("接受闵舟辞去副区长的请求，任命[骆知行:Person]为[[芦淞区:Place]水利局:Agency][局长:Title]。", Status.ASSERTED),
        ("[骆知行:Person]现任[[芦淞区:Place]水利局:Agency][局长:Title]，拟任区委常委。", Status.ASSERTED),
        ("提请[骆知行:Person]为[[芦淞区:Place]水利局:Agency][局长:Title]人选。", Status.PLANNED),
        ("免去闵舟的职务。[骆知行:Person]任[[芦淞区:Place]水利局:Agency][局长:Title]。", Status.ASSERTED),
        ("[[芦淞区:Place]水利局:Agency][局长:Title][骆知行:Person]说，收费已经免去。", Status.ASSERTED),
    ],
)
def test_a_post_that_ended_or_is_proposed_is_not_held(
    words: str, status: Status, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, said, _ = stated(words, HOLDS, 0.9, monkeypatch)
    assert [s.status for s in said if s.title] == [status]


def _as_reading(one: Document, names: Sequence[Name]) -> Reading:
    kept = [name for name in names if name.layer != TITLE]
    page = Page("page", one.text, "0" * 64, home="株洲市")
    return Reading(page, (one.article,), tuple(mentioned(kept, one.article)))


# -- days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "issued", "day"),
    [
        ("2021年3月5日，大桥通车。", "2023-05-25", "2021-03-05"),
        ("3月5日，大桥通车。", "2023-05-25", "2023-03-05"),
        ("12月30日，大桥通车。", "2023-01-04", "2022-12-30"),
        ("6月1日，大桥将通车。", "2023-05-25", "2023-06-01"),
        ("3月5日至7日，大桥检修。", "2023-05-25", "2023-03-05"),
        ("3月5日封桥，3月9日通车。", "2023-05-25", ""),
        ("2月30日，大桥通车。", "2023-05-25", ""),
        ("3月5日，大桥通车。", "", ""),
        ("大桥通车。", "2023-05-25", ""),
    ],
)
def test_a_sentence_gives_its_day_where_it_names_one(sentence: str, issued: str, day: str) -> None:
    assert day_of(sentence, issued) == day
