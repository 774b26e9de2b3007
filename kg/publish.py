"""The files of an output folder, put in place all together or not at all, whenever the program is killed.

A build writes beside its output. What is whole is renamed to `.ready`, in one stroke: from then on it is the output,
and whoever opens the folder next puts the files in place if the build was killed before it had. What a killed build
had only begun is deleted by the next one.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from errno import EEXIST, EISDIR, ENOTEMPTY
from pathlib import Path

from kg.errors import OutputError
from kg.terminal import printable

READY = ".ready"
TRIES = 100  # where two builds into one folder cross
_AT_ONCE = 2  # files that are put in place at a time: a large one that takes another's place is first written to disk
_GONE = ".gone"  # in READY: names of files of an earlier build that this one has not, a line each
_HERE = re.sub(r"\W", "", platform.node())  # a folder on a network may hold what another machine builds


@contextmanager
def publishing(out: Path, optional: Sequence[str] = ()) -> Iterator[Path]:
    """A folder to write into, whose files become those of `out` when the block ends well, and vanish when it does not.

    Files of `optional` that were not written are deleted in `out`: they are of an earlier build. Raises OutputError
    where the folder cannot be written; what it held before then stays as it was.
    """
    new = not os.path.exists(out)
    folder = out / f".building-{_HERE}-{os.getpid()}"
    try:
        _make(folder)
        _sweep(out)
        yield folder
        _publish(folder, out, [name for name in optional if not (folder / name).exists()])
    except (OSError, ValueError) as error:  # a ValueError where the name is none
        why = getattr(error, "strerror", None) or error
        raise OutputError(f"{printable(str(out))}: cannot write the output folder: {why}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if new:
            with suppress(OSError, ValueError):
                out.rmdir()  # only where nothing was published


def settle(out: Path) -> None:
    """Put in place what a finished build left when it was killed; nothing where there is none, or no right to write."""
    if (out / READY).is_dir():
        with suppress(OSError):
            _settle(out)


def _publish(folder: Path, out: Path, gone: Sequence[str]) -> None:
    _settle(out)
    if folders := sorted(file.name for file in folder.iterdir() if _is_foreign(out / file.name)):
        raise IsADirectoryError(EISDIR, f"{folders[0]} is a folder there; move it away 请先移走该文件夹")
    if any(folder.iterdir()):
        (folder / _GONE).write_text("".join(f"{name}\n" for name in gone), "utf-8")
        _make_ready(folder, out)
        _settle(out)


def _make(folder: Path) -> None:
    """Another build that ends may take the output folder away, empty, before this one has its own in it."""
    for _ in range(TRIES):
        with suppress(FileNotFoundError):
            folder.mkdir(parents=True)
            return
    folder.mkdir(parents=True)


def _make_ready(folder: Path, out: Path) -> None:
    """Another build may have been ready first: its files are put in place before."""
    for _ in range(TRIES):
        try:
            folder.rename(out / READY)
            return
        except OSError as error:
            if error.errno not in (ENOTEMPTY, EEXIST):
                raise
        _settle(out)
    folder.rename(out / READY)


def _settle(out: Path) -> None:
    """Another process may do the same at the same time: each file is moved by one of them."""
    ready = out / READY
    if not ready.is_dir():
        return
    with suppress(FileNotFoundError):
        for name in (ready / _GONE).read_text("utf-8").splitlines():
            _remove(out / name)
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(lambda file: _put(file, out / file.name), _files(ready)))
    for last in (ready / _GONE).unlink, ready.rmdir:  # the list was needed until here
        with suppress(FileNotFoundError):
            last()


def _files(ready: Path) -> list[Path]:
    try:
        return [file for file in ready.iterdir() if file.name != _GONE]
    except FileNotFoundError:  # another process was faster
        return []


def _put(new: Path, place: Path) -> None:
    """A file replaces a file in one stroke; a folder of parts, as Spark writes them, goes before another comes."""
    with suppress(FileNotFoundError):
        if new.is_dir() or place.is_dir():
            _remove(place)
        new.replace(place)


def _remove(path: Path) -> None:
    if not path.is_dir():
        path.unlink(missing_ok=True)
    elif _only_parts(path):
        shutil.rmtree(path)


def _is_foreign(path: Path) -> bool:
    """Whether a folder stands there that no build has made."""
    return path.is_dir() and not (any(path.iterdir()) and _only_parts(path))


def _only_parts(folder: Path) -> bool:
    """Whether a folder holds nothing but parts; it is empty where a build was killed while it deleted them."""
    return not folder.is_symlink() and all(file.name.startswith("part-") for file in folder.iterdir())


def _sweep(out: Path) -> None:
    """Delete what killed builds of this machine had begun."""
    for folder in out.glob(f".building-{_HERE}-*"):
        process = folder.name.rpartition("-")[2]
        if process.isdecimal() and not _runs(int(process)):
            shutil.rmtree(folder, ignore_errors=True)


def _runs(process: int) -> bool:
    if os.name == "nt":
        return True  # to ask is to stop it there
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
