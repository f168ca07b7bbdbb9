r"""Strings such as ``$'a\tb'``, in which backslashes stand for what they do in C."""

from __future__ import annotations

import re

_PART = re.compile(
    r"[^'\\]+|\\(?:([abeEfnrtv\\'\"?])|([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|(?s:.))"
)
_CHARACTERS = dict(zip("abeEfnrtv\\'\"?", "\a\b\x1b\x1b\f\n\r\t\v\\'\"?", strict=True))


def read_escaped(text: str, start: int, end: int) -> tuple[list[tuple[str, int, int]] | None, int | None]:
    r"""The parts of such a string, each with its place, and where it ends, the closing quote included.

    Args:
        text: the script.
        start: the offset behind the opening quote.
        end: where to stop.

    Returns:
        No parts where bytes or ``\c`` are in it, whose meaning depends on the locale or ends the string; no end where
        it is not closed.
    """
    parts: list[tuple[str, int, int]] = []
    known = True
    position = start
    while match := _PART.match(text, position, end):
        value = _value(match)
        known = known and value is not None
        parts.append((value or "", position, match.end()))
        position = match.end()
    if not text.startswith("'", position) or position >= end:
        return None, None
    return (parts if known else None), position + 1


def _value(match: re.Match[str]) -> str | None:
    if not match[0].startswith("\\"):
        return match[0]
    character, octal, byte, short, long = match.groups()
    if character:
        return _CHARACTERS[character]
    if octal or byte:
        number = int(octal, 8) if octal else int(byte, 16)
        return chr(number) if 0 < number < 128 else None
    if short or long:
        number = int(short or long, 16)
        return chr(number) if 0 < number < 0xD800 or 0xE000 <= number < 0x110000 else None
    return match[0] if match[0][1:] not in ("c", "x", "u", "U", "0") else None
