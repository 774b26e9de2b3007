"""Teaching a forest of boosted trees (scikit-learn) and writing it as one ONNX operator; deterministic by seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper
from sklearn.ensemble import HistGradientBoostingClassifier

from kg.network.read import Floats

TREES, LEAVES = 300, 31
LEAST_ROWS, OF_ALL = 60, 200  # rows in a leaf, or one row in so many where there are fewer
_SETTINGS = {"l2_regularization": 10.0, "early_stopping": False}
LATER_TREES, LATER_LEAVES, LATER_RATE = 120, 15, 0.04  # those that are taught after others
_OPSETS = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
_IR_VERSION = 8  # as of the other models


def teach(x: Floats, y: Floats, *, seed: int = 1) -> Any:
    """Trees that turn x (N, features) into the log-odds of y (N,), each 0 or 1."""
    # A table may be empty or all of one class where few pages are taught: one row of each makes it teachable.
    rows = np.concatenate([x, np.zeros((2, x.shape[1]), np.float32)])
    wanted = np.concatenate([y, [0, 1]])
    model = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=LEAVES, min_samples_leaf=min(LEAST_ROWS, len(rows) // OF_ALL + 2),
        learning_rate=0.05, random_state=seed, **_SETTINGS,
    )  # fmt: skip
    return model.fit(rows, wanted)


def teach_later(x: Floats, y: Floats, odds: Floats, *, seed: int = 1) -> Any:
    """Trees that are added to others, which give the rows the log-odds `odds` (N,)."""
    model = _Later(
        max_iter=LATER_TREES, max_leaf_nodes=LATER_LEAVES, min_samples_leaf=min(LEAST_ROWS, len(x) // OF_ALL + 2),
        learning_rate=LATER_RATE, random_state=seed, **_SETTINGS,
    )  # fmt: skip
    model.odds = odds
    return model.fit(x, y)


class _Later(HistGradientBoostingClassifier):  # type: ignore[misc]
    """Begins from what each row has already: scikit-learn itself knows one beginning for all."""

    odds: Floats

    def _get_loss(self, sample_weight: Any) -> Any:
        loss = super()._get_loss(sample_weight)
        loss.fit_intercept_only = lambda y_true, sample_weight=None: self.odds.astype(np.float64).view(_Column)
        return loss


class _Column(np.ndarray):  # type: ignore[type-arg]
    """A beginning for every row, where one row of beginnings is asked for."""

    def reshape(self, *_: Any, **__: Any) -> Any:
        return np.asarray(self)[:, None]


def write(model: Any, path: Path) -> None:
    """As a model of one input x (N, features) and one output odds (N, 1)."""
    trees = [tree.nodes for (tree,) in model._predictors]  # the fitted trees have no public form
    _write(_attributes(trees) | {"base_values": model._baseline_prediction.ravel().astype(np.float32).tolist()}, path)


def write_later(model: Any, earlier: Path, path: Path) -> None:
    """The trees of the file `earlier`, and those of `model` after them."""
    (node,) = onnx.load(earlier).graph.node
    known = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    more = _attributes([tree.nodes for (tree,) in model._predictors])
    shift = max(known["nodes_treeids"]) + 1
    more |= {name: [number + shift for number in more[name]] for name in ("nodes_treeids", "target_treeids")}
    known["nodes_modes"] = [mode.decode() for mode in known["nodes_modes"]]
    _write({name: [*known[name], *more.get(name, [])] for name in known if name != "n_targets"}, path)


def _write(attributes: dict[str, Any], path: Path) -> None:
    node = helper.make_node(
        "TreeEnsembleRegressor", ["x"], ["odds"], domain="ai.onnx.ml", n_targets=1, **attributes
    )  # fmt: skip
    info = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, None]) for name in ("x", "odds")]
    graph = helper.make_graph([node], "trees", info[:1], info[1:])
    made = helper.make_model(graph, opset_imports=_OPSETS, ir_version=_IR_VERSION)
    onnx.checker.check_model(made)
    path.write_bytes(made.SerializeToString(deterministic=True))


def _attributes(trees: list[Any]) -> dict[str, Any]:
    nodes, leaf = np.concatenate(trees), np.concatenate([tree["is_leaf"] for tree in trees]).astype(bool)
    number = np.concatenate([np.full(len(tree), n) for n, tree in enumerate(trees)])
    at = np.concatenate([np.arange(len(tree)) for tree in trees])
    inner = lambda values: np.where(leaf, 0, values)  # noqa: E731
    return {
        "nodes_treeids": _ints(number), "nodes_nodeids": _ints(at),
        "nodes_featureids": _ints(inner(nodes["feature_idx"])),
        "nodes_values": _below(inner(nodes["num_threshold"])).tolist(),
        "nodes_modes": ["LEAF" if end else "BRANCH_LEQ" for end in leaf],
        "nodes_truenodeids": _ints(inner(nodes["left"])), "nodes_falsenodeids": _ints(inner(nodes["right"])),
        "target_treeids": _ints(number[leaf]), "target_nodeids": _ints(at[leaf]),
        "target_ids": [0] * int(leaf.sum()), "target_weights": nodes["value"][leaf].astype(np.float32).tolist(),
    }  # fmt: skip


def _ints(values: Any) -> list[int]:
    return [int(value) for value in values]


def _below(thresholds: Any) -> Any:
    """The highest single-precision number that is not above each: x <= it exactly where x <= the threshold."""
    single = thresholds.astype(np.float32)
    return np.where(single > thresholds, np.nextafter(single, np.float32(-np.inf)), single)
