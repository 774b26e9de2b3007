"""fangzhi: Chinese city newspaper pages → a knowledge graph that one can trust.

    import kg

    k = kg.build("seeds/")                      # or a list of files, folders, globs
    k.entities, k.statements, k.findings        # what was read, as plain objects (kg.model)
    k.query("SELECT ?name { ?x a kg:Official ; skos:prefLabel ?name }")
    k.graph                                     # an rdflib Graph;  k.to_networkx() a MultiDiGraph
    k.save("output/")                           # the files of `kg build`

    kg.tag("芦淞区委书记李明来到市水利局。", home="株洲市")

Nothing heavy is imported until one of these is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg.confidence import DEFAULT_MIN_CONFIDENCE

if TYPE_CHECKING:
    from kg.flow import Progress
    from kg.graph import KnowledgeGraph
    from kg.naming import Name

__all__ = ["build", "tag"]
__version__ = "0.1.0"


def build(
    pages: str | Path | Sequence[str | Path],
    *,
    newspaper: str = "",
    issued: str = "",
    home: str = "",
    base: str = "",
    min_confidence: float = DEFAULT_MIN_CONFIDENCE,
    workers: int | None = 1,
    progress: Progress | None = None,
) -> KnowledgeGraph:
    """Read pages and link what they say: files, folders (every page file below), globs, or "-" for standard input.

    `newspaper`, `issued` (ISO date, 2023-05-25) and `home` (full name of the home city, 株洲市) overrule what the pages
    print and what a pages.toml beside them states. `base` is the namespace of the things' IRIs.
    Names and claims to which a careful reader would agree with a probability below `min_confidence` (0 to 1) are left
    out; 0 keeps everything, each with its `confidence`.
    `workers` pages are read at a time, each in its own process (None: as many as pay); the result is the same.
    More than one needs the `if __name__ == "__main__":` guard in a script, as all of multiprocessing does.
    `progress(done, of, page)` is called after each page.

    Pages that cannot be read are in `findings` of the result, with level ERROR.
    Raises PageError where not one page could be read, for a wrong pages.toml and for a date that is none; KgError
    for a `min_confidence` that is no probability.
    """
    from kg.flow import read_and_resolve
    from kg.graph import KnowledgeGraph

    given = [pages] if isinstance(pages, str | Path) else list(pages)
    knowledge = read_and_resolve(
        given, newspaper=newspaper, issued=issued, home=home, min_confidence=min_confidence,
        workers=workers, progress=progress,
    )  # fmt: skip
    return KnowledgeGraph.of(knowledge, base)


def tag(text: str, home: str = "") -> list[Name]:
    """The names in any Chinese text: people, agencies, enterprises, places, programs.

    Each has `kind`, `start` and `end` (0-based, half-open, in code points of `text`), `surface` (`text[start:end]`),
    its full `name` (芦淞区 for 芦淞, 株洲市水利局 for 市水利局) and `confidence`, the probability that a careful reader
    would agree. They come in the order of the text, a longer name before those inside it. `home` is the full name of
    the city that the text speaks from (株洲市); without it the first city or county that the text names is taken.
    A line is a paragraph: no name runs over a line break, as it may on a page that `build` reads.
    Never fails: text without names gives an empty list. Source: the network of kg/weights (its card says what it was
    taught on), which began as the tagger bundled in jieba 0.42.1 (Baidu LAC, small).
    """
    from kg.naming import names

    return names(text, home)
