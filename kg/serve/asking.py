"""The questions that the pages themselves ask the graph. Each is complete SPARQL, but for $x and
$p: the caller puts terms there."""

from __future__ import annotations

from kg.ontology import PREFIXES
from kg.serve.names import CLASSES

_HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items() if name != "id")
MOST_CLAIMS = 1000
_OF_CLASSES = "VALUES ?kind { " + " ".join(f"kg:{name}" for name in CLASSES) + " }"

FACTS = "SELECT ?p ?o WHERE { $x ?p ?o } ORDER BY ?p ?o LIMIT 2000"

USES = "SELECT ?s ?p WHERE { ?s ?p $x } ORDER BY ?p ?s LIMIT 200"

# Oxigraph answers an OPTIONAL of several triples by reading all of them, so sentences are a question of their own.
CLAIMS = (
    _HEAD
    + """
SELECT ?claim ?predicate ?outgoing ?other ?name ?title ?status ?date ?rule ?from ?confidence WHERE {
  { ?claim rdf:subject $x ; rdf:object ?other ; rdf:predicate ?predicate BIND(true AS ?outgoing) }
  UNION { ?claim rdf:object $x ; rdf:subject ?other ; rdf:predicate ?predicate BIND(false AS ?outgoing) }
  OPTIONAL { ?other skos:prefLabel ?name }
  OPTIONAL { ?claim kg:postTitle ?title }
  OPTIONAL { ?claim kg:status ?status }
  OPTIONAL { ?claim kg:inferredFrom ?from }
  OPTIONAL { ?claim kg:rule ?rule }
  OPTIONAL { ?claim kg:observedOn ?date }
  OPTIONAL { ?claim kg:confidence ?confidence }
}
ORDER BY ?predicate DESC(?outgoing) ?date ?name ?claim
"""
    + f"LIMIT {MOST_CLAIMS}"
)

SENTENCES = (
    _HEAD
    + """
SELECT DISTINCT ?claim ?page ?start ?sentence ?newspaper ?issued WHERE {
  ?claim rdf:subject|rdf:object $x ; kg:evidence ?evidence .
  ?evidence oa:hasSource ?page ; kg:start ?start .
  OPTIONAL { ?evidence oa:exact ?sentence }
  OPTIONAL { ?page dcterms:issued ?issued }
  OPTIONAL { ?page kg:newspaper ?newspaper }
}
ORDER BY ?issued ?page ?start
"""
    + f"LIMIT {2 * MOST_CLAIMS}"
)

ABOUT = (
    _HEAD
    + """
CONSTRUCT { ?s ?p ?o } WHERE {
  { VALUES ?s { $x } ?s ?p ?o }
  UNION { ?s rdf:subject $x ; ?p ?o }
  UNION { ?s rdf:object $x ; ?p ?o }
  UNION { ?claim rdf:subject $x ; kg:evidence ?s . ?s ?p ?o }
  UNION { ?claim rdf:object $x ; kg:evidence ?s . ?s ?p ?o }
}
"""
)

EXISTS = "SELECT ?p WHERE { { $x ?p ?o } UNION { ?s ?p $x } } LIMIT 1"

KINDS = _HEAD + "SELECT ?kind (COUNT(?x) AS ?n) WHERE { ?x a ?kind } GROUP BY ?kind"

MOST_GRAPHS = 1000
GRAPHS = f"SELECT ?g {{ GRAPH ?g {{}} }} ORDER BY ?g LIMIT {MOST_GRAPHS}"

TOTAL = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"

NAMES = (
    _HEAD
    + """
SELECT ?x ?kind ?name ?other ?confidence WHERE {
  #CLASSES
  ?x a ?kind ; skos:prefLabel ?name .
  OPTIONAL { ?x skos:altLabel ?other }
  OPTIONAL { ?x kg:confidence ?confidence }
}
""".replace("#CLASSES", _OF_CLASSES)
)

ALL_NAMES = (
    _HEAD + f"SELECT DISTINCT ?x ?text {{ {_OF_CLASSES} ?x a ?kind ; skos:prefLabel|skos:altLabel|kg:printedAs ?text }}"
)

ALL_SENTENCES = (
    _HEAD
    + """
SELECT DISTINCT ?x ?text ?page ?newspaper ?issued {
  ?x oa:exact ?text
  OPTIONAL { ?x oa:hasSource ?printed } BIND(COALESCE(?printed, ?x) AS ?page)
  OPTIONAL { ?page kg:newspaper ?newspaper }
  OPTIONAL { ?page dcterms:issued ?issued }
}
"""
)

MENTIONS = _HEAD + "SELECT ?x (COUNT(DISTINCT ?page) AS ?n) WHERE { ?x kg:mentionedIn ?page } GROUP BY ?x"


def values(text: str, things: list[str]) -> str:
    """`text` with VALUES for ?x; `things` are IRIs that were read from the graph or checked to be IRIs."""
    block = " ".join(f"<{iri}>" for iri in things)
    return _HEAD + text.replace("#VALUES", f"VALUES ?x {{ {block} }}")


PROPERTY = """
SELECT ?x ?value ?name WHERE {
  { #VALUES
    ?x $p ?value } UNION { #VALUES
    ?claim rdf:subject ?x ; rdf:predicate $p ; rdf:object ?value }
  OPTIONAL { ?value skos:prefLabel ?name }
}
ORDER BY ?x ?name ?value
"""
