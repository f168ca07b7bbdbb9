"""Writes a JSON document piece by piece, in the form that `json_text` gives it as a whole."""

from __future__ import annotations

from pydeploy_lint.report.common.neutral import json_text

STEP = "  "


def member(name: str, value: object, depth: int) -> str:
    """A member of an object, without the comma after it.

    Args:
        name: the key.
        value: what it holds.
        depth: how many objects and arrays are around it.
    """
    return f'{STEP * depth}"{name}": {_indented(value, depth)}'


class Items:
    """The items of an array that is the last thing begun."""

    def __init__(self, depth: int) -> None:
        """Begin with none.

        Args:
            depth: how many objects and arrays are around the array's items.
        """
        self._depth = depth
        self._number = 0

    def add(self, value: object) -> str:
        """The next item, with what separates it from the one before."""
        self._number += 1
        before = ",\n" if self._number > 1 else "\n"
        return f"{before}{STEP * self._depth}{_indented(value, self._depth)}"

    def end(self) -> str:
        """The end of the array."""
        return f"\n{STEP * (self._depth - 1)}]" if self._number else "]"


def _indented(value: object, depth: int) -> str:
    # No text in it has a line end of its own: those are escaped.
    return json_text(value).rstrip("\n").replace("\n", f"\n{STEP * depth}")
