"""The format for people: a line for each finding; on a terminal also the source line, the way out and the link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.engine.suppress.model import Origin
from pydeploy_lint.finding import Severity
from pydeploy_lint.report.common.excerpt import excerpt
from pydeploy_lint.report.common.neutral import inert, visible
from pydeploy_lint.report.common.paths import typed_place
from pydeploy_lint.report.common.summary import Verdict, comparison, fixable, summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.engine.result import AppReport, Notification, Report
    from pydeploy_lint.engine.suppress.model import Suppressed
    from pydeploy_lint.finding import Finding
    from pydeploy_lint.report.common.terminal import Terminal

HEADING, PLACE, LINK = "1;4", "1", "4;34"
SEVERITY_STYLES = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}
VERDICT_STYLES = {Verdict.BUILDS: "1;32", Verdict.DOUBTFUL: "1;33", Verdict.REJECTED: "1;31"}
INDENT = "    "


def render(report: Report, terminal: Terminal | None) -> str:
    """The report as text: in the long form on a terminal, else with one line for each finding."""
    return "".join(f"{inert(line)}\n" for block in _blocks(report, terminal) for line in block.split("\n"))


def _blocks(report: Report, terminal: Terminal | None) -> Iterator[str]:
    for notification in report.notifications:
        yield _notification(notification, ".", terminal)
    for number, app in enumerate(report.apps):
        if number:
            yield ""
        if len(report.apps) > 1:
            yield _heading(app, terminal)
        for finding in app.findings:
            yield _finding(finding, app.path, terminal)
        for suppressed in app.suppressed if report.show_suppressed else ():
            yield _suppressed(suppressed, app.path, terminal)
        for notification in app.unreported:
            yield _notification(notification, app.path, terminal)
        yield _summary(app, terminal)


def _heading(app: AppReport, terminal: Terminal | None) -> str:
    name = visible(app.path if app.rev is None else f"{app.path} at {app.rev}")
    return terminal.paint(name, HEADING) + "\n" if terminal else f"{name}:"


def _finding(finding: Finding, app_path: str, terminal: Terminal | None) -> str:
    label = f"{finding.severity.label}[{finding.check}]"
    statement = _statement(typed_place(app_path, finding.at), label, finding.severity, finding.message, terminal)
    return "\n".join([statement, *_details(finding, terminal), ""]) if terminal else statement


def _suppressed(suppressed: Suppressed, app_path: str, terminal: Terminal | None) -> str:
    finding, by = suppressed
    label = f"suppressed {finding.severity.label}[{finding.check}]"
    statement = _statement(typed_place(app_path, finding.at), label, finding.severity, finding.message, terminal)
    reason = by.reason or "no reason given"
    if by.at and by.origin is not Origin.BASELINE:
        until = f", until {by.until}" if by.until else ""
        reason = f"{typed_place(app_path, by.at)}{until}: {reason}"
    reason = visible(reason)
    if terminal is None:
        return f"{statement} ({reason})"
    return "\n".join([statement, *terminal.wrap(reason.split(), INDENT, INDENT), ""])


def _notification(notification: Notification, app_path: str, terminal: Terminal | None) -> str:
    place = typed_place(app_path, notification.at) if notification.at else "pydeploy-lint"
    label = f"{notification.severity.label}:"
    statement = _statement(place, label, notification.severity, notification.message, terminal)
    return f"{statement}\n" if terminal else statement


def _statement(place: str, label: str, severity: Severity, message: str, terminal: Terminal | None) -> str:
    place, label, message = visible(f"{place}:"), visible(label), visible(message)
    if terminal is None:
        return f"{place} {label} {message}"
    words = [terminal.paint(place, PLACE), terminal.paint(label, SEVERITY_STYLES[severity]), *message.split()]
    return "\n".join(terminal.wrap(words))


def _details(finding: Finding, terminal: Terminal) -> Iterator[str]:
    quoted = excerpt(finding, terminal.columns - len(INDENT))
    if quoted:
        yield ""
        yield INDENT + quoted.source
        yield INDENT + quoted.margin + terminal.paint(quoted.mark, SEVERITY_STYLES[finding.severity])
    if finding.help or finding.url:
        yield ""
    for line in finding.help.splitlines():
        if line.startswith(" "):
            # A command, which is copied from here: it stays on one line.
            yield INDENT + visible(line)
        else:
            yield from terminal.wrap(visible(line).split() or [""], INDENT, INDENT)
    if finding.url:
        yield INDENT + terminal.paint(visible(finding.url), LINK)


def _summary(app: AppReport, terminal: Terminal | None) -> str:
    verdict, sentence = summary(app)
    more = [visible(text) for text in (comparison(app), fixable(app)) if text]
    if terminal is None:
        return "\n".join([visible(sentence), *more])
    lines = [terminal.paint(line, VERDICT_STYLES[verdict]) for line in terminal.wrap(visible(sentence).split())]
    return "\n".join([*lines, *(line for text in more for line in terminal.wrap(text.split()))])
