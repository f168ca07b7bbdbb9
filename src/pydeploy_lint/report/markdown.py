"""Markdown: totals and a row for each app, for job summaries, issues and wikis."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydeploy_lint.report.common.comparison import lines as comparison_lines
from pydeploy_lint.report.common.document import Document
from pydeploy_lint.report.common.neutral import inert, visible
from pydeploy_lint.report.common.row import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydeploy_lint.engine.result import AppReport, Unjudged
    from pydeploy_lint.report.common.document import Closing, Head
    from pydeploy_lint.report.common.terminal import Terminal
    from pydeploy_lint.report.common.totals import Totals

COLUMNS = {
    "app": "path",
    "verdict": "verdict",
    "reason": "reason",
    "Python": "python",
    "manager": "package_manager",
    "stack": "stack",
    "deploys until": "deploys_until",
    "errors": "errors",
    "warnings": "warnings",
}
"""The heads of the columns, and the cells of the row."""
AS_CODE = ("path", "reason")
PUNCTUATION = re.compile(r"([\\`*_\[\]<>()#|~&!:])")
"""What has a meaning within a line. A backslash takes it away. Source: CommonMark 0.31, "Backslash escapes"."""


def document(head: Head, terminal: Terminal | None) -> Document:
    """The report in Markdown, written at the end, as the totals come first; equal reports give equal bytes."""
    return _Markdown(head, terminal)


class _Markdown(Document):
    def __init__(self, head: Head, terminal: Terminal | None) -> None:
        super().__init__(head, terminal)
        self._rows: list[str] = []

    def app(self, app: AppReport) -> str:
        """See `Document.app`."""
        if not app.skipped:
            self._rows.append(_app(Row.of(app)))
        return ""

    def unjudged(self, unjudged: Unjudged) -> str:
        """See `Document.unjudged`."""
        self._rows.append(_app(Row.of_unjudged(unjudged)))
        return ""

    def end(self, closing: Closing) -> Iterator[str]:
        """See `Document.end`."""
        yield _lines(["## Would Heroku build it?", "", f"**{_text(closing.totals.sentence)}**"])
        for notification in self.head.notifications:
            yield _lines(["", f"{notification.severity.label}: {_text(str(notification))}"])
        if self._rows:
            yield _lines(["", *_head(COLUMNS)])
            yield from self._rows
        yield _lines(_totals(closing.totals))
        if closing.comparison:
            sentence, *changes = comparison_lines(closing.comparison)
            items = [f"- {_code(change)}" for change in changes]
            yield _lines(["", f"**{_text(sentence)}**", *([""] if items else []), *items])


def _app(row: Row) -> str:
    cells = row._asdict()
    return _lines([_row(_code(cells[name]) if name in AS_CODE else _text(cells[name]) for name in COLUMNS.values())])


def _totals(totals: Totals) -> Iterator[str]:
    if totals.found:
        yield from ("", *_head(["check", "apps", "findings"]))
        yield from (_row([_code(row.check), str(row.apps), str(row.findings)]) for row in totals.found)
    if totals.stops:
        yield from ("", *_head(["no longer deployed from", "why", "apps"]))
        for stop in totals.stops:
            expected = " (expected, not announced)" if stop.expected else ""
            yield _row([stop.date, _text(stop.reason + expected), str(stop.apps)])


def _head(names: Iterable[str]) -> list[str]:
    names = list(names)
    return [_row(names), _row(["---"] * len(names))]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _text(text: str) -> str:
    return PUNCTUATION.sub(r"\\\1", visible(text))


def _code(text: str) -> str:
    """Text in which nothing is Markdown and nobody is mentioned."""
    shown = visible(text).replace("|", r"\|")
    if not shown.strip():
        return ""
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", shown)), default=0))
    space = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) else ""
    return f"{fence}{space}{shown}{space}{fence}"


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{inert(line)}\n" for line in lines)
