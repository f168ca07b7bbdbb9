"""The members of a uv workspace: the root project, and those that ``[tool.uv.workspace]`` names."""

from __future__ import annotations

import posixpath
import re
from fnmatch import translate
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.packages.markers import canonical
from pydeploy_lint.files.tables import member, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydeploy_lint.files.tree import Tree

PYPROJECT = "pyproject.toml"
MAX_DIRECTORIES = 10_000
"""How many directories are looked at; a workspace that needs more is not judged."""


class Project(NamedTuple):
    """A pyproject.toml, and where it stands."""

    path: str
    value: dict[str, object]

    @property
    def directory(self) -> str:
        """Relative to the root, which is ``.``, as uv.lock names it."""
        return posixpath.dirname(self.path) or "."

    @property
    def name(self) -> str | None:
        """The canonical name; None where there is no ``[project]`` with a name."""
        name = member(self.value, "project", "name")
        return canonical(name) if isinstance(name, str) else None

    @property
    def requires_python(self) -> str | None:
        """The version specifiers of the project; None where it states none."""
        text = member(self.value, "project", "requires-python")
        return text if isinstance(text, str) else None

    @property
    def uv(self) -> dict[str, object]:
        """The table ``[tool.uv]``."""
        return table(self.value, "tool", "uv")


class UnknownMembersError(Exception):
    """The members of the workspace cannot be told."""


def find_members(root: Project, tree: Tree, read: Callable[[str], object]) -> list[Project]:
    """The projects of a workspace, with the root first if it is a project itself.

    Args:
        root: the pyproject.toml beside the uv.lock.
        tree: the app's files.
        read: gives the parsed file at a path.

    Raises:
        UnknownMembersError: they cannot be told.
    """
    projects = [root] if "project" in root.value else []
    workspace = table(root.uv, "workspace")
    excluded = [re.compile(translate(pattern)) for pattern in _patterns(workspace.get("exclude"))]
    found = {
        directory
        for pattern in _patterns(workspace.get("members"))
        for directory in _directories(tree, posixpath.normpath(pattern))
        if not any(pattern.match(directory) for pattern in excluded)
    }
    for directory in sorted(found - {".", ""}):
        path = f"{directory}/{PYPROJECT}"
        if not tree.is_file(path):
            # uv passes over hidden directories, and those that git ignores, but wants a file in all others.
            raise UnknownMembersError
        value = read(path)
        if not isinstance(value, dict) or "project" not in value:
            raise UnknownMembersError
        if member(value, "tool", "uv", "managed") is not False:
            projects.append(Project(path, value))
    return projects


def _patterns(value: object) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(pattern, str) for pattern in value):
        raise UnknownMembersError
    if any(pattern.startswith(("/", "..")) or re.search(r"[\[\]{}\\]|\*\*", pattern) for pattern in value):
        raise UnknownMembersError
    return [str(pattern) for pattern in value]


def _directories(tree: Tree, pattern: str) -> Iterator[str]:
    """The directories that a pattern with ``*`` and ``?`` in its parts names."""
    current = [""]
    for part in pattern.split("/"):
        following = []
        matches = re.compile(translate(part)).match
        for directory in current:
            if not re.search(r"[*?]", part):
                following.append(posixpath.join(directory, part))
                continue
            following += [
                posixpath.join(directory, name)
                for name in tree.names(directory)
                if matches(name) and not name.startswith(".") and tree.is_directory(posixpath.join(directory, name))
            ]
        if len(following) > MAX_DIRECTORIES:
            raise UnknownMembersError
        current = following
    yield from current
