"""What kg/weights/CARD.md says of the files and of the texts that the weights were taught on."""

from __future__ import annotations

import hashlib
import json
import lzma
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from kg.evaluate.origin import Origin, origins
from kg.network.read import weights
from scripts.markdown import Blocks, table
from scripts.splits import Split
from scripts.stand_off import key_of, read_lines


def blocks(every: Mapping[str, Split]) -> Blocks:
    return {"files": files, "weights": identity, "taught": partial(taught, every)}


def files() -> Iterator[str]:
    """Every file of the weights in use, with its size and sha256."""
    rows = [(f"`{path.name}`", f"{path.stat().st_size:,}", f"`{_digest(path)}`") for path in _files()]
    yield from table(("file", "bytes", "sha256"), rows)


def identity() -> Iterator[str]:
    """One short number for all files together."""
    whole = hashlib.sha256("".join(_digest(path) for path in _files()).encode()).hexdigest()
    yield f"Weights 权重: `{whole[:16]}` (sha256 of the sums in [kg/weights/CARD.md](../kg/weights/CARD.md))."


def _files() -> list[Path]:
    return sorted(path for path in weights("encoder.onnx").parent.iterdir() if path.suffix != ".md")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def taught(every: Mapping[str, Split]) -> Iterator[str]:
    """How many articles of which repository, by set; then the sentences that have names alone."""
    sets = [one for one in every.values() if one.use == "teach"]
    counts = {one.name: _counted(one) for one in sets if one.sources is not None or one.stand_off}
    sources = sorted({source for count in counts.values() for source in count})
    rows = [[f"github.com/{source}", *(count[source] for count in counts.values())] for source in sources]
    rows.append(["**articles**", *(f"**{count.total()}**" for count in counts.values())])
    yield from table(("source", *counts), rows)
    for one in sets:
        if one.gold and one.sources is None:
            yield f"{one.title}: {sum(len(list(folder.glob('*.txt'))) for folder in one.pages)}."
        if one.names is not None:
            yield f"First course: {one.title}, {len(one.names.read_text('utf-8').splitlines()):,}."


def _counted(split: Split) -> Counter[str]:
    return Counter(origin.source for origin in _origins(split).values())


def taught_origins(every: Mapping[str, Split]) -> dict[str, Origin]:
    """File name of every article that is taught → where it comes from."""
    return {doc: origin for one in every.values() if one.use == "teach" for doc, origin in _origins(one).items()}


def _origins(split: Split) -> dict[str, Origin]:
    if split.sources is not None:
        known = origins(split.sources)
        return {path.name: known[path.name] for folder in split.pages for path in folder.glob("*.txt")}
    if split.raw is None:
        return {}
    docs = {line["raw"]: f"{line['stem']}.txt" for line in read_lines(split.stand_off)}
    with lzma.open(split.raw, "rt", encoding="utf-8") as lines:
        found = {
            docs.get(key_of(one["id"])): Origin(one["source_repo"], one["date"][:4]) for one in map(json.loads, lines)
        }
    return {doc: origin for doc, origin in found.items() if doc is not None}
