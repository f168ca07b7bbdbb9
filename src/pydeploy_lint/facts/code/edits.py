"""Edits of single calls, dicts and expressions in Python; all that surrounds them stays as it is."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.code.python_source import Undecided, parse, span_of
from pydeploy_lint.finding import Edit

if TYPE_CHECKING:
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.finding import Span


def expression_at(source: Source, at: Span) -> ast.expr | None:
    """The largest expression that is at a place, and nothing else; None where there is none."""
    return next((node for node in _expressions(source) if span_of(source, node) == at), None)


def call_with(source: Source, at: Span) -> ast.Call | None:
    """The call to which the expression at a place is given as an argument."""
    return next(
        (node for node in _expressions(source) if isinstance(node, ast.Call) and _takes(source, node, at)), None
    )


def call_on(source: Source, at: Span) -> ast.Call | None:
    """The call of a method of the expression at a place."""
    for node in _expressions(source):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and span_of(source, node.func.value) == at
        ):
            return node
    return None


class Argument(NamedTuple):
    """What a call is to be given for a parameter."""

    name: str
    place: int | None
    """The number of the parameter where it may be given without its name."""
    text: str
    """The value, as Python."""


def give_arguments(source: Source, call: ast.Call, *arguments: Argument) -> tuple[Edit, ...] | None:
    """The edits that give a call arguments, in place of those that it has for the same parameters.

    Args:
        source: the module.
        call: the call.
        arguments: what it is to be given.

    Returns:
        None where an argument may be there already in a way that is not seen.
    """
    if any(isinstance(each, ast.Starred) for each in call.args) or any(each.arg is None for each in call.keywords):
        return None
    edits, added = [], []
    for name, place, text in arguments:
        by_name = next((each.value for each in call.keywords if each.arg == name), None)
        given = call.args[place] if place is not None and place < len(call.args) else by_name
        if given is None:
            added.append(f"{name}={text}")
        else:
            edits.append(Edit(span_of(source, given), text))
    return (*edits, *([_append(source, call, ", ".join(added))] if added else []))


def give_item(source: Source, beside: Span, key: str, expression: str) -> Edit | None:
    """The edit that puts an item into a dict, behind another; into the dict that has the key, where that is one.

    Args:
        source: the module.
        beside: the value of the other item, or an element of the list that is its value.
        key: the key.
        expression: the value, as Python.

    Returns:
        None where the dict is not written out, or has the key with something else.
    """
    for node in _expressions(source):
        if not isinstance(node, ast.Dict) or None in node.keys:
            continue
        value = next((each for each in node.values if _is_or_has(source, each, beside)), None)
        if value is not None:
            taken = key in [each.value for each in node.keys if isinstance(each, ast.Constant)]
            return None if taken else _behind(source, value, f'"{key}": {expression}')
    return None


def _append(source: Source, call: ast.Call, added: str) -> Edit:
    parts = [*call.args, *(each.value for each in call.keywords)]
    if not parts:
        end = _end(source, call) - 1
        return Edit(source.span(end, end), added)
    return _behind(source, max(parts, key=lambda each: _end(source, each)), added)


def _behind(source: Source, node: ast.expr, text: str) -> Edit:
    """The edit that puts another part behind one, on a line of its own where that is how they are written."""
    end = _end(source, node)
    line = source.line(node.lineno)
    indent = line[: len(line) - len(line.lstrip())]
    closing = source.line(node.end_lineno or node.lineno)[
        len(source.text[:end]) - source.text.rfind("\n", 0, end) - 1 :
    ]
    apart = f"{source.line_end(node.lineno)}{indent}" if closing.strip() in ("", ",") else " "
    return Edit(source.span(end, end), f",{apart}{text}")


def _end(source: Source, node: ast.expr) -> int:
    span = span_of(source, node)
    return source.offset(span.end_line or 1, span.end_column or 1)


def _expressions(source: Source) -> list[ast.expr]:
    try:
        return [node for node in ast.walk(parse(source)) if isinstance(node, ast.expr)]
    except Undecided:
        return []


def _takes(source: Source, call: ast.Call, at: Span) -> bool:
    return any(span_of(source, each) == at for each in (*call.args, *(each.value for each in call.keywords)))


def _is_or_has(source: Source, value: ast.expr, at: Span) -> bool:
    elements = value.elts if isinstance(value, ast.List | ast.Tuple) else []
    return any(span_of(source, each) == at for each in (value, *elements))
