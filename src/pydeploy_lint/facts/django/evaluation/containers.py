"""Lists and dicts in settings: what is put into them makes new ones, of which the known part is kept.

The config vars of a container are those that decide which elements it has; each element keeps its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydeploy_lint.facts.django.evaluation.values import (
    NO_VARS,
    REST,
    Iterated,
    Place,
    State,
    Value,
    in_each_way,
    in_one_way,
    known,
    unknown,
)

CHANGES = frozenset({"add", "append", "clear", "extend", "insert", "pop", "remove", "setdefault", "update"})
"""The methods that change a list, a set or a dict."""

Entries = dict[object, Value]


def spread(value: Value) -> tuple[Value, ...]:
    """The elements that a value adds to a list; one unknown one for any number of them."""
    if value.elements is None:
        return (unknown(value.place, (value.rests_on,)),)
    return tuple(element.depending(value.config_vars) for element in value.elements)


def chained(values: Sequence[Value], place: Place | None) -> Value:
    """A list of the elements of several values, one after the other."""
    elements = tuple(element for value in values for element in spread(value))
    return known(elements, place, NO_VARS.union(*(value.config_vars for value in values)))


def gathered(
    elements: Sequence[Value], place: Place | None, decide: Sequence[frozenset[str]], *, is_list: bool
) -> Value:
    """A list, or something else to iterate over, of elements that config vars have a say in choosing."""
    found = tuple(elements)
    return known(found if is_list else Iterated(found), place, NO_VARS.union(*decide))


def concatenated(left: Value, right: Value, place: Place | None) -> Value:
    """What ``+`` makes of two values; of lists the known elements are kept, whatever the rest is."""
    if left.ways and right.ways:
        right = in_one_way(right)

    def add(one: Value, two: Value) -> Value:
        if one.elements is not None or two.elements is not None:
            return chained((one, two), place)
        config_vars = one.rests_on | two.rests_on
        if one.text is not None and two.text is not None:
            return known(one.text + two.text, place, config_vars)
        return unknown(place, (config_vars,))

    if right.ways:
        return in_each_way(right, lambda two: add(left, two))
    return in_each_way(left, lambda one: add(one, right))


def entries_of(value: Value) -> Entries:
    """The entries of a dict; of anything else, unknown ones."""
    return value.data if isinstance(value.data, dict) else {REST: unknown(config_vars=(value.rests_on,))}


def with_entry(container: Value, key: Value, value: Value) -> Value:
    """A dict after ``container[key] = value``."""
    if container.ways:
        return in_each_way(container, lambda way: with_entry(way, key, value))
    if container.elements is not None:
        return _with_element(container, container.elements, key, value)
    entries = entries_of(container)
    if isinstance(key.data, (str, int)) and key.is_certain:
        changed = {**entries, key.data: value}
    else:
        rest = unknown(config_vars=(value.rests_on, key.rests_on))
        changed = {**{each: unknown(config_vars=(rest.rests_on,)) for each in entries}, REST: rest}
    return Value(State.KNOWN, changed, container.place, container.config_vars)


def _with_element(container: Value, elements: tuple[Value, ...], key: Value, value: Value) -> Value:
    at = key.data
    if (
        not isinstance(at, int)
        or not -len(elements) <= at < len(elements)
        or not all(each.is_known for each in elements)
    ):
        return unknown(container.place, (container.rests_on, key.rests_on, value.rests_on))
    at %= len(elements)
    return container.replace(data=(*elements[:at], value, *elements[at + 1 :]))


def updated(entries: Entries, other: Value) -> Entries:
    """The entries of a dict after ``update(other)``."""
    if not isinstance(other.data, dict):
        kept = {key: unknown(value.place, (value.rests_on, other.rests_on)) for key, value in entries.items()}
        return {**kept, REST: unknown(config_vars=(other.rests_on,))}
    kept = {key: value.depending(other.config_vars) for key, value in entries.items()}
    return kept | {key: value.depending(other.config_vars) for key, value in other.data.items()}


def changed(before: Value, method: str, arguments: Sequence[Value]) -> Value:
    """What a list, a set or a dict is after a method that changes it.

    Args:
        before: what it is before.
        method: one of `CHANGES`.
        arguments: what the method is called with.
    """
    if before.ways:
        return in_each_way(before, lambda way: changed(way, method, arguments))
    rests_on = NO_VARS.union(*(value.rests_on for value in arguments))
    if isinstance(before.data, dict) and method == "update" and len(arguments) == 1:
        return before.replace(data=updated(before.data, arguments[0]))
    elements = _changed_elements(before.elements, method, arguments)
    if elements is None:
        return unknown(before.place, (before.rests_on, rests_on))
    # An element that is added rests on its own config vars; which are added is another matter.
    decide = rests_on if method == "remove" else NO_VARS
    if method in ("extend", "update"):
        decide = NO_VARS.union(*(value.config_vars for value in arguments))
    return known(elements, before.place, before.config_vars | decide)


def _changed_elements(
    elements: tuple[Value, ...] | None, method: str, arguments: Sequence[Value]
) -> tuple[Value, ...] | None:
    match method, arguments:
        case _ if elements is None:
            found = None
        case "append" | "add", [value]:
            found = (*elements, value)
        case ("extend", [value]) | ("update", [value]):
            found = (*elements, *spread(value))
        case "insert", [position, value]:
            at = position.data if isinstance(position.data, int) else len(elements)
            found = (*elements[:at], value, *elements[at:])
        case "remove", [value] if value.text is not None:
            found = tuple(each for each in elements if each.text != value.text)
        case "clear", []:
            found = ()
        case _:
            found = None
    return found
