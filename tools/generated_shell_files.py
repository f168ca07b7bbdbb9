"""Writes what shells need, made from the options of the command line: completions, and the manual page.

They are in src/pydeploy_lint/cli/shell/, which is shipped: `pydeploy-lint --completion SHELL` prints from it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import shtab
from argparse_manpage.manpage import Manpage
from generated_completions import nushell, powershell

from pydeploy_lint import __version__
from pydeploy_lint.cli.options.arguments import SHELLS, build_parser
from pydeploy_lint.engine.registry import load_built_in
from pydeploy_lint.heroku.history import History
from pydeploy_lint.report.formats import FORMATS

TARGET = Path(__file__).resolve().parent.parent / "src" / "pydeploy_lint" / "cli" / "shell"
FILES = ("baseline", "write_baseline", "buildpacks", "from", "compare", "config")
DIRECTORIES = ("paths", "state", "data")


def main() -> None:
    """Write every file."""
    for name, text in shell_files().items():
        (TARGET / name).write_text(text, encoding="utf-8", newline="\n")


def shell_files() -> dict[str, str]:
    """The text of each file, by name."""
    completions = {f"pydeploy-lint.{shell}": _completion(shell) for shell in SHELLS}
    return {name: f"{text.rstrip()}\n" for name, text in completions.items()} | {"pydeploy-lint.1": _manual()}


def _completion(shell: str) -> str:
    own = {"nushell": nushell, "powershell": powershell}
    text: str = own[shell](_parser()) if shell in own else shtab.complete(_parser(), shell=shell)
    return text


def _parser() -> argparse.ArgumentParser:
    """The options, with the values that each can have; only for show, as plug-ins add names."""
    registry = load_built_in()
    checks, names = sorted(registry.checks), sorted({*registry.checks, *registry.families})
    values = {
        "format": sorted(FORMATS),
        "explain": checks,
        "select": names,
        "ignore": names,
        "stack": list(History.load().stacks),
        "fail_on": ["error", "warning", "note", "never"],
    }
    parser = build_parser()
    parser.usage = None
    for action in parser._actions:
        if action.dest in values and action.nargs != 0:
            action.choices = values[action.dest]
        elif action.dest in FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif action.dest in DIRECTORIES:
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
    return parser


def _manual() -> str:
    data = {
        "prog": "pydeploy-lint",
        "project_name": "pydeploy-lint",
        "version": __version__,
        "date": History.load().until.isoformat(),
        "description": "says whether Heroku would build a Python app",
        "manual_section": 1,
        "manual_title": "pydeploy-lint",
    }
    return f"{str(Manpage(build_parser(), format='pretty', _data=data)).rstrip()}\n"
