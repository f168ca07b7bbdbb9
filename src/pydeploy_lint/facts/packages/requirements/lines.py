"""The logical lines of a requirements file, as pip makes them, with the place in the file of every character.

Follows ``pip._internal.req.req_file`` of pip 26.2: first the encoding, then lines, continuations and comments.
"""

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from pydeploy_lint.files.source import FileProblem, Source
from pydeploy_lint.finding import Span

CODING_LINE = re.compile(rb"coding[:=]\s*([-\w.]+)")
PYTHON_ONLY_ENCODINGS = {"punycode", "idna", "undefined", "unicode_escape", "raw_unicode_escape"}
"""Codecs that are text encodings to Python alone; decoding with some of them takes quadratic time."""


MAX_LINE = 100_000
"""Characters in a logical line; what a requirement with hundreds of hashes does not reach."""


class Piece(NamedTuple):
    """Where a stretch of a logical line comes from."""

    start: int
    """Offset in the logical line."""
    offset: int
    """Offset in the text of the file."""


class Line(NamedTuple):
    """A logical line: continuations joined, without its comment and the white space around it."""

    text: str
    source: Source
    pieces: tuple[Piece, ...]

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """The place in the file of a stretch of the line; all of it by default."""
        last = len(self.text) if end is None else end
        return self.source.span(
            self._offset(start), self._offset(last - 1) + 1 if last > start else self._offset(start)
        )

    def _offset(self, index: int) -> int:
        piece = self.pieces[bisect_right(self.pieces, index, key=lambda piece: piece.start) - 1]
        return piece.offset + index - piece.start


def decode(source: Source) -> Source:
    """The file in the encoding that pip reads it in: of its byte order mark, of its coding line, else UTF-8.

    Raises:
        FileProblem: pip cannot decode it, and gives up.
    """
    if not source.byte_order_mark and (declared := _declared_encoding(source.data)):
        name, at = declared
        decoded = _decoded(source.data, name)
        if decoded is None:
            message = f"declares the encoding {name!r}, in which it cannot be read"
            raise FileProblem(source.line_span(at), message, invalid=True)
        source = Source(source.path, decoded.encode("utf-8", "replace"))
    if source.undecodable is not None:
        encoding = source.encoding.upper()
        message = f"is not {encoding} text, has no other byte order mark, and names no encoding in a comment"
        if source.byte_order_mark:
            message = f"begins with the byte order mark of {encoding}, but is not {encoding} text"
        raise FileProblem(source.span(source.undecodable, source.undecodable + 1), message, invalid=True)
    return source


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        if codecs.lookup(encoding).name.replace("-", "_") in PYTHON_ONLY_ENCODINGS:
            return None
        return data.decode(encoding)
    except (LookupError, UnicodeError):
        return None


def _declared_encoding(data: bytes) -> tuple[str, int] | None:
    for number, line in enumerate(data.split(b"\n", 2)[:2], start=1):
        if line.startswith(b"#") and (match := CODING_LINE.search(line)):
            return match[1].decode("ascii"), number
    return None


def logical_lines(source: Source) -> Iterator[Line]:
    """The lines that hold something, in order.

    Args:
        source: the file, as `decode` returns it.

    Raises:
        FileProblem: a line is longer than `MAX_LINE`.
    """
    parts: list[str] = []
    pieces: list[Piece] = []
    length = offset = 0
    # pip ends lines where str.splitlines does, which is at more characters than LF.
    for text, whole in zip(source.text.splitlines(), source.text.splitlines(keepends=True), strict=True):
        is_comment = text.lstrip().startswith("#")
        continues = text.endswith("\\") and not is_comment
        start, part = offset, text
        if continues:
            start += len(text) - len(text.lstrip("\\"))
            part = text.strip("\\")
        elif is_comment:
            part = ""
        pieces.append(Piece(length, start))
        parts.append(part)
        length += len(part)
        offset += len(whole)
        if length > MAX_LINE:
            message = f"has a line of more than {MAX_LINE:,} characters, and was not read"
            raise FileProblem(source.span(start), message)
        if not continues:
            yield from _without_comment("".join(parts), source, pieces)
            parts, pieces, length = [], [], 0
    yield from _without_comment("".join(parts), source, pieces)


def _without_comment(text: str, source: Source, pieces: list[Piece]) -> Iterator[Line]:
    # Not by pip's expression, which takes quadratic time on a long run of white space.
    mark = text.find("#")
    while mark > 0 and not text[mark - 1].isspace():
        mark = text.find("#", mark + 1)
    if mark >= 0:
        text = text[:mark]
    text = text.rstrip()
    lead = len(text) - len(text.lstrip())
    if lead < len(text):
        shifted = [piece._replace(start=piece.start - lead) for piece in pieces]
        yield Line(text[lead:], source, tuple(shifted))
