"""What a check has to say: a place, a severity, a message and perhaps a fix; plain data, nothing else."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Severity(enum.IntEnum):
    """The consequence of a finding; a higher number is worse."""

    NOTE = 1
    """Worth knowing; nothing breaks."""
    WARNING = 2
    """The build warns, or the app stops working on a known date, or data or security is at risk."""
    ERROR = 3
    """Heroku rejects the push, or the app cannot start or answers no request."""

    @property
    def label(self) -> str:
        """The lower-case name used in every output and option."""
        return self.name.lower()

    @classmethod
    def parse(cls, label: str) -> Severity:
        """The severity of a label such as ``warning``.

        Raises:
            ValueError: there is no such severity.
        """
        try:
            return cls[label.upper()]
        except KeyError:
            raise ValueError(f"unknown severity {label!r}: use error, warning or note") from None


class Breaks(enum.Enum):
    """What an error keeps from working that the build gives no reason for."""

    SETUP = "setup"
    """The apps that somebody creates from the files; one that is there may have been set up otherwise."""
    BUILD = "build"
    """The push is rejected."""
    START = "start"
    """The app is built, and its process ends or is never reached."""
    REQUESTS = "requests"
    """The app starts, and answers no request as it should."""


class Span(NamedTuple):
    """A stretch of a file, or the whole file where ``line`` is None.

    Lines and columns are 1-based; columns count Unicode code points; the end column is exclusive.
    A leading byte order mark has no column.
    """

    path: str
    """Relative to the app's root, separated by ``/``."""
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}:{self.column}"


class Edit(NamedTuple):
    """One change to one file.

    ``span`` and ``text``: replace the stretch by the text (an empty stretch inserts). A span without lines stands
    for the whole file: ``text`` becomes its content, which creates the file where there is none. ``text`` None
    deletes the file, or, with ``rename_to``, moves it. Text is written as it is, line ends included; a whole file is
    written in UTF-8.
    """

    span: Span
    text: str | None = None
    rename_to: str | None = None

    @classmethod
    def write(cls, path: str, text: str) -> Edit:
        """Give a file a content; create it where there is none."""
        return cls(Span(path), text)

    @classmethod
    def delete(cls, path: str) -> Edit:
        """Delete a file."""
        return cls(Span(path))

    @classmethod
    def rename(cls, path: str, to: str) -> Edit:
        """Move a file to a path at which there is nothing."""
        return cls(Span(path), rename_to=to)

    @property
    def paths(self) -> frozenset[str]:
        """The files that it changes."""
        return frozenset({self.span.path, self.rename_to or self.span.path})

    @property
    def is_textual(self) -> bool:
        """Whether it replaces a stretch of a file by a text."""
        return self.span.line is not None and self.text is not None and self.rename_to is None


class Fix(NamedTuple):
    """A way to fix a finding: edits, and the commands that remain to be run after them.

    A safe fix does not change how the app behaves; any other is a suggestion. pydeploy-lint makes edits and runs no
    command.
    """

    description: str
    edits: tuple[Edit, ...] = ()
    safe: bool = True
    commands: tuple[str, ...] = ()
    """Lines for a shell, in their order, to be run in the directory that Heroku builds."""

    @classmethod
    def by_hand(cls, description: str, *commands: str) -> Fix:
        """A way that consists of commands only.

        Args:
            description: in the imperative, without a full stop.
            commands: see `commands`.
        """
        return cls(description, safe=False, commands=commands)

    @property
    def as_help(self) -> str:
        """The description and the commands, as `Problem.help` has them."""
        return "\n".join(
            [
                f"{self.description}:" if self.commands else f"{self.description}.",
                *(f"    {each}" for each in self.commands),
            ]
        )

    @property
    def is_automatic(self) -> bool:
        """Whether pydeploy-lint can make it, or a part of it."""
        return bool(self.edits)

    def at(self, place: Callable[[Span], Span]) -> Fix:
        """The same edits in other places.

        Args:
            place: gives the place of an edit in the repository.
        """
        edits = [
            edit._replace(span=place(edit.span), rename_to=edit.rename_to and place(Span(edit.rename_to)).path)
            for edit in self.edits
        ]
        return self._replace(edits=tuple(edits))


class Related(NamedTuple):
    """Another place that a finding is about, and what is there."""

    at: Span
    message: str


class Problem(NamedTuple):
    """What a check yields; the engine makes it a `Finding` by adding what the check declares."""

    message: str
    """One line: what is wrong, and what Heroku does about it."""
    at: Span
    help: str = ""
    """How to fix it: one or more lines; commands and code are indented by four spaces."""
    severity: Severity | None = None
    """None: the severity that the check declares."""
    failure_reason: str | None = None
    """The reason with which the real build stops because of this, as the buildpack spells it."""
    build_warning: bool = False
    """Whether the real build prints a warning for this."""
    fix: Fix | None = None
    """How to fix it; the way to prefer where there are several."""
    certain: bool = True
    """Whether the files alone decide this; the severity says what happens if it is so."""
    alternatives: tuple[Fix, ...] = ()
    """Other ways to fix it, each in place of `fix`."""
    related: tuple[Related, ...] = ()
    """The other places that it is about: one fact is one problem, however many files it concerns."""

    def with_fixes(self, *ways: Fix | None) -> Problem:
        """The same problem with ways to fix it, the one to prefer first; None is left out."""
        known = [way for way in ways if way is not None]
        return self._replace(fix=known[0] if known else None, alternatives=tuple(known[1:]))


class Finding(NamedTuple):
    """A problem, with the name, severity and documentation of the check that found it."""

    check: str
    severity: Severity
    message: str
    at: Span
    help: str
    failure_reason: str | None
    build_warning: bool
    fix: Fix | None
    url: str
    source_line: str | None
    """The text of the first line of the span, without its line end; None where there is none."""
    certain: bool = True
    """Whether the files alone decide this."""
    alternatives: tuple[Fix, ...] = ()
    """See `Problem`."""
    related: tuple[Related, ...] = ()
    """See `Problem`."""

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """Every way to fix it, the one to prefer first."""
        return (*((self.fix,) if self.fix else ()), *self.alternatives)

    @property
    def order(self) -> tuple[object, ...]:
        """Findings are sorted by path, line, column and check; then by message, to be the same every time."""
        return (self.at.path, self.at.line or 0, self.at.column or 0, self.check, self.message)
