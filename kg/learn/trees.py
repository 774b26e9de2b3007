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
_SETTINGS = {"learning_rate": 0.05, "l2_regularization": 10.0, "early_stopping": False}
_OPSETS = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
_IR_VERSION = 8  # as of the other models


def teach(x: Floats, y: Floats, *, seed: int = 1) -> Any:
    """Trees that turn x (N, features) into the log-odds of y (N,), each 0 or 1."""
    # A table may be empty or all of one class where few pages are taught: one row of each makes it teachable.
    rows = np.concatenate([x, np.zeros((2, x.shape[1]), np.float32)])
    wanted = np.concatenate([y, [0, 1]])
    model = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=LEAVES, min_samples_leaf=min(LEAST_ROWS, len(rows) // OF_ALL + 2),
        random_state=seed, **_SETTINGS,
    )  # fmt: skip
    return model.fit(rows, wanted)


def write(model: Any, path: Path) -> None:
    """As a model of one input x (N, features) and one output odds (N, 1)."""
    trees = [tree.nodes for (tree,) in model._predictors]  # the fitted trees have no public form
    node = helper.make_node(
        "TreeEnsembleRegressor", ["x"], ["odds"], domain="ai.onnx.ml", n_targets=1,
        base_values=model._baseline_prediction.ravel().astype(np.float32).tolist(), **_attributes(trees),
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
