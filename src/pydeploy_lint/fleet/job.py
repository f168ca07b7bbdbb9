"""What is done with each app of a run: open it, read its configuration, judge it; whatever goes wrong costs only it."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from pydeploy_lint.api import baseline_at, configured, judge
from pydeploy_lint.engine.internal_error import internal_error
from pydeploy_lint.engine.result import Notification, Unjudged
from pydeploy_lint.engine.time_limit import OutOfTime, time_limit
from pydeploy_lint.files.deployed import DeployedTree, open_tree
from pydeploy_lint.files.repository.git import is_bare_repository
from pydeploy_lint.files.repository.talk import GitError
from pydeploy_lint.files.source import Source
from pydeploy_lint.finding import Severity
from pydeploy_lint.fleet.bundle import is_bundle, unpacked
from pydeploy_lint.fleet.outcome import Outcome, failed
from pydeploy_lint.heroku.steps import NO_APP
from pydeploy_lint.report.common.paths import typed_path
from pydeploy_lint.settings.configuration import ConfigurationError
from pydeploy_lint.settings.layers import NOTHING, Layer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydeploy_lint.engine.baseline.file import BaselineFile
    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.files.source import FileProblem
    from pydeploy_lint.fleet.state import State
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


class Opened(NamedTuple):
    """An app whose files can be read."""

    tree: DeployedTree
    options: Options
    rev: str | None
    """The name of the commit that is read, as the user would write it; None for the working tree or the index."""


class Job(NamedTuple):
    """How all apps of a run are judged. It can be sent to another process."""

    settings: Mapping[str, Any]
    """What takes precedence over the configuration of each app, by the names of the fields in `Options`."""
    defaults: Options
    """What counts where neither says anything."""
    shared: Layer = NOTHING
    """A configuration for all apps."""
    isolated: bool = False
    """Whether the apps' own configurations do not count."""
    live: bool = False
    """Whether Heroku is asked about the apps whose configurations have their names."""
    baseline: BaselineFile | None = None
    baseline_rev: str | None = None
    time_limit: int = 0
    """Seconds that each app may take; 0: any number."""
    with_plan: bool = False
    """Whether the plan of each app is wanted, too."""
    with_files: bool = False
    """Whether the names of the files that were read are wanted, too."""
    state: State | None = None
    """Where results are kept, so that what has not changed is not judged again."""

    def run(self, target: Target, registry: Registry) -> Outcome:
        """Judge an app; never raises."""
        try:
            with time_limit(self.time_limit):
                # What a revision serves as a baseline for, and what Heroku says, is not in the files.
                if self.state and self.baseline_rev is None and not self.live:
                    return self.state.outcome(target, self.defaults, lambda: self._judged(target, registry))
                return self._judged(target, registry)
        except OutOfTime:
            return failed(target, f"cannot be judged in {self.time_limit} seconds, see --time-limit")
        except NotOpened as error:
            return Outcome(None, tuple(Unjudged(target.label, why) for why in error.why))
        except Exception as error:  # noqa: BLE001 - the other apps are judged all the same
            return failed(target, internal_error(error))

    @contextmanager
    def opened(self, target: Target, registry: Registry) -> Iterator[Opened]:
        """The files of an app, and the options for it, for as long as they are used.

        Raises:
            NotOpened: there is no such app, or its configuration cannot be used.
        """
        with ExitStack() as stack:
            place = _located(target, self.defaults, stack)
            tree = _open_tree(place)
            stack.callback(tree.close)
            options = self._configured(place, tree, registry)
            yield Opened(tree, options, place.target.rev or options.rev)

    def _configured(self, place: _Place, tree: DeployedTree, registry: Registry) -> Options:
        label = place.target.label
        try:
            defaults = _beside(place.target.path, place.options)
            if self.isolated:
                options = defaults.replaced(**{**self.shared.values, **self.settings})
            else:
                options = configured(tree, defaults, self.settings, registry, self.shared)
                if self.live and options.heroku_app and place.target.heroku_app is None:
                    defaults = _live(label, options.heroku_app, defaults)
                    options = configured(tree, defaults, self.settings, registry, self.shared)
            if self.baseline:
                options = options.replaced(baseline=self.baseline.of_app(label))
            if self.baseline_rev is not None:
                known = baseline_at(self.baseline_rev, place.path, options, registry, directory=place.directory)
                options = options.replaced(baseline=known)
        except ConfigurationError as error:
            raise NotOpened(*(_refusal(problem, label) for problem in error.problems)) from error
        except GitError as error:
            raise NotOpened(f"--baseline-rev {self.baseline_rev}: {label}: {error}") from error
        return options

    def _judged(self, target: Target, registry: Registry) -> Outcome:
        with self.opened(target, registry) as (tree, options, rev):
            judged = judge(tree, options, registry, path=target.label)
            report = judged.report._replace(rev=rev)
            if target.may_be_none and report.build.failure_reason == NO_APP:
                return Outcome(report._replace(findings=(), suppressed=(), notifications=(), skipped=True))
            sections: tuple[Section, ...] = ()
            if self.with_plan:
                from pydeploy_lint.report.plan.plan import plan

                sections = plan(judged.app, judged.complete)
            files = _files_read(tree, target.label) if self.with_files else ()
        found = options.reporting.fails(report.findings)
        return Outcome(report, found=found, plan=sections, files=files, text=options.format or "full")


def _files_read(tree: DeployedTree, label: str) -> tuple[str, ...]:
    read = {source.path for each in (tree, tree.source_tree) for source in each.sources}
    return tuple(sorted(typed_path(label, path) for path in read))


class _Place(NamedTuple):
    """Where the files of an app are, after bundles are unpacked."""

    target: Target
    path: str
    directory: str
    """Below the path, in a commit."""
    options: Options


def _located(target: Target, options: Options, stack: ExitStack) -> _Place:
    """Where an app is, and the options without those of its configuration."""
    path, directory = target.path, target.directory
    rev = target.rev or options.rev
    if target.rev:
        options = options.replaced(rev=target.rev, staged=False)
    if target.heroku_app is not None:
        options = _live(target.label, target.heroku_app, options)
    if os.path.isdir(path):
        if rev is None and is_bare_repository(path):
            options, rev = options.replaced(rev="HEAD", staged=False), "HEAD"
        if rev is None:
            path, directory = os.path.join(path, directory) if directory else path, ""
        return _Place(target, path, directory, options)
    if is_bundle(path):
        try:
            path, commit = stack.enter_context(unpacked(path, rev))
        except GitError as error:
            raise NotOpened(f"{target.label}: {error}") from error
        return _Place(target._replace(rev=rev or "HEAD"), path, directory, options.replaced(rev=commit, staged=False))
    what = "is not a directory: give the root directory of an app" if os.path.exists(path) else "does not exist"
    raise NotOpened(f"{target.given or target.path} {what}")


def _live(label: str, app: str, options: Options) -> Options:
    from pydeploy_lint.fleet.live import live_options
    from pydeploy_lint.heroku.api import HerokuApiError

    try:
        return live_options(app, options)
    except HerokuApiError as error:
        raise NotOpened(f"{label}: app {app}: {error}") from error


def _open_tree(place: _Place) -> DeployedTree:
    path, options = place.path, place.options
    if not os.path.isdir(path):
        raise NotOpened(f"{place.target.label} does not exist")
    try:
        return open_tree(path, rev=options.rev, staged=options.staged, directory=place.directory)
    except GitError as error:
        option = "--staged" if options.staged else f"--rev {place.target.rev or options.rev}"
        raise NotOpened(f"{option}: {place.target.label}: {error}") from error


def _beside(app_path: str, options: Options) -> Options:
    """The options with the path of the listing as seen from an app, as all places are."""
    listing = options.app.buildpacks
    if listing is None or listing.path.startswith("<") or os.path.isabs(listing.path):
        return options
    path = os.path.relpath(listing.path, app_path).replace(os.sep, "/")
    return options.replaced(buildpacks=Source(path, listing.data))


def _refusal(problem: FileProblem, label: str) -> Notification:
    at = problem.at._replace(path=typed_path(label, problem.at.path))
    return Notification(Severity.ERROR, problem.message, at)
