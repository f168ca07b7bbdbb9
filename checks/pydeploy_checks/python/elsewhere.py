"""Whether the Python that Heroku installs is one that the project asks for."""

import posixpath
from collections.abc import Iterator

from pydeploy_checks.locks import lock_commands
from pydeploy_checks.suit import ask_for_series, suiting_series
from pydeploy_lint.plugin import (
    DEFAULT_ORIGIN,
    DEV_CENTER,
    MANIFESTS,
    POETRY_PYTHON,
    PYTHON_VERSION,
    App,
    Edit,
    Example,
    Fix,
    LockState,
    Mode,
    Problem,
    Reason,
    Severity,
    check,
    series_key,
    system_python,
    whole_number,
)

PYPROJECT = "pyproject.toml"
MOST_PATCHES = 40
"""No series of Python has had as many releases."""
CONSEQUENCES = {
    "pip": "pip does not install it, so Heroku rejects the push",
    "pipenv": "`pipenv install --deploy` fails, so Heroku rejects the push",
    "poetry": "Poetry finds no Python that it may install into, so Heroku rejects the push",
    "uv": "uv fails, so Heroku rejects the push",
}
OTHER_PYTHON = (
    "Poetry looks for another one: the build fails, or it installs the packages into the stack's own Python, "
    "where the app does not find them"
)


@check("python-mismatch", severity=Severity.ERROR, url=DEV_CENTER + "python-support#specifying-a-python-version")
def python_mismatch(app: App) -> Iterator[Problem]:
    """The Python that Heroku installs is not one that the project asks for.

    Heroku takes the version of Python from `.python-version` (or `runtime.txt`, or else a version of its own), not
    from `requires-python`. The package manager then compares: uv with `requires-python`, of the project and of its
    lock, Poetry with that and with `python` among its dependencies, Pipenv with `[requires]` in the `Pipfile`, pip
    with the `requires-python` of each directory that the requirements name, as `-e .` does. Each has its own way to
    read it:

    - For Poetry, `python = "3.12"` means 3.12.0 and nothing else; write `~3.12` or `^3.12`. Where Heroku's Python does
      not suit, Poetry looks for another one, and may find that of the stack: then the build succeeds, and the app does
      not start.
    - For Pipenv, `python_version = "3.12.*"` or `"^3.12"` matches no Python at all; write `"3.12"`.

    An app that asks for no version keeps the Python of its first build, so that only a new app surely gets the default
    of the day: there this is a warning.

    ## How to fix

    Set a version that the project allows in `.python-version`, such as `3.13`; or change what the project allows, and
    lock again.
    """
    manager, python = app.managers.chosen, app.python.version
    is_default, request = app.python.origin == DEFAULT_ORIGIN, app.python.request
    if manager is None or python is None or request is None:
        return
    if not app.python.is_asked and app.policy.rules.about_missing_version(manager) is Mode.ERROR:
        return
    origin = " in a new app that asks for no version" if is_default else request.because
    reasons = _misfits(app, manager, python)
    for later in _later_patches(app, python) if reasons else ():
        reasons = [reason for reason in reasons if reason in _misfits(app, manager, later)]
    is_sure = manager != "poetry" or not _suits_system_python(app)
    for reason in reasons:
        document = app.files.document(reason.path)
        assert document is not None
        series = suiting_series(app, python_mismatch)
        problem = Problem(
            f"{reason.message}, but Heroku installs Python {python}{origin}; "
            f"{CONSEQUENCES[manager] if is_sure else OTHER_PYTHON}",
            document.span(*reason.keys),
            help=_advice(app, manager, reason, series),
            severity=Severity.WARNING if is_default else None,
            failure_reason=f"install-dependencies::{manager}" if is_sure else None,
        )
        yield problem.with_fixes(ask_for_series(app, series), _allow_python(app, manager, reason))


def _advice(app: App, manager: str, reason: Reason, series: str | None) -> str:
    """Both ways: another Python, or another range."""
    request, file = app.python.request, MANIFESTS.get(manager, reason.path)
    assert request is not None
    lines = [f"Set a version that the project allows in .python-version:\n    {series}"] if series else []
    allow = f"let {file} allow Python {request.series}"
    allow = f"Or {allow}" if series else f"L{allow[1:]}"
    again = "." if manager == "pip" else f", and lock again:\n    {lock_commands(manager)[0]}"
    return "\n".join([*lines, allow + again])


def _allow_python(app: App, manager: str, reason: Reason) -> Fix | None:
    """Let the project allow the Python of now, and lock again; None where its range is one that somebody thought of."""
    document, request = app.files.document(reason.path), app.python.request
    if document is None or request is None or reason.path != MANIFESTS.get(manager):
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


def _misfits(app: App, manager: str, python: str) -> list[Reason]:
    """What the project asks of Python that one version is not, as the package manager reads it."""
    from pydeploy_lint.plugin import lock_misfits, misfits

    version, verdict = app.policy.rules.tools.get(manager) or "", app.lock.verdict
    found: list[Reason] = []
    if manager == "pip":
        for path in _local_projects(app):
            document = app.files.document(path)
            reasons = misfits(manager, document.value, python, version) if document else ()
            found += [reason._replace(path=path) for reason in reasons]
    elif verdict and verdict.state is not LockState.INVALID and (document := app.files.document(MANIFESTS[manager])):
        found += misfits(manager, document.value, python, version)
        lock = app.files.document(app.managers.files[manager]) if manager == "uv" and not found else None
        found += lock_misfits(lock.value, python) if lock else ()
    return found


def _local_projects(app: App) -> list[str]:
    """The project files of the directories of the app that pip is to install."""
    directories = {
        posixpath.normpath(each.url) for each in app.packages.certain_requirements if each.url and ":" not in each.url
    }
    return sorted(posixpath.normpath(f"{directory}/{PYPROJECT}") for directory in directories)


def _later_patches(app: App, python: str) -> list[str]:
    """What the build may install instead: where the data is not up to date, a later patch of the series."""
    if app.python.request is None or app.python.request.pinned or not app.policy.data_may_be_stale:
        return []
    series, _, patch = python.rpartition(".")
    return [f"{series}.{later}" for later in range(whole_number(patch) + 1, MOST_PATCHES)]


def _suits_system_python(app: App) -> bool:
    """Whether the Python of the stack may be one that Poetry takes instead; its patch is not known."""
    series = system_python(app.policy.stack)
    return series is None or any(not _misfits(app, "poetry", f"{series}.{patch}") for patch in range(MOST_PATCHES))


UV_LOCK = (
    'version = 1\nrequires-python = "==3.12.*"\n[[package]]\nname = "app"\nversion = "1"\nsource = { virtual = "." }\n'
)
PROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = "==3.12.*"\n'
POETRY = '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = "3.13"\n'
PIP_PROJECT = PROJECT.replace("==3.12.*", ">=3.14")
POETRY_LOCK = 'package = []\n[metadata]\nlock-version = "2.1"\ncontent-hash = "x"\n'
PIPFILE = '[requires]\npython_version = "3.12"\n'
PIPFILE_LOCK = '{"_meta": {"hash": {"sha256": "x"}}}'

python_mismatch.examples(
    bad=[
        Example(
            {".python-version": "3.13\n", "pyproject.toml": PROJECT, "uv.lock": UV_LOCK},
            at=("pyproject.toml:4:19-4:29",),
        ),
        Example(
            {".python-version": "3.13\n", "pyproject.toml": POETRY, "poetry.lock": POETRY_LOCK},
            at=("pyproject.toml:4:10-4:16",),
        ),
        Example(
            {".python-version": "3.13\n", "pyproject.toml": PIP_PROJECT, "requirements.txt": "-e .\n"},
            at=("pyproject.toml:4:19-4:27",),
        ),
        Example(
            {".python-version": "3.13\n", "Pipfile": PIPFILE, "Pipfile.lock": PIPFILE_LOCK},
            at=("Pipfile:2:18-2:24",),
        ),
    ],
    good=[
        Example({".python-version": "3.12\n", "pyproject.toml": PROJECT, "uv.lock": UV_LOCK}),
        Example({".python-version": "3.12\n", "Pipfile": PIPFILE, "Pipfile.lock": PIPFILE_LOCK}),
        Example({".python-version": "3.13\n", "requirements.txt": "", "pyproject.toml": PROJECT}),
    ],
)


@check(
    "python-differs-elsewhere", severity=Severity.NOTE, url=DEV_CENTER + "python-support#specifying-a-python-version"
)
def python_differs_elsewhere(app: App) -> Iterator[Problem]:
    """The app is tested or developed with another Python than Heroku installs.

    The version that the app asks Heroku for is compared with the GitHub workflows (`python-version`, with its
    matrices), the environments in `tox.ini`, the images in the `Dockerfile`, `.tool-versions` and `mise.toml`. One
    matching version is enough. What works there may fail on Heroku: packages without a wheel, modules removed from the
    standard library.

    ## How to fix

    Use the same version in both places. In a workflow:

        - uses: actions/setup-python@v6
          with:
            python-version-file: .python-version
    """
    if app.python.request is None or app.python.version is None or app.python.origin == DEFAULT_ORIGIN:
        return
    from pydeploy_lint.plugin import python_mentions

    file = app.python.origin if app.python.is_asked else PYTHON_VERSION
    for place in python_mentions(app.files):
        series = sorted({mention.series for mention in place.mentions}, key=series_key)
        if app.python.request.series not in series:
            versions = " and ".join(filter(None, (", ".join(series[:-1]), series[-1])))
            yield Problem(
                f"{place.subject} Python {versions}, and Heroku installs "
                f"{app.python.request.series}{app.python.request.because}",
                place.mentions[0].at,
                help=f"Use the same version here and in {file}.",
            )


WORKFLOW = """\
jobs:
  test:
    strategy:
      matrix:
        python: ["3.11", "3.12"]
    steps:
      - uses: actions/setup-python@v6
        with:
          python-version: ${{ matrix.python }}
"""
python_differs_elsewhere.examples(
    bad=[
        Example(
            {".python-version": "3.13\n", "requirements.txt": "", ".github/workflows/test.yml": WORKFLOW},
            at=(".github/workflows/test.yml:5:18-5:24",),
        ),
        Example(
            {".python-version": "3.13\n", "requirements.txt": "", "Dockerfile": "FROM python:3.12-slim\n"},
            at=("Dockerfile:1:13-1:22",),
        ),
    ],
    good=[
        Example({".python-version": "3.12\n", "requirements.txt": "", ".github/workflows/test.yml": WORKFLOW}),
        Example({"requirements.txt": "", "Dockerfile": "FROM python:3.12-slim\n"}),
    ],
)
