"""The command line's options and their help."""

from __future__ import annotations

import argparse
import os
import sys
from typing import NoReturn

from pydeploy_lint.cli.options.environment import PREFIX, fill_in, split
from pydeploy_lint.cli.options.fleet import add_fleet_options
from pydeploy_lint.cli.streams import write
from pydeploy_lint.report.formats import FOR_PEOPLE, FORMATS
from pydeploy_lint.settings.configuration import nearest
from pydeploy_lint.settings.options import NEVER, SETTINGS, Setting

DESCRIPTION = """\
Say whether Heroku would build and start a Python app, from the app's files alone: nothing is installed, run or sent.
"""

EPILOG = f"""\
Settings can also be kept in the app, in [tool.pydeploy-lint] of pyproject.toml or in .pydeploy-lint.toml.
They have the names of the options; the command line takes precedence. So do environment variables, such as
{PREFIX}STACK for --stack and {PREFIX}FORMAT for --format, which give way to the command line alone.

examples:
  pydeploy-lint                                     the app in the current directory
  pydeploy-lint backend worker --fail-on error      two apps; only errors make the exit status 1
  pydeploy-lint --fix                               make the safe fixes
  pydeploy-lint --as-of 2027-02-01 --until 2028-01-01   will it build then, and how long
  pydeploy-lint --rev main --format json            what a commit would do, for a program

exit status:
  0  checked, and nothing found at or above --fail-on
  1  checked, and something found
  2  wrong usage or configuration
  3  nothing to check: no Python app at any of the paths
  4  pydeploy-lint or a plug-in failed; the other checks are reported
With --fix, only the remaining findings count. With --diff, 1 means that there is something to fix.
"""

USUAL_SECONDS = 120
"""How long an app may take; one of a usual size takes less than one."""
WHEN = ("auto", "always", "never")
SHELLS = ("bash", "fish", "nushell", "powershell", "zsh")
WHAT_TO_JUDGE_BY = ("as-of", "until", "buildpack", "stack", "last-python", "account-created")


EXPLAINS_NO_LOG = (
    "fix",
    "diff",
    "plan",
    "output",
    "until",
    "hook",
    "baseline",
    "baseline_rev",
    "write_baseline",
    "show_suppressed",
    "no_suppressions",
    "lsp",
    "mcp",
    "from",
    "discover",
    "shard",
    "jobs",
    "executor",
    "state",
    "statistics",
    "compare",
)
"""What `--build-log` cannot be combined with."""


class UsageError(Exception):
    """The command line asks for something that does not exist, or cannot be done."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """See `argparse.ArgumentParser.error`."""
        raise UsageError(message)

    def print_help(self, _file: object = None) -> None:
        """See `argparse.ArgumentParser.print_help`, which does not say where it cannot print."""
        write(self.format_help())


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line.

    Args:
        arguments: without the program's name; None: those of this process.

    Raises:
        UsageError: the arguments do not fit the options.
        SystemExit: help was asked for, and printed.
    """
    parsed = _parse(sys.argv[1:] if arguments is None else arguments)
    _refuse_empty_values(parsed)
    _check_fix_options(parsed)
    if parsed.list_checks or parsed.explain is not None:
        _check_documentation_options(parsed)
    if parsed.lsp or parsed.mcp:
        _check_server_options(parsed)
    if parsed.build_log is not None:
        _check_log_options(parsed)
    for other in ("output", "write_baseline"):
        if parsed.plan and getattr(parsed, other):
            raise UsageError(f"--plan: prints the plan, not a report; leave out --{other.replace('_', '-')}")
    _check_shown(parsed)
    parsed.variables = []
    if not (parsed.list_checks or parsed.explain):
        fill_in(parsed, os.environ)
    return parsed


def _parse(arguments: list[str]) -> argparse.Namespace:
    """Paths may stand anywhere between the options; after ``--``, everything is a path."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    parser = build_parser()
    parsed, rest = parser.parse_known_intermixed_args(arguments[:end])
    if rest:
        # What else is left are the values of unknown options.
        options = [argument for argument in rest if argument.startswith("-")] or rest
        raise UsageError(*(_unknown_option(option, parser) for option in options))
    parsed.paths = [*parsed.paths, *arguments[end + 1 :]]
    if not (parsed.paths or getattr(parsed, "from")):
        parsed.paths = ["."]
    return parsed


def _unknown_option(argument: str, parser: argparse.ArgumentParser) -> str:
    name = argument.partition("=")[0]
    options = [option.removeprefix("--") for option in parser._option_string_actions]
    meant = nearest(name.lstrip("-"), options)
    return f"unknown option {name}" + (f": did you mean --{meant}?" if meant else "; --help shows them all")


def build_parser() -> argparse.ArgumentParser:
    """The options, also for the shells' completions and the manual page that are made from them."""
    parser = _Parser(
        prog="pydeploy-lint",
        usage="%(prog)s [OPTIONS] [PATH ...]",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("paths", nargs="*", default=[], metavar="PATH", help="an app's root directory; default: .")

    _add_input_options(parser)
    by = parser.add_argument_group("rules")
    by.add_argument("--data", metavar="DIR", help="judge by the platform data in a directory; default: the newest")
    report = parser.add_argument_group("output")
    for setting in SETTINGS:
        _add_setting(by if setting.name in WHAT_TO_JUDGE_BY else report, setting)
    by.add_argument(
        "--config", metavar="FILE", help="a configuration for all apps; an app's own counts where this forbids nothing"
    )
    by.add_argument(
        "--isolated", action="store_true", help="read no configuration from the apps: only --config and options count"
    )
    report.add_argument(
        "--exit-zero",
        dest="fail_on",
        action="store_const",
        const=NEVER,
        help="let no finding make the exit status 1, as --fail-on never",
    )
    report.add_argument(
        "--format", metavar="FORMAT", help=f"full (default), {', '.join(list(FORMATS)[2:-1])} or {list(FORMATS)[-1]}"
    )
    report.add_argument(
        "--output",
        metavar="FORMAT:FILE",
        action="append",
        default=[],
        help="also write a report in another format to a file; repeatable",
    )

    report.add_argument(
        "--color",
        metavar="WHEN",
        choices=WHEN,
        default="auto",
        help="when to use colours: auto (default: on terminals), always or never",
    )

    report.add_argument("--plan", action="store_true", help="print only what Heroku would do, step by step")
    report.add_argument(
        "--quiet", action="store_true", help="print no report where nothing is found, and not how far the run is"
    )
    report.add_argument(
        "--verbose", action="store_true", help="also say on standard error by which rules and files an app is judged"
    )
    report.add_argument("--show-settings", action="store_true", help="print only the settings, and where they are made")
    report.add_argument("--show-files", action="store_true", help="print only the files on which the verdict rests")

    report.add_argument(
        "--time-limit",
        metavar="SECONDS",
        type=_seconds,
        help=f"stop after this time with each app, and say what is missing; 0 for never; default: {USUAL_SECONDS}",
    )

    add_fleet_options(parser)

    known = parser.add_argument_group("suppressions and baselines")
    known.add_argument("--show-suppressed", action="store_true", help="also list suppressed findings and the reasons")
    known.add_argument("--no-suppressions", action="store_true", help="ignore all suppressions")
    baseline = known.add_mutually_exclusive_group()
    baseline.add_argument("--baseline", metavar="FILE", help="report only findings that this file does not have")
    baseline.add_argument(
        "--baseline-rev", metavar="REV", help="report only findings that this git revision does not have"
    )
    baseline.add_argument("--write-baseline", metavar="FILE", help="write the findings to this file, for --baseline")

    fixes = parser.add_argument_group("fixes")
    fixes.add_argument("--fix", action="store_true", help="apply safe fixes, and report the remaining findings")
    fixes.add_argument("--unsafe-fixes", action="store_true", help="with --fix or --diff: also apply suggested fixes")
    fixes.add_argument("--diff", action="store_true", help="print the fixes as a patch and change nothing")

    servers = parser.add_argument_group("editors and agents").add_mutually_exclusive_group()
    servers.add_argument(
        "--lsp",
        action="store_true",
        help="run as a language server; PATH is relative to the editor's workspace; needs pydeploy-lint[lsp]",
    )
    servers.add_argument(
        "--mcp",
        action="store_true",
        help="run as a server for agents (Model Context Protocol), for apps at or below PATH; needs pydeploy-lint[mcp]",
    )

    about = parser.add_argument_group("about the checks")
    about.add_argument("--list-checks", action="store_true", help="list all checks")
    about.add_argument(
        "--explain",
        metavar="NAME",
        help="show the documentation of a check, of a failure reason, of a code such as H10, or of a line of a log",
    )
    about.add_argument("--version", action="store_true", help="show the version and the date of the platform data")
    about.add_argument(
        "--update-data",
        action="store_true",
        help="fetch newer platform data into the cache, from the package index that pip is configured for",
    )
    about.add_argument(
        "--completion", metavar="SHELL", choices=SHELLS, help=f"print completions for a shell: {', '.join(SHELLS)}"
    )
    return parser


def _add_input_options(parser: argparse.ArgumentParser) -> None:
    judge = parser.add_argument_group("input")
    version = judge.add_mutually_exclusive_group()
    version.add_argument("--rev", metavar="REV", help="read a git revision instead of the working tree")
    version.add_argument("--staged", action="store_true", help="read the staged files instead of the working tree")
    version.add_argument(
        "--hook",
        action="store_true",
        help="in a git hook: read the commit being pushed, else the staged files",
    )
    live = judge.add_mutually_exclusive_group()
    live.add_argument(
        "--buildpacks",
        metavar="FILE",
        help="read the printed output of `heroku buildpacks` from a file; - is standard input",
    )
    live.add_argument(
        "--app",
        metavar="NAME",
        help="ask Heroku for an app's buildpacks, stack, add-ons and names of config vars, with the key in"
        " HEROKU_API_KEY or that of `heroku login`",
    )
    live.add_argument(
        "--live",
        action="store_true",
        help='ask Heroku in the same way about each app whose configuration has its name, app = "NAME"; without'
        " --app, --live, an app in --from, and --update-data, nothing uses the network",
    )

    judge.add_argument(
        "--build-log",
        metavar="FILE",
        help="explain the output of a failed build, as `git push heroku` or a CI job printed it, and compare it with"
        " the files; - is standard input",
    )
    judge.add_argument(
        "--ask-uv",
        action="store_true",
        help="let an installed uv check uv.lock too, without network and without building anything",
    )


def _refuse_empty_values(arguments: argparse.Namespace) -> None:
    """An empty value is a variable that is not set, and not what the user meant."""
    for name, value in vars(arguments).items():
        if value == "":
            raise UsageError(f"--{name.replace('_', '-')}: must not be empty")
    if "" in arguments.paths:
        raise UsageError("PATH: must not be empty; write . for the current directory")


def _check_documentation_options(arguments: argparse.Namespace) -> None:
    option = "--list-checks" if arguments.list_checks else "--explain"
    understood = {"paths", "list_checks", "explain", "format", "color"}
    if arguments.list_checks and arguments.explain is not None:
        raise UsageError("--list-checks: lists all checks; leave out --explain, or --list-checks for one check")
    if arguments.list_checks:
        understood |= {"select", "ignore"}
    if arguments.format not in (None, *FOR_PEOPLE, "json"):
        raise UsageError(f"{option}: prints text or json; leave out --format {arguments.format}")
    for name, value in vars(arguments).items():
        if value and name not in understood:
            raise UsageError(f"{option}: prints documentation, not a report; leave out --{name.replace('_', '-')}")
    if arguments.paths != ["."]:
        raise UsageError(f"{option}: is about no app; leave out {arguments.paths[0]}")


def _check_fix_options(arguments: argparse.Namespace) -> None:
    if arguments.unsafe_fixes and not (arguments.fix or arguments.diff):
        raise UsageError("--unsafe-fixes: use it with --fix or --diff")
    if not (arguments.fix or arguments.diff):
        return
    option = "--diff" if arguments.diff else "--fix"
    for other in ("rev", "staged", "hook"):
        if getattr(arguments, other):
            raise UsageError(f"{option}: only files in the working tree can be fixed; leave out --{other}")
    for other in ("format", "output", "plan", "write_baseline"):
        if arguments.diff and getattr(arguments, other):
            raise UsageError(f"--diff: prints a patch, not a report; leave out --{other.replace('_', '-')}")


def _check_log_options(arguments: argparse.Namespace) -> None:
    for other in EXPLAINS_NO_LOG:
        if getattr(arguments, other):
            raise UsageError(f"--build-log: explains a log; leave out --{other.replace('_', '-')}")
    if arguments.format not in (None, *FOR_PEOPLE, "json"):
        raise UsageError(f"--build-log: prints full, concise or json; leave out --format {arguments.format}")
    if len(arguments.paths) > 1:
        raise UsageError(f"--build-log: a log is about one app; leave out {arguments.paths[1]}")
    if arguments.build_log == arguments.buildpacks == "-":
        raise UsageError("--build-log: only one of --build-log and --buildpacks can be read from standard input")


def _check_server_options(arguments: argparse.Namespace) -> None:
    option, reader = ("--lsp", "an editor") if arguments.lsp else ("--mcp", "an agent")
    settings = {setting.field for setting in SETTINGS if setting.metavar}
    understood = settings | {"paths", "lsp", "mcp", "data", "color", "no_suppressions"}
    for name, value in vars(arguments).items():
        if value and name not in understood:
            raise UsageError(f"{option}: reports to {reader}; leave out --{name.replace('_', '-')}")


def _add_setting(group: argparse._ArgumentGroup, setting: Setting) -> None:
    if setting.metavar is None:
        return
    help_text = setting.schema["description"]
    if setting.is_list:
        help_text += ", separated by commas"
    if "enum" in setting.schema:
        help_text += f": {', '.join(setting.schema['enum'])}; default: {setting.schema['default']}"
    group.add_argument(
        f"--{setting.name}",
        metavar=setting.metavar,
        type=split if setting.is_list else str,
        action="extend" if setting.is_list else "store",
        help=help_text,
    )


def _check_shown(arguments: argparse.Namespace) -> None:
    """What prints something else than a report goes with nothing that prints or writes one."""
    for option in ("show_settings", "show_files"):
        for other in ("show_settings", "show_files", "plan", "fix", "diff", "format", "output", "write_baseline"):
            if getattr(arguments, option) and other != option and getattr(arguments, other):
                shown = f"--{option.replace('_', '-')}"
                raise UsageError(f"{shown}: prints no report; leave out --{other.replace('_', '-')}")


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return int(text)
