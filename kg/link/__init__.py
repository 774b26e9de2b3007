"""Readings → Knowledge: one thing for every name. Its steps are functions of one page, one key, one name, one fact."""
