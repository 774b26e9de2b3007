"""A page → its articles, each with its running text, where every character of it stands, and its sentences."""

from kg.article.sentences import sentences
from kg.article.split import split

__all__ = ["sentences", "split"]
