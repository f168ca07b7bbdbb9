"""The output formats by name; the module of a format is imported when its first report is written."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from pydeploy_lint.report.common.concealed import concealed
from pydeploy_lint.report.common.document import Closing, Head

if TYPE_CHECKING:
    from pydeploy_lint.engine.result import Report
    from pydeploy_lint.report.common.document import Document
    from pydeploy_lint.report.common.terminal import Terminal

FORMATS = {
    "full": "pydeploy_lint.report.text.full",
    "text": "pydeploy_lint.report.text.full",
    "concise": "pydeploy_lint.report.text.concise",
    "json": "pydeploy_lint.report.json",
    "jsonl": "pydeploy_lint.report.jsonl",
    "csv": "pydeploy_lint.report.csv",
    "sarif": "pydeploy_lint.report.sarif",
    "github": "pydeploy_lint.report.github",
    "gitlab": "pydeploy_lint.report.gitlab",
    "junit": "pydeploy_lint.report.junit",
    "markdown": "pydeploy_lint.report.markdown",
    "html": "pydeploy_lint.report.html.page",
}
"""The module of each format: it has a function ``document(head, terminal)`` that returns a `Document`."""

FOR_PEOPLE = ("full", "text", "concise")
"""The formats that a terminal shows; ``text`` is another name of ``full``."""


def open_document(name: str, head: Head, terminal: Terminal | None = None) -> Document:
    """A report in one of the `FORMATS`, to be written piece by piece.

    Args:
        name: the format's name.
        head: what is known before the first app.
        terminal: where a person will read it; None for a file or a pipe.
    """
    document: Document = importlib.import_module(FORMATS[name]).document(head, terminal)
    return document


def render(name: str, report: Report, terminal: Terminal | None = None) -> str:
    """A whole report in one of the `FORMATS`; one that is not empty ends with a line end.

    What may be a credential is masked here, whatever the format.

    Args:
        name: the format's name.
        report: the results.
        terminal: where a person will read it; None for a file or a pipe.
    """
    report = concealed(report)
    document = open_document(name, Head.of(report), terminal)
    closing = Closing()
    for app in report.apps:
        closing.add(app)
    for unjudged in report.unjudged:
        closing.totals.add_unjudged(unjudged)
    pieces = [document.begin(), *map(document.app, report.apps), *map(document.unjudged, report.unjudged)]
    return "".join([*pieces, *document.end(closing)])
