"""SPARQL over a built graph: a user's own query, or a ready question by name.

The prefixes of the contract (kg: id: skos: org: prov: schema: rdf: rdfs: xsd: dcterms: oa: …) need not be declared.
A ready question is a file in kg/queries/ that anyone can read; its parameters are bound as RDF terms, never pasted
into the text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from kg.errors import QueryError
from kg.export.turtle import turtle
from kg.kept import kept
from kg.ontology import PREFIXES, XSD
from kg.rdf import Fact, Text
from kg.store import open_store

Results = QuerySolutions | QueryBoolean | QueryTriples
Source = Path | Store

FORMATS = ("table", "csv", "tsv", "json", "xml", "ttl")
QUESTIONS = Path(__file__).parent / "queries"
SHOWN = 8  # names offered in an error message
_NATIVE = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_USES_GRAPHS = re.compile(r"\b(?:GRAPH|FROM)\b", re.IGNORECASE)
_PARAMETER = re.compile(r"# param (\w+) (\S+): (.+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a ready question: the name of a thing of one class."""

    name: str
    of_class: str  # full IRI
    says: str


@dataclass(frozen=True, slots=True)
class Question:
    """A ready question: one .rq file."""

    name: str
    zh: str
    en: str
    parameters: tuple[Parameter, ...]
    sparql: str


def run(source: Source, sparql: str) -> Results:
    """The answer of the graph at `source` (an output folder, a graph file or a store) to one SPARQL query.

    A SELECT gives an iterator of solutions, an ASK a truth value, a CONSTRUCT or DESCRIBE an iterator of triples;
    each can be read once. Raises QueryError with the line and the column where the query is malformed.
    """
    store = _store(source, named=bool(_USES_GRAPHS.search(sparql)))
    try:
        return store.query(sparql, prefixes=PREFIXES)
    except SyntaxError as error:
        raise QueryError(_explain(str(error), sparql)) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"the query cannot be answered: {error}") from error


def _store(source: Source, named: bool = False) -> Store:
    """A large build is asked where it is kept on disk; another is read into memory."""
    if isinstance(source, Store):
        return source
    found = kept(source)
    return open_store(source, named=named) if found is None else found  # an empty store is false


def _explain(message: str, sparql: str) -> str:
    found = _PLACE.match(message)
    if found is None:
        return f"SPARQL: {message}"
    line, column, what = int(found[1]), int(found[2]), " ".join(found[3].split())
    lines = sparql.splitlines() or [""]
    words = lines[min(line, len(lines)) - 1]
    near = words[words.rfind(" ", 0, max(column - 1, 0)) + 1 :].strip()[:30]
    hint = "; kg query only reads" if re.match(r"\s*(INSERT|DELETE|LOAD|CLEAR|DROP)\b", sparql, re.IGNORECASE) else ""
    return f"SPARQL: line {line}, column {column}" + (f", at “{near}”" if near else "") + f": {what}{hint}"


def questions() -> dict[str, Question]:
    """Every ready question by name."""
    return {path.stem: _read(path) for path in sorted(QUESTIONS.glob("*.rq"))}


def _read(path: Path) -> Question:
    text = path.read_text("utf-8")
    says = dict(re.findall(r"^# (zh|en): (.+)$", text, re.MULTILINE))
    prefixed = (match.groups() for match in _PARAMETER.finditer(text))
    parameters = tuple(Parameter(name, _full(of_class), words) for name, of_class, words in prefixed)
    return Question(path.stem, says["zh"], says["en"], parameters, text)


def _full(prefixed: str) -> str:
    prefix, _, local = prefixed.partition(":")
    return PREFIXES[prefix] + local


def ask(source: Source, name: str, values: Mapping[str, str]) -> Results:
    """The answer to the ready question `name`; `values` are its parameters, each the name or an alias of a thing.

    Raises QueryError, naming what there is, for an unknown question, parameter or thing.
    """
    known = questions()
    if name not in known:
        raise QueryError(f"no ready question “{name}”; there are: {', '.join(known)}")
    question = known[name]
    for given in values.keys() - {p.name for p in question.parameters}:
        raise QueryError(f"{name} knows no parameter “{given}”; it takes {_usage(question)}")
    store = _store(source)
    sparql = question.sparql
    for parameter in question.parameters:
        term = str(_bind(store, question, parameter, values))  # escaped as SPARQL wants it
        sparql = re.sub(rf"\${parameter.name}\b", lambda _, term=term: term, sparql)  # type: ignore[misc]
    return run(store, sparql)


def _usage(question: Question) -> str:
    return " ".join(f"-p {p.name}=… ({p.says})" for p in question.parameters)


def _bind(store: Store, question: Question, parameter: Parameter, values: Mapping[str, str]) -> Literal:
    value = values.get(parameter.name, "").strip()
    if not value:
        raise QueryError(f"{question.name} needs {_usage(question)}")
    labels = _labels(store, parameter.of_class)
    if value not in labels:
        offered = _nearest(value, labels) or sorted(labels)[:SHOWN]
        rest = f"; there are: {'、'.join(offered)}" if offered else ""
        more = " …" if len(labels) > len(offered) else ""
        kind = parameter.of_class.rsplit("#", 1)[-1].lower()
        raise QueryError(f"the graph has no {kind} named “{value}”{rest}{more}")
    return labels[value]


def _labels(store: Store, of_class: str) -> dict[str, Literal]:
    solutions = run(
        store, f"SELECT ?label {{ ?thing a <{of_class}> ; skos:prefLabel|skos:altLabel|kg:printedAs ?label }}"
    )
    assert isinstance(solutions, QuerySolutions)
    labels = (solution["label"] for solution in solutions)
    return {label.value: label for label in labels if isinstance(label, Literal)}


def _nearest(value: str, labels: Iterable[str]) -> list[str]:
    inside = [label for label in sorted(labels) if value in label or (len(label) > 1 and label in value)]
    close = difflib.get_close_matches(value, sorted(labels), SHOWN, 0.4)
    return list(dict.fromkeys(inside + close))[:SHOWN]


def render(results: Results, form: str = "table", columns: int | None = None) -> str:
    """The results as text in one of `FORMATS`; `columns` is the width of a table in terminal columns.

    Triples can only be Turtle, whose prefixes are those of the contract. Raises QueryError where the form does not
    fit the kind of query.
    """
    if isinstance(results, QueryTriples):
        if form not in ("table", "ttl"):
            raise QueryError(f"a CONSTRUCT or DESCRIBE gives triples: use --format ttl, not {form}")
        return _turtle(results)
    if form in _NATIVE:
        return (results.serialize(format=_NATIVE[form]) or b"").decode("utf-8")
    if form != "table":
        why = "needs a CONSTRUCT or DESCRIBE query" if form == "ttl" else "is no format"
        raise QueryError(f"--format {form} {why}; there are: {', '.join(FORMATS)}")
    return f"{'yes 是' if results else 'no 否'}\n" if isinstance(results, QueryBoolean) else _table(results, columns)


def _turtle(triples: QueryTriples) -> str:
    ordered = sorted(set(triples), key=str)
    try:
        return turtle(Fact("", *_plain(triple)) for triple in ordered)
    except TypeError:  # a blank node of the query's own: N-Triples is Turtle too
        return (serialize(ordered, format=RdfFormat.N_TRIPLES) or b"").decode("utf-8")


def _plain(triple: Triple) -> tuple[str, str, str | Text]:
    subject, predicate, value = triple
    if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
        raise TypeError(f"{triple} cannot be written as plain strings")
    if isinstance(value, NamedNode):
        return subject.value, predicate.value, value.value
    datatype = "" if value.language or value.datatype.value == f"{XSD}string" else value.datatype.value
    return subject.value, predicate.value, Text(value.value, value.language or "", datatype)


def _table(solutions: QuerySolutions, columns: int | None) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for variable in solutions.variables:
        table.add_column(Text(variable.value), overflow="fold")
    rows = [[Text(cell) for cell in _cells(solution)] for solution in solutions]
    for row in rows:
        table.add_row(*row)
    console = Console(width=columns, no_color=True, highlight=False)
    with console.capture() as capture:
        console.print(table)
    lines = (line.rstrip() for line in capture.get().splitlines())
    return "\n".join(lines) + f"\n{len(rows)} row{'' if len(rows) == 1 else 's'}\n"


def _cells(solution: Iterable[object]) -> Iterator[str]:
    from kg.terminal import printable

    for term in solution:
        yield "" if term is None else printable(shorten(getattr(term, "value", str(term))))


def shorten(text: str) -> str:
    """An IRI of a known namespace with its prefix (kg:Agency, id:agency/…); any other text as it is."""
    for prefix, namespace in PREFIXES.items():
        if text.startswith(namespace):
            return f"{prefix}:{text[len(namespace) :]}"
    return text
