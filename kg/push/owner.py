"""Under which name a store remembers what an output has put there.

A name that is given is the whole identity: whoever uses it again, from whatever machine, goes on where it stopped. A
folder's own name is none: many are called `output`. It gets eight characters that stand for this machine and the
folder's place on it, and which stay the same when the folder is deleted and built anew.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import typer

from kg.errors import PushError


def owner_of(source: Path, name: str = "") -> str:
    """`name`; without one the folder's name and what tells it from others that are called the same.

    Raises PushError where this machine's own mark can be kept nowhere.
    """
    if name:
        return name
    place = source.resolve()
    if place.is_file() and place.stem == "graph":
        place = place.parent  # a build's graph file stands for its folder
    folder = place.parent if place.is_file() else place
    told_apart = hashlib.sha256(f"{_machine()}\n{os.fsdecode(place)}".encode("utf-8", "surrogateescape"))
    return f"{folder.name or 'output'}-{told_apart.hexdigest()[:8]}"


def _machine() -> str:
    """A random mark of this machine and user, made once: host names change, and many machines share one."""
    file = Path(typer.get_app_dir("fangzhi")) / "machine"
    try:
        if not file.exists():
            _keep(file, uuid.uuid4().hex)
        return file.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise PushError(f"{file}: cannot keep what tells this machine from others ({error}); give a --name") from error


def _keep(file: Path, mark: str) -> None:
    """Write the file whole; where another process was faster, its mark stands."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=file.parent, delete=False) as new:
        new.write(mark)
    try:
        with suppress(FileExistsError):
            os.link(new.name, file)
    finally:
        os.unlink(new.name)
