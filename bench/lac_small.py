"""Baidu's small tagger with nothing around it: what reading a page is compared with.

Its weights are those that every training begins from (kg/learn/lac.py); the graph and the CRF are built here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from kg.learn import lac
from kg.page import half_width

BATCH = 64  # sentences in one run
LONGEST = 500  # characters in one run; a longer sentence is cut at a mark
_OPSET, _IR_VERSION = 17, 8
_CUT_AFTER = re.compile(r"[。！？；，、,;!?\s]")

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.uint8]


def tag(texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
    """The words of each text as (start, end, tag), in order and covering every character."""
    pieces = [(number, start, end) for number, text in enumerate(texts) for start, end in _pieces(text)]
    pieces.sort(key=lambda piece: piece[1] - piece[2])  # the longest first
    rows = [_encode(text) for text in texts]
    words: list[list[tuple[int, int, str]]] = [[] for _ in texts]
    for at in range(0, len(pieces), BATCH):
        batch = pieces[at : at + BATCH]
        paths = _label([rows[number][start:end] for number, start, end in batch])
        for (number, start, _), path in zip(batch, paths, strict=True):
            words[number].extend(_words(path, start))
    return [sorted(of) for of in words]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while len(text) - start > LONGEST:
        marks = [mark.end() for mark in _CUT_AFTER.finditer(text, start + LONGEST // 2, start + LONGEST)]
        end = marks[-1] if marks else start + LONGEST
        yield start, end
        start = end
    if start < len(text):
        yield start, len(text)


def _encode(text: str) -> Ints:
    """It was taught on half-width text."""
    known = _characters()
    plain = half_width(text)
    return np.array([known.get(character, known["OOV"]) for character in plain], dtype=np.int64)


@cache
def _characters() -> dict[str, int]:
    return lac.characters()


@cache
def session() -> Any:
    """On one thread, as the program's own network."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(_model(), options, providers=["CPUExecutionProvider"])


def _model() -> bytes:
    """Inputs: `characters` int64 (length, batch), `lengths` int32 (batch,). Output: `emissions` (length, batch, 57)."""
    weights: dict[str, npt.NDArray[Any]] = {**lac.weights(), "joined": np.array([0, 0, -1], dtype=np.int64)}
    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        _nodes(),
        "lac_small",
        [info("characters", TensorProto.INT64, ["length", "batch"]), info("lengths", TensorProto.INT32, ["batch"])],
        [info("emissions", TensorProto.FLOAT, ["length", "batch", 57])],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _nodes() -> list[Any]:
    node = helper.make_node
    nodes = [node("Gather", ["embedding", "characters"], ["layer0"])]
    for n in (0, 1):
        names = [f"gru{n}.{part}" for part in "WRB"]
        nodes += [
            node("GRU", [f"layer{n}", *names, "lengths"], [f"gru{n}"],
                 hidden_size=128, direction="bidirectional", linear_before_reset=0),
            node("Transpose", [f"gru{n}"], [f"sides{n}"], perm=[0, 2, 1, 3]),
            node("Reshape", [f"sides{n}", "joined"], [f"layer{n + 1}"]),
        ]  # fmt: skip
    linear = node("MatMul", ["layer2", "linear.weight"], ["linear"])
    return [*nodes, linear, node("Add", ["linear", "linear.bias"], ["emissions"])]


def _label(sentences: Sequence[Ints]) -> list[Labels]:
    """The labels of each sentence; they come longest first and none is empty."""
    lengths = np.array([len(sentence) for sentence in sentences], dtype=np.int32)
    grid = np.zeros((lengths[0], len(sentences)), dtype=np.int64)
    for column, sentence in enumerate(sentences):
        grid[: len(sentence), column] = sentence
    (emissions,) = session().run(None, {"characters": grid, "lengths": lengths})
    paths = _viterbi(emissions, lengths)
    return [paths[:length, column] for column, length in enumerate(lengths)]


@cache
def _crf() -> tuple[Floats, Floats, Floats]:
    """The weights of beginning, of ending, and of label i followed by label j; X-I may only follow X-B or X-I."""
    table = lac._tensor("crfw")
    moves = table[2:].copy()
    tails = np.arange(1, len(moves), 2)
    barred = np.ones(moves.shape, dtype=bool)
    barred[:, 0::2] = False
    barred[tails - 1, tails] = barred[tails, tails] = False
    moves[barred] = -1e9
    start = table[0].copy()
    start[tails] = -1e9
    return start, table[1], moves


def _viterbi(emissions: Floats, lengths: npt.NDArray[np.int32]) -> Labels:
    """The best path of each column, (length, batch)."""
    start, stop, moves = _crf()
    steps, batch, size = emissions.shape
    back = np.zeros((steps, batch, size), dtype=np.uint8)
    score = emissions[0] + start
    for t in range(1, steps):
        n = int((lengths > t).sum())  # the sentences that still run are the first ones
        ways = score[:n, :, None] + moves
        best = ways.argmax(axis=1)
        back[t, :n] = best
        score[:n] = np.take_along_axis(ways, best[:, None], axis=1)[:, 0] + emissions[t, :n]
    return _backtrack(back, (score + stop).argmax(axis=1), lengths)


def _backtrack(back: Labels, last: npt.NDArray[np.intp], lengths: npt.NDArray[np.int32]) -> Labels:
    paths = np.zeros(back.shape[:2], dtype=np.uint8)
    state = last.astype(np.uint8)
    for t in range(len(back) - 1, -1, -1):
        paths[t] = state
        n = int((lengths > t).sum())
        if t:
            state[:n] = back[t, np.arange(n), state[:n]]
    return paths


@cache
def _labels() -> tuple[str, ...]:
    """X-B and X-I for each tag X, then O."""
    rows = (row.split("\t") for row in lac.read_bytes("lac_small/tag.dic").decode("utf-8").split("\n"))
    return tuple(row[1] for row in rows if len(row) == 2)


def _words(path: Labels, offset: int) -> Iterator[tuple[int, int, str]]:
    """Words begin at X-B and O, the even labels."""
    starts = np.flatnonzero(path % 2 == 0).tolist()
    for start, end in zip(starts, [*starts[1:], len(path)], strict=True):
        yield offset + start, offset + end, _labels()[path[start]].removesuffix("-B")
