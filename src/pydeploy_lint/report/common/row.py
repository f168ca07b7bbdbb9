"""An app in one row: what a table of many apps has of each."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.finding import Severity
from pydeploy_lint.heroku.steps import NO_APP, STOPS
from pydeploy_lint.report.common.summary import Verdict, summary

if TYPE_CHECKING:
    from pydeploy_lint.engine.result import AppReport, Unjudged


class Kind(enum.Enum):
    """What Heroku does with an app, in the words of the table."""

    BUILDS = "builds"
    FAILS = "does-not-start"
    REJECTED = "rejected"
    UNDECIDED = "undecided"
    NO_APP = "no-python-app"
    NOT_JUDGED = "not-judged"

    @classmethod
    def of(cls, app: AppReport) -> Kind:
        """The kind of an app that was judged."""
        if app.build.failure_reason == NO_APP:
            return cls.NO_APP
        verdict, _ = summary(app)
        kinds = {Verdict.BUILDS: cls.BUILDS, Verdict.FAILS: cls.FAILS, Verdict.REJECTED: cls.REJECTED}
        return kinds.get(verdict, cls.UNDECIDED)


class Row(NamedTuple):
    """The cells, all of them text; empty where nothing is known."""

    path: str
    revision: str = ""
    verdict: str = ""
    step: str = ""
    """The step of the build at which it stops; ``start`` where it only stops after that."""
    reason: str = ""
    """The reason with which it stops, or the check that says why it does not start, or why it could not be judged."""
    python: str = ""
    python_origin: str = ""
    package_manager: str = ""
    stack: str = ""
    buildpack: str = ""
    """The release by which it was judged."""
    pinned: str = ""
    """``yes`` where the app pins that release."""
    deploys_until: str = ""
    """The first day on which Heroku no longer deploys it."""
    deploys_until_is: str = ""
    """``announced`` or ``expected``."""
    errors: str = ""
    warnings: str = ""
    notes: str = ""
    suppressed: str = ""

    @classmethod
    def of(cls, app: AppReport) -> Row:
        """The row of an app that was judged."""
        build, policy, ending = app.build, app.policy, app.ending
        step, reason = _stop(app)
        counts = {severity: sum(each.severity is severity for each in app.findings) for severity in Severity}
        is_app = build.failure_reason != NO_APP
        return cls(
            path=app.path,
            revision=app.rev or "",
            verdict=Kind.of(app).value,
            step=step,
            reason=reason,
            python=build.python_version or build.python_version_requested or "",
            python_origin=build.python_version_origin or "",
            package_manager=build.package_manager or "",
            stack=policy.stack if is_app else "",
            buildpack=policy.buildpack if is_app else "",
            pinned="yes" if app.current else "",
            deploys_until=ending.date.isoformat() if ending else "",
            deploys_until_is=("expected" if ending.expected else "announced") if ending else "",
            errors=str(counts[Severity.ERROR]),
            warnings=str(counts[Severity.WARNING]),
            notes=str(counts[Severity.NOTE]),
            suppressed=str(len(app.suppressed)),
        )

    @classmethod
    def of_unjudged(cls, unjudged: Unjudged) -> Row:
        """The row of an app that could not be judged."""
        return cls(unjudged.path, verdict=Kind.NOT_JUDGED.value, reason=str(unjudged.why))


def _stop(app: AppReport) -> tuple[str, str]:
    """Where an app stops, and why."""
    reason = app.build.failure_reason
    if reason:
        return STOPS[reason].name.lower().replace("_", "-"), reason
    if Kind.of(app) is not Kind.FAILS:
        return "", ""
    return "start", next((each.check for each in app.findings if each.severity is Severity.ERROR), "")
