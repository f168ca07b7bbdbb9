"""The ways to end up with one package manager, each with what follows from it."""

from __future__ import annotations

import re
from shlex import quote
from typing import TYPE_CHECKING

from pydeploy_checks.locks import COMMANDS, invalid_lockfile, lockfile_of_other_version, stale_lockfile
from pydeploy_checks.packages.undeclared import module_not_installed
from pydeploy_lint.plugin import (
    MANAGER_TITLES,
    PIPFILE_LOCK,
    PYTHON_VERSION,
    Edit,
    FileProblem,
    Fix,
    Installed,
    Mode,
)

if TYPE_CHECKING:
    from pydeploy_lint.plugin import App

PIPFILE = "Pipfile"
EXPORTED = re.compile(r"^#\s+(?:uv export|(?:uv pip compile|pip-compile)\b.*\bpyproject\.toml)", re.MULTILINE)
"""What a tool writes above requirements that it makes from a project, for which there is a lock as well."""


def ways_to_keep_one(app: App) -> list[Fix]:
    """The ways to keep one of several package managers, the best first.

    A file that can be installed from as it is goes first, then that which has more of what the app needs, then that
    which others were made from, and then the one that Heroku took as long as it took the first. All are suggestions:
    the files need not list the same packages.
    """
    exported = _is_exported(app)
    ranks = {
        manager: (_has_broken_lock(app, manager), _number_missing(app, manager), manager == "pip" and exported)
        for manager in app.managers.files
    }
    return [_keeping(app, manager, is_broken=ranks[manager][0]) for manager in sorted(ranks, key=ranks.__getitem__)]


def ways_with_pipfile(app: App) -> list[Fix]:
    """The ways to deal with a Pipfile that has no lock, the best first."""
    others = [file for manager, file in app.managers.files.items() if manager != "pipenv"]
    lock, add = COMMANDS["pipenv"], "git add Pipfile.lock"
    if not others:
        return [Fix.by_hand("Write the lock, and commit it", lock, add)]
    listed = " and ".join(others)
    return [
        Fix(f"Install from {listed}, and delete the Pipfile", (Edit.delete(PIPFILE),), safe=False),
        Fix(
            f"Use Pipenv: delete {listed}, and lock", tuple(map(Edit.delete, others)), safe=False, commands=(lock, add)
        ),
    ]


def choice_help(ways: list[Fix]) -> str:
    """What a finding says about ways to choose from."""
    return "\n".join(
        line
        for way in ways
        for line in (
            f"{way.description}:",
            *(f"    {command}" for edit in way.edits for command in _by_hand(edit)),
            *(f"    {command}" for command in way.commands),
        )
    )


def _by_hand(edit: Edit) -> list[str]:
    """The commands for an edit that deletes or writes a file."""
    path = quote(edit.span.path)
    if edit.text is None:
        return [f"git rm {path}"]
    return [f"echo {quote(edit.text.strip())} > {path}", f"git add {path}"]


def _keeping(app: App, manager: str, *, is_broken: bool) -> Fix:
    others = [file for name, file in app.managers.files.items() if name != manager]
    if PIPFILE_LOCK in others and app.files.tree.is_file(PIPFILE):
        others.insert(others.index(PIPFILE_LOCK), PIPFILE)  # Heroku rejects a Pipfile without its lock.
    description = f"Keep {MANAGER_TITLES[manager]}, and delete {' and '.join(others)}"
    if is_broken:
        description += f"; then lock again, as {app.managers.files[manager]} cannot be installed from"
    elif _lacks_version(app, manager):
        description += f"; it needs a {PYTHON_VERSION}"
    edits = [Edit.delete(file) for file in others]
    if version := _version_only_in_lock(app, manager):
        description += f"; {PYTHON_VERSION} then says {version}"
        edits.append(Edit.write(PYTHON_VERSION, f"{version}\n"))
    commands = (COMMANDS[manager],) if is_broken else ()
    return Fix(description, tuple(edits), safe=False, commands=commands)


def _has_broken_lock(app: App, manager: str) -> bool:
    """Whether the build would stop at the lock, if it were the only one."""
    then = app.using(manager)
    try:
        return any(True for each in (stale_lockfile, lockfile_of_other_version, invalid_lockfile) for _ in each(then))
    except FileProblem:
        return True


def _number_missing(app: App, manager: str) -> int:
    """How much of what the app starts and imports one package manager surely would not install."""
    then = app.using(manager)
    try:
        installed = then.packages.install_set
        imports = sum(1 for _ in module_not_installed(then))
    except FileProblem:
        return 0
    programs = {run.name for process in app.processes.types.values() for run in process.runs}
    answers = [installed.provides_program(name) for name in programs] if installed else []
    return imports + sum(answer is not None and answer.installed is Installed.NO for answer in answers)


def _lacks_version(app: App, manager: str) -> bool:
    rejects = app.policy.rules.about_missing_version(manager) is Mode.ERROR
    return rejects and app.python.python_version_file is None


def _version_only_in_lock(app: App, manager: str) -> str | None:
    """The Python that only a deleted Pipfile.lock asks for, and that is lost with it; None where nothing is lost."""
    if manager == "pipenv" or "pipenv" not in app.managers.files or not app.policy.rules.reads_python_version_file:
        return None
    request = app.using("pipenv").python.request
    return request.version if request and request.origin == PIPFILE_LOCK else None


def _is_exported(app: App) -> bool:
    """Whether the requirements were made from the project that a lock belongs to."""
    file = app.managers.files.get("pip")
    source = app.files.source(file) if file else None
    return source is not None and EXPORTED.search(source.text) is not None
