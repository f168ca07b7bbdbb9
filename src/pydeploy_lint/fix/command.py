"""What ``--fix`` and ``--diff`` do: fix all apps in memory, then write their files or print a patch, and sum up."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from pydeploy_lint.api import judge
from pydeploy_lint.files.names import APP_JSON
from pydeploy_lint.files.writing.write import reason_of, reserved
from pydeploy_lint.fix.diff import patch
from pydeploy_lint.fix.rounds import fix_app
from pydeploy_lint.fix.write import WriteError, write_changes
from pydeploy_lint.report.common.commands import from_here
from pydeploy_lint.report.common.paths import RepositoryPaths, typed_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.finding import Finding
    from pydeploy_lint.fix.change import Change
    from pydeploy_lint.fix.rounds import FixedApp
    from pydeploy_lint.settings.options import Options


def fix_all(apps: Iterable[tuple[str, Options]], registry: Registry, *, unsafe: bool) -> list[FixedApp]:
    """Fix apps in memory.

    Args:
        apps: their directories, and how to judge them.
        registry: the checks.
        unsafe: whether to make fixes that are suggestions, too.
    """
    return [fix_app(path, _judge_by(options, registry), unsafe=unsafe) for path, options in apps]


def _judge_by(options: Options, registry: Registry) -> Callable[[Tree], tuple[Finding, ...]]:
    return lambda tree: judge(tree, options, registry).report.findings


def fix_on_disk(apps: Iterable[tuple[str, Options]], registry: Registry, *, unsafe: bool) -> list[FixedApp]:
    """Fix apps and write their changes, all or none, while no other pydeploy-lint fixes one of them.

    Args:
        apps: their directories, and how to judge them.
        registry: the checks.
        unsafe: whether to make fixes that are suggestions, too.

    Raises:
        WriteError: they cannot be written.
    """
    apps = list(apps)
    with contextlib.ExitStack() as stack:
        # In one order, so that no two of us wait for each other.
        for root in sorted({os.path.realpath(path) for path, _ in apps}):
            try:
                stack.enter_context(reserved(root))
            except OSError as error:
                raise WriteError(f"{root} cannot be changed: {reason_of(error)}; no file was changed") from error
        fixed = fix_all(apps, registry, unsafe=unsafe)
        write_all(fixed)
        return fixed


def write_all(apps: Iterable[FixedApp]) -> None:
    """Write the changes of all apps to the disk, or none.

    Raises:
        WriteError: they cannot be written.
    """
    write_changes({os.path.realpath(app.root): app.changes for app in apps})


def patch_of(apps: Iterable[FixedApp]) -> bytes:
    """The patch that makes the changes, for the root of the repository, or the directory above all repositories."""
    apps = list(apps)
    paths = RepositoryPaths(app.root for app in apps)
    return patch(_changes(apps, lambda root, path: paths.of(root)(path)))


def _changes(apps: Iterable[FixedApp], name: Callable[[str, str], str]) -> dict[str, Change]:
    return {
        name(app.root, path): change._replace(
            moved_from=None if change.moved_from is None else name(app.root, change.moved_from)
        )
        for app in apps
        for path, change in app.changes.items()
    }


def summary(apps: Iterable[FixedApp], *, written: bool) -> str:
    """What was done, or would be, in a sentence without its full stop; empty where there was nothing to do."""
    apps = list(apps)
    count = sum(app.fixed for app in apps)
    if not count:
        return ""
    verb = "applied" if written else "would apply"
    changes = ", ".join(text for app in apps for text in _actions(app))
    in_app_json = any(APP_JSON in app.changes for app in apps)
    reminder = "; Heroku reads app.json only when it creates an app" if in_app_json else ""
    return f"{verb} {count} fix{'es' * (count > 1)}: {changes}{reminder}"


def remaining(apps: Iterable[FixedApp]) -> list[str]:
    """What remains to be run for the fixes, as lines; none where that is nothing."""
    lines = []
    for app in apps:
        if app.commands:
            lines += ["to finish, run:", *(f"    {from_here(command, app.root)}" for command in app.commands)]
    return lines


def _actions(app: FixedApp) -> Iterator[str]:
    moved = {change.moved_from for change in app.changes.values()}
    for path, change in app.changes.items():
        shown = typed_path(app.root, path)
        if change.moved_from is not None:
            yield f"{typed_path(app.root, change.moved_from)} renamed to {shown}"
        elif path not in moved:
            action = "added" if change.old is None else "deleted" if change.new is None else "changed"
            yield f"{shown} {action}"
