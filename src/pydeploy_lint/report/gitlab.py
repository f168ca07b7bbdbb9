"""GitLab's code quality report, shown in merge requests and beside the changed lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.finding import Severity
from pydeploy_lint.report.common.commands import help_from
from pydeploy_lint.report.common.fingerprint import fingerprinted
from pydeploy_lint.report.common.neutral import json_text, visible
from pydeploy_lint.report.common.paths import RepositoryPaths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint.engine.result import Report
    from pydeploy_lint.finding import Finding
    from pydeploy_lint.report.common.paths import Where
    from pydeploy_lint.report.common.terminal import Terminal

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}
STOPS_THE_BUILD = "blocker"
"""An error with which the build itself ends."""


def render(report: Report, _terminal: Terminal | None) -> str:
    """The report as a JSON array with an object for each finding that is not suppressed; equal reports, equal bytes.

    What went wrong in the run has no place in a file, and so none here: the exit status and standard error tell it.
    """
    paths = RepositoryPaths(app.path for app in report.apps)
    return json_text(
        [
            _issue(finding, paths.of(app.path), fingerprint)
            for app, finding, suppression, fingerprint in fingerprinted(report.apps, paths)
            if suppression is None
        ]
    )


def _issue(finding: Finding, where: Where, fingerprint: str) -> dict[str, object]:
    stops = finding.severity is Severity.ERROR and finding.failure_reason is not None
    return {
        "type": "issue",
        "check_name": finding.check,
        "description": visible(finding.message),
        "content": {"body": "\n".join(_details(finding, where))},
        "categories": ["Compatibility"],
        "severity": STOPS_THE_BUILD if stops else SEVERITIES[finding.severity],
        "fingerprint": fingerprint,
        "location": {
            "path": visible(where(finding.at.path)),
            # GitLab wants a line, even of a file that is missing.
            "lines": {"begin": finding.at.line or 1, "end": finding.at.end_line or 1},
        },
    }


def _details(finding: Finding, where: Where) -> Iterable[str]:
    yield from (visible(line) for line in help_from(where("."), finding.help).splitlines())
    if finding.url:
        yield from (["", finding.url] if finding.help else [finding.url])
