"""The arguments of the tools: their JSON schemas, made from the table of settings, and how to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydeploy_lint.settings.configuration import dotted, read_settings
from pydeploy_lint.settings.options import SETTINGS, Setting, definitions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydeploy_lint.engine.registry import Registry

TAKEN = {setting.field: setting for setting in SETTINGS if setting.metavar and setting.name != "fail-on"}
"""The settings that a tool takes, by the names of its arguments; nothing fails here, so there is no level for that."""


class WrongArgument(Exception):
    """An argument has a value that it cannot have; says which, and why."""


def _schema(setting: Setting) -> dict[str, Any]:
    text = {"type": "string"}
    description = {"description": setting.schema["description"]}
    if setting.is_list:
        return {"type": "array", "items": text, **description}
    form = {"format": "date"} if setting.schema.get("format") == "date" else {}
    return {**text, **form, **description}


JUDGE: dict[str, Any] = {
    "root": {
        "type": "string",
        "default": ".",
        "description": "the app's root directory: absolute, or relative to the directory that the server serves",
    },
    **{name: _schema(setting) for name, setting in TAKEN.items()},
}
FIX: dict[str, Any] = {
    **JUDGE,
    "apply": {"type": "boolean", "default": False, "description": "change the files; otherwise only show the patch"},
    "unsafe": {"type": "boolean", "default": False, "description": "also make fixes that are only suggestions"},
}
CHECK: dict[str, Any] = {
    "check": {"type": "string", "description": "the name of the check, as in a finding: unsupported-runtime"}
}


def settings_of(arguments: Mapping[str, Any], registry: Registry) -> dict[str, Any]:
    """The settings among the arguments, by their names in `Options`.

    Raises:
        WrongArgument: one has a wrong value.
    """
    given = {setting.name: arguments[name] for name, setting in TAKEN.items() if arguments.get(name) is not None}
    settings, wrong = read_settings(given, definitions(registry.checks, registry.families))
    if wrong:
        raise WrongArgument("; ".join(f"{_argument(mistake.keys)}: {mistake.message}" for mistake in wrong))
    return settings


def _argument(keys: tuple[str | int, ...]) -> str:
    name, *rest = keys
    return dotted((str(name).replace("-", "_"), *rest))
