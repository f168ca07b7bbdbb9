"""Text as tree-sitter wants it, in UTF-8, and the way back from its offsets of bytes to those of characters."""

from __future__ import annotations

from array import array
from functools import cached_property
from itertools import accumulate


class Utf8:
    """A text and its bytes; a question mark stands for what could not be decoded, and for what cannot be encoded."""

    def __init__(self, text: str) -> None:
        self.data = text.encode("utf-8", "replace")
        self._is_ascii = text.isascii()

    def text(self, start: int, end: int) -> str:
        """The text between two offsets of bytes."""
        return self.data[start:end].decode("utf-8", "replace")

    def character(self, byte: int) -> int:
        """The offset of a character, for that of its first byte."""
        return byte if self._is_ascii else self._characters[byte]

    @cached_property
    def _characters(self) -> array[int]:
        """How many characters begin before each byte, and before the end."""
        return array("L", accumulate((byte & 0xC0 != 0x80 for byte in self.data), initial=0))
