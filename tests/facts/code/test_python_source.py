"""Python that is only to be read, whatever Python reads it."""

from __future__ import annotations

import ast
import sys

import pytest

from pydeploy_lint.facts.code.python_source import Undecided, parse, span_of
from pydeploy_lint.files.source import Source


def source(text: str) -> Source:
    return Source("app.py", text.encode())


@pytest.mark.parametrize(
    ("text", "imported"),
    [
        ("lazy import json\n", [("json", "app.py:1:13")]),
        ("import os\nlazy  from flask import Flask\n", [("os", "app.py:2:8"), ("Flask", "app.py:2:25")]),
        ("import os\nlazy from flask import (\n    Flask,\n)\n", [("os", "app.py:1:8"), ("Flask", "app.py:3:5")]),
    ],
)
def test_lazy_imports_are_read_at_their_place_by_every_python(text: str, imported: list[tuple[str, str]]) -> None:
    code = source(text)
    aliases = [node for node in ast.walk(parse(code)) if isinstance(node, ast.alias)]
    assert [alias.name for alias in aliases] == [name for name, _ in imported]
    assert str(span_of(code, aliases[-1])) == imported[-1][1]


@pytest.mark.parametrize("text", ["lazy = 1\nlazy\n", "x = 'lazy'\n", "def lazy(): ...\nlazy()\n"])
def test_lazy_is_a_name_like_any_other(text: str) -> None:
    assert ast.unparse(parse(source(text))) == ast.unparse(ast.parse(text))


def test_what_is_no_python_stays_so() -> None:
    with pytest.raises(Undecided, match=r"^app\.py:2 is no syntax of Python "):
        parse(source("lazy import json\nlazy lazy import os os\n"))


@pytest.mark.skipif(sys.version_info >= (3, 15), reason="Python 3.15 knows it")
def test_other_syntax_of_a_newer_python_is_undecided() -> None:
    with pytest.raises(Undecided, match=r"^app\.py:1 is no syntax of Python "):
        parse(source("[*row for row in rows]\n"))


def test_a_module_that_many_facts_ask_for_is_parsed_once() -> None:
    assert parse(source("import flask\n")) is parse(source("import flask\n"))


def test_trees_are_kept_for_a_bounded_amount_of_text() -> None:
    first = source("first = 1\n")
    kept = parse(first)
    for number in range(8):
        parse(source(f"# {number}\n" + "# a long line of text\n" * 4_000))

    assert parse(first) is not kept
