"""Gold names are lists of surfaces; here they become characters of the running text.

Gold is compared without quotes, blanks and case (`kg.seen.norm`), so it is looked for in the text without them; a span
found so begins and ends on a character of the name, with what stands between.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.network.layers import BEARS, LAYERS, OF, TITLE
from kg.score import family
from kg.seen import QUOTES, norm

Gold = Mapping[str, Any]
_NESTED = ("Agency", "Enterprise")


@dataclass(frozen=True, slots=True)
class Spot:
    """A name in the running text: its layer, characters start ≤ i < end, the gold entity's id. `relative`: a word that
    stands for the thing (我市), which is no name."""

    layer: str
    start: int
    end: int
    id: str
    optional: bool = False
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Bond:
    """A gold relation between two spots, by their indexes; `label` is a predicate, "bears" or "of"."""

    left: int
    right: int
    label: str
    optional: bool = False


@dataclass
class Aligned:
    """One article with the gold names and relations that stand in it."""

    spots: list[Spot] = field(default_factory=list)
    bonds: set[Bond] = field(default_factory=set)
    related: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # gold ids → predicates, optional or not


class Flat:
    """A text without quotes and blanks, every character of it with its place in the text."""

    def __init__(self, text: str) -> None:
        kept: list[str] = []
        self.at: list[int] = []
        for place, character in enumerate(text):
            plain = QUOTES.sub("", unicodedata.normalize("NFKC", character)).lower()
            kept.extend(plain)
            self.at.extend([place] * len(plain))
        self.text = "".join(kept)

    def find(self, surface: str) -> Iterator[tuple[int, int]]:
        """Every place of a surface, as a span of the text."""
        wanted = norm(surface)
        at = self.text.find(wanted) if wanted else -1
        while at >= 0:
            yield self.at[at], self.at[at + len(wanted) - 1] + 1
            at = self.text.find(wanted, at + 1)


def align(text: str, gold: Gold, more: Callable[[Sequence[Spot]], Iterable[Spot]] = lambda _: ()) -> Aligned:
    """The gold of a page, in the running text of one of its articles; `more` tells what else stands for a thing."""
    flat, aligned = Flat(text), Aligned()
    for layer in LAYERS[:-1]:
        aligned.spots.extend(_layer(flat, layer, [e for e in gold["entities"] if family(e["type"]) == layer]))
    aligned.spots.extend(more(aligned.spots))
    optional = {e["id"] for e in gold["entities"] if e.get("optional")}
    by_id: dict[str, list[int]] = defaultdict(list)
    for index, spot in enumerate(aligned.spots):
        by_id[spot.id].append(index)
    for relation in gold["relations"]:
        aligned.related.setdefault((relation["s"], relation["o"]), set()).add(relation["p"])
        free = bool(relation.get("optional")) or relation["s"] in optional or relation["o"] in optional
        _relation(aligned, flat, by_id, relation, free)
    return aligned


def _layer(flat: Flat, layer: str, entities: Iterable[Gold]) -> list[Spot]:
    """The spots of one kind, the longest first, none crossing another."""
    surfaces = {(s, e["id"], bool(e.get("optional"))) for e in entities for s in (e["name"], *e.get("aliases", ()))}
    ordered = sorted((s for s in surfaces if len(norm(s[0])) > 1), key=lambda s: (-len(norm(s[0])), s))
    taken: set[int] = set()
    spots, seen = [], set()
    for surface, id_, optional in ordered:
        for start, end in flat.find(surface):
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                seen.add(id_)
                spots.append(Spot(layer, start, end, id_, optional))
    # What stands only inside longer names of its kind (清华大学 in 清华大学医学院) is a name there, and a body that
    # begins the name of another one always is (市委 in 市委组织部).
    inner = [(surface, id_, optional) for surface, id_, optional in ordered if id_ not in seen]
    spots += [Spot(layer, *place, id_, optional) for surface, id_, optional in inner for place in flat.find(surface)]
    if layer in _NESTED:
        begun = {spot.start: spot for spot in sorted(spots, key=lambda spot: spot.end)}
        spots += [
            Spot(layer, *place, id_, optional) for surface, id_, optional in ordered for place in flat.find(surface)
            if place[0] in begun and begun[place[0]].end > place[1] and begun[place[0]].id != id_
        ]  # fmt: skip
    # The same words may be two things of one kind: the one that has to be found comes after the optional one.
    return sorted(set(spots), key=lambda spot: (spot.start, spot.end, not spot.optional, spot.id))


def _relation(aligned: Aligned, flat: Flat, by_id: Mapping[str, Sequence[int]], relation: Gold, free: bool) -> None:
    spots = aligned.spots
    stretches = list(flat.find(relation["evidence"]))[:3]
    for start, end in stretches:
        if relation["p"] == "holdsPostIn":
            _post(aligned, flat, by_id, relation, (start, end), free)
            continue
        left, right = (_nearest(spots, by_id[relation[side]], start, end) for side in ("s", "o"))
        if left >= 0 and right >= 0 and left != right:
            aligned.bonds.add(Bond(left, right, relation["p"], free))


def _post(
    aligned: Aligned, flat: Flat, by_id: Mapping[str, Sequence[int]], relation: Gold, near: tuple[int, int], free: bool
) -> None:
    """A post is two bonds: a person bears a title, and a title is one of a body."""
    person = _nearest(aligned.spots, by_id[relation["s"]], *near)
    places = [p for p in flat.find(relation["title"]) if near[0] <= p[0] and p[1] <= near[1]]
    if person < 0 or not places:
        return
    body = _nearest(aligned.spots, by_id[relation["o"]], *near)
    who, what = aligned.spots[person], aligned.spots[body] if body >= 0 else None
    start, end = min(places, key=lambda p: (_gap(p, what) if what else 0) + _gap(p, who))
    title = _titled(aligned, start, end)
    aligned.bonds.add(Bond(person, title, BEARS, free))
    if body >= 0:
        aligned.bonds.add(Bond(title, body, OF, free))


def _titled(aligned: Aligned, start: int, end: int) -> int:
    for index, spot in enumerate(aligned.spots):
        if spot.layer == TITLE and (spot.start, spot.end) == (start, end):
            return index
    aligned.spots.append(Spot(TITLE, start, end, f"title:{start}"))
    return len(aligned.spots) - 1


def _gap(place: tuple[int, int], spot: Spot) -> int:
    return max(place[0] - spot.end, spot.start - place[1], 0)


def _nearest(spots: Sequence[Spot], indexes: Sequence[int], start: int, end: int) -> int:
    """Of a thing's spots the one inside or nearest to the evidence, the earlier ones first; -1 where it has none.
    A word that stands for it counts inside alone."""
    far = {i: max(start - spots[i].end, spots[i].start - end, 0) for i in indexes}
    return min(indexes, key=lambda i: (far[i] > 0 and spots[i].relative, far[i], i), default=-1)
