"""Gold without the text. The articles are not ours, so no sentence of them may stand in this project; names may.

    python -m scripts.stand_off write GOLD_FOLDER IDS.json    STEM.json + STEM.txt → train/gold/*.jsonl
    python -m scripts.stand_off restore FOLDER                train/gold/*.jsonl + raw articles → STEM.json + STEM.txt
    python -m scripts.stand_off others FOLDER                 raw articles that have no gold → STEM.txt
    python -m scripts.stand_off check                         whether any sentence stands in any gold so kept

IDS.json maps STEM → the id of the raw article. train/gold/README.md describes the lines.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import re
import sys
from argparse import ArgumentParser
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.splits import ROOT, splits

FOLDER = ROOT / "train" / "gold"
A_FILE = 100  # articles in one file
RUN = 18  # Chinese characters in a row that only a sentence has
LONG_NAME = 12  # of a name that is kept as a place, lest two names in a row repeat the text
_HAN = "\u4e00-\u9fff"
_NOT_HAN = re.compile(rf"[^{_HAN}]")
_DROPPED = re.compile(r"[\s“”\"'‘’「」『』《》〈〉<>]")  # what gold names leave out
_PLAIN = "plain"
_LONG_ID = re.compile(rf"(?:[^{_HAN}]*[{_HAN}]){{12,}}")  # some sources call an article by its headline

Gold = dict[str, Any]
Line = dict[str, Any]


class AbsentError(ValueError):
    """A stretch of the gold that the article does not hold."""


# -- one article ----------------------------------------------------------------------------------------------------


def page_of(article: Mapping[str, str]) -> str:
    """A raw article as the page that was annotated."""
    return f"{article['title']}\n{article['text'].strip()}\n"


def key_of(raw_id: str) -> str:
    """What the article is known by in train/gold: its id, or a digest of an id that is the headline itself."""
    return f"sha256:{_digest(raw_id)}" if _LONG_ID.match(raw_id) else raw_id


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def to_line(stem: str, key: str, gold: Gold, page: str) -> Line:
    """The gold of one article with offsets into `page` instead of its sentences; AbsentError where one is not there.

    Names are sorted by type and name, so that their order does not repeat that of the text.
    """
    line: Line = {"stem": stem, "raw": key, "page": _digest(page)}
    line |= {name: gold[name] for name in ("issue_date", "issue_date_certain") if gold.get(name)}
    line["articles"] = [_article_line(article, page) for article in gold["articles"]]
    entities = sorted(gold["entities"], key=lambda e: (e["type"], e["name"]))
    line["entities"] = [_entity_line(entity, page) for entity in entities]
    line["relations"] = [_relation_line(relation, page) for relation in gold["relations"]]
    return line


def _entity_line(entity: Gold, page: str) -> list[Any]:
    names = [_short(page, name) for name in (entity["name"], *entity["aliases"])]
    return _with_rest([entity["id"], entity["type"], names[0], names[1:]], entity, _ENTITY)


def _relation_line(relation: Gold, page: str) -> list[Any]:
    ends = [relation[name] for name in _RELATION[:3]]
    title = {"title": _short(page, relation["title"])} if relation.get("title") else {}
    return _with_rest([*ends, _find(page, relation["evidence"])], {**relation, **title}, _RELATION)


def _short(page: str, name: str) -> Any:
    """A name as it is; a long one as its place in the text, where it stands there."""
    if _length(name) < LONG_NAME:
        return name
    try:
        return _find(page, name)
    except AbsentError:  # inferred, or put together: the text does not print it so
        return name


def _length(text: str) -> int:
    """In Chinese characters."""
    return len(_NOT_HAN.sub("", text))


_ENTITY = ("id", "type", "name", "aliases")
_RELATION = ("s", "p", "o", "evidence")
_PRINTED = ("name", "title", "evidence")  # a text, or where it stands


def _with_rest(row: list[Any], one: Gold, known: Collection[str]) -> list[Any]:
    """The row with a last element for what is said beside: the title of a post, optional, inferred."""
    rest = {name: value for name, value in one.items() if name not in known and value not in (False, "")}
    return [*row, rest] if rest else row


def _article_line(article: Gold, page: str) -> list[Any]:
    return [
        article["id"],
        _headline(page, article["title"]),
        _find(page, article["starts_with"]),
        article["journalists"],
    ]


def _headline(page: str, title: str) -> list[Any]:
    """Where the title stands; one that was not put down as printed gives way to the first line."""
    try:
        return _find(page, title)
    except AbsentError:
        return [0, page.index("\n")]


def _find(page: str, text: str) -> list[Any]:
    """[start, end] of the first place; where the gold differs from it, a third element says how (`_cut`)."""
    if (at := page.find(text)) >= 0:
        return [at, at + len(text)]
    between = _DROPPED.pattern + "*"
    for match in re.finditer(between.join(map(re.escape, _DROPPED.sub("", text))), page):
        for how in ("", " ", _PLAIN):
            place = [match.start(), match.end(), how]
            if _cut(page, place) == text:
                return place
    raise AbsentError(f"“{text}” does not stand in the article 原文中没有这段文字")


def to_gold(line: Line, page: str) -> Gold:
    """The gold that `to_line` was given."""
    if _digest(page) != line["page"]:
        raise AbsentError(f"{line['stem']}: the article is not the one that was annotated 原文与标注时不同")
    articles = [
        {"id": id_, "title": _cut(page, title), "starts_with": _cut(page, starts), "journalists": journalists}
        for id_, title, starts, journalists in line["articles"]
    ]
    entities = [_row(page, row, _ENTITY) for row in line["entities"]]
    relations = [_row(page, row, _RELATION) for row in line["relations"]]
    return {
        "doc": f"{line['stem']}.txt", "issue_date": line.get("issue_date"),
        "issue_date_certain": line.get("issue_date_certain", False),
        "articles": articles, "entities": sorted(entities, key=_number), "relations": relations,
    }  # fmt: skip


def _row(page: str, row: Sequence[Any], names: Sequence[str]) -> Gold:
    """A row as the gold has it; its last element may be what is said beside."""
    rest = row[len(names)] if len(row) > len(names) else {}
    plain = {**dict(zip(names, row, strict=False)), "optional": False, **rest}
    if "aliases" in plain:
        plain["aliases"] = [_cut(page, alias) for alias in plain["aliases"]]
    return {name: _cut(page, value) if name in _PRINTED else value for name, value in plain.items()}


def _cut(page: str, at: Any) -> str:
    """What stands at [start, end], without quotes and blanks (_PLAIN) or with something for a line break; a text is
    itself."""
    if isinstance(at, str):
        return at
    text = page[at[0] : at[1]]
    if len(at) == 2:
        return text
    return _DROPPED.sub("", text) if at[2] == _PLAIN else text.replace("\n", at[2])


def _number(entity: Gold) -> tuple[int, str]:
    return int(re.sub(r"\D", "", entity["id"]) or 0), entity["id"]


# -- many articles --------------------------------------------------------------------------------------------------


def read_lines(folders: Iterable[Path]) -> Iterator[Line]:
    """Every line of the folders' files, in the order of their names."""
    for file in sorted(file for folder in folders for file in folder.glob("*.jsonl")):
        yield from map(json.loads, file.read_text("utf-8").splitlines())


def pages_of(raw: Path, keys: Collection[str]) -> dict[str, str]:
    """Key → page of the raw articles among `keys`."""
    with lzma.open(raw, "rt", encoding="utf-8") as lines:
        return {key: page_of(one) for one in map(json.loads, lines) if (key := key_of(one["id"])) in keys}


def write(annotated: Path, ids: Mapping[str, str], raw: Path, folder: Path) -> list[str]:
    """Write the lines of every STEM.json of `annotated` anew; returns what was left out, and why."""
    golds = {path.stem: path for path in sorted(annotated.glob("*.json"))}
    pages = pages_of(raw, {key_of(ids[stem]) for stem in golds if stem in ids})
    lines, faults = [], []
    for stem, path in golds.items():
        try:
            key = key_of(ids[stem])
            lines.append(to_line(stem, key, json.loads(path.read_text("utf-8")), pages[key]))
        except (KeyError, ValueError) as error:
            faults.append(f"{path}: {error}")
    _store(lines, folder)
    return faults


def _store(lines: Sequence[Line], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.jsonl"):
        old.unlink()
    for at in range(0, len(lines), A_FILE):
        rows = [json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines[at : at + A_FILE]]
        (folder / f"{at // A_FILE:03}.jsonl").write_text("\n".join(rows) + "\n", "utf-8")


def restore(folders: Sequence[Path], raw: Path, target: Path) -> int:
    """Write STEM.json and STEM.txt of every line into `target`; how many."""
    lines = list(read_lines(folders))
    pages = pages_of(raw, {line["raw"] for line in lines})
    target.mkdir(parents=True, exist_ok=True)
    for line in lines:
        page = pages[line["raw"]]
        (target / f"{line['stem']}.txt").write_text(page, "utf-8", newline="")
        (target / f"{line['stem']}.json").write_text(json.dumps(to_gold(line, page), ensure_ascii=False), "utf-8")
    return len(lines)


def others(folders: Sequence[Path], raw: Path, target: Path) -> int:
    """Write every raw article that has no line as a page into `target`, numbered in their order; how many."""
    known = {line["raw"] for line in read_lines(folders)}
    target.mkdir(parents=True, exist_ok=True)
    with lzma.open(raw, "rt", encoding="utf-8") as lines:
        pages = [page_of(one) for one in map(json.loads, lines) if key_of(one["id"]) not in known]
    for number, page in enumerate(pages):
        (target / f"o{number:05}.txt").write_text(page, "utf-8", newline="")
    return len(pages)


def sentences(line: Line) -> list[str]:
    """The strings of a line that are as long as a sentence. A name of that length which the text does not print in one
    piece stands here as it is."""
    entities = [[*row[:2], *row[4:]] for row in line["entities"]]
    return [text for text in _strings({**line, "entities": entities}) if _length(text) >= RUN]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def folders() -> list[Path]:
    """Every folder of gold without text that train/splits.toml names."""
    return [folder for one in splits().values() for folder in one.stand_off]


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("write", "restore", "others", "check"))
    parser.add_argument("paths", nargs="*", type=Path)
    asked = parser.parse_args()
    every = folders()
    raw = splits()["more"].raw
    assert raw is not None
    if asked.what in ("restore", "others"):
        make = restore if asked.what == "restore" else others
        print(f"{make([FOLDER] if make is restore else every, raw, asked.paths[0])} articles → {asked.paths[0]}")
        return
    faults = []
    if asked.what == "write":
        annotated, ids = asked.paths
        faults = write(annotated, json.loads(ids.read_text("utf-8")), raw, FOLDER)
    lines = list(read_lines(every))
    faults += [f"{line['stem']}: a sentence stands here 此处有原文句子: {s}" for line in lines for s in sentences(line)]
    print("\n".join([*faults, f"{len(lines)} articles in {FOLDER.parent.relative_to(ROOT)}"]))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
