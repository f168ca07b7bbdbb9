"""``uv sync --locked``: whether a uv.lock satisfies the project that it belongs to.

Source: ``do_lock``, ``ValidatedLock::validate`` and ``Lock::satisfies`` of uv 0.12.5. What differs is told only where
uv would surely see it too; what depends on builds, indexes or environment variables is left undecided.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from pydeploy_lint.facts.locks.python_range import PythonRange, intersection, parse_range
from pydeploy_lint.facts.locks.uv import damage as uv_damage
from pydeploy_lint.facts.locks.uv import options as uv_options
from pydeploy_lint.facts.locks.uv import project as uv_project
from pydeploy_lint.facts.locks.uv import settings as uv_settings
from pydeploy_lint.facts.locks.verdict import FRESH, LockState, Reason, Verdict, bounded, invalid, stale
from pydeploy_lint.files.formats.tables import table
from pydeploy_lint.files.numbers import whole_number
from pydeploy_lint.heroku.policy import series_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.facts.locks.uv.options import Options
    from pydeploy_lint.facts.locks.uv.workspace import Workspace

PLAIN_SPECIFIERS = re.compile(r"[\d.*<>=~, ]+")
"""Specifiers that leave no holes; packaging, which knows all of them, takes long to import."""
RELEASE = re.compile(r"\d+(?:\.\d+)*")


@bounded
def freshness(
    workspace: Workspace,
    lock: object,
    *,
    python: str | None,
    version: str,
    uv_toml: dict[str, object] | None = None,
) -> Verdict:
    """Whether ``uv sync --locked`` accepts a lock.

    Args:
        workspace: the projects that it is for.
        lock: the parsed uv.lock.
        python: the full version of the interpreter; None where it is not known.
        version: the version of uv.
        uv_toml: the parsed ``uv.toml``, which takes the place of the settings in ``[tool.uv]``; None for none.
    """
    root = workspace.root
    options = uv_options.options_of(root.value, uv_toml, version)
    refusals = [
        *(uv_options.refusals(uv_toml, version) if uv_toml is not None else ()),
        *uv_settings.refusals(root, options, version),
        *chain.from_iterable(map(uv_project.refusals, workspace.files)),
        *workspace.refusals,
        *(reason for each in workspace.projects for reason in uv_project.source_refusals(each, workspace, options)),
    ]
    damage = list(uv_damage.refusals(table(lock)))
    if damage or refusals:
        return invalid(damage or refusals)
    differences = list(_differences(workspace, table(lock), options, python, version))
    if differences:
        return stale(differences)
    unknown = [reason for project in workspace.projects for reason in uv_project.unknowns(project)]
    if not workspace.is_complete:
        unknown.append(Reason("the members of the workspace cannot be told", root.path))
    if options.values is None:
        message = f"{options.path} has settings of which it is not known whether uv accepts them"
        unknown.append(Reason(message, options.path, options.keys))
    return Verdict(LockState.UNDECIDED, tuple(unknown)) if unknown else FRESH


def _differences(
    workspace: Workspace, lock: dict[str, object], options: Options, python: str | None, version: str
) -> Iterator[Reason]:
    locked_text = str(lock["requires-python"])
    locked_range = parse_range(locked_text)
    if locked_range is not None and workspace.is_complete:
        yield from _python_differences(workspace, locked_text, locked_range, python)
    pythons = locked_range or PythonRange()
    yield from uv_settings.differences(workspace, lock, pythons, options, version)
    yield from uv_project.member_differences(workspace, lock)
    for project in workspace.projects:
        yield from uv_project.differences(project, workspace, lock, pythons, options)
    if workspace.root not in workspace.projects:
        yield from uv_project.root_group_differences(workspace.root, lock, pythons, options)


def _python_differences(
    workspace: Workspace, locked_text: str, locked: PythonRange, python: str | None
) -> Iterator[Reason]:
    stated = [(project, text) for project in workspace.projects if (text := project.requires_python) is not None]
    if not stated:
        series = series_of(python) if python else ""
        expected = parse_range(f">={series}") if series else None
        text, at = f"absent, which means >={series} here", Reason("", workspace.files[0].path, ("project",))
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
        return span.contains(tuple(whole_number(number) for number in python.split(".")))
    from packaging.specifiers import SpecifierSet

    try:
        return SpecifierSet(requires_python).contains(python, prereleases=True)
    except ValueError:
        return None
