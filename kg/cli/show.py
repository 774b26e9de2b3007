"""kg show"""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.weights import Weights, use_weights
from kg.confidence import DEFAULT_MIN_CONFIDENCE


def run(
    page: Annotated[str, typer.Argument(help="A page file, or - for standard input. 版面文件")],
    names: Annotated[list[str] | None, typer.Argument(help="Only sentences with these names. 只看这些名称")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say which rule and lexicon rows made each name and claim. 说明依据")
    ] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Brackets instead of colours. 用方括号代替颜色")] = False,
    newspaper: Annotated[str, typer.Option(help="The newspaper. 报名，如 株洲日报")] = "",
    home: Annotated[str, typer.Option(help="The newspaper's home city. 报纸所在城市，如 株洲市")] = "",
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Leave out what is less probable than this. 低于此可信度的不显示")
    ] = DEFAULT_MIN_CONFIDENCE,
    weights: Weights = None,
) -> None:
    """Print a page's articles, names coloured by class, claims under each sentence. 查看一个版面读出了什么。

    Where there is no terminal to colour, names are in brackets as with --plain.
    Exits with 0, or with 2 where the page cannot be read or a name is not on it.
    """
    use_weights(weights)
    from rich.console import Console

    from kg.errors import PageError
    from kg.flow import read_and_resolve
    from kg.graph import nothing_read
    from kg.show import Manner, show

    console = Console(highlight=False, markup=False, emoji=False)
    plain = plain or not console.is_terminal or console.no_color
    knowledge = read_and_resolve([page], newspaper=newspaper, home=home, min_confidence=min_confidence)
    if not knowledge.readings:
        raise PageError(nothing_read(knowledge.findings))
    for line in show(knowledge, Manner(plain, explain, frozenset(names or ()))):
        console.print(line.plain if plain else line, soft_wrap=plain)
