"""What the checks find in the apps, what is reported of it, and which exit status that makes."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from pydeploy_lint import __version__
from pydeploy_lint.cli.apps import Target, with_new_baseline
from pydeploy_lint.cli.streams import internal_error
from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.filters import silenced, wanted
from pydeploy_lint.engine.prediction import NO_APP
from pydeploy_lint.engine.result import AppReport, Notification, PolicyUsed, Report
from pydeploy_lint.finding import Severity

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
    arguments: argparse.Namespace, targets: list[Target], registry: Registry
) -> tuple[list[tuple[Target, AppReport]], Report, Status]:
    """Everything that is known of the apps, what is reported of it, and the exit status."""
    judged, failures = _judge(targets, registry)
    report, status = _report(judged, failures, registry, engine.policy_used(targets[0].app.policy))
    if arguments.write_baseline is not None and status in (Status.CLEAN, Status.FOUND):
        judged, failures = _judge(with_new_baseline(arguments.write_baseline, targets, report), registry)
        report, status = _report(judged, failures, registry, report.policy)
    return judged, report._replace(show_suppressed=arguments.show_suppressed), status


def _judge(targets: list[Target], registry: Registry) -> tuple[list[tuple[Target, AppReport]], list[Notification]]:
    """Everything that the checks find in each app, and what went wrong."""
    failures = [Notification(Severity.ERROR, message) for message in registry.failures]
    judged = []
    for target in targets:
        try:
            app = engine.run(target.app, registry.checks.values(), path=target.path, rev=target.app.options.rev)
        except Exception as error:  # noqa: BLE001 - the other apps are judged all the same
            failures.append(Notification(Severity.ERROR, f"{target.path}: {internal_error(error)}"))
        else:
            judged.append((target, app))
    return judged, failures


def _report(
    judged: list[tuple[Target, AppReport]], failures: list[Notification], registry: Registry, policy: PolicyUsed
) -> tuple[Report, Status]:
    """What the user asked to hear of it, and the exit status."""
    apps = []
    found = False
    for target, app in judged:
        options = target.app.options
        findings = wanted(app.findings, options, registry)
        found = found or any(finding.severity >= options.fail_on for finding in findings)
        suppressed = (
            each._replace(finding=finding)
            for each in app.suppressed
            for finding in wanted([each.finding], options, registry)
        )
        kept_back = tuple(suppressed)
        apps.append(app._replace(findings=findings, suppressed=kept_back, silenced=silenced(options, registry)))
    report = Report(__version__, policy, tuple(apps), registry.checks, tuple(failures))
    if failures_of(report):
        return report, Status.FAILED
    if all(app.build.failure_reason == NO_APP for app in apps):
        return report, Status.NO_APP
    return report, Status.FOUND if found else Status.CLEAN


def failures_of(report: Report) -> list[Notification]:
    """What failed in the run: checks, plug-ins, pydeploy-lint itself."""
    every = (*report.notifications, *(note for app in report.apps for note in app.notifications))
    return [note for note in every if note.severity is Severity.ERROR]
