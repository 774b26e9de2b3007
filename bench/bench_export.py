"""What an export costs, by format and size: `python -m bench.bench_export [TRIPLES …] [--against CHECKOUT]`.

Each export runs in a process of its own, which tells its processor seconds and its peak of resident memory. With
another checkout of this project, both sides take turns: only figures of one run may be compared.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.quads import write_whole

ROOT = Path(__file__).parents[1]
SIZES = (100_000, 400_000)
ONE = """
import resource, sys
from pathlib import Path
from kg.export import FORMATS, export
from kg.export import __file__ as where
assert Path(where).is_relative_to(sys.argv[4]), where
if sys.argv[2] in {known.name for known in FORMATS}:
    export(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
FORMATS = ("nt", "nq", "csv", "jsonl", "parquet", "sqlite", "cypher", "neo4j-csv", "jsonld", "ftm", "xlsx", "gexf")


def exported(graph: Path, form: str, checkout: Path) -> tuple[float, float] | None:
    """Processor seconds and MB of one export by the program in `checkout`; None where it does not know the format."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", ONE, str(graph), form, f"{folder}/out", str(checkout)]
        environment = {**os.environ, "PYTHONPATH": str(checkout)}
        told = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout
    return (float(told.split()[0]), float(told.split()[1])) if told else None


def _shown(figures: tuple[float, float] | None) -> str:
    return f"{figures[0]:8.1f} s {figures[1]:7.0f} MB" if figures else f"{'–':>10} {'–':>10}"


def main() -> None:
    """Print a line for each format and size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("triples", nargs="*", type=int, default=SIZES)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--formats", nargs="+", default=FORMATS)
    chosen = parser.parse_args()
    sides = [ROOT] if chosen.against is None else [chosen.against.resolve(), ROOT]
    print(f"{'':10} {'triples':>10}  " + "  ".join(f"{side.name:>21}" for side in sides))
    with tempfile.TemporaryDirectory() as folder:
        for triples in chosen.triples:
            write_whole(Path(folder) / f"{triples}.nq", triples)
        for form in chosen.formats:
            for triples in chosen.triples:
                figures = [exported(Path(folder) / f"{triples}.nq", form, side) for side in sides]
                print(f"{form:10} {triples:10,}  " + "  ".join(map(_shown, figures)), flush=True)


if __name__ == "__main__":
    main()
