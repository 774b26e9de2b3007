"""What `kg.build` returns: a graph in memory, as plain objects, for SPARQL, for networkx, and to be saved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.confidence import told
from kg.errors import PageError
from kg.model import Entity, Finding, Knowledge, Level, Statement
from kg.ontology import ID, PREFIXES, load

if TYPE_CHECKING:
    import networkx
    import pyoxigraph
    import rdflib
    from rdflib.query import Result


@dataclass(frozen=True)
class KnowledgeGraph:
    """All that a build read. `knowledge` is the whole of it; the IRIs of things begin with `base`."""

    knowledge: Knowledge
    base: str = ID

    @classmethod
    def of(cls, knowledge: Knowledge, base: str = "") -> KnowledgeGraph:
        """The graph of a build; raises PageError where not one of its pages could be read."""
        if not knowledge.readings:
            raise PageError(nothing_read(knowledge.findings))
        return cls(knowledge, base or ID)

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Every thing, sorted by id ("person/李明")."""
        return self.knowledge.entities

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every fact between two things, with the sentences (page offsets) and the rules that it stands on."""
        return self.knowledge.statements

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was odd in the input, pages that could not be read (level ERROR) first."""
        return self.knowledge.findings

    @cached_property
    def graph(self) -> rdflib.Graph:
        """The graph under the contract of docs/ontology.md, its prefixes bound."""
        from kg.rdf import to_graph

        return to_graph(self.knowledge, base=self.base)

    def query(self, sparql: str) -> Result:
        """The answer to a SPARQL 1.1 query; the prefixes kg: id: skos: rdf: org: … need not be declared.

        A SELECT gives rows that are read by position, by name or as attributes (`row.name`); an ASK is a truth value
        (`bool(result)`); a CONSTRUCT has its triples in `result.graph`. Raises QueryError with line and column where
        the query is malformed. Answered by Oxigraph, many times faster than `graph.query`.
        """
        from kg.query import run

        try:
            return self._fast.query(sparql, initNs={**PREFIXES, "id": self.base})
        except SyntaxError:
            run(self._store, sparql)  # raises QueryError, which says where
            raise

    def to_networkx(self) -> networkx.MultiDiGraph:
        """The same as a MultiDiGraph: nodes are entity ids, an edge is a fact, its key the predicate and the title.

        Node attributes: `name`, `kind` (Person, Official, Agency, Enterprise, Place, Program), `aliases`, `pages`,
        `inferred`, `confidence`. Edge attributes: `predicate`, `label` (zh), `title`, `status`, `date`, `rules`,
        `inferred_from`, `confidence` (None for what no page says, as for nodes), and `evidence`, a list of dicts of
        `page`, `start`, `end` (code points of the page's text) and `sentence`.
        """
        import networkx as nx

        graph = nx.MultiDiGraph()
        graph.add_nodes_from((entity.id, _node(entity)) for entity in self.entities)
        texts = {reading.page.id: reading.page.text for reading in self.knowledge.readings}
        for s in self.statements:
            key = " ".join(filter(None, (s.predicate.value, s.title, s.date, s.status.value)))
            graph.add_edge(s.subject, s.object, key=key, **_edge(s, texts))
        return graph

    def save(self, folder: str | Path, *, evidence: str = "text", html: bool = True) -> tuple[Path, ...]:
        """Write the files of `kg build` into `folder`, all or none, and return their paths.

        `evidence="offsets"` leaves the sentences out of graph and tables, for pages that may not be copied; the
        viewer (graph.html) quotes sentences and is left out with it.
        Raises OutputError where the folder cannot be written.
        """
        from kg.export.folder import HTML, write_all
        from kg.view import write_html

        out, names = Path(folder), list[str]()

        def add_html(inside: Path) -> None:
            if html and evidence == "text":
                write_html(self.knowledge, inside / HTML)
            names.extend(sorted(file.name for file in inside.iterdir()))

        write_all(self.knowledge, out, base=self.base, evidence=evidence, extras=[add_html])
        return tuple(out / name for name in names)

    @cached_property
    def _store(self) -> pyoxigraph.Store:
        from kg.rdf import to_store

        return to_store(self.knowledge, base=self.base)

    @cached_property
    def _fast(self) -> rdflib.Graph:
        from oxrdflib.store import OxigraphStore
        from rdflib import Graph
        from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

        return Graph(OxigraphStore(store=self._store), DATASET_DEFAULT_GRAPH_ID, bind_namespaces="none")


def nothing_read(findings: tuple[Finding, ...]) -> str:
    """Why there is no graph, in one line."""
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    if not errors:
        return "no page was given 没有给出版面"
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{errors[0].message}{more}"


def _node(entity: Entity) -> dict[str, Any]:
    kind = "Official" if entity.official else entity.kind.value
    return {
        "name": entity.name,
        "kind": kind,
        "aliases": list(entity.aliases),
        "pages": list(entity.pages),
        "inferred": entity.inferred,
        "confidence": told(entity),
    }


def _edge(s: Statement, texts: dict[str, str]) -> dict[str, Any]:
    evidence = [
        {
            "page": e.page,
            "start": e.span.start,
            "end": e.span.end,
            "sentence": texts[e.page][e.span.start : e.span.end],
        }
        for e in s.evidence
    ]
    return {
        "predicate": s.predicate.value,
        "label": load().term(s.predicate).label_zh,
        "title": s.title,
        "status": s.status.value,
        "date": s.date,
        "rules": list(s.rules),
        "inferred_from": list(s.inferred_from),
        "confidence": told(s),
        "evidence": evidence,
    }
