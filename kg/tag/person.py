"""People: names by the tagger, and names that stand behind a post.

A reporter of a byline is not in the running text at all. A name is surname + one or two characters (compound
surnames, and names written with a dot, are longer). What stands without a post, only once and in no place where a
person acts is a chance match (水清、岸绿、景美).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from kg.lexicon import compiled, terms, values
from kg.model import Kind
from kg.tag.sheet import Found, Sheet, ending
from kg.tag.words import freq

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_DOTTED = re.compile(r"[\u4e00-\u9fff]{1,8}(?:·[\u4e00-\u9fff]{1,8})+")
_APPOINTED = re.compile(
    r"(?:任命|提名)([\u4e00-\u9fff]{2,4}?)(?:同志)?(?:为|任|担任)"
    r"|(?:免去|撤销|罢免)([\u4e00-\u9fff]{2,4}?)(?:同志)?的[^。;\n]{2,60}?职务"
)
_COMMON = 50  # a dictionary count from which two or three characters are an ordinary word rather than a name


def people(sheet: Sheet, taken: list[Found], nobodies: frozenset[str]) -> list[Found]:
    """Every named person of the article, in the order of the text.

    `taken` are names that win over a chance match inside them; `nobodies` are the reporters of the byline.
    """
    found: dict[int, Found] = {}
    for start, end, rule in [*_appointed(sheet), *_tagged(sheet), *_behind_posts(sheet)]:
        if rule == "person.behind-post" and start + 1 in found and found[start + 1].end == end:
            del found[start + 1]  # 长叶|慕青: the tagger began a character late
        if not any(one.start < end and start < one.end for one in _near(found, start)):
            found[start] = Found(Kind.PERSON, start, end, rule)
    found.update({person.start: person for person in _listed(sheet, found)})
    whole = [_cut(sheet, person, found) for person in found.values()]
    whole = [person for person in _again(sheet, whole) if sheet.norm[person.start : person.end] not in nobodies]
    counts = Counter(sheet.norm[person.start : person.end] for person in whole)
    inside = [name for name in taken if not name.relative]
    own = [p for p in whole if not _is_part(p, inside)]
    kept = _with_neighbours(sheet, own, [p for p in own if _believable(sheet, p, counts)])
    return sorted(kept, key=lambda person: person.start)


def _near(found: dict[int, Found], start: int) -> list[Found]:
    return [found[at] for at in range(start - 5, start + 5) if at in found]


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
        length = name_length(name)
        if length == 2 and sheet.norm[word.start + 2 : word.start + 4] in ("和、", "和,"):
            length = 3
        if length:
            yield word.start, word.start + length, f"person.{'tagged' if word.tag == 'PER' else 'nr'}"


def name_length(text: str) -> int:
    """How many of the first characters of `text` are a person's name, 0 where they are none."""
    surnames = terms("surnames")
    surname = 2 if text[:2] in surnames and len(text) > 2 else 1 if text[:1] in surnames else 0
    if not surname or text in terms("person_stops") or not _HAN.fullmatch(text) or text[1:] in terms("honorifics"):
        return 0
    if text[-1] in "某姓氏" or text.endswith(tuple(term for term in terms("honorifics") if len(term) > 1)):
        return 0
    if len(text) - surname > 2:
        return surname + 2 if len(text) <= surname + 3 else 0
    return len(text) if len(text) > surname else 0


def _appointed(sheet: Sheet) -> Iterator[tuple[int, int, str]]:
    """免去某某的…职务, 任命某某为…: who is named in a decree."""
    for match in _APPOINTED.finditer(sheet.norm):
        start, end = match.span(match.lastindex or 1)
        name = sheet.norm[start:end]
        if name_length(name) == len(name) and not freq(name):
            yield start, end, "person.appointed"


def _behind_posts(sheet: Sheet) -> Iterator[tuple[int, int, str]]:
    """Characters directly behind a title that begin with a surname and end where a name can end."""
    for match in compiled("posts").finditer(sheet.norm):
        start = match.end()
        if len(match[0]) < 2 or sheet.norm[start : start + 1] not in terms("surnames"):
            continue
        surname = 2 if sheet.norm[start : start + 2] in terms("surnames") else 1
        lengths = sorted((surname + 2, surname + 1), key=lambda n: not _acts(sheet, start + n))
        for length in lengths:
            name = sheet.norm[start : start + length]
            if _HAN.fullmatch(name) and len(name) == length and _name_ends(sheet, start, start + length):
                yield start, start + length, "person.behind-post"
                break


def _name_ends(sheet: Sheet, start: int, end: int) -> bool:
    name = sheet.norm[start:end]
    if name in terms("person_stops") or freq(name) > _COMMON:
        return False
    glued = end not in sheet.word_ends and not (_acts(sheet, end) and sheet.word_at(start).start == start)
    if glued or (start not in sheet.word_starts and not (len(name) == 3 and _acts(sheet, end))):
        return False
    common = values("surnames").get(name[:1]) == "common" or name[:2] in terms("surnames")
    return (common and freq(name[1:]) < 10 * _COMMON) or _acts(sheet, end) or sheet.norm[end : end + 1] in "、(,"


def _acts(sheet: Sheet, end: int) -> bool:
    """What follows is what a person does: speaks, leads, sits in a list."""
    return bool(compiled("person_verbs").match(sheet.norm, end))


def _listed(sheet: Sheet, found: dict[int, Found]) -> Iterator[Found]:
    """A member of a list of people that the tagger took for something else (市领导苏敏、涂一凡、黎江)."""
    ends = {person.end for person in found.values()}
    for word in sheet.words:
        name = sheet.norm[word.start : word.end]
        if word.start in found or sheet.norm[word.start - 1 : word.start] != "、" or word.start - 1 not in ends:
            continue
        short = len(name) in (2, 3) and word.tag in ("LOC", "ns", "nz", "n", "ORG") and name_length(name) == len(name)
        followed = _acts(sheet, word.end) or sheet.norm[word.end : word.end + 1] in "、等和,"
        if short and followed and freq(name) < _COMMON:
            ends.add(word.end)
            yield Found(Kind.PERSON, word.start, word.end, "person.listed")


def _cut(sheet: Sheet, person: Found, found: dict[int, Found]) -> Found:
    """Without what the tagger glued to the name: 陈自|喜滋滋, 周平|正沿河."""
    name = sheet.norm[person.start : person.end]
    if len(name) != 3 or sheet.norm.count(name) > 1 or name[:2] in terms("surnames"):
        return person
    last = person.end - 1
    tail = sheet.norm[last : last + 3]  # shorter where the name ends the text
    mimetic = len(tail) > 2 and tail[1] == tail[2] and freq(tail) > 0
    after = sheet.word_at(min(person.end, len(sheet.norm) - 1))
    before_comma = values("name_verbs").get(name[2]) != "comma" or sheet.norm[person.end : person.end + 1] == ","
    if name[2] in terms("name_verbs") and before_comma and not _acts(sheet, person.end):
        return replace(person, end=last, rule=person.rule + ".cut")
    adverb = name[2] in terms("name_tails") and after.tag in ("v", "d", "p") and not _acts(sheet, person.end)
    return replace(person, end=last, rule=person.rule + ".cut") if mimetic or adverb else person


def _again(sheet: Sheet, found: list[Found]) -> list[Found]:
    """Full names seen elsewhere in the article, where the tagger missed them or cut them short."""
    by_start = {person.start: person for person in _lengthened(sheet, found)}
    for name in sorted({sheet.norm[p.start : p.end] for p in found if p.end - p.start > 2}):
        for match in re.finditer(re.escape(name), sheet.norm):
            known = by_start.get(match.start())
            if known is None or known.end < match.end():
                rule = known.rule if known else "person.again"
                by_start[match.start()] = Found(Kind.PERSON, match.start(), match.end(), rule)
    return list(by_start.values())


def _lengthened(sheet: Sheet, found: list[Found]) -> list[Found]:
    """孙利|球: a name of two characters that the same third one follows again and again is a name of three."""
    follows: dict[str, Counter[str]] = {}
    for person in found:
        if person.end - person.start == 2:
            name = sheet.norm[person.start : person.end]
            follows.setdefault(name, Counter())[sheet.norm[person.end : person.end + 1]] += 1
    longer = {name: next(iter(after)) for name, after in follows.items() if len(after) == 1 and after.total() > 1}
    return [_with_third(sheet, person, longer) for person in found]


def _with_third(sheet: Sheet, person: Found, longer: dict[str, str]) -> Found:
    third = longer.get(sheet.norm[person.start : person.end], "")
    if not third or not _HAN.fullmatch(third) or third in terms("name_tails") or _acts(sheet, person.end):
        return person
    return replace(person, end=person.end + 1)


def _believable(sheet: Sheet, person: Found, counts: Counter[str]) -> bool:
    """A name of three characters by the tagger is; a shorter one needs a post, an act or a second mention."""
    name = sheet.norm[person.start : person.end]
    if person.rule in ("person.behind-post", "person.appointed", "person.again", "person.dotted"):
        return True
    if len(name) > 2 and person.rule.startswith("person.tagged") and freq(name) < _COMMON:
        return True
    if title_before(sheet.norm, person.start) or _acts(sheet, person.end) or counts[name] > 1:
        return True
    return bool(ending(sheet.norm, person.start, terms("person_leads"), 4))


def _with_neighbours(sheet: Sheet, everyone: list[Found], sure: list[Found]) -> list[Found]:
    """Whoever stands in one list with a sure name is a person too (市领导李某、罗某、王某)."""
    kept = {person.start: person for person in sure}
    ordered = sorted(everyone, key=lambda person: person.start)
    pairs = list(pairwise(ordered))
    for first, second in [*pairs, *((b, a) for a, b in reversed(pairs))]:
        left, right = sorted((first, second), key=lambda person: person.start)
        if first.start in kept and sheet.norm[left.end : right.start] in ("、", "和", "与"):
            kept[second.start] = second
    return list(kept.values())


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
