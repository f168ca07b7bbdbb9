"""What the user wants to hear of the findings: which checks, with which severity, and which are answered already."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydeploy_lint.engine.baseline.known import Baseline
    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.engine.result import AppReport
    from pydeploy_lint.engine.suppress.model import Suppression
    from pydeploy_lint.finding import Finding


class Reporting(NamedTuple):
    """What is reported; the facts and the prediction of the build do not depend on it."""

    select: tuple[str, ...] = ()
    """The checks and families to report; none: all."""
    ignore: tuple[str, ...] = ()
    """The checks and families not to report."""
    severity: Mapping[str, Severity] = {}
    """By check: the severity to report instead of the check's own."""
    fail_on: Severity | None = Severity.WARNING
    """The lowest severity that makes the exit status 1; None: nothing that is found does."""
    suppress: tuple[Suppression, ...] = ()
    """The suppressions of the configuration."""
    suppressions: bool = True
    """Whether suppressions count, in comments and in the configuration."""
    undated: bool = True
    """Whether suppressions without an end count, too."""
    baseline: Baseline | None = None
    """The findings that are already known."""

    def fails(self, findings: Iterable[Finding]) -> bool:
        """Whether the exit status is 1 because of some findings."""
        fail_on = self.fail_on
        return fail_on is not None and any(finding.severity >= fail_on for finding in findings)


EVERYTHING = Reporting()


def filtered(report: AppReport, reporting: Reporting, registry: Registry) -> AppReport:
    """A report without what the user does not want to hear."""
    kept = (
        each._replace(finding=finding)
        for each in report.suppressed
        for finding in wanted([each.finding], reporting, registry)
    )
    return report._replace(
        findings=wanted(report.findings, reporting, registry),
        suppressed=tuple(kept),
        silenced=silenced(reporting, registry),
    )


def wanted(findings: Iterable[Finding], reporting: Reporting, registry: Registry) -> tuple[Finding, ...]:
    """The findings of the selected checks, without those of the ignored ones, with the severities asked for."""
    silent = silenced(reporting, registry)
    return tuple(
        finding._replace(severity=reporting.severity.get(finding.check, finding.severity))
        for finding in findings
        if finding.check not in silent
    )


def silenced(reporting: Reporting, registry: Registry) -> frozenset[str]:
    """The checks that are not selected, or ignored."""
    not_selected = registry.checks.keys() - registry.expand(reporting.select) if reporting.select else frozenset()
    return registry.expand(reporting.ignore) | not_selected
