"""SPARQL text without an algebra: what form a query has, where its LIMIT stands, whether it calls other servers.

pyoxigraph parses and answers, but does not show its parse. The few things that the server must know or change
before that are read from the tokens of https://www.w3.org/TR/sparql11-query/#sparqlGrammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

# Each repetition is possessive and each text, closed or not, is taken once: time grows as the length of the text does.
_TOKEN = re.compile(
    r"""(?P<skip>\s++|\#[^\n\r]*+)
      | (?P<string>\'\'\'(?:'{0,2}+(?:[^'\\]|\\.))*+(?:\'\'\')? | \"\"\"(?:"{0,2}+(?:[^"\\]|\\.))*+(?:\"\"\")?
                  | '(?:[^'\\\n\r]|\\.)*+'? | "(?:[^"\\\n\r]|\\.)*+"?)
      | (?P<iri><(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)
      | (?P<variable>[?$]\w++)
      | (?P<name>(?:[\w.\-]++)?+:(?:[\w.:\-]|%[0-9A-Fa-f]{2}|\\.)*+)
      | (?P<plain>[\w.\-]++)
      | (?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_PLAIN = re.compile(r"(?P<number>\d+)|(?P<word>[A-Za-z_]\w*)|(?P<mark>.)", re.DOTALL)  # a run that is no name
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
_CHANGING = {"NOW", "RAND", "UUID", "STRUUID", "BNODE"}  # functions that ask the clock or chance
# A SERVICE clause cannot be written without matching this, wherever comments and strings begin and end; a comment
# that holds a whole clause matches too, and is refused with it. Blanks are those of SPARQL, not all that Unicode has:
# an IRI, a name or a variable may hold the others.
_GAP = r"(?:[ \t\n\r]|\#[^\n\r]*+[\n\r])*+"
_TARGET = r"(?P<target>[?$][^ \t\n\r{}#]++|<[^<>]*+>|[^ \t\n\r:{}<>#]*+:(?:[^ \t\n\r{}<>#\\]|\\.)*+)"
_SERVICE = re.compile(rf"(?<![?$])(?ai:service){_GAP}(?:(?ai:silent){_GAP})?{_TARGET}{_GAP}\{{", re.DOTALL)
_LOAD = re.compile(rf"(?<![?$])(?ai:load){_GAP}(?:(?ai:silent){_GAP})?{_TARGET}", re.DOTALL)
_MOST_CALLS = 50  # each occurrence may scan the rest of the text, so their number is bounded
_DIGITS = 18
_MOST = 10**_DIGITS  # a number of more digits is taken for this one


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
    for kind, start, end in _stretches(text):
        value = text[start:end]
        depth -= kind == "mark" and value in {")", "}"}
        yield Token(kind, value.upper() if kind == "word" else value, start, end, depth)
        depth += kind == "mark" and value in {"(", "{"}


def _stretches(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of each token."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "plain":
            for part in _PLAIN.finditer(text, match.start(), match.end()):
                yield part.lastgroup or "mark", part.start(), part.end()
        elif match.lastgroup != "skip":
            yield match.lastgroup or "mark", match.start(), match.end()


class Outline(NamedTuple):
    """What the server must know of a query."""

    text: str
    form: str  # SELECT, ASK, CONSTRUCT or DESCRIBE; "" where the text is no query
    stable: bool  # whether the same store gives the same answer each time (no clock, no chance)
    outer: tuple[Token, ...]  # what stands in no brackets


def outline(text: str) -> Outline:
    """Read `text` once."""
    outer, stable, before = [], True, ""
    for token in tokens(text):
        stable &= token.text != "(" or before not in _CHANGING
        before = token.text if token.kind == "word" else ""
        if token.depth == 0:
            outer.append(token)
    form = next((token.text for token in outer if token.kind == "word" and token.text in _FORMS), "")
    return Outline(text, form, stable, tuple(outer))


class CallError(ValueError):
    """A request to another server that was not allowed."""


def check_calls(text: str, allowed: tuple[str, ...], update: bool = False) -> None:
    """Raises CallError where `calls` finds one."""
    if refused := calls(text, allowed, update):
        to = f"this server sends no requests to others, so not to {refused[0][:200]}"
        raise CallError(f"{to} (--service allows one address)")


def calls(text: str, allowed: tuple[str, ...], update: bool = False) -> list[str]:
    """The targets of SERVICE (and of LOAD in an update) that are not `allowed`, as written; never too few."""
    patterns = (_SERVICE, _LOAD) if update else (_SERVICE,)
    lowered = text.lower()
    if lowered.count("service") + (lowered.count("load") if update else 0) > _MOST_CALLS:
        return ["(too many to check)"]
    found = [match["target"] for pattern in patterns for match in pattern.finditer(text)]
    return [target for target in found if target[1:-1] not in allowed or target[0] != "<"]


def limit_rows(query: Outline, most: int) -> str | None:
    """`query` cut to `most` solutions; None where it cannot give more (its own LIMIT, or no SELECT or CONSTRUCT)."""
    if query.form not in {"SELECT", "CONSTRUCT"}:
        return None
    limit, offset = _number(query.outer, "LIMIT"), _number(query.outer, "OFFSET")
    if limit is not None and limit[0] <= most:
        return None
    skipped = offset[0] if offset else 0
    cuts = sorted(span for _, *span in (clause for clause in (limit, offset) if clause))
    values = [token.start for token in query.outer if token.kind == "word" and token.text == "VALUES"]
    return _with_tail(query.text, cuts, values, f"LIMIT {most} OFFSET {skipped}")


def _number(outer: tuple[Token, ...], word: str) -> tuple[int, int, int] | None:
    """The number behind LIMIT or OFFSET of the outermost query, with the stretch of the clause."""
    for left, right in pairwise(outer):
        if left.kind == "word" and left.text == word and right.kind == "number":
            digits = right.text.lstrip("0")
            return int(digits or 0) if len(digits) < _DIGITS else _MOST, left.start, right.end
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


def with_using(update: str, default: tuple[str, ...], named: tuple[str, ...]) -> str:
    """`update` with USING clauses before each WHERE, for using-graph-uri; the addresses were checked to be IRIs."""
    clause = "".join(f" USING <{iri}>" for iri in default) + "".join(f" USING NAMED <{iri}>" for iri in named)
    outer = [token for token in tokens(update) if token.depth == 0]
    if any(token.kind == "word" and token.text in {"USING", "WITH"} for token in outer):
        raise ConflictError("using-graph-uri cannot be given when the update itself says USING or WITH")
    parts, at = [], 0
    for place, token in enumerate(outer):
        if token.kind == "word" and token.text == "WHERE":
            parts += [update[at : token.start], _shorthand(update, outer, place), clause, " "]
            at = token.start
    return "".join((*parts, update[at:]))


def _shorthand(update: str, outer: list[Token], place: int) -> str:
    """DELETE WHERE {…} has no place for USING: give its group as the template too, DELETE {…} USING … WHERE {…}."""
    before, group = outer[place - 1] if place else None, outer[place + 1 : place + 3]
    if before is None or before.kind != "word" or before.text != "DELETE":
        return ""
    return update[group[0].start : group[1].end] if [token.text for token in group] == ["{", "}"] else ""
