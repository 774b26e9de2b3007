"""Document + names → relations: pairs that may be related are scored by the network; posts are two relations joined."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from kg.document import Document
from kg.mention.name import Name
from kg.model import Kind, Predicate
from kg.network.layers import ALLOWED, BEARS, LABELS, LAYERS, OF, TITLE
from kg.network.pairs import candidates
from kg.network.relations import scored_pairs
from kg.relation.stated import Stated

THRESHOLD = 0.4
_NAMES = list(LABELS)
_GOVERNOR = re.compile(r"^(?:常务|代理|代|第一|挂职)*副?(省|市|区|县|州|镇|乡|盟|旗|自治区)(?:长|主席)$")
Link = tuple[Name, Name, float]


def relations(document: Document, names: Sequence[Name]) -> tuple[list[Stated], list[Name]]:
    """Every relation that the article states, and the bodies that only a title names (市长: the city's government)."""
    spots = [name for name in names if not name.relative]
    if not spots:
        return [], []
    pairs, seen = candidates(spots, document.starts)
    if not len(pairs):
        return [], []
    odds = scored_pairs(document.signals, spots, pairs, seen)
    allowed = ALLOWED[[LAYERS.index(s.layer) for s in spots]][:, [LAYERS.index(s.layer) for s in spots]]
    odds = np.where(allowed[pairs[:, 0], pairs[:, 1]], odds, -np.inf)
    chance = 1 / (1 + np.exp(-odds))
    links: dict[str, list[Link]] = defaultdict(list)
    for row, label in zip(*np.nonzero(chance > THRESHOLD), strict=True):
        left, right = spots[pairs[row, 0]], spots[pairs[row, 1]]
        links[_NAMES[label]].append((left, right, float(chance[row, label])))
    stated = [s for label in _NAMES if label not in (BEARS, OF) for s in _plain(label, links[label])]
    posts, implied = _posts(document, links)
    return [*stated, *posts], implied


def _plain(label: str, links: Sequence[Link]) -> Iterator[Stated]:
    for left, right, chance in links:
        yield Stated(left, Predicate(label), right, max(left.start, right.start), "network", confidence=chance)


def _posts(document: Document, links: dict[str, list[Link]]) -> tuple[list[Stated], list[Name]]:
    bodies: dict[int, list[tuple[Name, float]]] = defaultdict(list)
    for title, body, chance in links[OF]:
        bodies[id(title)].append((body, chance))
    posts: list[Stated] = []
    implied: dict[int, list[Name]] = {}
    for person, title, chance in links[BEARS]:
        words = document.text[title.start : title.end]
        found = sorted(bodies.get(id(title), ()), key=lambda b: -b[1])[:1]
        if not found and (match := _GOVERNOR.match(words)):
            if id(title) not in implied:
                at = title.start + match.start(1)
                place = Name(Kind.PLACE, at, at + len(match[1]), "relative", relative=True)
                implied[id(title)] = [place, Name(Kind.AGENCY, at, at + len(match[1]) + 1, "title",
                                                  core="政府", scope=place, relative=True)]  # fmt: skip
            found = [(implied[id(title)][1], 0.9)]
        for body, sure in found:
            posts.append(Stated(person, Predicate.HOLDS_POST_IN, body, max(title.start, person.start), "network",
                                title=words, confidence=chance * sure))  # fmt: skip
    return posts, [name for pair in implied.values() for name in pair]


__all__ = ["TITLE", "relations"]
