"""Paths of files as the readers of a report need them."""

from __future__ import annotations

import contextlib
import os
import posixpath
from functools import cached_property
from typing import TYPE_CHECKING

from pydeploy_lint.files.tree import repository_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydeploy_lint.finding import Span

    Where = Callable[[str], str]
    """From the path of a file in its app to the one in the repository."""

CI_ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""The variables in which GitHub Actions and GitLab CI name the directory of a job."""

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


class RepositoryPaths:
    """The paths of files as services want them: relative to the root of the repository.

    Several apps have one root, so that no two of them share a path: if they are in several repositories, it is the
    directory above these.
    """

    def __init__(self, app_paths: Iterable[str]) -> None:
        """Note the apps; their root is only looked for when a report needs it.

        Args:
            app_paths: the apps, as the user gave them, which are not read before; none: the working directory counts.
        """
        self._app_paths = app_paths

    @cached_property
    def repositories(self) -> frozenset[str]:
        """The roots of the repositories that the apps are in."""
        return frozenset(map(repository_of, list(self._app_paths) or [os.curdir]))

    @cached_property
    def root(self) -> str:
        """The directory to which the paths are relative; empty where there is none, on several drives of Windows."""
        try:
            return os.path.commonpath(self.repositories)
        except ValueError:
            return ""

    def of(self, app_path: str) -> Where:
        """Where each file of an app is."""
        app = _real(app_path)
        return lambda path: path if path.startswith("<") else self._relative(os.path.join(app, path))

    def _relative(self, path: str) -> str:
        path = os.path.normpath(path)
        return (os.path.relpath(path, self.root) if self.root else path).replace(os.sep, "/")


def repository_of(app_path: str) -> str:
    """The root of the git repository that an app is in; outside of git, that of a CI job, or the working directory.

    An app that is in none of these is taken for the root of a repository of its own.
    """
    app = _real(app_path)
    with contextlib.suppress(ValueError):  # No file has such a name.
        if repository := repository_root(app):
            return repository
    job = (os.environ.get(name) for name in CI_ROOTS)
    return next((each for each in map(_real, [*filter(None, job), os.curdir]) if _is_in(app, each)), app)


def _is_in(path: str, directory: str) -> bool:
    try:
        return os.path.commonpath([path, directory]) == directory
    except ValueError:  # They are on two drives of Windows.
        return False


def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except ValueError:  # No file has such a name.
        return os.path.abspath(path)
