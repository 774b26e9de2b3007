from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from kg.push import push
from kg.push.connection import Connection, Credentials
from kg.push.stores import Store, open_store
from tests.export.sample import write
from tests.push.fake import FakeStore
from tests.push.paper import Run

# How the made-up store is spoken to: its graph store's address, and whether it knows COPY.
PROTOCOLS = {
    "graph store": ("http://store/graphs", True),
    "update": ("", True),
    "no COPY": ("http://store/graphs", False),
}


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """The folder of a build of the sample."""
    return write(tmp_path / "output")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, so that no test sees this machine's mark or leaves one."""
    for variable in ("HOME", "XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def fake() -> FakeStore:
    return FakeStore()


@pytest.fixture(params=PROTOCOLS)
def store(request: pytest.FixtureRequest, fake: FakeStore) -> Store:
    graphs, fake.copies = PROTOCOLS[request.param]
    connection = Connection(Credentials(), httpx.MockTransport(fake.handle), sleep=lambda _: None)
    return open_store("http://store/sparql", graphs, connection)


@pytest.fixture
def run(store: Store) -> Run:
    """Pushes to the made-up store, in chunks of half an issue."""
    return lambda source, **options: push(source, store, **{"chunk_bytes": 600, **options})
