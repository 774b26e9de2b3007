"""What a rule means, in both languages: kg/lexicon/rules.tsv says it (value: Chinese, note: English)."""

from __future__ import annotations

from functools import cache

from kg.lexicon import Row, rows


@cache
def described(rule: str) -> tuple[Row, ...]:
    """The rows of rules.tsv that describe `rule`: its own, or that of its stem and of what is added to it."""
    known = {row.term: row for row in rows("rules")}
    if rule in known:
        return (known[rule],)
    for cut in range(len(rule) - 1, 0, -1):
        if rule[:cut] in known and rule[cut:] in known:
            return known[rule[:cut]], known[rule[cut:]]
    return ()


def in_words(rule: str) -> tuple[str, str]:
    """The rule in Chinese and in English; its own name where no row describes it (a graph of another version)."""
    parts = described(rule)
    return "；".join(part.value for part in parts) or rule, "; ".join(part.note for part in parts) or rule
