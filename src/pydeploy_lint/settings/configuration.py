"""Reads the configuration of an app, and judges settings wherever they come from."""

from __future__ import annotations

import datetime
import posixpath
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from pydeploy_lint.files.credentials import masked
from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.settings.options import FILE_SETTINGS, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from pydeploy_lint.files.source import Source
    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.finding import Span

MOST_MISTAKES = 20
"""More are not looked for."""
LONGEST_VALUE = 60
"""Characters; a longer value is cut where it is shown."""
FEW_NAMES = 12
"""As many known names are listed where none is similar."""
OWN_FILE = ".pydeploy-lint.toml"
SHARED_FILE = "pyproject.toml"
TABLE = ("tool", "pydeploy-lint")
TYPES = {"string": (str, "a string"), "array": (list, "an array"), "object": (dict, "a table")}

Keys = tuple[str | int, ...]
Definitions = Mapping[str, Mapping[str, Any]]


class WrongSetting(NamedTuple):
    """Something that a setting may not hold."""

    keys: Keys
    """The way to it: names of keys, and positions in arrays."""
    message: str
    is_key: bool = False
    """Whether the last key itself is wrong, rather than its value."""


class ConfigurationError(Exception):
    """The configuration of an app cannot be used.

    Attributes:
        problems: everything that is wrong with it.
    """

    def __init__(self, problems: Collection[FileProblem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


class File(NamedTuple):
    """A configuration."""

    path: str
    """As seen from the app, or as the user gave it."""
    values: Mapping[str, Any]
    """By their names in `Options`."""
    key_span: Callable[[str], Span]
    """Where a setting stands, by its name."""
    extend: str | None = None
    """The path of another one, as seen from the same place."""
    forbid: tuple[str, ...] = ()
    """The settings that others must not have."""


def own_file(tree: Tree, definitions: Definitions) -> File | None:
    """The configuration of an app: ``.pydeploy-lint.toml``, or else a table of ``pyproject.toml``.

    Args:
        tree: the app's files.
        definitions: the names of checks and families, see `pydeploy_lint.settings.options.definitions`.

    Raises:
        ConfigurationError: the file cannot be read or is no TOML, or a key or a value is wrong.
    """
    try:
        source = tree.source(OWN_FILE)
        if source is None:
            source = tree.source(SHARED_FILE)
            # Most apps configure nothing; not to parse their pyproject.toml for that saves time, and leaves it to the
            # checks to say what is wrong with it.
            if source is None or TABLE[-1] not in source.text:
                return None
    except FileProblem as problem:
        raise ConfigurationError([problem]) from problem
    return read_file(source, definitions)


def read_file(source: Source, definitions: Definitions) -> File:
    """Read a configuration: a whole file, or the table of a ``pyproject.toml``.

    Raises:
        ConfigurationError: it is no TOML, or a key or a value is wrong.
    """
    from pydeploy_lint.files.formats.documents import read_toml

    try:
        document = read_toml(source)
    except FileProblem as problem:
        raise ConfigurationError([problem]) from problem
    table: Keys = TABLE if posixpath.basename(source.path) == SHARED_FILE else ()
    settings: Any = document.value
    for key in table:
        settings = settings.get(key, {}) if isinstance(settings, dict) else {}
    values, wrong = read_settings(settings, definitions)
    if wrong:
        problems = [
            FileProblem(
                (document.key_span if mistake.is_key else document.span)(*table, *mistake.keys),
                f"{dotted(mistake.keys)}: {mistake.message}" if mistake.keys else mistake.message,
                invalid=True,
            )
            for mistake in wrong
        ]
        raise ConfigurationError(problems)
    if "suppress" in values:
        values["suppress"] = tuple(
            suppression._replace(at=document.span(*table, "suppress", index))
            for index, suppression in enumerate(values["suppress"])
        )
    extend, forbid = values.pop("extend", None), values.pop("forbid", ())
    if extend is not None:
        extend = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), extend))
    return File(source.path, values, lambda name: document.key_span(*table, name), extend, forbid)


def read_settings(settings: object, definitions: Definitions) -> tuple[dict[str, Any], list[WrongSetting]]:
    """Judge settings by the table in `pydeploy_lint.options`, and convert them.

    Returns:
        The values by their names in `Options`, and what is wrong.
    """
    schema = {
        "title": "setting",
        "type": "object",
        "properties": {setting.name: setting.schema for setting in (*SETTINGS, *FILE_SETTINGS)},
        "additionalProperties": False,
    }
    wrong = list(islice(_violations(settings, schema, definitions), MOST_MISTAKES))
    values: dict[str, Any] = {}
    if not isinstance(settings, dict):
        return values, wrong
    refused = {mistake.keys[0] for mistake in wrong}
    for setting in (*SETTINGS, *FILE_SETTINGS):
        if setting.name in settings and setting.name not in refused:
            try:
                values[setting.field] = setting.convert(settings[setting.name])
            except ValueError as error:
                wrong.append(WrongSetting((setting.name,), str(error)))
    return values, wrong


def _violations(
    value: object, schema: Mapping[str, Any], definitions: Definitions, keys: Keys = ()
) -> Iterator[WrongSetting]:
    """What a JSON schema has against a value; knows as much of JSON schema as our settings use."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    if message := _complaint(value, schema):
        yield WrongSetting(keys, message)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _violations(item, schema["items"], definitions, (*keys, index))
    elif isinstance(value, dict):
        yield from _table_violations(value, schema, definitions, keys)


def _complaint(value: object, schema: Mapping[str, Any]) -> str | None:
    """What is wrong with a value itself, whatever is inside."""
    if "enum" in schema:
        return None if value in schema["enum"] else unknown_name(value, schema["title"], schema["enum"])
    if schema.get("format") == "date":
        return None if _is_date(value) else f"{_shown(value)} is not a date, such as 2024-11-06"
    kind, name = TYPES[schema["type"]]
    if not isinstance(value, kind):
        return f"must be {name}, not {_shown(value)}"
    if isinstance(value, str) and len(value.strip()) < schema.get("minLength", 0):
        return "must not be empty"
    if isinstance(value, list) and len(value) < schema.get("minItems", 0):
        return "must name at least one"
    return None


def _table_violations(
    table: Mapping[str, object], schema: Mapping[str, Any], definitions: Definitions, keys: Keys
) -> Iterator[WrongSetting]:
    properties = schema.get("properties", {})
    others = schema["additionalProperties"]
    for key, value in table.items():
        if key in properties:
            yield from _violations(value, properties[key], definitions, (*keys, key))
        elif others is False:
            yield WrongSetting((*keys, key), unknown_name(key, schema["title"], list(properties)), is_key=True)
        else:
            for mistake in _violations(key, schema["propertyNames"], definitions):
                yield WrongSetting((*keys, key), mistake.message, is_key=True)
            yield from _violations(value, others, definitions, (*keys, key))
    for key in schema.get("required", ()):
        if key not in table:
            yield WrongSetting(keys, f"has no {key}")


def _is_date(value: object) -> bool:
    if isinstance(value, str):
        try:
            # Later Pythons read other forms than YYYY-MM-DD too.
            return datetime.date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False
    return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)


def unknown_name(value: object, what: str, known: Collection[str]) -> str:
    """The message for a name that is not among the known ones, with the nearest of these."""
    message = f"unknown {what} {_shown(value)}"
    if isinstance(value, str) and (meant := nearest(value, known)):
        return f"{message}: did you mean {meant!r}?"
    return f"{message}: use {', '.join(known)}" if len(known) <= FEW_NAMES else message


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name that somebody meant: the only one that begins so, or the most similar one; None for no such."""
    from difflib import get_close_matches

    if len(name) > LONGEST_VALUE:
        return None
    written = name.lower().replace("_", "-")
    begun = [each for each in known if len(written) > 2 and each.startswith(written)]
    return begun[0] if len(begun) == 1 else next(iter(get_close_matches(written, known, n=1)), None)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "an array"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value) if isinstance(value, str | int | float) else str(value)
    return shortened(text)


def shortened(text: str, longest: int = LONGEST_VALUE) -> str:
    """A text that is not too long to be shown, and masked before it is cut."""
    text = masked(text)
    return text if len(text) <= longest else f"{text[:longest]}…"


def dotted(keys: Keys) -> str:
    """Keys as one would write them: ``severity.unknown-runtime``, ``select[1]``."""
    text = str(keys[0])
    for key in keys[1:]:
        text += f"[{key}]" if isinstance(key, int) else f".{key}"
    return text
