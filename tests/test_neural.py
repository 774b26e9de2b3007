"""The bundled tagger: its words cover the text, batches change nothing, and its tags are sensible."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.tag import lac_model, neural, words
from kg.tag.neural import Word, tag_sentences

SENTENCES = (
    "江州市委副书记、代市长陆文涛主持会议，城东区人力资源和社会保障局局长沈秋云参加。",
    "林岚 王川平",
    "湖南省与广东省上周在长沙签订了合作协议。",
    "",
    "记者 从 ABC 公司获悉：２０２６年１月，“双碳”项目开工！",
    "会",
)
# sentence, words that must be found with their tags
FOUND = (
    (SENTENCES[0], {("江州市委", "ORG"), ("陆文涛", "PER"), ("沈秋云", "PER"), ("局长", "n"), ("主持会议", "v")}),
    (SENTENCES[1], {("林岚", "PER"), ("王川平", "PER")}),
    (SENTENCES[2], {("湖南省", "LOC"), ("广东省", "LOC"), ("长沙", "LOC"), ("签订", "v")}),
    (SENTENCES[4], {("２０２６年１月", "TIME"), ("！", "w")}),
)


def covers(text: str, found: list[Word]) -> bool:
    """Whether the words follow each other from the first character to the last."""
    edges = [0, *(word.end for word in found)]
    return [word.start for word in found] == edges[:-1] and edges[-1] == len(text) and sorted(set(edges)) == edges


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_tags_are_sensible(text: str, expected: set[tuple[str, str]]) -> None:
    (found,) = tag_sentences([text])
    assert expected <= {(text[word.start : word.end], word.tag) for word in found}


def test_a_batch_tags_as_one_by_one_does() -> None:
    many = SENTENCES * 40
    together = tag_sentences(many)
    assert together[: len(SENTENCES)] == [tag_sentences([text])[0] for text in SENTENCES]
    assert together[-len(SENTENCES) :] == together[: len(SENTENCES)]


def test_nothing_in_nothing_out() -> None:
    assert tag_sentences([]) == []
    assert tag_sentences(["", ""]) == [[], []]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=40), max_size=6))
def test_words_cover_any_text(texts: list[str]) -> None:
    assert all(covers(text, found) for text, found in zip(texts, tag_sentences(texts), strict=True))


@pytest.mark.parametrize("odd", ["\ud800", "𠮷野家", "\u0000\uffff\U0010ffff", "\n\n", "一\n\n二", "　", "é" * 3])
def test_odd_characters_are_covered(odd: str) -> None:
    assert covers(odd, tag_sentences([odd])[0])


@pytest.mark.parametrize("unit", ["江州市今天召开会议，", "一"])
def test_a_very_long_sentence_is_covered_and_tagged_as_its_parts(unit: str) -> None:
    text = unit * 700
    (found,) = tag_sentences([text])
    assert covers(text, found)
    assert all(end - start <= neural.LONGEST for start, end in neural._pieces(text))
    assert "".join(text[start:end] for start, end in neural._pieces(text)) == text


def test_a_long_sentence_is_cut_after_a_mark() -> None:
    text = "江州市今天召开会议，" * 120
    assert all(text[end - 1] == "，" for _, end in neural._pieces(text))


def test_full_width_forms_are_read_as_half_width_ones() -> None:
    assert tag_sentences(["他说：“好，２０２６。”"]) == tag_sentences(['他说:"好,2026."'])


def plain_viterbi(emissions: neural.Scores, weights: lac_model.Crf) -> list[int]:
    """The textbook loop over one sentence, (length, labels), without any pruning."""
    score, back = emissions[0] + weights.start, []
    for row in emissions[1:]:
        ways = score[:, None] + weights.moves
        back.append(ways.argmax(axis=0))
        score = ways.max(axis=0) + row
    path = [int((score + weights.stop).argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]


def test_the_pruned_batch_viterbi_finds_what_the_plain_loop_finds() -> None:
    texts = sorted(filter(None, SENTENCES), key=len, reverse=True)
    encoded = [neural._encode(text) for text in texts]
    grid = np.zeros((len(texts[0]), len(texts)), dtype=np.int64)
    for column, rows in enumerate(encoded):
        grid[: len(rows), column] = rows
    lengths = np.array([len(text) for text in texts], dtype=np.int32)
    (emissions,) = neural._session().run(None, {"characters": grid, "lengths": lengths})
    pruned = neural._viterbi(emissions, lengths)
    for column, length in enumerate(lengths):
        assert pruned[:length, column].tolist() == plain_viterbi(emissions[:length, column], lac_model.crf())


def test_the_network_agrees_with_its_definition() -> None:
    """The emissions against the same sums written out in numpy, from Paddle's own definition of the gates."""
    rows = neural._encode("江州市长")
    feed = {"characters": rows[:, None].astype(np.int64), "lengths": np.array([len(rows)], dtype=np.int32)}
    (emissions,) = neural._session().run(None, feed)
    layer = lac_model._tensor("word_emb")[rows]
    for forward, backward in ((0, 1), (2, 3)):
        layer = np.concatenate([paddle_gru(layer, forward), paddle_gru(layer[::-1], backward)[::-1]], axis=1)
    expected = layer @ lac_model._tensor("fc_4.w_0") + lac_model._tensor("fc_4.b_0")
    assert np.allclose(emissions[:, 0], expected, atol=1e-4)


def paddle_gru(layer: neural.Scores, number: int) -> neural.Scores:
    """h = (1 - u) h' + u c, with the recurrent weights stored as one D × 2D and one D × D block."""

    def sigmoid(x: neural.Scores) -> neural.Scores:
        return 1 / (1 + np.exp(-x))

    given = layer @ lac_model._tensor(f"fc_{number}.w_0") + lac_model._tensor(f"fc_{number}.b_0")
    given = given + lac_model._tensor(f"gru_{number}.b_0").reshape(-1)
    flat = lac_model._tensor(f"gru_{number}.w_0").reshape(-1)
    gates, candidate = flat[:32768].reshape(128, 256), flat[32768:].reshape(128, 128)
    state, states = np.zeros(128, dtype=np.float32), []
    for x in given:
        update, reset = np.split(sigmoid(x[:256] + state @ gates), 2)
        state = (1 - update) * state + update * np.tanh(x[256:] + (reset * state) @ candidate)
        states.append(state)
    return np.stack(states)


def test_jieba_is_never_imported() -> None:
    code = "import sys; from kg.tag import neural, words; neural.tag_sentences(['一']); words.freq('一'); "
    code += "print('jieba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("False\n", "")


@pytest.mark.parametrize("folder", [Path("/nowhere"), Path()])
def test_a_jieba_without_the_model_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lac_model, "jieba_folder", lambda: folder)
    with pytest.raises(lac_model.MissingExtraError, match=r"word\.dic.*jieba==0\.42\.1"):
        lac_model.characters()


@pytest.mark.parametrize(
    ("word", "known"),
    [("的", True), ("建设", True), ("株洲", True), ("沈秋云", False), ("", False), ("建设 ", False), ("26381", False)],
)
def test_frequency_of_words(word: str, known: bool) -> None:
    assert (words.freq(word) > 0) is known
    assert words.freq("的") > words.freq("株洲")
