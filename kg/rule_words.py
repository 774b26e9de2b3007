"""What a rule means, in both languages: kg/lexicon/rules.tsv says it (value: Chinese, note: English)."""

from __future__ import annotations

from functools import cache

from kg.lexicon import Row, rows


@cache
def described(rule: str) -> Row | None:
    """The row of rules.tsv that describes `rule`, if there is one."""
    return next((row for row in rows("rules") if row.term == rule), None)


def in_words(rule: str) -> tuple[str, str]:
    """The rule in Chinese and in English; its own name where no row describes it (a graph of another version)."""
    row = described(rule)
    return (row.value, row.note) if row is not None else (rule, rule)
