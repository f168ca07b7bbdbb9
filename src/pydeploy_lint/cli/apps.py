"""The apps that the command line asks for, how to judge them, and what is known of them already."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from pydeploy_lint.cli.options.arguments import USUAL_SECONDS, UsageError
from pydeploy_lint.cli.options.environment import name_of
from pydeploy_lint.cli.streams import inform
from pydeploy_lint.cli.targets import find_targets
from pydeploy_lint.files.source import FileProblem, Source
from pydeploy_lint.files.tree import MAX_FILE_SIZE
from pydeploy_lint.fleet.job import Job, NotOpened
from pydeploy_lint.fleet.run import Run
from pydeploy_lint.report.common.paths import STANDARD_INPUT, repository_of
from pydeploy_lint.settings.configuration import MOST_MISTAKES, ConfigurationError, read_settings
from pydeploy_lint.settings.layers import NOTHING, Layer, read_shared
from pydeploy_lint.settings.options import SETTINGS, Options, definitions

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence

    from pydeploy_lint.engine.baseline.file import BaselineFile
    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.finding import Finding
    from pydeploy_lint.fleet.state import State

PUSHED_COMMIT = "PRE_COMMIT_TO_REF"
"""Where pre-commit and prek tell a pre-push hook which commit is pushed."""


def make_run(arguments: argparse.Namespace, registry: Registry, defaults: Options) -> Run:
    """The apps, and how to judge them.

    Raises:
        UsageError: something that is asked for does not exist; it tells of everything that is wrong.
    """
    cluster = _cluster(arguments)
    settings, errors = given_settings(arguments, registry)
    job, targets = _job(arguments, settings, registry, defaults), find_targets(arguments)
    run = Run(job, targets, registry, arguments.jobs, cluster)
    if errors:
        raise UsageError(*errors, *_not_opened(run))
    return run


def _cluster(arguments: argparse.Namespace) -> str | None:
    if arguments.executor is None:
        return None
    if arguments.baseline is not None or arguments.write_baseline is not None:
        raise UsageError("--executor: a file with a baseline is only read where the run starts: use --baseline-rev")
    try:
        from pydeploy_lint.fleet import dask  # noqa: F401 - it is looked whether it can be used
    except ImportError as error:
        raise UsageError(f"--executor: needs Dask ({error}): pip install 'pydeploy-lint[dask]'") from error
    address: str = arguments.executor
    return address


def _not_opened(run: Run) -> Iterator[str]:
    """What is wrong with the first apps, to be said together with what is wrong with the options."""
    for target in run.targets[:MOST_MISTAKES]:
        try:
            with run.job.opened(target, run.registry):
                pass
        except NotOpened as error:
            yield from map(str, error.why)


def _job(arguments: argparse.Namespace, settings: dict[str, Any], registry: Registry, defaults: Options) -> Job:
    pushed = os.environ.get(PUSHED_COMMIT) if arguments.hook else None
    defaults = defaults.replaced(
        ask_uv=arguments.ask_uv,
        rev=arguments.rev or pushed,
        staged=arguments.staged or (arguments.hook and not pushed),
        buildpacks=None if arguments.buildpacks is None else _read_listing(arguments.buildpacks),
        suppressions=not arguments.no_suppressions,
    )
    if arguments.app is not None:
        defaults = _live(arguments.app, defaults)
    known = None if arguments.baseline is None else _read_baseline(arguments.baseline)
    job = Job(
        settings,
        defaults,
        shared=NOTHING if arguments.config is None else _read_shared(arguments.config, registry),
        isolated=arguments.isolated,
        live=arguments.live,
        baseline=known,
        baseline_rev=arguments.baseline_rev,
        time_limit=USUAL_SECONDS if arguments.time_limit is None else arguments.time_limit,
        with_plan=arguments.plan,
        with_files=arguments.show_files or arguments.verbose,
    )
    return job if arguments.state is None else job._replace(state=_open_state(arguments.state, job))


def _open_state(directory: str, job: Job) -> State:
    from pydeploy_lint.fleet.state import State

    try:
        return State.open(directory, job)
    except OSError as error:
        raise UsageError(f"--state: {directory} cannot be made: {error.strerror}") from error


def _read_shared(path: str, registry: Registry) -> Layer:
    def read(other: str) -> Source | None:
        return _read_source(other) if os.path.isfile(other) else None

    try:
        return read_shared(_read_source(path), read, definitions(registry.checks, registry.families))
    except OSError as error:
        raise UsageError(f"--config: {path} cannot be read: {error.strerror}") from error
    except ConfigurationError as error:
        raise UsageError(*(f"--config: {problem.at}: {problem.message}" for problem in error.problems)) from error


def given_settings(arguments: argparse.Namespace, registry: Registry) -> tuple[dict[str, Any], list[str]]:
    """The settings on the command line by their names in `Options`, and what is wrong with others."""
    names = definitions(registry.checks, registry.families)
    given = {setting.name: getattr(arguments, setting.field) for setting in SETTINGS if setting.metavar}
    settings, wrong = read_settings({name: value for name, value in given.items() if value is not None}, names)
    return settings, [f"{_given_as(arguments, mistake.keys[0])}: {mistake.message}" for mistake in wrong]


def _given_as(arguments: argparse.Namespace, setting: object) -> str:
    return name_of(arguments, str(setting).replace("-", "_"))


def _live(name: str, defaults: Options) -> Options:
    from pydeploy_lint.fleet.live import live_options
    from pydeploy_lint.heroku.api import HerokuApiError

    try:
        return live_options(name, defaults)
    except HerokuApiError as error:
        raise UsageError(f"--app {name}: {error}") from error


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


def with_new_baseline(path: str, job: Job, findings: Mapping[str, Sequence[Finding]]) -> Job:
    """Write what was found, and say so; returns the job with that as the baseline, to report what is left.

    Args:
        path: the file to write.
        job: how the apps were judged.
        findings: by the path of each app.

    Raises:
        UsageError: it cannot be written.
    """
    from pydeploy_lint.engine.baseline.file import write_baseline
    from pydeploy_lint.files.writing.write import reason_of

    try:
        write_baseline(path, findings, map(repository_of, findings))
    except OSError as error:
        raise UsageError(f"--write-baseline: {path} cannot be written: {reason_of(error)}") from error
    except FileProblem as problem:
        raise UsageError(f"--write-baseline: {problem}, so it is not replaced") from problem
    count, apps = sum(map(len, findings.values())), len(findings)
    of_apps = f" of {apps} apps" if apps > 1 else ""
    inform([f"wrote {count} finding{'s' * (count != 1)}{of_apps} to {path}"])
    # Results that are kept are those with the old baseline.
    return job._replace(baseline=_read_baseline(path), baseline_rev=None, state=None)
