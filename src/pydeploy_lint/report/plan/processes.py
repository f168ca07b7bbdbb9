"""What is started once the build has succeeded: each process type, and where the web server listens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_lint.report.plan.plan import Line

if TYPE_CHECKING:
    from pydeploy_lint.engine.result import AppReport
    from pydeploy_lint.facts.app import App
    from pydeploy_lint.facts.processes.processes import ProcessType

LONGEST = 200
"""Characters of a command that are shown."""


def lines(app: App, _report: AppReport) -> Iterator[Line]:
    """Each process type of the Procfile."""
    for process in app.processes.types.values():
        rest = "…" if len(process.command) > LONGEST else ""
        yield Line(process.name, process.command[:LONGEST] + rest, process.name_at)
        if process is app.processes.web and process.server:
            yield from _server(process)


def _server(web: ProcessType) -> Iterator[Line]:
    assert web.server is not None
    name = web.server.server.name
    if web.target:
        attribute = f"{web.target.attribute} of " if web.target.attribute else ""
        yield Line("serves", f"{name} serves {attribute}{web.target.module}", web.target.at)
    for bound in web.bindings:
        if bound.binding.host and bound.binding.port:
            default = " by default" if bound.is_default else ""
            yield Line(
                "listens", f"{name} listens on {bound.binding.host}, port {bound.binding.port}{default}", bound.at
            )
