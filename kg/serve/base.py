"""Whether a store was built under the base that the server was told: if not, no page of a thing would be found."""

from __future__ import annotations

import re

from pyoxigraph import NamedNode, Store

from kg.model import Kind
from kg.ontology import KG, RDF
from kg.serve.ondisk import OnDisk

_KINDS = "|".join(kind.lower() for kind in Kind)
_BASE = re.compile(rf"(.+?)(?:{_KINDS})/[^/]+")


def other_base(store: OnDisk, base: str) -> list[str]:
    """One line for the user where the things of the store are named under another base than `base`."""
    things = Store.read_only(str(store.data)).quads_for_pattern(None, NamedNode(f"{RDF}type"), NamedNode(f"{KG}Thing"))
    first = next(iter(things), None)
    if first is None or not isinstance(first.subject, NamedNode) or first.subject.value.startswith(base):
        return []
    found = _BASE.fullmatch(first.subject.value)
    hint = f"start with --base {found[1]}" if found else "start with the --base of the build"
    one = f"<{first.subject.value}> is one of its things"
    return [f"the build was not made under the base {base}: {one}; {hint} · 与构建的 --base 不符"]
