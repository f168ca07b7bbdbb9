"""What the processes' commands are taken apart into: words, and the programs that are run with them."""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple

from pydeploy_lint.files.shell import Piece

_HOME = re.compile(r"^(?:/app|~|\$HOME|\$\{HOME\})(?=/|$)")
"""The app's root directory, in the ways in which commands name it."""
_HERE = re.compile(r"^(?:\$PWD|\$\{PWD\}|\$\(pwd\))(?=/|$)")


class Word(NamedTuple):
    """A word of a command, without its quotes; what the shell would replace stands as it is written."""

    text: str
    start: int
    """Offset of the first character, quotes included, in the text that was read."""
    end: int
    pieces: tuple[Piece, ...] = ()
    """Where the parts of the text are written."""
    is_literal: bool = False
    """Whether the program gets the text as it is: a ``$`` in it is protected by quotes or a backslash."""

    @property
    def known(self) -> bool:
        """Whether the shell would replace nothing in it."""
        return not set(self.text) & set("$`")


class Run(NamedTuple):
    """A program that a command starts."""

    program: Word
    """A name, a path, or, after ``python -m``, a module."""
    arguments: tuple[Word, ...]
    variables: dict[str, str]
    """What is set for it by the commands; a value that is not known has a ``$`` in it."""
    directory: str | None
    """Where it runs, relative to the app's root, which is ``""``; None where that cannot be told."""
    wrappers: tuple[Word, ...]
    """The programs that start it, first the outermost."""
    as_module: bool
    """Whether Python is told to run a module of that name."""
    in_background: bool
    conditional: bool = False
    """Whether it may not be run although all that comes before it succeeds: in a branch or loop, or after ``||``."""
    is_tolerated: bool = False
    """Whether what follows is prepared for its failure: it is a condition, or on the left of ``||``."""
    script: str | None = None
    """The path of the file in which its words stand; None for the command itself."""
    changed_to: Word | None = None
    """The directory of a ``cd`` before it, on whose success it depends; None where there is none in that file."""

    @property
    def name(self) -> str:
        """The program without its directory."""
        return posixpath.basename(self.program.text)


class Undecided(Exception):
    """A command that cannot be taken apart; the text says why."""


def resolve_path(directory: str | None, path: str) -> str | None:
    """A path as seen from a directory of the app, relative to the root; None where it leads out of the app.

    Args:
        directory: where it is seen from; None where that cannot be told.
        path: as a command has it, perhaps with ``$HOME`` or ``$PWD``.
    """
    below_home, from_home = _HOME.subn("", path, count=1)
    below_here, from_here = _HERE.subn("", path, count=1)
    base, rest = ("", below_home) if from_home else (directory, below_here)
    if base is None or "$" in rest or "`" in rest or (rest.startswith("/") and not (from_home or from_here)):
        return None
    joined = posixpath.normpath(posixpath.join(base, rest.lstrip("/")))
    if joined.startswith(".."):
        return None
    return "" if joined == "." else joined
