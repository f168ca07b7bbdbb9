"""The order of findings for people: first what stops the build, as the build meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.finding import Severity
from pydeploy_lint.heroku.steps import STOPS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint.finding import Finding

_STEPS = {reason: number for number, reason in enumerate(STOPS)}


def most_urgent_first(findings: Iterable[Finding]) -> list[Finding]:
    """What stops the build in the order in which it does, then the rest by severity; else the order stays."""
    return sorted(findings, key=lambda finding: (_step(finding), -finding.severity))


def _step(finding: Finding) -> int:
    stops = finding.failure_reason is not None and finding.severity is Severity.ERROR
    return _STEPS.get(finding.failure_reason or "", len(_STEPS)) if stops else len(_STEPS)
