"""Tables of the keys of a JSON document, made from its schema, for the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

PARTS_OF_OTHERS = ("span", "number")
"""Definitions that are shown where they are used."""


def tables(schema: Schema) -> str:
    """A table for the document, and one for each definition."""
    definitions = {name: each for name, each in schema["$defs"].items() if name not in PARTS_OF_OTHERS}
    sections = [("The document", schema), *definitions.items()]
    return "\n\n".join(_section(name, each, schema) for name, each in sections)


def _section(name: str, part: Schema, schema: Schema) -> str:
    rows = [f"| `{key}` | {kind} | {what} |" for key, kind, what in _rows(part, schema)]
    table = "\n".join(["| key | type | what it says |", "|---|---|---|", *rows])
    intro = [part["description"]] if name in schema["$defs"] else []
    return "\n\n".join([f"## {name}", *intro, table])


def _rows(part: Schema, schema: Schema, prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Key, type and meaning of everything in an object; objects without a definition of their own are spread out."""
    for inherited in part.get("allOf", ()):
        yield from _rows(_resolved(inherited, schema), schema, prefix)
    properties = {**part.get("properties", {}), **part.get("else", {}).get("properties", {})}
    for key, value in properties.items():
        meaning = value.get("description") or _resolved(value, schema).get("description", "")
        name = f"{prefix}{key}"
        if value.get("type") == "array" and "properties" in value["items"]:
            inner = value["items"]
            linked = [_kind(each) for each in inner.get("allOf", ()) if _name(each) not in PARTS_OF_OTHERS]
            yield name, f"array of {', '.join(linked)} with more keys" if linked else "array of object", meaning
            yield from _rows({"properties": inner["properties"]} if linked else inner, schema, f"{name}[].")
        elif "properties" in value:
            yield name, _kind(value), meaning
            yield from _rows(value, schema, f"{name}.")
        else:
            yield name, _kind(value), meaning


def _kind(value: Schema) -> str:
    if "$ref" in value:
        return "integer or null" if _name(value) == "number" else f"[{_name(value)}](#{_name(value)})"
    if "anyOf" in value:
        return " or ".join(sorted(map(_kind, value["anyOf"]), key="null".__eq__))
    if "enum" in value or "const" in value:
        return ", ".join("null" if each is None else f"`{each}`" for each in value.get("enum", [value.get("const")]))
    if value["type"] == "array":
        return f"array of {_kind(value['items'])}"
    types = value["type"] if isinstance(value["type"], list) else [value["type"]]
    return " or ".join("date" if each == "string" and value.get("format") == "date" else each for each in types)


def _resolved(value: Schema, schema: Schema) -> Schema:
    found: Schema = schema["$defs"][_name(value)] if "$ref" in value else value
    return found


def _name(value: Schema) -> str:
    name: str = value["$ref"].rpartition("/")[2]
    return name
