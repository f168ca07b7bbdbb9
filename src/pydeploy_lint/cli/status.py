"""What the checks find in the apps, what is reported of it, and which exit status that makes."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from pydeploy_lint import __version__
from pydeploy_lint.api import Judged, judge
from pydeploy_lint.cli.apps import Target, Targets, with_new_baseline
from pydeploy_lint.cli.arguments import USUAL_SECONDS
from pydeploy_lint.cli.streams import inform
from pydeploy_lint.engine.internal_error import internal_error
from pydeploy_lint.engine.result import Notification, Report
from pydeploy_lint.engine.time_limit import OutOfTime, time_limit
from pydeploy_lint.finding import Severity
from pydeploy_lint.heroku.steps import NO_APP

if TYPE_CHECKING:
    import argparse

    from pydeploy_lint.engine.registry import Registry


class Status(IntEnum):
    """The exit status; other programs rely on the numbers."""

    CLEAN = 0
    FOUND = 1
    USAGE = 2
    NO_APP = 3
    FAILED = 4
    INTERRUPTED = 130
    """What a shell makes of a program that the user stopped."""


def check_targets(
    arguments: argparse.Namespace, targets: Targets, registry: Registry
) -> tuple[list[Judged], Report, Status]:
    """Everything that is known of the apps, what is reported of it, and the exit status."""
    limit = USUAL_SECONDS if arguments.time_limit is None else arguments.time_limit
    judged, report, status = _check(targets.apps, registry, limit)
    baseline = arguments.write_baseline
    if baseline is not None and status in (Status.CLEAN, Status.FOUND):
        judged, report, status = _check(with_new_baseline(baseline, targets.apps, report), registry, limit)
    elif baseline is not None:
        why = "there is no Python app" if status is Status.NO_APP else "not everything could be checked"
        inform([f"warning: --write-baseline: {baseline} is not written, because {why}"])
    report = report._replace(
        notifications=(*report.notifications, *targets.refused), show_suppressed=arguments.show_suppressed
    )
    return judged, report, Status.USAGE if targets.refused and status is not Status.FAILED else status


def _check(targets: list[Target], registry: Registry, limit: int) -> tuple[list[Judged], Report, Status]:
    failures = [Notification(Severity.ERROR, message) for message in registry.failures]
    judged: list[Judged] = []
    found = False
    for target in targets:
        try:
            with time_limit(limit):
                each = judge(target.tree, target.options, registry, path=target.path)
        except OutOfTime:
            message = f"{target.path}: cannot be judged in {limit} seconds, see --time-limit"
            failures.append(Notification(Severity.ERROR, message))
        except Exception as error:  # noqa: BLE001 - the other apps are judged all the same
            failures.append(Notification(Severity.ERROR, f"{target.path}: {internal_error(error)}"))
        else:
            judged.append(each)
            fail_on = target.options.reporting.fail_on
            found = found or any(finding.severity >= fail_on for finding in each.report.findings)
    report = Report(__version__, tuple(each.report for each in judged), registry.checks, tuple(failures))
    if failures_of(report):
        return judged, report, Status.FAILED
    if all(each.report.build.failure_reason == NO_APP for each in judged):
        return judged, report, Status.NO_APP
    return judged, report, Status.FOUND if found else Status.CLEAN


def failures_of(report: Report) -> list[Notification]:
    """What failed in the run: checks, plug-ins, pydeploy-lint itself; and apps that could not be judged."""
    every = (*report.notifications, *(note for app in report.apps for note in app.notifications))
    return [note for note in every if note.severity is Severity.ERROR]
