"""Where the reports of a run go: standard output, and files that are there when they are complete."""

from __future__ import annotations

import abc
import os
import sys
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

from pydeploy_lint.cli.options.arguments import UsageError
from pydeploy_lint.cli.status import Status
from pydeploy_lint.cli.streams import OutputError, configure, inform, write
from pydeploy_lint.report.common.concealed import concealed
from pydeploy_lint.report.common.document import Closing
from pydeploy_lint.report.common.terminal import Terminal
from pydeploy_lint.report.formats import FOR_PEOPLE, FORMATS, open_document
from pydeploy_lint.settings.configuration import unknown_name

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from pydeploy_lint.engine.result import Unjudged
    from pydeploy_lint.files.writing.write import PendingFile
    from pydeploy_lint.fleet.outcome import Outcome
    from pydeploy_lint.report.common.document import Document, Head


COLOUR = {"auto": None, "always": True, "never": False}
"""What the values of ``--color`` mean for a terminal."""
MOST_IN_MEMORY = 1 << 20
"""Characters of a report that waits; more are put into a file."""


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
    def begin(self, text: str | None) -> None:
        """Before the first app.

        Args:
            text: the form of text that the first app's team wants; None where nobody knows.
        """

    @abc.abstractmethod
    def add(self, outcome: Outcome) -> None:
        """Write what came of the next app."""

    @abc.abstractmethod
    def end(self, closing: Closing, status: Status) -> None:
        """After the last app."""

    @abc.abstractmethod
    def discard(self) -> None:
        """Leave nothing that is not complete; the run was broken off."""


class Printed(Output):
    """Standard output, with one report after the other.

    What cannot be decided before the last app, whether anything is printed and in which form of text, keeps nothing in
    memory: the report waits in a file, in each form that may still be wanted.
    """

    def __init__(self, name: str | None, head: Head, terminal: Terminal | None, *, quiet: bool = False) -> None:
        """Prepare it.

        Args:
            name: the format; None: none is asked for, and text is printed, in the full form if any app wants it.
            head: what is known before the first app.
            terminal: the one behind standard output.
            quiet: print nothing where nothing is found.
        """
        self._name = name
        self._head = head
        self._terminal = terminal
        self._waits = quiet
        self._wants_concise = False
        self._forms: dict[str, _Form] = {}

    def begin(self, text: str | None) -> None:
        """See `Output.begin`."""
        names = [self._name] if self._name else ["full"] if text == "full" else ["full", "concise"]
        self._forms = {name: self._opened(name) for name in names}
        self._print()

    def _opened(self, name: str) -> _Form:
        names = [name] if self._name else _formats(name)
        if not set(names) <= set(FOR_PEOPLE):
            configure(sys.stdout, encoding="utf-8", newline="\n")
        form = _Form([open_document(each, self._head, self._terminal) for each in names])
        form.write("".join(document.begin() for document in form.documents))
        return form

    def add(self, outcome: Outcome) -> None:
        """See `Output.add`."""
        if outcome.text == "full":
            self._leave_out("concise")
        self._wants_concise |= outcome.text == "concise"
        self._waits = self._waits and outcome.is_clean
        for form in self._forms.values():
            form.write("".join(_piece(document, outcome) for document in form.documents))
        self._print()

    def end(self, closing: Closing, status: Status) -> None:
        """See `Output.end`."""
        self._leave_out("full" if self._wants_concise else "concise")
        if self._waits and status is Status.CLEAN:
            self.discard()
            return
        self._waits = False
        (form,) = self._forms.values()
        self._print()
        for document in form.documents:
            for piece in document.end(closing):
                form.write(piece)

    def discard(self) -> None:
        """Let go of what waits; what is printed is printed."""
        for form in self._forms.values():
            form.close()

    def _leave_out(self, name: str) -> None:
        if len(self._forms) > 1:
            self._forms.pop(name).close()

    def _print(self) -> None:
        if not self._waits and len(self._forms) == 1:
            (form,) = self._forms.values()
            form.print()


class _Form:
    """Reports that are printed one after the other, piece by piece; until they are wanted, the pieces wait."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents
        self._is_wanted = False
        self._waiting = SpooledTemporaryFile(  # noqa: SIM115 - until the report is printed
            MOST_IN_MEMORY, "w+", encoding="utf-8", errors="surrogatepass", newline=""
        )

    def write(self, text: str) -> None:
        """The next piece.

        Raises:
            OutputError: it cannot be written.
        """
        if self._is_wanted:
            write(text)
            return
        try:
            self._waiting.write(text)
        except OSError as error:
            raise OutputError(f"the report cannot be kept until it is printed: {error.strerror}") from error

    def print(self) -> None:
        """Print what waits, and what comes from now on at once."""
        if self._is_wanted:
            return
        self._is_wanted = True
        self._waiting.seek(0)
        while text := self._waiting.read(MOST_IN_MEMORY):
            write(text)
        self.close()

    def close(self) -> None:
        """Let go of what waits."""
        self._waiting.close()


class Saved(Output):
    """A file, or several where readers of the format take only so much of one."""

    def __init__(self, name: str, path: str, head: Head) -> None:
        self._name = name
        self._given = self._path = path
        self._head = head
        self._document = open_document(name, head)
        self._file: PendingFile | None = None

    def begin(self, _text: str | None = None) -> None:
        """See `Output.begin`."""
        from pydeploy_lint.files.writing.write import PendingFile

        try:
            self._file = PendingFile(self._path, self._head.paths.repositories)
        except OSError as error:
            self._give_up(error)
        self._write(self._document.begin())

    def add(self, outcome: Outcome) -> None:
        """See `Output.add`."""
        if self._document.is_full and self._file:
            self._begin_next()
        self._write(_piece(self._document, outcome))

    def end(self, closing: Closing, _status: Status = Status.CLEAN) -> None:
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
        from pydeploy_lint.files.writing.write import reason_of

        self.problem = f"--output: {self._path} cannot be written: {reason_of(error)}"
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
        """Write what came of the next app; what may be a credential is masked here, whatever the format."""
        outcome = concealed(outcome)
        if outcome.report:
            self._closing.add(outcome.report)
        for each in outcome.unjudged:
            self._closing.totals.add_unjudged(each)
        self._waiting.append(outcome)
        if self._begun or not _is_wrong_usage(outcome):
            self._write()

    def end(self, status: Status) -> list[Unjudged]:
        """After the last app; returns what stands in no report, as none was written.

        Args:
            status: what the exit status becomes, if everything can be written.
        """
        if self._waiting:
            return [each for outcome in self._waiting for each in outcome.unjudged]
        self._write()
        for output in self._outputs:
            output.end(self._closing, status)
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
        text = next((outcome.text for outcome in self._waiting if outcome.text), None)
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
