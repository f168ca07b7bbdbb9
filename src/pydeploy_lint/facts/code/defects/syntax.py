"""Whether the app's Python can compile a module: what is wrong with one that it cannot.

The module is compiled by the Python that runs this, and not run. That Python may be older than the app's, and then it
rejects what the app's accepts; or newer, and then it accepts what the app's rejects. Both are told apart here, by the
list of changes to the syntax since Python 3.10 in "What's New in Python".
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.code.python_source import NotPython, Undecided, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.files.source import Source
    from pydeploy_lint.finding import Span

NEWER_SYNTAX: dict[tuple[int, int], re.Pattern[str]] = {
    (3, 11): re.compile(r"^\s*except\s*\*|\[[^][]*\*\w"),
    (3, 12): re.compile(r"^\s*(?:(?:async\s+)?def|class)\s+\w+\s*\[|^\s*type\s+\w+|\b[rR]?[fF][rR]?['\"]"),
    (3, 14): re.compile(r"^\s*except\b[^(:]*,|\b[rR]?[tT][rR]?['\"]"),
    (3, 15): re.compile(r"^\s*lazy\s"),
}
"""What a line looks like that only a certain version, and what is newer, accepts; sooner too much than too little."""
NEWER_MESSAGES: dict[tuple[int, int], re.Pattern[str]] = {
    (3, 12): re.compile(r"^f-string"),
    (3, 14): re.compile(r"multiple exception types must be parenthesized"),
    (3, 15): re.compile(r"unpacking cannot be used in comprehension"),
}
"""What an older version says about it."""
ENCODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")
"""A declared encoding, in one of the first two lines. Source: PEP 263."""
PRINT = re.compile(r"^Missing parentheses in call to '(?:print|exec)'")
NESTED_FSTRINGS = (3, 12)
"""The version since which an f-string may hold what any expression may. Source: PEP 701."""


class SyntaxProblem(NamedTuple):
    """Why a module cannot be compiled."""

    kind: str
    """The exception that Python raises: ``SyntaxError``, ``IndentationError`` or ``TabError``."""
    message: str
    """What Python says."""
    at: Span
    is_python_2: bool = False


def syntax_problem(source: Source, python: tuple[int, int] | None) -> SyntaxProblem | None:
    """What surely keeps the app's Python from compiling a module; None where nothing does, or that is undecided.

    Args:
        source: the module.
        python: the series of the app's Python; None where it is unknown.
    """
    if source.undecodable is not None or source.encoding != "utf-8":
        return _wrong_encoding(source)
    try:
        _compile(source)
    except NotPython as problem:
        error = problem.error
        return None if _may_be_newer(error, source, python) else _problem(source, error)
    except Undecided:
        return None
    if python is not None and python < sys.version_info[:2]:
        return _too_new(source, python)
    return None


def _compile(source: Source) -> None:
    """Compile a module, for what only the compiler rejects, such as a ``return`` outside of a function."""
    tree = parse(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(tree, source.path, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise NotPython(str(error), error) from error
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise Undecided(f"{source.path} cannot be compiled") from error


def _wrong_encoding(source: Source) -> SyntaxProblem | None:
    """Text that is not UTF-8 and does not say what it is."""
    if source.encoding == "utf-8" and any(ENCODING.match(line) for line in source.data.split(b"\n", 2)[:2]):
        return None
    start = source.undecodable or 0
    line, _ = source.position(start)
    return SyntaxProblem("SyntaxError", "the file is not UTF-8, and declares no encoding", source.line_span(line))


def _problem(source: Source, error: SyntaxError) -> SyntaxProblem:
    line = min(error.lineno or 1, max(1, source.line_count))
    message = str(error.msg or "invalid syntax").partition(". Did you mean")[0]
    return SyntaxProblem(type(error).__name__, message, source.line_span(line), bool(PRINT.match(message)))


def _may_be_newer(error: SyntaxError, source: Source, python: tuple[int, int] | None) -> bool:
    """Whether what this Python rejects may be syntax of a newer one, which the app may have."""
    here = sys.version_info[:2]
    lines = [source.line(number) for number in range(max(1, (error.lineno or 1) - 1), (error.end_lineno or 1) + 1)]
    message = str(error.msg or "")
    newer = [version for version in NEWER_SYNTAX if version > here and (python is None or version <= python)]
    if PRINT.match(message):
        return False
    return any(
        any(NEWER_SYNTAX[version].search(line) for line in lines)
        or (version in NEWER_MESSAGES and NEWER_MESSAGES[version].search(message) is not None)
        for version in newer
    )


def _too_new(source: Source, python: tuple[int, int]) -> SyntaxProblem | None:
    """Syntax that this Python knows and the app's does not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source.text, feature_version=python)
    except SyntaxError as error:
        return _problem(source, error)
    except (ValueError, RecursionError, MemoryError):
        return None
    if python < NESTED_FSTRINGS <= sys.version_info[:2]:
        for line, message in _new_fstrings(source.text):
            return SyntaxProblem("SyntaxError", message, source.line_span(line))
    return None


def _new_fstrings(text: str) -> Iterator[tuple[int, str]]:
    """Where f-strings hold what they may only since Python 3.12: the line, and what an older one says."""
    import tokenize  # It takes a while to import, and is seldom needed.
    from io import StringIO

    quotes: list[str] = []
    start, end = getattr(tokenize, "FSTRING_START", -1), getattr(tokenize, "FSTRING_END", -1)
    try:
        for token in tokenize.generate_tokens(StringIO(text).readline):
            if token.type == start:
                quote = token.string.lstrip("fFrRtTbBuU")
                if any(quote[0] == outer for outer in quotes if len(outer) == len(quote) or len(outer) == 1):
                    yield token.start[0], "f-string: a string in it has the quotes of the f-string"
                quotes.append(quote)
            elif token.type == end:
                quotes.pop()
            elif quotes and token.type == tokenize.STRING:
                if any(outer in token.string for outer in quotes):
                    yield token.start[0], "f-string: a string in it has the quotes of the f-string"
                elif "\\" in token.string:
                    yield token.start[0], "f-string expression part cannot include a backslash"
            elif quotes and token.type == tokenize.COMMENT:
                yield token.start[0], "f-string expression part cannot include '#'"
    except (tokenize.TokenError, SyntaxError, IndexError):
        return
