"""Teach the weights in use further, as those in the package were: `python -m scripts.later_passes OUT FOLDER …`.

A FOLDER holds pages with their gold, `FOLDER:0.93` gold that has about so much of what there is to find. The gold is
softened by what the network itself says; each step is shared by processes that average their gradients. The same
folders, seed and number of processes give the same weights.
"""

from __future__ import annotations

import os
import pickle
import shutil
import tempfile
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, distributed

from kg.learn.examples import Example, from_pages
from kg.learn.lessons import Lesson, lesson
from kg.learn.model import BLOCK, Reader, pack, real
from kg.learn.teach import Course, Share, teach
from kg.learn.to_onnx import read, write
from kg.learn.vary import pools
from kg.network.read import weights
from kg.network.rows import encode

OWN = 0.3  # the share of the network's own word in what is taught
HEARD = 0.05  # spans that it thinks less likely are not taught
DROPPED = 0.2  # of the states


@dataclass(frozen=True, slots=True)
class Plan:
    """The course, and by how many processes; its characters a step are each one's."""

    course: Course
    processes: int = 2
    seed: int = 1


def missed(own: Any, found: float) -> Any:
    """How likely what the gold does not name is a name all the same, of which the network says so with chance `own`,
    where gold has the share `found` of what there is (Bayes)."""
    own = np.minimum(own, 0.995)
    return own * (1 - found) / (own * (1 - found) + 1 - own)


def blended(said: Any, own: Any, found: float) -> Any:
    """What to teach where gold says 0 or 1 and the network a chance."""
    soft = (1 - OWN) * said + OWN * own
    return np.where(said > 0, soft, np.maximum(soft, missed(own, found)))


def softened(reader: Reader, one: Lesson, found: float) -> Lesson:
    """The lesson with what the network says of it blended in."""
    with torch.no_grad():
        batch = pack([encode(one.text[a:b]) for a, b in one.cut])
        states = reader.states(batch)
        spans, sure = _spans(one, reader.spans(states).sigmoid() * real(batch.piece_end)[:, None], found)
        related = one.related
        if len(one.pairs):
            ends = (torch.tensor(one.starts), torch.tensor(one.ends))
            pairs = (torch.tensor(one.pairs).long(), torch.tensor(one.seen).long())
            related = blended(one.related, reader.pairs(states, *ends, *pairs).sigmoid().numpy(), found)
    return replace(one, spans=spans, sure=sure, related=related.astype(np.float16))


def _spans(one: Lesson, scores: Tensor, found: float) -> tuple[Any, Any]:
    gold = {tuple(row) for row in one.spans.tolist()}
    heard = {
        (block * BLOCK + at, end - at, layer): float(scores[block, layer, at, end])
        for block, layer, at, end in (scores > HEARD).nonzero().tolist()
    }
    rows = sorted(gold | heard.keys())
    said = np.array([row in gold for row in rows], np.float32)
    own = np.array([heard.get(row, 0.0) for row in rows], np.float32)
    return np.array(rows, np.int32).reshape(-1, 3), blended(said, own, found).astype(np.float32)


def _reader() -> Reader:
    torch.set_num_threads(1)  # sums in one order on any machine
    torch.set_flush_denormal(True)
    reader = Reader(DROPPED)
    read(reader, weights("encoder.onnx").parent)
    return reader


def _soften(job: tuple[list[Example], float]) -> list[Lesson]:
    reader, (examples, found) = _reader().eval(), job
    return [softened(reader, one, found) for one in map(lesson, examples) if one.cut]


def _learn(number: int, plan: Plan, kept: str, out: str) -> None:
    lessons, names = pickle.loads(Path(kept).read_bytes())
    reader, share = _reader(), Share(number, plan.processes)
    distributed.init_process_group("gloo", init_method=f"file://{kept}.meet", rank=number, world_size=plan.processes)
    teach(reader, lessons, plan.course, plan.seed, names, print if number == 0 else _silent, share)
    distributed.destroy_process_group()
    if number == 0:
        write(reader, Path(out))


def _silent(_: str) -> None:
    """The others say what the first says."""


def run(plan: Plan, folders: Sequence[tuple[Path, float]], out: Path) -> None:
    """Write the network into `out`, with the rest of the weights as they are."""
    taught = [(from_pages([folder]), found) for folder, found in folders]
    context = get_context("spawn")
    with context.Pool(plan.processes) as pool:
        jobs = [(examples[at::8], found) for examples, found in taught for at in range(8)]
        lessons = [one for part in pool.map(_soften, jobs, chunksize=1) for one in part]
    lessons.sort(key=lambda one: (one.source, one.size, one.text[:50]))
    shutil.copytree(weights("encoder.onnx").parent, out, dirs_exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        kept = os.path.join(folder, "lessons")
        names = pools(example for examples, _ in taught for example in examples)
        Path(kept).write_bytes(pickle.dumps((lessons, names), protocol=5))
        sharing = [context.Process(target=_learn, args=(n, plan, kept, str(out))) for n in range(plan.processes)]
        for one in sharing:
            one.start()
        for one in sharing:
            one.join()
    if any(one.exitcode for one in sharing):
        raise SystemExit("teaching failed 训练失败")


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("folders", nargs="+", help="FOLDER or FOLDER:SHARE")
    parser.add_argument("--passes", type=int, default=6)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--characters", type=int, default=6000)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    folders = [(Path(name), float(share or 1)) for name, _, share in (one.partition(":") for one in asked.folders)]
    course = Course(asked.passes, asked.rate, asked.characters)
    run(Plan(course, asked.processes), folders, asked.out)


if __name__ == "__main__":
    main()
