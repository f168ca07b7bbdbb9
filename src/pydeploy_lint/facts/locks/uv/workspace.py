"""The members of a uv workspace: the root project, and those that ``[tool.uv.workspace]`` names.

Source: ``Workspace::collect_members_only`` and ``is_excluded_from_workspace`` of uv 0.12.5.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.locks.uv.globs import is_glob, tokens
from pydeploy_lint.facts.locks.verdict import Reason
from pydeploy_lint.facts.packages.markers import canonical
from pydeploy_lint.files.formats.tables import member, strings, table
from pydeploy_lint.files.wildcards import fits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.files.wildcards import Token

PYPROJECT = "pyproject.toml"
GITIGNORE = ".gitignore"
WORKSPACE = ("tool", "uv", "workspace")
MAX_DIRECTORIES = 10_000
"""How many directories are looked at; a workspace that needs more is not judged."""
WILDCARD = re.compile(r"[*?\[]")


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


class Workspace(NamedTuple):
    """The projects that one uv.lock is for."""

    root: Project
    """The pyproject.toml beside the lock, which need not be a project itself."""
    projects: list[Project]
    """The root first, if it is one of them; those that are known where not all are."""
    is_complete: bool = True
    """False where the members cannot be told."""
    refusals: tuple[Reason, ...] = ()
    """What ends uv with an error while it looks for the members."""

    @property
    def files(self) -> list[Project]:
        """The projects, and the root in any case."""
        return self.projects if self.root in self.projects else [self.root, *self.projects]


class UnknownMembersError(Exception):
    """The members of the workspace cannot be told."""


def find_workspace(root: Project, tree: Tree, read: Callable[[str], object]) -> Workspace:
    """The projects of a workspace.

    Args:
        root: the pyproject.toml beside the uv.lock.
        tree: the app's files.
        read: gives the parsed file at a path.
    """
    projects = [root] if "project" in root.value else []
    patterns = strings(table(root.uv, "workspace").get("members"))
    refusals = tuple(_pattern_refusals(root))
    if refusals:
        return Workspace(root, projects, refusals=refusals)
    try:
        directories = _directories_of(root, tree, patterns)
        members = [_member(directory, tree, read) for directory in directories]
    except UnknownMembersError:
        return Workspace(root, projects, is_complete=False)
    found = [each for each in members if isinstance(each, Project)]
    missing = [each for each in members if isinstance(each, Reason)]
    managed = [each for each in found if each.uv.get("managed") is not False]
    return Workspace(root, [*projects, *managed], refusals=(*missing, *_member_refusals(projects, found, managed)))


def _pattern_refusals(root: Project) -> Iterator[Reason]:
    for key in ("members", "exclude"):
        patterns = table(root.uv, "workspace").get(key)
        for index, pattern in enumerate(patterns if isinstance(patterns, list) else ()):
            if isinstance(pattern, str) and not is_glob(pattern):
                message = f"{pattern} in [tool.uv.workspace] {key} is not a valid pattern"
                yield Reason(message, root.path, (*WORKSPACE, key, index))


def _member_refusals(root: list[Project], found: list[Project], managed: list[Project]) -> Iterator[Reason]:
    names = {project.name: project for project in root}
    for project in found:
        if "project" not in project.value:
            yield Reason(f"{project.path} belongs to the workspace, and has no [project]", project.path)
    for project in managed:
        other = names.setdefault(project.name, project)
        if project.name and other is not project:
            message = f"{other.path} and {project.path} in the workspace have the same name, {project.name}"
            yield Reason(message, project.path, ("project", "name"))
        if "workspace" in project.uv:
            yield Reason("a member of a workspace cannot be a workspace itself", project.path, WORKSPACE)


def _member(directory: str, tree: Tree, read: Callable[[str], object]) -> Project | Reason | None:
    """The project in a directory; what uv says of a directory without one; None where it skips it."""
    path = posixpath.join(directory, PYPROJECT)
    if tree.is_file(path):
        value = read(path)
        if not isinstance(value, dict):
            raise UnknownMembersError
        return Project(path, value)
    if posixpath.basename(directory).startswith(".") or not _holds_file(tree, directory):
        return None
    if tree.is_file(GITIGNORE) or tree.is_file(posixpath.join(directory, GITIGNORE)):
        raise UnknownMembersError  # what git ignores may be all there is, and does not get to Heroku
    message = f"{directory}/ belongs to the workspace, and has no pyproject.toml"
    return Reason(message, PYPROJECT, (*WORKSPACE, "members"))


def _holds_file(tree: Tree, directory: str) -> bool:
    """Whether there is any file in a directory, however deep."""
    pending, seen = [directory], 0
    while pending:
        seen += 1
        if seen > MAX_DIRECTORIES:
            raise UnknownMembersError
        current = pending.pop()
        for name in tree.names(current):
            path = posixpath.join(current, name)
            if not tree.is_directory(path):
                return True
            pending.append(path)
    return False


def _directories_of(root: Project, tree: Tree, patterns: list[str]) -> list[str]:
    """The directories that patterns name, in order, without the root and those that are excluded."""
    excluded = [_excluding(pattern) for pattern in strings(table(root.uv, "workspace").get("exclude"))]
    found = {directory for pattern in patterns for directory in _directories(tree, pattern)}
    return [
        directory for directory in sorted(found - {"."}) if not any(fits(pattern, directory) for pattern in excluded)
    ]


def _excluding(pattern: str) -> list[Token]:
    """What is matched with a whole path, so that ``*`` also stands for slashes."""
    path = posixpath.normpath(pattern) if pattern and not WILDCARD.search(pattern) else pattern.removeprefix("./")
    return tokens(path.rstrip("/"), with_slashes=True)


def _directories(tree: Tree, pattern: str) -> list[str]:
    """The directories that a pattern names."""
    if pattern.startswith(("/", "..")) or "\\" in pattern:
        raise UnknownMembersError
    if not WILDCARD.search(pattern):
        pattern = posixpath.normpath(pattern)
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise UnknownMembersError
    current = {""}
    for part in parts:
        current = {name for directory in current for name in _following(tree, directory, part)}
        if len(current) > MAX_DIRECTORIES:
            raise UnknownMembersError
    # A pattern that ends in any number of directories does not stand for the one that it begins with.
    return [directory or "." for directory in current if parts[-1:] != ["**"] or directory not in _starts(parts)]


def _starts(parts: list[str]) -> tuple[str, ...]:
    before = "/".join(part for part in parts if part != "**")
    return (before,) if not WILDCARD.search(before) else ()


def _following(tree: Tree, directory: str, part: str) -> Iterator[str]:
    if part == "**":
        yield from _below(tree, directory)
        return
    if not WILDCARD.search(part):
        path = posixpath.join(directory, part)
        if tree.is_directory(path):
            yield path
        return
    pattern = tokens(part, with_slashes=False)
    for name in tree.names(directory):
        path = posixpath.join(directory, name)
        if fits(pattern, name) and tree.is_directory(path):
            yield path


def _below(tree: Tree, directory: str) -> Iterator[str]:
    """A directory, and all directories in it, however deep."""
    pending, seen = [directory], 0
    while pending:
        current = pending.pop()
        yield current
        for name in tree.names(current):
            path = posixpath.join(current, name)
            if tree.is_directory(path):
                seen += 1
                if seen > MAX_DIRECTORIES:
                    raise UnknownMembersError
                pending.append(path)
