"""What goes over the socket between the server and its query processes: jobs one way, replies the other."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True)
class Query:
    """A query, with the types that the client takes for rows and for triples ("" where it takes none)."""

    text: str
    results: str
    graph: str
    folder: str = ""  # of the data that is asked
    spool: str = ""  # path of a file that may be made (the pool names it)
    most_bytes: int = 0
    base: str | None = None
    prefixes: tuple[tuple[str, str], ...] = ()  # known without being declared
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    most_rows: int = 0  # 0: as many as there are
    services: tuple[str, ...] | None = ()  # what SERVICE may call; None: a text of our own, which is not looked at
    dump: bool = False  # every graph as quads; there is no text then
    search: str = ""  # path of the full-text index, where the text may ask it
    known: bool = False  # the client has the answer of this store, if the answer changes with nothing else


@dataclass(frozen=True, slots=True)
class Update:
    """SPARQL Update text."""

    text: str
    base: str | None = None
    prefixes: tuple[tuple[str, str], ...] = ()
    services: tuple[str, ...] = ()  # what SERVICE and LOAD may call
    using: tuple[str, ...] = ()  # graphs of a protocol's using-graph-uri and using-named-graph-uri
    using_named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Load:
    """RDF for one graph ("" is the default graph): added to it, or in its place. Without `file`: delete the graph."""

    graph: str
    file: str = ""
    media: str = ""
    base: str = ""
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """Make the edition of the store at `new`: the one at `old`, with one change."""

    change: Update | Load
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Granted:
    """The answer to More."""

    yes: bool


Job = Query | Write | Granted


@dataclass(frozen=True, slots=True)
class Ready:
    """The process has started; or, after a Query, has opened the store and begins now."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A small answer. `cut` is how many rows it has where it has as many as it may, else 0."""

    media: str
    body: bytes
    cut: int = 0
    stable: bool = True  # the same store gives it again


@dataclass(frozen=True, slots=True)
class More:
    """An answer wants to grow on the disk by the next `spool.GRANT` bytes; the process waits for Granted."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A large answer is being written to the spool file; `cut` is how many rows it may have, 0: any number."""

    media: str
    cut: int = 0
    stable: bool = True


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The answer is the one that the client has."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The job is done; what it made is whole. `existed`: the graph of a Load was there before."""

    existed: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """An HTTP status and a message for the client, with line and column where the query text is at fault."""

    status: int
    message: str
    line: int = 0
    column: int = 0


Reply = Ready | Whole | More | Begun | Unchanged | Ended | Failed
