"""Baidu's small lexical tagger, which travels inside the jieba wheel, as an ONNX model.

Source: `jieba/lac_small/` of jieba 0.42.1 (Apache-2.0, PaddlePaddle authors). The network is embedding 128 →
2 × bidirectional GRU 128 → linear 57, and a CRF on top, which `neural.py` decodes. Paddle itself is not needed.
jieba is never imported: importing it prints a line and writes a cache.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.errors import MissingExtraError

Floats = npt.NDArray[np.float32]
_LAYERS = ((0, 1), (2, 3))  # (forward, backward) numbers of each bidirectional layer in the files' names
_TENSOR_HEADER = 16  # bytes: uint32 version, uint64 level of detail, uint32 version
_OPSET, _IR_VERSION = 17, 8  # old enough for every ONNX Runtime that we allow


@dataclass(frozen=True, slots=True)
class Crf:
    """`start` and `stop` have shape (labels,); `moves[i, j]`, (labels, labels), weighs label i followed by label j."""

    start: Floats
    stop: Floats
    moves: Floats


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


def labels() -> tuple[str, ...]:
    """The 57 labels in the order of the network's outputs: X-B and X-I for each tag X, then O."""
    rows = read_bytes("lac_small/tag.dic").decode("utf-8").split("\n")
    pairs = (row.split("\t") for row in rows)
    return tuple(pair[1] for pair in pairs if len(pair) == 2)


def crf() -> Crf:
    """The weights of the CRF: the file holds the start row, the stop row, then the moves."""
    table = _tensor("crfw")
    return Crf(table[0], table[1], table[2:])


def onnx_bytes() -> bytes:
    """The serialised model. Inputs: `characters` int64 (length, batch), `lengths` int32 (batch,).

    Output: `emissions` float32 (length, batch, 57). What stands beyond a sentence's length is not meaningful.
    """
    import onnx
    from onnx import TensorProto, helper

    nodes, weights = _graph()
    graph = helper.make_graph(
        nodes,
        "lac_small",
        [
            helper.make_tensor_value_info("characters", TensorProto.INT64, ["length", "batch"]),
            helper.make_tensor_value_info("lengths", TensorProto.INT32, ["batch"]),
        ],
        [helper.make_tensor_value_info("emissions", TensorProto.FLOAT, ["length", "batch", 57])],
        [onnx.numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
    return bytes(model.SerializeToString())


def _graph() -> tuple[list[Any], dict[str, npt.NDArray[Any]]]:
    from onnx.helper import make_node

    weights: dict[str, npt.NDArray[Any]] = {
        "embedding": _tensor("word_emb"),
        "joined": np.array([0, 0, -1], dtype=np.int64),
        "linear.weight": _tensor("fc_4.w_0"),
        "linear.bias": _tensor("fc_4.b_0"),
    }
    nodes = [make_node("Gather", ["embedding", "characters"], ["layer0"])]
    for number, directions in enumerate(_LAYERS):
        names = [f"gru{number}.{part}" for part in "WRB"]
        weights.update(zip(names, _bidirectional(directions), strict=True))
        nodes += [
            make_node("GRU", [f"layer{number}", *names, "lengths"], [f"gru{number}"],
                      hidden_size=128, direction="bidirectional", linear_before_reset=0),
            make_node("Transpose", [f"gru{number}"], [f"sides{number}"], perm=[0, 2, 1, 3]),
            make_node("Reshape", [f"sides{number}", "joined"], [f"layer{number + 1}"]),
        ]  # fmt: skip
    nodes += [
        make_node("MatMul", ["layer2", "linear.weight"], ["linear"]),
        make_node("Add", ["linear", "linear.bias"], ["emissions"]),
    ]
    return nodes, weights


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
