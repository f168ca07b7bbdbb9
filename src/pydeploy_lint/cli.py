"""The command line: options in, reports out, an exit status."""

from __future__ import annotations

import datetime
import io
import os
import pathlib
import sys
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from pydeploy_lint import __version__, engine
from pydeploy_lint.app import App
from pydeploy_lint.arguments import UsageError, parse_arguments
from pydeploy_lint.config import ConfigurationError, read_configuration, read_settings, unknown_name
from pydeploy_lint.deployed import DeployedTree, open_tree
from pydeploy_lint.filters import silenced, wanted
from pydeploy_lint.finding import Severity
from pydeploy_lint.git import GitError
from pydeploy_lint.options import SETTINGS, Options, definitions
from pydeploy_lint.registry import Registry, load_registry
from pydeploy_lint.report import AppReport, Notification, PolicyUsed, Report
from pydeploy_lint.report.formats import FORMATS, render
from pydeploy_lint.report.neutral import visible
from pydeploy_lint.report.paths import STANDARD_INPUT, typed_path
from pydeploy_lint.report.terminal import Terminal
from pydeploy_lint.text import FileProblem, Source
from pydeploy_lint.tree import MAX_FILE_SIZE

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from pydeploy_lint.baseline import Baseline
    from pydeploy_lint.baseline.file import BaselineFile
    from pydeploy_lint.fix.rounds import Mended
    from pydeploy_lint.heroku_api import LiveApp

DEBUG = "PYDEPLOY_LINT_DEBUG"
PUSHED_COMMIT = "PRE_COMMIT_TO_REF"
"""Where pre-commit and prek tell a pre-push hook which commit is pushed."""
NO_APP = "detect"
"""The reason with which the build refuses what is no Python app."""


class Status(IntEnum):
    """The exit status; other programs rely on the numbers."""

    CLEAN = 0
    FOUND = 1
    USAGE = 2
    NO_APP = 3
    FAILED = 4
    INTERRUPTED = 130
    """What a shell makes of a program that the user stopped."""


class Target(NamedTuple):
    """An app to be judged."""

    path: str
    """As it was given."""
    app: App


def main(arguments: list[str] | None = None, today: datetime.date | None = None) -> int:
    """Run the command line.

    Args:
        arguments: without the program's name; default: those of this process.
        today: the date by which to judge where no other is asked for; default: today.

    Returns:
        The exit status.
    """
    for stream in (sys.stdout, sys.stderr):
        _configure(stream)
    try:
        return _run(parse_arguments(arguments), today or datetime.date.today())
    except UsageError as error:
        _complain(error.args)
        return Status.USAGE
    except KeyboardInterrupt:
        return Status.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever it is, users get a sentence and scripts a status
        _complain([_internal_error(error)])
        return Status.FAILED


def _run(arguments: argparse.Namespace, today: datetime.date) -> Status:
    if arguments.version:
        from pydeploy_lint.version import version_text

        _write(f"{version_text()}\n")
        return Status.CLEAN
    if arguments.completion:
        _write((pathlib.Path(__file__).parent / "shell" / f"pydeploy-lint.{arguments.completion}").read_text("utf-8"))
        return Status.CLEAN
    registry = load_registry()
    if arguments.list_checks or arguments.explain is not None:
        _write(_documentation(arguments.explain, registry))
        _complain(registry.failures)
        return Status.FAILED if registry.failures else Status.CLEAN
    if arguments.lsp:
        _serve_editor(arguments, registry)
        return Status.CLEAN
    return _lint(arguments, registry, Options(as_of=today))


def _lint(arguments: argparse.Namespace, registry: Registry, defaults: Options) -> Status:
    formats = _formats(arguments.format)
    if arguments.plan and "text" not in formats:
        raise UsageError("--plan: prints text; the other formats have the prediction in their report")
    outputs = [_output(text) for text in arguments.output]
    try:
        targets = _targets(arguments, registry, defaults)
    except UsageError:
        # The checks of a plug-in that could not be loaded have unknown names: say first why.
        _complain(registry.failures)
        raise
    if arguments.fix and not arguments.diff:
        targets = _fixed(targets, registry, unsafe=arguments.unsafe_fixes)
    judged, report, status = _checked(arguments, targets, registry)
    if arguments.diff:
        found = _print_patch(targets, registry, unsafe=arguments.unsafe_fixes)
        _complain(note.message for note in _failures(report))
        return status if status in (Status.FAILED, Status.NO_APP) else found
    if arguments.plan:
        _write(_plans(judged))
        _complain(note.message for note in _failures(report))
        return status
    if formats != ["text"]:
        _configure(sys.stdout, encoding="utf-8", newline="\n")
    terminal = Terminal.detect(sys.stdout, os.environ)
    _write("".join(render(name, report, terminal) for name in formats))
    if "text" not in formats:
        _complain(note.message for note in _failures(report))
    unwritable = [error for name, path in outputs for error in _save(path, render(name, report))]
    _complain(unwritable)
    return Status.USAGE if unwritable and status is not Status.FAILED else status


# --- What is asked for


def _documentation(name: str | None, registry: Registry) -> str:
    from pydeploy_lint import explain

    terminal = Terminal.detect(sys.stdout, os.environ)
    if name is None:
        return explain.table(registry.checks, terminal)
    if name not in registry.checks:
        raise UsageError(f"--explain: {unknown_name(name, 'check', registry.checks)}")
    return explain.page(registry.checks[name], terminal)


def _plans(judged: list[tuple[Target, AppReport]]) -> str:
    from pydeploy_lint import plan
    from pydeploy_lint.plan.text import render as render_plan

    terminal = Terminal.detect(sys.stdout, os.environ)
    return "\n".join(render_plan(target.path, plan.plan(target.app, app), terminal) for target, app in judged)


def _serve_editor(arguments: argparse.Namespace, registry: Registry) -> None:
    settings, errors = _settings(arguments, registry)
    if errors:
        raise UsageError(*errors)
    try:
        from pydeploy_lint.lsp.server import serve
    except ImportError as error:
        raise UsageError(f"--lsp: needs pygls ({error}): pip install 'pydeploy-lint[lsp]'") from error
    serve(arguments.paths, {"suppressions": not arguments.no_suppressions, **settings}, registry)


def _formats(name: str | None) -> list[str]:
    if name is None:
        return ["text", "github"] if os.environ.get("GITHUB_ACTIONS") == "true" else ["text"]
    if name not in FORMATS:
        raise UsageError(f"--format: {unknown_name(name, 'format', FORMATS)}")
    return [name]


def _output(text: str) -> tuple[str, str]:
    name, _, path = text.partition(":")
    if name not in FORMATS:
        raise UsageError(f"--output: {unknown_name(name, 'format', FORMATS)}")
    if not path:
        raise UsageError(f"--output: {text!r} names no file: write {name}:FILE")
    return name, path


def _targets(arguments: argparse.Namespace, registry: Registry, defaults: Options) -> list[Target]:
    names = definitions(registry.checks, registry.families)
    settings, errors = _settings(arguments, registry)
    pushed = os.environ.get(PUSHED_COMMIT) if arguments.hook else None
    defaults = defaults._replace(
        ask_uv=arguments.ask_uv,
        rev=arguments.rev or pushed,
        staged=arguments.staged or (arguments.hook and not pushed),
        buildpacks=None if arguments.buildpacks is None else _read_listing(arguments.buildpacks),
        suppressions=not arguments.no_suppressions,
    )
    known = None if arguments.baseline is None else _read_baseline(arguments.baseline)
    if arguments.app is not None:
        live = _read_app(arguments.app)
        defaults = defaults._replace(buildpacks=live.listing, stack=live.stack)
    targets = []
    for path in arguments.paths:
        try:
            tree = _open_tree(path, defaults)
            options = _beside(path, defaults)._replace(**{**read_configuration(tree.source_tree, names), **settings})
            if known:
                options = options._replace(baseline=known.of_app(path))
            if arguments.baseline_rev is not None:
                options = options._replace(baseline=_baseline_at(arguments.baseline_rev, path, options, registry))
        except UsageError as error:
            errors += error.args
            continue
        except ConfigurationError as error:
            errors += [_placed(problem, path) for problem in error.problems]
            continue
        targets.append(Target(path, App.open(tree, options)))
    if errors:
        raise UsageError(*errors)
    return targets


def _settings(arguments: argparse.Namespace, registry: Registry) -> tuple[dict[str, Any], list[str]]:
    """The settings on the command line by their names in `Options`, and what is wrong with others."""
    names = definitions(registry.checks, registry.families)
    given = {setting.name: getattr(arguments, setting.field, None) for setting in SETTINGS}
    settings, wrong = read_settings({name: value for name, value in given.items() if value is not None}, names)
    return settings, [f"--{mistake.keys[0]}: {mistake.message}" for mistake in wrong]


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
    from pydeploy_lint.heroku_api import HerokuApiError, read_app

    try:
        app = read_app(name)
    except HerokuApiError as error:
        raise UsageError(f"--app {name}: {error}") from error
    if not app.stack.startswith("heroku-"):
        raise UsageError(f"--app {name}: it is on the stack {app.stack}, which builds without heroku/python")
    return app


def _read_listing(path: str) -> Source:
    try:
        if path == "-":
            return Source(STANDARD_INPUT, sys.stdin.buffer.read(MAX_FILE_SIZE))
        with open(path, "rb") as file:
            return Source(path, file.read(MAX_FILE_SIZE))
    except OSError as error:
        raise UsageError(f"--buildpacks: {path} cannot be read: {error.strerror}") from error


def _read_baseline(path: str) -> BaselineFile:
    from pydeploy_lint.baseline.file import BaselineFile

    try:
        return BaselineFile.read(path)
    except OSError as error:
        raise UsageError(f"--baseline: {path} cannot be read: {error.strerror}") from error
    except FileProblem as problem:
        raise UsageError(f"--baseline: {problem}") from problem


def _baseline_at(rev: str, path: str, options: Options, registry: Registry) -> Baseline:
    from pydeploy_lint.baseline.revision import baseline_at

    try:
        return baseline_at(rev, path, options, registry.checks.values())
    except GitError as error:
        raise UsageError(f"--baseline-rev {rev}: {path}: {error}") from error


def _with_new_baseline(path: str, targets: list[Target], report: Report) -> list[Target]:
    """Write what was found, and open the apps anew, to report what is left."""
    from pydeploy_lint.baseline.file import write_baseline

    try:
        # Only what a later run can suppress: not what is said of suppressions.
        write_baseline(
            path,
            {
                app.path: [finding for finding in app.findings if not report.checks[finding.check].reviews]
                for app in report.apps
            },
        )
    except OSError as error:
        raise UsageError(f"--write-baseline: {path} cannot be written: {error.strerror}") from error
    except FileProblem as problem:
        raise UsageError(f"--write-baseline: {problem}, so it is not replaced") from problem
    written = _read_baseline(path)
    return [
        Target(root, App.open(app.tree, app.options._replace(baseline=written.of_app(root)))) for root, app in targets
    ]


def _beside(app_path: str, options: Options) -> Options:
    """The options with the path of the listing as seen from an app, as all places are."""
    listing = options.buildpacks
    if listing is None or listing.path.startswith("<") or os.path.isabs(listing.path):
        return options
    path = os.path.relpath(listing.path, app_path).replace(os.sep, "/")
    return options._replace(buildpacks=Source(path, listing.data))


def _placed(problem: FileProblem, app_path: str) -> str:
    return f"{problem.at._replace(path=typed_path(app_path, problem.at.path))}: {problem.message}"


# --- The judgement


def _checked(
    arguments: argparse.Namespace, targets: list[Target], registry: Registry
) -> tuple[list[tuple[Target, AppReport]], Report, Status]:
    """Everything that is known of the apps, what is reported of it, and the exit status."""
    judged, failures = _judge(targets, registry)
    report, status = _report(judged, failures, registry, engine.policy_used(targets[0].app.policy))
    if arguments.write_baseline is not None and status in (Status.CLEAN, Status.FOUND):
        judged, failures = _judge(_with_new_baseline(arguments.write_baseline, targets, report), registry)
        report, status = _report(judged, failures, registry, report.policy)
    return judged, report._replace(show_suppressed=arguments.show_suppressed), status


def _judge(targets: list[Target], registry: Registry) -> tuple[list[tuple[Target, AppReport]], list[Notification]]:
    """Everything that the checks find in each app, and what went wrong."""
    failures = [Notification(Severity.ERROR, message) for message in registry.failures]
    judged = []
    for target in targets:
        try:
            app = engine.run(target.app, registry.checks.values(), path=target.path, rev=target.app.options.rev)
        except Exception as error:  # noqa: BLE001 - the other apps are judged all the same
            failures.append(Notification(Severity.ERROR, f"{target.path}: {_internal_error(error)}"))
        else:
            judged.append((target, app))
    return judged, failures


def _report(
    judged: list[tuple[Target, AppReport]], failures: list[Notification], registry: Registry, policy: PolicyUsed
) -> tuple[Report, Status]:
    """What the user asked to hear of it, and the exit status."""
    apps = []
    found = False
    for target, app in judged:
        options = target.app.options
        findings = wanted(app.findings, options, registry)
        found = found or any(finding.severity >= options.fail_on for finding in findings)
        suppressed = (
            each._replace(finding=finding)
            for each in app.suppressed
            for finding in wanted([each.finding], options, registry)
        )
        kept_back = tuple(suppressed)
        apps.append(app._replace(findings=findings, suppressed=kept_back, silenced=silenced(options, registry)))
    report = Report(__version__, policy, tuple(apps), registry.checks, tuple(failures))
    if _failures(report):
        return report, Status.FAILED
    if all(app.build.failure_reason == NO_APP for app in apps):
        return report, Status.NO_APP
    return report, Status.FOUND if found else Status.CLEAN


def _failures(report: Report) -> list[Notification]:
    every = (*report.notifications, *(note for app in report.apps for note in app.notifications))
    return [note for note in every if note.severity is Severity.ERROR]


# --- The fixes


def _fixed(targets: list[Target], registry: Registry, *, unsafe: bool) -> list[Target]:
    """Write the fixes, and open the apps anew."""
    from pydeploy_lint.fix.command import mend_all, write_all
    from pydeploy_lint.fix.write import WriteError

    apps = mend_all(targets, registry, unsafe=unsafe)
    try:
        write_all(apps)
    except WriteError as error:
        raise UsageError(f"--fix: {error}") from error
    _tell_of_fixes(apps, written=True)
    return [Target(path, App.open(open_tree(path), app.options)) for path, app in targets]


def _print_patch(targets: list[Target], registry: Registry, *, unsafe: bool) -> Status:
    from pydeploy_lint.fix.command import mend_all, patch_of

    apps = mend_all(targets, registry, unsafe=unsafe)
    patch = patch_of(apps)
    # The bytes of the files as they are, whatever the terminal can show.
    _configure(sys.stdout, encoding="utf-8", newline="\n", errors="surrogateescape")
    _write(patch.decode("utf-8", "surrogateescape"))
    _tell_of_fixes(apps, written=False)
    return Status.FOUND if patch else Status.CLEAN


def _tell_of_fixes(apps: list[Mended], *, written: bool) -> None:
    from pydeploy_lint.fix.command import summary

    for refusal in (refusal for app in apps for refusal in app.refusals):
        print(f"pydeploy-lint: warning: {visible(refusal)}", file=sys.stderr)
    told = summary(apps, written=written)
    if told:
        print(f"pydeploy-lint: {visible(told)}", file=sys.stderr)


# --- The streams


def _configure(
    stream: TextIO, *, encoding: str | None = None, newline: str | None = None, errors: str = "backslashreplace"
) -> None:
    """Let a stream write what its encoding lacks, as escapes by default, rather than fail."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding=encoding, newline=newline, errors=errors)


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads the output has seen enough; the verdict stands. The interpreter flushes once more at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _save(path: str, document: str) -> list[str]:
    from pydeploy_lint.write import write_whole

    try:
        write_whole(path, document.encode("utf-8", "backslashreplace"))
    except OSError as error:
        return [f"--output: {path} cannot be written: {error.strerror}"]
    return []


def _complain(messages: Iterable[str]) -> None:
    for message in messages:
        print(f"pydeploy-lint: error: {visible(message)}", file=sys.stderr)


def _internal_error(error: Exception) -> str:
    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exception(error)
    return (
        f"pydeploy-lint itself failed: {type(error).__name__}: {error}"
        f" (please report this; with {DEBUG}=1 in the environment it says where)"
    )
