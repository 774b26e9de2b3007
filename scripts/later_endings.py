"""Teach what the ends of names say beside the scorer of facts in use: `python -m scripts.later_endings OUT FOLDER …`.

The folders hold pages with their gold that the network was not taught. OUT/endings.tsv is what is written.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from kg.judge.endings import FILE
from kg.learn.endings import teach, write
from kg.learn.weigh import told_facts
from kg.network.read import session


def main(out: Path, folders: list[Path]) -> None:
    facts, rows, wanted = zip(*told_facts(folders), strict=True)
    (odds,) = session("facts").run(["odds"], {"x": np.array(rows, np.float32)})
    out.mkdir(parents=True, exist_ok=True)
    write(teach(facts, odds[:, 0], np.array(wanted)), out / FILE)
    print(f"{len(facts)} facts in {', '.join(map(str, folders))} → {out / FILE}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(folder) for folder in sys.argv[2:]])
