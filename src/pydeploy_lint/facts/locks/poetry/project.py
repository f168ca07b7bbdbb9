"""What in a pyproject.toml makes ``poetry sync --only main`` fail, however fresh the lock.

Source: ``Factory.validate`` and ``Module`` of Poetry 1.8.5 to 2.4.1 with poetry-core 1.9.1 to 2.4.0.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from pydeploy_lint.facts.locks.poetry.constraint import poetry_allows
from pydeploy_lint.facts.locks.poetry.freshness import DEPENDENCY_GROUPS
from pydeploy_lint.facts.locks.verdict import Reason, version_key
from pydeploy_lint.facts.packages.markers import canonical
from pydeploy_lint.files.formats.tables import member, table, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.files.tree import Tree

PYPROJECT = "pyproject.toml"

KEYS = frozenset(
    [
        "authors",
        "build",
        "classifiers",
        "dependencies",
        "description",
        "dev-dependencies",
        "documentation",
        "exclude",
        "extras",
        "group",
        "homepage",
        "include",
        "keywords",
        "license",
        "maintainers",
        "name",
        "package-mode",
        "packages",
        "plugins",
        "readme",
        "repository",
        "scripts",
        "source",
        "urls",
        "version",
    ]
)
"""What may stand in ``[tool.poetry]`` since Poetry 1.8."""
LATER_KEYS = {"requires-poetry": (2,), "requires-plugins": (2,), "build-constraints": (2, 3)}
"""What may stand there from a version on."""
ROOT_REQUIRED = (2,)
"""From here on it is an error that the root package cannot be installed, and ``[project]`` is read."""
LICENSE_FILES = (2, 2)
"""From here on ``license-files`` is read."""
SCHEMAS: tuple[tuple[tuple[str, ...], str, tuple[int, ...]], ...] = (
    (("project",), "project", DEPENDENCY_GROUPS),
    (("tool", "poetry"), "poetry", DEPENDENCY_GROUPS),
    (("dependency-groups",), "dependency-groups", DEPENDENCY_GROUPS),
    (("tool", "poetry"), "application", ROOT_REQUIRED),
)
"""Tables with their schemas; those of 2.4 are taken from the version of Poetry on whose own hardly differ from them."""
MAX_DIRECTORIES = 1000
"""How many directories are searched for a module before it is taken to be there."""


def poetry_refusals(pyproject: object, tree: Tree, version: str) -> Iterator[Reason]:
    """What ends the installation with an error.

    Args:
        pyproject: the parsed pyproject.toml.
        tree: the app's files.
        version: that of Poetry.
    """
    poetry, project = table(pyproject, "tool", "poetry"), table(pyproject, "project")
    installer = version_key(version)
    yield from _unknown_keys(poetry, installer)
    yield from _violations(table(pyproject), installer)
    yield from _own_version(poetry, version)
    yield from _self_dependency(poetry, project)
    yield from _no_main_group(poetry, project, installer)
    if poetry.get("package-mode", True) is True:
        yield from _no_identity(poetry, project, installer)
        if installer >= ROOT_REQUIRED:
            yield from _missing_files(poetry, project, tree, installer)
            yield from missing_module(poetry, project, tree)


def _unknown_keys(poetry: dict[str, object], version: tuple[int, ...]) -> Iterator[Reason]:
    for key in poetry.keys() - KEYS:
        if key not in LATER_KEYS:
            yield Reason(f"[tool.poetry] has an unknown key, {key}", PYPROJECT, ("tool", "poetry", key))
        elif version < LATER_KEYS[key]:
            since = ".".join(map(str, LATER_KEYS[key]))
            message = f"[tool.poetry] has the key {key}, which is unknown before Poetry {since}"
            yield Reason(message, PYPROJECT, ("tool", "poetry", key))


def _violations(pyproject: dict[str, object], version: tuple[int, ...]) -> Iterator[Reason]:
    """Values of a form that Poetry does not accept."""
    if version < ROOT_REQUIRED:
        return
    from pydeploy_lint.facts.locks.poetry.schema import violation

    for keys, schema, since in SCHEMAS:
        value = member(pyproject, *keys)
        found = violation(value, schema) if value is not None and version >= since else None
        if found:
            where = keys + found.keys
            parents, name = where[:-1], where[-1]
            place = f"[{'.'.join(map(str, parents))}] {name}" if found.keys else f"[{'.'.join(keys)}]"
            yield Reason(f"{place} {found.message}", PYPROJECT, where)
    yield from _sources(table(pyproject, "tool", "poetry"))


def _sources(poetry: dict[str, object]) -> Iterator[Reason]:
    seen: set[str] = set()
    for index, source in enumerate(tables(poetry.get("source"))):
        name = source.get("name")
        if not isinstance(name, str):
            continue
        keys = ("tool", "poetry", "source", index)
        if name.lower() in seen:
            yield Reason(f"[[tool.poetry.source]] has {name} twice", PYPROJECT, (*keys, "name"))
        elif name.lower() != "pypi" and not source.get("url"):
            yield Reason(f"the source {name} in [[tool.poetry.source]] has no url", PYPROJECT, keys)
        seen.add(name.lower())


def _own_version(poetry: dict[str, object], version: str) -> Iterator[Reason]:
    constraint = poetry.get("requires-poetry")
    if isinstance(constraint, str) and poetry_allows(constraint, version) is False:
        message = f"requires-poetry is {constraint}, and Heroku installs Poetry {version}"
        yield Reason(message, PYPROJECT, ("tool", "poetry", "requires-poetry"))


def _self_dependency(poetry: dict[str, object], project: dict[str, object]) -> Iterator[Reason]:
    name = project.get("name") or poetry.get("name")
    if not isinstance(name, str):
        return
    paths: list[tuple[str, ...]] = [("dependencies",), ("dev-dependencies",)]
    paths += [("group", group, "dependencies") for group in table(poetry, "group")]
    for path in paths:
        for dependency in table(poetry, *path):
            if canonical(dependency) == canonical(name):
                message = f"the project {name} depends on itself"
                yield Reason(message, PYPROJECT, ("tool", "poetry", *path, dependency))


def _no_main_group(poetry: dict[str, object], project: dict[str, object], version: tuple[int, ...]) -> Iterator[Reason]:
    stated = "dependencies" in poetry
    if version >= ROOT_REQUIRED:
        stated = stated or "dependencies" in project or bool(project.get("optional-dependencies"))
    if not stated:
        message = "pyproject.toml declares no main dependencies, not even an empty list, so Poetry finds no group main"
        yield Reason(message, PYPROJECT, ("project",) if project else ("tool", "poetry"))


def _no_identity(poetry: dict[str, object], project: dict[str, object], version: tuple[int, ...]) -> Iterator[Reason]:
    if version >= ROOT_REQUIRED:
        missing = [key for key in ("name", "version") if not (project.get(key) or poetry.get(key))]
    else:
        missing = [key for key in ("name", "version", "description", "authors") if key not in poetry]
    for key in missing:
        message = f"pyproject.toml has no {key}, which Poetry needs to install the project itself as a package"
        yield Reason(message, PYPROJECT, ("project",) if project else ("tool", "poetry"))


def _missing_files(
    poetry: dict[str, object], project: dict[str, object], tree: Tree, version: tuple[int, ...]
) -> Iterator[Reason]:
    for keys, path in _named_files(poetry, project, version):
        if not _leaves(path) and not tree.is_file(posixpath.normpath(path)):
            yield Reason(f"pyproject.toml names the file {path}, which is not there", PYPROJECT, keys)


def _named_files(
    poetry: dict[str, object], project: dict[str, object], version: tuple[int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The readme and licence files, each with its keys."""
    readme = project.get("readme")
    file = member(readme, "file")
    if isinstance(readme, str):
        yield ("project", "readme"), readme
    elif isinstance(file, str):
        yield ("project", "readme", "file"), file
    elif not readme:
        custom = poetry.get("readme")
        for index, path in enumerate(custom if isinstance(custom, list) else [custom]):
            if isinstance(path, str) and path:
                position = (index,) if isinstance(custom, list) else ()
                yield ("tool", "poetry", "readme", *position), path
    licence = member(project, "license", "file")
    if isinstance(licence, str) and not member(project, "license", "text"):
        yield ("project", "license", "file"), licence
    patterns = project.get("license-files")
    if isinstance(patterns, list) and version >= LICENSE_FILES:
        for index, pattern in enumerate(patterns):
            if isinstance(pattern, str) and not re.search(r"[*?\[]", pattern):
                yield ("project", "license-files", index), pattern


def missing_module(poetry: dict[str, object], project: dict[str, object], tree: Tree) -> Iterator[Reason]:
    """Why poetry-core finds no package or module for a project.

    Args:
        poetry: the table ``[tool.poetry]``.
        project: the table ``[project]``.
        tree: the app's files.
    """
    if "build" in poetry:
        return  # a build script may make the module
    packages = poetry.get("packages")
    if isinstance(packages, list) and packages:
        for index, package in enumerate(packages):
            yield from _missing_package(package, index, tree)
        return
    name = project.get("name") or poetry.get("name")
    if not isinstance(name, str):
        return
    module = canonical(name).replace("-", "_")
    keys = ("project", "name") if project.get("name") else ("tool", "poetry", "name")
    for base in ("", "src/"):
        directory, file = tree.is_directory(base + module), tree.is_file(f"{base}{module}.py")
        if directory and file:
            message = f"there are both {base}{module}/ and {base}{module}.py for the package {name}"
            yield Reason(message, PYPROJECT, keys)
        elif directory and not _holds_module(tree, base + module):
            yield Reason(f"there is no Python file in {base}{module}/ for the package {name}", PYPROJECT, keys)
        if directory or file:
            return
    message = f"there is no {module}/, {module}.py, src/{module}/ or src/{module}.py for the package {name}"
    yield Reason(message, PYPROJECT, keys)


def _missing_package(package: object, index: int, tree: Tree) -> Iterator[Reason]:
    include, base = member(package, "include"), member(package, "from")
    if not isinstance(include, str) or not isinstance(base, str | None) or re.search(r"[*?\[]", include):
        return
    path = posixpath.normpath(posixpath.join(base or "", include))
    keys = ("tool", "poetry", "packages", index, "include")
    if _leaves(path):
        return
    if not tree.exists(path):
        yield Reason(f"[tool.poetry] packages includes {path}, which is not there", PYPROJECT, keys)
    elif tree.is_directory(path) and not path.endswith("-stubs") and not _holds_module(tree, path):
        yield Reason(f"[tool.poetry] packages includes {path}, in which there is no Python file", PYPROJECT, keys)


def _leaves(path: str) -> bool:
    """Whether a path leads out of the app, or into another form of path than the app's own."""
    return path.startswith(("/", "~")) or "\\" in path or ".." in path.split("/")


def _holds_module(tree: Tree, directory: str) -> bool:
    """Whether there is a Python file in a directory, however deep."""
    pending, seen = [directory], 0
    while pending:
        seen += 1
        if seen > MAX_DIRECTORIES:
            return True
        current = pending.pop()
        for name in tree.names(current):
            path = f"{current}/{name}"
            if name.endswith(".py"):
                return True
            if tree.is_directory(path):
                pending.append(path)
    return False
