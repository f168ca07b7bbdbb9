"""The verdict on a lock beside what uv 0.12.5 said of it, through the checks; see ``cases.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydeploy_checks.locks import invalid_lockfile, stale_lockfile

from pydeploy_lint.engine import run as engine
from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import open_app, write_tree
from tests.facts.locks.cases import CASES
from tests.facts.locks.vectors import vectors

if TYPE_CHECKING:
    from pathlib import Path

RECORDED = vectors("uv-cases")


def test_all_cases_are_recorded() -> None:
    recorded = [case["name"] for case in RECORDED]
    assert recorded == [case.name for case in CASES], "run: python tools/record_lock_cases.py"


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in RECORDED])
def test_agrees_with_uv(tmp_path: Path, case: dict[str, Any]) -> None:
    write_tree(tmp_path, {".python-version": "3.12\n", **case["tree"]})
    report = engine.run(open_app(tmp_path, {"buildpack": "v351"}), [stale_lockfile, invalid_lockfile])
    findings = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    assert bool(findings) == case["fails"], (case["said"], findings)
