"""The promises of SECURITY.md have the tests that it names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
SECTIONS = re.compile(r"^### .*\n((?:(?!^##).*\n)*)", re.MULTILINE)


def test_the_tests_exist() -> None:
    named = NAMED.findall((ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    assert len(named) > 25
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{path}::{name}"


def test_every_promise_is_tested() -> None:
    promises = SECTIONS.findall((ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    assert len(promises) == 8
    assert all(NAMED.search(promise) for promise in promises)
