"""The network: one pass over a page's sentences gives words, a probability for every name, and what relations need."""

from kg.network.read import Signals, Word, read_articles

__all__ = ["Signals", "Word", "read_articles"]
