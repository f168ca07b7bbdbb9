"""The output formats by name; the module of a format is imported when its first report is written."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from pydeploy_lint.report.common.concealed import concealed

if TYPE_CHECKING:
    from pydeploy_lint.engine.result import Report
    from pydeploy_lint.report.common.terminal import Terminal

FORMATS = {
    "full": "pydeploy_lint.report.full",
    "text": "pydeploy_lint.report.full",
    "concise": "pydeploy_lint.report.concise",
    "json": "pydeploy_lint.report.json",
    "sarif": "pydeploy_lint.report.sarif",
    "github": "pydeploy_lint.report.github",
    "gitlab": "pydeploy_lint.report.gitlab",
    "junit": "pydeploy_lint.report.junit",
    "markdown": "pydeploy_lint.report.markdown",
    "html": "pydeploy_lint.report.html.page",
}
"""The module of each format: it has a function ``render(report, terminal)`` that returns the whole document."""

FOR_PEOPLE = ("full", "text", "concise")
"""The formats that a terminal shows; ``text`` is another name of ``full``."""


def render(name: str, report: Report, terminal: Terminal | None = None) -> str:
    """A report in one of the `FORMATS`, ready to be written; one that is not empty ends with a line end.

    What may be a credential is masked here, whatever the format.

    Args:
        name: the format's name.
        report: the results.
        terminal: where a person will read it; None for a file or a pipe.
    """
    document: str = importlib.import_module(FORMATS[name]).render(concealed(report), terminal)
    return document
