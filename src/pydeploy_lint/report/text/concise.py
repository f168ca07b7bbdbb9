"""A line for each finding, for editors and for searching."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.report.common.order import most_urgent_first
from pydeploy_lint.report.common.terminal import PIPE
from pydeploy_lint.report.text.apps import Text
from pydeploy_lint.report.text.lines import (
    answer,
    finding_line,
    heading,
    notification_line,
    suppressed_line,
    verdict_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.engine.result import AppReport, Notification
    from pydeploy_lint.report.common.document import Document, Head
    from pydeploy_lint.report.common.terminal import Terminal


def document(head: Head, terminal: Terminal | None) -> Document:
    """The report with a line for each finding, however wide the terminal is, and the verdict after each app."""
    return _Concise(head, terminal and PIPE._replace(colour=terminal.colour, links=terminal.links))


class _Concise(Text):
    def notification(self, notification: Notification) -> str:
        """See `Text.notification`."""
        return notification_line(notification, ".", self.shown)

    def blocks(self, app: AppReport) -> Iterator[str]:
        """See `Text.blocks`."""
        terminal = self.shown
        if self.head.several:
            yield f"{heading(app)}:"
        for finding in most_urgent_first(app.findings):
            yield finding_line(finding, app.path, terminal)
        for suppressed in app.suppressed if self.head.show_suppressed else ():
            yield f"{suppressed_line(suppressed, app.path, terminal)} ({answer(suppressed.by, app.path)})"
        for notification in app.unreported:
            yield notification_line(notification, app.path, terminal)
        yield verdict_lines(app, terminal)
