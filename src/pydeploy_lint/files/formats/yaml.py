"""The texts in a YAML file, with their places and the keys that they stand under.

Read is what people write in the files of CI services: nested mappings and lists, in blocks and in brackets, plain and
quoted texts, and blocks of lines. Nothing is built from it: no alias is followed, no tag means anything, and a text is
only as long as it is written. What is beyond that (a key after ``?``, very deep nesting, a bracket that nothing closes)
makes the file unreadable. Source: YAML 1.2.2.
"""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_NESTED = 100
"""How many mappings and lists may be inside one another; nobody writes more in a file for CI."""

_INDENTATION = re.compile(r" *")
_BLANKS = re.compile(r"[ \t]*")
_WHITE = re.compile(r"[ \t\r\n]*")
_DOCUMENT_MARK = re.compile(r"(?:---|\.\.\.)(?=[ \t\r\n]|\Z)")
_DASH = re.compile(r"-(?=[ \t\r\n]|\Z)")
_QUESTION = re.compile(r"\?(?=[ \t\r\n]|\Z)")
_PROPERTY = re.compile(r"[&!][^ \t\r\n,\[\]{}]*(?=[ \t\r\n]|\Z)")
"""An anchor or a tag."""
_KEY_END = re.compile(r"[ \t]*:(?=[ \t\r\n]|\Z)")
_BLOCK_HEADER = re.compile(r"[|>][-+1-9]{0,2}[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z)")
_PLAIN_END = re.compile(r"(?=\r?(?:\n|\Z))|:(?=[ \t\r\n]|\Z)|[ \t]#")
_FLOW_PLAIN_END = re.compile(r"[,\[\]{}\n]|:(?=[ \t\r\n,\[\]{}]|\Z)|[ \t]#|\Z")
_DOUBLE_PART = re.compile(r'\\.|"', re.DOTALL)
_SINGLE_PART = re.compile("''|'")


class UnreadableYaml(Exception):
    """The file is no YAML, or uses more of it than is read here."""


class Style(enum.Enum):
    """How a text is written."""

    PLAIN = enum.auto()
    QUOTED = enum.auto()
    """Its place includes the quotes."""
    BLOCK = enum.auto()
    """Its place begins with ``|`` or ``>``."""


class Text(NamedTuple):
    """A text that is no key.

    Attributes:
        keys: the keys that it stands under, from the outermost.
        style: how it is written.
        start: the offset of its first character.
        end: the offset after its last.
    """

    keys: tuple[str, ...]
    style: Style
    start: int
    end: int


def texts(text: str) -> Iterator[Text]:
    """The texts of a YAML file, in order.

    Raises:
        UnreadableYaml: what follows cannot be read.
    """
    return _Reader(text).read()


class _Level:
    """A mapping or a list in brackets or in a block, with the key that is being read."""

    __slots__ = ("column", "key", "kind")

    def __init__(self, column: int, kind: str) -> None:
        self.column = column
        self.kind = kind
        """``:`` for a mapping, ``-`` for a list, or the bracket that opens it."""
        self.key: str | None = None


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.levels: list[_Level] = []

    def read(self) -> Iterator[Text]:
        at = 0
        while at < len(self.text):
            start = at + self._length(_INDENTATION, at)
            if start == at and (mark := _DOCUMENT_MARK.match(self.text, at)):
                self.levels.clear()
                start = mark.end() + self._length(_BLANKS, mark.end())
            if self._is_line_end(start) or (self.text[start] == "%" and not self.levels):
                at = self._next_line(start)
                continue
            at, found = self._line(at, start)
            yield from found

    def _line(self, line: int, at: int) -> tuple[int, list[Text]]:
        """Read the nodes that begin in a line; the offset of the next line that is not read yet."""
        while not self._is_line_end(at):
            column = at - line
            if _DASH.match(self.text, at):
                self._enter(column, "-")
                at = self._after_blanks(at + 1)
            elif _QUESTION.match(self.text, at):
                raise UnreadableYaml
            elif (key := self._key(at)) is not None:
                level = self._enter(column, ":")
                level.key, at = key
                return self._value(self._after_blanks(at))
            elif _PROPERTY.match(self.text, at):
                at = self._after_properties(at)
            else:
                self._leave(column)
                return self._value(at)
        return self._next_line(at), []

    def _leave(self, column: int) -> None:
        while self.levels and self.levels[-1].column >= column:
            self.levels.pop()

    def _enter(self, column: int, kind: str) -> _Level:
        """The mapping or list of blocks that has its keys or dashes in a column; a list may stand below its key."""
        while self.levels and (
            self.levels[-1].column > column
            or (self.levels[-1].column == column and kind == ":" and self.levels[-1].kind == "-")
        ):
            self.levels.pop()
        if not self.levels or (self.levels[-1].column, self.levels[-1].kind) != (column, kind):
            self._push(_Level(column, kind))
        return self.levels[-1]

    def _push(self, level: _Level) -> None:
        if len(self.levels) >= MOST_NESTED:
            raise UnreadableYaml
        self.levels.append(level)

    def _key(self, at: int) -> tuple[str, int] | None:
        """The key of a pair that begins here, and the offset after its colon."""
        at = self._after_properties(at)
        first = self.text[at : at + 1]
        if not first or first in "[{|>#":
            return None
        if first in "\"'":
            end = self._quoted_end(at)
            colon = _KEY_END.match(self.text, end)
            return (self.text[at + 1 : end - 1], colon.end()) if colon and "\n" not in self.text[at:end] else None
        stop = _PLAIN_END.search(self.text, at)
        if stop is None or stop[0] != ":":
            return None
        return self.text[at : stop.start()].rstrip(" \t"), stop.end()

    def _value(self, at: int) -> tuple[int, list[Text]]:
        """Read the text or the brackets that begin here; the offset of the line after them."""
        at = self._after_properties(at)
        if self._is_line_end(at):
            return self._next_line(at), []
        if self.text[at] in "[{":
            end, found = self._brackets(at)
            return self._next_line(end), found
        if _BLOCK_HEADER.match(self.text, at):
            style, end = Style.BLOCK, self._block_end(self._next_line(at))
        elif self.text[at] in "\"'":
            style, end = Style.QUOTED, self._quoted_end(at)
        else:
            style, end = Style.PLAIN, self._plain_end(at)
        found = [Text(self._keys(), style, at, end)]
        return (end if style is Style.BLOCK else self._next_line(end)), found

    def _keys(self) -> tuple[str, ...]:
        return tuple(level.key for level in self.levels if level.key is not None)

    def _block_end(self, at: int) -> int:
        """Where the lines end that are indented more than what they belong to."""
        parent, end = self._parent_column(), at
        while at < len(self.text):
            start = at + self._length(_INDENTATION, at)
            next_line = self._next_line(start)
            is_blank = not self.text[start:next_line].strip()
            if not is_blank and start - at <= parent:
                break
            at = next_line
            end = end if is_blank else at
        return end

    def _parent_column(self) -> int:
        return self.levels[-1].column if self.levels else -1

    def _plain_end(self, at: int) -> int:
        """Where a text without quotes ends, which may go on in the next lines."""
        parent = self._parent_column()
        while True:
            stop = _PLAIN_END.search(self.text, at)
            while stop and stop[0] == ":":
                stop = _PLAIN_END.search(self.text, stop.end())
            end = stop.start() if stop else len(self.text)
            if stop is None or stop[0]:
                return self._stripped(at, end)
            start = self._after_white(end)
            if start >= len(self.text) or self.text[start] == "#" or self._column(start) <= parent:
                return self._stripped(at, end)
            if self._column(start) == 0 and _DOCUMENT_MARK.match(self.text, start):
                return self._stripped(at, end)
            at = start

    def _stripped(self, start: int, end: int) -> int:
        return start + len(self.text[start:end].rstrip(" \t\r\n"))

    def _quoted_end(self, at: int) -> int:
        quote, pattern = self.text[at], _DOUBLE_PART if self.text[at] == '"' else _SINGLE_PART
        at += 1
        while part := pattern.search(self.text, at):
            at = part.end()
            if part[0] == quote:
                return at
        raise UnreadableYaml

    def _brackets(self, at: int) -> tuple[int, list[Text]]:
        """Read what is in brackets; the offset after the one that closes the first."""
        outside, found = len(self.levels), list[Text]()
        while True:
            at = self._after_comments(at)
            char = self.text[at : at + 1]
            if not char:
                raise UnreadableYaml
            if char in "[{":
                self._push(_Level(self._parent_column(), char))
                at += 1
            elif char in "]}":
                self.levels.pop()
                at += 1
                if len(self.levels) == outside:
                    return at, found
            elif char == ",":
                self.levels[-1].key = None
                at += 1
            else:
                at = self._in_brackets(at, found)

    def _in_brackets(self, at: int, found: list[Text]) -> int:
        """Read a key or a text in brackets."""
        if _PROPERTY.match(self.text, at):
            return self._after_properties(at)
        if self.text[at] in "\"'":
            style, start, end = Style.QUOTED, at, self._quoted_end(at)
            name = self.text[start + 1 : end - 1]
        else:
            stop = _FLOW_PLAIN_END.search(self.text, at)
            style, start = Style.PLAIN, at
            end = self._stripped(at, stop.start() if stop else len(self.text))
            name = self.text[start:end]
        after = self._after_white(end)
        if self.text.startswith(":", after):
            self.levels[-1].key = name
            return after + 1
        if self.levels[-1].kind != "{" or self.levels[-1].key is not None:
            found.append(Text(self._keys(), style, start, end))
        return end

    def _after_properties(self, at: int) -> int:
        while prefix := _PROPERTY.match(self.text, at):
            at = self._after_blanks(prefix.end())
        return at

    def _after_comments(self, at: int) -> int:
        at = self._after_white(at)
        while self.text.startswith("#", at):
            at = self._after_white(self._next_line(at))
        return at

    def _after_white(self, at: int) -> int:
        return at + self._length(_WHITE, at)

    def _after_blanks(self, at: int) -> int:
        return at + self._length(_BLANKS, at)

    def _length(self, pattern: re.Pattern[str], at: int) -> int:
        match = pattern.match(self.text, at)
        return match.end() - at if match else 0

    def _column(self, at: int) -> int:
        return at - self.text.rfind("\n", 0, at) - 1

    def _is_line_end(self, at: int) -> bool:
        return self.text[at : at + 1] in ("", "\n", "#") or self.text.startswith("\r\n", at)

    def _next_line(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end + 1
