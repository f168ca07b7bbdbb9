"""Where the keys and values of a valid TOML or JSON file stand, read only as far as somebody asks.

A place is a pair of offsets in the text. For TOML, one pass finds the table headers; the pairs under a header are read
when a path leads into that table. For both formats, the inside of an array or object is read when a path leads into it.

The text has been parsed before, so it is valid. Where this reader meets something that it does not know, it finds no
place from there on: no place is better than a wrong one. Nothing here recurses, and every expression is linear.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Key = str | int
Stretch = tuple[int, int]
"""Two offsets in the text."""

_TOML_STRING = r"""(?:"(?!"")[^"\\\n]*"|'(?!'')[^'\n]*')"""
"""A string on one line without escapes."""
_BRACKETS = re.compile(
    r"""[^"'#\[\]{}]*(?:"""
    # The elements of a lock's arrays: a table on one line. Bounded, so that a match needs little memory.
    r"""(?P<whole>\{[^"'#\[\]{}\n]*(?:STRING[^"'#\[\]{}\n]*){0,50}\}|\#[^\n]*|STRING)"""
    r"""|(?P<mark>["'\[\]{}]))""".replace("STRING", _TOML_STRING)
)
_JSON_BRACKETS = re.compile(
    r"""[^"\[\]{}]*(?:(?P<whole>"[^"\\]*"|\{[^"\[\]{}]*(?:"[^"\\]*"[^"\[\]{}]*){0,50}\})|(?P<mark>["\[\]{}]))"""
)
_BASIC = re.compile(r'"[^"\\]*(?:\\.[^"\\]*){0,50}', re.DOTALL)
_MORE_BASIC = re.compile(r'[^"\\]*(?:\\.[^"\\]*){1,50}', re.DOTALL)
_LONG_BASIC_PART = re.compile(r'\\.|"""', re.DOTALL)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"[ \t\r\n,]*")
_SPACE = re.compile(r"[ \t]*")
_SCALAR = re.compile(r"\d{4}-\d\d-\d\d \d\d:[^ \t\r\n,\]}#]*|[^ \t\r\n,\]}#]+")
"""A number, a date or a name; between a date and a time there may be a blank."""
_LONG_INTEGER = re.compile(r"\d[\d_]{4300}[\d_]*")
_LONG_BITS = re.compile(r"0(?:x[\dA-Fa-f_]{3570}|o[0-7_]{4760}|b[01_]{14280})\w*")
"""An integer of about 4,300 decimal digits or more, which Python converts from this text but to no other."""
_MANY_PARTS = re.compile(r"""(?<![\w-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){400}""")
_DOTTED_OR_HEADER = re.compile(
    r"""[\n{,][ \t]*(?:\[|(?:PART)[ \t]*\.)[\[ \t]*(?:(?:PART)[ \t]*\.[ \t]*){0,1000}""".replace(
        "PART", r"""[\w-]+|"[^"\n]*"|'[^'\n]*'"""
    )
)
"""A bracket or a key that makes more tables than one can see: the parser keeps about a kilobyte for each."""
_OUTSIDE_STRINGS = re.compile(r"""[^"'#]*""")

_HALF_PAIR = re.compile(
    r"\\(?:u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|(u[dD][89a-fA-F][0-9A-Fa-f]{2})|.)", re.DOTALL
)


class Place:
    """Where a value and its key stand, and what is known of the values inside.

    Attributes:
        key: the place of the key.
        value: the place of the value.
    """

    __slots__ = ("_inside", "_unread", "key", "value")

    def __init__(self, key: Stretch | None = None, value: Stretch | None = None) -> None:
        self.key = key
        self.value = value
        self._unread: list[_Unread] | None = None
        self._inside: dict[Key, Place] | None = None

    def child(self, key: Key) -> Place | None:
        """The place of the value of a key or at an index; None where there is none."""
        unread, self._unread = self._unread, None
        for part in unread or ():
            part.scanner.read(self, part)
        return self._inside.get(key) if self._inside else None

    def add_unread(self, part: _Unread) -> None:
        """Leave a part of the text, which holds values of this one, to be read later."""
        self._unread = [*(self._unread or ()), part]

    def put(self, key: Key, place: Place) -> Place:
        """Add the place of a value inside; returns it."""
        if self._inside is None:
            self._inside = {}
        self._inside[key] = place
        return place

    def table(self, names: list[_Name]) -> Place:
        """The table that a dotted name leads to; in an array of tables, the one that was begun last."""
        table = self
        for name, at in names:
            inner = table._inside.get(name) if table._inside else None
            table = inner or table.put(name, Place(at, at))
            inside = table._inside or {}
            table = inside.get(len(inside) - 1, table)
        return table

    def define(self, names: list[_Name], whole: Stretch, *, is_element: bool) -> Place:
        """Add a TOML table that has a header, or an element of an array of tables; returns its place."""
        *parents, (name, at) = names
        parent = self.table(parents)
        known = parent._inside.get(name) if parent._inside else None
        if is_element:
            array = known or parent.put(name, Place(at, at))
            return array.put(len(array._inside or ()), Place(at, whole))
        # It may be known already as the parent of another one.
        table = known or parent.put(name, Place())
        table.key, table.value = at, whole
        return table


class _Unread(NamedTuple):
    """A part of the text that holds the values of one place.

    It ends at the offset, or for an array and an object (`end` is None) with the bracket that closes it.
    """

    scanner: _Scanner
    start: int
    end: int | None = None


_Name = tuple[str, Stretch]


def toml_places(text: str) -> Place:
    """The places in a valid TOML file."""
    scanner = _Toml(text)
    root = table = Place()
    start = 0
    for bracket in scanner.headers():
        table.add_unread(_Unread(scanner, start, bracket))
        is_element = text.startswith("[[", bracket)
        names, start = scanner.names(bracket + 1 + is_element)
        if not names:
            return root
        start += 1 + is_element
        table = root.define(names, (bracket, start), is_element=is_element)
    table.add_unread(_Unread(scanner, start, len(text)))
    return root


def json_places(text: str) -> Place:
    """The places in a valid JSON file."""
    scanner = _Json(text)
    start = scanner.skip(0)
    root = Place()
    if text.startswith(("[", "{"), start):
        root.add_unread(_Unread(scanner, start))
    return root


def without_half_pairs(text: str) -> str:
    r"""A JSON text in which the escape of half a surrogate pair is that of U+FFFD, as it is for jq; of the same length.

    No encoding has a half pair, so a value with one could not be printed.
    """
    return _HALF_PAIR.sub(lambda match: "\\ufffd" if match[1] else match[0], text)


def too_deep(text: str, depth: int, *, is_toml: bool) -> int | None:
    """The first offset at which arrays and tables are nested deeper than that; None where none are.

    In TOML a key of more than 400 parts counts, too.

    Args:
        text: a JSON or TOML text, valid or not.
        depth: how many may be inside one another.
        is_toml: whether it is TOML.
    """
    scanner = (_Toml if is_toml else _Json)(text)
    found = next((at for at, nested in scanner.nesting() if nested > depth), None)
    if found is not None:
        return found
    parts = _MANY_PARTS.search(text) if is_toml else None
    return parts.start() if parts else None


def too_many_tables(text: str, most: int) -> int | None:
    """The offset at which a TOML text has had more headers, and dots in keys, than allowed; None where it has fewer.

    Seen from the outside of strings only, so a little too many are counted.
    """
    count = 0
    for match in _DOTTED_OR_HEADER.finditer(text):
        count += 1 + match[0].count(".")
        if count > most:
            return match.end()
    return None


def too_long_integer(text: str, *, is_toml: bool, converted: bool) -> Stretch | None:
    """The first integer that Python refuses to convert, from text or to it; None if there is none.

    Args:
        text: a JSON or TOML text, valid or not.
        is_toml: whether it is TOML.
        converted: whether all integers could be converted from text.
    """
    pattern = _LONG_BITS if converted else _LONG_INTEGER
    if not pattern.search(text):
        return None
    scanner = (_Toml if is_toml else _Json)(text)
    found = (match.span() for part in scanner.bare_stretches() for match in pattern.finditer(text, *part))
    integers = [stretch for stretch in found if _is_integer(text, *stretch)]
    if integers and is_toml:
        headers = _Toml(text).header_lines()
        integers = [(start, end) for start, end in integers if text.rfind("\n", 0, start) not in headers]
    return integers[0] if integers else None


def _is_integer(text: str, start: int, end: int) -> bool:
    """Whether a number is neither a part of another thing nor a key."""
    space = _SPACE.match(text, end)
    after = text[end : end + 1] + (text[space.end() : space.end() + 1] if space else "")
    before = text[max(start - 2, 0) : start].lstrip("+-")[-1:]
    return not (before.isalnum() or before in (".", "_") or set(after) & set("=.:eE"))


class _Scanner:
    """Reads a text from left to right. Offsets go in and come out."""

    brackets: re.Pattern[str]
    separator: str
    """Between a key and its value."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, place: Place, part: _Unread) -> None:
        """Add the places of all values directly inside a place, as far as they are in a part of the text."""
        if part.end is None and self.text[part.start] == "[":
            self._read_array(place, part.start + 1)
        elif part.end is None:
            self._read_pairs(place, part.start + 1, len(self.text))
        else:
            self._read_pairs(place, part.start, part.end)

    def _read_array(self, place: Place, start: int) -> None:
        at, index = self.skip(start), 0
        while at < len(self.text) and self.text[at] != "]":
            end = self.value_end(at)
            if end <= at:
                return
            place.put(index, self._place(at, end))
            at, index = self.skip(end), index + 1

    def _read_pairs(self, place: Place, start: int, stop: int) -> None:
        at = self.skip(start)
        while at < stop and self.text[at] != "}":
            names, equals = self.names(at)
            if not names or not self.text.startswith(self.separator, equals):
                return
            at = self.skip(equals + 1)
            end = self.value_end(at)
            if end <= at:
                return
            *parents, (name, key) = names
            place.table(parents).put(name, self._place(at, end, key))
            at = self.skip(end)

    def _place(self, start: int, end: int, key: Stretch | None = None) -> Place:
        place = Place(key or (start, end), (start, end))
        if self.text[start] in "[{":
            place.add_unread(_Unread(self, start))
        return place

    def skip(self, at: int) -> int:
        """Where the next thing begins, after blanks, line ends, commas and comments."""
        while True:
            blank = _BLANK.match(self.text, at)
            at = blank.end() if blank else at
            if not self.text.startswith("#", at):
                return at
            at = self._line_end(at)

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def names(self, at: int) -> tuple[list[_Name], int]:
        """The parts of a key, and the offset of what follows; no parts where there is no key."""
        raise NotImplementedError

    def value_end(self, at: int) -> int:
        """Where the value ends that begins here; the same offset where there is none."""
        first = self.text[at : at + 1]
        if first and first in "\"'":
            return self.string_end(at)
        if first and first in "[{":
            return self._closed(at)
        match = _SCALAR.match(self.text, at)
        return match.end() if match else at

    def _closed(self, at: int) -> int:
        whole = self.brackets.match(self.text, at)
        if whole and whole["whole"]:
            return whole.end()
        for bracket, depth in self.nesting(at):
            if depth == 0:
                return bracket + 1
        return at

    def nesting(self, start: int = 0) -> Iterator[tuple[int, int]]:
        """The brackets outside of strings and comments, each with the number of those still open after it.

        An object that holds no other and stands on one line is left out.
        """
        depth = 0
        for at, _ in self._marks(start):
            depth += 1 if self.text[at] in "[{" else -1
            yield at, depth

    def _marks(self, start: int) -> Iterator[tuple[int, int]]:
        """The brackets outside of strings and comments, each with the offset where the search for it began."""
        match, at = self.brackets.match, start
        while token := match(self.text, at):
            begin, at = at, token.end()
            if token["mark"] is None:
                continue
            if self.text[at - 1] in "\"'":
                at = self.string_end(at - 1)
            else:
                yield at - 1, begin

    def bare_stretches(self) -> Iterator[Stretch]:
        """What is outside of strings and comments, in pieces."""
        at = 0
        while token := _OUTSIDE_STRINGS.match(self.text, at):
            start, at = token.span()
            yield start, at
            if at == len(self.text):
                return
            at = self._line_end(at) if self.text[at] == "#" else self.string_end(at)

    def string_end(self, at: int) -> int:
        """Where the string ends that begins here; the end of the text where nothing ends it."""
        if self.text[at] == "'":
            return self._after("'", at + 1)
        match = _BASIC.match(self.text, at)
        while match:
            at = match.end()
            match = _MORE_BASIC.match(self.text, at)
        return self._after('"', at)

    def _after(self, mark: str, at: int) -> int:
        end = self.text.find(mark, at)
        return len(self.text) if end < 0 else end + len(mark)


class _Json(_Scanner):
    brackets = _JSON_BRACKETS
    separator = ":"

    def names(self, at: int) -> tuple[list[_Name], int]:
        if not self.text.startswith('"', at):
            return [], at
        end = self.string_end(at)
        written = self.text[at:end]
        try:
            name = json.loads(written) if "\\" in written else written[1:-1]
        except ValueError:
            return [], at
        return [(name, (at, end))], self.skip(end)


class _Toml(_Scanner):
    brackets = _BRACKETS
    separator = "="

    def headers(self) -> Iterator[int]:
        """The offsets of the brackets that open the headers of tables."""
        depth = 0
        for at, begin in self._marks(0):
            if self.text[at] in "]}":
                depth -= 1
            elif depth or not self._is_first(begin, at):
                depth += 1
            else:
                yield at
                depth += 1

    def header_lines(self) -> set[int]:
        """The offsets of the line ends before the headers."""
        return {self.text.rfind("\n", 0, at) for at in self.headers()}

    def _is_first(self, begin: int, at: int) -> bool:
        """Whether a bracket is the first thing in its line."""
        line = self.text.rfind("\n", begin, at) + 1
        return (line > 0 or begin == 0) and not self.text[line:at].strip(" \t")

    def names(self, at: int) -> tuple[list[_Name], int]:
        names: list[_Name] = []
        while True:
            at = self._after_space(at)
            end = self._name_end(at)
            name = self._name(at, end)
            if name is None:
                return [], at
            names.append((name, (at, end)))
            at = self._after_space(end)
            if not self.text.startswith(".", at):
                return names, at
            at += 1

    def _after_space(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def _name_end(self, at: int) -> int:
        if self.text.startswith(('"', "'"), at):
            return self.string_end(at)
        match = _BARE.match(self.text, at)
        return match.end() if match else at

    def _name(self, start: int, end: int) -> str | None:
        written = self.text[start:end]
        if not written.startswith(('"', "'")):
            return written or None
        if written[0] == "'" or "\\" not in written:
            return written[1:-1]
        import tomli

        try:
            return next(iter(tomli.loads(f"{written} = 0")))
        except tomli.TOMLDecodeError:
            return None

    def string_end(self, at: int) -> int:
        mark = self.text[at] * 3
        if not self.text.startswith(mark, at):
            return super().string_end(at)
        end = self._after(mark, at + 3) if mark == "'''" else self._long_basic_end(at + 3)
        # Up to two quotes may stand before the three that end it.
        for _ in range(2):
            end += self.text.startswith(mark[0], end)
        return end

    def _long_basic_end(self, at: int) -> int:
        while part := _LONG_BASIC_PART.search(self.text, at):
            at = part.end()
            if part[0] == '"""':
                return at
        return len(self.text)
