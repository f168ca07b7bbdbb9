"""What comes of each app of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.engine.result import AppReport, Notification, Unjudged
from pydeploy_lint.finding import Severity

if TYPE_CHECKING:
    from pydeploy_lint.fleet.target import Target
    from pydeploy_lint.report.plan.plan import Section


class NoCluster(Exception):
    """Nothing can be judged by the cluster that is asked for; the message says why."""


class Outcome(NamedTuple):
    """What came of an app."""

    report: AppReport | None
    """None where it could not be judged."""
    unjudged: tuple[Unjudged, ...] = ()
    """Why not; or nothing."""
    found: bool = False
    """Whether something was found that makes the exit status 1."""
    plan: tuple[Section, ...] = ()
    """What Heroku would do, if that was asked for."""
    files: tuple[str, ...] = ()
    """The files that were read, from where the user is, if that was asked for."""
    text: str | None = None
    """The text that the app's team wants to see; None where nobody knows."""

    @property
    def is_clean(self) -> bool:
        """Whether it leaves the exit status at 0."""
        return not (self.found or self.unjudged or failures_of(self.report))


def failed(target: Target, message: str) -> Outcome:
    """What comes of an app on which pydeploy-lint itself fails."""
    why = Notification(Severity.ERROR, f"{target.label}: {message}")
    return Outcome(None, (Unjudged(target.label, why, is_usage=False),))


def failures_of(report: AppReport | None) -> list[str]:
    """What failed while an app was judged: checks and plug-ins."""
    notifications = report.notifications if report else ()
    return [str(note) for note in notifications if note.severity is Severity.ERROR]
