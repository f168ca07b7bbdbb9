r"""A Procfile as Heroku's classic build reads it: process types with their commands, and the lines that do not count.

The classic build takes a line for a process type where it matches ``^[[:space:]]*([a-zA-Z0-9_-]+):?\s+(.*)``, and
ignores every other. Source: ``SPEC.md`` and the old parser of heroku/buildpacks-procfile, which quote it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.finding import Span

MAX_LINES = 1_000
"""Ten times what the largest real apps have; what follows is not read."""

_ENTRY = re.compile(r"[^\S\n]*([a-zA-Z0-9_-]+)(:?)[^\S\n]+(\S.*)", re.ASCII)
_WITHOUT_COMMAND = re.compile(r"\s*[a-zA-Z0-9_-]+:\s*", re.ASCII)
_WITHOUT_BLANK = re.compile(r"\s*([a-zA-Z0-9_-]+):(?=\S)", re.ASCII)


class ProcfileEntry(NamedTuple):
    """A line that Heroku takes for a process type."""

    name: str
    command: str
    line: int
    name_at: Span
    command_at: Span
    start: int
    """The offset of the command in the text of the file."""
    colon: bool
    """Whether a colon follows the name; Heroku takes the line without one, other readers do not."""


class Ignored(NamedTuple):
    """A line that Heroku ignores, and that is neither empty nor a comment."""

    line: int
    at: Span
    why: str
    """Completes a sentence that begins with the line."""
    name: str | None = None
    """The process type that it was meant to be, where all that is missing is the blank after the colon."""


class Procfile(NamedTuple):
    """What a Procfile says."""

    source: Source
    entries: tuple[ProcfileEntry, ...]
    """Each line that counts, repeated names included; of these the last one wins."""
    ignored: tuple[Ignored, ...]

    @property
    def unreadable(self) -> str | None:
        """The encoding, where it keeps Heroku from seeing the text; only the first line is lost to UTF-8's mark."""
        encoding = self.source.encoding
        if encoding != "utf-8":
            return encoding[:6].upper()
        return "UTF-8 with a byte order mark" if self.source.byte_order_mark else None

    @property
    def process_types(self) -> dict[str, ProcfileEntry]:
        """The entry in force for each name."""
        return {entry.name: entry for entry in self.entries}

    @property
    def overridden(self) -> list[tuple[ProcfileEntry, ProcfileEntry]]:
        """Each entry that a later one of the same name replaces, with the one that wins."""
        winners = self.process_types
        return [(entry, winners[entry.name]) for entry in self.entries if winners[entry.name] is not entry]


def read_procfile(source: Source) -> Procfile:
    """Read a Procfile; one in UTF-16 is read too, for what it was meant to say."""
    entries: list[ProcfileEntry] = []
    ignored: list[Ignored] = []
    for number in range(1, min(source.line_count, MAX_LINES) + 1):
        text = source.line(number)
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        if match := _ENTRY.match(text):
            entries.append(_entry(source, number, match))
        else:
            ignored.append(_ignored(source, number, text))
    return Procfile(source, tuple(entries), tuple(ignored))


def _entry(source: Source, number: int, match: re.Match[str]) -> ProcfileEntry:
    name, colon, command = match.groups()
    base = source.offset(number, 1)
    command = command.rstrip()
    start = base + match.start(3)
    return ProcfileEntry(
        name=name,
        command=command,
        line=number,
        name_at=source.span(base + match.start(1), base + match.end(1)),
        command_at=source.span(start, start + len(command)),
        start=start,
        colon=bool(colon),
    )


def _ignored(source: Source, number: int, text: str) -> Ignored:
    at = source.line_span(number)
    if match := _WITHOUT_BLANK.match(text):
        return Ignored(number, at, "has no space after the colon", match[1])
    if _WITHOUT_COMMAND.fullmatch(text):
        return Ignored(number, at, "has no command after the colon")
    if text.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        return Ignored(number, at, "is left from a merge conflict")
    return Ignored(number, at, "does not begin with a process type and a colon")
