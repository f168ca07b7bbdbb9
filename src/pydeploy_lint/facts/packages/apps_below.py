"""The apps in the directories below one: a repository may hold several, of which Heroku is sent one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.packages.hints import DIRECTORIES, NOT_DEPLOYED
from pydeploy_lint.files.names import APP_JSON, MANAGE_PY, PROCFILE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pydeploy_lint.files.tree import Tree

DEEPEST = 3
"""Directories below the one that is searched."""
MOST_DIRECTORIES = 500
"""More are not looked into."""
MOST_NAMES = 1000
"""Of each directory; one with more holds data."""
STARTED = (PROCFILE, APP_JSON, MANAGE_PY, "app.py", "asgi.py", "main.py", "server.py", "wsgi.py")
"""What an app has, and a collection of scripts or documents with requirements of its own has not."""
NEVER_APPS = NOT_DEPLOYED | {*DIRECTORIES, "archive", "env", "examples", "node_modules", "scripts", "vendor", "venv"}


class AppBelow(NamedTuple):
    """A directory that may be an app."""

    path: str
    file: str
    """The name of the file that says what to install."""
    starts: bool
    """Whether it has a file that shows that something is started there."""


def find_apps_below(tree: Tree, manager_files: Collection[str]) -> list[AppBelow]:
    """The directories below the root of a tree in which a package manager's file is, sorted by their paths.

    Directories for development, documents and other people's code are left out, as is what is below an app.

    Args:
        tree: the files.
        manager_files: the files that say what to install.
    """
    found: list[AppBelow] = []
    for path in _directories(tree):
        if any(path.startswith(f"{app.path}/") for app in found):
            continue
        file = next((name for name in manager_files if tree.is_file(f"{path}/{name}")), None)
        if file:
            starts = any(tree.is_file(f"{path}/{name}") for name in STARTED)
            found.append(AppBelow(path, file, starts))
    return sorted(found)


def _directories(tree: Tree) -> Iterator[str]:
    """The directories that may be apps, level by level."""
    level, seen = [""], 0
    for _ in range(DEEPEST):
        below: list[str] = []
        for directory in level:
            for name in tree.names(directory)[:MOST_NAMES]:
                path = f"{directory}/{name}" if directory else name
                # To ask for every file whether it is a directory would take long.
                if "." in name or name.lower() in NEVER_APPS or not tree.is_directory(path):
                    continue
                below.append(path)
                seen += 1
                if seen > MOST_DIRECTORIES:
                    return
                yield path
        level = below
