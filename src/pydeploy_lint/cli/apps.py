"""The apps that the command line asks for: their files, the options for each, what is known of them already."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from pydeploy_lint.api import baseline_at, configured
from pydeploy_lint.cli.arguments import UsageError
from pydeploy_lint.cli.environment import name_of
from pydeploy_lint.cli.streams import inform
from pydeploy_lint.engine.result import Notification
from pydeploy_lint.files.deployed import DeployedTree, open_tree
from pydeploy_lint.files.repository.talk import GitError
from pydeploy_lint.files.source import FileProblem, Source
from pydeploy_lint.files.tree import MAX_FILE_SIZE
from pydeploy_lint.finding import Severity
from pydeploy_lint.report.common.paths import STANDARD_INPUT, repository_of, typed_path
from pydeploy_lint.settings.configuration import ConfigurationError, read_settings
from pydeploy_lint.settings.options import SETTINGS, Options, definitions

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from pydeploy_lint.engine.baseline.file import BaselineFile
    from pydeploy_lint.engine.baseline.known import Baseline
    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.engine.result import Report
    from pydeploy_lint.heroku.api import LiveApp

PUSHED_COMMIT = "PRE_COMMIT_TO_REF"
"""Where pre-commit and prek tell a pre-push hook which commit is pushed."""


class Target(NamedTuple):
    """An app to be judged."""

    path: str
    """As it was given."""
    tree: DeployedTree
    options: Options


class Targets(NamedTuple):
    """The apps that the command line names."""

    apps: list[Target]
    refused: list[Notification]
    """What is wrong with the others: a path that does not exist, a configuration that cannot be used."""


def open_targets(arguments: argparse.Namespace, registry: Registry, defaults: Options) -> Targets:
    """Open every app, with the options of the command line and, where these say nothing, of its configuration.

    Raises:
        UsageError: an option is wrong, or no app can be opened; it tells of everything that is wrong.
    """
    settings, errors = given_settings(arguments, registry)
    pushed = os.environ.get(PUSHED_COMMIT) if arguments.hook else None
    defaults = defaults.replaced(
        ask_uv=arguments.ask_uv,
        rev=arguments.rev or pushed,
        staged=arguments.staged or (arguments.hook and not pushed),
        buildpacks=None if arguments.buildpacks is None else _read_listing(arguments.buildpacks),
        suppressions=not arguments.no_suppressions,
    )
    known = None if arguments.baseline is None else _read_baseline(arguments.baseline)
    if arguments.app is not None:
        live = _read_app(arguments.app)
        defaults = defaults.replaced(
            buildpacks=live.listing,
            stack=live.stack,
            region=live.region,
            config_vars=live.config_vars,
            addons=live.addons,
            account_created=live.account_created,
        )
    apps: list[Target] = []
    refused: list[Notification] = []
    for path in _distinct(arguments.paths):
        try:
            tree = _open_tree(path, defaults)
            options = _options(arguments, tree, _beside(path, defaults), settings, registry)
            if known:
                options = options.replaced(baseline=known.of_app(path))
            if arguments.baseline_rev is not None:
                options = options.replaced(baseline=_baseline_at(arguments.baseline_rev, path, options, registry))
        except UsageError as error:
            refused += [Notification(Severity.ERROR, message) for message in error.args]
        except ConfigurationError as error:
            refused += [_refusal(problem, path) for problem in error.problems]
        else:
            apps.append(Target(path, tree, options))
    if errors or not apps:
        raise UsageError(*errors, *map(str, refused))
    return Targets(apps, refused)


def _options(
    arguments: argparse.Namespace, tree: DeployedTree, defaults: Options, settings: dict[str, Any], registry: Registry
) -> Options:
    if arguments.isolated:
        return defaults.replaced(**settings)
    return configured(tree, defaults, settings, registry)


def _distinct(paths: Iterable[str]) -> Iterable[str]:
    """The paths without other names of the same directories, which would be reported, and fixed, twice."""
    distinct: dict[str, str] = {}
    for path in paths:
        distinct.setdefault(os.path.realpath(path), path)
    return distinct.values()


def given_settings(arguments: argparse.Namespace, registry: Registry) -> tuple[dict[str, Any], list[str]]:
    """The settings on the command line by their names in `Options`, and what is wrong with others."""
    names = definitions(registry.checks, registry.families)
    given = {setting.name: getattr(arguments, setting.field) for setting in SETTINGS if setting.metavar}
    settings, wrong = read_settings({name: value for name, value in given.items() if value is not None}, names)
    return settings, [f"{_given_as(arguments, mistake.keys[0])}: {mistake.message}" for mistake in wrong]


def _given_as(arguments: argparse.Namespace, setting: object) -> str:
    return name_of(arguments, str(setting).replace("-", "_"))


def _open_tree(path: str, options: Options) -> DeployedTree:
    if not os.path.isdir(path):
        what = "is not a directory: give the root directory of an app" if os.path.exists(path) else "does not exist"
        raise UsageError(f"{path} {what}")
    try:
        return open_tree(path, rev=options.rev, staged=options.staged)
    except GitError as error:
        option = "--staged" if options.staged else f"--rev {options.rev}"
        raise UsageError(f"{option}: {path}: {error}") from error


def _read_app(name: str) -> LiveApp:
    from pydeploy_lint.heroku.api import HerokuApiError, read_app

    try:
        app = read_app(name)
    except HerokuApiError as error:
        raise UsageError(f"--app {name}: {error}") from error
    if not app.stack.startswith("heroku-"):
        raise UsageError(f"--app {name}: it is on the stack {app.stack}, which builds without heroku/python")
    return app


def _read_listing(path: str) -> Source:
    try:
        source = _read_source(path)
    except OSError as error:
        raise UsageError(f"--buildpacks: {path} cannot be read: {error.strerror}") from error
    if not source.data.strip():
        raise UsageError(f"--buildpacks: {source.path} is empty; give it what `heroku buildpacks` prints")
    return source


def _read_source(path: str) -> Source:
    if path == "-":
        return Source(STANDARD_INPUT, sys.stdin.buffer.read(MAX_FILE_SIZE))
    with open(path, "rb") as file:
        return Source(path, file.read(MAX_FILE_SIZE))


def _read_baseline(path: str) -> BaselineFile:
    from pydeploy_lint.engine.baseline.file import BaselineFile

    try:
        return BaselineFile.read(path)
    except OSError as error:
        raise UsageError(f"--baseline: {path} cannot be read: {error.strerror}") from error
    except FileProblem as problem:
        raise UsageError(f"--baseline: {problem}") from problem


def _baseline_at(rev: str, path: str, options: Options, registry: Registry) -> Baseline:
    try:
        return baseline_at(rev, path, options, registry)
    except GitError as error:
        raise UsageError(f"--baseline-rev {rev}: {path}: {error}") from error


def with_new_baseline(path: str, targets: list[Target], report: Report) -> list[Target]:
    """Write what was found, and say so; returns the apps with that as their baseline, to report what is left."""
    from pydeploy_lint.engine.baseline.file import write_baseline
    from pydeploy_lint.files.write import reason_of

    # Only what a later run can suppress: not what is said of suppressions.
    known = {
        app.path: [finding for finding in app.findings if not report.checks[finding.check].reviews]
        for app in report.apps
    }
    try:
        write_baseline(path, known, map(repository_of, known))
    except OSError as error:
        raise UsageError(f"--write-baseline: {path} cannot be written: {reason_of(error)}") from error
    except FileProblem as problem:
        raise UsageError(f"--write-baseline: {problem}, so it is not replaced") from problem
    written = _read_baseline(path)
    count, apps = sum(map(len, known.values())), len(known)
    of_apps = f" of {apps} apps" if apps > 1 else ""
    inform([f"wrote {count} finding{'s' * (count != 1)}{of_apps} to {path}"])
    return [each._replace(options=each.options.replaced(baseline=written.of_app(each.path))) for each in targets]


def _beside(app_path: str, options: Options) -> Options:
    """The options with the path of the listing as seen from an app, as all places are."""
    listing = options.app.buildpacks
    if listing is None or listing.path.startswith("<") or os.path.isabs(listing.path):
        return options
    path = os.path.relpath(listing.path, app_path).replace(os.sep, "/")
    return options.replaced(buildpacks=Source(path, listing.data))


def _refusal(problem: FileProblem, app_path: str) -> Notification:
    at = problem.at._replace(path=typed_path(app_path, problem.at.path))
    return Notification(Severity.ERROR, problem.message, at)
