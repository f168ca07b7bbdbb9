"""Annotations on GitHub: a workflow command for each finding.

GitHub shows ten annotations of each kind for a step and fifty for a job, hence errors come first. One without a line
never shows beside the changed files, so a finding about a whole file, even a missing one, is put on line 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.finding import Severity, Span
from pydeploy_lint.report.common.commands import help_from
from pydeploy_lint.report.common.document import Collected
from pydeploy_lint.report.common.neutral import inert, visible

if TYPE_CHECKING:
    from pydeploy_lint.engine.result import Notification, Report
    from pydeploy_lint.finding import Finding
    from pydeploy_lint.report.common.document import Document, Head
    from pydeploy_lint.report.common.paths import RepositoryPaths, Where
    from pydeploy_lint.report.common.terminal import Terminal

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def document(head: Head, terminal: Terminal | None) -> Document:
    """The report, written at the end."""
    return Collected(head, terminal, _render)


def _render(report: Report, paths: RepositoryPaths) -> str:
    """The report as workflow commands; empty where there is nothing to say."""
    commands = [_notification(notification, paths.of(".")) for notification in report.failures]
    for app in report.apps:
        where = paths.of(app.path)
        commands += [_finding(finding, where) for finding in app.findings]
        commands += [_notification(notification, where) for notification in app.unreported]
    commands.sort(key=lambda command: command[0], reverse=True)
    return "".join(f"{text}\n" for _, text in commands)


def _finding(finding: Finding, where: Where) -> tuple[Severity, str]:
    message = "\n\n".join(part for part in (finding.message, help_from(where("."), finding.help), finding.url) if part)
    return finding.severity, _command(finding.severity, finding.check, message, _position(finding.at, where))


def error(message: str) -> str:
    """The command for an error of the run itself."""
    return _command(Severity.ERROR, "pydeploy-lint", message, {})


def _notification(notification: Notification, where: Where) -> tuple[Severity, str]:
    position = _position(notification.at, where) if notification.at else {}
    return notification.severity, _command(notification.severity, "pydeploy-lint", notification.message, position)


def _position(at: Span, where: Where) -> dict[str, object]:
    position: dict[str, object] = {"file": where(at.path), "line": at.line or 1}
    if at.line is not None:
        position["endLine"] = at.end_line
    if at.line is not None and at.line == at.end_line:
        # The runner drops the columns of a stretch of several lines, with a complaint.
        position |= {"col": at.column, "endColumn": at.end_column}
    return position


def _command(severity: Severity, title: str, message: str, position: dict[str, object]) -> str:
    properties = ",".join(
        f"{name}={_escaped(str(value)).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in {**position, "title": title}.items()
    )
    return f"::{COMMANDS[severity]} {properties}::{'%0A'.join(_escaped(line) for line in message.splitlines())}"


def _escaped(line: str) -> str:
    return inert(visible(line)).replace("%", "%25")
