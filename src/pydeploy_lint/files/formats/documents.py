"""TOML and JSON files: the strict parser's values, and the place in the file of each of them."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pydeploy_lint.files.source import FileProblem, Source
from pydeploy_lint.finding import Span

if TYPE_CHECKING:
    from pydeploy_lint.files.formats.positions import Key, Place, Stretch

CONFLICT_MARKER = re.compile(r"^(?:<{7} .*|={7}|>{7} .*)\r?$", re.MULTILINE)
QUOTE = re.compile(r"""("{3}|'{3}|["'])(?:\r?\n)?""")
"""What opens a string; a line end after the three quotes of TOML is not part of it."""
MOST_NESTED = 400
"""How deeply arrays and objects may be nested: as deeply as tomli reads them, with every version of Python."""
MOST_TABLES = 200_000
"""How many headers, and dots in keys, a TOML file may have. A uv.lock of 60 MB has some 20,000."""
LONG_BITS = re.compile(r"0[xob]\w{3500}")
"""What may be an integer that is too long to be printed; see `positions.too_long_integer`."""
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

Form = Literal["json", "toml"]


class Document:
    """A parsed file. The places are looked up only when the first span is asked for.

    Attributes:
        source: the file's text.
        value: what it says, in plain dicts, lists, strings, numbers and dates; of any shape, so look before you use.
    """

    def __init__(self, source: Source, value: object, form: Form) -> None:
        self.source = source
        self.value = value
        self._form = form

    def get(self, *keys: Key) -> object:
        """The value at a path of keys and indices; None where there is none."""
        value = self.value
        for key in keys:
            if isinstance(value, dict):
                value = value.get(key)
            elif isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
                value = value[key]
            else:
                return None
        return value

    def span(self, *keys: Key) -> Span:
        """The place of the value at a path.

        A TOML table that has a header stands there, in ``[tool.uv]``; one that only occurs in the names of others
        stands in such a name, as an array of tables does. Where nothing is at the path, the key of what is nearest
        to it is the place, and the whole file where that is nothing at all.
        """
        place, found = self._find(keys)
        return self._span(place.value if found else place.key)

    def key_span(self, *keys: Key) -> Span:
        """The place of the last key of a path, in its quotes if it has any; see `span` for a path to nothing.

        An element of an array has no key, and stands for it; that of an array of tables has the name in its header.
        """
        return self._span(self._find(keys)[0].key)

    def string_span(self, *keys: Key, start: int, end: int | None = None) -> Span:
        """The place of a part of a string: of ``value[start:end]``, where the value is that at the path.

        The whole string is the place if it is written with escapes, since there the offsets are not those of the file.
        """
        value = self.get(*keys)
        place, found = self._find(keys)
        if found and isinstance(value, str) and place.value:
            first, last = place.value
            opening = QUOTE.match(self.source.text, first, last)
            if opening and self.source.text[opening.end() : last - len(opening[1])] == value:
                return self.source.span(opening.end() + start, opening.end() + (len(value) if end is None else end))
        return self.span(*keys)

    @cached_property
    def _root(self) -> Place:
        from pydeploy_lint.files.formats import positions

        if self._form == "toml":
            return positions.toml_places(self.source.text)
        text = self.source.text
        return positions.json_places(positions.without_half_pairs(text) if SURROGATE.search(text) else text)

    def _find(self, keys: tuple[Key, ...]) -> tuple[Place, bool]:
        place = self._root
        for key in keys:
            inner = place.child(key)
            if inner is None:
                return place, False
            place = inner
        return place, True

    def _span(self, stretch: Stretch | None) -> Span:
        if stretch is None:
            return Span(self.source.path)
        return self.source.span(*stretch)


def read_toml(source: Source) -> Document:
    """Parse a TOML file. A byte order mark is ignored: whether it does harm depends on who reads the file.

    Raises:
        FileProblem: it is not valid TOML, or holds what is too large to be read.
    """
    import tomli

    text = _text(source)
    _refuse_many_tables(source, text)
    try:
        value = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise _invalid(source, "TOML", source.offset(error.lineno, error.colno), error.msg) from error
    except RecursionError as error:
        raise _deep_nesting(source, "toml") from error
    except ValueError as error:
        raise _long_integer(source, "toml") from error
    if LONG_BITS.search(text):
        _refuse_long_integer(source)
    return Document(source, value, "toml")


def read_json(source: Source) -> Document:
    """Parse a JSON file. A byte order mark is ignored; of the values of a repeated key the last one counts.

    Half a surrogate pair becomes U+FFFD, as it does for jq.

    Raises:
        FileProblem: it is not valid JSON, or holds what is too large to be read.
    """
    text = _text(source)
    _refuse_deep_nesting(source, text)
    if SURROGATE.search(text):
        from pydeploy_lint.files.formats.positions import without_half_pairs

        text = without_half_pairs(text)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise _invalid(source, "JSON", error.pos, error.msg) from error
    except RecursionError as error:
        raise _deep_nesting(source, "json") from error
    except ValueError as error:
        raise _long_integer(source, "json") from error
    return Document(source, value, "json")


def _text(source: Source) -> str:
    if source.encoding != "utf-8":
        message = f"is in {source.encoding[:6].upper()}, and must be in UTF-8"
        raise FileProblem(Span(source.path), message, invalid=True)
    if (at := source.undecodable) is not None:
        byte = ord(source.text[at]) & 0xFF
        message = f"is not text in UTF-8: byte 0x{byte:02X} in line {source.position(at)[0]}"
        raise FileProblem(source.span(at, at + 1), message, invalid=True)
    return source.text


def _invalid(source: Source, form: str, offset: int, reason: str) -> FileProblem:
    if marker := CONFLICT_MARKER.search(source.text):
        at = source.span(marker.start())
        message = f"holds an unresolved merge conflict: line {at.line} begins with {marker[0][:7]}"
    else:
        at = source.span(offset)
        message = f"is not valid {form} in line {at.line}: {reason[:1].lower()}{reason[1:]}"
    return FileProblem(at, message, invalid=True)


def _refuse_many_tables(source: Source, text: str) -> None:
    if text.count("\n[") + text.count(".") <= MOST_TABLES:
        return
    from pydeploy_lint.files.formats.positions import too_many_tables

    if (at := too_many_tables(text, MOST_TABLES)) is not None:
        raise _excessive(source, "holds too many tables", (at, at))


def _refuse_deep_nesting(source: Source, text: str) -> None:
    if text.count("[") + text.count("{") <= MOST_NESTED:
        return
    from pydeploy_lint.files.formats.positions import too_deep

    if too_deep(text, MOST_NESTED, is_toml=False) is not None:
        raise _deep_nesting(source, "json")


def _deep_nesting(source: Source, form: Form) -> FileProblem:
    from pydeploy_lint.files.formats.positions import too_deep

    at = too_deep(source.text, MOST_NESTED, is_toml=form == "toml")
    return _excessive(source, "is nested too deeply", None if at is None else (at, at + 1))


def _refuse_long_integer(source: Source) -> None:
    from pydeploy_lint.files.formats.positions import too_long_integer

    if stretch := too_long_integer(source.text, is_toml=True, converted=True):
        raise _excessive(source, "holds a number that is too long", stretch)


def _long_integer(source: Source, form: Form) -> FileProblem:
    from pydeploy_lint.files.formats.positions import too_long_integer

    stretch = too_long_integer(source.text, is_toml=form == "toml", converted=False)
    return _excessive(source, "holds a number that is too long", stretch)


def _excessive(source: Source, reason: str, stretch: Stretch | None) -> FileProblem:
    if stretch is None:
        return FileProblem(Span(source.path), f"{reason} to be read", invalid=True)
    at = source.span(*stretch)
    return FileProblem(at, f"{reason} to be read, in line {at.line}", invalid=True)
