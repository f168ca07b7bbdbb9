"""The ways to an app and a Python that suit each other: another Python, or a project that allows the one of now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_checks.locks import lock_commands
from pydeploy_checks.python.choice import series_for
from pydeploy_checks.python.fixes import upgrade
from pydeploy_lint.plugin import (
    MANIFESTS,
    PIPFILE_LOCK,
    POETRY_PYTHON,
    PYTHON_VERSION,
    Edit,
    FileProblem,
    Fix,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydeploy_lint.plugin import App, Problem, Reason


def suiting_series(app: App, check: Callable[[App], Iterator[Problem]]) -> str | None:
    """A series that Heroku supports and of which a check has nothing to say; None where none is known."""
    series = None if app.is_trial else series_for(app)
    if series is None or app.python.request is None or series == app.python.request.series:
        return None
    try:
        suits = app.policy.status(series) is Status.SUPPORTED and not any(check(app.asking_for(series)))
    except FileProblem:
        return None
    return series if suits else None


def ask_for_series(app: App, series: str) -> Fix | None:
    """Ask for another series where the app asks for one; a suggestion, as it has to be tested."""
    request = app.python.request
    if request is None or not app.policy.rules.reads_python_version_file:
        return None
    if app.python.version_file is None and request.origin != PIPFILE_LOCK:
        return Fix(f"Set {series} in {PYTHON_VERSION}", (Edit.write(PYTHON_VERSION, f"{series}\n"),), safe=False)
    return upgrade(app, request, series)


def allow_python(app: App, manager: str, reason: Reason) -> Fix | None:
    """Let the project allow the Python of now, and lock again; None where its range is one that somebody thought of."""
    document, request = app.files.document(reason.path), app.python.request
    if document is None or request is None or document.source.path != MANIFESTS.get(manager):
        return None
    series = request.series
    if manager == "pipenv" and reason.keys == ("requires", "python_version"):
        wanted = series
    elif manager == "poetry" and reason.keys == POETRY_PYTHON and str(document.get(*reason.keys))[:1].isdigit():
        wanted = f"~{series}"
    else:
        return None
    edit = Edit(document.span(*reason.keys), f'"{wanted}"')
    return Fix(f"Write {wanted} in {reason.path}, and lock again", (edit,), safe=False, commands=lock_commands(manager))
