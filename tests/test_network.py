"""The network's room: text in pieces, characters as rows, and the same scores by numpy and ONNX as by PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from by_hand import article, document
from kg.article.sentences import sentences
from kg.errors import WeightsError
from kg.learn.align import Spot
from kg.model import Span
from kg.network import read_articles
from kg.network.layers import ALLOWED, LABELS, LAYERS, LONGEST
from kg.network.pairs import FEATURES, SIZES, Candidates
from kg.network.read import ALIKE, BATCH, batches, weights
from kg.network.relations import scored_pairs
from kg.network.rows import LONGEST_PIECE, bigrams, characters, each_bigrams, encode, pairs, pieces
from kg.network.spans import scored_spans
from learned import blank_reader, torch, weights_of

SENTENCE = "云泽市水利局局长骆知行昨日来到霁川县白蘋镇，检查“清溪行动”。"
TEXT = st.text("云泽市局县，。；、 \n\u3000“”a1𠮷", max_size=700)


def cut(text: str) -> list[tuple[int, int]]:
    return list(pieces(text, sentences(article(text))))


# -- pieces ----------------------------------------------------------------------------------------------------------


@given(TEXT)
def test_pieces_hold_every_sentence_in_order_and_are_never_too_long(text: str) -> None:
    found = cut(text)
    assert all(0 < end - start <= LONGEST_PIECE for start, end in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    held = {i for start, end in found for i in range(start, end)}
    assert {i for span in sentences(article(text)) for i in range(span.start, span.end)} <= held


def test_sentences_of_a_paragraph_are_read_together_as_long_as_they_fit() -> None:
    assert cut(SENTENCE * 2) == [(0, 2 * len(SENTENCE))]
    many = cut(SENTENCE * 10)
    fit = LONGEST_PIECE // len(SENTENCE)
    assert [end - start for start, end in many[:-1]] == [fit * len(SENTENCE)] * (len(many) - 1)


def test_paragraphs_are_read_apart() -> None:
    assert cut(f"{SENTENCE}\n{SENTENCE}") == [(0, len(SENTENCE)), (len(SENTENCE) + 1, 2 * len(SENTENCE) + 1)]


def test_a_long_sentence_is_cut_after_a_mark_or_else_anywhere() -> None:
    clause = "甲" * 40 + "，"
    assert cut(clause * 4)[0] == (0, 3 * len(clause))
    assert [end - start for start, end in cut("局" * 300)] == [LONGEST_PIECE, LONGEST_PIECE, 300 - 2 * LONGEST_PIECE]


# -- characters ------------------------------------------------------------------------------------------------------


@given(st.text(max_size=60) | st.text(st.characters(categories=["Cs", "Co", "Cn"]), max_size=9))
def test_every_character_has_one_row(text: str) -> None:
    rows = encode(text)
    assert len(rows) == len(text)
    assert not len(rows) or 0 <= rows.min() <= rows.max() <= len(characters())


def test_rows_are_those_of_the_characters() -> None:
    known = characters()
    assert len(set(known)) == len(known) > 3000
    assert encode(known[100:120]).tolist() == list(range(100, 120))
    assert encode("𠮷\ue000").tolist() == [len(known)] * 2, "what has no row of its own has the last"


def test_full_width_is_read_as_half_width_and_a_blank_between_names_as_a_comma() -> None:
    assert encode("（１Ａ，。“").tolist() == encode('(1A,."').tolist()
    assert encode("闵舟 林岚").tolist() == encode("闵舟，林岚").tolist()
    assert encode("a b").tolist() != encode("a,b").tolist()


def test_a_character_stands_in_two_pairs_of_which_each_has_a_row() -> None:
    known = len(pairs())
    rows = bigrams(encode("水利局𠮷"))
    assert rows.shape == (4, 2)
    assert rows[1:, 0].tolist() == rows[:-1, 1].tolist(), "the one behind is the next one's before"
    assert rows[0, 0] == rows[-1, 1] == rows[-1, 0] == known, "what has no row of its own has the last"
    assert len({*rows[:2, 1].tolist(), known}) == 3
    assert (np.diff(pairs()) > 0).all()


@given(st.lists(st.text("水利局和林业局，𠮷a", min_size=1, max_size=8), min_size=1, max_size=5))
def test_pieces_asked_for_together_have_the_pairs_that_each_has_alone(texts: list[str]) -> None:
    rows = [encode(text) for text in texts]
    assert [found.tolist() for found in each_bigrams(rows)] == [bigrams(row).tolist() for row in rows]
    assert bigrams(encode("")).shape == (0, 2)


# -- pairs -----------------------------------------------------------------------------------------------------------


def line_of(count: int, layers: Sequence[str] = LAYERS, a_sentence: int = 6) -> Candidates:
    """`count` names of five characters, so many in each sentence."""
    spots = [Spot(layers[i % len(layers)], 5 * i, 5 * i + 4, str(i)) for i in range(count)]
    return Candidates("云泽市局，" * count, spots, list(range(0, 5 * count + 1, 5 * a_sentence)))


def test_candidates_are_the_pairs_that_some_relation_allows() -> None:
    candidates = line_of(60)
    pairs, seen = candidates.read()
    assert len({tuple(pair) for pair in pairs.tolist()}) == len(pairs)
    layers = np.array(candidates.layer)
    assert ALLOWED[layers[pairs[:, 0]], layers[pairs[:, 1]]].any(axis=1).all()
    assert (pairs[:, 0] != pairs[:, 1]).all()
    assert seen.shape == (len(pairs), len(FEATURES))
    assert ((seen >= 0) & (seen < np.array(SIZES))).all()


def test_candidates_are_symmetrical() -> None:
    """A pair comes both ways wherever both ways are allowed, and the order of the spots changes nothing."""
    candidates = line_of(40)
    pairs, _ = candidates.read()
    found = {tuple(pair) for pair in pairs.tolist()}
    layer = candidates.layer
    assert {(b, a) for a, b in found if ALLOWED[layer[b], layer[a]].any()} <= found
    shuffled = list(range(40))
    Random(1).shuffle(shuffled)
    other = Candidates("云泽市局，" * 40, [candidates.spots[i] for i in shuffled], list(range(0, 201, 30)))
    turned, theirs = other.read()
    told = {(int(a), int(b)): tuple(row) for (a, b), row in zip(pairs, candidates.read()[1].tolist(), strict=True)}
    assert {
        (shuffled[a], shuffled[b]): tuple(row) for (a, b), row in zip(turned.tolist(), theirs.tolist(), strict=True)
    } == told


@pytest.mark.parametrize("a_sentence", [1, 6, 10_000], ids=["one a sentence", "six", "all in the headline"])
@pytest.mark.parametrize("layers", [LAYERS, ("Agency",), ("Person", "Title")], ids="+".join)
def test_candidates_grow_with_the_names_and_not_with_their_square(layers: Sequence[str], a_sentence: int) -> None:
    small, large = (len(line_of(count, layers, a_sentence).read()[0]) for count in (500, 1000))
    assert 0 < large <= 2.1 * small


def test_a_headline_of_many_names_reaches_some_of_many_below() -> None:
    def of(count: int) -> int:
        spots = [Spot("Agency", 5 * i, 5 * i + 4, str(i)) for i in range(2 * count)]
        return len(Candidates("云泽市局，" * 2 * count, spots, [0, 5 * count]).read()[0])

    assert of(1000) <= 2.1 * of(500)


@pytest.mark.parametrize(
    ("one", "times"), [("局", 2000), ("云泽市水利局、", 200), ("“清溪行动”", 300), (SENTENCE, 100)], ids=range(4)
)
def test_reading_takes_steps_in_proportion_to_the_text(one: str, times: int, steps: Callable[..., int]) -> None:
    """Lines of code are counted, not seconds."""
    from kg.model import Page
    from kg.reading import read

    def work(times: int) -> int:
        return steps(lambda: read(Page("odd.txt", one * times, "", home="云泽市")))

    work(10)
    some = 150 * 2 * times * len(one)  # lines that a text of hardly any names may take more or less by chance
    assert work(2 * times) <= 2.2 * work(times) + some


@pytest.fixture
def steps() -> Callable[[Callable[[], object]], int]:
    """How many lines of ours are executed by a call."""
    import sys

    def count(work: Callable[[], object]) -> int:
        total = 0

        def trace(frame: Any, event: str, _: object) -> Any:
            nonlocal total
            total += 1
            return trace if "/kg/" in frame.f_code.co_filename else None

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            work()
        finally:
            sys.settrace(before)
        return total

    return count


@given(st.lists(st.integers(1, LONGEST_PIECE), max_size=60))
def test_every_piece_is_read_once_with_pieces_of_its_length(lengths: list[int]) -> None:
    found = batches(lengths)
    assert sorted(i for batch in found for i in batch) == list(range(len(lengths)))
    assert all(1 <= len(batch) <= BATCH for batch in found)
    filled = sum(len(batch) * max(lengths[i] for i in batch) for batch in found)
    assert filled <= sum(lengths) / ALIKE


def test_pieces_of_one_length_fill_their_runs() -> None:
    assert [len(batch) for batch in batches([40] * (3 * BATCH + 1))] == [BATCH] * 3 + [1]


# -- weights ---------------------------------------------------------------------------------------------------------


def test_missing_weights_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with weights_of(tmp_path, monkeypatch), pytest.raises(WeightsError, match=r"encoder\.onnx: no such file"):
        weights("encoder.onnx")


def test_what_was_read_is_numbered_and_what_was_not_is_not() -> None:
    text = f"{SENTENCE}\n\n{SENTENCE}"
    (signals, nothing) = read_articles([(text, sentences(article(text))), ("", ())])
    assert (signals.index >= 0).sum() == 2 * len(SENTENCE) == len(signals.stop)
    assert signals.index[len(SENTENCE)] == signals.index[-1] == -1
    assert {len(output) for output in signals.outputs.values()} == {2 * len(SENTENCE)}
    assert (len(nothing.stop), scored_spans(nothing)) == (0, [])


def test_an_article_is_read_the_same_alone_and_among_others() -> None:
    """Batches differ, sums hardly: nothing of one article gets into another."""
    texts = [SENTENCE * n for n in (1, 9, 3)]
    given_ = [(text, sentences(article(text))) for text in texts]
    together = read_articles(given_)
    for one, among in zip(given_, together, strict=True):
        (alone,) = read_articles([one])
        for name, output in alone.outputs.items():
            np.testing.assert_allclose(output, among.outputs[name], atol=1e-5)


# -- the same as PyTorch ---------------------------------------------------------------------------------------------

SAMPLE = f"{SENTENCE * 5}\n林岚说，要把渠修好。\n{'局' * 200}"


@pytest.fixture(scope="module")
def reader() -> Any:
    return blank_reader()


@pytest.fixture
def written(reader: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The blank network, whose file is what is read with."""
    from kg.learn.to_onnx import write

    write(reader, tmp_path)
    with weights_of(tmp_path, monkeypatch):
        yield reader


def states(reader: Any, text: str, spans: Sequence[Span]) -> Any:
    """PyTorch's states of every character, and where each character's piece ends."""
    from kg.learn.model import pack

    with torch().no_grad():
        batch = pack([encode(text[a:b]) for a, b in pieces(text, spans)])
        return reader.states(batch), batch.piece_end


def test_every_span_has_the_score_that_the_taught_network_gives_it(written: Any) -> None:
    from kg.learn.model import BLOCK

    one = document(SAMPLE)
    (signals,) = read_articles([(SAMPLE, one.sentences)])
    h, stop = states(written, SAMPLE, one.sentences)
    with torch().no_grad():
        scores = written.spans(h).numpy()
    worth = min(float(scores.max()), -4.1) - 1  # so that there are some, whatever the weights
    found = _all_spans(signals, worth)
    back = np.flatnonzero(signals.index >= 0)
    number = {int(place): n for n, place in enumerate(back)}
    wanted = 0
    for first in range(len(h)):
        for last in range(first, min(first + LONGEST, int(stop[first]))):
            for k, layer in enumerate(LAYERS):
                score = float(scores[first // BLOCK, k, first % BLOCK, first % BLOCK + last - first])
                key = (layer, int(back[first]), int(back[last]) + 1)
                if abs(score - worth) > 1e-2:
                    assert (key in found) == (score > worth), key
                    wanted += score > worth
                if key in found:
                    assert found[key] == pytest.approx(score, abs=2e-3)
    assert wanted > 1000
    assert all(start in number and end - 1 in number for _, start, end in found)


def _all_spans(signals: Any, worth: float) -> dict[tuple[str, int, int], float]:
    from kg.network import spans

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(spans, "WORTH", worth)
        patched.setattr(spans, "CROWD", 10**6)
        return {(s.layer, s.start, s.end): s.odds for s in spans.scored_spans(signals)}


def test_every_pair_has_the_score_that_the_taught_network_gives_it(written: Any) -> None:
    one = document(SAMPLE)
    (signals,) = read_articles([(SAMPLE, one.sentences)])
    spots = [Spot(LAYERS[n % len(LAYERS)], at, at + 3, str(n)) for n, at in enumerate(range(0, 140, 4))]
    spots.append(Spot("Person", SAMPLE.index("林岚"), SAMPLE.index("林岚") + 2, "x"))
    spots.append(Spot("Agency", 0, 9, "around the first"))
    pairs, seen = Candidates(SAMPLE, spots, one.starts).read()
    h, _ = states(written, SAMPLE, one.sentences)
    tensor = torch().tensor
    starts, ends = (tensor(signals.index[at]) for at in ([s.start for s in spots], [s.end - 1 for s in spots]))
    with torch().no_grad():
        wanted = written.pairs(h, starts, ends, tensor(pairs), tensor(seen)).numpy()
    got = scored_pairs(signals, spots, pairs, seen)
    assert got.shape == (len(pairs), len(LABELS))
    assert len(pairs) > 300
    np.testing.assert_allclose(got, wanted, atol=2e-3)
