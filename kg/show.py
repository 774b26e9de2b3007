"""A page as its reader sees it: articles with the names in colour, and under each sentence what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from rich.text import Text

from kg.article.sentences import sentences
from kg.confidence import written
from kg.errors import PageError
from kg.explain import Reason, why_claimed, why_named
from kg.model import Article, Claim, Entity, Knowledge, Mention, Reading, Role, Span, Status
from kg.ontology import load
from kg.summary import CLASSES
from kg.terminal import printable

HEADINGS = (Role.KICKER, Role.HEADLINE, Role.SUBHEAD)
OFFERED = 8  # names in an error message


@dataclass(frozen=True)
class Manner:
    """How to show: `plain` marks names with brackets instead of colours, `explain` adds why each thing is there,
    `names`, where given, keeps only the sentences that hold one of them."""

    plain: bool = False
    explain: bool = False
    names: frozenset[str] = field(default_factory=frozenset)


def show(knowledge: Knowledge, manner: Manner) -> Iterator[Text]:
    """The lines to print. Raises PageError where a name that was asked for is on none of the pages."""
    _refuse_unknown(knowledge, manner.names)
    if not manner.plain:
        yield Text(" ").join(Text(label(name), colour(name)) for name in CLASSES)
    for reading in knowledge.readings:
        yield from _PageView(knowledge, reading, manner).lines()


def label(name: str) -> str:
    """A class or relation in Chinese and by its name in the graph: 机构 Agency."""
    return f"{load().term(name).label_zh} {name}"


def colour(name: str) -> str:
    """The colour of a class, the same as in the viewer."""
    return f"bold {load().term(name).colour}"


def kind(entity: Entity) -> str:
    """The most specific class of a thing."""
    return "Official" if entity.official else entity.kind.value


def called(entity: Entity) -> frozenset[str]:
    """Every name of a thing."""
    return frozenset((entity.name, *entity.aliases, *entity.printed_as))


def _refuse_unknown(knowledge: Knowledge, names: Iterable[str]) -> None:
    known = sorted({name for entity in knowledge.entities if entity.pages for name in called(entity)})
    for name in sorted(names):
        if name not in known:
            like = "、".join([k for k in known if name in k or k in name][:OFFERED])
            more = f"; there are {like}" if like else ""
            raise PageError(f"no name “{name}” was read here 此处没有读到这个名称{more}")


@dataclass(frozen=True)
class _PageView:
    """One page being shown. Offsets are those of the articles' running text."""

    knowledge: Knowledge
    reading: Reading
    manner: Manner

    @cached_property
    def entity_of(self) -> dict[str, Entity]:
        return {mention: entity for entity in self.knowledge.entities for mention in entity.mentions}

    def lines(self) -> Iterator[Text]:
        page = self.reading.page
        number = f"{page.number}版" if page.number else ""
        told = "  ".join(filter(None, (page.id, page.newspaper, page.issued, number, page.home)))
        yield Text(f"\n═══ {printable(told)}", "bold")
        for article in self.reading.articles:
            yield from self._article(article)

    def _article(self, article: Article) -> Iterator[Text]:
        mentions = [m for m in self.reading.mentions if m.article == article.id and m.id in self.entity_of]
        inside = {span: [m for m in mentions if span.covers(m.span)] for span in sentences(article)}
        shown = [span for span, named in inside.items() if self._wanted(named)]
        if not shown:
            return
        yield Text(f"\n── {printable(article.headline)}", "bold")
        if article.journalists:
            yield Text(f"   {printable('、'.join(article.journalists))}", "dim")
        for span in shown:
            yield self._sentence(article, span, inside[span])
            yield from self._names(article, inside[span])
            yield from self._claims(article, span)

    def _wanted(self, mentions: Sequence[Mention]) -> bool:
        names = self.manner.names
        return not names or any(not names.isdisjoint(called(self.entity_of[m.id])) for m in mentions)

    def _sentence(self, article: Article, span: Span, mentions: Sequence[Mention]) -> Text:
        heading = any(block.role in HEADINGS and block.span.covers(span) for block in article.blocks)
        named = [(m.span, kind(self.entity_of[m.id])) for m in mentions if not m.relative]
        mark = bracketed if self.manner.plain else coloured
        return mark(article.text, span, named, "bold" if heading else "")

    def _names(self, article: Article, mentions: Sequence[Mention]) -> Iterator[Text]:
        for mention in mentions if self.manner.explain else ():
            entity = self.entity_of[mention.id]
            if self._wanted([mention]):
                full = f" = {entity.name}" if entity.name != mention.surface else ""
                yield Text(f"    · {printable(mention.surface + full)}  {label(kind(entity))}", "dim")
                yield from _reason(why_named(mention, article, self.reading.page.home))

    def _claims(self, article: Article, span: Span) -> Iterator[Text]:
        where, sentence = article.on_page(span), article.text[span.start : span.end]
        said: dict[str, Claim] = {}  # line → the surest of the claims that read so
        for claim in self.reading.claims:
            if claim.article == article.id and claim.evidence == where and self._known(claim):
                line = self._claim(claim).plain
                said[line] = max(said.get(line, claim), claim, key=lambda one: one.confidence)
        for claim in said.values():
            yield self._claim(claim).append(f" {written(claim.confidence)}", "dim")
            if self.manner.explain:
                yield from _reason(why_claimed(claim, sentence))

    def _known(self, claim: Claim) -> bool:
        """Whether the claim is in the graph, and about a name that was asked for."""
        ends = [self.entity_of[m] for m in (claim.subject, claim.object) if m in self.entity_of]
        names = self.manner.names
        return len({e.id for e in ends}) == 2 and (not names or any(not names.isdisjoint(called(e)) for e in ends))

    def _claim(self, claim: Claim) -> Text:
        subject, target = self.entity_of[claim.subject], self.entity_of[claim.object]
        out = Text("    ")
        out.append(printable(subject.name), "" if self.manner.plain else colour(kind(subject)))
        out.append(f" —{label(claim.predicate)}→ ")
        out.append(printable(target.name), "" if self.manner.plain else colour(kind(target)))
        out.append(f" ({printable(claim.title)})" if claim.title else "")
        out.append(f" {claim.status.value}" if claim.status is not Status.ASSERTED else "", "bold red")
        return out.append(f"  [{claim.rule}]", "dim")


def _reason(reason: Reason) -> Iterator[Text]:
    yield Text(f"        {reason.rule}: {reason.zh} {reason.en}", "dim")
    for table, row in reason.rows:
        yield Text(f"        {table}.tsv: {printable(f'{row.term}  {row.value}  {row.note}'.rstrip())}", "dim")


def coloured(text: str, span: Span, named: Sequence[tuple[Span, str]], base: str = "") -> Text:
    """The characters of `span`, each name in the colour of its class; a name inside a name is underlined too."""
    out = Text(style=base)
    for piece, holders in _pieces(span, named):
        inner = min(holders, key=lambda holder: len(holder[0]), default=None)
        style = f"{colour(inner[1])}{' underline' if len(holders) > 1 else ''}" if inner else ""
        out.append(printable(text[piece.start : piece.end]), style)
    return out


def bracketed(text: str, span: Span, named: Sequence[tuple[Span, str]], base: str = "") -> Text:
    """The characters of `span`, each name in brackets with its class: [[芦淞区:Place]委:Agency]."""
    out = Text(style=base)
    for piece, _ in _pieces(span, named):
        out.append("[" * sum(name.start == piece.start for name, _ in named))
        out.append(printable(text[piece.start : piece.end]))
        closing = sorted((name for name in named if name[0].end == piece.end), key=lambda name: -name[0].start)
        out.append("".join(f":{name}]" for _, name in closing))
    return out


def _pieces(span: Span, named: Sequence[tuple[Span, str]]) -> Iterator[tuple[Span, list[tuple[Span, str]]]]:
    """`span` cut wherever a name begins or ends, each piece with the names that hold it."""
    cuts = sorted({span.start, span.end, *(at for name, _ in named for at in (name.start, name.end))})
    for start, end in pairwise(cuts):
        piece = Span(start, end)
        yield piece, [name for name in named if name[0].covers(piece)]
