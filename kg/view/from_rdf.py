"""A graph by the contract (docs/ontology.md), from a build or from any other program → Scene."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from kg import entries
from kg.contents import Contents, opened
from kg.view.scene import Link, Scene, Sentence, Sheet, Story, Thing

Positions = dict[str, int]
"""IRI → position in the scene."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the parts of a graph stand in the scene; `starts` are (page, offset) of the articles, in their order."""

    sheets: Positions
    things: Positions
    sentences: Positions
    names: dict[str, str]
    stories: list[entries.Story]
    starts: list[tuple[int, int]]


def scene_from_file(source: Path) -> Scene:
    """The scene of the graph file or the folder `source`. Raises as `kg.contents.opened` does."""
    with opened(source) as graph:
        return _scene(graph)


def _scene(graph: Contents) -> Scene:
    things, facts = tuple(graph.things()), tuple(graph.facts())
    cited = {iri for fact in facts for iri in fact.evidence}
    sentences = [sentence for sentence in graph.sentences() if sentence.iri in cited]
    at = _places(graph, things, sentences)
    ids = _ids(things)
    return Scene(
        things=tuple(_thing(thing, ids[thing.iri], at) for thing in things),
        links=tuple(_link(fact, at) for fact in facts),
        sentences=tuple(_sentence(sentence, at) for sentence in sentences),
        sheets=tuple(Sheet(p.file, p.newspaper, p.issued, p.certain, p.number) for p in graph.pages()),
        stories=tuple(Story(at.sheets[story.page], story.headline, story.journalists) for story in at.stories),
    )


def _places(graph: Contents, things: tuple[entries.Thing, ...], sentences: list[entries.Sentence]) -> _Places:
    sheets = {page.iri: i for i, page in enumerate(graph.pages())}
    stories = sorted(graph.articles(), key=lambda story: (sheets[story.page], story.start))
    return _Places(
        sheets,
        {thing.iri: i for i, thing in enumerate(things)},
        {sentence.iri: i for i, sentence in enumerate(sentences)},
        {thing.iri: thing.name for thing in things},
        stories,
        [(sheets[story.page], story.start) for story in stories],
    )


def _ids(things: tuple[entries.Thing, ...]) -> dict[str, str]:
    """Thing → "kind/name", as a build calls it, where its IRI ends so and no other thing's does; else its IRI."""
    short = {thing.iri: "/".join(unquote(thing.iri).rsplit("/", 2)[-2:]) for thing in things}
    shared = len(set(short.values())) < len(short)
    return {iri: unquote(iri) if shared else name for iri, name in short.items()}


def _thing(thing: entries.Thing, name: str, at: _Places) -> Thing:
    seen = tuple(sorted(at.sheets[page] for page in thing.pages))
    return Thing(
        name, thing.kind, thing.name, thing.aliases, thing.printed_as, (), seen, thing.inferred, thing.confidence
    )


def _link(fact: entries.Fact, at: _Places) -> Link:
    premises = {at.names.get(iri) or unquote(iri) for iri in fact.inferred_from}  # a thing by its name
    return Link(
        at.things[fact.subject],
        fact.predicate,
        at.things[fact.object],
        fact.title,
        fact.dates,
        fact.status,
        fact.group,
        tuple(sorted(at.sentences[iri] for iri in fact.evidence)),
        fact.rules,
        tuple(sorted(premises)),
        fact.confidence,
    )


def _sentence(sentence: entries.Sentence, at: _Places) -> Sentence:
    sheet = at.sheets[sentence.page]
    last = bisect_right(at.starts, (sheet, sentence.start)) - 1
    inside = last >= 0 and at.starts[last][0] == sheet and sentence.start < at.stories[last].end
    return Sentence(sheet, sentence.start, sentence.end, sentence.text, last if inside else -1)
