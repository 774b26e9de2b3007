"""A small graph that keeps the contract, made by hand: every kind and relation, and names that try to break writers."""

from __future__ import annotations

from pathlib import Path

from rdflib import RDF, Dataset, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, SKOS, XSD

KG = Namespace("https://w3id.org/fangzhi/ontology#")
ID = Namespace("https://w3id.org/fangzhi/id/")
SCHEMA = Namespace("https://schema.org/")
OA = Namespace("http://www.w3.org/ns/oa#")
ORG = Namespace("http://www.w3.org/ns/org#")

HOSTILE = "坏\"名'字\\u0027\n</script><b>&amp;;|,😀𠮷\\"  # quotes, a fake escape, a line break, markup, beyond the BMP
FORMULA = "=1+1号工程"

KINDS = {
    "person/顾小满": ("Person",),
    "person/安如山": ("Official", "Person"),
    "agency/云泽市水利局": ("Agency",),
    "agency/云泽市人民政府": ("Agency",),
    "enterprise/澄江重工集团": ("Enterprise",),
    "enterprise/hostile": ("Enterprise",),
    "place/云泽市": ("Place",),
    "place/青石镇": ("Place",),
    "program/清水工程": ("Program",),
    "program/formula": ("Program",),
}
LABELS = {"enterprise/hostile": HOSTILE, "program/formula": FORMULA}
ALIASES = {"agency/云泽市水利局": ("市水利局", "水利局"), "enterprise/澄江重工集团": ("澄江重工",)}
MISPRINTS = {"person/安如山": ("安加山",)}
CONTEXT = ("place/云泽市",)  # from the gazetteer: no page names it

# page file → newspaper, issue date, certain, page number
PAGES = {
    "云泽日报 2021-03-05 01.txt": ("云泽日报", "2021-03-05", True, "1"),
    "云泽日报 2021-03-05 02.txt": ("云泽日报", "2021-03-05", True, "2"),
    "yunze-b.txt": ("云泽日报", "2021-03-06", False, ""),
    "nameless.txt": ("", "", False, ""),
}
FIRST, SECOND, THIRD, NAMELESS = PAGES

HEAVY, WATER, GOVERNMENT = "enterprise/澄江重工集团", "agency/云泽市水利局", "agency/云泽市人民政府"

# subject, relation, object, title, status, evidence (page, start, sentence), premises
FACTS: tuple[tuple[str, str, str, str, str, tuple[tuple[str, int, str], ...], tuple[str, ...]], ...] = (
    ("person/安如山", "holdsPostIn", WATER, "局长", "asserted",
     ((FIRST, 10, "市水利局局长安如山到场。"), (THIRD, 40, "安如山任水利局局长。")), ()),
    ("person/安如山", "holdsPostIn", "place/青石镇", "镇长", "planned", ((THIRD, 90, "拟任安如山为青石镇镇长。"),), ()),
    ("person/顾小满", "holdsPostIn", HEAVY, "", "asserted", ((FIRST, 30, "澄江重工的顾小满说。"),), ()),
    ("person/顾小满", "holdsPostIn", "place/青石镇", "镇长", "asserted", ((NAMELESS, 0, "青石镇镇长顾小满。"),), ()),
    (WATER, "partOf", GOVERNMENT, "", "asserted", (), ("composed-name",)),
    ("place/青石镇", "within", "place/云泽市", "", "asserted", (), ("gazetteer",)),
    (GOVERNMENT, "governs", "place/云泽市", "", "asserted", (), ("composed-name",)),
    ("enterprise/hostile", "locatedIn", "place/青石镇", "", "asserted", ((SECOND, 5, f"{HOSTILE}落户青石镇。"),), ()),
    (WATER, "runs", "program/清水工程", "", "asserted", ((FIRST, 60, "水利局实施清水工程。"),), ()),
    ("place/青石镇", "takesPartIn", "program/清水工程", "", "asserted", ((FIRST, 80, "青石镇参加。"),), ()),
    (HEAVY, "takesPartIn", "program/formula", "", "negated", ((SECOND, 50, "澄江重工没有参加。"),), ()),
    (GOVERNMENT, "supports", HEAVY, "", "asserted", ((SECOND, 70, "政府资助\t澄江重工。"),), ()),
    (HEAVY, "cooperatesWith", WATER, "", "asserted", ((SECOND, 99, "双方合作。\r\n"),), ()),
)  # fmt: skip


def iri(local: str) -> URIRef:
    return URIRef(ID[local.replace(" ", "%20")])


def page(file: str) -> URIRef:
    return iri(f"page/{file}")


def name(local: str) -> str:
    """The prefLabel of a thing."""
    return LABELS.get(local, local.partition("/")[2])


def dataset() -> Dataset:
    """The sample with a named graph a page, and one for what was inferred."""
    data = Dataset()
    for file, (newspaper, issued, certain, number) in PAGES.items():
        _page(data, file, newspaper, issued, certain, number)
    for local in KINDS:
        _thing(data, local)
    for fact in FACTS:
        _fact(data, *fact)
    return data


def write(folder: Path) -> Path:
    """graph.ttl and graph.nq, as a build would leave them in its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    data = dataset()
    data.serialize(folder / "graph.nq", format="nquads", encoding="utf-8")
    from rdflib import Graph

    flat = Graph()
    for s, p, o, _ in data.quads():
        flat.add((s, p, o))
    flat.serialize(folder / "graph.ttl", format="turtle", encoding="utf-8")
    return folder


def _page(data: Dataset, file: str, newspaper: str, issued: str, certain: bool, number: str) -> None:
    graph, node, article = data.graph(page(file)), page(file), iri(f"article/{file}/0-200")
    graph.add((node, RDF.type, KG.Page))
    graph.add((node, DCTERMS.identifier, Literal(file)))
    graph.add((node, KG.sha256, Literal("ab" * 32)))
    for predicate, value in ((KG.newspaper, newspaper), (KG.pageNumber, number)):
        if value:
            graph.add((node, predicate, Literal(value)))
    if issued:
        graph.add((node, DCTERMS.issued, Literal(issued, datatype=XSD.date)))
        graph.add((node, KG.dateCertain, Literal(certain)))
    graph.add((article, RDF.type, SCHEMA.NewsArticle))
    graph.add((article, SCHEMA.isPartOf, node))
    graph.add((article, SCHEMA.headline, Literal("清水工程开工", lang="zh")))
    graph.add((article, KG.start, Literal(0)))
    graph.add((article, KG.end, Literal(200)))
    graph.add((article, KG.journalist, Literal("苏记者")))


def _pages_of(local: str) -> list[str]:
    naming = [file for fact in FACTS if local in (fact[0], fact[2]) for file, _, _ in fact[5]]
    return [] if local in CONTEXT else sorted(set(naming)) or [FIRST]


def _thing(data: Dataset, local: str) -> None:
    graphs = [data.graph(page(file)) for file in _pages_of(local)] or [data.graph(iri("graph/inferred"))]
    for graph in graphs:
        for kind in KINDS[local]:
            graph.add((iri(local), RDF.type, KG[kind]))
        graph.add((iri(local), SKOS.prefLabel, Literal(name(local), lang="zh")))
        for alias in ALIASES.get(local, ()):
            graph.add((iri(local), SKOS.altLabel, Literal(alias, lang="zh")))
        for misprint in MISPRINTS.get(local, ()):
            graph.add((iri(local), KG.printedAs, Literal(misprint, lang="zh")))
    for file in _pages_of(local):
        data.graph(page(file)).add((iri(local), KG.mentionedIn, page(file)))


def _fact(data: Dataset, subject: str, relation: str, target: str, title: str, status: str,
          evidence: tuple[tuple[str, int, str], ...], premises: tuple[str, ...]) -> None:  # fmt: skip
    claim = iri(f"claim/{subject}/{relation}/{target}/{title}@{status}")
    for file, start, sentence in evidence:
        graph, node = data.graph(page(file)), iri(f"evidence/{file}/{start}-{start + len(sentence)}")
        graph.add((claim, KG.evidence, node))
        graph.add((node, RDF.type, OA.SpecificResource))
        graph.add((node, OA.hasSource, page(file)))
        graph.add((node, KG.start, Literal(start)))
        graph.add((node, KG.end, Literal(start + len(sentence))))
        graph.add((node, OA.exact, Literal(sentence)))
        if PAGES[file][1]:
            graph.add((claim, KG.observedOn, Literal(PAGES[file][1], datatype=XSD.date)))
    for graph in [data.graph(page(file)) for file, _, _ in evidence] or [data.graph(iri("graph/inferred"))]:
        graph.add((claim, RDF.type, KG.Claim))
        graph.add((claim, RDF.type, RDF.Statement))
        graph.add((claim, RDF.subject, iri(subject)))
        graph.add((claim, RDF.predicate, KG[relation]))
        graph.add((claim, RDF.object, iri(target)))
        graph.add((claim, KG.status, Literal(status)))
        graph.add((claim, KG.rule, Literal("sample-rule")))
        for premise in premises:
            graph.add((claim, KG.inferredFrom, Literal(premise)))
        if status == "asserted":
            graph.add((iri(subject), KG[relation], iri(target)))
        if title:
            graph.add((claim, KG.postTitle, Literal(title, lang="zh")))
        if title and status == "asserted":
            post = iri(f"post/{target}/{title}")
            graph.add((claim, RDF.type, ORG.Membership))
            graph.add((claim, ORG.role, post))
            graph.add((post, RDF.type, ORG.Post))
            graph.add((post, ORG.postIn, iri(target)))
            graph.add((post, SKOS.prefLabel, Literal(name(target) + title, lang="zh")))
