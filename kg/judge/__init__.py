"""All that an article says of one thing or one fact, weighed together: a mention by itself does not tell enough."""

from kg.judge.verdict import judged

__all__ = ["judged"]
