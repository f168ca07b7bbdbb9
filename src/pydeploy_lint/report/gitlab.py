"""GitLab's code quality report, shown in merge requests and beside the changed lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.finding import Severity
from pydeploy_lint.report.common.commands import help_from
from pydeploy_lint.report.common.document import Document
from pydeploy_lint.report.common.fingerprint import Fingerprints
from pydeploy_lint.report.common.json_pieces import Items
from pydeploy_lint.report.common.neutral import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydeploy_lint.engine.result import AppReport, Unjudged
    from pydeploy_lint.finding import Finding
    from pydeploy_lint.report.common.document import Closing, Head
    from pydeploy_lint.report.common.paths import Where
    from pydeploy_lint.report.common.terminal import Terminal

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}
STOPS_THE_BUILD = "blocker"
"""An error with which the build itself ends."""


def document(head: Head, terminal: Terminal | None) -> Document:
    """The report as a JSON array with an object for each finding that is not suppressed; equal reports, equal bytes.

    What went wrong in the run has no place in a file, and so none here: the exit status and standard error report it.
    """
    return _GitLab(head, terminal)


class _GitLab(Document):
    def __init__(self, head: Head, terminal: Terminal | None) -> None:
        super().__init__(head, terminal)
        self._issues = Items(1)
        self._fingerprints = Fingerprints(head.paths)

    def begin(self) -> str:
        """See `Document.begin`."""
        return "["

    def app(self, app: AppReport) -> str:
        """See `Document.app`."""
        where = self.head.paths.of(app.path)
        return "".join(
            self._issues.add(_issue(finding, where, fingerprint))
            for finding, suppression, fingerprint in self._fingerprints.of(app)
            if suppression is None
        )

    def unjudged(self, _unjudged: Unjudged) -> str:
        """Nothing, as it is no finding."""
        return ""

    def end(self, _closing: Closing) -> Iterator[str]:
        """See `Document.end`."""
        yield f"{self._issues.end()}\n"


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
