"""Where a pyproject.toml and a poetry.lock of another state of it visibly part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.locks.poetry.constraint import poetry_allows
from pydeploy_lint.facts.locks.verdict import Reason
from pydeploy_lint.facts.packages.markers import canonical
from pydeploy_lint.files.formats.tables import array, member, table, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

PYPROJECT = "pyproject.toml"
POETRY_LOCK = "poetry.lock"
REQUIREMENT = re.compile(r"\s*([\w.-]*\w)\s*(?:\[[^\]]*\])?\s*\(?([^;@()]*)\)?\s*(@)?.*", re.ASCII | re.DOTALL)


class Dependency(NamedTuple):
    """A dependency that a pyproject.toml declares."""

    name: str
    """As it is written."""
    constraint: str | None
    """None where it is no range of versions."""
    group: str
    """``main``, or another group; empty for what belongs to an extra alone."""
    where: str
    """The table, for people."""
    keys: tuple[str | int, ...]


def differences(pyproject: dict[str, object], lock: dict[str, object]) -> Iterator[Reason]:
    """What can be told of the reasons why the content hash differs; nothing of it decides whether it does."""
    declared = list(_declared(pyproject))
    locked = _locked(lock)
    for dependency in declared:
        yield from _difference(dependency, locked.get(canonical(dependency.name), []))
    yield from _unused(declared, lock)
    yield from _changed_python(pyproject, lock)
    yield from _changed_extras(pyproject, lock)


def _difference(dependency: Dependency, entries: list[dict[str, object]]) -> Iterator[Reason]:
    name, where = dependency.name, dependency.where
    if not entries:
        yield Reason(f"{where} asks for {name}, which is not in poetry.lock", PYPROJECT, dependency.keys)
        return
    versions = [version for entry in entries if isinstance(version := entry.get("version"), str)]
    if versions and all(_excludes(dependency.constraint, version) for version in versions):
        message = f"{where} asks for {name} {dependency.constraint}, but poetry.lock holds {', '.join(versions)}"
        yield Reason(message, PYPROJECT, dependency.keys)
        return
    groups = [group for entry in entries if isinstance(listed := entry.get("groups"), list) for group in listed]
    if groups and dependency.group and dependency.group not in groups:
        known = ", ".join(sorted({str(group) for group in groups}))
        message = f"{where} asks for {name}, which poetry.lock has for {known} alone"
        yield Reason(message, PYPROJECT, dependency.keys)


def _excludes(constraint: str | None, version: str) -> bool:
    return constraint is not None and poetry_allows(constraint, version) is False


def _declared(pyproject: dict[str, object]) -> Iterator[Dependency]:
    yield from _requirements(member(pyproject, "project", "dependencies"), "main", ("project", "dependencies"))
    for extra, requirements in table(pyproject, "project", "optional-dependencies").items():
        yield from _requirements(requirements, "", ("project", "optional-dependencies", extra))
    for group, requirements in table(pyproject, "dependency-groups").items():
        yield from _requirements(requirements, canonical(group), ("dependency-groups", group))
    poetry = table(pyproject, "tool", "poetry")
    yield from _constraints(poetry.get("dependencies"), "main", ("tool", "poetry", "dependencies"))
    yield from _constraints(poetry.get("dev-dependencies"), "dev", ("tool", "poetry", "dev-dependencies"))
    for group, content in table(poetry, "group").items():
        keys = ("tool", "poetry", "group", group, "dependencies")
        yield from _constraints(member(content, "dependencies"), canonical(group), keys)


def _requirements(requirements: object, group: str, keys: tuple[str, ...]) -> Iterator[Dependency]:
    for index, requirement in enumerate(requirements if isinstance(requirements, list) else ()):
        parsed = REQUIREMENT.fullmatch(requirement) if isinstance(requirement, str) else None
        if parsed:
            name, constraint, url = parsed.groups()
            yield Dependency(name, None if url else constraint.strip(), group, _title(keys), (*keys, index))


def _constraints(dependencies: object, group: str, keys: tuple[str, ...]) -> Iterator[Dependency]:
    for name, constraint in dependencies.items() if isinstance(dependencies, dict) else ():
        if name.lower() == "python":
            continue
        optional = member(constraint, "optional") is True
        version = constraint if isinstance(constraint, str) else member(constraint, "version")
        text = version if isinstance(version, str) else None
        yield Dependency(name, text, "" if optional else group, _title(keys), (*keys, name))


def _title(keys: tuple[str, ...]) -> str:
    return f"[{keys[0]}] {keys[1]}" if keys[:2] == ("project", "dependencies") else f"[{'.'.join(keys)}]"


def _locked(lock: dict[str, object]) -> dict[str, list[dict[str, object]]]:
    packages: dict[str, list[dict[str, object]]] = {}
    for package in tables(lock.get("package")):
        if isinstance(name := package.get("name"), str):
            packages.setdefault(canonical(name), []).append(package)
    return packages


def _unused(declared: list[Dependency], lock: dict[str, object]) -> Iterator[Reason]:
    """Locked packages that nothing asks for any more."""
    wanted = {canonical(dependency.name) for dependency in declared}
    for package in tables(lock.get("package")):
        wanted.update(canonical(name) for name in table(package, "dependencies"))
    for index, entry in enumerate(array(lock.get("package"))):
        name = member(entry, "name")
        if isinstance(name, str) and canonical(name) not in wanted:
            message = f"poetry.lock still holds {name}, which nothing asks for any more"
            yield Reason(message, POETRY_LOCK, ("package", index, "name"))


def _changed_python(pyproject: dict[str, object], lock: dict[str, object]) -> Iterator[Reason]:
    paths = [("project", "requires-python"), ("tool", "poetry", "dependencies", "python")]
    stated = [(path, value) for path in paths if isinstance(value := member(pyproject, *path), str)]
    locked = member(lock, "metadata", "python-versions")
    if len(stated) == 1 and isinstance(locked, str):
        path, value = stated[0]
        if re.sub(r"\s", "", value) != re.sub(r"\s", "", locked):
            yield Reason(f"{path[-1]} is {value}, but poetry.lock was made for {locked}", PYPROJECT, path)


def _changed_extras(pyproject: dict[str, object], lock: dict[str, object]) -> Iterator[Reason]:
    in_project = table(pyproject, "project", "optional-dependencies")
    path = ("project", "optional-dependencies") if in_project else ("tool", "poetry", "extras")
    stated = {canonical(name): name for name in table(pyproject, *path)}
    locked = {canonical(name) for name in table(lock, "extras")}
    for name in stated.keys() - locked:
        message = f"[{'.'.join(path)}] has {stated[name]}, which is not in poetry.lock"
        yield Reason(message, PYPROJECT, (*path, stated[name]))
    for name in sorted(locked - stated.keys()):
        yield Reason(
            f"poetry.lock still has the extra {name}, which is gone from pyproject.toml", POETRY_LOCK, ("extras", name)
        )
