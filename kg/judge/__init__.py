"""What a page says of one thing or one fact, all of it weighed together: a mention by itself does not tell enough."""

from kg.judge.verdict import judged

__all__ = ["judged"]
