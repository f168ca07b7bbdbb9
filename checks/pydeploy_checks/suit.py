"""Another Python for an app with which something does not work on the one of now; shared by the families."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.plugin import PYTHON_VERSION, RUNTIME_TXT, Edit, FileProblem, Fix, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydeploy_lint.plugin import App, Problem

CONSTRAINTS = (
    ("uv.lock", ("requires-python",)),
    ("poetry.lock", ("metadata", "python-versions")),
    ("pyproject.toml", ("project", "requires-python")),
    ("pyproject.toml", ("tool", "poetry", "dependencies", "python")),
)
"""Where an app says which Python versions it works with."""


def constraints(app: App) -> list[str]:
    """What the app's files say about the Python versions that it works with.

    Raises:
        FileProblem: one of the files cannot be read.
    """
    values = [document.get(*keys) for file, keys in CONSTRAINTS if (document := app.files.document(file))]
    return [value for value in values if isinstance(value, str)]


def suiting_series(app: App, check: Callable[[App], Iterator[Problem]]) -> str | None:
    """The default series, or else the newest, that the app may ask for, and of which a check has nothing to say.

    Args:
        app: the app.
        check: what must not report anything.

    Returns:
        None where no series is known to suit.
    """
    if app.is_trial:
        return None
    candidates = dict.fromkeys([app.policy.default_series, *reversed(app.policy.latest_patches)])
    return next((series for series in candidates if _suits(app, series, check)), None)


def _suits(app: App, series: str, check: Callable[[App], Iterator[Problem]]) -> bool:
    try:
        return may_ask_for(app, series) and not any(check(app.asking_for(series)))
    except FileProblem:
        return False


def may_ask_for(app: App, series: str) -> bool:
    """Whether Heroku supports another series on the app's stack, with no end announced, and the files allow it."""
    from pydeploy_lint.plugin import poetry_allows

    policy, request = app.policy, app.python.request
    is_other = request is None or request.series != series
    supported = policy.status(series) is Status.SUPPORTED and policy.on_stack(series)
    if not (is_other and supported):
        return False
    try:
        return all(poetry_allows(each, policy.latest_patches[series]) for each in constraints(app))
    except FileProblem:
        return False


def ask_for_series(app: App, series: str | None) -> Fix | None:
    """Ask for another series in `.python-version`; a suggestion, as it has to be tested.

    Args:
        app: the app.
        series: the series; None gives None.

    Returns:
        None where the file that asks for a version is none that can be changed here.
    """
    if series is None or not app.policy.rules.reads_python_version_file:
        return None
    file = app.python.version_file
    write, description = Edit.write(PYTHON_VERSION, f"{series}\n"), f"Set {series} in {PYTHON_VERSION}"
    if file is None:
        return Fix(description, (write,), safe=False)
    if file.path == RUNTIME_TXT:
        edits = (write, Edit.delete(RUNTIME_TXT))
        is_only = not (app.files.tree.exists(PYTHON_VERSION) or app.python.misspelled_files)
        return Fix(f"{description}, and delete {RUNTIME_TXT}", edits, safe=False) if is_only else None
    return Fix(description, (Edit(file.accepted.at, series),), safe=False) if file.accepted else None
