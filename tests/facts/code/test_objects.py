"""What names of the app's code stand for, what running a script calls, and what addresses become."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pydeploy_lint.facts.code.evaluate import Evaluator, nodes_with_scopes
from pydeploy_lint.facts.code.execution import run_script
from pydeploy_lint.facts.code.objects import Call, External, Objects, root_name
from pydeploy_lint.facts.code.readings import Reading, read_value
from pydeploy_lint.files.files import Files
from pydeploy_lint.files.tree import WorkingTree
from pydeploy_lint.testing import write_tree


def objects(root: Path, files: dict[str, str]) -> Objects:
    write_tree(root, files)
    return Objects(Files(WorkingTree(str(root))))


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("from flask import Flask\nx = Flask('a')\n", "flask.Flask"),
        ("import flask as f\nx = f.Flask('a')\n", "flask.Flask"),
        ("import a.b.c\nx = a.b.c.D()\n", "a.b.c.D"),
        ("from flask import Flask\ny = Flask('a')\nx = y\n", "flask.Flask"),
        ("from own import x\n", "fastapi.FastAPI"),
        ("import own\nx = own.x\n", "fastapi.FastAPI"),
        ("from own import *\n", "fastapi.FastAPI"),
        ("from package import module\nx = module.z\n", "bottle.Bottle"),
        ("from package.module import z as x\n", "bottle.Bottle"),
        ("import package.module\nx = package.module.z\n", "bottle.Bottle"),
        ("with open('a') as x:\n    pass\n", "builtins.open"),
        ("a, x = 1, open('b')\n", "builtins.open"),
        ("from flask import Flask\nclass A(Flask):\n    pass\nx = A()\n", "flask.Flask"),
        ("from flask import Flask\ndef f():\n    g = Flask('a')\n    return g\nx = f()\n", "flask.Flask"),
        ("from flask import Flask\nif __name__ != '__main__':\n    x = Flask('a')\n", "flask.Flask"),
        ("from a import b\nx = b()\nif __name__ == '__main__':\n    x = None\n", "a.b"),
        ("from a import b\nx = None\nx = b()\n", "a.b"),
        ("from a import b\nx = b()\nx = x\n", "a.b"),
        ("from a import b\nif c:\n    x = b()\nelse:\n    x = None\n", None),
        ("from a import b\nx = b()\ndef f():\n    global x\n    x = 1\n", None),
        ("def f(x):\n    return x\nx = f(1)\n", None),
        ("x = x\n", None),
        ("x = y\ny = x\n", None),
        ("from own import missing as x\n", None),
        ("from . import own\nx = own.x\n", "fastapi.FastAPI"),
    ],
)
def test_value(tmp_path: Path, code: str, name: str | None) -> None:
    files = {
        "main.py": code,
        "own.py": "from fastapi import FastAPI\nx = FastAPI()\n",
        "package/__init__.py": "",
        "package/module.py": "import bottle\nz = bottle.Bottle()\n",
    }
    found = objects(tmp_path, files)
    scope = found.module("main.py", ("",))
    assert scope
    names = found.names(found.name("x", scope))
    assert names == ({name} if name else set())


@pytest.mark.parametrize(
    ("code", "calls"),
    [
        ("a()\nimport b\nb.c()\n", ["b.c"]),
        ("import b\ndef f():\n    b.c()\n", []),
        ("import b\ndef f():\n    b.c()\nf()\n", ["b.c"]),
        ("import b\nif __name__ == '__main__':\n    b.c()\n", ["b.c"]),
        ("import b\nif b.c():\n    b.d()\n", ["b.c", "b.d?"]),
        ("import b\ntry:\n    b.c()\nexcept E:\n    b.d()\n", ["b.c?", "b.d?"]),
        ("import b\nb.run(b.c())\n", ["b.c", "b.run"]),
        ("import own\n", ["z.start"]),
        ("import b\nasync def f():\n    await b.c()\nb.run(f())\n", ["b.c", "b.run"]),
        ("import b\ndef f():\n    b.c()\nb.Thread(target=f)\n", ["b.Thread", "b.c?"]),
        (
            "import b\nclass A:\n    def __init__(self):\n        self.go()\n    def go(self):\n        b.c()\nA()\n",
            ["b.c"],
        ),
        ("import b\nwhile True:\n    b.c()\nb.d()\n", ["b.c", "LOOP"]),
        ("import b\nwhile True:\n    break\nb.d()\n", ["b.d"]),
        ("import b\ndef f():\n    return\n    b.c()\nf()\nb.d()\n", ["b.d"]),
        ("import b\ndef f():\n    f()\n    b.c()\nf()\n", ["b.c"]),
        ("import b\nb.c(lambda: b.d())\n", ["b.c"]),
    ],
)
def test_run_script(tmp_path: Path, code: str, calls: list[str]) -> None:
    own = "import z\nz.start()\nif __name__ == '__main__':\n    z.no()\n"
    found = run_script(objects(tmp_path, {"main.py": code, "own.py": own}), "main.py", ("",))
    assert found
    names = [
        (root_name(each.call) if each.call else "LOOP") + ("?" if each.maybe else "")
        for each in found.made
        if each.call is None or isinstance(each.call.of, External)
    ]
    assert names == calls


@pytest.mark.parametrize(
    ("code", "reading"),
    [
        ("x = 5\n", Reading(frozenset({5}))),
        ("import os\nx = os.environ['PORT']\n", Reading(variables=frozenset({"PORT"}))),
        ("import os\nx = int(os.getenv('PORT', 5))\n", Reading(frozenset({5}), frozenset({"PORT"}))),
        ("import os\nx = os.environ.get('A') or 3\n", Reading(frozenset({3}), frozenset({"A"}))),
        ("x = 1\nif y:\n    x = 2\n", Reading(frozenset({1, 2}))),
        ("x = f()\n", Reading(is_known=False)),
        ("x = x\n", Reading(is_known=False)),
        ("class C:\n    P = 4\nx = C.P\n", Reading(frozenset({4}))),
    ],
)
def test_read_value(tmp_path: Path, code: str, reading: Reading) -> None:
    found = objects(tmp_path, {"main.py": code})
    scope = found.module("main.py", ("",))
    assert scope
    assert read_value(found, ast.parse("x", mode="eval").body, scope) == reading


def evaluated(root: Path, code: str) -> str | None:
    found = objects(root, {"main.py": code})
    scope = found.module("main.py", ("",))
    assert scope
    return Evaluator(found, {"URL": "postgres://a@b/c"}).text(ast.parse("x", mode="eval").body, scope)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("os.environ['URL']", "postgres://a@b/c"),
        ("os.environ['URL'].replace('postgres:', 'postgresql:', 1)", "postgresql://a@b/c"),
        ("'q' + os.environ['URL'][8:]", "q://a@b/c"),
        ("f\"q{os.environ['URL'].split(':')[1]}\"", "q//a@b/c"),
        ("os.environ['URL'] if os.environ['URL'].startswith('p') else 'n'", "postgres://a@b/c"),
        ("'n' if not os.environ['URL'] else 'y'", "y"),
        ("os.environ['OTHER']", None),
        ("os.environ['URL'].encode()", None),
        ("os.environ['URL'].replace(1, 2)", None),
        ("os.environ['URL'] * 1000", None),
        ("f(os.environ['URL'])", "postgresql://a@b/c"),
    ],
)
def test_evaluate(tmp_path: Path, expression: str, text: str | None) -> None:
    function = "def f(u):\n    if 'postgres:' in u:\n        u = u.replace('postgres:', 'postgresql:')\n    return u\n"
    assert evaluated(tmp_path, f"import os\n{function}x = {expression}\n") == text


def test_a_text_does_not_grow_for_ever(tmp_path: Path) -> None:
    lines = "".join("x = x + x\n" for _ in range(60))
    assert evaluated(tmp_path, "import os\nx = os.environ['URL']\n" + lines) is None


def test_costs_are_bounded(tmp_path: Path) -> None:
    """Each name has several values, each of which is the next name: a tree without bounds."""
    lines = [
        f"if a:\n    v{n} = v{n + 1}\nelif b:\n    v{n} = v{n + 1}\nelse:\n    v{n} = v{n + 1}\n" for n in range(60)
    ]
    chain = "if c:\n    pass\n" + "elif c:\n    y = 1\n" * 1_500
    found = objects(tmp_path, {"main.py": "".join(lines) + "v60 = z()\n" + chain})
    scope = found.module("main.py", ("",))
    assert scope
    assert found.name("v0", scope) is None
    assert read_value(found, ast.parse("v0", mode="eval").body, scope) == Reading(is_known=False)
    assert sum(isinstance(node, ast.Call) for node, _ in nodes_with_scopes(found, scope)) == 1
    assert run_script(found, "main.py", ("",)) is not None


LINES = st.sampled_from(
    [
        "import a", "from a import b", "from main import x", "x = x", "x = a.b()", "x = b(x)", "def f(): return f()",
        "def g(y): return y", "x = g(x)", "class C(C): x = x", "x = C().x", "with a as x: pass", "x += x", "del x",
        "if x: x = f()", "for x in x: pass", "try: x = 1\nexcept E as x: pass", "while True: x()", "x, y = y, x",
        "async def h(): await h()", "x = f().g.h()", "x[0] = x", "global x", "lambda: x", "x = [x for x in x]", "f(f)",
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(LINES, max_size=12))
def test_anything(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    found = objects(tmp_path_factory.mktemp("app"), {"main.py": "\n".join(lines) + "\n"})
    scope = found.module("main.py", ("",), as_main=True)
    if scope is None:
        return  # No Python at all.
    value = found.name("x", scope)
    found.names(value)
    if isinstance(value, Call):
        root_name(value)
    read_value(found, ast.parse("x", mode="eval").body, scope)
    Evaluator(found, {}).text(ast.parse("x", mode="eval").body, scope)
    assert run_script(found, "main.py", ("",)) is not None
