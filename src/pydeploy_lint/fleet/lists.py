"""Reads lists of apps: a line for each, with its path and what else is to be known of it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from pydeploy_lint.fleet.target import Target
from pydeploy_lint.settings.configuration import unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterator

FIELDS = {"rev": "rev", "dir": "directory", "app": "heroku_app"}
"""What may follow the path, as ``rev=main``, and the field of `Target` for it."""
MOST_MISTAKES = 20


class ListError(Exception):
    """A list cannot be understood; the arguments say why, one message for each line."""


def targets_in(text: str, name: str) -> list[Target]:
    """The apps of a list, each once.

    A line has a path, and after it ``rev=`` (a revision), ``dir=`` (the directory of the app in the repository) and
    ``app=`` (its name on Heroku), in any order. Words with spaces are quoted. Empty lines and those that begin with
    ``#`` are ignored.

    Args:
        text: the list.
        name: the name of the file, for messages.

    Raises:
        ListError: a line is wrong.
    """
    targets: dict[Target, None] = {}
    mistakes: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            targets[_target(line)] = None
        except ValueError as error:
            mistakes.append(f"{name}:{number}: {error}")
    if mistakes:
        raise ListError(*mistakes[:MOST_MISTAKES])
    return list(targets)


def _target(line: str) -> Target:
    path, *others = _words(line)
    if not path:
        raise ValueError("the path must not be empty")
    values: dict[str, str] = {}
    for word in others:
        key, equals, value = word.partition("=")
        if not equals:
            raise ValueError(f"{word!r} follows the path: write {', '.join(f'{each}=…' for each in FIELDS)}, or quotes")
        if key not in FIELDS:
            raise ValueError(unknown_name(key, "key", FIELDS))
        if not value or key in values:
            raise ValueError(f"{key}: must not be empty" if not value else f"{key} is there twice")
        values[key] = value
    directory = values.get("dir", "").strip("/")
    if ".." in directory.split("/"):
        raise ValueError("dir: must be below the path")
    return Target(path, values.get("rev"), directory, values.get("app"), may_be_none=True)


def _words(line: str) -> Iterator[str]:
    words = shlex.shlex(line, posix=True)
    words.whitespace_split = True
    words.escape = words.commenters = ""  # Paths on Windows have backslashes, and names may have a "#".
    return words
