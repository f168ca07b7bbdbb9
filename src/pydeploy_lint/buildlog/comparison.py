"""Compares what a log says of a build with what the app's files say now."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.buildlog.log import CACHED, DEFAULT, BuildLog, Outcome
from pydeploy_lint.heroku.steps import NO_APP, STOPS, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.engine.result import AppReport
    from pydeploy_lint.finding import Finding

UNASKED = {CACHED: "the last build", DEFAULT: "Heroku's default"}
"""Where the Python version comes from if no file asks for one."""


class State(enum.Enum):
    """How the files stand to what failed."""

    SAME = "same"
    """The files still say what failed."""
    CHANGED = "changed"
    """The files no longer say it."""
    NOT_SHOWN = "not-shown"
    """The files alone do not show it, then or now."""
    NONE = "none"
    """Nothing failed."""
    NO_APP = "no-app"
    """There is no Python app with which the log could be compared."""


class Difference(NamedTuple):
    """A fact that the log and the files have different values for."""

    subject: str
    log: str
    files: str


class Comparison(NamedTuple):
    """How the files of an app stand to a log."""

    path: str
    """The app's directory, as the user gave it."""
    state: State
    findings: tuple[Finding, ...]
    """What the files say of the failure, the most serious first."""
    others: int
    """How many other findings there are at or above a warning."""
    differences: tuple[Difference, ...]


def compare(log: BuildLog, report: AppReport) -> Comparison:
    """Compare a log with the report on an app's files."""
    if report.build.failure_reason == NO_APP and log.reason != NO_APP:
        return Comparison(report.path, State.NO_APP, (), 0, ())
    names = _checks(log)
    reason = log.reason
    findings = tuple(
        each
        for each in report.all_findings
        if each.check in names or (reason and _same_reason(reason, each.failure_reason))
    )
    others = sum(each.severity.label != "note" and each not in findings for each in report.findings)
    differences = tuple(_differences(log, report))
    state = _state(log, findings, differences)
    return Comparison(report.path, state, findings if state is State.SAME else (), others, differences)


def _checks(log: BuildLog) -> set[str]:
    """The checks that would find what failed: those of the line that says why, or else of all that is known."""
    if log.outcome not in (Outcome.FAILED, Outcome.UNFINISHED, Outcome.RUN_ERRORS):
        return set()
    causes = [each for each in log.causes if each.error.checks]
    return {check for each in causes or log.explained for check in each.error.checks}


def _same_reason(reason: str, other: str | None) -> bool:
    """Whether two names are about the same failure; which exception it was is not decided by the files."""
    family = "collectstatic-"
    return other == reason or bool(other and other.startswith(family) and reason.startswith(family))


def _state(log: BuildLog, findings: tuple[Finding, ...], differences: tuple[Difference, ...]) -> State:
    if not log.explained:
        return State.NONE
    if findings:
        return State.SAME
    decided = log.reason in STOPS and STOPS[log.reason] < Step.DOWNLOAD
    return State.CHANGED if decided or differences else State.NOT_SHOWN


def _differences(log: BuildLog, report: AppReport) -> Iterator[Difference]:
    facts, build = log.facts, report.build
    asked, asks = facts.python_requested, build.python_version_requested
    if asked and asks and (asked, facts.python_origin) != (asks, build.python_version_origin):
        yield Difference("Python", _request(asked, facts.python_origin), _request(asks, build.python_version_origin))
    if facts.manager and build.package_manager and facts.manager != build.package_manager:
        yield Difference("the package manager", facts.manager, build.package_manager)
    if facts.stack and facts.stack != report.policy.stack:
        yield Difference("the stack", facts.stack, report.policy.stack)


def _request(version: str, origin: str | None) -> str:
    return f"{version} from {UNASKED.get(origin, origin)}" if origin else version
