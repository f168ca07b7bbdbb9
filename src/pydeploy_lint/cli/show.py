"""What a verdict rests on: the settings and where they are made, the rules, the files."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from pydeploy_lint.cli.apps import given_settings
from pydeploy_lint.cli.environment import variable
from pydeploy_lint.finding import Severity
from pydeploy_lint.report.common.neutral import inert, visible
from pydeploy_lint.report.common.paths import typed_path
from pydeploy_lint.settings.configuration import OWN_FILE, SHARED_FILE, read_configuration
from pydeploy_lint.settings.options import SETTINGS, definitions

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from pydeploy_lint.api import Judged
    from pydeploy_lint.cli.apps import Target
    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.settings.options import Options


def settings(arguments: argparse.Namespace, targets: list[Target], registry: Registry) -> str:
    """The settings for each app, a line each: name, value and where it was made."""
    return _document((target.path, _settings(arguments, target, registry)) for target in targets)


def files(targets: list[Target]) -> str:
    """The files that were read of each app, a line each, by their paths from the current directory."""
    return _document((target.path, _files(target)) for target in targets)


def rules(judged: Iterable[Judged], targets: Iterable[Target]) -> Iterator[str]:
    """By what each app was judged, as sentences without their full stops."""
    read = {target.path: len(_files(target)) for target in targets}
    for report in (each.report for each in judged):
        used = report.policy
        yield (
            f"judged {report.path} as of {used.as_of} by release {used.buildpack} of the buildpack on {used.stack},"
            f" with data up to {used.data_until}; files read: {read[report.path]}"
        )


def _document(apps: Iterable[tuple[str, list[str]]]) -> str:
    apps = list(apps)
    blocks = [[f"{path}:", *lines] if len(apps) > 1 else lines for path, lines in apps]
    return "\n".join("".join(f"{inert(visible(line))}\n" for line in block) for block in blocks)


def _files(target: Target) -> list[str]:
    read = {source.path for tree in (target.tree, target.tree.source_tree) for source in tree.sources}
    return sorted(typed_path(target.path, path) for path in read)


def _settings(arguments: argparse.Namespace, target: Target, registry: Registry) -> list[str]:
    rows = list(_rows(arguments, target, registry))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return [f"{name:<{widths[0]}}  {value:<{widths[1]}}  {origin}" for name, value, origin in rows]


def _rows(arguments: argparse.Namespace, target: Target, registry: Registry) -> Iterator[tuple[str, str, str]]:
    given, _ = given_settings(arguments, registry)
    files = target.tree.source_tree
    configured = read_configuration(files, definitions(registry.checks, registry.families))
    file = typed_path(target.path, OWN_FILE if files.is_file(OWN_FILE) else SHARED_FILE)
    for setting in SETTINGS:
        origin = "default"
        if setting.field in given:
            origin = variable(setting.field) if setting.field in arguments.variables else "command line"
        elif setting.field in configured:
            origin = file
        yield setting.name, _text(_value(target.options, setting.field)), origin


def _value(options: Options, field: str) -> Any:
    part = next(each for each in (options.app, options.reporting, options) if hasattr(each, field))
    return getattr(part, field)


def _text(value: Any) -> str:
    if isinstance(value, Severity):
        return value.label
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return ", ".join(f"{name}={_text(each)}" for name, each in value.items()) or "-"
    if isinstance(value, tuple):
        return ", ".join("/".join(each.names) if hasattr(each, "names") else str(each) for each in value) or "-"
    return "-" if value is None else str(value)
