"""Reads git's index, the list of the files that the next commit will have.

Source: the page gitformat-index of git's manual.
"""

from __future__ import annotations

from typing import NamedTuple

SIGNATURE = b"DIRC"
VERSIONS = (2, 3, 4)
PREFIX_COMPRESSED = 4
STATUS_SIZE = 40
"""Bytes of an entry before the name of the object: times, mode, size."""
MODE_OFFSET = 24
EXTENDED = 0x4000
ALIGNMENT = 8
LONGEST_PATH = 4096
"""Bytes; without a bound, paths that each begin with the one before would fill the memory."""


class Staged(NamedTuple):
    """A file in the index."""

    mode: int
    object_id: bytes


def read_index(data: bytes, id_size: int) -> dict[bytes, Staged] | None:
    """The files by their paths in the repository; None where this is no index that is known here, or a damaged one.

    Args:
        data: the content of ``.git/index``.
        id_size: bytes of an object's name: 20 for SHA-1, 32 for SHA-256.
    """
    version, count = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big")
    if not data.startswith(SIGNATURE) or version not in VERSIONS:
        return None
    files: dict[bytes, Staged] = {}
    path = b""
    at = 12
    for _ in range(count):
        flags_at = at + STATUS_SIZE + id_size
        mode = int.from_bytes(data[at + MODE_OFFSET : at + MODE_OFFSET + 4], "big")
        flags = int.from_bytes(data[flags_at : flags_at + 2], "big")
        name_at = flags_at + (4 if flags & EXTENDED else 2)
        kept = 0
        if version == PREFIX_COMPRESSED:
            removed, name_at = _number(data, name_at)
            kept = len(path) - removed
        end = data.find(b"\0", name_at)
        if end < 0 or kept < 0 or kept + end - name_at > LONGEST_PATH:
            return None
        path = path[:kept] + data[name_at:end]
        files[path] = Staged(mode, data[flags_at - id_size : flags_at])
        at = end + 1 if version == PREFIX_COMPRESSED else at + _aligned(end - at)
    return files


def _aligned(size: int) -> int:
    """The size of an entry whose name ends after so many bytes: one to eight zeros follow."""
    return (size // ALIGNMENT + 1) * ALIGNMENT


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and where what follows begins."""
    number = data[at] & 0x7F if at < len(data) else 0
    while at < len(data) and data[at] & 0x80:
        at += 1
        number = (number + 1 << 7) | (data[at] & 0x7F if at < len(data) else 0)
    return number, at + 1
