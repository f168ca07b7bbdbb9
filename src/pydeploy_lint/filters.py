"""What the user wants to hear of the findings: which checks, and with which severity."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint.finding import Finding
    from pydeploy_lint.options import Options
    from pydeploy_lint.registry import Registry


def wanted(findings: Iterable[Finding], options: Options, registry: Registry) -> tuple[Finding, ...]:
    """The findings of the selected checks, without those of the ignored ones, with the severities asked for."""
    selected = registry.expand(options.select) if options.select else frozenset(registry.checks)
    reported = selected - registry.expand(options.ignore)
    return tuple(
        finding._replace(severity=options.severity.get(finding.check, finding.severity))
        for finding in findings
        if finding.check in reported
    )
