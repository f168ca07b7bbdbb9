"""The command line: options in, reports out, an exit status."""

from __future__ import annotations

import datetime
import sys
from typing import TYPE_CHECKING

from pydeploy_lint.cli.apps import given_settings
from pydeploy_lint.cli.lint import lint
from pydeploy_lint.cli.options.arguments import UsageError, parse_arguments
from pydeploy_lint.cli.outputs import terminal_of
from pydeploy_lint.cli.status import Status
from pydeploy_lint.cli.streams import OutputError, complain, configure, open_closed, write
from pydeploy_lint.engine.filters import Reporting, silenced
from pydeploy_lint.engine.internal_error import internal_error
from pydeploy_lint.engine.registry import Registry, load_registry
from pydeploy_lint.facts.options import AppOptions
from pydeploy_lint.files.data import aging_data
from pydeploy_lint.fleet.outcome import NoCluster
from pydeploy_lint.guard import own_interrupt
from pydeploy_lint.settings.configuration import unknown_name
from pydeploy_lint.settings.options import Options

if TYPE_CHECKING:
    import argparse

    from pydeploy_lint.engine.check import Check


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
        with own_interrupt():
            return _run(parse_arguments(arguments), today or datetime.date.today())
    except (UsageError, NoCluster, aging_data.DataError) as error:
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
        from pydeploy_lint.cli.about.version import print_version

        return Status(print_version())
    if arguments.completion:
        import pathlib

        write((pathlib.Path(__file__).parent / "shell" / f"pydeploy-lint.{arguments.completion}").read_text("utf-8"))
        return Status.CLEAN
    if arguments.update_data:
        from pydeploy_lint.cli.about.update_data import update_data

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
    judge = lint if arguments.build_log is None else _explain_log
    return judge(arguments, registry, Options(AppOptions(today)))


def _explain_log(arguments: argparse.Namespace, registry: Registry, defaults: Options) -> Status:
    from pydeploy_lint.cli.build_log import explain_log

    status = explain_log(arguments, registry, defaults)
    complain(registry.failures)
    return Status.FAILED if registry.failures else status


def _documentation(arguments: argparse.Namespace, registry: Registry) -> str:
    from pydeploy_lint import manual
    from pydeploy_lint.cli.about import explain

    terminal = terminal_of(arguments)
    name, as_json = arguments.explain, arguments.format == "json"
    if name is None:
        checks = _selected(arguments, registry)
        return manual.list_document(checks.values()) if as_json else explain.table(checks, terminal)
    if name in registry.checks:
        check = registry.checks[name]
        return manual.page_document(check) if as_json else explain.page(check, terminal)
    from pydeploy_lint.cli.about import explain_error

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
