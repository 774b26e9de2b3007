"""The command line. Each command is a thin module `kg/cli/<command>.py` with one function `run`, loaded only when called."""

from __future__ import annotations
