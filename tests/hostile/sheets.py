"""Small folders of pages, and what a build of them leaves, for tests of builds that go wrong half-way."""

from __future__ import annotations

from pathlib import Path

from kg.export.folder import STATE

PEOPLE = ("林岚", "周启明", "沈越", "何青", "秦宇", "沐川")


def put_pages(folder: Path, count: int, more: str = "") -> Path:
    """So many short pages, `more` in each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        said = f"云泽市水利局局长{PEOPLE[number % len(PEOPLE)]}昨天到望舒区白蘋镇检查“清溪”行动。{more}"
        text = f"云泽日报\n2024年5月6日 第A0{number % 9}版\n云泽市开渠{number}\n　　{said * 4}\n"
        (folder / f"p{number:03}.txt").write_text(text, "utf-8")
    return folder


def held(out: Path) -> dict[str, bytes]:
    """Every file below an output folder and its bytes, but for what is no output."""
    files = [file for file in sorted(out.rglob("*")) if file.is_file() and not file.name.startswith(STATE)]
    return {str(file.relative_to(out)): file.read_bytes() for file in files}
