"""What Heroku's build would do: the steps in their order, and the first finding at which it stops.

Nothing is decided here. A check that mirrors a stop of the build carries the reason; the prediction is the first of
these in the order of the build.
Source: ``bin/compile`` of the classic Python buildpack, v351 (2026-08-18).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from pydeploy_lint.engine.result import BuildPrediction
from pydeploy_lint.facts.buildpacks.route import BuiltBy
from pydeploy_lint.facts.python.version import DEFAULT_ORIGIN
from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.finding import Breaks, Severity
from pydeploy_lint.heroku.steps import LIFTED, NO_APP, STOPS, Step

if TYPE_CHECKING:
    from pydeploy_lint.engine.check import Check
    from pydeploy_lint.facts.app import App
    from pydeploy_lint.facts.python.version import VersionRequest
    from pydeploy_lint.finding import Finding

T = TypeVar("T")


_ORDER = {reason: number for number, reason in enumerate(STOPS)}


def first_stop(findings: Iterable[Finding]) -> str | None:
    """The reason with which the build stops first; None where it does not stop."""
    reasons = {finding.failure_reason for finding in findings if finding.failure_reason}
    return min(reasons, key=_ORDER.__getitem__, default=None)


def predict(app: App, findings: Iterable[Finding], checks: Mapping[str, Check]) -> BuildPrediction:
    """What the build would do, given everything that the checks found, before any filter.

    What depends on a file that cannot be read is None. Of the warnings it has those that come before the download of
    Python, which no file decides.

    Args:
        app: the app.
        findings: what the checks found.
        checks: by name the checks that found it.
    """
    findings = list(findings)
    reason = first_stop(findings)
    built_by = app.declared.route.built_by
    if built_by is not BuiltBy.PYTHON and (built_by is not BuiltBy.OTHER_BUILDPACKS or reason != NO_APP):
        return BuildPrediction(None, None, None, None, None, None, (), (), built_by=built_by.value)
    stops = [finding.severity for finding in findings if finding.failure_reason]
    reached = STOPS[reason] if reason else max(Step) + 1
    request = _fact(lambda: app.python.request) if reached > Step.VERSION_REQUEST else None
    manager = app.managers.chosen if reached > Step.PACKAGE_MANAGER else None
    may_differ = tuple(_may_differ(app, request, reason))
    return BuildPrediction(
        failure_reason=reason,
        package_manager=manager,
        python_version_requested=request and request.version,
        python_version_origin=request and request.origin,
        python_version=_fact(lambda: app.python.version) if reached > Step.RESOLUTION else None,
        install_command=app.managers.install_command if reached >= Step.INSTALLATION else None,
        addons=() if reason else _addons(app),
        warnings=tuple(sorted(_warnings(findings, checks, min(reached, Step.DOWNLOAD)))),
        starts=None if reason else _starts(findings, checks),
        certain=app.declared.route.certain
        and max(stops, default=Severity.ERROR) is Severity.ERROR
        and "failure_reason" not in may_differ,
        may_differ=may_differ,
    )


def _warnings(findings: Iterable[Finding], checks: Mapping[str, Check], until: int) -> set[str]:
    """The checks whose warnings the build prints before a step."""
    printed = {finding.check: checks[finding.check].warned_at for finding in findings if finding.build_warning}
    return {check for check, step in printed.items() if step is not None and step < until}


def _starts(findings: Iterable[Finding], checks: Mapping[str, Check]) -> bool | None:
    """Whether the processes of the app start, as far as the checks know; None where the push is surely rejected."""
    errors = [finding for finding in findings if finding.certain and finding.severity is Severity.ERROR]
    broken = {checks[finding.check].breaks for finding in errors}
    return None if Breaks.BUILD in broken else Breaks.START not in broken


def _may_differ(app: App, request: VersionRequest | None, reason: str | None) -> Iterator[str]:
    """What of the prediction releases of the buildpack that the data does not know may have changed."""
    policy = app.policy
    if not policy.data_may_be_stale:
        return
    if reason not in (None, *LIFTED):
        return
    stack_is_new = policy.stack_may_be_supported_by_now
    series = request.series if request else None
    series_is_new = series is not None and policy.may_be_supported_by_now(series)
    patch_is_new = request is not None and request.pinned and policy.patch_is_new(request.version)
    asked = series if request and request.origin != DEFAULT_ORIGIN else None
    if stack_is_new or series_is_new or patch_is_new or (asked and policy.may_be_removed_by_now(asked)):
        yield "failure_reason"
    if reason is not None or request is None:
        return
    if request.origin == DEFAULT_ORIGIN and len(policy.default_candidates) > 1:
        yield "python_version_requested"
    if not request.pinned:
        yield "python_version"


def _addons(app: App) -> tuple[str, ...]:
    provisioning = _fact(lambda: app.packages.database_provisioning)
    return provisioning.addons if provisioning else ()


def _fact(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except FileProblem:
        return None
