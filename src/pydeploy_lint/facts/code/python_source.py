"""Parses Python that is only to be read: its syntax tree, and the places of the nodes in it.

This is done with the standard library's ``ast`` and not with LibCST. Measured on settings as ``startproject`` makes
them, with LibCST 1.9 on Python 3.11:

====================================  ==============  ==========
what                                  LibCST          ast
====================================  ==============  ==========
importing it                          120 ms          2 ms
parsing, and all positions            9 ms            0.3 ms
5,000 lines of assignments            4.6 s           0.4 s
2,000 nested parentheses (4 kB)       segmentation    SyntaxError
                                      fault
a chain of 20,000 attributes          over a minute   0.1 s
====================================  ==============  ==========

Nothing is rewritten here, so the comments and blanks that only LibCST keeps are not missed. The price is that ``ast``
knows the syntax of the Python that runs it and no newer one; such a file is left undecided, and the reason is told.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.finding import Span

MAX_SIZE = 300_000
"""Bytes of a module; what is longer is generated."""
MAX_LINES = 5_000
MAX_LINE = 20_000
"""Characters of a line; some versions of Python take minutes to refuse a long one."""
LONE_CARRIAGE_RETURN = re.compile(r"\r(?!\n)")
"""Ends a line for Python, and for nobody who shows positions."""


class Undecided(Exception):
    """Python that cannot be followed; the text says why."""


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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        version = ".".join(map(str, sys.version_info[:2]))
        raise Undecided(f"{source.path}:{error.lineno or 1} is no syntax of Python {version}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise Undecided(f"{source.path} cannot be parsed") from error


def span_of(source: Source, node: ast.expr | ast.stmt | ast.alias) -> Span:
    """The stretch of a node."""
    end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return source.span(_offset(source, node.lineno, node.col_offset), _offset(source, end_line, end_column))


def _offset(source: Source, line: int, column: int) -> int:
    # Syntax nodes count bytes of UTF-8, and spans count characters.
    before = source.line(line).encode()[:column].decode(errors="ignore")
    return source.offset(line, len(before) + 1)
