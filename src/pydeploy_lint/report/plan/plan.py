"""What Heroku will do with an app, in the order in which it does it, and what could not be told from the files.

Each section is a function of its own, which knows one part of the facts; a new one is a line in `SECTIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.finding import Span

if TYPE_CHECKING:
    from pydeploy_lint.engine.result import AppReport
    from pydeploy_lint.facts.app import App


class Line(NamedTuple):
    """One line of the plan."""

    label: str
    """One or two words."""
    text: str
    at: Span | None = None
    """The place in the app that says so."""
    stops: bool = False
    """Whether the build stops here."""


class Section(NamedTuple):
    """A part of the plan."""

    title: str
    lines: tuple[Line, ...]


SECTIONS = {
    "What the build does": "pydeploy_lint.report.plan.steps",
    "What it would do without the pin to that release": "pydeploy_lint.report.plan.unpinned",
    "What is started": "pydeploy_lint.report.plan.processes",
    "What Django's settings say": "pydeploy_lint.report.plan.django",
    "What cannot be told": "pydeploy_lint.report.plan.undecided",
}
"""Title and module of each section, in order; the module has a function ``lines(app, report)``."""


def plan(app: App, report: AppReport) -> tuple[Section, ...]:
    """The plan for an app; sections without a line are left out."""
    sections = (Section(title, tuple(_lines(app, report, module))) for title, module in SECTIONS.items())
    return tuple(section for section in sections if section.lines)


def _lines(app: App, report: AppReport, module: str) -> Iterator[Line]:
    read: Callable[[App, AppReport], Iterator[Line]] = import_module(module).lines
    try:
        yield from read(app, report)
    except FileProblem as problem:
        yield Line("unknown", f"{problem.at.path} {problem.message}", problem.at)
