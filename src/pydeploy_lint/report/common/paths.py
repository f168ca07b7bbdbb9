"""Paths of files as the readers of a report need them."""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydeploy_lint.finding import Span

STANDARD_INPUT = "<stdin>"
"""Stands for the path of what was read from there. Like all in angle brackets, it is below no app."""


def typed_path(app_path: str, path: str) -> str:
    """The path of an app's file as a user would type it: below the app's path as it was given."""
    if path.startswith("<"):
        return path
    return posixpath.normpath(posixpath.join(app_path.replace(os.sep, "/"), path))


def typed_place(app_path: str, at: Span) -> str:
    """A place in an app's file, with its path as a user would type it."""
    return str(at._replace(path=typed_path(app_path, at.path)))


def repository_path(app_path: str, path: str) -> str:
    """The path of an app's file relative to the working directory, which CI services set to the repository's root.

    An app outside the working directory is taken for the root of a repository of its own.
    """
    import pathlib  # slow to import, and few formats need it

    here = pathlib.Path.cwd()
    app = pathlib.Path(os.path.normpath(here / app_path))
    root = app.relative_to(here).as_posix() if app.is_relative_to(here) else "."
    return posixpath.normpath(posixpath.join(root, path))
