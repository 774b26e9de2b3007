"""People: names by the tagger, and names that stand behind a post.

A reporter of a byline is not in the running text at all. A name is surname + one or two characters (compound
surnames, and names written with a dot, are longer); what the tagger glues to it is cut off again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.lexicon import pattern, terms
from kg.model import Kind
from kg.tag.sheet import Found, Sheet, ending
from kg.tag.words import freq

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_DOTTED = re.compile(r"[\u4e00-\u9fff]{1,8}(?:·[\u4e00-\u9fff]{1,8})+")
_ENDS_NAME = frozenset("vpdwcuramqtfs")
_SPEECH = re.compile(r"说|称|表示|介绍|告诉|认为|坦言|强调|指出|带|正|在|和|与|、|,|。|:|等|\(|率|主持|出席|参加|同志|任|于|对|向|把|将|因|一|的|也|又|就|是|有|为|被|从|到|了|看|回忆|感慨|笑|及|以|$|\n|”|“|;|\s")


def people(sheet: Sheet, taken: list[Found]) -> list[Found]:
    """Every named person of the article, in the order of the text; `taken` are names that win over a chance match."""
    found = {start: Found(Kind.PERSON, start, end, rule) for start, end, rule in _tagged(sheet)}
    covered = {at for person in found.values() for at in range(person.start, person.end)}
    for start, end in _behind_posts(sheet):
        if not covered.intersection(range(start, end)):
            found[start] = Found(Kind.PERSON, start, end, "person.behind-post")
            covered.update(range(start, end))
    known = {sheet.norm[p.start : p.end] for p in found.values() if p.end - p.start > 2}
    for start, end in _again(sheet, known):
        if not covered.intersection(range(start, end)):
            found[start] = Found(Kind.PERSON, start, end, "person.again")
    inside = [name for name in taken if not name.relative]
    return [person for _, person in sorted(found.items()) if not _is_part(person, inside)]


def _is_part(person: Found, others: list[Found]) -> bool:
    return any(other.start <= person.start and person.end <= other.end for other in others)


def _tagged(sheet: Sheet) -> Iterator[tuple[int, int, str]]:
    for word in sheet.words:
        if word.tag not in ("PER", "nr"):
            continue
        name = sheet.norm[word.start : word.end]
        if _DOTTED.fullmatch(name):
            yield word.start, word.end, "person.dotted"
            continue
        length = name_length(sheet, word.start, word.end)
        if length:
            yield word.start, word.start + length, f"person.{'tagged' if word.tag == 'PER' else 'nr'}"


def name_length(sheet: Sheet, start: int, end: int) -> int:
    """How many of the characters from `start` are a person's name, 0 where they are none."""
    text = sheet.norm[start:end]
    surname = 2 if text[:2] in terms("surnames") and len(text) > 2 else 1 if text[:1] in terms("surnames") else 0
    if not surname or text in terms("person_stops") or not _HAN.fullmatch(text) or text.endswith(tuple(terms("honorifics"))):
        return 0
    if len(text) - surname > 2:
        return surname + 2 if end - start <= surname + 3 else 0
    return len(text) if len(text) > surname else 0


def _behind_posts(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """Characters directly behind a title that begin with a surname and end where a name can end."""
    for match in re.finditer(pattern("posts"), sheet.norm):
        start = match.end()
        if len(match[0]) < 2 or sheet.norm[start : start + 1] not in terms("surnames"):
            continue
        surname = 2 if sheet.norm[start : start + 2] in terms("surnames") else 1
        for length in (surname + 2, surname + 1):
            name = sheet.norm[start : start + length]
            if _HAN.fullmatch(name) and len(name) == length and _name_ends(sheet, start, start + length):
                yield start, start + length
                break


def _name_ends(sheet: Sheet, start: int, end: int) -> bool:
    name = sheet.norm[start:end]
    if name in terms("person_stops") or freq(name) > 50 or end not in sheet.word_ends or start not in sheet.word_starts:
        return False
    return bool(_SPEECH.match(sheet.norm, end)) or sheet.word_at(min(end, len(sheet.norm) - 1)).tag[0] in "vwdpc"


def _again(sheet: Sheet, names: set[str]) -> Iterator[tuple[int, int]]:
    """A full name seen elsewhere in the article, where the tagger missed it."""
    for name in sorted(names):
        for match in re.finditer(re.escape(name), sheet.norm):
            yield match.start(), match.end()


def title_before(norm: str, end: int) -> str:
    """The post that ends at `end` with all that belongs to it (党组书记, 常务副主任), or ""."""
    core = ending(norm, end, terms("posts"), 10)
    if not core:
        return ""
    start = end - len(core)
    while True:
        if start > 0 and norm[start - 1] == "副":
            start -= 1
            continue
        prefix = ending(norm, start, terms("post_prefixes"), 5)
        if not prefix:
            return norm[start:end]
        start -= len(prefix)
