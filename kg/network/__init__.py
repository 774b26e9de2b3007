"""The network: one pass over a page's sentences gives a probability for every name, and what relations need."""

from kg.network.read import Signals, read_articles

__all__ = ["Signals", "read_articles"]
