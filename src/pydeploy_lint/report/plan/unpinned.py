"""The steps of the build with Heroku's current release, for an app that is pinned to another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.report.plan import steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.engine.result import AppReport
    from pydeploy_lint.facts.app import App
    from pydeploy_lint.report.plan.plan import Line


def lines(app: App, report: AppReport) -> Iterator[Line]:
    """The build without the pin, step by step; nothing where there is none."""
    if report.current:
        current = report._replace(build=report.current.build, findings=report.current.findings)
        yield from steps.lines(app.unpinned, current)
