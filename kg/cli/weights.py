"""The option --weights of the commands that read pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Weights = Annotated[
    Path | None, typer.Option("--weights", help="Read with weights made by `kg train`. 使用 kg train 得到的权重文件夹")
]


def use_weights(folder: Path | None) -> None:
    """Read with these weights from now on, in this process and its workers; WeightsError where there are none."""
    if folder is None:
        return
    from kg.errors import WeightsError
    from kg.network.read import use

    if not (folder / "encoder.onnx").is_file():
        raise WeightsError(f"{folder}: holds no weights; make some with `kg train` 此文件夹里没有权重文件")
    use(str(folder))
