"""What ``--fix`` and ``--diff`` do: mend all apps in memory, then write their files or print a patch, and sum up."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.filters import wanted
from pydeploy_lint.files.deployed import repository_root
from pydeploy_lint.files.names import APP_JSON
from pydeploy_lint.fix.diff import patch
from pydeploy_lint.fix.rounds import mend
from pydeploy_lint.fix.write import write_changes
from pydeploy_lint.report.common.paths import repository_path, typed_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.facts.app import App
    from pydeploy_lint.finding import Finding
    from pydeploy_lint.fix.apply import Change
    from pydeploy_lint.fix.rounds import Mended


def mend_all(apps: Iterable[tuple[str, App]], registry: Registry, *, unsafe: bool) -> list[Mended]:
    """Mend apps in memory.

    Args:
        apps: with their paths.
        registry: the checks.
        unsafe: whether to make fixes that are suggestions, too.
    """

    def judge(app: App) -> tuple[Finding, ...]:
        return wanted(engine.run(app, registry.checks.values()).findings, app.options, registry)

    return [mend(path, app.options, judge, unsafe=unsafe) for path, app in apps]


def write_all(apps: Iterable[Mended]) -> None:
    """Write the changes of all apps to the disk, or none.

    Raises:
        WriteError: they cannot be written.
    """
    write_changes(_changes(apps, lambda root, path: os.path.join(os.path.realpath(root), path)))


def patch_of(apps: Iterable[Mended]) -> bytes:
    """The patch that makes the changes, for the root of the git repository, or the working directory outside of one."""
    return patch(_changes(apps, _path_in_patch))


def _path_in_patch(root: str, path: str) -> str:
    repository = repository_root(root)
    if repository is None:
        return repository_path(root, path)
    return os.path.relpath(os.path.join(os.path.realpath(root), path), repository).replace(os.sep, "/")


def _changes(apps: Iterable[Mended], name: Callable[[str, str], str]) -> dict[str, Change]:
    return {
        name(app.root, path): change._replace(
            moved_from=None if change.moved_from is None else name(app.root, change.moved_from)
        )
        for app in apps
        for path, change in app.changes.items()
    }


def summary(apps: Iterable[Mended], *, written: bool) -> str:
    """What was done, or would be, in a sentence without its full stop; empty where there was nothing to do."""
    apps = list(apps)
    count = sum(app.fixed for app in apps)
    if not count:
        return ""
    verb = "applied" if written else "would apply"
    changes = ", ".join(text for app in apps for text in _deeds(app))
    in_app_json = any(APP_JSON in app.changes for app in apps)
    reminder = "; Heroku reads app.json only when it creates an app" if in_app_json else ""
    return f"{verb} {count} fix{'es' * (count > 1)}: {changes}{reminder}"


def _deeds(app: Mended) -> Iterator[str]:
    moved = {change.moved_from for change in app.changes.values()}
    for path, change in app.changes.items():
        shown = typed_path(app.root, path)
        if change.moved_from is not None:
            yield f"{typed_path(app.root, change.moved_from)} renamed to {shown}"
        elif path not in moved:
            deed = "added" if change.old is None else "deleted" if change.new is None else "changed"
            yield f"{shown} {deed}"
