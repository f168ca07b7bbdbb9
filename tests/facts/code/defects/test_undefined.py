"""Which names a module surely uses while nothing defines them."""

from __future__ import annotations

import ast

import pytest

from pydeploy_lint.facts.code.defects.undefined import undefined_name


def undefined(text: str, python: tuple[int, int] | None = (3, 13), star: list[str] | None = None) -> str | None:
    found = undefined_name(text, ast.parse(text), python, lambda _: star)
    return found.name if found else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A = os.environ['A']", "os"),
        ("A = [x, 1]", "x"),
        ("A += 1", "A"),
        ("A['b'] = 1", "A"),
        ("print(unicode('a'))", "unicode"),
        ("from a import b\nb(c)", "c"),
        ("@app.route('/')\ndef f(): pass", "app"),
        ("def f(a=b): pass", "b"),
        ("class A(B): pass", "B"),
        ("class A:\n    b = c", "c"),
        ("if a: pass", "a"),
        ("for a in b: pass", "b"),
        ("with a: pass", "a"),
        ("[a for b in c]", "c"),
        ("a and b", "a"),
        ("x = 1 if a else b", "a"),
        ("f'{a}'", "a"),
        ("A = B\nB = 1", "B"),
        ("raise A", "A"),
        ("from x import *\nA", "A"),
        ("A = x  # noqa: E501", "x"),
        ("A = x  # pylint: disable=line-too-long", "x"),
        ("from x import load\nload('.env')\nA", "A"),
        ("from x import app\napp.load('x.settings')\nA", "A"),
    ],
)
def test_undefined(text: str, name: str) -> None:
    assert undefined(text, star=["Z"]) == name


@pytest.mark.parametrize(
    "text",
    [
        "import os\nA = os.environ",
        "import a.b\na",
        "def f(): return x",
        "lambda: x",
        "True and x",
        "1 if True else x",
        "[x for y in []]",
        "if 1:\n    x",
        "try:\n    x\nexcept NameError:\n    x = 1\nx",
        "try:\n    x\nexcept ImportError:\n    pass",
        "for x in []: pass\nx",
        "while 0: x = 1\nx",
        "if (x := 1): x",
        "def f():\n    global x\n    x = 1\nf()\nx",
        "globals()['x'] = 1\nx",
        "exec('x = 1')\nx",
        "from split_settings.tools import include\ninclude('base.py')\nx",
        "from x import bring\nbring('x.settings.base')\nx",
        "from x import bring\nbring('settings/*.py')\nx",
        "A = x  # noqa",
        "A = x  # noqa: E501,F821",
        "A = x  # pylint: disable=undefined-variable",
        "A = x  # type: ignore[name-defined]",
        "raise SystemExit\nx",
        "import sys\nsys.exit(0)\nx",
        "class A(object):\n    b = 1\n    c = b",
        "from enum import Enum\nclass A(Enum):\n    b = auto()",
        "__file__, __name__, _('a')",
        "def f(a: X) -> Y: pass",
        "match 1:\n    case {'a': x, **rest}: pass\nx, rest",
        "from x import *\nZ",
        "import builtins\nx",
    ],
)
def test_silent(text: str) -> None:
    assert undefined(text, python=(3, 14), star=["Z"]) is None


def test_what_a_star_brings_may_be_unknown() -> None:
    assert undefined("from x import *\nA", star=None) is None


def test_annotations_are_evaluated_before_python_3_14() -> None:
    text = "def f(a: X): pass"
    assert undefined(text, (3, 13)) == "X"
    assert undefined(text, (3, 14)) is None
    assert undefined(f"from __future__ import annotations\n{text}", (3, 13)) is None


def test_built_in_names_come_with_versions() -> None:
    assert undefined("ExceptionGroup", (3, 10)) == "ExceptionGroup"
    assert undefined("ExceptionGroup", (3, 11)) is None
    assert undefined("ExceptionGroup", None) is None
