"""train/splits.toml as data: what is taught, what is looked at, what is only measured."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "train" / "splits.toml"

Use = Literal["teach", "look", "measure", "others"]


@dataclass(frozen=True, slots=True)
class Split:
    """One set of articles or pages. Paths are absolute; what a set does not have is empty or None."""

    name: str
    use: Use
    title: str
    gold: tuple[Path, ...] = ()
    pages: tuple[Path, ...] = ()
    stand_off: tuple[Path, ...] = ()
    raw: Path | None = None
    names: Path | None = None
    sources: Path | None = None

    @property
    def here(self) -> bool:
        """Whether its gold and its pages are at hand."""
        folders = (*self.gold, *self.pages, *self.stand_off)
        return bool(folders) and all(path.is_dir() for path in folders) and (self.raw is None or self.raw.is_file())


def splits(file: Path = FILE) -> dict[str, Split]:
    """Every set by name; ValueError with the file and the table where one is not as it should be."""
    tables = tomllib.loads(file.read_text("utf-8"))
    return {name: _split(file, name, table) for name, table in tables.items()}


def _split(file: Path, name: str, table: Mapping[str, Any]) -> Split:
    unknown = sorted(table.keys() - set(Split.__slots__))
    if unknown:
        raise ValueError(f"{file}: [{name}]: unknown {', '.join(unknown)} 不认识的字段")
    if table.get("use") not in get_args(Use) or "title" not in table:
        raise ValueError(f"{file}: [{name}]: `use` ({' | '.join(get_args(Use))}) and `title` are wanted 缺字段")
    paths = {key: _paths(file.parents[1], value) for key, value in table.items() if key not in ("use", "title")}
    return Split(name, table["use"], table["title"], **paths)


def _paths(root: Path, value: str | list[str]) -> Any:
    if isinstance(value, str):
        return (root / value).resolve()
    return tuple((root / one).resolve() for one in value)
