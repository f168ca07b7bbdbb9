"""The settings: one table from which the command line, the configuration and its JSON schema are made."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from pydeploy_lint.engine.filters import Reporting
from pydeploy_lint.facts.options import AppOptions
from pydeploy_lint.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydeploy_lint.engine.suppress.model import Suppression
    from pydeploy_lint.files.source import FileProblem

NEVER = "never"
"""The threshold that no severity reaches."""


class Options(NamedTuple):
    """Everything that the user asks for: on the command line, in the configuration or as arguments."""

    app: AppOptions
    """What the app is judged by."""
    reporting: Reporting = Reporting()
    """What is reported."""
    rev: str | None = None
    """The git revision to read instead of the working tree."""
    staged: bool = False
    """Whether to read git's index instead of the working tree."""
    notes: tuple[FileProblem, ...] = ()
    """What in the app's configuration does not count, because a shared one forbids it."""
    format: str | None = None
    """The text that the app's team wants to see."""
    heroku_app: str | None = None
    """The app's name on Heroku, for those who let Heroku be asked."""

    def replaced(self, **values: Any) -> Options:
        """The options with other values for some fields, of whichever part they are.

        Raises:
            ValueError: there is no such field.
        """
        app = {name: values.pop(name) for name in AppOptions._fields if name in values}
        reporting = {name: values.pop(name) for name in Reporting._fields if name in values}
        return self._replace(app=self.app._replace(**app), reporting=self.reporting._replace(**reporting), **values)


class Setting(NamedTuple):
    """A setting that the configuration may hold, and, where it has a metavar, the command line too."""

    name: str
    """The key in the configuration, and the option without its dashes."""
    schema: Mapping[str, Any]
    """JSON schema of the value in the configuration; its description is the option's help."""
    convert: Callable[[Any], Any]
    """From a value that the schema accepts to one of `Options`; a ValueError tells what is wrong with it."""
    metavar: str | None = None
    other_field: str | None = None
    """The name in `Options`, where it is not that of the setting."""

    @property
    def field(self) -> str:
        """The name in `Options`."""
        return self.other_field or self.name.replace("-", "_")

    @property
    def is_list(self) -> bool:
        """Whether the command line takes several values, separated by commas."""
        return self.schema.get("type") == "array"


def _date(value: str | datetime.date) -> datetime.date:
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(value)


def _known_date(value: str | datetime.date) -> datetime.date:
    from pydeploy_lint.heroku.history import History

    date, first = _date(value), History.load().releases[0][1]
    if date < first:
        raise ValueError(f"{date} is before {first}, the first day that the data about Heroku knows")
    return date


def _release(name: str) -> str:
    from pydeploy_lint.heroku.history import History, UnknownRelease

    history = History.load()
    try:
        history.state(name)
    except UnknownRelease:
        meant = _with_number_of(name, "v")
        if history.knows(meant):
            raise UnknownRelease(f"unknown buildpack release {name!r}: did you mean {meant!r}?") from None
        raise
    return name


def _python_version(text: str) -> str:
    from pydeploy_lint.facts.python.version_text import read_version_text

    version = read_version_text(text).intended
    if version is None:
        raise ValueError(f"{text!r} is not a Python version, such as 3.12")
    return version


def _stack(name: str) -> str:
    from pydeploy_lint.heroku.history import History
    from pydeploy_lint.heroku.pattern import stack_may_exist

    stacks = History.load().stacks
    if name not in stacks and not stack_may_exist(name, stacks[-1], datetime.date.max):
        meant = _with_number_of(name, "heroku-")
        advice = f"did you mean {meant!r}?" if meant in stacks else f"known are {', '.join(stacks)}"
        raise ValueError(f"unknown stack {name!r}: {advice}")
    return name


def _with_number_of(name: str, prefix: str) -> str:
    """What somebody means who writes the number in another way: ``351`` or ``V3.51`` for ``v351``."""
    return prefix + "".join(filter(str.isdecimal, name))


def _threshold(label: str) -> Severity | None:
    return None if label == NEVER else Severity.parse(label)


def _severities(table: Mapping[str, str]) -> dict[str, Severity]:
    return {check: Severity.parse(label) for check, label in table.items()}


def _suppressions(tables: Iterable[Mapping[str, str | datetime.date]]) -> tuple[Suppression, ...]:
    from pydeploy_lint.engine.suppress.configuration import from_tables

    return from_tables(tables)


_LEVEL = {"title": "severity", "enum": [severity.label for severity in sorted(Severity, reverse=True)]}
_NAMES = {"type": "array", "items": {"$ref": "#/definitions/check-or-family"}}
# No "type": TOML writes a date with or without quotes, and readers of TOML make a date or a string of it.
_DATE = {"format": "date", "not": {"type": ["null", "boolean", "number", "array", "object"]}}

SETTINGS = (
    Setting(
        "select",
        {**_NAMES, "minItems": 1, "description": "report only these checks and families"},
        tuple,
        "NAMES",
    ),
    Setting(
        "ignore",
        {**_NAMES, "description": "do not report these checks and families"},
        tuple,
        "NAMES",
    ),
    Setting(
        "fail-on",
        {
            "title": "severity",
            "enum": [*_LEVEL["enum"], NEVER],
            "description": "the lowest severity that makes the exit status 1",
            "default": "warning",
        },
        _threshold,
        "LEVEL",
    ),
    Setting(
        "format",
        {
            "title": "format",
            "enum": ["full", "concise"],
            "description": "the text without --format: with source line, help and link, or one line a finding",
            "default": "full",
        },
        str,
    ),
    Setting(
        "severity",
        {
            "type": "object",
            "description": "report a check with a different severity",
            "propertyNames": {"$ref": "#/definitions/check"},
            "additionalProperties": _LEVEL,
        },
        _severities,
    ),
    Setting(
        "suppress",
        {
            "type": "array",
            "description": "suppress findings of a check or a family, everywhere or in a path, with a reason",
            "items": {
                "title": "key",
                "type": "object",
                "properties": {
                    "check": {"$ref": "#/definitions/check-or-family"},
                    "path": {
                        "type": "string",
                        "minLength": 1,
                        "description": "the file, as a pattern like those in .gitignore; default: all",
                    },
                    "reason": {"type": "string", "minLength": 1, "description": "why; shown by --show-suppressed"},
                    "until": {**_DATE, "description": "the last day on which it holds, written YYYY-MM-DD"},
                },
                "required": ["check", "reason"],
                "additionalProperties": False,
            },
        },
        _suppressions,
    ),
    Setting(
        "app",
        {
            "type": "string",
            "minLength": 1,
            "description": "the app's name on Heroku; with --live, Heroku is asked about it",
        },
        str,
        other_field="heroku_app",
    ),
    Setting(
        "as-of",
        {**_DATE, "description": "judge by what Heroku does on this date (YYYY-MM-DD); default: today"},
        _known_date,
        "DATE",
    ),
    Setting(
        "until",
        {**_DATE, "description": "report the announced date, up to DATE, from which the app can no longer be deployed"},
        _date,
        "DATE",
    ),
    Setting(
        "buildpack",
        {
            "type": "string",
            "description": "judge by this release of the classic Python buildpack, such as v351, whatever the date",
        },
        _release,
        "RELEASE",
    ),
    Setting(
        "stack",
        {
            "type": "string",
            "description": "the app's stack, such as heroku-24; default: the one in app.json, else that of a new app",
        },
        _stack,
        "STACK",
    ),
    Setting(
        "last-python",
        {
            "type": "string",
            "description": "the Python of the app's last build, such as 3.12,"
            " which Heroku keeps for an app that names none",
        },
        _python_version,
        "VERSION",
    ),
    Setting(
        "account-created",
        {
            **_DATE,
            "description": "when the Heroku account was created (YYYY-MM-DD);"
            " older accounts get a database for Django apps",
        },
        _date,
        "DATE",
    ),
)


UNDATED = "undated-suppress"
"""What `forbid` calls suppressions without an end."""

FILE_SETTINGS = (
    Setting(
        "extend",
        {
            "type": "string",
            "minLength": 1,
            "description": "another configuration of the same repository, relative to this one, whose settings count"
            " where this one has none",
        },
        str,
    ),
    Setting(
        "forbid",
        {
            "type": "array",
            "items": {"title": "setting", "enum": [*(setting.name for setting in SETTINGS), UNDATED]},
            "description": "settings that configurations for which this one counts as well must not have;"
            " undated-suppress: suppressions without an end",
        },
        tuple,
    ),
)
"""What only files can say, about other files."""


def definitions(checks: Mapping[str, object], families: Mapping[str, object]) -> dict[str, dict[str, Any]]:
    """What the schema refers to, for the checks and families that are installed."""
    return {
        "check": {"title": "check", "enum": sorted(checks)},
        "check-or-family": {"title": "check or family", "enum": sorted({*checks, *families})},
    }


def schema(_tool: str = "") -> dict[str, Any]:
    """The JSON schema of the configuration, as a plug-in of validate-pyproject.

    It lists no names of checks, as plug-ins add theirs.
    """
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "https://pydeploy-lint.readthedocs.io/en/latest/schemas/configuration.schema.json",
        "title": "Configuration of pydeploy-lint",
        "description": "[tool.pydeploy-lint] of pyproject.toml, or the whole of .pydeploy-lint.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": {setting.name: setting.schema for setting in (*SETTINGS, *FILE_SETTINGS)},
        "definitions": {
            "check": {"title": "check", "type": "string"},
            "check-or-family": {"title": "check or family", "type": "string"},
        },
    }
