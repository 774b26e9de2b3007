"""A folder that yente (https://www.opensanctions.org/docs/yente/) indexes: FollowTheMoney entities and a manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from kg.contents import Contents, opened
from kg.export.ftm import COUNTRY, write_entities
from kg.export.provenance import left_out

ENTITIES = "entities.ftm.json"
MOUNT = "/data/fangzhi"  # where the container of yente is to see this folder

README = f"""\
Let yente see this folder as {MOUNT}, and give it the manifest:
让 yente 以 {MOUNT} 看到本文件夹，并指定清单：

docker run -v "$PWD":{MOUNT}:ro -e YENTE_MANIFEST={MOUNT}/manifest.yml … ghcr.io/opensanctions/yente:latest

Without a container, or with several datasets, set `path` in manifest.yml, or copy its entry into your own manifest.
There is no `version` in it: yente then takes the time of the file, and indexes it again when you have exported anew.
Nobody in it is marked as politically exposed: the pages do not say so. 未将任何人标记为“政治公众人物”。
"""


def write(source: Path, target: Path) -> tuple[str, ...]:
    """Write the folder `target`."""
    target.mkdir()
    with opened(source) as contents:
        write_entities(contents, target / ENTITIES)
        (target / "manifest.yml").write_text(manifest(contents), encoding="utf-8", newline="\n")
        notes = left_out(contents)
    (target / "README.txt").write_text(README, encoding="utf-8", newline="\n")
    return notes


def manifest(contents: Contents) -> str:
    """The manifest in YAML; its strings are JSON's, which YAML reads alike."""
    newspapers = sorted({page.newspaper for page in contents.pages() if page.newspaper})
    days = sorted({page.issued for page in contents.pages() if page.issued and page.certain})
    return "datasets:\n" + "".join(_dataset(newspapers, days))


def _dataset(newspapers: list[str], days: list[str]) -> Iterator[str]:
    yield f"  - name: {_name(newspapers)}\n"
    yield f"    title: {_quoted('方志 ' + '、'.join(newspapers))}\n"
    yield f"    summary: {_quoted('People, bodies, places and programs named by city newspapers')}\n"
    yield f"    path: {MOUNT}/{ENTITIES}\n"
    yield "    coverage:\n"
    yield f"      countries: [{COUNTRY}]\n"
    if days:
        yield f"      start: {_quoted(days[0])}\n      end: {_quoted(days[-1])}\n"


def _name(newspapers: list[str]) -> str:
    """The same for every build of the same newspapers: an index knows it by this."""
    digest = hashlib.sha256("\0".join(newspapers).encode()).hexdigest()[:8]
    return f"fangzhi_{digest}" if newspapers else "fangzhi"


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)
