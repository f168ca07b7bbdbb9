"""What the user wants to hear of the findings: which checks, and with which severity."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.finding import Finding
    from pydeploy_lint.settings.options import Options


def wanted(findings: Iterable[Finding], options: Options, registry: Registry) -> tuple[Finding, ...]:
    """The findings of the selected checks, without those of the ignored ones, with the severities asked for."""
    silent = silenced(options, registry)
    return tuple(
        finding._replace(severity=options.severity.get(finding.check, finding.severity))
        for finding in findings
        if finding.check not in silent
    )


def silenced(options: Options, registry: Registry) -> frozenset[str]:
    """The checks that are not selected, or ignored."""
    not_selected = registry.checks.keys() - registry.expand(options.select) if options.select else frozenset()
    return registry.expand(options.ignore) | not_selected
