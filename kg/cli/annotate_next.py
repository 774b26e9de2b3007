"""kg annotate-next"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.weights import Weights, use_weights


def run(
    pages: Annotated[list[str], typer.Argument(help="Files, folders, globs of pages without gold. 未标注的版面")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to write. 输出文件夹")] = Path("annotate"),
    number: Annotated[int, typer.Option("-n", min=1, help="How many pages. 篇数")] = 20,
    weights: Weights = None,
) -> None:
    """Pick the pages that would teach most, with gold to correct. 挑选最值得标注的版面，并预填标注

    Writes each page and a gold file beside it, filled in with what is read today: correct it by hand, then `kg train`.
    A page teaches most where the reader is least sure. Pages that have gold there already are passed over.
    """
    use_weights(weights)
    from kg.prefill import most_teaching
    from kg.terminal import printable

    picked = most_teaching(pages, output, number)
    for finding in picked.findings:
        typer.echo(f"kg: {printable(finding.message)}", err=True)
    for path, doubt in picked.golds:
        typer.echo(f"{printable(str(path))}  {doubt:.3f}")
