"""The lines that both text formats consist of: findings, notifications, what is suppressed, the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.engine.suppress.model import Origin
from pydeploy_lint.finding import Severity
from pydeploy_lint.report.common.neutral import visible
from pydeploy_lint.report.common.paths import typed_place
from pydeploy_lint.report.common.summary import Verdict, comparison, fixable, outlook, summary

if TYPE_CHECKING:
    from pydeploy_lint.engine.result import AppReport, Notification
    from pydeploy_lint.engine.suppress.model import Suppressed, Suppression
    from pydeploy_lint.finding import Finding
    from pydeploy_lint.report.common.terminal import Terminal

PLACE = "1"
SEVERITY_STYLES = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}
VERDICT_STYLES = {Verdict.BUILDS: "1;32", Verdict.DOUBTFUL: "1;33", Verdict.FAILS: "1;31", Verdict.REJECTED: "1;31"}
INDENT = "    "


def heading(app: AppReport) -> str:
    """What tells an app from the others in a report."""
    return visible(app.path if app.rev is None else f"{app.path} at {app.rev}")


def finding_line(finding: Finding, app_path: str, terminal: Terminal) -> str:
    """Place, severity, check and message; it says so where the files alone do not decide."""
    label = f"{finding.severity.label}[{finding.check}]"
    message = finding.message if finding.certain else f"may apply: {finding.message}"
    return _finding_line(finding, label, message, app_path, terminal)


def related_lines(finding: Finding, app_path: str) -> list[str]:
    """The other places that a finding is about."""
    return [f"{visible(typed_place(app_path, each.at))}: {visible(each.message)}" for each in finding.related]


def suppressed_line(suppressed: Suppressed, app_path: str, terminal: Terminal) -> str:
    """A finding that is not reported."""
    finding = suppressed.finding
    label = f"suppressed {finding.severity.label}[{finding.check}]"
    return _finding_line(finding, label, finding.message, app_path, terminal)


def answer(suppression: Suppression, app_path: str) -> str:
    """Why a finding is not reported, and who says so where."""
    reason = suppression.reason or "no reason given"
    if suppression.at and suppression.origin is not Origin.BASELINE:
        until = f", until {suppression.until}" if suppression.until else ""
        reason = f"{typed_place(app_path, suppression.at)}{until}: {reason}"
    return visible(reason)


def notification_line(notification: Notification, app_path: str, terminal: Terminal) -> str:
    """Something that could not be decided."""
    place = typed_place(app_path, notification.at) if notification.at else "pydeploy-lint"
    label = terminal.paint(f"{notification.severity.label}:", SEVERITY_STYLES[notification.severity])
    return _line(place, label, notification.message, terminal)


def verdict_lines(app: AppReport, terminal: Terminal) -> str:
    """The verdict, what would be without a pin, until when the app can be deployed, what can be fixed."""
    verdict, sentence = summary(app)
    more = [visible(text) for text in (comparison(app), outlook(app), fixable(app)) if text]
    lines = [terminal.paint(line, VERDICT_STYLES[verdict]) for line in terminal.wrap(visible(sentence).split())]
    return "\n".join([*lines, *(line for text in more for line in terminal.wrap(text.split()))])


def _finding_line(finding: Finding, label: str, message: str, app_path: str, terminal: Terminal) -> str:
    label = terminal.link(terminal.paint(visible(label), SEVERITY_STYLES[finding.severity]), finding.url)
    return _line(typed_place(app_path, finding.at), label, message, terminal)


def _line(place: str, label: str, message: str, terminal: Terminal) -> str:
    words = [terminal.paint(visible(f"{place}:"), PLACE), label, *visible(message).split(" ")]
    return "\n".join(terminal.wrap(words))
