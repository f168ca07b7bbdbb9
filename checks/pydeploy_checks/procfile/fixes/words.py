"""Edits of commands: words that are replaced, removed or added where they stand, in the Procfile or in a script."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from pydeploy_lint.plugin import PROCFILE, Edit, Fix

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint.plugin import App, ProcessType, Run, Service, Word


def replace_word(app: App, process: ProcessType, run: Run, word: Word, text: str) -> Edit | None:
    """The edit that puts a text in place of a word.

    Args:
        app: the app.
        process: whose command it is.
        run: the program.
        word: the word; where it is the value in ``--option=value``, only that is replaced.
        text: as the shell shall read it.

    Returns:
        None where the word is not written there, as when a variable stands for it.
    """
    written = _written(app, process, run, word)
    if written is None or word.text not in written:
        return None
    if written.startswith("-") and not word.text.startswith("-"):
        text = written.replace(word.text, text)
    return Edit(process.word_span(run, word), text)


def replace_words(app: App, process: ProcessType, run: Run, words: Iterable[Word], text: str) -> Edit | None:
    """The edit that puts a text in place of several words, and of what stands between them."""
    given = sorted(words, key=lambda word: word.start)
    if any(_written(app, process, run, word) is None for word in given):
        return None
    return Edit(process.word_span(run, given[0]._replace(end=given[-1].end)), text)


def remove_words(app: App, process: ProcessType, run: Run, word: Word, following: Word) -> Edit | None:
    """The edit that removes a word and what stands between it and a following one, which stays."""
    if _written(app, process, run, word) is None or _written(app, process, run, following) is None:
        return None
    return Edit(process.word_span(run, word._replace(end=following.start)), "")


def remove_option(app: App, process: ProcessType, service: Service, name: str) -> Edit | None:
    """The edit that removes an option with its value, and the blank before it."""
    found = option_words(service, name)
    first = _written(app, process, service.run, found[0]) if found else None
    if found is None or first is None:
        return None
    return Edit(process.word_span(service.run, found[0]._replace(start=found[0].start - 1, end=found[1].end)), "")


def add_words(app: App, process: ProcessType, run: Run, text: str) -> Edit | None:
    """The edit that adds words at the end of a program's command line."""
    last = max((run.program, *run.arguments), key=lambda word: word.end)
    if _written(app, process, run, last) is None or any(word.text == "--" for word in run.arguments):
        return None
    return Edit(process.word_span(run, last._replace(start=last.end)), f" {text}")


def option_words(service: Service, name: str) -> tuple[Word, Word] | None:
    """The first and the last word of an option with its value; None where it is not on the command line."""
    values = service.options.get(name, [])
    for word in service.run.arguments:
        if word.text == name:
            value = next((each for each in values if each.start > word.end and each.text != name), None)
            return word, value or word
        if word.text.startswith(f"{name}=") or (len(name) == 2 and word.text.startswith(name)):
            return word, word
    return None


def start_with(app: App, process: ProcessType, line: str) -> Edit | None:
    """The edit that starts another server in place of the one that a process is for.

    Args:
        app: the app.
        process: the process.
        line: its new command, without what stands before the server today.
    """
    service = process.server
    if service is None or service.run.as_module:
        return None
    words = (service.run.program, *service.run.arguments)
    return replace_words(app, process, service.run, words, line)


def start_in(app: App, process: ProcessType, directory: str) -> Edit | None:
    """The edit that runs a command in another directory; None where it does so already, or runs several programs."""
    if len(process.runs) != 1 or process.at.path != PROCFILE or process.command.startswith("cd "):
        return None
    run = process.runs[0]
    at = process.at._replace(end_column=process.at.column)
    return Edit(at, f"cd {quote(directory)} && ") if _written(app, process, run, run.program) else None


def edit_command(description: str, *edits: Edit | None) -> Fix | None:
    """A suggestion that changes commands; None where one of the edits is not possible."""
    known = tuple(edit for edit in edits if edit)
    return Fix(description, known, safe=False) if len(known) == len(edits) and known else None


def _written(app: App, process: ProcessType, run: Run, word: Word) -> str | None:
    """A word as it is written; None where something else stands at its place."""
    at = process.word_span(run, word)
    source = app.files.readable_source(at.path)
    if source is None or at.line is None or at.column is None or at.end_line != at.line or at.end_column is None:
        return None
    if at.path != (run.script or PROCFILE):
        return None
    written = source.line(at.line)[at.column - 1 : at.end_column - 1]
    plain = written.replace("'", "").replace('"', "")
    return written if plain and word.text.replace("'", "").replace('"', "") in plain else None
