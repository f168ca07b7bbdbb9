"""Environment variables that stand for options: ``PYDEPLOY_LINT_STACK`` for ``--stack``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.settings.options import SETTINGS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

PREFIX = "PYDEPLOY_LINT_"
LISTS = {setting.field for setting in SETTINGS if setting.metavar and setting.is_list}
FIELDS = ("format", *(setting.field for setting in SETTINGS if setting.metavar and setting.field != "format"))
"""The options that have a variable, by the names of their fields."""


def variable(field: str) -> str:
    """The name of an option's variable."""
    return f"{PREFIX}{field.upper()}"


def fill_in(arguments: argparse.Namespace, environment: Mapping[str, str]) -> None:
    """Give the options that the command line leaves out the values of their variables; an empty one is not set.

    What is printed by ``--plan``, ``--diff`` and the servers has no format.
    """
    has_no_format = arguments.plan or arguments.diff or arguments.lsp or arguments.mcp
    for field in FIELDS[1:] if has_no_format else FIELDS:
        value = environment.get(variable(field))
        if value and getattr(arguments, field) is None:
            setattr(arguments, field, split(value) if field in LISTS else value)
            arguments.variables.append(field)


def split(text: str) -> list[str]:
    """The names in a text that separates them by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def name_of(arguments: argparse.Namespace, field: str) -> str:
    """How the user gave an option: by itself, or by its variable."""
    return variable(field) if field in arguments.variables else f"--{field.replace('_', '-')}"
