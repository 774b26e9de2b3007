"""What the network tells apart: layers of names, relations between two names. Teaching and reading share these."""

from __future__ import annotations

import numpy as np

from kg.model import Kind

TITLE = "Title"
LAYERS = (*(kind.value for kind in Kind), TITLE)  # one layer of names for each kind, and one for the titles of posts

LONGEST = 32  # characters in a name
WINDOW = 12  # characters before and behind two names that a relation is read from

_BODY, _ACTOR = ("Agency", "Enterprise", "Place"), ("Agency", "Enterprise", "Place", "Person")
# A post is two relations: a person bears a title, and the title is one of a body.
BEARS, OF = "bears", "of"
LABELS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    BEARS: (("Person",), (TITLE,)),
    OF: ((TITLE,), _BODY),
    "partOf": (("Agency", "Enterprise"), ("Agency", "Enterprise")),
    "within": (("Place",), ("Place",)),
    "governs": (("Agency",), ("Place",)),
    "locatedIn": (("Agency", "Enterprise", "Program"), ("Place",)),
    "runs": (_ACTOR, ("Program",)),
    "takesPartIn": (_ACTOR, ("Program",)),
    "supports": (("Agency", "Place", "Program"), ("Enterprise", "Person", "Program")),
    "cooperatesWith": (_BODY, _BODY),
}
ALLOWED = np.zeros((len(LAYERS), len(LAYERS), len(LABELS)), dtype=bool)
for _number, (_lefts, _rights) in enumerate(LABELS.values()):
    for _left in _lefts:
        for _right in _rights:
            ALLOWED[LAYERS.index(_left), LAYERS.index(_right), _number] = True
