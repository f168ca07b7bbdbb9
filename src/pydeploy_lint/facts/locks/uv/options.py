"""The settings with which uv locks: those of ``uv.toml``, or else of ``[tool.uv]``, as the uv of a version reads them.

Where there is a ``uv.toml``, uv takes no settings from ``[tool.uv]``, and stops at anything wrong in it. Without one,
an unknown key or a value of the wrong kind in ``[tool.uv]`` makes uv warn, and ignore all settings in that table but
those that it reads a second time as a part of the project: sources, workspace, groups, constraints, environments.
Source: measured with uv 0.12.5. ``settings.json`` says what each release knows.
"""

from __future__ import annotations

import datetime
import enum
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.locks.verdict import Reason, version_key
from pydeploy_lint.files.data.package_data import load_json
from pydeploy_lint.files.formats.tables import member

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

UV_TOML = "uv.toml"
PROJECT_ONLY = frozenset(
    [
        *("build-backend", "conflicts", "default-groups", "dependency-groups", "dev-dependencies", "environments"),
        *("managed", "package", "required-environments", "sources", "workspace"),
    ]
)
"""Settings that uv refuses in a ``uv.toml``."""
DATE = re.compile(r"\d{4}-\d\d-\d\d")
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)")
SPAN = re.compile(r"P(?:\d+[YMWD])+|\d+ (?:day|week|month|year)s?")
SPECIFIER = re.compile(r"(?:(?:==|[<>!~]=|[<>]) *)?\d+(?:\.\d+)*(?: *, *(?:==|[<>!~]=|[<>]) *\d+(?:\.\d+)*)*")
Keys = tuple[str | int, ...]


class Sort(enum.Enum):
    """What uv makes of a setting."""

    FINE = "fine"
    WRONG = "wrong"
    UNCLEAR = "unclear"


class Options(NamedTuple):
    """The settings that count."""

    path: str
    """The file that they are in."""
    keys: Keys
    """The path of keys to them in it."""
    values: dict[str, object] | None
    """None where they cannot be told, because it is not known what uv thinks of one of them."""
    because: str = ""
    """Why there are none, although the file has some; completes a sentence after a comma."""


def options_of(pyproject: dict[str, object], uv_toml: dict[str, object] | None, version: str) -> Options:
    """The settings with which a uv locks a project.

    Args:
        pyproject: the parsed pyproject.toml beside the uv.lock.
        uv_toml: the parsed uv.toml; None where there is none.
        version: that of uv.
    """
    if uv_toml is not None:
        sorts = {_sort(name, value, version) for name, value in uv_toml.items()}
        return Options(UV_TOML, (), uv_toml if sorts <= {Sort.FINE} else None)
    settings = member(pyproject, "tool", "uv")
    values = settings if isinstance(settings, dict) else {}
    sorts_by_name = {name: _sort(name, value, version) for name, value in values.items()}
    keys: Keys = ("tool", "uv")
    if wrong := [name for name, sort in sorts_by_name.items() if sort is Sort.WRONG]:
        because = f", since uv ignores all settings where one is wrong, like {wrong[0]}"
        return Options("pyproject.toml", keys, {}, because)
    return Options("pyproject.toml", keys, None if Sort.UNCLEAR in sorts_by_name.values() else values)


def refusals(uv_toml: dict[str, object], version: str) -> Iterator[Reason]:
    """What in a uv.toml ends uv with an error.

    Args:
        uv_toml: the parsed file.
        version: that of uv.
    """
    for name, value in uv_toml.items():
        if name in PROJECT_ONLY:
            yield Reason(f"uv.toml has {name}, which only pyproject.toml may have", UV_TOML, (name,))
        elif _sort(name, value, version) is Sort.WRONG:
            yield Reason(f"uv.toml has {name}, which uv does not know, or not with such a value", UV_TOML, (name,))


@cache
def _releases() -> list[tuple[tuple[int, ...], dict[str, dict[str, dict[str, object]]]]]:
    data = load_json(__file__, "settings.json")
    return sorted((version_key(version), tables) for version, tables in data["releases"].items())


def _sort(name: str, value: object, version: str) -> Sort:
    """What uv makes of a setting: where the releases around its version differ on that, it is unclear."""
    wanted, known = version_key(version), _releases()
    before = [tables for release, tables in known if release <= wanted][-1:]
    after = [tables for release, tables in known if release >= wanted][:1]
    sorts = {_sort_by(name, value, tables) for tables in (*before, *after)}
    if not after and name not in before[0]["settings"]:
        return Sort.UNCLEAR  # it may have come since
    return sorts.pop() if len(sorts) == 1 else Sort.UNCLEAR


def _sort_by(name: str, value: object, tables: dict[str, dict[str, dict[str, object]]]) -> Sort:
    rule = tables["settings"].get(name)
    if rule is None:
        return Sort.WRONG
    if name == "pip" and isinstance(value, dict):
        inner = {_sort_value(key, each, tables["pip"].get(key)) for key, each in value.items()}
        return next((sort for sort in (Sort.WRONG, Sort.UNCLEAR) if sort in inner), Sort.FINE)
    return _sort_value(name, value, rule)


def _sort_value(name: str, value: object, rule: dict[str, object] | None) -> Sort:
    if rule is None:
        return Sort.WRONG
    if "fatal" in rule:
        return Sort.FINE  # what is wrong with it ends uv anyhow
    kind, kinds, values = _kind(value), rule["kinds"], rule.get("values")
    assert isinstance(kinds, list)
    if kind not in kinds:
        return Sort.WRONG
    if isinstance(values, list):
        return Sort.FINE if value in values else Sort.WRONG
    return _sort_content(name, value, rule)


def _sort_content(name: str, value: object, rule: dict[str, object]) -> Sort:
    """What uv makes of a value of the right kind."""
    is_fine = isinstance(value, bool) or value in ([], {})
    if isinstance(value, int):
        is_fine = is_fine or value > 0
    elif isinstance(value, str):
        is_fine = "any-string" in rule
    elif isinstance(value, list):
        items, kinds = rule.get("items"), {_kind(item) for item in value}
        if isinstance(items, list) and not kinds <= set(items):
            return Sort.WRONG
        is_fine = is_fine or ("any-item" in rule and kinds == {"string"})
    if not is_fine and name in CONTENT:
        is_fine = CONTENT[name](value)
    return Sort.FINE if is_fine or rule["kinds"] == list(KINDS) else Sort.UNCLEAR


KINDS = ("string", "integer", "float", "boolean", "date", "array", "table")


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, datetime.date | datetime.time):
        return "date"
    kinds = ((str, "string"), (int, "integer"), (float, "float"), (list, "array"), (dict, "table"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "none")


def _is_moment(value: object) -> bool:
    return isinstance(value, str) and any(form.fullmatch(value) for form in (DATE, INSTANT, SPAN))


def _is_address(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"https?://[\w.-]+(?::\d+)?(?:/\S*)?", value, re.ASCII))


def _of_strings(value: object) -> bool:
    """Whether a table, or a table of tables, holds strings and arrays of strings alone."""
    if isinstance(value, dict):
        return all(_of_strings(inner) for inner in value.values())
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))


METADATA: dict[str, type] = {
    "name": str,
    "version": str,
    "requires-python": str,
    "requires-dist": list,
    "provides-extras": list,
    "provides-extra": list,
}


def _is_metadata(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(entry, dict)
        and "name" in entry
        and all(key in METADATA and isinstance(inner, METADATA[key]) for key, inner in entry.items())
        for entry in value
    )


CONTENT: dict[str, Callable[[object], bool]] = {
    "cache-keys": lambda value: (
        isinstance(value, list)
        and all(
            isinstance(item, str) or (isinstance(item, dict) and item.keys() <= {"file", "dir", "env"} and item)
            for item in value
        )
    ),
    "config-settings": _of_strings,
    "config-settings-package": _of_strings,
    "dependency-metadata": _is_metadata,
    "exclude-newer": _is_moment,
    "exclude-newer-package": lambda value: (
        isinstance(value, dict) and all(inner is False or _is_moment(inner) for inner in value.values())
    ),
    "extra-build-dependencies": _of_strings,
    "extra-build-variables": _of_strings,
    "http-proxy": _is_address,
    "https-proxy": _is_address,
    "publish-url": _is_address,
    "required-version": lambda value: isinstance(value, str) and bool(SPECIFIER.fullmatch(value)),
}
"""Settings with values of a form of their own: whether a value surely has that form."""
