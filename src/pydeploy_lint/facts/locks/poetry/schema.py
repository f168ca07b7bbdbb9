"""What Poetry's own schemas have against a pyproject.toml, in the keywords of JSON Schema that they use.

Source: ``schema.json``, with the meaning that fastjsonschema 2.21 gives to drafts 4 and 7: beside a ``$ref`` no
other keyword counts, and it looks at ``format``. Poetry stops at the first violation; so do we, in each table.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pydeploy_lint.files.data.package_data import load_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Keys = tuple[str | int, ...]
Schema = dict[str, Any]
TYPES: Mapping[str, tuple[type, str]] = {
    "array": (list, "an array"),
    "boolean": (bool, "true or false"),
    "object": (dict, "a table"),
    "string": (str, "a string"),
}
FORMATS = {
    "email": (re.compile(r"[^@]+@[^@][^@.]*\.[^@]+"), "an email address"),
    "uri": (re.compile(r"\w+:/?/?\S+"), "an address with its scheme, such as https://…"),
}


class Violation(NamedTuple):
    """Something that Poetry does not take."""

    keys: Keys
    """The way to it."""
    message: str
    """What is wrong, to be read after the name of the place."""


@cache
def _data() -> Mapping[str, Schema]:
    data: dict[str, Schema] = load_json(__file__, "schema.json")
    return data


def violation(value: object, schema: str) -> Violation | None:
    """The first thing that a schema has against a table; None where it is content.

    Args:
        value: the table.
        schema: ``project``, ``poetry``, ``dependency-groups``, or ``application`` for what Poetry adds to
            ``[tool.poetry]``.
    """
    root = _data()[schema]
    return next(_violations(value, root, root, ()), None)


def _violations(value: object, rule: Schema | bool, root: Schema, keys: Keys) -> Iterator[Violation]:
    part = _resolved(rule, root)
    kind, needed = TYPES[part["type"]] if "type" in part else (object, "")
    if not isinstance(value, kind):
        yield Violation(keys, f"is not {needed}")
        return
    yield from _choices(value, part, root, keys)
    if isinstance(value, str):
        yield from _of_string(value, part, keys)
    elif isinstance(value, list):
        if len(value) < part.get("minItems", 0):
            yield Violation(keys, "is empty")
        for index, item in enumerate(value):
            yield from _violations(item, part.get("items", True), root, (*keys, index))
    elif isinstance(value, dict):
        yield from _of_table(value, part, root, keys)


def _resolved(rule: Schema | bool, root: Schema) -> Schema:
    """The part of a schema that counts; nothing counts where anything is allowed."""
    part = {} if isinstance(rule, bool) else rule
    while "$ref" in part:
        names, part = part["$ref"].split("/")[1:], root
        for name in names:
            part = part[name]
    return part


def _choices(value: object, part: Schema, root: Schema, keys: Keys) -> Iterator[Violation]:
    if "enum" in part and value not in part["enum"]:
        yield Violation(keys, f"is none of {', '.join(map(str, part['enum']))}")
    if "const" in part and value != part["const"]:
        yield Violation(keys, f"is not {part['const']}")
    for word, most in (("anyOf", None), ("oneOf", 1)):
        if word in part:
            fitting = sum(next(_violations(value, each, root, keys), None) is None for each in part[word])
            if not fitting or (most and fitting > most):
                yield Violation(keys, "has not a form that Poetry accepts")
    if "not" in part and next(_violations(value, part["not"], root, keys), None) is None:
        yield Violation(keys, "is a name that has a key of its own")


def _of_string(value: str, part: Schema, keys: Keys) -> Iterator[Violation]:
    if "pattern" in part and not _found(part["pattern"], value):
        yield Violation(keys, "is not written as it must be")
    if "format" in part and not FORMATS[part["format"]][0].fullmatch(value):
        yield Violation(keys, f"is not {FORMATS[part['format']][1]}")


def _found(pattern: str, text: str) -> bool:
    return re.search(pattern.replace("$", r"\Z"), text) is not None


def _of_table(value: dict[str, object], part: Schema, root: Schema, keys: Keys) -> Iterator[Violation]:
    for key in part.get("required", ()):
        if key not in value:
            yield Violation(keys, f"has no {key}")
    properties, patterns = part.get("properties", {}), part.get("patternProperties", {})
    others = part.get("additionalProperties", True)
    for key, inner in value.items():
        if "propertyNames" in part:
            yield from _violations(key, part["propertyNames"], root, (*keys, key))
        rules = [properties[key]] if key in properties else []
        rules += [rule for pattern, rule in patterns.items() if _found(pattern, key)]
        if not rules and others is False:
            yield Violation((*keys, key), "is unknown")
        for rule in rules or [others]:
            yield from _violations(inner, rule, root, (*keys, key))
