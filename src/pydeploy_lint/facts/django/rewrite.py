"""Puts a setting into a settings module, where somebody would look for it; all that surrounds it stays as it is."""

from __future__ import annotations

import ast

from pydeploy_lint.facts.code.python_source import Undecided, parse
from pydeploy_lint.files.source import Source
from pydeploy_lint.finding import Edit


def add_setting(source: Source, name: str, expression: str, *, after: str = "", needs: str = "") -> Edit:
    """The edit that adds a setting to a module that has none of the name.

    Args:
        source: the module.
        name: the setting.
        expression: its value, as Python.
        after: a setting to which it belongs; it is put behind that, and where there is none, at the end.
        needs: a name that the expression uses; the setting is put behind that, too.
    """
    place = _line_behind(source, after, needs) if after else None
    if place is None:
        return _at_end(source, name, expression)
    at = source.offset(place + 1, 1)
    return Edit(source.span(at, at), f"{name} = {expression}{source.line_end(place)}")


def _line_behind(source: Source, after: str, needs: str) -> int | None:
    """The last line of the statements with which a setting stands; None where a new one cannot follow them."""
    try:
        body = parse(source).body
    except Undecided:
        return None
    places = {assigned: number for number, node in enumerate(body) for assigned in _assigned(node)}
    if after not in places or places.get(needs, -1) > places[after]:
        return None
    last = _end(body[places[after]])
    for node in body[places[after] + 1 :]:
        if node.lineno > last:
            break
        last = _end(node)  # They share a line, with a semicolon between them.
    text = source.line(last)
    return None if last >= len(source.text.split("\n")) or text.endswith("\\") else last


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _assigned(node: ast.stmt) -> list[str]:
    """The names to which a statement of the module assigns."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _at_end(source: Source, name: str, expression: str) -> Edit:
    end, line_end = len(source.text), source.line_end(max(1, source.line_count))
    separator = "\n" if source.text and not source.text.endswith("\n") else ""
    text = f"{separator}{name} = {expression}\n".replace("\n", line_end)
    return Edit(source.span(end, end), text)
