"""kg export"""

from __future__ import annotations


def run() -> None:
    """(being built)"""
    raise NotImplementedError
