"""The command line: options in, reports out, an exit status."""

from __future__ import annotations

import datetime
import os
import sys
from typing import TYPE_CHECKING

from pydeploy_lint import __version__
from pydeploy_lint.cli.apps import find_targets, given_settings, make_job, with_new_baseline
from pydeploy_lint.cli.arguments import UsageError, parse_arguments
from pydeploy_lint.cli.outputs import Output, Printed, Saved, named_format, named_output
from pydeploy_lint.cli.progress import Progress
from pydeploy_lint.cli.status import Status, Tally
from pydeploy_lint.cli.streams import complain, configure, write
from pydeploy_lint.engine.internal_error import internal_error
from pydeploy_lint.engine.registry import Registry, load_registry
from pydeploy_lint.engine.result import Notification
from pydeploy_lint.facts.options import AppOptions
from pydeploy_lint.finding import Severity
from pydeploy_lint.fleet.job import failures_of
from pydeploy_lint.fleet.run import Run
from pydeploy_lint.report.common.document import Head
from pydeploy_lint.report.common.terminal import Terminal
from pydeploy_lint.report.formats import FOR_PEOPLE
from pydeploy_lint.settings.configuration import unknown_name
from pydeploy_lint.settings.options import Options

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from pydeploy_lint.finding import Finding


def main(arguments: list[str] | None = None, today: datetime.date | None = None) -> int:
    """Run the command line.

    Args:
        arguments: without the program's name; default: those of this process.
        today: the date by which to judge where no other is asked for; default: today.

    Returns:
        The exit status.
    """
    for stream in (sys.stdout, sys.stderr):
        configure(stream)
    try:
        return _run(parse_arguments(arguments), today or datetime.date.today())
    except UsageError as error:
        complain(error.args)
        return Status.USAGE
    except KeyboardInterrupt:
        return Status.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever it is, users get a sentence and scripts a status
        complain([internal_error(error)])
        return Status.FAILED


def _run(arguments: argparse.Namespace, today: datetime.date) -> Status:
    if arguments.version:
        from pydeploy_lint.cli.version import version_text

        write(f"{version_text()}\n")
        return Status.CLEAN
    if arguments.completion:
        import pathlib

        write((pathlib.Path(__file__).parent / "shell" / f"pydeploy-lint.{arguments.completion}").read_text("utf-8"))
        return Status.CLEAN
    registry = load_registry()
    if arguments.list_checks or arguments.explain is not None:
        write(_documentation(arguments.explain, registry))
        complain(registry.failures)
        return Status.FAILED if registry.failures else Status.CLEAN
    if arguments.lsp:
        _serve_editor(arguments, registry)
        return Status.CLEAN
    return _lint(arguments, registry, Options(AppOptions(today)))


def _lint(arguments: argparse.Namespace, registry: Registry, defaults: Options) -> Status:
    formats = named_format(arguments.format)
    if arguments.plan and formats[0] not in FOR_PEOPLE:
        raise UsageError("--plan: prints text; the other formats have the prediction in their report")
    files = [named_output(text) for text in arguments.output]
    try:
        job = make_job(arguments, registry, defaults)
    except UsageError:
        # The checks of a plug-in that could not be loaded have unknown names: say first why.
        complain(registry.failures)
        raise
    run = Run(job, find_targets(arguments), registry, arguments.jobs)
    if arguments.diff:
        from pydeploy_lint.cli.fixes import print_patch

        return print_patch(run, unsafe=arguments.unsafe_fixes)
    if arguments.fix:
        from pydeploy_lint.cli.fixes import fix

        fix(run, unsafe=arguments.unsafe_fixes)
    if arguments.write_baseline is not None:
        run = _baselined(arguments.write_baseline, run)
    if arguments.plan:
        return _print_plans(run)
    failures = tuple(Notification(Severity.ERROR, message) for message in registry.failures)
    head = Head(__version__, registry.checks, len(run.targets) > 1, failures, arguments.show_suppressed)
    outputs = [Printed(formats, head), *(Saved(name, path, head) for name, path in files)]
    progress = Progress(len(run.targets), quiet=arguments.quiet)
    return _report(run, outputs, progress, printed_failures=formats[0] in FOR_PEOPLE)


def _report(run: Run, outputs: Sequence[Output], progress: Progress, *, printed_failures: bool) -> Status:
    """Judge the apps and write what comes of each of them at once.

    Args:
        run: the apps.
        outputs: where to write it.
        progress: shows how far the run is.
        printed_failures: whether standard output has what went wrong with checks and plug-ins.
    """
    tally = Tally(failed=bool(run.registry.failures))
    try:
        for output in outputs:
            output.begin()
        if not printed_failures:
            complain(run.registry.failures)
        for outcome in run.outcomes():
            tally.add(outcome)
            progress.clear()
            complain(each.message for each in outcome.unjudged if each.is_usage or not printed_failures)
            if not printed_failures and outcome.report:
                complain(failures_of(outcome.report))
            for output in outputs:
                output.add(outcome)
            progress.add(outcome)
        progress.clear()
        for output in outputs:
            output.end()
    except BaseException:
        progress.clear()
        for output in outputs:
            output.discard()
        raise
    unwritable = [output.problem for output in outputs if output.problem]
    complain(unwritable)
    return Status.USAGE if unwritable and tally.status is not Status.FAILED else tally.status


def _baselined(path: str, run: Run) -> Run:
    """Write what is found to a file; returns the run with that as its baseline, to report what is left.

    Nothing is written where an app could not be judged in full.
    """
    found: dict[str, list[Finding]] = {}
    tally = Tally(failed=bool(run.registry.failures))
    for outcome in run.outcomes():
        tally.add(outcome)
        if outcome.report:
            # Only what a later run can suppress: not what is said of suppressions.
            findings = outcome.report.findings
            found[outcome.report.path] = [each for each in findings if not run.registry.checks[each.check].reviews]
    if tally.status not in (Status.CLEAN, Status.FOUND):
        return run
    return run._replace(job=with_new_baseline(path, run.job, found))


def _print_plans(run: Run) -> Status:
    from pydeploy_lint.report.plan.text import render as render_plan

    terminal = Terminal.detect(sys.stdout, os.environ)
    tally = Tally(failed=bool(run.registry.failures))
    complain(run.registry.failures)
    between = ""
    for outcome in run.outcomes():
        tally.add(outcome)
        complain(each.message for each in outcome.unjudged)
        if outcome.report:
            complain(failures_of(outcome.report))
            write(between + render_plan(outcome.report.path, outcome.plan, terminal))
            between = "\n"
    return tally.status


def _documentation(name: str | None, registry: Registry) -> str:
    from pydeploy_lint.cli import explain

    terminal = Terminal.detect(sys.stdout, os.environ)
    if name is None:
        return explain.table(registry.checks, terminal)
    if name not in registry.checks:
        raise UsageError(f"--explain: {unknown_name(name, 'check', registry.checks)}")
    return explain.page(registry.checks[name], terminal)


def _serve_editor(arguments: argparse.Namespace, registry: Registry) -> None:
    settings, errors = given_settings(arguments, registry)
    if errors:
        raise UsageError(*errors)
    try:
        from pydeploy_lint.lsp.server import serve
    except ImportError as error:
        raise UsageError(f"--lsp: needs pygls ({error}): pip install 'pydeploy-lint[lsp]'") from error
    serve(arguments.paths, {"suppressions": not arguments.no_suppressions, **settings}, registry)
