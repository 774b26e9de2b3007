"""Full text inside SPARQL: SERVICE search:names and search:sentences, answered from our index, not from elsewhere.

    SERVICE search:sentences { ?evidence search:query "水利局" ; search:score ?s ; search:text ?text ; search:limit 50 }

The clause is put into the query as VALUES before Oxigraph reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from kg.serve.fulltext import KINDS, find
from kg.serve.lexing import Token, tokens

SEARCH = "https://w3id.org/fangzhi/search#"
MOST, USUAL = 10_000, 1_000
_LONGEST = 40  # tokens of a clause
_DECIMAL = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
_SAYS = (
    'SERVICE search:names and search:sentences hold one pattern: ?thing search:query "文字" ; search:score ?score ; '
    f"search:text ?text ; search:limit 50 (at most {MOST})"
)


class Searched(NamedTuple):
    """A query with its searches answered, and the same with nothing in their place: lines and columns as they were."""

    text: str
    emptied: str


class _Clause(NamedTuple):
    """One SERVICE clause: where it stands, what is looked for, and the variables to fill, by name of the column."""

    start: int
    end: int
    kind: str
    text: str
    most: int
    variables: dict[str, str]


def may_search(text: str) -> bool:
    """Whether a query may have such a clause: a look that costs nothing."""
    return "search" in text and any(kind in text for kind in KINDS)


def searched(text: str, file: Path) -> Searched:
    """`text` with each search in the place of its clause. Raises ValueError for a clause of another shape."""
    full, emptied, at = [], [], 0
    for clause in _clauses(text):
        full += [text[at : clause.start], _values(clause, file)]
        blank = "".join(sign if sign in "\r\n" else " " for sign in text[clause.start + 2 : clause.end])
        emptied += [text[at : clause.start], "{}", blank]
        at = clause.end
    return Searched("".join((*full, text[at:])), "".join((*emptied, text[at:])))


def _clauses(text: str) -> Iterator[_Clause]:
    read = list(tokens(text))
    prefixes = {"search:": SEARCH} | {
        name.text: iri.text[1:-1]
        for word, name, iri in zip(read, read[1:], read[2:], strict=False)
        if word.text == "PREFIX" and word.kind == "word" and name.kind == "name" and iri.kind == "iri"
    }
    for place, token in enumerate(read):
        if token.kind == "word" and token.text == "SERVICE":
            near = read[place + 1 : place + _LONGEST]
            inner = near[1:] if near and near[0].text == "SILENT" else near
            if inner and (kind := _expanded(inner[0], prefixes).removeprefix(SEARCH)) in KINDS:
                yield _clause(token.start, kind, inner[1:], prefixes)


def _expanded(token: Token, prefixes: dict[str, str]) -> str:
    """The IRI that a token names, "" for none."""
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, mark, local = token.text.partition(":")
    return prefixes.get(prefix + mark, "\n") + local if token.kind == "name" else ""


def _clause(start: int, kind: str, inner: list[Token], prefixes: dict[str, str]) -> _Clause:
    """The clause whose braces begin with `inner`."""
    end = next((place for place, token in enumerate(inner) if token.text == "}" and token.kind == "mark"), 0)
    if end < 4 or inner[0].text != "{" or inner[1].kind != "variable":
        raise ValueError(_SAYS)
    said, variables, most = "", {"iri": inner[1].text}, USUAL
    for predicate, value in _pairs(inner[2:end]):
        name = _expanded(predicate, prefixes).removeprefix(SEARCH)
        if name == "query" and value.kind == "string" and not said:
            said = _string(value.text)
        elif name in {"score", "text"} and value.kind == "variable" and value.text not in variables.values():
            variables[name] = value.text
        elif name == "limit" and value.kind == "number" and 0 < int(value.text[:9]) <= MOST:
            most = int(value.text[:9])
        else:
            raise ValueError(_SAYS)
    if not said:
        raise ValueError(_SAYS)
    return _Clause(start, inner[end].end, kind, said, most, variables)


def _pairs(rest: list[Token]) -> Iterator[tuple[Token, Token]]:
    """Predicates and values, with ; between them and perhaps a . at the end; the language of a text does not count."""
    plain = [token for before, token in zip([None, *rest], rest, strict=False)
             if token.text != "@" and not (before and before.text == "@")]  # fmt: skip
    closed = plain[:-1] if plain[-1:] and plain[-1].text in {".", ";"} else plain
    for place in range(0, len(closed), 3):
        group = closed[place : place + 3]
        if len(group) < 2 or (len(group) == 3 and group[2].text != ";"):
            raise ValueError(_SAYS)
        yield group[0], group[1]


def _string(written: str) -> str:
    """The text of a string literal; read by Oxigraph, which knows its escapes."""
    quads = list(ox.parse(f"<a:a> <a:a> {written} .", ox.RdfFormat.TURTLE))
    return quads[0].object.value if len(quads) == 1 and isinstance(quads[0].object, ox.Literal) else ""


def _values(clause: _Clause, file: Path) -> str:
    found = find(file, clause.kind, clause.text, clause.most)
    cells = {
        "iri": lambda one: str(ox.NamedNode(one.entry.iri)),
        "score": lambda one: str(ox.Literal(f"{one.score:.4f}", datatype=_DECIMAL)),
        "text": lambda one: str(ox.Literal(one.entry.text)),
    }
    rows = (" ".join(cells[name](one) for name in clause.variables) for one in found)
    return f" VALUES ({' '.join(clause.variables.values())}) {{ {' '.join(f'({row})' for row in rows)} }} "
