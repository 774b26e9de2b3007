"""Add trees to the scorer of names in use: `python -m scripts.later_trees OUT FOLDER …`.

The folders hold pages with their gold that the network was not taught. OUT/mentions.onnx is what is written.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from kg.learn import trees
from kg.learn.examples import from_pages
from kg.learn.weigh import names_to_weigh
from kg.network.read import session, weights

NAME = "mentions.onnx"


def main(out: Path, folders: list[Path]) -> None:
    x, y = names_to_weigh(from_pages(folders))
    (odds,) = session(Path(NAME).stem).run(["odds"], {"x": x})
    out.mkdir(parents=True, exist_ok=True)
    trees.write_later(trees.teach_later(x, y, np.asarray(odds[:, 0])), weights(NAME), out / NAME)
    print(f"{len(x)} candidates of names in {', '.join(map(str, folders))} → {out / NAME}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(folder) for folder in sys.argv[2:]])
