"""The taught network → kg/weights/: two ONNX graphs and a table, in half precision or bytes, not by PyTorch's exporter.

The exporter cannot see through a gradient written by hand, and the graph is small: embedding, GRUs, linear heads.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from kg.errors import WeightsError
from kg.learn.model import Reader
from kg.network.layers import LABELS

_OPSET, _IR_VERSION = 17, 8  # old enough for every ONNX Runtime that we allow
_LEAST = 2.0**-14  # below it half precision has few digits
Array = npt.NDArray[Any]


class _Graph:
    """Nodes in the making; weights are stored as float16 and cast once, when the model is loaded."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def constant(self, name: str, value: Array) -> str:
        if value.dtype != np.float32:
            self.weights.append(numpy_helper.from_array(value, name))
            return name
        self.weights.append(numpy_helper.from_array(value.astype(np.float16), name + ".half"))
        self.add("Cast", [name + ".half"], name, to=TensorProto.FLOAT)
        return name

    def add(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def linear(self, x: str, name: str, weight: Array, bias: Array) -> str:
        product = self.add("MatMul", [x, self.constant(name + ".weight", weight)], name + ".product")
        return self.add("Add", [product, self.constant(name + ".bias", bias)], name)

    def row(self, name: str, table: Array, at: str, output: str) -> str:
        """Rows of a table, which is kept in bytes: a number is a byte times the step of its row."""
        step = (np.abs(table).max(1, keepdims=True) / 127).clip(_LEAST).astype(np.float16)
        whole = np.rint(table / step.astype(np.float32)).clip(-127, 127).astype(np.int8)
        parts = []
        for part, value in (("bytes", whole), ("step", step)):
            self.weights.append(numpy_helper.from_array(value, f"{name}.{part}"))
            found = self.add("Gather", [f"{name}.{part}", at], f"{output}.{part}")
            parts.append(self.add("Cast", [found], f"{found}.wide", to=TensorProto.FLOAT))
        return self.add("Mul", parts, output)

    def write(self, path: Path, inputs: list[Any], outputs: list[Any]) -> None:
        graph = helper.make_graph(self.nodes, path.stem, inputs, outputs, self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
        onnx.checker.check_model(model)
        path.write_bytes(model.SerializeToString(deterministic=True))


def write(reader: Reader, folder: Path) -> None:
    """Write encoder.onnx, pairs.onnx and heads.npz into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: tensor.detach().numpy() for name, tensor in reader.state_dict().items()}
    _encoder(state).write(
        folder / "encoder.onnx",
        [
            _info("characters", TensorProto.INT64, ["length", "batch"]),
            _info("pairs", TensorProto.INT64, ["length", "batch", 2]),
            _info("lengths", TensorProto.INT32, ["batch"]),
        ],
        [_info(name, TensorProto.FLOAT, ["length", "batch", None]) for name in _HEADS],
    )
    _pairs(state).write(
        folder / "pairs.onnx",
        [_info("x", TensorProto.FLOAT, ["pairs", None]), _info("seen", TensorProto.INT64, ["pairs", None])],
        [_info("scores", TensorProto.FLOAT, ["pairs", len(LABELS)])],
    )
    np.savez(folder / "heads.npz", length=state["spans.length"])


def read(reader: Reader, folder: Path) -> None:
    """Load into `reader` what `write` wrote."""
    arrays: dict[str, Array] = {"spans.length": np.load(folder / "heads.npz")["length"]}
    for name in ("encoder", "pairs"):
        stored = onnx.load(folder / f"{name}.onnx").graph.initializer
        arrays |= _named({one.name.removesuffix(".half"): numpy_helper.to_array(one) for one in stored})
    state = {name: torch.tensor(value.astype(np.float32)) for name, value in arrays.items()}
    try:
        reader.load_state_dict(state)
    except RuntimeError as error:  # arrays that are missing, unknown or of another shape
        again = "weights of another version of fangzhi; train again 权重版本不符,请重新训练"
        raise WeightsError(f"{folder}: {again}") from error


def _named(stored: dict[str, Array]) -> dict[str, Array]:
    """ONNX's arrays under the names of the reader's state."""
    out: dict[str, Array] = {}
    heads = {"starts": "spans.starts", "ends": "spans.ends", "single": "spans.single", "plain": "pairs.around",
             "hidden": "pairs.hidden", "scores": "pairs.out"}  # fmt: skip
    for name, value in stored.items():
        head, _, part = name.partition(".")
        if head in heads:
            out[f"{heads[head]}.{part}"] = value.T if part == "weight" else value
        elif part == "bytes":
            out[f"{head}.weight"] = value.astype(np.float32) * stored[f"{head}.step"].astype(np.float32)
        elif head == "join":
            out["join.weight"] = value.T
        elif head.startswith("table"):
            out[f"pairs.seen.{head.removeprefix('table')}.weight"] = value
        elif head.startswith("gru"):
            out |= _of_gru(f"layers.{head.removeprefix('gru')}.", part, value)
    if "left.weight" in stored:
        out["pairs.span.weight"] = np.concatenate([stored["left.weight"].T, stored["right.weight"].T], 1)
        out["pairs.span.bias"] = stored["left.bias"]
    return out


def _of_gru(prefix: str, part: str, value: Array) -> dict[str, Array]:
    """The parameters of a layer that one of ONNX's arrays holds."""
    if part == "B":
        return {prefix + "b": value[:, None, : value.shape[1] // 2]}
    turned = value.transpose(0, 2, 1).copy()
    if part == "W":
        return {prefix + "w": turned}
    size = value.shape[2]
    return {prefix + "gates": turned[:, :, : 2 * size], prefix + "new": turned[:, :, 2 * size :]}


_HEADS = ("starts", "ends", "single", "left", "right", "around")


def _info(name: str, kind: int, shape: list[Any]) -> Any:
    return helper.make_tensor_value_info(name, kind, shape)


def _encoder(state: dict[str, Array]) -> _Graph:
    g = _Graph()
    g.constant("joined", np.array([0, 0, -1], dtype=np.int64))
    x = _embedded(g, state)
    for n in (0, 1):
        names = [g.constant(f"gru{n}.{part}", value) for part, value in _gru(state, f"layers.{n}.").items()]
        g.add("GRU", [x, *names, "lengths"], f"gru{n}",
              hidden_size=128, direction="bidirectional", linear_before_reset=0)  # fmt: skip
        g.add("Transpose", [f"gru{n}"], f"sides{n}", perm=[0, 2, 1, 3])
        x = g.add("Reshape", [f"sides{n}", "joined"], f"layer{n + 1}")
    half = state["pairs.span.weight"].shape[1] // 2
    zero = np.zeros_like(state["pairs.span.bias"])
    heads = {
        "starts": (state["spans.starts.weight"], state["spans.starts.bias"]),
        "ends": (state["spans.ends.weight"], state["spans.ends.bias"]),
        "single": (state["spans.single.weight"], state["spans.single.bias"]),
        "left": (state["pairs.span.weight"][:, :half], state["pairs.span.bias"]),
        "right": (state["pairs.span.weight"][:, half:], zero),
        "plain": (state["pairs.around.weight"], state["pairs.around.bias"]),
    }
    for name, (weight, bias) in heads.items():
        g.linear(x, name, np.ascontiguousarray(weight.T), bias)
    g.add("Relu", ["plain"], "around")
    return g


def _embedded(g: _Graph, state: dict[str, Array]) -> str:
    """Each character, and the two pairs in which it stands."""
    one = g.row("embedding", state["embedding.weight"], "characters", "character")
    two = g.row("bigrams", state["bigrams.weight"], "pairs", "each")
    both = g.add("Reshape", [two, "joined"], "both")
    product = g.add("MatMul", [both, g.constant("join", state["join.weight"].T.copy())], "of.pairs")
    return g.add("Add", [one, product], "layer0")


def _gru(state: dict[str, Array], prefix: str) -> dict[str, Array]:
    """ONNX's W (2, 3H, in), R (2, 3H, H) and B (2, 6H) of one layer."""
    w, b, gates, new = (state[prefix + part] for part in ("w", "b", "gates", "new"))
    return {
        "W": w.transpose(0, 2, 1).copy(),
        "R": np.concatenate([gates.transpose(0, 2, 1), new.transpose(0, 2, 1)], 1),
        "B": np.concatenate([b[:, 0], np.zeros_like(b[:, 0])], 1),
    }


def _pairs(state: dict[str, Array]) -> _Graph:
    g = _Graph()
    tables = sorted((n for n in state if n.startswith("pairs.seen.")), key=lambda n: int(n.split(".")[2]))
    parts = ["x"]
    for n, name in enumerate(tables):
        at = g.constant(f"at{n}", np.array(n, dtype=np.int64))
        column = g.add("Gather", ["seen", at], f"column{n}", axis=1)
        parts.append(g.add("Gather", [g.constant(f"table{n}", state[name]), column], f"known{n}"))
    joined = g.add("Concat", parts, "joined", axis=1)
    hidden = g.linear(joined, "hidden", state["pairs.hidden.weight"].T.copy(), state["pairs.hidden.bias"])
    g.linear(g.add("Relu", [hidden], "bent"), "scores", state["pairs.out.weight"].T.copy(), state["pairs.out.bias"])
    return g
