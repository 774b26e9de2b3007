"""Baidu's small lexical tagger, which travels inside the jieba wheel: what every training begins from.

Source: `jieba/lac_small/` of jieba 0.42.1 (Apache-2.0, PaddlePaddle authors). The network is embedding 128 →
2 × bidirectional GRU 128 → linear 57, and a CRF on top. Paddle itself is not needed, and jieba is never imported:
importing it prints a line and writes a cache.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kg.errors import MissingExtraError

Floats = npt.NDArray[np.float32]
_LAYERS = ((0, 1), (2, 3))  # (forward, backward) numbers of each bidirectional layer in the files' names
_TENSOR_HEADER = 16  # bytes: uint32 version, uint64 level of detail, uint32 version


def jieba_folder() -> Path:
    """Where jieba is installed, found without importing it. Raises MissingExtraError where it is not."""
    spec = importlib.util.find_spec("jieba")
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtraError("jieba, whose bundled tagger reads the names, is missing: pip install jieba==0.42.1")
    return Path(spec.submodule_search_locations[0])


def read_bytes(relative: str) -> bytes:
    """A file of the jieba package. Raises MissingExtraError where this jieba does not carry it."""
    path = jieba_folder() / relative
    try:
        return path.read_bytes()
    except OSError as error:
        again = "pip install --force-reinstall jieba==0.42.1"
        raise MissingExtraError(f"{path}: cannot be read ({error.strerror}); {again}") from None


def characters() -> dict[str, int]:
    """Every entry of `word.dic` with its row of the embedding; "OOV" stands for all other characters."""
    rows = read_bytes("lac_small/word.dic").decode("utf-8").split("\n")
    pairs = (row.split("\t") for row in rows)
    return {pair[1]: int(pair[0]) for pair in pairs if len(pair) == 2}


def rows_of(wanted: str) -> list[int]:
    """The rows of the embedding for these characters, and last the one for all others."""
    known = characters()
    return [*(known[character] for character in wanted), known["OOV"]]


def weights() -> dict[str, Floats]:
    """The arrays of the network: `embedding`, `gru0.W` … `gru1.B` in ONNX's layout, `linear.weight`, `linear.bias`."""
    arrays = {
        "embedding": _tensor("word_emb"),
        "linear.weight": _tensor("fc_4.w_0"),
        "linear.bias": _tensor("fc_4.b_0"),
    }
    for number, directions in enumerate(_LAYERS):
        arrays.update(zip([f"gru{number}.{part}" for part in "WRB"], _bidirectional(directions), strict=True))
    return arrays


def _bidirectional(directions: tuple[int, int]) -> tuple[Floats, Floats, Floats]:
    """ONNX's W, R and B of one layer, the two directions stacked."""
    sides = [_gates(number) for number in directions]
    return (
        np.stack([side[0] for side in sides]),
        np.stack([side[1] for side in sides]),
        np.stack([side[2] for side in sides]),
    )


def _gates(number: int) -> tuple[Floats, Floats, Floats]:
    """One direction's weights in ONNX's layout: W (3D, in), R (3D, D), B (6D,).

    Both order the gates update, reset, candidate, but Paddle's update gate says how much is new and ONNX's how
    much is kept: sigmoid(-x) = 1 - sigmoid(x), hence the minus. Paddle stores the recurrent matrix as a D × 2D
    block (update, reset) followed by a D × D block (candidate).
    """
    recurrent = _tensor(f"gru_{number}.w_0")
    size = recurrent.shape[0]
    flat = recurrent.reshape(-1)
    gates, candidate = flat[: 2 * size * size].reshape(size, 2 * size), flat[2 * size * size :].reshape(size, size)
    w = _tensor(f"fc_{number}.w_0").T.copy()
    r = np.concatenate([gates.T, candidate.T])
    bias = _tensor(f"fc_{number}.b_0") + _tensor(f"gru_{number}.b_0").reshape(-1)
    for block in (w, r, bias):
        block[:size] *= -1
    return w, r, np.concatenate([bias, np.zeros_like(bias)])


def _tensor(name: str) -> Floats:
    """A tensor in Paddle's old file form: header, int32 length, a protobuf description of that length, the data."""
    raw = read_bytes(f"lac_small/model_baseline/{name}")
    start = _TENSOR_HEADER + 4
    length = int.from_bytes(raw[_TENSOR_HEADER:start], "little")
    shape = _shape(raw[start : start + length])
    return np.frombuffer(raw, dtype="<f4", offset=start + length).astype(np.float32).reshape(shape)


def _shape(description: bytes) -> tuple[int, ...]:
    """The values of field 2 of a protobuf message that holds nothing but varints."""
    numbers: list[int] = []
    value = shift = 0
    for byte in description:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(value)
            value = shift = 0
    return tuple(value for key, value in zip(numbers[::2], numbers[1::2], strict=True) if key >> 3 == 2)
