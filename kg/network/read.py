"""One pass of the network over the sentences of a page.

The network is Baidu's small tagger (jieba 0.42.1), taught further on local news; `kg/weights/CARD.md` says how well.
It runs on one thread of ONNX Runtime: the same sums in the same order wherever it runs.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kg.errors import WeightsError
from kg.model import Span
from kg.network.rows import Rows, each_bigrams, encode, pieces

BATCH = 8  # pieces in one run of the network: more are not faster
ALIKE = 0.7  # of the longest of a run; a shorter piece is read in the next, for what fills it up costs as much as text
OUTPUTS = ("starts", "ends", "single", "left", "right", "around")

Floats = npt.NDArray[np.float32]


class Piece(NamedTuple):
    """Characters start ≤ i < end of article number `article`."""

    article: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Signals:
    """What the network says of one article.

    `index[i]` is the number of character i among those that were read, -1 for what stands between sentences;
    `stop[n]` is the number one beyond the piece that holds character n. The arrays have a row for each character read.
    """

    index: npt.NDArray[np.int64]
    stop: npt.NDArray[np.int64]
    outputs: dict[str, Floats]


def read_articles(articles: Sequence[tuple[str, Sequence[Span]]]) -> list[Signals]:
    """The signals of each (text, sentences); sentences are batched by length over all of them."""
    cut = [
        Piece(number, start, end) for number, (text, spans) in enumerate(articles) for start, end in pieces(text, spans)
    ]
    rows = [encode(articles[p.article][0][p.start : p.end]) for p in cut]
    read = _run(rows)
    mine: list[list[int]] = [[] for _ in articles]
    for i, piece in enumerate(cut):
        mine[piece.article].append(i)
    return [_signals(len(text), own, cut, read) for (text, _), own in zip(articles, mine, strict=True)]


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Which pieces are read in one run, the longest first, by their numbers."""
    found: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if found and len(found[-1]) < BATCH and lengths[i] >= ALIKE * lengths[found[-1][0]]:
            found[-1].append(i)
        else:
            found.append([i])
    return found


def _run(rows: list[Rows]) -> list[dict[str, Floats]]:
    """Each piece's outputs. The pieces are never empty."""
    found: dict[int, dict[str, Floats]] = {}
    for batch in batches([len(row) for row in rows]):
        lengths = np.array([len(rows[i]) for i in batch], dtype=np.int32)
        grid = np.zeros((lengths[0], len(batch)), dtype=np.int64)
        pairs = np.zeros((*grid.shape, 2), dtype=np.int64)
        for column, (i, two) in enumerate(zip(batch, each_bigrams([rows[i] for i in batch]), strict=True)):
            grid[: len(rows[i]), column], pairs[: len(rows[i]), column] = rows[i], two
        given = {"characters": grid, "pairs": pairs, "lengths": lengths}
        outputs = session("encoder").run(list(OUTPUTS), given)
        for column, i in enumerate(batch):
            found[i] = {k: v[: len(rows[i]), column] for k, v in zip(OUTPUTS, outputs, strict=True)}
    return [found[i] for i in range(len(rows))]


def _signals(length: int, mine: list[int], cut: list[Piece], read: list[Any]) -> Signals:
    index = np.full(length + 1, -1, dtype=np.int64)
    stops, at = [], 0
    for i in mine:
        size = cut[i].end - cut[i].start
        index[cut[i].start : cut[i].end] = np.arange(at, at + size)
        at += size
        stops.append(np.full(size, at, dtype=np.int64))
    stop = np.concatenate(stops) if stops else np.zeros(0, dtype=np.int64)
    outputs = {k: np.concatenate([read[i][k] for i in mine]) for k in OUTPUTS} if mine else {}
    return Signals(index, stop, outputs)


WEIGHTS = "FANGZHI_WEIGHTS"  # the environment variable that names a folder of other weights; processes inherit it


def weights_in_use() -> str:
    """The folder that FANGZHI_WEIGHTS names, "" for the weights of the package."""
    return os.environ.get(WEIGHTS, "")


def weights(name: str) -> Path:
    """A file of the weights in use."""
    folder = weights_in_use()
    path = Path(folder) / name if folder else Path(str(resources.files("kg"))) / "weights" / name
    if not path.is_file():
        again = "make weights with `kg train`, or reinstall fangzhi"
        raise WeightsError(f"{path}: no such file; {again} 找不到模型权重文件")
    return path


def use(folder: str) -> str:
    """Read with the weights of this folder ("" those of the package) from now on; returns what was in use."""
    before = weights_in_use()
    os.environ[WEIGHTS] = folder
    session.cache_clear()
    table.cache_clear()
    return before


@cache
def session(name: str) -> Any:
    """One ONNX Runtime session a process for <name>.onnx of the weights, on one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 3
    model = weights(f"{name}.onnx").read_bytes()
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@cache
def table(name: str) -> dict[str, Floats]:
    """The arrays of <name>.npz of the weights."""
    with np.load(weights(f"{name}.npz")) as arrays:
        return {key: arrays[key].astype(np.float32) for key in arrays.files}
