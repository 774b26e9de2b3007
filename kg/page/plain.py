"""A plain text file → its text, exactly as it is on disk."""

from __future__ import annotations

from typing import BinaryIO

from kg.errors import PageError
from kg.page.decode import Decoded, decode, is_binary
from kg.page.readers import LARGEST_TEXT, Part, Read, all_of


def read(file: BinaryIO, name: str, part: Part = ()) -> Read:
    """Decode a text file; raises PageError where it is none, or in an encoding that nobody knows."""
    data = all_of(file, name, LARGEST_TEXT)
    return Read(decode_bytes(name, data), data)


def decode_bytes(name: str, data: bytes) -> Decoded:
    """Bytes as text, or a PageError that says in one line why they are none."""
    if not data.strip():
        raise PageError(f"{name}: empty file 空文件")
    if is_binary(data):
        raise PageError(f"{name}: not a text file; pages are plain text (.txt) 不是文本文件")
    decoded = decode(data)
    if decoded is None:
        raise PageError(f"{name}: neither UTF-8 nor GB18030; save it as UTF-8 编码无法识别,请存为 UTF-8")
    return decoded
