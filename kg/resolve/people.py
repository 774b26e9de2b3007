"""Namesakes: on one page one name is one person; across pages it is one only with a reason.

The reason is a post in the same body, or in bodies of the same place. Without one they stay two (rule 6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from kg.model import Kind, Predicate, Reading


class Thing(Protocol):
    kind: Kind


def person_keys(readings: Sequence[Reading], keys: dict[str, str], things: dict[str, object]) -> None:
    """(placeholder replaced below)"""
    del readings, keys, things


__all__ = ["Kind", "Predicate", "defaultdict", "person_keys"]
