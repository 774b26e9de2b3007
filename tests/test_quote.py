"""The sentences that a claim stands on print both of its names, one of them or two together."""

from __future__ import annotations

from by_hand import document
from kg.article.sentences import sentences
from kg.model import Claim, Kind, Mention, Page, Predicate, Reading, Span
from kg.relation.quote import quoted

TEXT = "云泽采茶节昨天开幕。骆知行到场。骆知行说,云泽采茶节很热闹。"
FESTIVAL, PERSON = "云泽采茶节", "骆知行"


def reading(*claims: tuple[int, int, int], scope: str = "") -> Reading:
    """Each claim: which 骆知行, which 云泽采茶节, which sentence it is made of."""
    article = document(TEXT).article
    spans = sentences(article)
    mentions = [
        Mention(f"{name}{n}", article.id, kind, Span(at, at + len(name)), name, "network", scope=scope)
        for name, kind in ((PERSON, Kind.PERSON), (FESTIVAL, Kind.PROGRAM))
        for n, at in enumerate(at for at in range(len(TEXT)) if TEXT.startswith(name, at))
    ]
    said = [
        Claim(article.id, f"{PERSON}{a}", Predicate.TAKES_PART_IN, f"{FESTIVAL}{b}", article.on_page(at), "network")
        for a, b, at in ((a, b, spans[s]) for a, b, s in claims)
    ]
    return Reading(Page("a.txt", TEXT, ""), (article,), tuple(mentions), tuple(said))


def quotes(of: Reading) -> list[str]:
    return [TEXT[claim.evidence.start : claim.evidence.end] for claim in quoted(of).claims]


def test_where_no_sentence_prints_both_names_each_has_its_sentence() -> None:
    assert quotes(reading((0, 0, 1))) == ["骆知行到场。", "云泽采茶节昨天开幕。"]


def test_a_sentence_that_prints_both_is_enough() -> None:
    assert quotes(reading((1, 1, 2))) == ["骆知行说,云泽采茶节很热闹。"]
    assert quotes(reading((0, 0, 1), (1, 1, 2))) == ["骆知行到场。", "骆知行说,云泽采茶节很热闹。"]


def test_nothing_but_the_sentence_is_other() -> None:
    first, second = quoted(reading((0, 0, 1))).claims
    assert (first.subject, first.object, first.confidence) == (second.subject, second.object, second.confidence)
    assert quoted(quoted(reading((0, 0, 1)))) == quoted(reading((0, 0, 1)))


def test_a_name_that_is_completed_by_another_needs_no_other_sentence() -> None:
    assert quotes(reading((0, 0, 1), scope=f"{FESTIVAL}0")) == ["骆知行到场。"]
