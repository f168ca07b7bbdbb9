"""What both text formats have in common: apps one after the other, with headings where there are several."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING

from pydeploy_lint.report.common.comparison import lines as comparison_lines
from pydeploy_lint.report.common.document import Document
from pydeploy_lint.report.common.neutral import inert, visible
from pydeploy_lint.report.common.terminal import PIPE
from pydeploy_lint.report.common.totals import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydeploy_lint.engine.result import AppReport, Notification, Unjudged
    from pydeploy_lint.report.common.document import Closing, Head
    from pydeploy_lint.report.common.terminal import Terminal

TOTALS = "1"
MANY = 10
"""Apps from which on a table says what was found in how many; of fewer, the reports above say it as well."""


class Text(Document):
    """A report of blocks, each of one or more lines."""

    def __init__(self, head: Head, terminal: Terminal | None) -> None:
        super().__init__(head, terminal)
        self.shown = terminal or PIPE
        self._number = 0

    def begin(self) -> str:
        """See `Document.begin`."""
        return _lines(map(self.notification, self.head.notifications))

    def app(self, app: AppReport) -> str:
        """See `Document.app`; what is no app is only counted."""
        if app.skipped or self.head.only_totals:
            return ""
        self._number += 1
        between = [""] if self._number > 1 else []
        return _lines([*between, *self.blocks(app)])

    def unjudged(self, unjudged: Unjudged) -> str:
        """See `Document.unjudged`."""
        self._number += 1
        between = [""] if self._number > 1 else []
        return _lines([*between, self.notification(unjudged.why)])

    def end(self, closing: Closing) -> Iterator[str]:
        """What is known of several apps together; of many, also what is found in how many of them."""
        totals = closing.totals
        between = [""] if self._number else []
        if self.head.several or self.head.only_totals:
            yield _lines([*between, self.shown.paint(totals.sentence, TOTALS)])
            between = [""]
        in_detail = list(tables(totals)) if totals.apps >= MANY or self.head.only_totals else []
        if in_detail:
            yield _lines(["", *in_detail])
        if closing.comparison:
            yield _lines([*between, *map(visible, comparison_lines(closing.comparison))])

    @abc.abstractmethod
    def notification(self, notification: Notification) -> str:
        """The block of something that concerns no single app."""

    @abc.abstractmethod
    def blocks(self, app: AppReport) -> Iterator[str]:
        """The blocks of an app, with a heading if it is one of several."""


def _lines(blocks: Iterable[str]) -> str:
    return "".join(f"{inert(line)}\n" for block in blocks for line in block.split("\n"))
