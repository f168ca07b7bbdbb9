"""The names that a module binds, its constants, and modules that nobody should have to read."""

import pytest

from pydeploy_lint.facts.code.modules.module_names import read_names
from pydeploy_lint.files.source import Source
from pydeploy_lint.testing import place


@pytest.mark.parametrize(
    ("code", "values", "at"),
    [
        ("a = 'x'\n", ("x",), "m.py:1:5-1:8"),
        ("# é\né = 'é'; a = 'x' 'y'\n", ("xy",), "m.py:2:14-2:21"),
        ("a = ['x', \"y\"]\n", ("x", "y"), "m.py:1:5-1:15"),
        ("a = ('x',)\n", ("x",), "m.py:1:5-1:11"),
        ("a = b = 'x'\n", ("x",), "m.py:1:9-1:12"),
        ("def f(): a = 'y'\na = 'x'\n", ("x",), "m.py:2:5-2:8"),
        ("with b: a = 'x'\n", ("x",), "m.py:1:13-1:16"),
    ],
)
def test_constant(code: str, values: tuple[str, ...], at: str) -> None:
    names = read_names(Source("m.py", code.encode()))
    constant = names and names.constant("a")
    assert constant
    assert (constant.values, place(constant.at)) == (values, at)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "b = 'x'\n",
        "a = 1\n",
        "a = b'x'\n",
        "a = f'{x}'\n",
        "a = []\n",
        "a = ['x', 1]\n",
        "a = 'x' + y\n",
        "a = 'x'\na = 'y'\n",
        "a = 'x'\na += 'y'\n",
        "a, b = 'xy'\n",
        "if b: a = 'x'\n",
        "try: a = 'x'\nexcept E: pass\n",
        "for b in c: a = 'x'\n",
        "while b: a = 'x'\n",
    ],
)
def test_no_constant(code: str) -> None:
    names = read_names(Source("m.py", code.encode()))
    assert names
    assert names.constant("a") is None


@pytest.mark.parametrize(
    "code",
    [
        "a = \n",
        "print 'x'\n",
        "a = 1\rb = 2\n",
        "\0",
        f"a = {'(' * 5_000}{')' * 5_000}\n",
        f"a = {'-' * 19_000}1\n",
        f"a = b{'.c' * 9_000}\n",
        "a = 1\n" * 100_000,
        b"\xff".decode("latin-1") * 30_000,
    ],
)
def test_undecided(code: str) -> None:
    assert read_names(Source("m.py", code.encode())) is None
