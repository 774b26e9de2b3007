"""Ordinary citizens (persons without a post) become 居民A, 居民B …, everywhere in a scene and so in the file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from kg.view.scene import Link, Scene, Sentence, Thing


def mask_ordinary(scene: Scene) -> Scene:
    """`scene` with every ordinary citizen's names replaced: names, ids, sentences, headlines, other things' names.

    A citizen's namesake who holds a post keeps the name where only he is meant: at his own node, and in sentences
    that state something about him and nothing about the citizen.
    """
    labels = _labels(scene)
    if not labels:
        return scene
    mask = _Mask(scene, labels)
    return replace(
        scene,
        things=tuple(mask.thing(i, thing) for i, thing in enumerate(scene.things)),
        links=tuple(mask.link(link) for link in scene.links),
        sentences=tuple(mask.sentence(i, sentence) for i, sentence in enumerate(scene.sentences)),
        sheets=tuple(replace(sheet, id=mask(sheet.id)) for sheet in scene.sheets),
        stories=tuple(
            replace(story, headline=mask(story.headline), journalists=mask.all(story.journalists))
            for story in scene.stories
        ),
        masked=len(labels),
    )


def letters(number: int) -> str:
    """0 → A, 25 → Z, 26 → AA, as the columns of a spreadsheet are named."""
    return (letters(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)


def _labels(scene: Scene) -> dict[int, str]:
    """Position of each ordinary citizen → 居民A …, in the order in which sentences first tell of them."""
    posts = (x for x in scene.links if x.predicate == "holdsPostIn" and x.status != "negated")
    holders = {link.subject for link in posts}
    first: dict[int, int] = {}
    for link in scene.links:
        for end in (link.subject, link.object):
            for sentence in link.sentences:
                first[end] = min(sentence, first.get(end, sentence))
    citizens = [i for i, thing in enumerate(scene.things) if thing.kind == "Person" and i not in holders]
    citizens.sort(key=lambda i: (first.get(i, len(scene.sentences)), i))
    return {position: f"居民{letters(number)}" for number, position in enumerate(citizens)}


def _names(thing: Thing) -> list[str]:
    """What a person is called, without blanks; a single character (a bare surname) stands for nobody."""
    written = (thing.name, *thing.aliases, *thing.misprints, *thing.written)
    return [name for name in ("".join(one.split()) for one in written) if len(name) > 1]


class _Mask:
    """Replaces citizens' names in text.

    Names of persons who stay, and of places, are known too: 王伟 is not hidden inside 王伟民, 雷锋 not inside 雷锋村.
    """

    def __init__(self, scene: Scene, labels: Mapping[int, str]) -> None:
        self._labels = labels
        self._people = {i: _names(t) for i, t in enumerate(scene.things) if t.kind in ("Person", "Official")}
        self._stays = {name: name for i, names in self._people.items() if i not in labels for name in names}
        self._hidden: dict[str, str] = {}
        for position, label in labels.items():
            for name in self._people[position]:
                self._hidden.setdefault(name, label)
        hidden = _pattern(self._hidden)
        places = (name for t in scene.things if t.kind == "Place" for name in _names(t))
        self._stays |= {name: name for name in places if hidden.search(name) and name not in self._hidden}
        self._pattern = _pattern({**self._stays, **self._hidden})
        self._told: dict[int, set[int]] = defaultdict(set)
        for link in scene.links:
            for sentence in link.sentences:
                self._told[sentence] |= {link.subject, link.object} & self._people.keys()

    def __call__(self, text: str, meant: Mapping[str, str] | None = None) -> str:
        """`text` without citizens' names; `meant` says what a name stands for here."""

        def put(match: re.Match[str]) -> str:
            name = "".join(match[0].split())
            label = (meant or {}).get(name) or self._hidden.get(name, name)
            return match[0] if label == name else label

        return self._pattern.sub(put, text)

    def all(self, texts: Iterable[str], meant: Mapping[str, str] | None = None) -> tuple[str, ...]:
        return tuple(self(text, meant) for text in texts)

    def thing(self, position: int, thing: Thing) -> Thing:
        """A citizen keeps nothing but the label; another thing keeps its own names, less those of citizens in it."""
        if label := self._labels.get(position):
            return replace(thing, id=f"person/{label}", name=label, aliases=(), misprints=(), written=())
        meant = {name: name for name in self._people.get(position, ())}
        return replace(
            thing,
            id=self(thing.id, meant),
            name=self(thing.name, meant),
            aliases=self.all(thing.aliases, meant),
            misprints=self.all(thing.misprints, meant),
            written=self.all(thing.written, meant),
        )

    def link(self, link: Link) -> Link:
        return replace(
            link,
            title=self(link.title),
            group=self(link.group),
            inferred_from=self.all(link.inferred_from),
        )

    def sentence(self, position: int, sentence: Sentence) -> Sentence:
        told = sorted(self._told[position], key=lambda i: (i in self._labels, i))
        meant = {name: self._labels.get(i, name) for i in told for name in self._people[i]}
        return replace(sentence, text=self(sentence.text, meant))


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Matches the longest name at each place, blanks and line breaks within it allowed (王　丽)."""
    by_first: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=lambda name: (-len(name), name)):
        by_first[name[0]].append(r"\s*".join(map(re.escape, name[1:])))
    firsts = "".join(map(re.escape, sorted(by_first)))
    parts = (rf"{re.escape(first)}\s*(?:{'|'.join(rests)})" for first, rests in sorted(by_first.items()))
    return re.compile(f"(?=[{firsts}])(?:{'|'.join(parts)})")
