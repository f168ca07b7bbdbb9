"""Parses Python that is only to be read: its syntax tree, and the places of the nodes in it.

This is done with the standard library's ``ast``, which knows the syntax of the Python that runs it and, but for lazy
imports, no newer one; such a file is left undecided, and the reason is told.
"""

from __future__ import annotations

import ast
import re
import sys
import threading
import warnings
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.finding import Span

MAX_SIZE = 300_000
"""Bytes of a module; what is longer is generated."""
MAX_LINES = 5_000
MAX_LINE = 20_000
"""Characters of a line; some versions of Python take minutes to refuse a long one."""
MAX_KEPT = 300_000
"""Characters of the texts whose trees are kept; a tree takes some fifty times as much memory as its text."""
LONE_CARRIAGE_RETURN = re.compile(r"\r(?!\n)")
"""Ends a line for Python, and for nobody who shows positions."""


LAZY_IMPORT = re.compile(r"^lazy[ \t](?=[ \t]*(?:import|from)[ \t])", re.MULTILINE)
"""A soft keyword of Python 3.15, which a statement of the same length replaces, so that all places stay."""


class Undecided(Exception):
    """Python that cannot be followed; the text says why."""


class NotPython(Undecided):
    """What the Python that runs this cannot compile; see `facts.code.syntax` for whether the app's Python can.

    Attributes:
        error: what the compiler says.
    """

    def __init__(self, text: str, error: SyntaxError) -> None:
        super().__init__(text)
        self.error = error


def parse(source: Source) -> ast.Module:
    """The syntax tree of a module.

    Raises:
        Undecided: it is too long, or no Python as far as the Python that runs this knows.
    """
    text = source.text
    if len(source.data) > MAX_SIZE or source.line_count > MAX_LINES:
        raise Undecided(f"{source.path} is too long to be followed")
    if LONE_CARRIAGE_RETURN.search(text) or any(len(line) > MAX_LINE for line in text.split("\n")):
        raise Undecided(f"{source.path} has lines that are too long, or that end with a carriage return only")
    try:
        return _TREES.of(text)
    except SyntaxError as error:
        version = ".".join(map(str, sys.version_info[:2]))
        raise NotPython(f"{source.path}:{error.lineno or 1} is no syntax of Python {version}", error) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise Undecided(f"{source.path} cannot be parsed") from error


class _Trees:
    """The trees of the texts that were parsed last: many facts ask for those of a few modules. Nobody changes them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, ast.Module] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def of(self, text: str) -> ast.Module:
        """The tree of a text.

        Raises:
            SyntaxError: it is no Python; as for `ast.parse`, also ValueError, RecursionError and MemoryError.
        """
        with self._lock:
            if text in self._kept:
                self._kept.move_to_end(text)
                return self._kept[text]
        tree = _tree(text)
        with self._lock:
            if text not in self._kept:
                self._kept[text] = tree
                self._size += len(text)
            while self._size > MAX_KEPT:
                oldest, _ = self._kept.popitem(last=False)
                self._size -= len(oldest)
        return tree


_TREES = _Trees()


def _tree(text: str) -> ast.Module:
    """The syntax tree; where this Python is older than the lazy imports of 3.15 (PEP 810), they are read as imports."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError:
            eager = LAZY_IMPORT.sub("... ;", text)
            if eager == text:
                raise
            return ast.parse(eager)


def span_of(source: Source, node: ast.expr | ast.stmt | ast.alias) -> Span:
    """The stretch of a node."""
    end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return source.span(_offset(source, node.lineno, node.col_offset), _offset(source, end_line, end_column))


def _offset(source: Source, line: int, column: int) -> int:
    # Syntax nodes count bytes of UTF-8, and spans count characters.
    before = source.line(line).encode()[:column].decode(errors="ignore")
    return source.offset(line, len(before) + 1)
