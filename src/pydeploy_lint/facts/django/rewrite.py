"""Puts a setting into a settings module, where somebody would look for it, with LibCST.

Reading settings needs no comments and blanks, and is done with ``ast``; here what surrounds the new line must stay as
it is, to the letter. Where LibCST cannot be imported, as in the browser, the line goes to the end, and `where_added`
says so.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from pydeploy_lint.finding import Edit

if TYPE_CHECKING:
    import libcst

    from pydeploy_lint.files.source import Source

MAX_SIZE = 100_000
"""Bytes; for what is longer the new line goes to the end, as LibCST takes its time."""
MAX_LINE = 1_000
"""Characters, likewise: chains of thousands of attributes take LibCST minutes."""


def where_added() -> str:
    """What is to be said of the place of a setting: that it is at the end, for want of LibCST; empty otherwise."""
    return "" if _has_libcst() else ", at its end, as LibCST, which finds a better place, is not installed"


def _has_libcst() -> bool:
    return find_spec("libcst") is not None


def add_setting(source: Source, name: str, expression: str, *, after: str = "", needs: str = "") -> Edit:
    """The edit that adds a setting to a module that has none of the name.

    Args:
        source: the module.
        name: the setting.
        expression: its value, as Python.
        after: a setting to which it belongs; it is put behind that, and where there is none, at the end.
        needs: a name that the expression uses; the setting is put behind that, too.
    """
    return (_behind(source, name, expression, after, needs) if after else None) or _at_end(source, name, expression)


def _behind(source: Source, name: str, expression: str, after: str, needs: str) -> Edit | None:
    if (
        not _has_libcst()
        or len(source.data) > MAX_SIZE
        or any(len(line) > MAX_LINE for line in source.text.split("\n"))
    ):
        return None
    import libcst

    try:
        module = libcst.parse_module(source.text)
    except (libcst.ParserSyntaxError, RecursionError):
        return None
    places = {assigned: number for number, node in enumerate(module.body) for assigned in _assigned(node)}
    if after not in places or places.get(needs, -1) > places[after]:
        return None
    number = places[after] + 1
    statement = libcst.parse_statement(f"{name} = {expression}\n", config=module.config_for_parsing)
    body = [*module.body[:number], statement, *module.body[number:]]
    start = len(module.with_changes(body=module.body[:number], footer=[]).code)
    end = len(module.with_changes(body=body[: number + 1], footer=[]).code)
    text = module.with_changes(body=body).code
    if text[:start] + text[end:] != source.text:
        return None  # the line before had no end, and got one
    return Edit(source.span(start, start), text[start:end])


def _assigned(node: libcst.BaseCompoundStatement | libcst.SimpleStatementLine) -> list[str]:
    """The names to which a statement of the module assigns."""
    import libcst

    if not isinstance(node, libcst.SimpleStatementLine):
        return []
    targets = [target.target for each in node.body if isinstance(each, libcst.Assign) for target in each.targets]
    return [target.value for target in targets if isinstance(target, libcst.Name)]


def _at_end(source: Source, name: str, expression: str) -> Edit:
    end, line_end = len(source.text), source.line_end(max(1, source.line_count))
    separator = "\n" if source.text and not source.text.endswith("\n") else ""
    text = f"{separator}{name} = {expression}\n".replace("\n", line_end)
    return Edit(source.span(end, end), text)
