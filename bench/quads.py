"""A made-up graph of any size as N-Quads, written straight to a file: the triples of the contract, default graph."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from bench.synthetic import NEWSPAPERS, RELATIONS, Fact, draw_facts, draw_names, issued
from kg.model import Kind

KG = "https://w3id.org/fangzhi/ontology#"
ID = "https://w3id.org/fangzhi/id/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
ORG = "http://www.w3.org/ns/org#"
OA = "http://www.w3.org/ns/oa#"
DCT = "http://purl.org/dc/terms/"
TYPE = f"<{RDF}type>"


def write_nquads(path: Path, triples: int, seed: int = 0) -> None:
    """Write exactly `triples` lines; about one entity to seven facts, and 18 triples a fact (claim, post, sentence)."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(islice(chain.from_iterable(_blocks(triples, seed)), triples))


def write_whole(path: Path, triples: int, seed: int = 0) -> None:
    """The same without a fact cut in two at the end, as readers want it who check the graph: a few more lines."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for block in _blocks(triples, seed):
            out.writelines(block)
            count += len(block)
            if count >= triples:
                return


def _blocks(triples: int, seed: int) -> Iterator[list[str]]:
    """The lines of each thing, and then of each fact, with its page where that is new."""
    rng = random.Random(seed)
    names = draw_names(max(20, triples // 110), rng)
    nodes = [f"<{ID}{kind.lower()}/{name}>" for kind, name in names]
    for (kind, name), node in zip(names, nodes, strict=True):
        label = (f"<{SKOS}prefLabel>", f'"{name}"@zh')
        official = kind is Kind.PERSON and len(name) == 3
        types = ((TYPE, f"<{KG}{kind}>"), (TYPE, f"<{KG}Thing>"), label, (TYPE, f"<{KG}Official>"))
        yield [*_rows(node, types if official else types[:3])]
    page = -1
    for fact, sentence in draw_facts(names, triples, rng):
        new, page = fact.page != page, fact.page
        yield [*(_page(page) if new else ()), *_fact(fact, sentence, nodes)]


def _rows(subject: str, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (f"{subject} {predicate} {value} .\n" for predicate, value in pairs)


def _page(page: int) -> Iterator[str]:
    node = f"<{ID}page/{page:06d}.txt>"
    return _rows(node, (
        (TYPE, f"<{KG}Page>"),
        (f"<{DCT}identifier>", f'"{page:06d}.txt"'),
        (f"<{KG}newspaper>", f'"{NEWSPAPERS[page % len(NEWSPAPERS)]}"'),
        (f"<{DCT}issued>", f'"{issued(page)}"^^<{XSD}date>'),
        (f"<{KG}dateCertain>", f'"true"^^<{XSD}boolean>'),
        (f"<{KG}pageNumber>", '"1"'),
    ))  # fmt: skip


def _fact(fact: Fact, sentence: str, nodes: list[str]) -> Iterator[str]:
    page, predicate = f"{fact.page:06d}.txt", RELATIONS[fact.relation][0]
    left, right = nodes[fact.subject], nodes[fact.object]
    evidence = f"<{ID}evidence/{page}/{fact.span.start}-{fact.span.end}>"
    claim = f"<{ID}claim/{_local(left)}/{predicate}/{_local(right)}{fact.title and '/' + fact.title}>"
    yield from _rows(left, ((f"<{KG}{predicate}>", right), (f"<{KG}mentionedIn>", f"<{ID}page/{page}>")))
    yield f"{right} <{KG}mentionedIn> <{ID}page/{page}> .\n"
    yield from _rows(evidence, (
        (TYPE, f"<{OA}SpecificResource>"),
        (f"<{OA}hasSource>", f"<{ID}page/{page}>"),
        (f"<{KG}start>", f'"{fact.span.start}"^^<{XSD}integer>'),
        (f"<{KG}end>", f'"{fact.span.end}"^^<{XSD}integer>'),
        (f"<{OA}exact>", f'"{sentence}"@zh'),
    ))  # fmt: skip
    yield from _rows(claim, (
        (TYPE, f"<{KG}Claim>"),
        (TYPE, f"<{RDF}Statement>"),
        (f"<{RDF}subject>", left),
        (f"<{RDF}predicate>", f"<{KG}{predicate}>"),
        (f"<{RDF}object>", right),
        (f"<{KG}evidence>", evidence),
        (f"<{KG}status>", '"asserted"'),
        (f"<{KG}rule>", '"made"'),
        (f"<{KG}observedOn>", f'"{issued(fact.page)}"^^<{XSD}date>'),
    ))  # fmt: skip
    if fact.title:
        yield from _post(claim, left, right, fact.title)


def _post(claim: str, person: str, body: str, title: str) -> Iterator[str]:
    post = f"<{ID}post/{_local(body)}/{title}>"
    yield from _rows(claim, (
        (TYPE, f"<{ORG}Membership>"),
        (f"<{ORG}member>", person),
        (f"<{ORG}organization>", body),
        (f"<{ORG}role>", post),
        (f"<{KG}postTitle>", f'"{title}"@zh'),
    ))  # fmt: skip
    yield from _rows(post, ((TYPE, f"<{ORG}Post>"), (f"<{ORG}postIn>", body), (f"<{SKOS}prefLabel>", f'"{title}"@zh')))


def _local(node: str) -> str:
    return node[len(ID) + 1 : -1]
