"""``uv sync --locked``: whether a uv.lock satisfies the project that it belongs to.

Source: ``do_lock``, ``ValidatedLock::validate`` and ``Lock::satisfies`` of uv 0.12.5. What differs is told only where
uv would surely see it too; what depends on builds, indexes, environment variables or a ``uv.toml`` is left undecided.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from pydeploy_lint.facts.locks.python_range import PythonRange, intersection, parse_range
from pydeploy_lint.facts.locks.uv import project as uv_project
from pydeploy_lint.facts.locks.uv import settings as uv_settings
from pydeploy_lint.facts.locks.verdict import FRESH, LockState, Reason, Verdict, bounded, invalid, stale
from pydeploy_lint.files.tables import member
from pydeploy_lint.heroku.policy import series_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.facts.locks.uv.workspace import Project

UV_LOCK = "uv.lock"
PLAIN_SPECIFIERS = re.compile(r"[\d.*<>=~, ]+")
"""Specifiers that leave no holes; packaging, which knows all of them, takes long to import."""
RELEASE = re.compile(r"\d+(?:\.\d+)*")
LOCK_VERSION = 1
"""The version of the format; a higher revision of it is compatible."""


@bounded
def freshness(
    root: Project,
    members: list[Project] | None,
    lock: object,
    *,
    python: str | None,
    version: str,
    uv_toml: bool = False,
) -> Verdict:
    """Whether ``uv sync --locked`` accepts a lock.

    Args:
        root: the pyproject.toml beside the lock.
        members: the projects of the workspace, as `uv_workspace.find_members` gives them; None where they are unknown.
        lock: the parsed uv.lock.
        python: the full version of the interpreter; None where it is not known.
        version: the version of uv.
        uv_toml: whether there is a ``uv.toml``, which takes the place of the settings in ``[tool.uv]``.
    """
    if not isinstance(lock, dict) or lock.get("version") != LOCK_VERSION:
        message = f"uv.lock is not of version {LOCK_VERSION} of its format, which is all that uv reads"
        return invalid([Reason(message, UV_LOCK, ("version",) if member(lock, "version") is not None else ())])
    if not isinstance(lock.get("requires-python"), str):
        return invalid([Reason("uv.lock has no requires-python, without which uv does not read it", UV_LOCK)])
    projects = members if members is not None else [root]
    refusals = list(chain(uv_settings.refusals(root, version), *map(uv_project.refusals, projects)))
    if refusals:
        return invalid(refusals)
    if members is None or not projects:
        return Verdict(LockState.UNDECIDED, (Reason("the members of the workspace cannot be told", root.path),))
    differences = list(_differences(root, projects, lock, python, uv_toml=uv_toml))
    if differences:
        return stale(differences)
    unknown = [reason for project in projects for reason in uv_project.unknowns(project)]
    if uv_toml:
        unknown.append(Reason("uv.toml takes the place of the settings in [tool.uv]", "uv.toml"))
    return Verdict(LockState.UNDECIDED, tuple(unknown)) if unknown else FRESH


def _differences(
    root: Project, projects: list[Project], lock: dict[str, object], python: str | None, *, uv_toml: bool
) -> Iterator[Reason]:
    locked_text = str(lock["requires-python"])
    locked_range = parse_range(locked_text)
    if locked_range is not None:
        yield from _python_differences(projects, locked_text, locked_range, python)
    pythons = locked_range or PythonRange()
    yield from uv_settings.differences(root, projects, lock, pythons, uv_toml=uv_toml)
    yield from uv_project.member_differences(root, projects, lock)
    for project in projects:
        yield from uv_project.differences(project, root, projects, lock, pythons)
    if root not in projects:
        yield from uv_project.root_group_differences(root, lock, pythons)


def _python_differences(
    projects: list[Project], locked_text: str, locked: PythonRange, python: str | None
) -> Iterator[Reason]:
    stated = [(project, text) for project in projects if (text := project.requires_python) is not None]
    if not stated:
        series = series_of(python) if python else ""
        expected = parse_range(f">={series}") if series else None
        text, at = f"absent, which means >={series} here", Reason("", projects[0].path, ("project",))
    else:
        ranges = [found for _, text in stated if (found := parse_range(text)) is not None]
        expected = intersection(ranges) if len(ranges) == len(stated) else None
        text, at = stated[0][1], Reason("", stated[0][0].path, ("project", "requires-python"))
    if expected is not None and expected != locked:
        yield at._replace(message=f"requires-python is {text}, but uv.lock was made for {locked_text}")


def accepts_python(requires_python: str, python: str) -> bool | None:
    """Whether uv takes an interpreter for a project; None where that cannot be told.

    Args:
        requires_python: the version specifiers of the project.
        python: the full version of the interpreter.
    """
    span = parse_range(requires_python) if PLAIN_SPECIFIERS.fullmatch(requires_python) else None
    if span and RELEASE.fullmatch(python):
        return span.contains(tuple(int(number) for number in python.split(".")))
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(requires_python).contains(python, prereleases=True)
    except InvalidSpecifier:
        return None
