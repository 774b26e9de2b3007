"""The IRIs of a graph: made from what a thing is and is called, never from a counter or the order of pages.

Han characters stay as they are; what an IRI may not hold (white space, quotes, invisible characters) and what would
change its path (/ ? # %) is percent-encoded.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

from kg.model import Article, Evidence, Statement, Status
from kg.ontology import ID

LONGEST = 160  # of a claim's own part; a longer one is hashed
_ILLEGAL = re.compile(
    r'[\x00-\x20"#%/<>?\[\\\]^`{|}\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000'
    r"\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufff0-\uffff\U000e0000-\U0010ffff]"
)
_BASE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[^%]|%[0-9A-Fa-f]{2})*[/#]", re.DOTALL)
_RESERVED = str.maketrans("", "", "#%/?[]")


def is_base(text: str) -> bool:
    """Whether IRIs can be made by adding to this: it has a scheme, ends in / or #, and holds what an IRI may hold."""
    try:
        urlsplit(text).port  # noqa: B018 - a ValueError where host or port are none
    except ValueError:
        return False
    body = text.translate(_RESERVED)  # what has a meaning in a base
    return _BASE.fullmatch(text) is not None and not _ILLEGAL.search(body) and text.count("#") <= 1


@lru_cache(maxsize=65_536)
def segment(text: str) -> str:
    """`text` as one segment of an IRI's path."""
    return _ILLEGAL.sub(lambda found: quote(found.group(), safe="", errors="replace"), text)


@dataclass(frozen=True, slots=True)
class Minter:
    """Makes the IRIs under one base, which ends in / or #."""

    base: str = ID

    def entity(self, entity_id: str) -> str:
        """kind/name@qualifier."""
        return self.base + _entity_path(entity_id)

    def page(self, page_id: str) -> str:
        """page/file name."""
        return f"{self.base}page/{segment(page_id)}"

    def article(self, article: Article) -> str:
        """article/file name/start-end, in page coordinates."""
        return f"{self.base}article/{segment(article.page)}/{article.span.start}-{article.span.end}"

    def evidence(self, evidence: Evidence) -> str:
        """evidence/file name/start-end."""
        return f"{self.base}evidence/{segment(evidence.page)}/{evidence.span.start}-{evidence.span.end}"

    def post(self, body_id: str, title: str) -> str:
        """post/kind/body/title."""
        return f"{self.base}post/{_entity_path(body_id)}/{segment(title)}"

    def claim(self, statement: Statement) -> str:
        """claim/subject/predicate/object/title@date@status, or the hash of that where it is very long."""
        ends = [statement.subject, statement.object]
        path = f"{_entity_path(ends[0])}/{statement.predicate}/{_entity_path(ends[1])}"
        path += "".join(_qualifiers(statement))
        if len(path) > LONGEST:
            path = f"{statement.predicate}/{hashlib.sha256(path.encode()).hexdigest()[:24]}"
        return f"{self.base}claim/{path}"

    def inferred(self) -> str:
        """The named graph of what stands on no page."""
        return f"{self.base}graph/inferred"


def _entity_path(entity_id: str) -> str:
    kind, _, name = entity_id.partition("/")
    return f"{segment(kind)}/{segment(name)}"


def _qualifiers(statement: Statement) -> Iterable[str]:
    if statement.title:
        yield "/" + segment(statement.title).replace("@", "%40")
    if statement.date:
        yield "@" + segment(statement.date)
    if statement.status is not Status.ASSERTED:
        yield "@" + statement.status.value
