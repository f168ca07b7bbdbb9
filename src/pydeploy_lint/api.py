"""Opens an app and judges it: the one way, for the command line, the language server, fixes, baselines and tests."""

from __future__ import annotations

import datetime
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from pydeploy_lint.engine.filters import filtered
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.engine.result import Notification
from pydeploy_lint.engine.run import run
from pydeploy_lint.facts.app import App
from pydeploy_lint.facts.options import AppOptions
from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.files.repository.git import Git, NotInCommit
from pydeploy_lint.files.source import Source
from pydeploy_lint.finding import Severity
from pydeploy_lint.report.common.concealed import concealed
from pydeploy_lint.settings.configuration import read_settings
from pydeploy_lint.settings.layers import NOTHING, Layer, read_configuration
from pydeploy_lint.settings.options import SETTINGS, Options, definitions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydeploy_lint.engine.baseline.known import Baseline
    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.engine.result import AppReport
    from pydeploy_lint.files.deployed import DeployedTree
    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.report.plan.plan import Section


class Judged(NamedTuple):
    """An app and what is known of it."""

    app: App
    complete: AppReport
    """Everything that the checks found."""
    report: AppReport
    """What the user asked to hear of it."""


def lint(
    path: str | os.PathLike[str] = ".",
    *,
    as_of: datetime.date | str | None = None,
    until: datetime.date | str | None = None,
    buildpack: str | None = None,
    stack: str | None = None,
    last_python: str | None = None,
    account_created: datetime.date | str | None = None,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
    buildpacks: str | None = None,
    rev: str | None = None,
    staged: bool = False,
    suppressions: bool = True,
    configuration: bool = True,
) -> AppReport:
    """Say what Heroku would do with an app, and what is wrong with it; nothing of the app is run.

    Args:
        path: the app's root directory.
        as_of: the date to judge by, or its ISO form; default: today.
        until: look ahead to this date for the day from which the app can no longer be deployed.
        buildpack: a release of the classic Python buildpack to judge by, such as ``v351``, whatever the date.
        stack: such as ``heroku-24``; default: the one in ``app.json``, else the platform's default.
        last_python: the Python of the app's last build, such as ``3.12``, kept for an app that names none.
        account_created: when the Heroku account was created.
        select: report only these checks and families.
        ignore: do not report these checks and families.
        buildpacks: the printed output of ``heroku buildpacks``.
        rev: read this git commit, and not the working tree.
        staged: read git's index, and not the working tree.
        suppressions: whether suppressions in comments and in the configuration count.
        configuration: whether the app's own configuration counts; arguments take precedence.

    Returns:
        The prediction of the build, the findings, and what could not be decided. What may be a credential is masked.

    Raises:
        NotADirectoryError: there is no directory at the path.
        ValueError: an argument has a wrong value.
        ConfigurationError: the app's configuration cannot be used.
        GitError: the commit or the index cannot be read.
    """
    return concealed(_judged(path, {**locals()}).report)


def plan(path: str | os.PathLike[str] = ".", **options: Any) -> tuple[Section, ...]:
    """Say step by step what Heroku would do with an app, and what could not be decided.

    Args:
        path: the app's root directory.
        options: the same as those of `lint`.

    Raises:
        TypeError: there is no such option.
        NotADirectoryError: there is no directory at the path.
        ValueError: an option has a wrong value.
        ConfigurationError: the app's configuration cannot be used.
        GitError: the commit or the index cannot be read.
    """
    from pydeploy_lint.report.plan.plan import plan as plan_of

    unknown = sorted(options.keys() - (lint.__kwdefaults__ or {}).keys())
    if unknown:
        raise TypeError(f"plan() got an unexpected keyword argument {unknown[0]!r}")
    judged = _judged(path, options)
    return concealed(plan_of(judged.app, judged.complete))


def _judged(path: str | os.PathLike[str], given: dict[str, Any]) -> Judged:
    path = os.fspath(path)
    if not os.path.isdir(path):
        raise NotADirectoryError(f"{path} is not a directory: give the root directory of an app")
    registry = load_registry()
    named = {setting.name: given.get(setting.field) for setting in SETTINGS}
    asked = {
        name: list(value) if name in ("select", "ignore") else value
        for name, value in named.items()
        if value is not None
    }
    settings, wrong = read_settings(asked, definitions(registry.checks, registry.families))
    if wrong:
        raise ValueError("; ".join(f"{mistake.keys[0]}: {mistake.message}" for mistake in wrong))
    listing = given.get("buildpacks")
    defaults = today().replaced(
        rev=given.get("rev"),
        staged=given.get("staged", False),
        suppressions=given.get("suppressions", True),
        buildpacks=None if listing is None else Source("<buildpacks>", listing.encode()),
    )
    tree = open_tree(path, rev=defaults.rev, staged=defaults.staged)
    if given.get("configuration", True):
        options = configured(tree, defaults, settings, registry)
    else:
        options = defaults.replaced(**settings)
    return judge(tree, options, registry, path=path)


def today() -> Options:
    """The options of a run that is asked for nothing in particular."""
    return Options(AppOptions(datetime.date.today()))


def configured(
    tree: DeployedTree, defaults: Options, given: Mapping[str, Any], registry: Registry, shared: Layer = NOTHING
) -> Options:
    """The options for an app: what is given takes precedence over its configuration, and that over the defaults.

    Args:
        tree: the app's files.
        defaults: the options without both.
        given: values by the names of their fields in `Options`.
        registry: the checks that the configuration may name.
        shared: a configuration for several apps, below the app's own.

    Raises:
        ConfigurationError: the app's configuration cannot be used.
    """
    names = definitions(registry.checks, registry.families)
    layer = read_configuration(tree.source_tree, names, shared)
    return defaults.replaced(**{**layer.values, **given}, notes=layer.notes)


def judge(tree: Tree, options: Options, registry: Registry, *, path: str = ".") -> Judged:
    """Run all checks on an app, and leave out what the options do not ask for.

    Args:
        tree: the app's files.
        options: how to judge it, and what to report.
        registry: the checks.
        path: the app's directory, as the user gave it.
    """
    app = App.open(tree, options.app)
    complete = run(app, registry.checks.values(), options.reporting, path=path, rev=options.rev)
    notes = tuple(Notification(Severity.WARNING, note.message, note.at) for note in options.notes)
    complete = complete._replace(notifications=(*notes, *complete.notifications))
    return Judged(app, complete, filtered(complete, options.reporting, registry))


def baseline_at(rev: str, path: str, options: Options, registry: Registry, *, directory: str = "") -> Baseline:
    """What is found in an app in another revision, by the same options; nothing for an app that is new since.

    Args:
        rev: the revision.
        path: the app's directory, or a bare repository.
        options: how to judge it.
        registry: the checks.
        directory: where the app is below the path.

    Raises:
        GitError: there is no such revision, or git does not have its files.
    """
    from pydeploy_lint.engine.baseline.known import Baseline, count_by_identity

    Git(path).commit(rev)
    try:
        tree = open_tree(path, rev=rev, directory=directory)
    except NotInCommit:
        return Baseline({}, rev)
    judged = judge(tree, options.replaced(rev=rev, staged=False), registry, path=path)
    return Baseline(count_by_identity(judged.complete.findings), rev)
