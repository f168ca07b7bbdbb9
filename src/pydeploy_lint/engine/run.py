"""Runs the checks on an app: problems become findings, failures are kept, the build is predicted."""

from __future__ import annotations

from contextlib import nullcontext
from itertools import islice
from typing import TYPE_CHECKING

from pydeploy_lint.engine.behind import behind, not_yet
from pydeploy_lint.engine.filters import EVERYTHING
from pydeploy_lint.engine.flaw import flaw_of
from pydeploy_lint.engine.outside import DECLARATIONS, concerning
from pydeploy_lint.engine.prediction import predict
from pydeploy_lint.engine.result import AppReport, BuildPrediction, Current, Notification, PolicyUsed
from pydeploy_lint.engine.review import review
from pydeploy_lint.engine.time_limit import OutOfTime, is_time_up
from pydeploy_lint.engine.timeline import timeline
from pydeploy_lint.files.credentials import masked
from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.finding import Finding, Severity
from pydeploy_lint.guard import ends_the_run, kept_apart, told
from pydeploy_lint.heroku.steps import STOPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydeploy_lint.engine.check import Check
    from pydeploy_lint.engine.filters import Reporting
    from pydeploy_lint.engine.suppress.model import Outcome
    from pydeploy_lint.facts.app import App
    from pydeploy_lint.facts.ending import Ending
    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.finding import Fix, Span
    from pydeploy_lint.heroku.policy import Policy


MOST_FINDINGS = 500
"""How many problems of one check are reported; nobody reads more."""
LONGEST_MESSAGE = 2_000
"""Characters; a longer message repeats something of a file that nobody wrote by hand."""

LONGEST_HELP = 20_000
"""Characters; so does longer help."""

UNDATED = (
    "this suppression does not count, as the shared configuration wants an end for each: write it with `until` in the"
    " configuration"
)


class CheckFailed(Exception):
    """A check raised an exception, or yielded something that makes no sense."""


def run(
    app: App,
    checks: Iterable[Check],
    reporting: Reporting = EVERYTHING,
    *,
    path: str = ".",
    rev: str | None = None,
) -> AppReport:
    """Run checks on an app, all that there are: the prediction of the build needs those that are filtered out later.

    An app that is pinned to a release is judged by that one, and compared with what the current one would do.
    """
    checks = list(checks)
    report = _judge(app, checks, reporting, path, rev)
    if app.unpinned is app:
        return report
    current = _judge(app.unpinned, checks, reporting, path, rev)
    return report._replace(
        current=Current(
            app.unpinned.policy.release,
            current.build,
            current.all_findings,
            _reported(current) - _reported(report),
            _reported(report) - _reported(current),
        )
    )


def policy_used(policy: Policy) -> PolicyUsed:
    """What a report says of the rules by which was judged."""
    return PolicyUsed(
        policy.as_of.isoformat(), policy.release, policy.stack, policy.data_until.isoformat(), policy.age_days
    )


def _reported(report: AppReport) -> frozenset[str]:
    return frozenset(finding.check for finding in report.findings if finding.severity > Severity.NOTE)


def _judge(app: App, checks: Iterable[Check], reporting: Reporting, path: str, rev: str | None) -> AppReport:
    findings: list[Finding] = []
    notifications: list[Notification] = []
    for check in sorted(checks, key=lambda check: check.last):
        if not check.reviews:
            findings += _findings(app, check, notifications)
    families = {check.name: check.family for check in checks}
    build = predict(app, findings, {check.name: check for check in checks})
    findings.sort(key=lambda finding: finding.order)
    for problem in app.files.tree.problems.values():
        app.files.note(problem)
    problems = [*app.files.problems, *(app.declared.files.problems if app.declared.route.is_moved else ())]
    judged = concerning(app, build, findings, families)
    complete = len(judged) == len(findings) and not (problems or notifications)
    findings = judged + behind(app.declared.files.tree, judged, lambda tree: _judge_then(app, checks, tree))
    outcome = review(app, reporting, findings, families, complete=complete)
    findings = list(outcome.reported)
    notifications += [Notification(Severity.WARNING, UNDATED, each.at) for each in outcome.undated]
    if unseen := not_yet(judged):
        notifications.append(Notification(Severity.NOTE, unseen))
    for check in checks:
        if check.reviews:
            findings += _findings(app, check, notifications, outcome)
    findings.sort(key=lambda finding: finding.order)
    notifications += [
        Notification(Severity.WARNING, f"{problem.at.path} {problem.message}", problem.at) for problem in problems
    ]
    if app.files.tree.git_error:
        message = f"git could not be asked which files it ignores, so all count: {app.files.tree.git_error}"
        notifications.append(Notification(Severity.WARNING, message))
    return AppReport(
        path,
        rev,
        policy_used(app.policy),
        build,
        tuple(findings),
        tuple(notifications),
        suppressed=outcome.suppressed,
        timeline=timeline(app),
        ending=_ending(app, build),
        until=app.options.until,
    )


def _judge_then(app: App, checks: Iterable[Check], tree: Tree) -> list[Finding]:
    """What the checks find in an app with other files."""
    then = app.with_tree(tree)
    found = [each for check in checks if not (check.last or check.reviews) for each in _findings(then, check, [])]
    build = predict(then, found, {check.name: check for check in checks})
    return concerning(then, build, found, {check.name: check.family for check in checks})


def _ending(app: App, build: BuildPrediction) -> Ending | None:
    try:
        return None if build.failure_reason and build.certain else app.ending
    except FileProblem:
        return None


def _findings(
    app: App, check: Check, notifications: list[Notification], outcome: Outcome | None = None
) -> list[Finding]:
    """What a check found until it ended, or could not go on."""
    findings: list[Finding] = []
    if is_time_up():
        notifications.append(_unfinished(check))
        return findings
    try:
        with kept_apart() if check.is_plug_in else nullcontext():
            findings.extend(islice(_stamped(app, check, outcome), MOST_FINDINGS + 1))
    except OutOfTime:
        notifications.append(_unfinished(check))
    except FileProblem as problem:
        app.files.note(problem)
    except BaseException as error:  # a plug-in may raise anything; the other checks still run
        if ends_the_run(error):
            raise
        reason = str(error) if isinstance(error, CheckFailed) else told(error)
        notifications.append(Notification(Severity.ERROR, f"check {check.name} failed: {reason}"))
    if len(findings) > MOST_FINDINGS:
        message = f"check {check.name} finds more than {MOST_FINDINGS} problems; the others are left out"
        notifications.append(Notification(Severity.WARNING, message))
    return findings[:MOST_FINDINGS]


def _unfinished(check: Check) -> Notification:
    return Notification(Severity.ERROR, f"check {check.name} did not end in the time that an app may take")


def _stamped(app: App, check: Check, outcome: Outcome | None) -> Iterator[Finding]:
    # Buildpacks are declared in the repository as it is pushed; all else is found in the directory that is built.
    in_repository = check.family == DECLARATIONS or not app.declared.route.is_moved

    def place(at: Span) -> Span:
        return at if in_repository else at._replace(path=app.place(at.path))

    def fix_at_place(fix: Fix) -> Fix:
        return fix.at(place)._replace(description=_bounded(fix.description, LONGEST_MESSAGE))

    for problem in check(app) if outcome is None else check(app, outcome):
        if check.is_plug_in and (flaw := flaw_of(problem)):
            raise CheckFailed(f"it yielded {flaw}")
        if problem.failure_reason is not None and problem.failure_reason not in STOPS:
            raise CheckFailed(f"unknown failure reason {problem.failure_reason!r}")
        if problem.build_warning and check.warned_at is None:
            raise CheckFailed("it does not say at which step the build prints the warning")
        yield Finding(
            check=check.name,
            severity=check.severity if problem.severity is None else problem.severity,
            message=_bounded(problem.message, LONGEST_MESSAGE),
            at=place(problem.at),
            help=_bounded(problem.help, LONGEST_HELP),
            failure_reason=problem.failure_reason,
            build_warning=problem.build_warning,
            certain=problem.certain,
            fix=problem.fix and fix_at_place(problem.fix),
            alternatives=tuple(map(fix_at_place, problem.alternatives)),
            related=tuple(each._replace(at=place(each.at)) for each in problem.related),
            url=check.page,
            source_line=_source_line(app, place(problem.at)),
        )


def _bounded(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{masked(text[: 2 * longest])[:longest]}..."


def _source_line(app: App, at: Span) -> str | None:
    if at.line is None or at.path.startswith("../"):
        return None
    try:
        source = app.declared.files.source(at.path)
    except FileProblem:
        return None
    # Masked before an excerpt of it is cut.
    return masked(source.line(at.line)) if source else None
