"""Lessons → a network: names and relations taught together; the same seed gives the same weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, distributed, nn
from torch.nn.functional import binary_cross_entropy_with_logits, softplus

from kg.learn.lessons import Lesson, batches
from kg.learn.model import BLOCK, Batch, Reader, pack, real
from kg.learn.vary import Names, varied
from kg.network.rows import Rows, encode

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Course:
    """How to teach: passes over the lessons, the highest rate, characters a step, the weight of relations."""

    passes: int
    rate: float = 2.5e-3
    characters: int = 8000
    relations: float = 3.0


FIRST = Course(passes=2, rate=1.5e-3, relations=0.0)
SECOND = Course(passes=2)
MAIN = Course(passes=6)


@dataclass(frozen=True, slots=True)
class Share:
    """Which of how many processes this is that teach one network together, each with its own part of every step.

    They meet by `torch.distributed`, which the caller sets up and ends.
    """

    number: int = 0
    processes: int = 1


def teach(
    reader: Reader,
    lessons: Sequence[Lesson],
    course: Course,
    seed: int,
    names: Names,
    say: Say = print,
    share: Share = Share(),
) -> None:
    """Teach in place; `names` are what may take the place of people and places.

    Deterministic on one thread and for a number of processes: torch.set_num_threads(1) is the caller's business.
    """
    order, own = np.random.default_rng(seed), np.random.default_rng([seed, share.number])
    torch.manual_seed(1000 * seed + share.number)
    known = [one for one in lessons if one.cut]
    optimiser = torch.optim.AdamW(reader.parameters(), lr=course.rate, weight_decay=1e-2)
    steps = course.passes * (len(batches(known, course.characters)) // share.processes + 3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, course.rate, total_steps=steps, pct_start=0.15)
    reader.train()
    for number in range(course.passes):
        losses = []
        parts = batches([known[i] for i in order.permutation(len(known))], course.characters)
        for part in parts[share.number : len(parts) - len(parts) % share.processes : share.processes]:
            losses.append(_step(reader, part, rows_of(part, names, own), course, optimiser, share))
            if schedule.last_epoch < steps - 1:
                schedule.step()
        say(f"pass {number + 1} of {course.passes}: loss {np.mean(losses):.4f}")
    reader.eval()


def _step(
    reader: Reader,
    lessons: Sequence[Lesson],
    rows: list[Rows],
    course: Course,
    optimiser: torch.optim.Optimizer,
    share: Share,
) -> float:
    found = loss(reader, lessons, rows, course)
    optimiser.zero_grad()
    found.backward()  # type: ignore[no-untyped-call]
    if share.processes > 1:
        _average(reader, share.processes)
    nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
    optimiser.step()
    return float(found.item())


def _average(reader: Reader, processes: int) -> None:
    """Give every process the mean of the gradients of all."""
    every = [
        torch.zeros_like(p) if p.grad is None else p.grad for p in reader.parameters()
    ]  # None: no pairs in its part
    flat = torch.cat([grad.reshape(-1) for grad in every])
    distributed.all_reduce(flat)
    parts = torch.split(flat, [grad.numel() for grad in every])
    for parameter, part in zip(reader.parameters(), parts, strict=True):
        parameter.grad = part.view_as(parameter) / processes


def loss(reader: Reader, lessons: Sequence[Lesson], rows: list[Rows], course: Course) -> Tensor:
    """What the reader gets wrong, a character; `rows` are the pieces of the lessons as they are read."""
    batch = pack(rows)
    states = reader.states(batch)
    of_names = _spans(reader, batch, states, lessons) / len(states)
    if not course.relations:
        return of_names
    return of_names + course.relations * _relations(reader, states, lessons) / len(states)


def rows_of(lessons: Sequence[Lesson], names: Names, random: np.random.Generator) -> list[Rows]:
    """The pieces of the lessons, with other names where some are given."""
    rows: list[Rows] = []
    for one in lessons:
        text = varied(one.text, one.stems, names, random) if names else one.text
        rows.extend(encode(text[a:b]) for a, b in one.cut)
    return rows


def _spans(reader: Reader, batch: Batch, states: Tensor, lessons: Sequence[Lesson]) -> Tensor:
    """Binary cross entropy over every span: softplus of all that are real, less the scores of those that are names.

    `sure` weighs the latter, so a teacher's probability can be taught as well as a certainty.
    """
    scores = reader.spans(states)
    loss = (softplus(scores) * real(batch.piece_end)[:, None]).sum()
    shift = np.cumsum([0, *(one.size for one in lessons)])
    wanted = torch.tensor(np.concatenate([one.spans + [[at, 0, 0]] for one, at in zip(lessons, shift, strict=False)]))
    at, length, layer = wanted.long().unbind(1)
    sure = torch.tensor(np.concatenate([one.sure for one in lessons]))
    names: Tensor = (scores[at // BLOCK, layer, at % BLOCK, at % BLOCK + length] * sure).sum()
    return loss - names


def _relations(reader: Reader, states: Tensor, lessons: Sequence[Lesson]) -> Tensor:
    shift = np.cumsum([0, *(one.size for one in lessons)])[:-1]
    spots = np.cumsum([0, *(len(one.starts) for one in lessons)])[:-1]
    join = lambda parts: torch.tensor(np.concatenate(list(parts)))  # noqa: E731
    pairs = join(one.pairs + at for one, at in zip(lessons, spots, strict=True))
    if not len(pairs):
        return states.new_zeros(())
    scores = reader.pairs(
        states,
        join(one.starts + at for one, at in zip(lessons, shift, strict=True)),
        join(one.ends + at for one, at in zip(lessons, shift, strict=True)),
        pairs.long(),
        join(one.seen for one in lessons).long(),
    )
    wanted, weight = (join(getattr(one, of) for one in lessons).float() for of in ("related", "weight"))
    return binary_cross_entropy_with_logits(scores, wanted, weight, reduction="sum")
