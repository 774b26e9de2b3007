"""Gone: the flow is kg/flow.py."""

from kg.flow import read_and_resolve

__all__ = ["read_and_resolve"]
