"""Measuring: what was read of pages with gold, how sure it was, and how right that makes it."""
