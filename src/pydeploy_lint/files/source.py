"""The one reader of text: bytes become lines and columns here, encodings and byte order marks are decided here."""

from __future__ import annotations

import codecs
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from pydeploy_lint.finding import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

BYTE_ORDER_MARKS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class FileProblem(Exception):
    """A file that cannot be read, or does not hold what it should; what depends on it is undecided.

    Attributes:
        at: the place.
        message: what is wrong.
        invalid: whether the file could be read and has the wrong content.
    """

    def __init__(self, at: Span, message: str, *, invalid: bool = False) -> None:
        super().__init__(f"{at}: {message}")
        self.at = at
        self.message = message
        self.invalid = invalid


class Source:
    """A text file with its positions.

    Only LF ends a line, with or without a CR before it. Columns count code points, from 1. A byte order mark
    belongs to no column. Bytes that the encoding does not allow become lone surrogates, so every byte has its place.
    """

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data
        self.byte_order_mark, self.encoding = next(
            ((mark, encoding) for mark, encoding in BYTE_ORDER_MARKS if data.startswith(mark)), (b"", "utf-8")
        )

    @cached_property
    def text(self) -> str:
        """The decoded content, without the byte order mark, with all its line ends."""
        body = self.data[len(self.byte_order_mark) :]
        if self.encoding == "utf-8":
            return body.decode("utf-8", "surrogateescape")
        return body.decode(self.encoding, "replace")

    @cached_property
    def undecodable(self) -> int | None:
        """The offset in `text` of the first character that the encoding does not allow; None where all is well."""
        body = self.data[len(self.byte_order_mark) :]
        try:
            body.decode(self.encoding)
        except UnicodeDecodeError as error:
            return len(body[: error.start].decode(self.encoding))
        return None

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        end = self.text.find("\n")
        while end >= 0:
            starts.append(end + 1)
            end = self.text.find("\n", end + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset in `text`."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def span(self, start: int, end: int | None = None) -> Span:
        """The stretch between two offsets in `text`; to the end of the line where no end is given."""
        if end is None:
            line, column = self.position(start)
            end = start + len(self.line(line)[column - 1 :])
        return Span(self.path, *self.position(start), *self.position(max(start, end)))

    def offset(self, line: int, column: int) -> int:
        """The offset in `text` of a line and a column; the inverse of `position`."""
        return self._line_starts[line - 1] + column - 1

    def line(self, number: int) -> str:
        """The text of a line, without its line end; empty beyond the last one."""
        if not 0 < number <= len(self._line_starts):
            return ""
        start = self._line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : None if end < 0 else end].removesuffix("\r")

    def line_span(self, number: int) -> Span:
        """A whole line, without the white space around it."""
        text = self.line(number)
        start = self.offset(number, 1) + len(text) - len(text.lstrip())
        return self.span(start, start + len(text.strip()))

    def line_end(self, number: int) -> str:
        """What ends a line, or the one before it where nothing ends it; LF in a file without line ends."""
        end = self.text.find("\n", self._line_starts[number - 1])
        if end < 0:
            end = self._line_starts[-1] - 1
        return "\r\n" if end > 0 and self.text[end - 1] == "\r" else "\n"

    def edited(self, edits: Iterable[tuple[Span, str]]) -> bytes:
        """The content with other text in some places, in the same encoding, with the same byte order mark.

        Args:
            edits: stretches that do not overlap, and what replaces them; an empty stretch inserts.

        Raises:
            ValueError: a stretch is not in the file, or the file cannot be kept as it is elsewhere: it has bytes that
                its encoding does not allow, or the encoding lacks what a text holds.
        """
        pieces: list[str] = []
        last = 0
        for start, end, text in sorted((*self._stretch(span), text) for span, text in edits):
            pieces += self.text[last:start], text
            last = end
        whole = "".join([*pieces, self.text[last:]])
        if self.encoding == "utf-8":
            return self.byte_order_mark + whole.encode("utf-8", "surrogateescape")
        if self.undecodable is not None:
            raise ValueError(f"{self.path} is not valid {self.encoding}")
        return self.byte_order_mark + whole.encode(self.encoding)

    def _stretch(self, span: Span) -> tuple[int, int]:
        _, line, column, end_line, end_column = span
        if line is None or column is None or end_line is None or end_column is None:
            raise ValueError(f"{span} is not a stretch of a file")
        start, end = self._checked_offset(line, column), self._checked_offset(end_line, end_column)
        if start > end:
            raise ValueError(f"{span} ends before it begins")
        return start, end

    def _checked_offset(self, line: int, column: int) -> int:
        offset = self.offset(line, column) if 0 < line <= len(self._line_starts) and column > 0 else -1
        if not 0 <= offset <= len(self.text) or self.position(offset) != (line, column):
            raise ValueError(f"{self.path} has no line {line} with a column {column}")
        return offset

    @property
    def line_count(self) -> int:
        """How many lines there are; what follows the last line end counts if there is any."""
        return len(self._line_starts) - (self._line_starts[-1] == len(self.text))
