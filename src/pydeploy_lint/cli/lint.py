"""Judges the apps that the command line asks for, and writes what comes of each of them at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pydeploy_lint import __version__
from pydeploy_lint.cli.apps import make_run, with_new_baseline
from pydeploy_lint.cli.options.arguments import UsageError
from pydeploy_lint.cli.options.environment import name_of
from pydeploy_lint.cli.outputs import Outputs, Printed, Saved, named_output, terminal_of
from pydeploy_lint.cli.progress import Progress
from pydeploy_lint.cli.show import inform_of_rules, print_files, print_plans, print_settings
from pydeploy_lint.cli.status import Status, Tally
from pydeploy_lint.cli.streams import complain, inform
from pydeploy_lint.engine.result import Notification
from pydeploy_lint.finding import Severity
from pydeploy_lint.fleet.outcome import failures_of
from pydeploy_lint.report.common.concealed import concealed
from pydeploy_lint.report.common.document import Closing, Head
from pydeploy_lint.report.common.paths import RepositoryPaths
from pydeploy_lint.report.formats import FOR_PEOPLE, FORMATS
from pydeploy_lint.settings.configuration import unknown_name

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.finding import Finding
    from pydeploy_lint.fleet.run import Run
    from pydeploy_lint.report.common.comparison import Old
    from pydeploy_lint.settings.options import Options


def lint(arguments: argparse.Namespace, registry: Registry, defaults: Options) -> Status:
    """Do what the command line asks for; returns the exit status.

    Args:
        arguments: the command line.
        registry: the checks.
        defaults: the options where neither the command line nor an app's configuration says anything.

    Raises:
        UsageError: something that is asked for does not exist, or cannot be done.
    """
    _check_format(arguments)
    files = [named_output(text) for text in arguments.output]
    closing = Closing(None if arguments.compare is None else _read_old(arguments.compare))
    try:
        run = make_run(arguments, registry, defaults)
    except UsageError:
        # The checks of a plug-in that could not be loaded have unknown names: say first why.
        complain(registry.failures)
        raise
    if arguments.show_settings:
        return print_settings(arguments, run)
    if arguments.diff:
        from pydeploy_lint.cli.fixes import print_patch

        return print_patch(run, unsafe=arguments.unsafe_fixes, verbose=arguments.verbose)
    if arguments.fix:
        from pydeploy_lint.cli.fixes import fix

        fix(run, unsafe=arguments.unsafe_fixes)
    if arguments.write_baseline is not None:
        run = _baselined(arguments.write_baseline, run)
    if arguments.plan:
        return print_plans(run, terminal_of(arguments), verbose=arguments.verbose)
    if arguments.show_files:
        return print_files(run, verbose=arguments.verbose)
    return _report(run, arguments, _opened_outputs(run, arguments, files, closing))


def _check_format(arguments: argparse.Namespace) -> None:
    if arguments.format not in (None, *FORMATS):
        raise UsageError(f"{name_of(arguments, 'format')}: {unknown_name(arguments.format, 'format', FORMATS)}")
    if arguments.plan and arguments.format not in (None, *FOR_PEOPLE):
        raise UsageError("--plan: prints text; the other formats have the prediction in their report")


def _opened_outputs(
    run: Run, arguments: argparse.Namespace, files: Iterable[tuple[str, str]], closing: Closing
) -> Outputs:
    """The reports of a run: the one that is printed, and those that go to files."""
    failures = tuple(Notification(Severity.ERROR, message) for message in run.registry.failures)
    head = Head(
        __version__,
        run.registry.checks,
        len(run.targets) > 1,
        concealed(failures),
        arguments.show_suppressed,
        arguments.statistics,
        paths=RepositoryPaths(target.path for target in run.targets if os.path.exists(target.path)),
    )
    printed = Printed(arguments.format, head, terminal_of(arguments), quiet=arguments.quiet)
    return Outputs([printed, *(Saved(name, path, head) for name, path in files)], closing)


def _report(run: Run, arguments: argparse.Namespace, outputs: Outputs) -> Status:
    """Judge the apps and write what comes of them."""
    printed_failures = arguments.format in (None, *FOR_PEOPLE)
    progress = Progress(len(run.targets), quiet=arguments.quiet)
    tally = Tally(failed=bool(run.registry.failures))
    try:
        if not printed_failures:
            complain(run.registry.failures)
        for outcome in run.outcomes():
            tally.add(outcome)
            progress.clear()
            if arguments.verbose:
                inform_of_rules(outcome)
            if not printed_failures:
                complain([*(str(each.why) for each in outcome.unjudged), *failures_of(outcome.report)])
            outputs.add(outcome)
            progress.add(outcome)
        progress.clear()
        unwritten = outputs.end(tally.status)
    except BaseException:
        progress.clear()
        outputs.discard()
        raise
    if printed_failures:
        complain(str(each.why) for each in unwritten)
    complain(outputs.problems)
    return Status.USAGE if outputs.problems and tally.status is not Status.FAILED else tally.status


def _read_old(path: str) -> Old:
    from pydeploy_lint.report.common.comparison import NoReport, read_old

    try:
        with open(path, encoding="utf-8-sig") as file:
            return read_old(path, file.read())
    except OSError as error:
        raise UsageError(f"--compare: {path} cannot be read: {error.strerror}") from error
    except (NoReport, UnicodeDecodeError) as error:
        raise UsageError(f"--compare: {path} is no report of --format json or --format jsonl") from error


def _baselined(path: str, run: Run) -> Run:
    """Write what is found to a file; returns the run with that as its baseline, to report what is left."""
    found: dict[str, list[Finding]] = {}
    tally = Tally(failed=bool(run.registry.failures))
    for outcome in run.outcomes():
        tally.add(outcome)
        if outcome.report:
            # Only what a later run can suppress: not what is said of suppressions.
            findings = outcome.report.findings
            found[outcome.report.path] = [each for each in findings if not run.registry.checks[each.check].reviews]
    if tally.of_judged in (Status.CLEAN, Status.FOUND):
        return run._replace(job=with_new_baseline(path, run.job, found))
    why = "there is no Python app" if tally.of_judged is Status.NO_APP else "not everything could be checked"
    inform([f"warning: --write-baseline: {path} is not written, because {why}"])
    return run
