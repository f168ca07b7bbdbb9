"""Judges an `app.json` by `app.schema.json`, in the keywords of JSON Schema that it uses.

A validator of the whole standard takes four times as long to import as Python takes to start.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from pydeploy_lint.files.data.package_data import load_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

Keys = tuple[str | int, ...]
Schema = dict[str, Any]
"""A schema, or a part of one."""

TYPES: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "boolean": (lambda value: isinstance(value, bool), "true or false"),
    "integer": (lambda value: _is_number(value) and value % 1 == 0, "a whole number"),
    "string": (lambda value: isinstance(value, str), "a string"),
    "array": (lambda value: isinstance(value, list), "a list"),
    "object": (lambda value: isinstance(value, dict), "an object"),
}
"""By their names: how a type is known, and what it is called."""


class Violation(NamedTuple):
    """Something that a document may not hold."""

    keys: Keys
    """The way to it: names of keys, and positions in lists."""
    keyword: str
    """The keyword of JSON Schema that is violated."""
    message: str
    """What is wrong, to be read after the name of the place."""
    schema: Schema
    """The part of the schema that is about the place; for a key that may not be there, about what it stands in."""

    @property
    def is_key(self) -> bool:
        """Whether the last key itself is wrong, rather than its value."""
        return self.keyword in {"additionalProperties", "propertyNames"}


def load_schema() -> Schema:
    """The schema of `app.json`."""
    schema: Schema = load_json(__file__, "app.schema.json")
    return schema


def violations(document: object, schema: Schema) -> Iterator[Violation]:
    """What a schema has against a document; what stands further out comes first.

    Args:
        document: what `json` makes of a file.
        schema: a schema that uses no other keywords than these: ``$ref`` within the schema, ``type``, ``enum``,
            ``minimum``, ``maxLength``, ``items``, ``properties``, ``required``, ``propertyNames`` with ``enum``,
            ``additionalProperties``.
    """
    # Not recursive: a document may be nested as deeply as its parser allows.
    pending: list[tuple[Keys, object, Schema]] = [((), document, schema)]
    for keys, value, reference in pending:
        part = _resolve(reference, schema)
        yield from _violations_of(value, part, keys)
        pending += [((*keys, key), inside, rule) for key, inside, rule in _inside(value, part)]


def _resolve(part: Schema, schema: Schema) -> Schema:
    while "$ref" in part:
        names = part["$ref"].split("/")[1:]
        part = schema
        for name in names:
            part = part[name]
    return part


def _violations_of(value: object, part: Schema, keys: Keys) -> Iterator[Violation]:
    """What is wrong with a value itself, and with its keys, whatever their values are."""
    if message := _complaint_of_type(value, part):
        yield Violation(keys, "type", message, part)
    if "enum" in part and value not in part["enum"]:
        yield Violation(keys, "enum", f"must be {_or(map(json.dumps, part['enum']))}", part)
    if "minimum" in part and _is_number(value) and value < part["minimum"]:
        yield Violation(keys, "minimum", f"must be at least {part['minimum']}", part)
    if "maxLength" in part and isinstance(value, str) and len(value) > part["maxLength"]:
        yield Violation(keys, "maxLength", f"must have at most {part['maxLength']} characters, not {len(value)}", part)
    if isinstance(value, dict):
        yield from _violations_of_keys(value, part, keys)


def _violations_of_keys(value: Mapping[str, object], part: Schema, keys: Keys) -> Iterator[Violation]:
    for key in part.get("required", ()):
        if key not in value:
            yield Violation(keys, "required", f"has no `{key}`", part)
    names = part.get("propertyNames", {}).get("enum", value)
    closed = part.get("additionalProperties") is False
    for key in value:
        if key not in names:
            yield Violation((*keys, key), "propertyNames", f"must be {_or(names)}", part)
        if closed and key not in part["properties"]:
            yield Violation((*keys, key), "additionalProperties", "is unknown", part)


def _complaint_of_type(value: object, part: Schema) -> str | None:
    allowed = part.get("type", [])
    allowed = [allowed] if isinstance(allowed, str) else allowed
    if not allowed or any(TYPES[name][0](value) for name in allowed):
        return None
    return f"must be {_or(TYPES[name][1] for name in allowed)}, not {_shown(value)}"


def _shown(value: object) -> str:
    """A value in few words; a text, which may be a secret, is not repeated."""
    kinds = [TYPES[name] for name in ("string", "array", "object")]
    return next((called for is_one, called in kinds if is_one(value)), json.dumps(value))


def _inside(value: object, part: Schema) -> Iterator[tuple[str | int, object, Schema]]:
    """The values inside a value, each with its key and the part of the schema that is about it."""
    if isinstance(value, list) and "items" in part:
        yield from ((index, item, part["items"]) for index, item in enumerate(value))
    elif isinstance(value, dict):
        others = part.get("additionalProperties")
        for key, inside in value.items():
            rule = part.get("properties", {}).get(key, others)
            if isinstance(rule, dict):
                yield key, inside, rule


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _or(words: Iterable[str]) -> str:
    return " or ".join(words)
