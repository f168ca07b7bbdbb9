"""A report that is written while apps are judged, so that no run needs memory for all of its results at once."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.engine.result import Report
from pydeploy_lint.report.common.comparison import Comparison
from pydeploy_lint.report.common.paths import RepositoryPaths
from pydeploy_lint.report.common.totals import Totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pydeploy_lint.engine.check import Check
    from pydeploy_lint.engine.result import AppReport, Notification, Unjudged
    from pydeploy_lint.report.common.comparison import Old
    from pydeploy_lint.report.common.terminal import Terminal


class Head(NamedTuple):
    """What is known of a run before its first app."""

    version: str
    checks: Mapping[str, Check]
    """Every check that runs, by name."""
    several: bool = False
    """Whether it is about more than one app."""
    notifications: tuple[Notification, ...] = ()
    """What concerns no single app, such as a plug-in that could not be loaded."""
    show_suppressed: bool = False
    """Whether people want to read what is suppressed."""
    only_totals: bool = False
    """Whether people want to read only what is known of all apps together."""
    part: int = 1
    """Which document of several this is, where readers take only so much of one."""
    paths: RepositoryPaths = RepositoryPaths(())
    """Where the files of the apps are for services."""

    @classmethod
    def of(cls, report: Report) -> Head:
        """The head of a report that is complete already."""
        several = len(report.apps) + len(report.unjudged) > 1
        paths = RepositoryPaths(app.path for app in report.apps)
        return cls(report.version, report.checks, several, report.notifications, report.show_suppressed, paths=paths)


class Closing:
    """What is known after the last app of a run: made once, for all documents about it."""

    def __init__(self, old: Old | None = None) -> None:
        """Begin before the first app.

        Args:
            old: a report to compare the run with.
        """
        self.totals = Totals()
        self.comparison = Comparison(old) if old else None

    def add(self, app: AppReport) -> None:
        """Count the next app."""
        self.totals.add(app)
        if self.comparison:
            self.comparison.add(app)


class Document(abc.ABC):
    """A report in one format, of which each method returns the next piece; equal runs give equal pieces."""

    def __init__(self, head: Head, terminal: Terminal | None) -> None:
        self.head = head
        self.terminal = terminal

    def begin(self) -> str:
        """What stands before the first app."""
        return ""

    @abc.abstractmethod
    def app(self, app: AppReport) -> str:
        """The results of the next app."""

    @abc.abstractmethod
    def unjudged(self, unjudged: Unjudged) -> str:
        """Why the next app could not be judged."""

    def end(self, _closing: Closing) -> Iterator[str]:
        """What stands after the last app."""
        yield from ()

    @property
    def is_full(self) -> bool:
        """Whether further apps belong into another document, because readers would not take more of this one."""
        return False


class Collected(Document):
    """A document whose beginning depends on the last app, so that it can only be written at the end."""

    def __init__(self, head: Head, terminal: Terminal | None, render: Callable[[Report, RepositoryPaths], str]) -> None:
        super().__init__(head, terminal)
        self._render = render
        self._apps: list[AppReport] = []
        self._unjudged: list[Unjudged] = []

    def app(self, app: AppReport) -> str:
        """See `Document.app`."""
        self._apps.append(app)
        return ""

    def unjudged(self, unjudged: Unjudged) -> str:
        """See `Document.unjudged`."""
        self._unjudged.append(unjudged)
        return ""

    def end(self, _closing: Closing) -> Iterator[str]:
        """See `Document.end`."""
        head = self.head
        apps, unjudged = tuple(self._apps), tuple(self._unjudged)
        report = Report(head.version, apps, head.checks, head.notifications, head.show_suppressed, unjudged)
        yield self._render(report, head.paths)
