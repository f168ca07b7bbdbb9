"""The command line: options in, reports out, an exit status."""

from __future__ import annotations

import datetime
import os
import sys
from typing import TYPE_CHECKING

from pydeploy_lint.cli.apps import Target, Targets, given_settings, open_targets
from pydeploy_lint.cli.arguments import UsageError, parse_arguments
from pydeploy_lint.cli.environment import name_of
from pydeploy_lint.cli.status import Status, check_targets, failures_of
from pydeploy_lint.cli.streams import OutputError, complain, configure, inform, open_closed, save, write
from pydeploy_lint.engine.filters import Reporting, silenced
from pydeploy_lint.engine.internal_error import internal_error
from pydeploy_lint.engine.registry import Registry, load_registry
from pydeploy_lint.facts.options import AppOptions
from pydeploy_lint.files.data import aging_data
from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.report.common.neutral import visible
from pydeploy_lint.report.common.paths import repository_of
from pydeploy_lint.report.common.terminal import Terminal
from pydeploy_lint.report.formats import FOR_PEOPLE, FORMATS, render
from pydeploy_lint.settings.configuration import unknown_name
from pydeploy_lint.settings.options import Options

if TYPE_CHECKING:
    import argparse

    from pydeploy_lint.api import Judged
    from pydeploy_lint.engine.check import Check
    from pydeploy_lint.engine.result import Report
    from pydeploy_lint.fix.rounds import FixedApp

COLOUR = {"auto": None, "always": True, "never": False}
"""What the values of ``--color`` mean for a terminal."""


def main(arguments: list[str] | None = None, today: datetime.date | None = None) -> int:
    """Run the command line.

    Args:
        arguments: without the program's name; default: those of this process.
        today: the date by which to judge where no other is asked for; default: today.

    Returns:
        The exit status.
    """
    open_closed()
    for stream in (sys.stdout, sys.stderr):
        configure(stream)
    try:
        return _run(parse_arguments(arguments), today or datetime.date.today())
    except (UsageError, aging_data.DataError) as error:
        complain(error.args)
        return Status.USAGE
    except OutputError as error:
        complain([str(error)])
        return Status.USAGE
    except KeyboardInterrupt:
        return Status.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever it is, users get a sentence and scripts a status
        complain([internal_error(error)])
        return Status.FAILED


def _run(arguments: argparse.Namespace, today: datetime.date) -> Status:
    if arguments.data is not None:
        aging_data.choose(arguments.data)
    if arguments.version:
        from pydeploy_lint.cli.version import print_version

        return Status(print_version())
    if arguments.completion:
        import pathlib

        write((pathlib.Path(__file__).parent / "shell" / f"pydeploy-lint.{arguments.completion}").read_text("utf-8"))
        return Status.CLEAN
    if arguments.update_data:
        from pydeploy_lint.cli.update_data import update_data

        write(f"{update_data()}\n")
        return Status.CLEAN
    registry = load_registry()
    if arguments.list_checks or arguments.explain is not None:
        write(_documentation(arguments, registry))
        complain(registry.failures)
        return Status.FAILED if registry.failures else Status.CLEAN
    if arguments.lsp or arguments.mcp:
        from pydeploy_lint.cli.servers import serve

        serve(arguments, registry)
        return Status.CLEAN
    judge = _lint if arguments.build_log is None else _explain_log
    return judge(arguments, registry, Options(AppOptions(today)))


def _lint(arguments: argparse.Namespace, registry: Registry, defaults: Options) -> Status:
    _check_format(arguments)
    outputs = [_output(text) for text in arguments.output]
    try:
        targets = open_targets(arguments, registry, defaults)
    except UsageError:
        # The checks of a plug-in that could not be loaded have unknown names: say first why.
        complain(registry.failures)
        raise
    if arguments.show_settings:
        return _show_settings(arguments, targets, registry)
    if arguments.fix and not arguments.diff:
        targets = targets._replace(apps=_fixed(targets.apps, registry, unsafe=arguments.unsafe_fixes))
    judged, report, status = check_targets(arguments, targets, registry)
    if arguments.verbose:
        from pydeploy_lint.cli import show

        inform(show.rules(judged, targets.apps))
    if arguments.diff:
        found = _print_patch(targets.apps, registry, unsafe=arguments.unsafe_fixes)
        complain(map(str, failures_of(report)))
        return found if status in (Status.CLEAN, Status.FOUND) else status
    if arguments.plan or arguments.show_files:
        write(_plans(judged, _terminal(arguments)) if arguments.plan else _files(targets.apps))
        complain(map(str, failures_of(report)))
        return status
    formats = _formats(arguments.format, targets.apps)
    return _write_reports(arguments, formats, outputs, report, status)


def _check_format(arguments: argparse.Namespace) -> None:
    if arguments.format not in (None, *FORMATS):
        name = name_of(arguments, "format")
        raise UsageError(f"{name}: {unknown_name(arguments.format, 'format', FORMATS)}")
    if arguments.plan and arguments.format not in (None, *FOR_PEOPLE):
        raise UsageError("--plan: prints text; the other formats have the prediction in their report")


def _show_settings(arguments: argparse.Namespace, targets: Targets, registry: Registry) -> Status:
    from pydeploy_lint.cli import show

    write(show.settings(arguments, targets.apps, registry))
    complain(map(str, targets.refused))
    return Status.USAGE if targets.refused else Status.CLEAN


def _write_reports(
    arguments: argparse.Namespace,
    formats: list[str],
    outputs: list[tuple[str, str]],
    report: Report,
    status: Status,
) -> Status:
    """Print the report in the formats, write those that go to files, and say what the exit status becomes."""
    if not set(formats) <= set(FOR_PEOPLE):
        configure(sys.stdout, encoding="utf-8", newline="\n")
    terminal = _terminal(arguments)
    if not arguments.quiet or status is not Status.CLEAN:
        write("".join(render(name, report, terminal) for name in formats))
    if formats[0] not in FOR_PEOPLE:
        complain(map(str, failures_of(report)))
    repositories = {repository_of(path) for path in arguments.paths}
    unwritable = [error for name, path in outputs for error in save(path, render(name, report), repositories)]
    complain(unwritable)
    return Status.USAGE if unwritable and status is not Status.FAILED else status


def _explain_log(arguments: argparse.Namespace, registry: Registry, defaults: Options) -> Status:
    from pydeploy_lint.cli.build_log import explain_log

    status = explain_log(arguments, registry, defaults)
    complain(registry.failures)
    return Status.FAILED if registry.failures else status


def _documentation(arguments: argparse.Namespace, registry: Registry) -> str:
    from pydeploy_lint import manual
    from pydeploy_lint.cli import explain

    terminal = _terminal(arguments)
    name, as_json = arguments.explain, arguments.format == "json"
    if name is None:
        checks = _selected(arguments, registry)
        return manual.list_document(checks.values()) if as_json else explain.table(checks, terminal)
    if name in registry.checks:
        check = registry.checks[name]
        return manual.page_document(check) if as_json else explain.page(check, terminal)
    from pydeploy_lint.cli import explain_error

    if found := explain_error.topics(name):
        return explain_error.document(found) if as_json else explain_error.pages(found, terminal)
    if " " in name:
        raise UsageError(f"--explain: no known error is like {name!r}; --build-log reads a whole log")
    raise UsageError(f"--explain: {unknown_name(name, 'check', registry.checks)}")


def _selected(arguments: argparse.Namespace, registry: Registry) -> dict[str, Check]:
    settings, errors = given_settings(arguments, registry)
    if errors:
        raise UsageError(*errors)
    left_out = silenced(Reporting(settings.get("select", ()), settings.get("ignore", ())), registry)
    return {name: check for name, check in registry.checks.items() if name not in left_out}


def _files(targets: list[Target]) -> str:
    from pydeploy_lint.cli import show

    return show.files(targets)


def _plans(judged: list[Judged], terminal: Terminal | None) -> str:
    from pydeploy_lint.report.plan.plan import plan
    from pydeploy_lint.report.plan.text import render as render_plan

    return "\n".join(render_plan(each.report.path, plan(each.app, each.complete), terminal) for each in judged)


def _terminal(arguments: argparse.Namespace) -> Terminal | None:
    return Terminal.detect(sys.stdout, os.environ, COLOUR[arguments.color])


def _formats(name: str | None, apps: list[Target]) -> list[str]:
    """What to print: what the command line names, else the text that the apps want, on GitHub with annotations."""
    if name is not None:
        return [name]
    text = "concise" if all(app.options.format == "concise" for app in apps) else "full"
    return [text, "github"] if os.environ.get("GITHUB_ACTIONS") == "true" else [text]


def _output(text: str) -> tuple[str, str]:
    name, _, path = text.partition(":")
    if name not in FORMATS:
        raise UsageError(f"--output: {unknown_name(name, 'format', FORMATS)}")
    if not path:
        raise UsageError(f"--output: {text!r} names no file: write {name}:FILE")
    return name, path


def _fixed(targets: list[Target], registry: Registry, *, unsafe: bool) -> list[Target]:
    """Write the fixes, and open the apps again."""
    from pydeploy_lint.fix.command import fix_on_disk
    from pydeploy_lint.fix.write import WriteError

    try:
        apps = fix_on_disk(((each.path, each.options) for each in targets), registry, unsafe=unsafe)
    except WriteError as error:
        raise UsageError(f"--fix: {error}") from error
    _report_fixes(apps, written=True)
    return [target._replace(tree=open_tree(target.path)) for target in targets]


def _print_patch(targets: list[Target], registry: Registry, *, unsafe: bool) -> Status:
    from pydeploy_lint.fix.command import fix_all, patch_of

    apps = fix_all(((each.path, each.options) for each in targets), registry, unsafe=unsafe)
    patch = patch_of(apps)
    # The bytes of the files as they are, whatever the terminal can show.
    configure(sys.stdout, encoding="utf-8", newline="\n", errors="surrogateescape")
    write(patch.decode("utf-8", "surrogateescape"))
    _report_fixes(apps, written=False)
    return Status.FOUND if patch else Status.CLEAN


def _report_fixes(apps: list[FixedApp], *, written: bool) -> None:
    from pydeploy_lint.fix.command import remaining, summary

    inform(f"warning: {refusal}" for app in apps for refusal in app.refusals)
    done = summary(apps, written=written)
    inform([done] if done else [])
    for line in remaining(apps):
        print(visible(line) if line.startswith(" ") else f"pydeploy-lint: {visible(line)}", file=sys.stderr)
