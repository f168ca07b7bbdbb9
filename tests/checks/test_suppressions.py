"""Tests of the fix for comments that suppress nothing; what is reported is tested in tests/suppress."""

from __future__ import annotations

import pytest
from pydeploy_checks.suppressions import unused_suppression

from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.files.source import Source
from pydeploy_lint.testing import lint_files

COMMENT = "# pydeploy-lint: ignore[unpinned-requirements] why"
CHECKS = tuple(load_registry().checks.values())


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        (f"six==1.17.0  {COMMENT}\r\nflask==3.1.2\r\n", "six==1.17.0\r\nflask==3.1.2\r\n"),
        (f"six==1.17.0  # pin # {COMMENT[2:]}", "six==1.17.0  # pin"),
        (f"  {COMMENT}  \nsix==1.17.0\n", "six==1.17.0\n"),
        (f"{COMMENT}\r\nsix==1.17.0", "six==1.17.0"),
        (f"six==1.17.0\n{COMMENT}", "six==1.17.0\n"),
        (f"\ufeff{COMMENT}\nsix==1.17.0\n", "\ufeffsix==1.17.0\n"),
    ],
)
def test_an_unused_comment_is_deleted(text: str, fixed: str) -> None:
    (finding,) = [
        finding
        for finding in lint_files({"requirements.txt": text, ".python-version": "3.13\n"}, CHECKS)
        if finding.check == unused_suppression.name
    ]
    assert finding.fix is not None
    assert finding.fix.safe
    source = Source("requirements.txt", text.encode())
    assert source.edited((edit.span, edit.text or "") for edit in finding.fix.edits) == fixed.encode()


@pytest.mark.parametrize("names", ["", "unpinned", "unpinned-requirements, outdated-patch"])
def test_a_comment_that_may_be_meant_otherwise_is_left_alone(names: str) -> None:
    text = f"# pydeploy-lint: ignore[{names}] why\nsix==1.17.0\n"
    found = [
        finding
        for finding in lint_files({"requirements.txt": text, ".python-version": "3.13\n"}, CHECKS)
        if finding.check == unused_suppression.name
    ]
    assert [finding.fix for finding in found] == [None] * max(1, names.count(",") + 1)
