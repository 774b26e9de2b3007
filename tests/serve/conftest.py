"""Servers for the tests of this folder: a read-only one for all, a writable one for each test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import GRAPH, TOKEN, serving
from starlette.testclient import TestClient

from kg.serve.settings import Settings


@pytest.fixture(scope="session")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build's output folder."""
    folder = tmp_path_factory.mktemp("output")
    (folder / "graph.ttl").write_text(GRAPH, encoding="utf-8")
    (folder / "graph.html").write_text("<!doctype html><title>viewer</title>", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def client(output: Path) -> Iterator[TestClient]:
    """A read-only server with a short time limit and a row limit."""
    with serving(Settings(output, timeout=4.0, max_rows=1000, workers=1, max_query=50_000)) as client:
        yield client


@pytest.fixture
def writable(output: Path, tmp_path: Path) -> Iterator[TestClient]:
    """A server that takes writes with `WRITE`, on a store of its own."""
    settings = Settings(output, store=tmp_path / "store", writable=True, token=TOKEN, workers=1, max_upload=100_000)
    with serving(settings) as client:
        yield client
