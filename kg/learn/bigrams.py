"""First vectors for pairs of characters, from texts that nobody annotated: pairs that stand in like company are alike.

Positive pointwise mutual information of each pair with the characters around it, and of that the first singular
vectors (Levy and Goldberg 2014, "Neural word embedding as implicit matrix factorization").
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.learn.model import OF_PAIR
from kg.network.rows import Rows, bigrams, characters, encode, pairs

Floats = npt.NDArray[np.float32]
AROUND = (-2, -1, 2, 3)  # where a pair's company stands, from its first character on
LEAST = 10_000  # cells of the table below which there is nothing to learn from
_SMOOTH = 0.75  # rare company counts less


def vectors(texts: Iterable[str]) -> Floats:
    """(pairs + 1, OF_PAIR): a vector for every pair that has a row, the last for all others; of few texts by chance."""
    from scipy.sparse.linalg import svds

    table = _counted(texts)
    found = np.random.default_rng(0).standard_normal((len(pairs()) + 1, OF_PAIR), np.float32)
    if table.nnz > LEAST:
        left, sizes, _ = svds(_information(table), k=OF_PAIR, random_state=0)
        found[:-1] = left * np.sqrt(sizes) / (left * np.sqrt(sizes)).std()
        found[-1] = 0
    return found


def _counted(texts: Iterable[str]) -> Any:
    """How often each pair stood with each character at each place, as a sparse matrix."""
    from scipy.sparse import coo_matrix

    size = len(characters()) + 2
    rows = _joined(texts)
    at = bigrams(rows)[:, 1]
    places = np.nonzero(at < len(pairs()))[0]
    places = places[(places >= -min(AROUND)) & (places < len(rows) - max(AROUND))]
    company = [rows[places + step] + n * size for n, step in enumerate(AROUND)]
    ends = (np.tile(at[places], len(AROUND)), np.concatenate(company))
    shape = (len(pairs()), len(AROUND) * size)
    return coo_matrix((np.ones(len(ends[0]), np.float32), ends), shape=shape).tocsr()


def _joined(texts: Iterable[str]) -> Rows:
    """All paragraphs, a row that stands for no character between them."""
    gap = np.array([len(characters()) + 1])
    lines = (line.strip() for text in texts for line in text.splitlines())
    return np.concatenate([gap, *(part for line in lines if line for part in (encode(line), gap))])


def _information(table: Any) -> Any:
    from scipy.sparse import csr_matrix

    total = float(table.sum())
    each = np.asarray(table.sum(1)).ravel()
    company = np.asarray(table.sum(0)).ravel() ** _SMOOTH
    company *= total / company.sum()
    cells = table.tocoo()
    told = np.log(cells.data * total / (each[cells.row] * company[cells.col]))
    kept = told > 0
    return csr_matrix((told[kept], (cells.row[kept], cells.col[kept])), shape=table.shape, dtype=np.float32)
