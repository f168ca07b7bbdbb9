"""A line for each finding, for editors and for searching."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.report.common.lines import (
    answer,
    finding_line,
    heading,
    notification_line,
    suppressed_line,
    verdict_lines,
)
from pydeploy_lint.report.common.neutral import inert
from pydeploy_lint.report.common.order import most_urgent_first
from pydeploy_lint.report.common.terminal import PIPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.engine.result import Report
    from pydeploy_lint.report.common.terminal import Terminal


def render(report: Report, terminal: Terminal | None) -> str:
    """The report with a line for each finding, however wide the terminal is, and the verdict after each app."""
    shown = PIPE._replace(colour=terminal.colour, links=terminal.links) if terminal else PIPE
    return "".join(f"{inert(line)}\n" for block in _blocks(report, shown) for line in block.split("\n"))


def _blocks(report: Report, terminal: Terminal) -> Iterator[str]:
    for notification in report.notifications:
        yield notification_line(notification, ".", terminal)
    for number, app in enumerate(report.apps):
        if number:
            yield ""
        if len(report.apps) > 1:
            yield f"{heading(app)}:"
        for finding in most_urgent_first(app.findings):
            yield finding_line(finding, app.path, terminal)
        for suppressed in app.suppressed if report.show_suppressed else ():
            yield f"{suppressed_line(suppressed, app.path, terminal)} ({answer(suppressed.by, app.path)})"
        for notification in app.unreported:
            yield notification_line(notification, app.path, terminal)
        yield verdict_lines(app, terminal)
