"""Reads a log of any size: its beginning, which says what is built, and its end, which says how that went."""

from __future__ import annotations

import codecs
from collections import deque
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1 << 20
"""Bytes; even, as a character of UTF-16 has two or four of them."""
FIRST_CHUNKS, LAST_CHUNKS = 1, 3
"""How many are kept; a build that prints a lot prints some hundred kilobytes."""
UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
"""By its mark the encoding that Windows PowerShell redirects to."""


class Excerpt(NamedTuple):
    """What is kept of a log."""

    first: str
    last: str
    """Empty where all of it is in `first`."""
    last_line: int
    """The number of the first line in `last`."""
    left_out: int
    """How many bytes between the two are left out."""

    def lines(self) -> Iterator[tuple[int, str]]:
        """The lines with their numbers, from 1; those that are cut off in the middle count, and are left out."""
        first = self.first.split("\n")[:-1] if self.left_out else _lines(self.first)
        yield from enumerate(first, 1)
        yield from enumerate(_lines(self.last)[1:], self.last_line + 1)


def read_excerpt(stream: BinaryIO) -> Excerpt:
    """Read a log to its end, and keep what may matter of it.

    Bytes that are no text become U+FFFD.
    """
    first = stream.read(FIRST_CHUNKS * CHUNK)
    encoding = UTF_16.get(first[:2], "utf-8")
    newline = "\n".encode(encoding)
    kept: deque[bytes] = deque()
    line, left_out = 1 + first.count(newline), 0
    while chunk := stream.read(CHUNK):
        kept.append(chunk)
        if len(kept) > LAST_CHUNKS:
            dropped = kept.popleft()
            line += dropped.count(newline)
            left_out += len(dropped)
    last = b"".join(kept)
    if not left_out:
        first, last = first + last, b""
    return Excerpt(_decoded(first, encoding), _decoded(last, encoding), line, left_out)


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _decoded(data: bytes, encoding: str) -> str:
    return data.decode(encoding, "replace").removeprefix("\ufeff")
