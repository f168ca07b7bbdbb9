"""What is done with each app of a run: open it, read its configuration, judge it; whatever goes wrong costs only it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from pydeploy_lint.api import baseline_at, configured, judge
from pydeploy_lint.engine.internal_error import internal_error
from pydeploy_lint.engine.result import AppReport, Notification, Unjudged
from pydeploy_lint.files.deployed import DeployedTree, open_tree
from pydeploy_lint.files.git import GitError
from pydeploy_lint.files.source import Source
from pydeploy_lint.finding import Severity
from pydeploy_lint.report.common.paths import typed_path
from pydeploy_lint.settings.configuration import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydeploy_lint.engine.baseline.file import BaselineFile
    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.files.source import FileProblem
    from pydeploy_lint.fleet.target import Target
    from pydeploy_lint.report.plan.plan import Section
    from pydeploy_lint.settings.options import Options


class NotOpened(Exception):
    """An app cannot be opened, or not as it is asked for.

    Attributes:
        why: what is wrong, with places as a user would type them.
    """

    def __init__(self, *why: Notification | str) -> None:
        super().__init__(*why)
        self.why = tuple(Notification(Severity.ERROR, each) if isinstance(each, str) else each for each in why)


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


class Job(NamedTuple):
    """How all apps of a run are judged. It can be sent to another process."""

    settings: Mapping[str, Any]
    """What takes precedence over the configuration of each app, by the names of the fields in `Options`."""
    defaults: Options
    """What counts where neither says anything."""
    baseline: BaselineFile | None = None
    baseline_rev: str | None = None
    with_plan: bool = False
    """Whether the plan of each app is wanted, too."""

    def run(self, target: Target, registry: Registry) -> Outcome:
        """Judge an app; never raises."""
        try:
            return self._judged(target, registry)
        except NotOpened as error:
            return Outcome(None, tuple(Unjudged(target.label, why) for why in error.why))
        except Exception as error:  # noqa: BLE001 - the other apps are judged all the same
            return failed(target, internal_error(error))

    def open(self, target: Target, registry: Registry) -> tuple[DeployedTree, Options]:
        """The files of an app, and the options for it.

        Raises:
            NotOpened: there is no such app, or its configuration cannot be used.
        """
        tree = _open_tree(target, self.defaults)
        try:
            options = configured(tree, _beside(target.path, self.defaults), self.settings, registry)
            if self.baseline:
                options = options.replaced(baseline=self.baseline.of_app(target.path))
            if self.baseline_rev is not None:
                options = options.replaced(baseline=baseline_at(self.baseline_rev, target.path, options, registry))
        except ConfigurationError as error:
            raise NotOpened(*(_refusal(problem, target) for problem in error.problems)) from error
        except GitError as error:
            raise NotOpened(f"--baseline-rev {self.baseline_rev}: {target.label}: {error}") from error
        return tree, options

    def _judged(self, target: Target, registry: Registry) -> Outcome:
        tree, options = self.open(target, registry)
        try:
            judged = judge(tree, options, registry, path=target.label)
            sections: tuple[Section, ...] = ()
            if self.with_plan:
                from pydeploy_lint.report.plan.plan import plan

                sections = plan(judged.app, judged.complete)
        finally:
            tree.close()
        fail_on = options.reporting.fail_on
        found = any(finding.severity >= fail_on for finding in judged.report.findings)
        return Outcome(judged.report, found=found, plan=sections)


def failed(target: Target, message: str) -> Outcome:
    """What comes of an app on which pydeploy-lint itself fails."""
    why = Notification(Severity.ERROR, f"{target.label}: {message}")
    return Outcome(None, (Unjudged(target.label, why, is_usage=False),))


def failures_of(report: AppReport | None) -> list[str]:
    """What failed while an app was judged: checks and plug-ins."""
    notifications = report.notifications if report else ()
    return [str(note) for note in notifications if note.severity is Severity.ERROR]


def _open_tree(target: Target, options: Options) -> DeployedTree:
    path = target.path
    if not os.path.isdir(path):
        what = "is not a directory: give the root directory of an app" if os.path.exists(path) else "does not exist"
        raise NotOpened(f"{path} {what}")
    try:
        return open_tree(path, rev=options.rev, staged=options.staged)
    except GitError as error:
        option = "--staged" if options.staged else f"--rev {options.rev}"
        raise NotOpened(f"{option}: {path}: {error}") from error


def _beside(app_path: str, options: Options) -> Options:
    """The options with the path of the listing as seen from an app, as all places are."""
    listing = options.app.buildpacks
    if listing is None or listing.path.startswith("<") or os.path.isabs(listing.path):
        return options
    path = os.path.relpath(listing.path, app_path).replace(os.sep, "/")
    return options.replaced(buildpacks=Source(path, listing.data))


def _refusal(problem: FileProblem, target: Target) -> Notification:
    at = problem.at._replace(path=typed_path(target.label, problem.at.path))
    return Notification(Severity.ERROR, problem.message, at)
