"""JSON Lines: one object on each line for each app, written as soon as it is judged, and a last one with the totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.report.common.document import Document
from pydeploy_lint.report.common.neutral import json_text
from pydeploy_lint.report.json import SCHEMA_VERSION, app_object, notification_object, unjudged_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydeploy_lint.engine.result import AppReport, Unjudged
    from pydeploy_lint.report.common.document import Closing, Head
    from pydeploy_lint.report.common.terminal import Terminal


def document(head: Head, terminal: Terminal | None) -> Document:
    """The report as JSON Lines; equal reports give equal bytes."""
    return _JsonLines(head, terminal)


class _JsonLines(Document):
    def begin(self) -> str:
        """What concerns no single app."""
        where = self.head.paths.of(".")
        return "".join(self._line("notification", notification_object(each, where)) for each in self.head.notifications)

    def app(self, app: AppReport) -> str:
        """See `Document.app`."""
        return self._line("app", app_object(app, self.head.paths))

    def unjudged(self, unjudged: Unjudged) -> str:
        """See `Document.unjudged`."""
        return self._line("notification", unjudged_object(unjudged, self.head.paths))

    def end(self, closing: Closing) -> Iterator[str]:
        """See `Document.end`."""
        if closing.comparison:
            yield self._line("comparison", closing.comparison.as_object())
        yield self._line("totals", closing.totals.as_object())

    def _line(self, kind: str, value: Mapping[str, object]) -> str:
        tool = {"name": "pydeploy-lint", "version": self.head.version}
        return json_text({"schema_version": SCHEMA_VERSION, "kind": kind, "tool": tool, **value}, indent=None)
