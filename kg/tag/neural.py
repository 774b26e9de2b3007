"""Words and their tags by the neural tagger bundled in jieba, run by ONNX Runtime.

`tag_sentences` is the whole public face. It finds names well and their kinds roughly: strict F1 on public sets is
82/74/67 (people, places, organisations; MSRA). Posts, programs and nesting are the grammar's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kg.tag import lac_model

BATCH = 64  # sentences in one run of the network: beyond this the processor's cache overflows
LONGEST = 500  # characters in one run; a longer sentence is cut at a punctuation mark
_LAST_BMP = 0xFFFF  # not a character: stands for all that lie beyond the basic plane
# The model was trained on half-width text. One for one, so that offsets stay.
_FULL_WIDTH = "。、“”「」『』《》：；！？（）‘’…—【】・•，〈〉〔〕％"
_HALF_WIDTH = '.,""""""<>:;!?()\'\'.-[]··,<>()%'
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_BLANK_IN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_CUT_AFTER = re.compile(r"[。！？；，、,;!?\s]")

Scores = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int32]
Labels = npt.NDArray[np.uint8]


class Word(NamedTuple):
    """Characters start ≤ i < end of the text. Tags: PER LOC ORG TIME, nr ns nt nw nz, n v a d m q p c r t f s u w …"""

    start: int
    end: int
    tag: str


def tag_sentences(texts: Sequence[str]) -> list[list[Word]]:
    """The words of each text, in order, covering every character of it; an empty text has none.

    Line breaks inside a sentence should have been dropped by the caller. Sentences are batched by length, so give
    as many as there are at a time. Raises MissingExtraError where jieba's files are not there.
    """
    pieces = [(index, start, end) for index, text in enumerate(texts) for start, end in _pieces(text)]
    pieces.sort(key=lambda piece: piece[1] - piece[2])  # stable: the longest first
    encoded = [_encode(text) for text in texts]
    paths: dict[tuple[int, int], Labels] = {}
    for at in range(0, len(pieces), BATCH):
        batch = pieces[at : at + BATCH]
        found = _label([encoded[index][start:end] for index, start, end in batch])
        paths.update(((index, start), path) for (index, start, _), path in zip(batch, found, strict=True))
    tagged: list[list[Word]] = [[] for _ in texts]
    for (index, start), path in sorted(paths.items(), key=lambda item: item[0]):
        tagged[index].extend(_words(path, start))
    return tagged


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """The text in stretches of at most LONGEST characters, cut after a mark in the second half where there is one."""
    start = 0
    while len(text) - start > LONGEST:
        marks = [mark.end() for mark in _CUT_AFTER.finditer(text, start + LONGEST // 2, start + LONGEST)]
        end = marks[-1] if marks else start + LONGEST
        yield start, end
        start = end
    if start < len(text):
        yield start, len(text)


def _encode(text: str) -> Rows:
    """Each character's row of the embedding. A blank between Han characters (two names of a byline) is a comma."""
    fed = _BLANK_IN_HAN.sub(lambda blank: "，" * len(blank[0]), text)
    points = np.frombuffer(fed.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    rows: Rows = _rows()[np.minimum(points, _LAST_BMP)]
    return rows


@cache
def _rows() -> Rows:
    """The row of the embedding for each code point of the basic plane, full-width forms read as half-width ones."""
    known = lac_model.characters()
    rows = np.full(_LAST_BMP + 1, known["OOV"], dtype=np.int32)
    for character, row in known.items():
        if len(character) == 1 and ord(character) <= _LAST_BMP:
            rows[ord(character)] = row
    for full, half in zip(_FULL_WIDTH, _HALF_WIDTH, strict=True):
        rows[ord(full)] = rows[ord(half)]
    rows[0xFF01:0xFF5F] = rows[0x21:0x7F]
    return rows


@cache
def _session() -> Any:
    """One ONNX Runtime session a process, on one thread: the same sums in the same order wherever it runs."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(lac_model.onnx_bytes(), options, providers=["CPUExecutionProvider"])


@cache
def _decoder() -> tuple[lac_model.Crf, tuple[str, ...]]:
    return lac_model.crf(), lac_model.labels()


def _label(sentences: Sequence[Rows]) -> list[Labels]:
    """The labels of each sentence. The sentences must not be empty and must come longest first."""
    lengths = np.array([len(sentence) for sentence in sentences], dtype=np.int32)
    grid = np.zeros((lengths[0], len(sentences)), dtype=np.int64)
    for column, sentence in enumerate(sentences):
        grid[: len(sentence), column] = sentence
    (emissions,) = _session().run(None, {"characters": grid, "lengths": lengths})
    paths = _viterbi(emissions, lengths)
    return [paths[:length, column] for column, length in enumerate(lengths)]


def _viterbi(emissions: Scores, lengths: npt.NDArray[np.int32]) -> Labels:
    """The best path of each column, (length, batch). X-I (odd labels) may only follow X-B or X-I, and never begins.

    Columns come longest first, so the sentences that still run at step t are the first `live[t]` columns.
    """
    weights, _ = _decoder()
    steps, _, size = emissions.shape
    live = (lengths[None, :] > np.arange(steps)[:, None]).sum(axis=1)
    into_heads = np.ascontiguousarray(weights.moves[:, 0::2].T)  # (29, 57): X-B and O from anything
    tails = np.arange(1, size, 2)
    from_head, from_tail = weights.moves[tails - 1, tails], weights.moves[tails, tails]
    back = np.zeros(emissions.shape, dtype=np.uint8)
    score = emissions[0] + weights.start
    score[:, tails] = -np.inf
    for t in range(1, steps):
        n = live[t]
        before = score[:n]
        ways = before[:, None, :] + into_heads
        best = ways.argmax(axis=2)
        begun, kept = before[:, tails - 1] + from_head, before[:, tails] + from_tail
        back[t, :n, 0::2] = best
        back[t, :n, 1::2] = np.where(begun >= kept, tails - 1, tails)
        score[:n, 0::2] = np.take_along_axis(ways, best[:, :, None], axis=2)[:, :, 0] + emissions[t, :n, 0::2]
        score[:n, 1::2] = np.maximum(begun, kept) + emissions[t, :n, 1::2]
    return _backtrack(back, (score + weights.stop).argmax(axis=1), live)


def _backtrack(back: Labels, last: npt.NDArray[np.intp], live: npt.NDArray[np.intp]) -> Labels:
    """Follow the pointers from each sentence's last label; `last` still holds at every step beyond its end."""
    paths = np.zeros(back.shape[:2], dtype=np.uint8)
    state = last.astype(np.uint8)
    columns = np.arange(len(last))
    for t in range(len(back) - 1, -1, -1):
        paths[t] = state
        if t:
            n = live[t]
            state[:n] = back[t, columns[:n], state[:n]]
    return paths


def _words(path: Labels, offset: int) -> Iterator[Word]:
    """Words begin at X-B and O labels, which are the even ones."""
    _, names = _decoder()
    starts = np.flatnonzero(path % 2 == 0).tolist()
    ends = [*starts[1:], len(path)]
    for start, end in zip(starts, ends, strict=True):
        yield Word(offset + start, offset + end, names[path[start]].removesuffix("-B"))
