"""Knowledge in memory → Scene."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict

from kg.confidence import told
from kg.model import Article, Entity, Evidence, Kind, Knowledge, Page, Statement
from kg.view.scene import Link, Scene, Sentence, Sheet, Story, Thing

Stories = dict[str, tuple[list[int], list[int], list[int]]]
"""Page id → starts, ends and positions (in `Scene.stories`) of its articles, by start."""


def scene_from_knowledge(knowledge: Knowledge) -> Scene:
    """The scene of `knowledge`: every entity and every statement, in their order."""
    pages = [reading.page for reading in knowledge.readings]
    articles = [article for reading in knowledge.readings for article in reading.articles]
    sheet_at = {page.id: i for i, page in enumerate(pages)}
    stories = _stories_by_page(articles)
    cited = sorted({evidence for statement in knowledge.statements for evidence in statement.evidence})
    sentence_at = {evidence: i for i, evidence in enumerate(cited)}
    thing_at = {entity.id: i for i, entity in enumerate(knowledge.entities)}
    written = _relative_surfaces(knowledge)
    return Scene(
        things=tuple(_thing(entity, sheet_at, written) for entity in knowledge.entities),
        links=tuple(_link(one, thing_at, sentence_at, pages, sheet_at) for one in knowledge.statements),
        sentences=tuple(_sentence(evidence, pages, sheet_at, stories) for evidence in cited),
        sheets=tuple(Sheet(p.id, p.newspaper, p.issued, p.issued_certain, p.number) for p in pages),
        stories=tuple(Story(sheet_at[a.page], a.headline, a.journalists) for a in articles),
    )


def _stories_by_page(articles: list[Article]) -> Stories:
    found: Stories = defaultdict(lambda: ([], [], []))
    for start, end, position, page in sorted((a.span.start, a.span.end, i, a.page) for i, a in enumerate(articles)):
        starts, ends, positions = found[page]
        starts.append(start)
        ends.append(end)
        positions.append(position)
    return found


def _relative_surfaces(knowledge: Knowledge) -> dict[str, str]:
    """Mention id → what it says, for mentions that stand for a thing without naming it in full."""
    return {
        mention.id: mention.surface
        for reading in knowledge.readings
        for mention in reading.mentions
        if mention.relative or mention.scope
    }


def _thing(entity: Entity, sheet_at: dict[str, int], written: dict[str, str]) -> Thing:
    kind = "Official" if entity.official and entity.kind is Kind.PERSON else str(entity.kind)
    extra = {written[m] for m in entity.mentions if m in written} - {entity.name, *entity.aliases}
    sheets = tuple(sorted(sheet_at[page] for page in entity.pages))
    return Thing(
        entity.id, kind, entity.name, entity.aliases, entity.printed_as, tuple(sorted(extra)), sheets, entity.inferred,
        told(entity),
    )  # fmt: skip


def _link(
    one: Statement,
    thing_at: dict[str, int],
    sentence_at: dict[Evidence, int],
    pages: list[Page],
    sheets: dict[str, int],
) -> Link:
    issued = {pages[sheets[evidence.page]].issued for evidence in one.evidence} - {""}
    return Link(
        thing_at[one.subject],
        str(one.predicate),
        thing_at[one.object],
        one.title,
        (one.date,) if one.date else tuple(sorted(issued)),
        str(one.status),
        one.group,
        tuple(sentence_at[evidence] for evidence in one.evidence),
        one.rules,
        one.inferred_from,
        told(one),
    )


def _sentence(evidence: Evidence, pages: list[Page], sheet_at: dict[str, int], stories: Stories) -> Sentence:
    sheet, span = sheet_at[evidence.page], evidence.span
    starts, ends, positions = stories[evidence.page]
    at = bisect_right(starts, span.start) - 1
    story = positions[at] if at >= 0 and span.start < ends[at] else -1
    return Sentence(sheet, span.start, span.end, pages[sheet].text[span.start : span.end], story)
