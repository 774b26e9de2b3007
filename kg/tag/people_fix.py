"""Cut off what the tagger glues to a person's name: a verb's first character (陈自|喜滋滋, 周平|正沿河)."""

from __future__ import annotations

from dataclasses import replace

from kg.tag.sheet import Found, Sheet
from kg.tag.words import freq


def trim_people(sheet: Sheet, people: list[Found]) -> list[Found]:
    """The people with glued characters cut off; a name seen whole elsewhere in the article is left as it is."""
    return [_trimmed(sheet, person, people) for person in people]


def _trimmed(sheet: Sheet, person: Found, people: list[Found]) -> Found:
    if person.end - person.start != 3 or _seen_twice(sheet, person, people):
        return person
    last = person.end - 1
    word = max((sheet.norm[last : last + n] for n in (2, 3, 4)), key=freq)
    glued = freq(word) > 0 and freq(sheet.norm[person.end : person.end + 2]) == 0 and len(word) > 2
    return replace(person, end=last, rule=person.rule + ".cut") if glued else person


def _seen_twice(sheet: Sheet, person: Found, people: list[Found]) -> bool:
    name = sheet.norm[person.start : person.end]
    return sum(sheet.norm[p.start : p.end] == name for p in people) > 1
