"""The terminal: whether there is one, how wide it is, whether it shows colours, how many columns a text takes."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

USUAL_COLUMNS = 80
STYLE = re.compile(r"\x1b\[[\d;]*m")


class Terminal(NamedTuple):
    """What a person looks at, as opposed to a pipe or a file."""

    columns: int
    colour: bool

    @classmethod
    def detect(cls, stream: TextIO, environ: Mapping[str, str]) -> Terminal | None:
        """The terminal behind a stream; None where a program reads the output.

        ``NO_COLOR`` forbids colours, ``FORCE_COLOR`` asks for them and for the form for people even in a pipe,
        ``TERM=dumb`` is a terminal without them; the first of these decides, as in Python itself. ``COLUMNS`` sets the
        width.

        Args:
            stream: where the report will be written.
            environ: the environment variables.
        """
        forced = bool(environ.get("FORCE_COLOR")) and not environ.get("NO_COLOR")
        if not (stream.isatty() or forced):
            return None
        colour = forced or not (environ.get("NO_COLOR") or environ.get("TERM") == "dumb")
        return cls(_columns(stream, environ), colour)

    def paint(self, text: str, style: str) -> str:
        """The text in a style, given as the numbers of ANSI's SGR sequence, such as ``1;31``."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.colour else text

    def wrap(self, words: Iterable[str], first: str = "", rest: str = "    ") -> list[str]:
        """Words in lines no wider than the terminal where possible; words are never broken.

        Args:
            words: what to write; may be painted.
            first: what stands before the first line.
            rest: what stands before every other line.
        """
        lines: list[str] = []
        used = 0
        for word in words:
            if lines and used + 1 + width(word) <= self.columns:
                lines[-1] += f" {word}"
                used += 1 + width(word)
            else:
                lines.append((rest if lines else first) + word)
                used = width(lines[-1])
        return lines


PIPE = Terminal(columns=1_000_000, colour=False)
"""What a program reads: lines are not broken, and have no colours."""


def _columns(stream: TextIO, environ: Mapping[str, str]) -> int:
    wanted = environ.get("COLUMNS", "")
    if wanted.isdecimal() and int(wanted):
        return int(wanted)
    try:
        return os.get_terminal_size(stream.fileno()).columns or USUAL_COLUMNS
    except (OSError, ValueError):
        return USUAL_COLUMNS


def width(text: str) -> int:
    """How many columns a text takes; styles take none, East Asian wide characters two."""
    text = STYLE.sub("", text)
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(character) in {"Mn", "Me"} else 2 if east_asian_width(character) in {"W", "F"} else 1
        for character in text
    )
