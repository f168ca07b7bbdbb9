"""``--build-log``: explains what a build printed, and compares it with the files."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from pydeploy_lint import __version__
from pydeploy_lint.api import judge
from pydeploy_lint.buildlog.comparison import compare
from pydeploy_lint.buildlog.log import BuildLog, Outcome
from pydeploy_lint.buildlog.reader import read_log
from pydeploy_lint.cli.apps import open_targets
from pydeploy_lint.cli.arguments import UsageError
from pydeploy_lint.cli.status import Status
from pydeploy_lint.cli.streams import configure, write
from pydeploy_lint.report.buildlog import json, text
from pydeploy_lint.report.common.paths import STANDARD_INPUT
from pydeploy_lint.report.common.terminal import Terminal
from pydeploy_lint.settings.options import SETTINGS, Setting

if TYPE_CHECKING:
    import argparse

    from pydeploy_lint.cli.apps import Target
    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.settings.options import Options

STATUSES = {Outcome.FAILED: Status.FOUND, Outcome.RUN_ERRORS: Status.FOUND, Outcome.UNKNOWN: Status.NO_APP}


def explain_log(arguments: argparse.Namespace, registry: Registry, defaults: Options) -> Status:
    """Read the log, print what it means, and return the exit status.

    Raises:
        UsageError: the log or the app cannot be read.
    """
    log = _read(arguments.build_log)
    target = _target(log, arguments, registry, defaults)
    comparison = compare(log, judge(target.tree, target.options, registry, path=target.path).report)
    if arguments.format == "json":
        configure(sys.stdout, encoding="utf-8", newline="\n")
        write(json.render(log, comparison, __version__))
    else:
        terminal = Terminal.detect(sys.stdout, os.environ)
        write(text.render(log, comparison, terminal, concise=(arguments.format or target.options.format) == "concise"))
    return STATUSES.get(log.outcome, Status.CLEAN)


def _read(path: str) -> BuildLog:
    if path == "-":
        return read_log(sys.stdin.buffer, STANDARD_INPUT)
    try:
        with open(path, "rb") as file:
            return read_log(file, path)
    except OSError as error:
        raise UsageError(f"--build-log: {path} cannot be read: {error.strerror}") from error


def _target(log: BuildLog, arguments: argparse.Namespace, registry: Registry, defaults: Options) -> Target:
    """The app as the next build gets it: on the stack of the log, with the Python that it leaves in the cache."""
    printed = {"last-python": log.last_python, "stack": log.facts.stack}
    known = {each.field: _converted(each, value) for each in SETTINGS if (value := printed.get(each.name))}
    (target,) = open_targets(arguments, registry, defaults.replaced(**known)).apps
    return target


def _converted(setting: Setting, value: str) -> str | None:
    """The value of a setting that the log has; None for one that the platform's data does not know."""
    try:
        return str(setting.convert(value))
    except ValueError:
        return None
