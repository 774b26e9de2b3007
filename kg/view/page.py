"""Scene → one HTML file that needs nothing else: the drawing engine, our script and style, and the data, all inside.

The file makes no request: a Content-Security-Policy allows the two scripts by their hashes and nothing from anywhere.
Data stands in a JSON block and reaches the page as text only.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any

from kg.rule_words import in_words
from kg.view.layout import Points, centrality, positions, weights
from kg.view.reading_aids import readings, simplified
from kg.view.scene import Link, Scene, Thing
from kg.view.vocabulary import terms

SCRIPTS = (
    "text.js",
    "data.js",
    "search.js",
    "state.js",
    "filters.js",
    "canvas.js",
    "draw.js",
    "labels.js",
    "path.js",
    "panel.js",
    "cite.js",
    "legend.js",
    "table.js",
    "output.js",
    "find.js",
    "main.js",
)
"""The parts of the one script, in the order in which they are joined."""

ENGINE = ("lib", "vis-9.1.2", "vis-network.min.js")


def page(scene: Scene, title: str) -> str:
    """The whole HTML text."""
    from jinja2 import Environment, PackageLoader

    engine, script, style = _engine(), _script(), _asset("view.css")
    template = Environment(loader=PackageLoader("kg.view", "."), autoescape=True).get_template("page.html")
    return template.render(
        title=title,
        policy=_policy([engine, script], style),
        style=style,
        engine=engine,
        script=script,
        data=_as_json({"title": title, "options": _options(), **data(scene)}),
    )


def data(scene: Scene) -> dict[str, Any]:
    """All that the script is given. Things come most central first, so that a thing's position is its rank."""
    pairs = weights(scene)
    score = centrality(len(scene.things), pairs)
    places = positions(len(scene.things), pairs)
    order = sorted(range(len(scene.things)), key=lambda i: (-score[i], -len(scene.things[i].sheets), i))
    rank = {old: new for new, old in enumerate(order)}
    characters = {c for thing in scene.things for name in (thing.name, *thing.aliases) for c in name}
    return {
        "masked": scene.masked,
        "classes": [asdict(term) for term in terms("class")],
        "relations": [asdict(term) for term in terms("relation")],
        "things": [_thing(scene.things[i], places[i], score[i]) for i in order],
        "links": [_link(link, rank) for link in scene.links],
        "sentences": [[s.sheet, s.start, s.end, s.text, s.story] for s in scene.sentences],
        "sheets": [[s.id, s.newspaper, s.issued, int(s.certain), s.number] for s in scene.sheets],
        "stories": [[s.sheet, s.headline, s.journalists] for s in scene.stories],
        "rules": {rule: in_words(rule) for rule in sorted({rule for link in scene.links for rule in link.rules})},
        "readings": readings(characters),
        "simplified": simplified(characters),
    }


def _thing(t: Thing, place: Points, score: float) -> tuple[Any, ...]:
    looks = (float(place[0]), float(place[1]), float(score))
    return (t.id, t.kind, t.name, *looks, t.sheets, int(t.inferred), t.aliases, t.misprints, t.written, t.confidence)


def _link(x: Link, rank: dict[int, int]) -> tuple[Any, ...]:
    ends = (rank[x.subject], x.predicate, rank[x.object])
    return (*ends, x.title, x.dates, x.status, x.group, x.sentences, x.rules, x.inferred_from, x.confidence)


def _options() -> dict[str, Any]:
    """vis-network's options for the whole drawing, as pyvis's Network holds them: no physics until it is asked for."""
    from pyvis.network import Network

    network = Network(directed=True)
    network.barnes_hut(gravity=-2600, central_gravity=0.05, spring_length=90, spring_strength=0.03, damping=0.35)
    network.toggle_physics(False)
    options: dict[str, Any] = json.loads(network.options.to_json())
    options["edges"] = {"smooth": False, "arrows": {"to": {"enabled": False}}, "selectionWidth": 0, "hoverWidth": 0}
    return options


@cache
def _engine() -> str:
    """vis-network as pyvis carries it, without the link to a source map that is not there."""
    return re.sub(r"\n//# sourceMappingURL=\S+\s*$", "\n", files("pyvis").joinpath(*ENGINE).read_text(encoding="utf-8"))


@cache
def _script() -> str:
    parts = "\n".join(_asset("script", name) for name in SCRIPTS)
    return f'(function () {{\n"use strict";\n{parts}\n}})();\n'


@cache
def _asset(*name: str) -> str:
    return files("kg.view").joinpath(*name).read_text(encoding="utf-8")


def _policy(scripts: list[str], style: str) -> str:
    """What the page may do: run these scripts, use this style, draw pictures that it made itself."""
    allowed = " ".join(_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _as_json(value: Any) -> str:
    """JSON that cannot end its script element, start a comment or break an old script parser."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=list)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
