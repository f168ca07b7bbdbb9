"""What the plan rests on without knowing it: what hooks make, a build cache remembers, or a file does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_lint.facts.locks.verdict import LockState
from pydeploy_lint.facts.python.version import DEFAULT_ORIGIN
from pydeploy_lint.report.plan.plan import Line

if TYPE_CHECKING:
    from pydeploy_lint.engine.result import AppReport
    from pydeploy_lint.facts.app import App


def lines(app: App, report: AppReport) -> Iterator[Line]:
    """Each thing that could make the build another one."""
    for maker in app.build.generators:
        yield Line("files", f"{maker} may create or delete files before the Python build looks for them")
    if report.build.python_version_origin == DEFAULT_ORIGIN:
        yield Line("python", "an app that was built before stays with the series of its build cache")
    if app.packages.install_set and not app.packages.install_set.complete:
        yield Line("packages", f"{app.packages.install_set.file} names what is asked for, not all that comes with it")
    if app.lock.verdict and app.lock.verdict.state is LockState.UNDECIDED:
        for reason in app.lock.verdict.reasons:
            yield Line("lock", f"whether the lock is up to date: {reason.message}")
    if app.lock.uv_answer and app.lock.uv_answer.fresh is None:
        yield Line("lock", f"uv was asked, and could not tell: {app.lock.uv_answer.text}")
    for unknown in app.processes.undecided:
        yield Line("processes", unknown.text, unknown.at)
    for why in app.django.undecided if app.django else ():
        yield Line("settings", why)
    for note in report.notifications:
        yield Line("unread", note.message, note.at)
