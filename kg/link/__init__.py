"""Readings → Knowledge: one thing for every name. The only room that sees more than one page."""
