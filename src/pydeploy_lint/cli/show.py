"""What is printed in place of reports, or beside them: plans, settings and where they are made, rules, files."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from pydeploy_lint.cli.apps import given_settings
from pydeploy_lint.cli.options.environment import variable
from pydeploy_lint.cli.status import Status, Tally
from pydeploy_lint.cli.streams import complain, inform, write
from pydeploy_lint.files.credentials import masked
from pydeploy_lint.finding import Severity
from pydeploy_lint.fleet.job import NotOpened
from pydeploy_lint.fleet.outcome import failures_of
from pydeploy_lint.report.common.neutral import inert, visible
from pydeploy_lint.report.common.paths import typed_path
from pydeploy_lint.settings.layers import ADDED_UP, NOTHING, read_configuration
from pydeploy_lint.settings.options import SETTINGS, definitions

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

    from pydeploy_lint.fleet.job import Opened
    from pydeploy_lint.fleet.outcome import Outcome
    from pydeploy_lint.fleet.run import Run
    from pydeploy_lint.fleet.target import Target
    from pydeploy_lint.report.common.terminal import Terminal
    from pydeploy_lint.settings.options import Options, Setting


def print_plans(run: Run, terminal: Terminal | None, *, verbose: bool) -> Status:
    """Print what Heroku would do with each app; returns the exit status."""
    from pydeploy_lint.report.plan.text import render

    return _print_each(run, lambda path, outcome: render(path, outcome.plan, terminal), verbose=verbose)


def print_files(run: Run, *, verbose: bool) -> Status:
    """Print the files that were read of each app, as the user would type their paths; returns the exit status."""
    several = len(run.targets) > 1
    return _print_each(run, lambda path, outcome: _block(path, outcome.files, several=several), verbose=verbose)


def _print_each(run: Run, block: Callable[[str, Outcome], str], *, verbose: bool) -> Status:
    tally = Tally(failed=bool(run.registry.failures))
    complain(run.registry.failures)
    between = ""
    for outcome in run.outcomes():
        tally.add(outcome)
        if verbose:
            inform_of_rules(outcome)
        complain([*(str(each.why) for each in outcome.unjudged), *failures_of(outcome.report)])
        if outcome.report:
            write(between + block(outcome.report.path, outcome))
            between = "\n"
    return tally.status


def inform_of_rules(outcome: Outcome) -> None:
    """Say on standard error by what an app was judged."""
    if outcome.report:
        used = outcome.report.policy
        inform(
            [
                f"judged {outcome.report.path} as of {used.as_of} by release {used.buildpack} of the buildpack on"
                f" {used.stack}, with data up to {used.data_until}; files read: {len(outcome.files)}"
            ]
        )


def print_settings(arguments: argparse.Namespace, run: Run) -> Status:
    """Print the settings for each app, a line each: name, value and where it was made; returns the exit status."""
    apps: dict[str, list[str]] = {}
    status = Status.CLEAN
    for target in run.targets:
        try:
            with run.job.opened(target, run.registry) as opened:
                apps[target.label] = _settings(arguments, run, target, opened)
        except NotOpened as error:
            complain(map(str, error.why))
            status = Status.USAGE
    write("\n".join(_block(path, lines, several=len(apps) > 1) for path, lines in apps.items()))
    return status


def _block(path: str, lines: Iterable[str], *, several: bool) -> str:
    """Lines about an app, which is named where there are several."""
    named = [f"{path}:", *lines] if several else lines
    return "".join(f"{inert(visible(masked(line)))}\n" for line in named)


def _settings(arguments: argparse.Namespace, run: Run, target: Target, opened: Opened) -> list[str]:
    given, _ = given_settings(arguments, run.registry)
    files = _files_of_settings(run, target, opened)
    rows = []
    for setting in SETTINGS:
        origin = ", ".join(files[setting.field]) or "default"
        if setting.field in given:
            origin = variable(setting.field) if setting.field in arguments.variables else "command line"
        rows.append((setting.name, _text(_value(opened.options, setting.field)), origin))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return [f"{name:<{widths[0]}}  {value:<{widths[1]}}  {origin}" for name, value, origin in rows]


def _files_of_settings(run: Run, target: Target, opened: Opened) -> dict[str, tuple[str, ...]]:
    """The configurations that make each setting, by its name in `Options`; those of the app from where the user is."""
    shared = run.job.shared
    names = definitions(run.registry.checks, run.registry.families)
    own = NOTHING if run.job.isolated else read_configuration(opened.tree.source_tree, names)

    def files(setting: Setting) -> tuple[str, ...]:
        of_all = shared.origins.get(setting.field, ())
        of_app = () if setting.name in shared.forbidden else own.origins.get(setting.field, ())
        of_app = tuple(typed_path(target.label, path) for path in of_app)
        return (*of_all, *of_app) if setting.field in ADDED_UP else of_app or of_all

    return {setting.field: files(setting) for setting in SETTINGS}


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
