"""The reader as a network: Baidu's encoder, a score for every span of every layer, one for every pair of names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from kg.learn import lac
from kg.learn.gru import BiGru, reversal
from kg.network.layers import LABELS, LAYERS, LONGEST, WINDOW
from kg.network.pairs import SIZES
from kg.network.rows import bigrams, characters, pairs

BLOCK = LONGEST  # starts that are scored together
WIDTH = 32  # of what the two ends of a span are compared in
OF_PAIR = 48  # numbers that say what two characters mean together


@dataclass(frozen=True)
class Batch:
    """Pieces of text, the longest first: rows (T, B), lengths (B,); `flat` (N,) finds the characters in T x B."""

    rows: Tensor
    pairs: Tensor  # (T, B, 2)
    lengths: Tensor
    flat: Tensor
    piece_end: Tensor  # (N,): the index one beyond the end of each character's piece


class Drop(nn.Module):
    """Dropout in steps of 1/256, from one random byte a number: PyTorch's own takes a tenth of a lesson's time."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.least = round(share * 256)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.least:
            return x
        drawn = torch.empty(-(-x.numel() // 8), dtype=torch.int64).random_(-(2**63), None)
        kept = drawn.view(torch.uint8)[: x.numel()].view(x.shape) >= self.least
        return x * kept.to(x.dtype).mul_(256 / (256 - self.least))


class Spans(nn.Module):
    """(N, 256) states → a score for every span of at most LONGEST characters, in every layer.

    score = ends compared (bilinear) + start + end + what every character inside says + the length's own weight.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        count = len(LAYERS)
        self.starts, self.ends = nn.Linear(size, count * WIDTH), nn.Linear(size, count * WIDTH)
        self.single = nn.Linear(size, 3 * count)
        self.length = nn.Parameter(torch.full((LONGEST, count), -4.0))

    def forward(self, h: Tensor) -> Tensor:
        """Scores come in blocks: (blocks, layers, BLOCK, 2 * BLOCK), a block's starts by the ends from its first on."""
        count, n = len(LAYERS), len(h)
        blocks = -(-n // BLOCK)
        h = nn.functional.pad(h, (0, 0, 0, (blocks + 1) * BLOCK - n))
        starts = self.starts(h[: blocks * BLOCK]).view(blocks, BLOCK, count, WIDTH).transpose(1, 2)
        ends = _reach(self.ends(h).view(-1, count, WIDTH), blocks).transpose(1, 2)
        first, last, inside = self.single(h).view(-1, 3, count).unbind(1)
        total = inside.cumsum(0)
        first = (first - total + inside)[: blocks * BLOCK].view(blocks, BLOCK, count).permute(0, 2, 1)
        last = _reach(last + total, blocks).permute(0, 2, 1)
        scores: Tensor = starts @ ends.transpose(2, 3) / WIDTH**0.5 + first[..., None] + last[:, :, None]
        return scores + self._lengths()

    def _lengths(self) -> Tensor:
        """(layers, BLOCK, 2 * BLOCK): the weight of each span's length."""
        lengths = torch.arange(2 * BLOCK)[None] - torch.arange(BLOCK)[:, None]
        return self.length[lengths.clamp(0, LONGEST - 1)].permute(2, 0, 1)


class Pairs(nn.Module):
    """States and two spans → a score for each relation: from the spans, what is between and around, what is seen."""

    def __init__(self, size: int, width: int = 96) -> None:
        super().__init__()
        self.span = nn.Linear(2 * size, width)
        self.around = nn.Linear(size, width)
        self.seen = nn.ModuleList([nn.Embedding(count, 12) for count in SIZES])
        self.drop = Drop(0.2)
        self.hidden = nn.Linear(6 * width + 12 * len(SIZES), 128)
        self.out = nn.Linear(128, len(LABELS))

    def forward(self, h: Tensor, starts: Tensor, ends: Tensor, pairs: Tensor, seen: Tensor) -> Tensor:
        """starts, ends (S,): first and last character of each span, in `h`; pairs (P, 2); seen (P, features)."""
        spans = torch.relu(self.span(torch.cat([h[starts], h[ends]], -1)))
        sums = nn.functional.pad(torch.relu(self.around(h)).cumsum(0), (0, 0, 1, 0))
        a, b = pairs.unbind(1)
        turned = starts[a] > starts[b]
        first, second = torch.where(turned, b, a), torch.where(turned, a, b)
        top = len(h)
        between = _mean(sums, ends[first] + 1, starts[second])
        before = _mean(sums, (starts[first] - WINDOW).clamp(min=0), starts[first])
        behind = _mean(sums, torch.maximum(ends[first], ends[second]) + 1, (ends[second] + 1 + WINDOW).clamp(max=top))
        known = [table(seen[:, n]) for n, table in enumerate(self.seen)]
        x = torch.cat([spans[a], spans[b], spans[a] * spans[b], between, before, behind, *known], -1)
        scores: Tensor = self.out(self.drop(torch.relu(self.hidden(self.drop(x)))))
        return scores


def _mean(sums: Tensor, start: Tensor, end: Tensor) -> Tensor:
    end = torch.maximum(start, end)
    return (sums[end] - sums[start]) / (end - start).clamp(min=1)[:, None]


def _reach(x: Tensor, blocks: int) -> Tensor:
    """((blocks + 1) * BLOCK, ...) → (blocks, 2 * BLOCK, ...): each block with the one behind it."""
    parts = x.view(blocks + 1, BLOCK, *x.shape[1:])
    return torch.cat([parts[:-1], parts[1:]], 1)


def real(piece_end: Tensor) -> Tensor:
    """(blocks, BLOCK, 2 * BLOCK): which spans are no longer than LONGEST and end in the piece that they begin in."""
    n = len(piece_end)
    blocks = -(-n // BLOCK)
    ends = nn.functional.pad(piece_end, (0, blocks * BLOCK - n)).view(blocks, BLOCK, 1)
    start = torch.arange(blocks * BLOCK).view(blocks, BLOCK, 1)
    end = start[:, :1] + torch.arange(2 * BLOCK)[None, None]
    return (end >= start) & (end - start < LONGEST) & (end < ends)


class Reader(nn.Module):
    def __init__(self, drop: float = 0.3) -> None:
        super().__init__()
        weights = lac.weights()
        embedding = torch.tensor(weights["embedding"][lac.rows_of(characters())])
        self.embedding = nn.Embedding.from_pretrained(embedding, freeze=False)
        self.bigrams = nn.Embedding(len(pairs()) + 1, OF_PAIR)
        self.join = nn.Linear(2 * OF_PAIR, embedding.shape[1], bias=False)
        nn.init.zeros_(self.join.weight)  # it begins as Baidu's network, which knows characters alone
        self.layers = nn.ModuleList([BiGru.of_onnx(*(weights[f"gru{n}.{part}"] for part in "WRB")) for n in (0, 1)])
        self.drop = Drop(drop)
        self.spans = Spans(256)
        self.pairs = Pairs(256)

    def states(self, batch: Batch) -> Tensor:
        """(N, 256): the state of every character, in the order of the pieces given."""
        back = reversal(batch.lengths, batch.rows.shape[0])
        h = self.drop(self.embedding(batch.rows) + self.join(self.bigrams(batch.pairs).flatten(2)))
        for layer in self.layers:
            h = self.drop(layer(h, back))
        flat: Tensor = h.reshape(-1, h.shape[-1])[batch.flat]
        return flat


def pack(pieces: list[np.ndarray[Any, Any]]) -> Batch:
    """Rows of the embedding for each piece → one batch; characters are numbered through in the order given."""
    order = sorted(range(len(pieces)), key=lambda i: -len(pieces[i]))
    lengths = [len(pieces[i]) for i in order]
    rows = np.zeros((max(lengths), len(pieces)), dtype=np.int64)
    two = np.zeros((*rows.shape, 2), dtype=np.int64)
    column = {}
    for at, index in enumerate(order):
        rows[: len(pieces[index]), at], two[: len(pieces[index]), at] = pieces[index], bigrams(pieces[index])
        column[index] = at
    flat = [np.arange(len(p)) * len(pieces) + column[i] for i, p in enumerate(pieces)]
    ends = np.repeat(np.cumsum([len(p) for p in pieces]), [len(p) for p in pieces])
    given = (rows, two, lengths, np.concatenate(flat), ends)
    return Batch(*(torch.tensor(one) for one in given))
