"""What the plan rests on without knowing it: what hooks make, a build cache remembers, or a file does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_lint.facts.locks.verdict import State
from pydeploy_lint.facts.python.version import DEFAULT
from pydeploy_lint.report.plan.plan import Line

if TYPE_CHECKING:
    from pydeploy_lint.engine.result import AppReport
    from pydeploy_lint.facts.app import App


def lines(app: App, report: AppReport) -> Iterator[Line]:
    """Each thing that could make the build another one."""
    for maker in app.file_makers:
        yield Line("files", f"{maker} may create or delete files before the Python build looks for them")
    if report.build.python_version_origin == DEFAULT:
        yield Line("python", "an app that was built before stays with the series of its build cache")
    if app.install_set and not app.install_set.complete:
        yield Line("packages", f"{app.install_set.file} names what is asked for, not all that comes with it")
    if app.lock_verdict and app.lock_verdict.state is State.UNDECIDED:
        for reason in app.lock_verdict.reasons:
            yield Line("lock", f"whether the lock is up to date: {reason.message}")
    if app.uv_answer and app.uv_answer.fresh is None:
        yield Line("lock", f"uv was asked, and could not tell: {app.uv_answer.text}")
    for unknown in app.processes.undecided:
        yield Line("processes", unknown.text, unknown.at)
    for why in app.django.undecided if app.django else ():
        yield Line("settings", why)
    for note in report.notifications:
        yield Line("unread", note.message, note.at)
