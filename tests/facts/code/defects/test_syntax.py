"""Whether the app's Python can compile a module."""

from __future__ import annotations

import pytest

from pydeploy_lint.facts.code.defects.syntax import syntax_problem
from pydeploy_lint.files.source import Source


def problem(text: str | bytes, python: tuple[int, int] | None = (3, 13)) -> tuple[str, int | None] | None:
    found = syntax_problem(Source("app.py", text if isinstance(text, bytes) else text.encode()), python)
    return (found.kind, found.at.line) if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = [*]\n", ("SyntaxError", 1)),
        ("a = 1\nprint 'a'\n", ("SyntaxError", 2)),
        ("exec 'a'\n", ("SyntaxError", 1)),
        ("a = 1\n  b = 2\n", ("IndentationError", 2)),
        ("if 1:\n\ta = 1\n        b = 2\n", ("TabError", 3)),
        ("if 1:\na = 1\n", ("IndentationError", 2)),
        ("a = 'b\n", ("SyntaxError", 1)),
        ("a = 1\nreturn a\n", ("SyntaxError", 2)),
        ("<<<<<<< HEAD\na = 1\n", ("SyntaxError", 1)),
        (b"a = 1\nb = '\xe9'\n", ("SyntaxError", 2)),
        ("a = 1\n".encode("utf-16"), ("SyntaxError", 1)),
    ],
)
def test_invalid(text: str | bytes, expected: tuple[str, int]) -> None:
    assert problem(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a = 1\n",
        "async def f():\n    await f()\n",
        b"# -*- coding: latin-1 -*-\na = '\xe9'\n",
        b"\xef\xbb\xbfa = 1\n",
    ],
)
def test_valid(text: str | bytes) -> None:
    assert problem(text) is None


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("try:\n    pass\nexcept* ValueError:\n    pass\n", (3, 11)),
        ("type A = int\n", (3, 12)),
        ("def f[T](a: T): pass\n", (3, 12)),
        ("a = {'b': 1}\nc = f'{a['b']}'\n", (3, 12)),
        ("try:\n    pass\nexcept KeyError, ValueError:\n    pass\n", (3, 14)),
        ("a = t'{1}'\n", (3, 14)),
    ],
)
def test_newer_syntax_is_judged_by_the_version_of_the_app(text: str, since: tuple[int, int]) -> None:
    assert problem(text, since) is None
    assert problem(text, None) is None
    assert problem(text, (3, since[1] - 1)) is not None
