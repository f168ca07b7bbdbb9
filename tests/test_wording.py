"""Plain English: phrases that no message, help, page or docstring may hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BANNED = {
    r"stops? to (?:deploy|work|build|maintain)": "stops deploying, cannot be deployed",
    r"\bmend(?:s|ed|ing)?\b": "fix",
    r"\banew\b": "again",
    r"\bheeds?\b|\bheeded\b": "ignore, respect",
    r"\bat hand\b": "available",
    r"\bis to come from\b": "is installed from",
    r"\bgoes? before\b|\bgo before\b": "takes precedence over",
    r"\bbehind the (?:brackets|version|comment)\b": "after",
    r"for out of date": "considers ... out of date",
    r"\bpass(?:es|ed)? over\b": "ignore, skip",
    r"\bway out\b": "how to fix it",
    r"\brefuses? the (?:app|push)\b|\brefuses? apps\b": "rejects the push",
    r"\bfor ever\b": "endlessly",
    r"\bwhile typing\b": "as you type",
    r"\buntold\b": "unknown",
    r"\bdecide for one\b": "decide on one",
    r"\bthat is of \d{4}": "(date)",
    r"\bput(?:s)? in (?:its|their) place\b": "replace",
    r"\bin its stead\b|\bin their stead\b": "instead",
    r"\bhas learned since\b": "fixes added since",
    r"\bare both there\b|\bare all there\b": "found both",
    r"\bkeep(?:s)? back\b|\bkept back\b": "suppress",
}
"""Patterns, and what to write instead."""
ALLOWED = re.compile(r"wording|CHANGELOG")


def texts() -> Iterator[tuple[str, int, str]]:
    """Every text that a person reads: pages, and the strings and docstrings of the code."""
    for page in [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "SECURITY.md",
        *sorted((ROOT / "docs").glob("*.md")),
    ]:
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            yield str(page.relative_to(ROOT)), number, line
    for folder in ("src", "checks", "tools", "benchmarks", "examples/plugin"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield str(path.relative_to(ROOT)), node.lineno, node.value


@pytest.mark.parametrize("pattern", BANNED)
def test_no_text_has_a_banned_phrase(pattern: str) -> None:
    found = [
        f"{path}:{number}: {match[0]!r}: write {BANNED[pattern]!r}"
        for path, number, text in texts()
        if (match := re.search(pattern, text, re.IGNORECASE))
    ]
    assert found == []
