"""SPARQL text without an algebra: what form a query has, where its LIMIT stands, whether it calls other servers.

pyoxigraph parses and answers, but does not show its parse. The few things that the server must know or change
before that are read from the tokens of https://www.w3.org/TR/sparql11-query/#sparqlGrammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?P<skip>\s+|\#[^\n\r]*)
      | (?P<string>'''(?:'{0,2}(?:[^'\\]|\\.))*''' | \"\"\"(?:"{0,2}(?:[^"\\]|\\.))*\"\"\"
                  | '(?:[^'\\\n\r]|\\.)*' | "(?:[^"\\\n\r]|\\.)*")
      | (?P<iri><(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
      | (?P<variable>[?$]\w+)
      | (?P<name>[\w.\-]*:(?:[\w.:\-]|%[0-9A-Fa-f]{2}|\\.)*)
      | (?P<number>\d+)
      | (?P<word>[A-Za-z_]\w*)
      | (?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
_OUTSIDE_NOW = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)
_GAP = r"(?:\s|\#[^\n\r]*[\n\r])*"
# A SERVICE clause cannot be written without matching this, wherever comments and strings begin and end; a comment
# that holds a whole clause matches too, and is refused with it.
_TARGET = r"(?P<target>[?$]\w+|<[^<>\s{}]*>|[^\s:{}<>]*:[^\s{}<>]*)"
_SERVICE = re.compile(rf"(?<![?$])service{_GAP}(?:silent{_GAP})?{_TARGET}{_GAP}\{{", re.IGNORECASE)
_LOAD = re.compile(rf"(?<![?$])load{_GAP}(?:silent{_GAP})?{_TARGET}", re.IGNORECASE)
_MOST_CALLS = 50  # each occurrence may scan the rest of the text, so their number is bounded


class Token(NamedTuple):
    """One token: its kind (a group of the grammar above), its text in upper case for words, and where it stands."""

    kind: str
    text: str
    start: int
    end: int
    depth: int  # of brackets ( and { around it


def tokens(text: str) -> Iterator[Token]:
    """The tokens of `text` without blanks and comments; never fails: what is no token is a mark."""
    depth = 0
    for match in _TOKEN.finditer(text):
        kind, value = match.lastgroup or "mark", match.group()
        if kind == "skip":
            continue
        depth -= value in {")", "}"} and kind == "mark"
        yield Token(kind, value.upper() if kind == "word" else value, match.start(), match.end(), depth)
        depth += value in {"(", "{"} and kind == "mark"


def form(text: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE; "" where the text is no query."""
    return next((token.text for token in tokens(text) if token.kind == "word" and token.text in _FORMS), "")


def is_stable(text: str) -> bool:
    """Whether the same store gives the same answer each time (no clock, no chance)."""
    return not _OUTSIDE_NOW.search(text)


def calls(text: str, allowed: tuple[str, ...], update: bool = False) -> list[str]:
    """The targets of SERVICE (and of LOAD in an update) that are not `allowed`, as written; never too few."""
    patterns = (_SERVICE, _LOAD) if update else (_SERVICE,)
    lowered = text.lower()
    if lowered.count("service") + (lowered.count("load") if update else 0) > _MOST_CALLS:
        return ["(too many to check)"]
    found = [match["target"] for pattern in patterns for match in pattern.finditer(text)]
    return [target for target in found if target[1:-1] not in allowed or target[0] != "<"]


class Limited(NamedTuple):
    """A query that gives at most so many rows, and one that gives a row only if there would have been more."""

    text: str
    probe: str


def limit_rows(text: str, most: int) -> Limited | None:
    """`text` cut to `most` solutions; None where it cannot give more (its own LIMIT, or no SELECT or CONSTRUCT)."""
    outer = [token for token in tokens(text) if token.depth == 0]
    if form(text) not in {"SELECT", "CONSTRUCT"}:
        return None
    limit, offset = _number(outer, "LIMIT"), _number(outer, "OFFSET")
    if limit is not None and limit[0] <= most:
        return None
    skipped = offset[0] if offset else 0
    cuts = sorted(span for _, *span in (clause for clause in (limit, offset) if clause))
    values = [token.start for token in outer if token.kind == "word" and token.text == "VALUES"]
    return Limited(
        _with_tail(text, cuts, values, f"LIMIT {most} OFFSET {skipped}"),
        _with_tail(text, cuts, values, f"LIMIT 1 OFFSET {skipped + most}"),
    )


def _number(outer: list[Token], word: str) -> tuple[int, int, int] | None:
    """The number behind LIMIT or OFFSET of the outermost query, with the stretch of the clause."""
    for left, right in pairwise(outer):
        if left.kind == "word" and left.text == word and right.kind == "number":
            return int(right.text), left.start, right.end
    return None


def _with_tail(text: str, cuts: list[list[int]], values: list[int], tail: str) -> str:
    """`text` without the stretches `cuts`, and with `tail` at its end, but before a trailing VALUES block."""
    end = values[-1] if values else len(text)
    kept, at = "", 0
    for start, stop in cuts:
        kept, at = kept + text[at:start], stop
    return f"{kept}{text[at:end]}\n{tail}\n{text[end:]}"


class ConflictError(ValueError):
    """using-graph-uri together with USING or WITH: the protocol forbids it (SPARQL 1.1 Protocol, 2.2.3)."""


def with_using(update: str, default: list[str], named: list[str]) -> str:
    """`update` with USING clauses before each WHERE, for using-graph-uri; the addresses were checked to be IRIs."""
    clause = "".join(f" USING <{iri}>" for iri in default) + "".join(f" USING NAMED <{iri}>" for iri in named)
    outer = [token for token in tokens(update) if token.depth == 0]
    if any(token.kind == "word" and token.text in {"USING", "WITH"} for token in outer):
        raise ConflictError("using-graph-uri cannot be given when the update itself says USING or WITH")
    text = update
    for place, token in reversed(list(enumerate(outer))):
        if token.kind == "word" and token.text == "WHERE":
            text = text[: token.start] + _shorthand(update, outer, place) + f"{clause} " + text[token.start :]
    return text


def _shorthand(update: str, outer: list[Token], place: int) -> str:
    """DELETE WHERE {…} has no place for USING: give its group as the template too, DELETE {…} USING … WHERE {…}."""
    before = outer[place - 1] if place else None
    if before is None or before.kind != "word" or before.text != "DELETE":
        return ""
    closing = next((token for token in outer[place + 2 :] if token.text == "}"), None)
    return update[outer[place + 1].start : closing.end] if closing and outer[place + 1].text == "{" else ""
