"""ZIP archives: the pages in one, and the bytes of a member, whatever its maker meant by it.

Nothing is ever unpacked to disk, and of a member no more is unpacked than a page can have.
"""

from __future__ import annotations

import lzma
import os
import re
import zlib
from collections import Counter
from functools import lru_cache
from io import BytesIO
from typing import BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from kg.errors import KgError, PageError
from kg.page.readers import HEAD, LARGEST_FILE, ZIP, Part, Read, Reader, check_form, reader_of, too_large

MOST_MEMBERS = 100_000
BOMB, FREE = 200, 1_000_000  # text packs to a tenth; what packs to less than 1/200 beyond the first MB is a trap
DAMAGED = (BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error, lzma.LZMAError)
UTF8_NAME, ENCRYPTED = 0x800, 0x1


def parts(file: BinaryIO, name: str) -> list[Part]:
    """The pages in an archive, sorted: members of a known ending, hidden ones left out. Raises PageError for a bad one.

    A member that cannot be opened stays in the list, so that reading it says why.
    """
    listed = _listed(file, name)
    found = [part for label in sorted(listed.members) for part in _pages(listed, label, f"{name}/{label}")]
    if not found:
        raise PageError(f"{name}: no page in this archive (.txt .html .docx .epub .pdf) 压缩包里没有版面文件")
    return found


def _pages(listed: Listed, label: str, name: str) -> list[Part]:
    """The pages in one member."""
    reader = reader_of(label)
    if reader is None:
        return []
    if not reader.listing or reader is ZIP:
        return [(label,)]
    try:
        inside = BytesIO(_member(listed, label, name))
        return [(label, *rest) for rest in reader.parts(inside, name)]
    except KgError:
        return [(label,)]


def read(file: BinaryIO, name: str, part: Part = ()) -> Read:
    """The page `part` of an archive, by the reader of the member. Raises PageError where it cannot be read."""
    if not part:
        parts(file, name)  # says what is wrong with the whole
        raise PageError(f"{name}: an archive is read page by page; name the file or its folder 请指定压缩包文件")
    listed, name = _listed(file, name), f"{name}/{part[0]}"
    data = _member(listed, part[0], name)
    reader = reader_of(part[0])
    assert reader is not None  # `parts` lists no other
    _refuse_nested(reader, name)
    check_form(reader, data[:HEAD], name)
    return reader.read(BytesIO(data), name, part[1:])._replace(file=data)


def _refuse_nested(reader: Reader, name: str) -> None:
    if reader is ZIP:
        raise PageError(f"{name}: an archive inside an archive is not opened; unpack it 压缩包中的压缩包请先解开")


class Listed(NamedTuple):
    """An open archive and its members by name."""

    archive: ZipFile
    members: dict[str, list[ZipInfo]]


def _listed(file: BinaryIO, name: str) -> Listed:
    """An archive with its list of members, which is read once for all its pages that are read one after another."""
    stat = os.fstat(file.fileno())
    # The process is part of the stamp: a file that was open when a worker was forked is read by both in turns.
    return _kept_open(file.name, name, (stat.st_dev, stat.st_ino, stat.st_mtime_ns, stat.st_size, os.getpid()))


@lru_cache(maxsize=1)
def _kept_open(path: str, name: str, stamp: tuple[int, ...]) -> Listed:
    archive = opened(path, name)  # closed when the next archive takes its place
    return Listed(archive, members(archive))


def opened(file: BinaryIO | str, name: str) -> ZipFile:
    """An archive whose list of members can be trusted; raises PageError for one that is damaged or a trap."""
    try:
        archive = ZipFile(file)
    except DAMAGED as error:
        raise damaged(name) from error
    infos = archive.infolist()
    assert archive.fp is not None
    size = archive.fp.seek(0, os.SEEK_END)
    if len(infos) > MOST_MEMBERS or sum(info.compress_size for info in infos) > size:
        raise PageError(f"{name}: members that overlap, or more than {MOST_MEMBERS}; not opened 压缩包结构异常")
    return archive


def damaged(name: str) -> PageError:
    """What is said of a file that cannot be opened, or not to its end."""
    return PageError(f"{name}: damaged, it cannot be opened; fetch it again 文件已损坏,请重新获取")


def members(archive: ZipFile) -> dict[str, list[ZipInfo]]:
    """The files of an archive by their names as text; two of one name are both there."""
    found: dict[str, list[ZipInfo]] = {}
    for info in archive.infolist():
        label = _label(info)
        if not info.is_dir() and not any(bit.startswith(".") and bit != ".." for bit in label.split("/")):
            found.setdefault(label, []).append(info)
    return {label: infos for label, infos in found.items() if not label.startswith("__MACOSX/")}


def _label(info: ZipInfo) -> str:
    """A member's name in one line: UTF-8 where it is said or fits, else GBK, as Chinese Windows packs."""
    raw = info.orig_filename if isinstance(info.orig_filename, str) else info.filename
    name = raw if info.flag_bits & UTF8_NAME else _legible(raw)
    return re.sub(r"[\x00-\x1f\x7f]", "?", name.replace("\\", "/"))


def _legible(name: str) -> str:
    data = name.encode("cp437", "replace")  # as zipfile reads a name that is not marked as UTF-8
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _member(listed: Listed, label: str, name: str) -> bytes:
    """The bytes of a page in an archive; raises PageError in one line for whatever is wrong with it."""
    bits = label.split("/")
    if label.startswith("/") or ".." in bits or re.match(r"[A-Za-z]:", label):
        raise PageError(f"{name}: a name that leads out of the archive; not read 文件名指向压缩包之外,未读取")
    infos = listed.members.get(label, [])
    if len(infos) != 1:
        raise PageError(f"{name}: {len(infos)} members of this name; pack the archive again 压缩包内文件重名或缺失")
    return unpacked(listed.archive, infos[0], name)


def unpacked(archive: ZipFile, info: ZipInfo, name: str, limit: int = LARGEST_FILE) -> bytes:
    """The bytes of one member, at most `limit`; raises PageError where it is locked, too large, a trap or damaged."""
    if info.flag_bits & ENCRYPTED:
        raise PageError(f"{name}: encrypted; unpack it with its password first 已加密,请先用密码解开")
    if info.file_size > BOMB * info.compress_size + FREE:
        raise PageError(f"{name}: unpacks to over {BOMB} times its size, as no page does; not read 压缩比异常,未读取")
    if info.file_size > limit:
        raise too_large(name, limit)
    try:
        with archive.open(info) as stream:
            data = stream.read(limit + 1)
    except DAMAGED as error:
        raise damaged(name) from error
    if len(data) > limit:
        raise too_large(name, limit)
    return data


def parcel(file: BinaryIO, name: str) -> tuple[ZipFile, dict[str, ZipInfo]]:
    """The members of a file that is a ZIP inside (DOCX, EPUB), by name; raises PageError where it is none."""
    archive = opened(file, name)
    infos = archive.infolist()
    if any(count > 1 for count in Counter(info.filename for info in infos).values()):
        raise damaged(name)
    return archive, {info.filename: info for info in infos}
