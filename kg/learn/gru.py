"""Baidu's bidirectional GRU in PyTorch, with its gradient written out.

The reset gate is applied to the state *before* the recurrent product, so `torch.nn.GRU` is another cell; and a scan
that records every step for autograd is three times slower than one whose gradient is known. Gate order: update, reset,
new; `update` says how much of the old state is kept (as in ONNX with linear_before_reset=0).
"""

from __future__ import annotations

from typing import Any

import numpy.typing as npt
import torch
from torch import Tensor, nn


@torch.jit.script
def _forward(wx: Tensor, gates: Tensor, new: Tensor) -> Tensor:
    """wx (D, T, B, 3H), gates (D, H, 2H), new (D, H, H) → states (D, T + 1, B, H); wx becomes the activations."""
    sides, steps, batch, size = wx.size(0), wx.size(1), wx.size(2), wx.size(3) // 3
    states = torch.empty(sides, steps + 1, batch, size, dtype=wx.dtype)
    h = torch.zeros(sides, batch, size, dtype=wx.dtype)
    states[:, 0] = h
    for t in range(steps):
        zr = torch.baddbmm(wx[:, t, :, : 2 * size], h, gates).sigmoid_()
        z = zr[:, :, :size]
        n = torch.baddbmm(wx[:, t, :, 2 * size :], zr[:, :, size:] * h, new).tanh_()
        h = n + z * (h - n)
        states[:, t + 1] = h
        wx[:, t, :, : 2 * size] = zr
        wx[:, t, :, 2 * size :] = n
    return states


@torch.jit.script
def _backward(dout: Tensor, states: Tensor, acts: Tensor, gates: Tensor, new: Tensor) -> Tensor:
    """dout (D, T, B, H) → the gradient of wx, (D, T, B, 3H)."""
    steps, size = dout.size(1), dout.size(3)
    dwx = torch.empty_like(acts)
    gates_t, new_t = gates.transpose(1, 2).contiguous(), new.transpose(1, 2).contiguous()
    dh = torch.zeros_like(dout[:, 0])
    for i in range(steps):
        t = steps - 1 - i
        dh = dh + dout[:, t]
        h = states[:, t]
        z, r, n = acts[:, t, :, :size], acts[:, t, :, size : 2 * size], acts[:, t, :, 2 * size :]
        dn = dh * (1 - z) * (1 - n * n)
        drh = torch.bmm(dn, new_t)
        dz = dh * (h - n) * z * (1 - z)
        dr = drh * h * r * (1 - r)
        dzr = torch.cat([dz, dr], 2)
        dwx[:, t, :, : 2 * size] = dzr
        dwx[:, t, :, 2 * size :] = dn
        dh = torch.baddbmm(dh * z + drh * r, dzr, gates_t)
    return dwx


class _Scan(torch.autograd.Function):
    """Overwrites `wx`, which nothing else may use: what made it needs no output for its own gradient."""

    @staticmethod
    def forward(ctx: Any, wx: Tensor, gates: Tensor, new: Tensor) -> Tensor:
        states = _forward(wx, gates, new)
        ctx.save_for_backward(states, gates, new)
        ctx.acts = wx
        return states[:, 1:]

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        (states, gates, new), acts = ctx.saved_tensors, ctx.acts
        size = gates.size(1)
        dwx = _backward(grads[0], states, acts, gates, new)
        flat = lambda x: x.flatten(1, 2)  # noqa: E731
        before, sides = flat(states[:, :-1]), flat(dwx)
        reset = flat(acts)[..., size : 2 * size] * before
        dgates = before.transpose(1, 2) @ sides[..., : 2 * size]
        dnew = reset.transpose(1, 2) @ sides[..., 2 * size :]
        return dwx, dgates, dnew


class BiGru(nn.Module):
    """One bidirectional layer: (T, B, in) → (T, B, 2H). What stands beyond a sentence's length is not meaningful."""

    def __init__(self, size_in: int, size: int = 128) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.empty(2, size_in, 3 * size))
        self.b = nn.Parameter(torch.zeros(2, 1, 3 * size))
        self.gates = nn.Parameter(torch.empty(2, size, 2 * size))
        self.new = nn.Parameter(torch.empty(2, size, size))
        for side in range(2):
            nn.init.xavier_uniform_(self.w.data[side])
            nn.init.orthogonal_(self.gates.data[side])
            nn.init.orthogonal_(self.new.data[side])

    @classmethod
    def of_onnx(cls, w: npt.NDArray[Any], r: npt.NDArray[Any], b: npt.NDArray[Any]) -> BiGru:
        """From ONNX's W (2, 3H, in), R (2, 3H, H), B (2, 6H) with gates update, reset, new and a zero second bias."""
        size = r.shape[2]
        layer = cls(w.shape[2], size)
        layer.w.data = torch.tensor(w.transpose(0, 2, 1).copy())
        layer.b.data = torch.tensor(b[:, None, : 3 * size].copy())
        layer.gates.data = torch.tensor(r[:, : 2 * size].transpose(0, 2, 1).copy())
        layer.new.data = torch.tensor(r[:, 2 * size :].transpose(0, 2, 1).copy())
        return layer

    def forward(self, x: Tensor, back: Tensor) -> Tensor:
        """`back` (T, B) holds for each step the step that takes its place when the sentence is read backwards."""
        steps, batch, _ = x.shape
        both = torch.stack([x, _turn(x, back)]).view(2, steps * batch, -1)
        wx = torch.baddbmm(self.b, both, self.w).view(2, steps, batch, -1)
        out = _Scan.apply(wx, self.gates, self.new)
        return torch.cat([out[0], _turn(out[1], back)], -1)


def _turn(x: Tensor, back: Tensor) -> Tensor:
    return x.gather(0, back[:, :, None].expand_as(x))


def reversal(lengths: Tensor, steps: int) -> Tensor:
    """(T, B): step t of a sentence of length n is step n - 1 - t backwards; what is beyond stays where it is."""
    t = torch.arange(steps)[:, None]
    return torch.where(t < lengths[None], lengths[None] - 1 - t, t)
