"""The format for people: each finding with its source line, how to fix it, and the link; the same in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.report.common.commands import help_from
from pydeploy_lint.report.common.excerpt import excerpt
from pydeploy_lint.report.common.neutral import visible
from pydeploy_lint.report.common.order import most_urgent_first
from pydeploy_lint.report.text.apps import Text
from pydeploy_lint.report.text.lines import (
    INDENT,
    SEVERITY_STYLES,
    answer,
    finding_line,
    heading,
    notification_line,
    related_lines,
    suppressed_line,
    verdict_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.engine.result import AppReport, Notification
    from pydeploy_lint.finding import Finding
    from pydeploy_lint.report.common.document import Document, Head
    from pydeploy_lint.report.common.terminal import Terminal

HEADING, LINK = "1;4", "4;34"
WIDEST_EXCERPT = 160
"""Columns; in a pipe, a lock file on one line would be shown whole."""


def document(head: Head, terminal: Terminal | None) -> Document:
    """The report as text, with colours and line breaks as the terminal wants them; a pipe gets neither."""
    return _Full(head, terminal)


class _Full(Text):
    def notification(self, notification: Notification) -> str:
        """See `Text.notification`."""
        return f"{notification_line(notification, '.', self.shown)}\n"

    def blocks(self, app: AppReport) -> Iterator[str]:
        """See `Text.blocks`."""
        terminal = self.shown
        if self.head.several:
            yield f"{terminal.paint(heading(app), HEADING)}\n"
        for finding in most_urgent_first(app.findings):
            yield "\n".join([finding_line(finding, app.path, terminal), *details(finding, app.path, terminal), ""])
        for suppressed in app.suppressed if self.head.show_suppressed else ():
            reason = terminal.wrap(answer(suppressed.by, app.path).split(), INDENT, INDENT)
            yield "\n".join([suppressed_line(suppressed, app.path, terminal), *reason, ""])
        for notification in app.unreported:
            yield f"{notification_line(notification, app.path, terminal)}\n"
        yield verdict_lines(app, terminal)


def details(finding: Finding, app_path: str, terminal: Terminal) -> Iterator[str]:
    """What follows the first line of a finding: its source line, the other places, how to fix it, and the link."""
    quoted = excerpt(finding, min(terminal.columns, WIDEST_EXCERPT) - len(INDENT))
    if quoted:
        yield ""
        yield INDENT + quoted.source
        yield INDENT + quoted.margin + terminal.paint(quoted.mark, SEVERITY_STYLES[finding.severity])
    for number, place in enumerate(related_lines(finding, app_path)):
        if not number:
            yield ""
        yield from terminal.wrap(place.split(), INDENT, INDENT)
    if finding.help or finding.url:
        yield ""
    for line in help_from(app_path, finding.help).splitlines():
        if line.startswith(" "):
            # A command, which is copied from here: it stays on one line.
            yield INDENT + visible(line)
        else:
            yield from terminal.wrap(visible(line).split() or [""], INDENT, INDENT)
    if finding.url:
        yield INDENT + terminal.link(terminal.paint(visible(finding.url), LINK), finding.url)
