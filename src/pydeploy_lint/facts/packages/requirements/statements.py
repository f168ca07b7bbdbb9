"""What a logical line of a requirements file can say."""

from typing import NamedTuple

from pydeploy_lint.finding import Span


class Requirement(NamedTuple):
    """Something that pip is to install, or, in a constraints file, how it is to install it."""

    name: str | None
    """As it is written; None where only the file, the directory or the repository at `url` could tell."""
    at: Span
    """The name, or the URL where there is no name."""
    line: Span
    """The whole statement."""
    extras: tuple[str, ...] = ()
    specifier: str = ""
    """As it is written; empty for any version."""
    marker: str | None = None
    url: str | None = None
    """Where it comes from, if not from the index: a URL, or a path relative to the root of the app."""
    editable: bool = False
    hashed: bool = False
    constraint: bool = False


class Include(NamedTuple):
    """Another file to be read: ``-r``, or ``-c`` for constraints."""

    target: str
    at: Span
    constraint: bool


class Option(NamedTuple):
    """An option on a line of its own, such as ``--index-url``."""

    name: str
    """The destination that pip gives it, such as ``extra_index_urls``."""
    values: tuple[str, ...]
    at: Span


class Refusal(NamedTuple):
    """A line that makes pip give up before it installs anything."""

    at: Span
    subject: str
    """The text of the line, or the path of a file."""
    message: str
    """Completes the sentence that begins with the subject."""
    help: str = ""
    absent: bool = False
    """Whether what is wrong may be that a file is not there, which something may yet provide before pip runs."""
    instead: str = ""
    """What was surely meant in place of what is at `at`; empty where that is in doubt."""


Statement = Requirement | Include | Option | Refusal
