"""kg score"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.weights import Weights, use_weights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.score import Report, Tally, Verdicts


def run(
    files: Annotated[list[Path], typer.Argument(help="Gold files (*.json), their pages, or folders. 标注文件与版面")],
    show: Annotated[bool, typer.Option("--show", help="List every miss and every spurious item. 列出所有错误")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
    by: Annotated[str, typer.Option("--by", help="`rule`: what each rule made, true and false. 按规则统计")] = "",
    graph: Annotated[Path | None, typer.Option(help="Score this Turtle file instead of building the page.")] = None,
    weights: Weights = None,
) -> None:
    """Score builds against gold annotations. 与人工标注对照评分

    Each page is built alone and compared with the gold file whose "doc" names it.
    """
    use_weights(weights)
    if by not in ("", "rule"):
        raise typer.BadParameter("only `--by rule` is known")
    from kg.gold import score_files, total

    reports = score_files(files, graph)
    everything = total(reports)
    if as_json:
        _print_json(reports, everything, by)
        return
    for report in reports:
        _print_page(report, show)
    if len(reports) > 1:
        _print_page(everything, False)
    if by:
        print("\n".join(_rule_lines(everything)))


def _print_json(reports: list[Report], everything: Report, by: str) -> None:
    import json

    out: dict[str, object] = {"pages": {r.doc: r.as_dict() for r in reports}, "total": everything.as_dict()}
    if by:
        rules = everything.rules.items()
        out["rules"] = [
            {"made": made, "rule": rule, "true": v.true, "false": v.false, "optional": v.optional}
            for (made, rule), v in rules
        ]
    print(json.dumps(out, ensure_ascii=False))


def _print_page(report: Report, show: bool) -> None:
    from kg.terminal import printable

    print(f"== {report.doc}")
    if show:
        print("".join(f"{printable(line)}\n" for line in report.errors), end="")
    for name, tally in _flat(report):
        print(
            f"{name:<34} P {tally.precision:.3f}  R {tally.recall:.3f}  F1 {tally.f1:.3f}"
            f"   tp {tally.tp} fp {tally.fp} fn {tally.fn}"
        )


def _flat(report: Report) -> Iterator[tuple[str, Tally]]:
    yield from report.single.items()
    for group, tallies in report.grouped.items():
        yield from ((f"  {group}: {name}", tally) for name, tally in tallies.items())


def _rule_lines(report: Report) -> Iterator[str]:
    from kg.score import Verdicts

    yield f"{'made':<8} {'rule':<36} {'true':>5} {'false':>5} {'opt':>5}  precision"
    sums: dict[str, Verdicts] = {}
    for (made, rule), v in report.rules.items():
        sums[made] = sums.get(made, Verdicts()) + v
        yield _rule_line(made, rule, v)
    yield from (_rule_line(made, "total", v) for made, v in sums.items())


def _rule_line(made: str, rule: str, v: Verdicts) -> str:
    judged = v.true + v.false
    share = f"{v.true / judged:.3f}" if judged else "-"
    return f"{made:<8} {rule:<36} {v.true:>5} {v.false:>5} {v.optional:>5}  {share}"
