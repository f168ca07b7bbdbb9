"""The terminal: whether there is one, how wide it is, whether it shows colours, how many columns a text takes."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

USUAL_COLUMNS = 80
STYLE = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;;[!-~]*\x1b\\")
"""What `Terminal.paint` and `Terminal.link` add to a text."""
ADDRESS = re.compile(r"https?://[!-~]+")
WITHOUT_LINKS = ("dumb", "linux")
"""The values of ``TERM`` of terminals that print what is to make a link."""


class Terminal(NamedTuple):
    """What a person looks at, as opposed to a pipe or a file."""

    columns: int
    colour: bool
    links: bool = False
    """Whether a text can be made a link (OSC 8)."""

    @classmethod
    def detect(cls, stream: TextIO, environ: Mapping[str, str], colour: bool | None = None) -> Terminal | None:
        """The terminal behind a stream; None where a program reads the output.

        ``NO_COLOR`` forbids colours, ``FORCE_COLOR`` and ``CLICOLOR_FORCE`` ask for them and for the form for people
        even in a pipe, ``TERM=dumb`` is a terminal without them; the first of these decides, as in Python itself.
        ``COLUMNS`` sets the width.

        Args:
            stream: where the report will be written.
            environ: the environment variables.
            colour: whether the user wants colours, whatever the environment says.
        """
        wanted = _wanted_colour(environ) if colour is None else colour
        is_screen = stream.isatty()
        if not (is_screen or wanted):
            return None
        term = environ.get("TERM")
        coloured = term != "dumb" if wanted is None else wanted
        return cls(_columns(stream, environ), coloured, links=is_screen and coloured and term not in WITHOUT_LINKS)

    def paint(self, text: str, style: str) -> str:
        """The text in a style, given as the numbers of ANSI's SGR sequence, such as ``1;31``."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.colour else text

    def link(self, text: str, url: str) -> str:
        """The text as a link, if the terminal shows links and the address can be one of the web."""
        return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\" if self.links and ADDRESS.fullmatch(url) else text

    def wrap(self, words: Iterable[str], first: str = "", rest: str = "    ") -> list[str]:
        """Words in lines no wider than the terminal where possible; words are never broken.

        Args:
            words: what to write; may be painted, or links.
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


def _wanted_colour(environ: Mapping[str, str]) -> bool | None:
    if environ.get("NO_COLOR"):
        return False
    return bool(environ.get("FORCE_COLOR")) or environ.get("CLICOLOR_FORCE", "0") not in ("", "0") or None


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
