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
def _forward(wx: Tensor, gates: Tensor, new: Tensor) -> tuple[Tensor, Tensor]:
    """wx (T, D, B, 3H), gates (D, H, 2H), new (D, H, H) → states (T + 1, D, B, H), activations (T, D, B, 3H)."""
    steps, sides, batch, width = wx.size(0), wx.size(1), wx.size(2), wx.size(3)
    size = width // 3
    states = wx.new_zeros(steps + 1, sides, batch, size)
    acts = torch.empty_like(wx)
    h = states[0]
    for t in range(steps):
        zr = torch.sigmoid(torch.baddbmm(wx[t, :, :, : 2 * size], h, gates))
        z = zr[:, :, :size]
        n = torch.tanh(torch.baddbmm(wx[t, :, :, 2 * size :], zr[:, :, size:] * h, new))
        h = n + z * (h - n)
        states[t + 1] = h
        acts[t, :, :, : 2 * size] = zr
        acts[t, :, :, 2 * size :] = n
    return states, acts


@torch.jit.script
def _backward(dout: Tensor, states: Tensor, acts: Tensor, gates: Tensor, new: Tensor) -> Tensor:
    """dout (T, D, B, H) → the gradient of wx, (T, D, B, 3H)."""
    steps, size = dout.size(0), dout.size(3)
    dwx = torch.empty_like(acts)
    gates_t, new_t = gates.transpose(1, 2).contiguous(), new.transpose(1, 2).contiguous()
    dh = torch.zeros_like(dout[0])
    for i in range(steps):
        t = steps - 1 - i
        dh = dh + dout[t]
        h = states[t]
        z, r, n = acts[t, :, :, :size], acts[t, :, :, size : 2 * size], acts[t, :, :, 2 * size :]
        dn = dh * (1 - z) * (1 - n * n)
        drh = torch.bmm(dn, new_t)
        dz = dh * (h - n) * z * (1 - z)
        dr = drh * h * r * (1 - r)
        dwx[t, :, :, :size] = dz
        dwx[t, :, :, size : 2 * size] = dr
        dwx[t, :, :, 2 * size :] = dn
        dh = torch.baddbmm(dh * z + drh * r, dwx[t, :, :, : 2 * size], gates_t)
    return dwx


class _Scan(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, wx: Tensor, gates: Tensor, new: Tensor) -> Tensor:
        states, acts = _forward(wx, gates, new)
        ctx.save_for_backward(states, acts, gates, new)
        return states[1:]

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        states, acts, gates, new = ctx.saved_tensors
        size = gates.size(1)
        dwx = _backward(grads[0].contiguous(), states, acts, gates, new)
        before = states[:-1].permute(1, 0, 2, 3)
        sides = dwx.permute(1, 0, 2, 3)
        reset = acts[..., size : 2 * size].permute(1, 0, 2, 3) * before
        flat = lambda x: x.reshape(x.size(0), -1, x.size(-1))  # noqa: E731
        dgates = flat(before).transpose(1, 2) @ flat(sides[..., : 2 * size])
        dnew = flat(reset).transpose(1, 2) @ flat(sides[..., 2 * size :])
        return dwx, dgates, dnew


class BiGru(nn.Module):
    """One bidirectional layer: (T, B, in) → (T, B, 2H). What stands beyond a sentence's length is not meaningful."""

    def __init__(self, size_in: int, size: int = 128) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.empty(size_in, 2 * 3 * size))
        self.b = nn.Parameter(torch.zeros(2 * 3 * size))
        self.gates = nn.Parameter(torch.empty(2, size, 2 * size))
        self.new = nn.Parameter(torch.empty(2, size, size))
        nn.init.xavier_uniform_(self.w)
        for side in range(2):
            nn.init.orthogonal_(self.gates.data[side])
            nn.init.orthogonal_(self.new.data[side])

    @classmethod
    def of_onnx(cls, w: npt.NDArray[Any], r: npt.NDArray[Any], b: npt.NDArray[Any]) -> BiGru:
        """From ONNX's W (2, 3H, in), R (2, 3H, H), B (2, 6H) with gates update, reset, new and a zero second bias."""
        size = r.shape[2]
        layer = cls(w.shape[2], size)
        layer.w.data = torch.cat([torch.tensor(w[d].T.copy()) for d in range(2)], 1)
        layer.b.data = torch.cat([torch.tensor(b[d, : 3 * size].copy()) for d in range(2)])
        layer.gates.data = torch.stack([torch.tensor(r[d, : 2 * size].T.copy()) for d in range(2)])
        layer.new.data = torch.stack([torch.tensor(r[d, 2 * size :].T.copy()) for d in range(2)])
        return layer

    def forward(self, x: Tensor, back: Tensor) -> Tensor:
        """`back` (T, B) holds for each step the step that takes its place when the sentence is read backwards."""
        steps, batch, _ = x.shape
        wx = (x @ self.w + self.b).view(steps, batch, 2, -1)
        turned = _turn(wx[:, :, 1], back)
        out = _Scan.apply(torch.stack([wx[:, :, 0], turned], 1), self.gates, self.new)
        return torch.cat([out[:, 0], _turn(out[:, 1], back)], -1)


def _turn(x: Tensor, back: Tensor) -> Tensor:
    return x.gather(0, back[:, :, None].expand_as(x))


def reversal(lengths: Tensor, steps: int) -> Tensor:
    """(T, B): step t of a sentence of length n is step n - 1 - t backwards; what is beyond stays where it is."""
    t = torch.arange(steps)[:, None]
    return torch.where(t < lengths[None], lengths[None] - 1 - t, t)
