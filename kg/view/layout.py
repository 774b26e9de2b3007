"""Where every thing stands, worked out before the page is opened: communities together, nothing on top of another.

Related things are gathered into communities (Louvain), each is laid out by itself, and the communities are packed as
discs near those they have most to do with. Things without any relation stand in rows below. All of it is
deterministic, and needs numpy and networkx's graph algorithms only.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from kg.view.scene import Scene

Points = NDArray[np.float64]
"""Shape (n, 2): x to the right, y downwards, in pixels of the first view."""

STRUCTURE = frozenset({"partOf", "within", "governs", "locatedIn"})
SMALL = 120  # things that one spring layout takes at once
PITCH = 58.0  # pixels between neighbours
WIDE = 1.45  # screens are wider than high, and so are labels


def weights(scene: Scene) -> dict[tuple[int, int], float]:
    """How strongly two things belong together: (lower position, higher position) → weight."""
    found: dict[tuple[int, int], float] = {}
    for link in scene.links:
        if link.subject != link.object:
            pair = (min(link.subject, link.object), max(link.subject, link.object))
            found[pair] = found.get(pair, 0.0) + (2.0 if link.predicate in STRUCTURE else 1.0)
    return found


def centrality(count: int, pairs: dict[tuple[int, int], float]) -> Points:
    """PageRank without directions of `count` things, shape (count,), highest 1; things without relation have 0."""
    if not pairs:
        return np.zeros(count)
    ends = np.array(list(pairs), dtype=np.int64)
    strength = np.sqrt(np.array(list(pairs.values())))
    source, target = np.concatenate([ends[:, 0], ends[:, 1]]), np.concatenate([ends[:, 1], ends[:, 0]])
    strength = np.concatenate([strength, strength])
    out = np.bincount(source, strength, count)
    rank = (out > 0) / max(1, int((out > 0).sum()))
    for _ in range(40):
        rank = 0.15 * (out > 0) / (out > 0).sum() + 0.85 * np.bincount(
            target, strength * rank[source] / out[source], count
        )
    return np.asarray(np.round(rank / rank.max(), 5))


def positions(count: int, pairs: dict[tuple[int, int], float]) -> Points:
    """A place for each of `count` things, centred on what is related."""
    graph = nx.Graph()
    graph.add_weighted_edges_from((a, b, w) for (a, b), w in sorted(pairs.items()))
    placed = np.zeros((count, 2))
    nodes = sorted(graph)
    if nodes:
        placed[nodes] = _settle(graph, nodes)[0] * (WIDE, 1.0)
    loose = [i for i in range(count) if i not in graph]
    placed[loose] = _rows(len(loose), placed[nodes])
    return np.round(placed, 1)


def _settle(graph: Any, nodes: Sequence[int]) -> tuple[Points, float]:
    """Positions around the origin of `nodes` (a community, or all), and the radius that they need."""
    part = graph.subgraph(nodes)
    if len(nodes) <= SMALL // 3:
        return _spring(part, nodes)
    groups = sorted((sorted(g) for g in nx.community.louvain_communities(part, seed=1)), key=lambda g: (-len(g), g))
    if len(groups) == 1:
        return _spring(part, nodes) if len(nodes) <= SMALL else _sunflower(part, nodes)
    return _pack(part, nodes, groups)


def _spring(part: Any, nodes: Sequence[int]) -> tuple[Points, float]:
    if len(nodes) == 1:
        return np.zeros((1, 2)), PITCH / 2
    ordered = nx.Graph()
    ordered.add_nodes_from(nodes)
    ordered.add_weighted_edges_from(sorted((min(a, b), max(a, b), w) for a, b, w in part.edges(data="weight")))
    found = nx.spring_layout(ordered, iterations=60, seed=1, weight=None)
    points = np.array([found[node] for node in nodes])
    points = _apart(points * PITCH * sqrt(len(nodes)) * 0.62, np.full(len(nodes), PITCH / 2))
    return _centred(points, np.full(len(nodes), PITCH / 2))


def _sunflower(part: Any, nodes: Sequence[int]) -> tuple[Points, float]:
    """A community too large and too tight to be opened up: the best connected in the middle, the others around."""
    order = np.argsort([-part.degree(node) for node in nodes], kind="stable")
    turn = np.empty(len(nodes))
    turn[order] = np.arange(len(nodes))
    radius = PITCH * 0.6 * np.sqrt(turn + 0.5)
    points = np.stack([radius * np.cos(turn * 2.399963), radius * np.sin(turn * 2.399963)], axis=1)
    return _centred(points, np.full(len(nodes), PITCH / 2))


def _pack(part: Any, nodes: Sequence[int], groups: list[list[int]]) -> tuple[Points, float]:
    """Lay each group out by itself, then set the discs side by side, those with more in common nearer."""
    inner = [_settle(part, group) for group in groups]
    radii = np.array([radius for _, radius in inner])
    home = {node: i for i, group in enumerate(groups) for node in group}
    between = nx.Graph()
    between.add_nodes_from(range(len(groups)))
    for a, b, weight in sorted((min(a, b), max(a, b), w) for a, b, w in part.edges(data="weight")):
        one, other = sorted((home[a], home[b]))
        if one != other:
            weight += between.get_edge_data(one, other, {"weight": 0.0})["weight"]
            between.add_edge(one, other, weight=weight)
    centres = _centres(between, radii)
    at = {node: i for i, node in enumerate(nodes)}
    points = np.zeros((len(nodes), 2))
    for group, centre, (local, _) in zip(groups, centres, inner, strict=True):
        points[[at[node] for node in group]] = local + centre
    return _centred(points, np.full(len(nodes), PITCH / 2))


def _centres(between: Any, radii: Points) -> Points:
    """Centres of discs that do not overlap, the whole about round."""
    extent = sqrt(float((radii**2).sum()))
    if len(radii) <= 4 * SMALL:
        found = nx.spring_layout(between, iterations=50, seed=1, weight="weight")
        points = np.array([found[i] for i in range(len(radii))]) * extent
    else:
        points = _sunflower(between, range(len(radii)))[0]
    return _apart(points, radii)


def _apart(points: Points, radii: Points, rounds: int = 80) -> Points:
    """Push discs apart until none overlaps, drawing all a little to the middle meanwhile."""
    if len(points) < 2:
        return points
    need = radii[:, None] + radii[None, :]
    np.fill_diagonal(need, 0.0)
    spread = np.arange(len(points))[:, None] * (1e-3, 7e-4)
    points = points - points.mean(axis=0) + spread
    for turn in range(rounds):
        gap = points[:, None, :] - points[None, :, :]
        distance = np.sqrt((gap**2).sum(axis=2)) + 1e-9
        overlap = np.maximum(need - distance, 0.0)
        if turn > rounds // 2 and not overlap.any():
            break
        points = points + ((overlap / distance * 0.5)[:, :, None] * gap).sum(axis=1).clip(-200, 200)
        if turn < rounds // 2:
            points = points * 0.985
    return points


def _centred(points: Points, radii: Points) -> tuple[Points, float]:
    middle = (points.max(axis=0) + points.min(axis=0)) / 2
    points = points - middle
    return points, float((np.sqrt((points**2).sum(axis=1)) + radii).max())


def _rows(count: int, above: Points) -> Points:
    """Rows for things without relations, below everything else and about as wide."""
    if not count:
        return np.zeros((0, 2))
    width = float(np.ptp(above[:, 0])) if len(above) else 0.0
    columns = max(1, ceil(max(width / (PITCH * 1.9), sqrt(count * 1.1))))
    top = float(above[:, 1].max()) + 2 * PITCH if len(above) else 0.0
    index = np.arange(count)
    x = (index % columns - (min(count, columns) - 1) / 2) * PITCH * 1.9
    middle = float(above[:, 0].max() + above[:, 0].min()) / 2 if len(above) else 0.0
    return np.stack([x + middle, top + index // columns * PITCH * 0.85], axis=1)
