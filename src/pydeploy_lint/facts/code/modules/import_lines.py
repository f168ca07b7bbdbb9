"""Puts imports at the top of a module, where they are not there already; all that surrounds them stays as it is."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from pydeploy_lint.facts.code.python_source import Undecided, parse
from pydeploy_lint.files.source import Source
from pydeploy_lint.finding import Edit, Span

IMPORTS = (ast.Import, ast.ImportFrom)


def add_imports(source: Source, statements: Iterable[str], needed_at: int) -> tuple[Edit, ...] | None:
    """The edit after which a module has imports before a line; none where it has them.

    Args:
        source: the module.
        statements: the imports, such as ``import os``.
        needed_at: the line that needs them.

    Returns:
        None where the module cannot be parsed, or nothing can be put at its top.
    """
    try:
        body = parse(source).body
    except Undecided:
        return None
    have = {name for node in body if node.lineno < needed_at for name in _names(node)}
    lacking = [each for each in statements if not _names(ast.parse(each).body[0]) <= have]
    if not lacking:
        return ()
    head = [node for number, node in enumerate(body) if _is_head(node, number)]
    rest = body[len(head) :]
    first = min((_start(node) for node in rest), default=source.line_count + 1)
    if first > needed_at or any((node.end_lineno or node.lineno) >= first for node in head):
        return None
    start = source.offset(first, 1)
    line_end = source.line_end(first)
    blank = line_end if rest and not isinstance(rest[0], IMPORTS) else ""
    return (Edit(source.span(start, start), "".join(f"{each}{line_end}" for each in lacking) + blank),)


def is_assigned_at_top(source: Source, value: Span) -> bool:
    """Whether a value is assigned by a statement that surely runs when the module is imported, and no branch of it."""
    try:
        body = parse(source).body
    except Undecided:
        return False
    starts = {
        (node.value.lineno, node.value.col_offset + 1)
        for node in body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
    }
    line = source.line(value.line or 1)
    column = len(line[: (value.column or 1) - 1].encode()) + 1  # ast counts bytes.
    return (value.line, column) in starts


def _names(node: ast.stmt) -> set[tuple[str, str, str]]:
    """What a statement imports: module, name and what it is called."""
    if isinstance(node, ast.Import):
        return {(each.name, "", each.asname or each.name) for each in node.names}
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "", each.name, each.asname or each.name) for each in node.names}
    return set()


def _is_head(node: ast.stmt, number: int) -> bool:
    """Whether a statement must stay before all imports: the docstring, and what is imported from the future."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "__future__"
    return number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _start(node: ast.stmt) -> int:
    """The first line of a statement, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])
