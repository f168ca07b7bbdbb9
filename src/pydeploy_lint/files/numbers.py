"""Numbers as texts have them, which may be longer than Python is ready to read."""

from __future__ import annotations

MOST_DIGITS = 18
"""Digits, without zeros in front: Python refuses to read, and to print, numbers of more than 4,300."""
LARGEST = 10**MOST_DIGITS
"""Stands for every longer number: versions, dates and positions are far below."""


def whole_number(digits: str | bytes) -> int:
    """The number that a text of decimal digits stands for; `LARGEST` for one that is longer than any in use.

    Raises:
        ValueError: there is something else than digits.
    """
    if len(digits) <= MOST_DIGITS:
        return int(digits)
    text = digits.decode("ascii", "replace") if isinstance(digits, bytes) else digits
    if not text.isdecimal():
        raise ValueError("not a whole number")
    text = text.lstrip("0") or "0"
    return int(text) if len(text) <= MOST_DIGITS else LARGEST
