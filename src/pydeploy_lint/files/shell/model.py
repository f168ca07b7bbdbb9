"""What the reader of shell code returns. All positions are offsets of code points in the text that was read."""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple


class When(enum.IntEnum):
    """How sure it is that a command runs when the script, or the function that it is in, is run."""

    ALWAYS = 0
    SUCCESS = 1
    """On the right of ``&&``: it runs if what stands before it succeeds."""
    MAYBE = 2
    """In a branch or a loop, or on the right of ``||``."""


class Kind(enum.Enum):
    """What a scope is."""

    SCRIPT = "script"
    SUBSHELL = "subshell"
    GROUP = "group"
    IF = "if"
    LOOP = "loop"
    CASE = "case"
    FUNCTION = "function"
    SUBSTITUTION = "substitution"
    """``$(…)``, backticks, ``<(…)``."""


class Piece(NamedTuple):
    """A stretch of a word's text and where it comes from; the places may be longer, as those of escapes are."""

    text: str
    start: int
    end: int

    @property
    def is_verbatim(self) -> bool:
        """Whether each character stands where the text has it."""
        return len(self.text) == self.end - self.start


class Word(NamedTuple):
    """A word of a command."""

    value: str | None
    """What the program gets: without quotes and escapes, variables replaced; None where the text does not tell.
    Patterns such as ``*.py`` and ``~`` stand as they are written."""
    start: int
    """The offset of its first character, quotes included."""
    end: int
    text: str = ""
    """The value, with what is unknown in it as it is written, such as ``:$PORT``."""
    quoted: bool = False
    """Whether any of it is quoted."""
    may_split: bool = False
    """Whether the shell may make several words or none of it, because something unknown in it is not quoted."""
    pieces: tuple[Piece, ...] = ()


class Places:
    """Where each stretch of a word's text is written, for a script inside of it, such as the one after ``sh -c``."""

    def __init__(self, pieces: Sequence[Piece], start: int, end: int) -> None:
        """Prepare to look up many stretches.

        Args:
            pieces: those of the word.
            start: the offset of the word, which is given for stretches without a place of their own.
            end: the offset of its end.
        """
        self._pieces = [piece for piece in pieces if piece.text]
        self._starts = [0, *accumulate(len(piece.text) for piece in self._pieces)]
        self._whole = start, end

    def __call__(self, start: int, end: int) -> tuple[int, int]:
        """The start and end of the place of ``text[start:end]``."""
        if not start < end <= self._starts[-1]:
            return self._whole
        first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1) - 1
        before, after = self._pieces[first], self._pieces[last]
        opening = before.start + start - self._starts[first] if before.is_verbatim else before.start
        closing = after.start + end - self._starts[last] if after.is_verbatim else after.end
        return (opening, closing) if opening < closing else self._whole


class Assignment(NamedTuple):
    """A variable that is set; without a value after ``export NAME``."""

    name: str
    value: Word | None
    start: int
    end: int
    appends: bool = False
    """Whether it adds to the variable (``+=``)."""
    array: tuple[Word, ...] | None = None
    """The elements of ``NAME=(…)``; it has no `value`."""


class Redirection(NamedTuple):
    """Where input comes from or output goes."""

    operator: str
    """Such as ``2>`` or ``<<``."""
    target: Word
    """The file, the descriptor, or what ends a here-document."""
    body: tuple[int, int] | None = None
    """The start and end of a here-document's text."""


class Scope:
    """What commands are nested in; each branch is one of its own.

    Attributes:
        kind: what it is.
        parent: what it is nested in; None for the script.
        when: how sure it is that its commands run.
        subshell: whether directories and variables that are set in it are lost at its end.
        in_background: whether ``&`` ends it.
        name: of a function.
        is_branch: whether it is a branch or the body of a loop; what is directly in the ``if`` or the loop around it
            is the condition.
    """

    __slots__ = ("in_background", "is_branch", "kind", "name", "parent", "subshell", "when")

    def __init__(self, kind: Kind, parent: Scope | None, when: When, *, subshell: bool = False, name: str = "") -> None:
        self.kind = kind
        self.parent = parent
        self.when = when
        self.subshell = subshell
        self.in_background = False
        self.name = name
        self.is_branch = False

    @classmethod
    def branch(cls, of: Scope) -> Scope:
        """A branch of something."""
        scope = cls(of.kind, of, When.MAYBE)
        scope.is_branch = True
        return scope

    @property
    def chain(self) -> Iterator[Scope]:
        """It and all that it is nested in, from the inside out."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def within(self, kind: Kind) -> Scope | None:
        """The innermost scope of a kind that it is, or is nested in."""
        return next((scope for scope in self.chain if scope.kind is kind), None)

    @property
    def environment(self) -> Scope:
        """The scope that keeps the directory and the variables that are set here: a subshell, or the script."""
        return next(scope for scope in self.chain if scope.subshell or scope.parent is None)

    @property
    def is_condition(self) -> bool:
        """Whether its commands are asked for success, and may fail."""
        is_branch = False
        for scope in self.chain:
            if scope.kind is Kind.FUNCTION and not is_branch:
                return False
            if scope.kind in (Kind.IF, Kind.LOOP) and not (scope.is_branch or is_branch):
                return True
            is_branch = scope.is_branch
        return False


class Command(NamedTuple):
    """A simple command: assignments and redirections, and a program with its arguments, or none."""

    words: tuple[Word, ...]
    """The program and its arguments; empty for mere assignments and for declarations such as ``export A=1``."""
    assignments: tuple[Assignment, ...]
    """What is set for the program alone, or, without one, for what follows."""
    redirections: tuple[Redirection, ...]
    start: int
    end: int
    scope: Scope
    when: When
    operator: str
    """What ends it: ``;``, ``&&``, ``||``, ``|``, ``|&``, ``&``, ``;;`` or its kin, a line end, or nothing."""
    declaration: str = ""
    """``export``, ``declare``, ``local``, ``readonly`` or ``typeset``, where it is one of these."""
    piped: bool = False
    """Whether it is part of a pipeline, so that what it sets is lost."""
    in_background: bool = False
    """Whether it is run in the background, alone or with what it is nested in."""

    @property
    def conditional(self) -> bool:
        """Whether it is in a branch, loop or function, or on the right of ``&&`` or ``||``."""
        return self.when is not When.ALWAYS or self.scope.within(Kind.FUNCTION) is not None


class Unreadable(NamedTuple):
    """Why a script was not read to its end; nothing is known of what follows."""

    reason: str
    """Such as ``a quote is not closed``."""
    offset: int


class Script(NamedTuple):
    """What was read."""

    commands: tuple[Command, ...]
    """All simple commands in the order of the text, wherever they are nested."""
    undecided: Unreadable | None
    """None where all of it was read."""

    @property
    def exits_on_error(self) -> int | None:
        """The offset from which ``set -e`` is in force; None where it never is, or may not be."""
        for command in self.commands:
            texts = [word.text for word in command.words]
            if texts[:1] != ["set"] or command.conditional:
                continue
            if any(
                (option.startswith("-") and not option.startswith("--") and "e" in option) or option == "errexit"
                for option in texts[1:]
            ):
                return command.end
        return None
