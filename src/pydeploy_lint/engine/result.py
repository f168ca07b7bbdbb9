"""The results of a run, and the formats in which they are reported: one module a format."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from pydeploy_lint.engine.check import Check
    from pydeploy_lint.engine.suppress.model import Suppressed
    from pydeploy_lint.facts.ending import Ending
    from pydeploy_lint.finding import Finding, Severity, Span


class PolicyUsed(NamedTuple):
    """By which rules an app was judged: ISO dates, release and stack."""

    as_of: str
    buildpack: str
    stack: str
    data_until: str
    """The day of the newest release of the buildpack that is known in full."""
    age_days: int = 0
    """How many days before ``as_of`` that is; 0 where the data covers the date."""


class BuildPrediction(NamedTuple):
    """What Heroku's build would do, in the buildpack's own vocabulary; None where the build stops earlier."""

    failure_reason: str | None
    package_manager: str | None
    python_version_requested: str | None
    python_version_origin: str | None
    python_version: str | None
    install_command: str | None
    addons: tuple[str, ...]
    warnings: tuple[str, ...]
    """The checks whose warning the build prints before it downloads Python; what comes later needs a whole build."""
    starts: bool | None = True
    """Whether the processes of the app start: false where the files tell that one ends or is never reached; None where
    the push is rejected."""
    certain: bool = True
    """Whether the build surely stops as predicted: not where a hook may make a missing file, or the data is too old."""
    may_differ: tuple[str, ...] = ()
    """Which of these may be otherwise by releases of the buildpack that the data does not know, such as
    ``python_version``."""
    built_by: str = "heroku/python"
    """What builds the app; one of the values of `facts.buildpacks.route.BuiltBy`. All else is about heroku/python."""


class Notification(NamedTuple):
    """Something that kept a question from being decided: an unreadable file, a plug-in that failed."""

    severity: Severity
    message: str
    at: Span | None = None

    def __str__(self) -> str:
        return f"{self.at}: {self.message}" if self.at else self.message


class Current(NamedTuple):
    """What Heroku's current release of the buildpack would do with an app that is pinned to another one."""

    buildpack: str
    """The release."""
    build: BuildPrediction
    findings: tuple[Finding, ...]
    appear: frozenset[str]
    """The checks that report an error or a warning only under the current release."""
    disappear: frozenset[str]
    """The checks that report one only under the release to which the app is pinned."""


class Life(NamedTuple):
    """How long Heroku supports a Python series or a stack: ISO dates, or months where the day is not known."""

    subject: str
    """Such as ``Python 3.14``."""
    in_use: bool
    """Whether it is the app's own, as opposed to what it could move to."""
    since: str | None
    """Since when Heroku builds with it; None: longer than the data knows."""
    deprecated: str | None
    """Since when Heroku calls it deprecated."""
    maintained_until: str | None
    """When its security updates end."""
    removed: str | None
    """From when on Heroku refuses to build with it."""


class AppReport(NamedTuple):
    """The results for one app."""

    path: str
    """As the user gave it."""
    rev: str | None
    """The git revision that was judged; None for the working tree."""
    policy: PolicyUsed
    build: BuildPrediction
    findings: tuple[Finding, ...]
    """In the order of `Finding.order`."""
    notifications: tuple[Notification, ...] = ()
    current: Current | None = None
    """None where the app is judged by the current release, or by one that an option names."""
    suppressed: tuple[Suppressed, ...] = ()
    """What is suppressed, in the same order; it counts for the prediction of the build all the same."""
    silenced: frozenset[str] = frozenset()
    """The checks of which the options ask to report nothing."""
    timeline: tuple[Life, ...] = ()
    """The app's Python series and stack, each followed by the one to move to, if that is another."""
    ending: Ending | None = None
    """The first day on which Heroku stops deploying the app as it is; None where no such day is known, or it
    rejects it already."""
    until: datetime.date | None = None
    """Up to which day the user asked about that; None: not at all."""

    skipped: bool = False
    """Whether it is no Python app, and nobody said that it is one: such a repository is only counted."""

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings, and then the suppressed ones."""
        return (*self.findings, *(each.finding for each in self.suppressed))

    @property
    def unreported(self) -> list[Notification]:
        """The notifications without those that a finding at the same place covers."""
        reported = {finding.at for finding in self.all_findings}
        return [notification for notification in self.notifications if notification.at not in reported]


class Unjudged(NamedTuple):
    """An app of which nothing is known."""

    path: str
    """As the user gave it."""
    why: Notification
    """Its place has the path as a user would type it."""
    is_usage: bool = True
    """Whether the user asked for what does not exist, or configured it wrongly; otherwise pydeploy-lint failed."""


class Report(NamedTuple):
    """The results of a run."""

    version: str
    apps: tuple[AppReport, ...]
    checks: Mapping[str, Check]
    """Every check that ran, by name."""
    notifications: tuple[Notification, ...] = ()
    """What concerns no single app, such as a plug-in that could not be loaded."""
    show_suppressed: bool = False
    """Whether people want to read what is suppressed."""
    unjudged: tuple[Unjudged, ...] = ()

    @property
    def failures(self) -> tuple[Notification, ...]:
        """What kept the run from being complete: that of no single app, and the apps that could not be judged."""
        return (*self.notifications, *(each.why for each in self.unjudged))

    @property
    def policy(self) -> PolicyUsed | None:
        """The rules of the first app, each of which has its own; None where no app could be judged."""
        return self.apps[0].policy if self.apps else None
