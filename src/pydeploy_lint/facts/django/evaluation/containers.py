"""Lists and dicts in settings: what is put into them makes new ones, of which the known part is kept."""

from __future__ import annotations

from collections.abc import Sequence

from pydeploy_lint.facts.django.evaluation.values import REST, State, Value, known, unknown

CHANGES = frozenset({"add", "append", "clear", "extend", "insert", "pop", "remove", "setdefault", "update"})
"""The methods that change a list, a set or a dict."""

Entries = dict[object, Value]


def spread(value: Value) -> tuple[Value, ...]:
    """The elements that a value adds to a list; one unknown one for any number of them."""
    if value.elements is None:
        return (unknown(value.place, (value.config_vars,)),)
    return tuple(element.depending(value.config_vars) for element in value.elements)


def entries_of(value: Value) -> Entries:
    """The entries of a dict; of anything else, unknown ones."""
    return value.data if isinstance(value.data, dict) else {REST: unknown()}


def with_entry(container: Value, key: Value, value: Value) -> Value:
    """A dict after ``container[key] = value``."""
    entries = entries_of(container)
    if isinstance(key.data, (str, int)):
        changed = {**entries, key.data: value}
    else:
        changed = {**{each: unknown() for each in entries}, REST: unknown()}
    return container._replace(state=State.KNOWN, data=changed)


def updated(entries: Entries, other: Value) -> Entries:
    """The entries of a dict after ``update(other)``."""
    if not isinstance(other.data, dict):
        kept = {key: unknown(value.place, (value.config_vars, other.config_vars)) for key, value in entries.items()}
        return {**kept, REST: unknown()}
    kept = {key: value.depending(other.config_vars) for key, value in entries.items()}
    return kept | {key: value.depending(other.config_vars) for key, value in other.data.items()}


def changed(before: Value, method: str, arguments: Sequence[Value]) -> Value:
    """What a list, a set or a dict is after a method that changes it.

    Args:
        before: what it is before.
        method: one of `CHANGES`.
        arguments: what the method is called with.
    """
    if isinstance(before.data, dict) and method == "update" and len(arguments) == 1:
        return before._replace(data=updated(before.data, arguments[0]))
    elements = _changed_elements(before.elements, method, arguments)
    if elements is None:
        return unknown(before.place, (before.config_vars, *(value.config_vars for value in arguments)))
    return known(elements, before.place, before.config_vars)


def _changed_elements(
    elements: tuple[Value, ...] | None, method: str, arguments: Sequence[Value]
) -> tuple[Value, ...] | None:
    match method, arguments:
        case _ if elements is None:
            return None
        case "append" | "add", [value]:
            return (*elements, value)
        case "extend", [value]:
            return (*elements, *spread(value))
        case "insert", [position, value]:
            at = position.data if isinstance(position.data, int) else len(elements)
            return (*elements[:at], value, *elements[at:])
        case "remove", [value] if value.text is not None:
            return tuple(each for each in elements if each.text != value.text)
    return None
