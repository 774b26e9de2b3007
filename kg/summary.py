"""What a build read, in figures: for the terminal and for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.model import Finding, Knowledge, Level, Predicate
from kg.ontology import load
from kg.terminal import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

CLASSES = ("Official", "Person", "Agency", "Enterprise", "Place", "Program")
SHOWN = 5  # findings on the terminal; all are in findings.jsonl


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of one build: each thing by its most specific class, facts by relation, in the order of the ontology."""

    pages: int
    failed: int
    articles: int
    mentions: int
    entities: Mapping[str, int]
    relations: Mapping[str, int]
    evidenced: Mapping[str, int]  # of the relations, those that stand on a sentence
    findings: Sequence[Finding]

    @classmethod
    def of(cls, knowledge: Knowledge) -> Summary:
        """The counts of `knowledge`."""
        kinds = Counter("Official" if e.official else e.kind.value for e in knowledge.entities)
        relations = Counter(s.predicate.value for s in knowledge.statements)
        evidenced = Counter(s.predicate.value for s in knowledge.statements if s.evidence)
        articles = sum(len(r.articles) for r in knowledge.readings)
        mentions = sum(len(r.mentions) for r in knowledge.readings)
        read = len(knowledge.readings)
        return cls.counted(read, articles, mentions, kinds, relations, evidenced, knowledge.findings)

    @classmethod
    def counted(
        cls, pages: int, articles: int, mentions: int,
        kinds: Counter[str], relations: Counter[str], evidenced: Counter[str], findings: Iterable[Finding],
    ) -> Summary:  # fmt: skip
        """Counts that were made elsewhere; `findings` may repeat themselves."""
        once = tuple(dict.fromkeys(findings))
        return cls(
            pages=pages,
            failed=len({f.where for f in once if f.level is Level.ERROR}),
            articles=articles,
            mentions=mentions,
            entities={name: kinds[name] for name in CLASSES},
            relations={p.value: relations[p.value] for p in Predicate},
            evidenced={p.value: evidenced[p.value] for p in Predicate},
            findings=sorted(once, key=_weight),
        )

    def as_dict(self, written: Sequence[Path | str]) -> dict[str, Any]:
        """One JSON object; `written` are the files of the build, or their URIs."""
        return {
            "files": [_posix(path) for path in written],
            "pages": {"read": self.pages, "failed": self.failed},
            "articles": self.articles,
            "mentions": self.mentions,
            "entities": dict(self.entities),
            "relations": dict(self.relations),
            "relations_with_evidence": dict(self.evidenced),
            "findings": [
                {"level": f.level.value, "code": f.code, "where": f.where, "message": f.message} for f in self.findings
            ],
        }

    def errors(self) -> list[str]:
        """What could not be read, one line each."""
        return [line(finding) for finding in self.findings if finding.level is Level.ERROR]

    def show(self, console: Console, written: Sequence[Path | str]) -> None:
        """Print the tables, the first findings and the files of the build."""
        from rich.columns import Columns
        from rich.text import Text

        console.print(Columns([self._things(), self._facts()], padding=(0, 3)))
        console.print(
            f"{self.pages} pages read 已读版面, {self.failed} could not be read 未能读取; "
            f"{self.articles} articles 文章, {self.mentions} mentions 提及, {len(self.findings)} findings 提示"
        )
        for finding in self.findings[:SHOWN]:
            console.print(Text(f"  {line(finding)}"), soft_wrap=True)
        if len(self.findings) > SHOWN:
            console.print(f"  … and {len(self.findings) - SHOWN} more in findings.jsonl 其余见 findings.jsonl")
        console.print("Written 已写入:")
        for path in written:
            console.print(Text(f"  {printable(_posix(path))}"), soft_wrap=True)

    def _things(self) -> Table:
        rows = [(*_labels(name), str(count)) for name, count in self.entities.items()]
        return _table(("Things 实体", "", "n"), [*rows, ("all 合计", "", str(sum(self.entities.values())))])

    def _facts(self) -> Table:
        rows = [(*_labels(name), str(count), str(self.evidenced[name])) for name, count in self.relations.items()]
        total = ("all 合计", "", str(sum(self.relations.values())), str(sum(self.evidenced.values())))
        return _table(("Relations 关系", "", "n", "quoted 有原句"), [*rows, total])


def _posix(path: Path | str) -> str:
    return path if isinstance(path, str) else path.as_posix()


def line(finding: Finding) -> str:
    """A finding on one line, safe on a terminal. An error's message already names its file."""
    where = "" if finding.level is Level.ERROR and finding.code == "page-unreadable" else f"{finding.where}: "
    return printable(f"{finding.level.value}: {where}{finding.message}")


def _weight(finding: Finding) -> tuple[int, str, str]:
    return [*Level].index(finding.level), finding.where, finding.code


def _labels(name: str) -> tuple[str, str]:
    term = load().term(name)
    return term.label_zh, term.label_en


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        table.add_column(head, justify="left" if head in heads[:2] else "right", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table
