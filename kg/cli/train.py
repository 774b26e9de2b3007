"""kg train"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    folders: Annotated[list[Path], typer.Argument(help="Folders of pages with gold (STEM.txt, STEM.json). 标注数据")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to write. 输出文件夹")] = Path("weights"),
    start: Annotated[
        str, typer.Option("--from", help="Weights to begin from; jieba: from Baidu's network. 起始权重")
    ] = "",
    cluener: Annotated[Path | None, typer.Option(help="CLUENER's training file, as a first course. 预训练数据")] = None,
    written: Annotated[
        list[Path] | None, typer.Option(help="Made-up pages with gold: taught, never measured. 自撰版面,只教不测")
    ] = None,
    unlabelled: Annotated[
        Path | None, typer.Option(help="A folder of pages without gold, as a second course. 未标注的版面")
    ] = None,
    teacher: Annotated[
        list[str] | None, typer.Option(help="Weights that read them; default: those in use. 为其打标的权重")
    ] = None,
    passes: Annotated[int, typer.Option(min=1, help="Passes over the pages. 训练轮数")] = 6,
    folds: Annotated[int, typer.Option(min=2, help="Folds of the cross-validation. 交叉验证折数")] = 5,
    held: Annotated[int, typer.Option(min=0, help="Folds that are held out in turn; 0: all. 留出的折数")] = 0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same weights. 随机种子")] = 1,
    workers: Annotated[int, typer.Option(min=1, help="Processes. 进程数")] = 2,
) -> None:
    """Learn a newspaper's own style from annotated pages. 用标注过的版面训练

    Needs the extra: pip install 'fangzhi[train]'. Writes new weights and figures.json, the figures of the
    cross-validation: each page read by a network that had not seen it. Use them with `kg build --weights FOLDER`.
    """
    from kg.errors import MissingExtraError

    try:
        from kg.learn.school import Plan, train
    except ImportError as error:
        raise MissingExtraError("kg train needs more packages: pip install 'fangzhi[train]'") from error

    held = min(held or folds, folds)
    plan = Plan(
        tuple(folders), start, cluener, unlabelled, tuple(teacher or [""]), tuple(written or ()),
        passes, folds, held, seed, workers,
    )  # fmt: skip
    train(plan, output, typer.echo)
    typer.echo(f"{output}: kg build --weights {output} …")
