"""Where the reports of a run go: standard output, and files that are there when they are complete."""

from __future__ import annotations

import abc
import os
import sys
from typing import TYPE_CHECKING

from pydeploy_lint.cli.arguments import UsageError
from pydeploy_lint.cli.streams import OutputError, configure, inform, write
from pydeploy_lint.report.common.document import Closing
from pydeploy_lint.report.common.terminal import Terminal
from pydeploy_lint.report.formats import FOR_PEOPLE, FORMATS, open_document
from pydeploy_lint.settings.configuration import unknown_name

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from pydeploy_lint.engine.result import Unjudged
    from pydeploy_lint.files.write import PendingFile
    from pydeploy_lint.fleet.outcome import Outcome
    from pydeploy_lint.report.common.document import Document, Head


COLOUR = {"auto": None, "always": True, "never": False}
"""What the values of ``--color`` mean for a terminal."""


def terminal_of(arguments: argparse.Namespace) -> Terminal | None:
    """The terminal behind standard output, as the command line wants it; None where a program reads it."""
    return Terminal.detect(sys.stdout, os.environ, COLOUR[arguments.color])


def _formats(text: str) -> list[str]:
    """What is printed where no format is asked for: text, with annotations on GitHub."""
    return [text, "github"] if os.environ.get("GITHUB_ACTIONS") == "true" else [text]


def named_output(text: str) -> tuple[str, str]:
    """The format and the path of a value of ``--output``.

    Raises:
        UsageError: there is no such format, or no path.
    """
    name, _, path = text.partition(":")
    if name not in FORMATS:
        raise UsageError(f"--output: {unknown_name(name, 'format', FORMATS)}")
    if not path:
        raise UsageError(f"--output: {text!r} names no file: write {name}:FILE")
    return name, path


class Output(abc.ABC):
    """A report and where it goes."""

    problem: str | None = None
    """Why it could not be written, where it could not."""

    @abc.abstractmethod
    def begin(self, text: str) -> None:
        """Before the first app.

        Args:
            text: the form of text that the first app's team wants.
        """

    @abc.abstractmethod
    def add(self, outcome: Outcome) -> None:
        """Write what came of the next app."""

    @abc.abstractmethod
    def end(self, closing: Closing) -> None:
        """After the last app."""

    @abc.abstractmethod
    def discard(self) -> None:
        """Leave nothing that is not complete; the run was broken off."""


class Printed(Output):
    """Standard output, with one report after the other."""

    def __init__(self, name: str | None, head: Head, terminal: Terminal | None) -> None:
        """Prepare it.

        Args:
            name: the format; None: none is asked for.
            head: what is known before the first app.
            terminal: the one behind standard output.
        """
        self._name = name
        self._head = head
        self._terminal = terminal
        self._documents: list[Document] = []

    def begin(self, text: str) -> None:
        """See `Output.begin`."""
        names = [self._name] if self._name else _formats(text)
        if not set(names) <= set(FOR_PEOPLE):
            configure(sys.stdout, encoding="utf-8", newline="\n")
        self._documents = [open_document(name, self._head, self._terminal) for name in names]
        self._write("".join(document.begin() for document in self._documents))

    def add(self, outcome: Outcome) -> None:
        """See `Output.add`."""
        self._write("".join(_piece(document, outcome) for document in self._documents))

    def end(self, closing: Closing) -> None:
        """See `Output.end`."""
        for document in self._documents:
            for piece in document.end(closing):
                self._write(piece)

    def _write(self, text: str) -> None:
        if self.problem is None and text:
            try:
                write(text)
            except OutputError as error:
                # The files may be written all the same.
                self.problem = str(error)

    def discard(self) -> None:
        """Nothing: what is printed is printed."""


class Saved(Output):
    """A file, or several where readers of the format take only so much of one."""

    def __init__(self, name: str, path: str, head: Head) -> None:
        self._name = name
        self._given = self._path = path
        self._head = head
        self._document = open_document(name, head)
        self._file: PendingFile | None = None

    def begin(self, _text: str = "") -> None:
        """See `Output.begin`."""
        from pydeploy_lint.files.write import PendingFile

        try:
            self._file = PendingFile(self._path)
        except OSError as error:
            self._give_up(error)
        self._write(self._document.begin())

    def add(self, outcome: Outcome) -> None:
        """See `Output.add`."""
        if self._document.is_full and self._file:
            self._begin_next()
        self._write(_piece(self._document, outcome))

    def end(self, closing: Closing) -> None:
        """See `Output.end`."""
        for piece in self._document.end(closing):
            self._write(piece)
        if self._file:
            try:
                self._file.commit()
            except OSError as error:
                self._give_up(error)

    def _begin_next(self) -> None:
        """Complete this file, and begin another one, whose name has the number of the part."""
        # What is known after the last app is not known yet, and no format that is divided has it.
        self.end(Closing())
        self._head = self._head._replace(part=self._head.part + 1)
        stem, extension = os.path.splitext(self._given)
        self._path = f"{stem}-{self._head.part}{extension}"
        inform([f"warning: --output: {self._name} is divided, as services take only so much: {self._path} goes on"])
        self._document = open_document(self._name, self._head)
        self.begin()

    def discard(self) -> None:
        """See `Output.discard`."""
        if self._file:
            self._file.discard()

    def _write(self, text: str) -> None:
        if self._file and text:
            try:
                self._file.write(text.encode("utf-8", "backslashreplace"))
            except OSError as error:
                self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self.problem = f"--output: {self._path} cannot be written: {error.strerror}"
        self.discard()
        self._file = None


class Outputs:
    """All reports of a run. Nothing is written if no app is asked for as it should be: there is nothing to report."""

    def __init__(self, outputs: Sequence[Output], closing: Closing) -> None:
        self._outputs = outputs
        self._closing = closing
        self._begun = False
        self._waiting: list[Outcome] = []

    def add(self, outcome: Outcome) -> None:
        """Write what came of the next app."""
        if outcome.report:
            self._closing.add(outcome.report)
        for each in outcome.unjudged:
            self._closing.totals.add_unjudged(each)
        self._waiting.append(outcome)
        if self._begun or not _is_wrong_usage(outcome):
            self._write()

    def end(self) -> list[Unjudged]:
        """After the last app; returns what stands in no report, as none was written."""
        if self._waiting:
            return [each for outcome in self._waiting for each in outcome.unjudged]
        self._write()
        for output in self._outputs:
            output.end(self._closing)
        return []

    def discard(self) -> None:
        """Leave nothing that is not complete; the run was broken off."""
        for output in self._outputs:
            output.discard()

    @property
    def problems(self) -> list[str]:
        """Why reports could not be written."""
        return [output.problem for output in self._outputs if output.problem]

    def _write(self) -> None:
        text = next((outcome.text for outcome in self._waiting if outcome.text), "full")
        for output in self._outputs:
            if not self._begun:
                output.begin(text)
            for outcome in self._waiting:
                output.add(outcome)
        self._begun = True
        self._waiting.clear()


def _is_wrong_usage(outcome: Outcome) -> bool:
    return outcome.report is None and all(each.is_usage for each in outcome.unjudged)


def _piece(document: Document, outcome: Outcome) -> str:
    unjudged = "".join(map(document.unjudged, outcome.unjudged))
    return unjudged if outcome.report is None else unjudged + document.app(outcome.report)
