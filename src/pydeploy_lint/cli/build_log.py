"""``--build-log``: explains what a build printed, and compares it with the files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pydeploy_lint import __version__
from pydeploy_lint.api import judge
from pydeploy_lint.buildlog.comparison import compare
from pydeploy_lint.buildlog.log import BuildLog, Outcome
from pydeploy_lint.buildlog.reader import read_log
from pydeploy_lint.cli.apps import make_run
from pydeploy_lint.cli.options.arguments import UsageError
from pydeploy_lint.cli.outputs import terminal_of
from pydeploy_lint.cli.status import Status
from pydeploy_lint.cli.streams import configure, write
from pydeploy_lint.fleet.job import NotOpened
from pydeploy_lint.report.buildlog import json, text
from pydeploy_lint.report.common.concealed import concealed
from pydeploy_lint.report.common.paths import STANDARD_INPUT
from pydeploy_lint.settings.options import SETTINGS, Setting

if TYPE_CHECKING:
    import argparse

    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.engine.result import AppReport
    from pydeploy_lint.settings.options import Options

STATUSES = {Outcome.FAILED: Status.FOUND, Outcome.RUN_ERRORS: Status.FOUND, Outcome.UNKNOWN: Status.NO_APP}


def explain_log(arguments: argparse.Namespace, registry: Registry, defaults: Options) -> Status:
    """Read the log, print what it means, and return the exit status.

    Raises:
        UsageError: the log or the app cannot be read.
    """
    log = concealed(_read(arguments.build_log))
    report, options = _judged(log, arguments, registry, defaults)
    comparison = concealed(compare(log, report))
    if arguments.format == "json":
        configure(sys.stdout, encoding="utf-8", newline="\n")
        write(json.render(log, comparison, __version__))
    else:
        concise = (arguments.format or options.format) == "concise"
        write(text.render(log, comparison, terminal_of(arguments), concise=concise))
    return STATUSES.get(log.outcome, Status.CLEAN)


def _read(path: str) -> BuildLog:
    if path == "-":
        return read_log(sys.stdin.buffer, STANDARD_INPUT)
    try:
        with open(path, "rb") as file:
            return read_log(file, path)
    except OSError as error:
        raise UsageError(f"--build-log: {path} cannot be read: {error.strerror}") from error


def _judged(
    log: BuildLog, arguments: argparse.Namespace, registry: Registry, defaults: Options
) -> tuple[AppReport, Options]:
    """The app as the next build gets it: on the stack of the log, with the Python that it leaves in the cache."""
    printed = {"last-python": log.last_python, "stack": log.facts.stack}
    known = {each.field: _converted(each, value) for each in SETTINGS if (value := printed.get(each.name))}
    run = make_run(arguments, registry, defaults.replaced(**known))
    if len(run.targets) > 1:
        raise UsageError(f"--build-log: a log is about one app; {arguments.paths[0]} matches {len(run.targets)}")
    try:
        with run.job.opened(run.targets[0], registry) as opened:
            label = run.targets[0].label
            return judge(opened.tree, opened.options, registry, path=label).report, opened.options
    except NotOpened as error:
        raise UsageError(*map(str, error.why)) from error


def _converted(setting: Setting, value: str) -> str | None:
    """The value of a setting that the log has; None for one that the platform's data does not know."""
    try:
        return str(setting.convert(value))
    except ValueError:
        return None
