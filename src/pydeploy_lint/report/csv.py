"""CSV: a row for each app, for spreadsheets and databases, written as soon as the app is judged."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pydeploy_lint.report.common.document import Document
from pydeploy_lint.report.common.neutral import inert, visible
from pydeploy_lint.report.common.row import Row

if TYPE_CHECKING:
    from pydeploy_lint.engine.result import AppReport, Unjudged
    from pydeploy_lint.report.common.document import Head
    from pydeploy_lint.report.common.terminal import Terminal

FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet takes for the beginning of a formula."""


def document(head: Head, terminal: Terminal | None) -> Document:
    """The report as CSV; equal reports give equal bytes."""
    return _Csv(head, terminal)


class _Csv(Document):
    def begin(self) -> str:
        """The names of the columns."""
        return _line(Row._fields)

    def app(self, app: AppReport) -> str:
        """See `Document.app`."""
        return _line(Row.of(app))

    def unjudged(self, unjudged: Unjudged) -> str:
        """See `Document.unjudged`."""
        return _line(Row.of_unjudged(unjudged))


def _line(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([_harmless(visible(cell)) for cell in cells])
    return inert(text.getvalue())


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet computes."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
