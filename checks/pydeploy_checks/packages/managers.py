"""Which package manager installs the dependencies: exactly one file must say so."""

from collections.abc import Iterator

from pydeploy_lint.plugin import (
    DEV_CENTER,
    MANAGER_TITLES,
    App,
    Edit,
    Example,
    Fix,
    Mode,
    Problem,
    Severity,
    Span,
    check,
)

URL = DEV_CENTER + "python-support#supported-package-managers"
VERSION = {".python-version": "3.13\n"}


def _choices(app: App) -> str:
    files = list(app.policy.manager_files.values())
    return f"{', '.join(files[:-1])} or {files[-1]}"


@check("python-not-detected", severity=Severity.ERROR, url=URL)
def python_not_detected(app: App) -> Iterator[Problem]:
    """Nothing in the root of the app says that it is a Python app.

    Heroku looks for some twenty names in the root directory, such as `requirements.txt`, `pyproject.toml` or
    `manage.py`. When it finds none, the Python buildpack is not used; where it was chosen explicitly, the push is
    refused.

    ## How to fix

    Give pydeploy-lint, and Heroku, the directory that holds the app. Only the root of what is pushed counts.
    """
    if not app.build.detected:
        yield Problem(
            "this is no Python app for Heroku: none of the files that it looks for is in the root directory"
            + next(_withheld(app), ""),
            Span("."),
            help=f"Add one of {_choices(app)} to the root of the app." + "".join(_nearby(app)),
            failure_reason="detect",
        )


def _withheld(app: App) -> Iterator[str]:
    """What would tell of a Python app, and does not get to Heroku."""
    for name in app.policy.detect_names:
        if reason := app.files.tree.withheld.get(name.removesuffix("/")):
            yield f"; {name} is here, but does not get there, because of {reason.rule!r} in {reason.by}"


python_not_detected.examples(
    bad=[
        Example({"src/app.py": "print()\n"}, at=(".",)),
        Example({"requirements.txt": "", ".slugignore": "*.txt\n"}, at=(".",)),
    ],
    good=[Example({**VERSION, "requirements.txt": ""})],
)


@check("missing-package-manager", severity=Severity.ERROR, url=URL)
def missing_package_manager(app: App) -> Iterator[Problem]:
    """No file says what to install.

    Heroku installs what is in `requirements.txt`, `Pipfile.lock`, `poetry.lock` or `uv.lock` in the root of the app.
    A `pyproject.toml` alone is not enough, nor is a file with another name, or one directory further down. An app
    without any of these is refused, even if it has no dependencies.

    ## How to fix

    Create the lock with the tool that the project uses (`uv lock`, `poetry lock`, `pipenv lock`), and commit it. An
    app without dependencies needs an empty `requirements.txt`.
    """
    if app.managers.files or app.managers.lacks_pipfile_lock or app.managers.setup_py_only:
        return
    yield Problem(
        f"there is no {_choices(app)} in the root directory; Heroku does not know what to install, and refuses the app"
        + app.build.unless_generated,
        Span("requirements.txt"),
        severity=Severity.WARNING if app.build.generators else None,
        help="".join(_nearby(app)).lstrip("\n")
        or "Create the lockfile with the tool that the project uses, or an empty requirements.txt.",
        failure_reason="package-manager::none-found",
        fix=_rename(app),
    )


def _rename(app: App) -> Fix | None:
    """Rename the one file that was perhaps meant; a suggestion, as nobody has looked into it."""
    found = [hint.rename for hint in app.managers.hints if hint.rename and app.files.tree.is_file(hint.rename[0])]
    if len(found) != 1:
        return None
    [(name, right)] = found
    return Fix(f"Rename {name} to {right}", (Edit.rename(name, right),), safe=False)


missing_package_manager.examples(
    bad=[
        Example({**VERSION, "app.py": ""}, at=("requirements.txt",)),
        Example({**VERSION, "Requirements.txt": ""}, at=("requirements.txt",)),
    ],
    good=[Example({**VERSION, "requirements.txt": ""})],
)


def _nearby(app: App) -> Iterator[str]:
    """Hints at files that were perhaps meant, each on a line of its own."""
    for hint in app.managers.hints:
        if hint.command:
            yield f"\n{hint.why}:\n    {hint.command}"
        else:
            yield f"\n{hint.why}."


@check("conflicting-package-managers", severity=Severity.ERROR, url=URL)
def conflicting_package_managers(app: App) -> Iterator[Problem]:
    """The files of several package managers are there, and Heroku will not choose.

    Each of `Pipfile.lock`, `requirements.txt`, `poetry.lock` and `uv.lock` stands for a package manager. Until
    December 2025 Heroku took the first of them and warned; now it refuses the app.

    ## How to fix

    Decide for one, and delete the files of the others. Where another tool needs an exported `requirements.txt`, give
    it another name, or write it when it is needed.
    """
    found = app.managers.files
    if len(found) < 2:
        return
    mode = app.policy.multiple_package_managers
    used = next(iter(found))
    listed = " and ".join(f"{file} ({MANAGER_TITLES[manager]})" for manager, file in found.items())
    outcome = (
        "Heroku refuses the app" if mode is Mode.ERROR else f"Heroku uses {MANAGER_TITLES[used]} and ignores the rest"
    )
    for manager, file in found.items():
        others = [other for name, other in found.items() if name != manager]
        yield Problem(
            f"{listed} are both there; {outcome}" if len(found) == 2 else f"{listed} are all there; {outcome}",
            Span(file),
            help=f"To stay with {MANAGER_TITLES[manager]}, delete the rest:\n    git rm {' '.join(others)}",
            severity=None if mode is Mode.ERROR else Severity.WARNING,
            failure_reason="package-manager::multiple-found" if mode is Mode.ERROR else None,
            build_warning=mode is Mode.WARNING,
        )


conflicting_package_managers.examples(
    bad=[
        Example(
            {**VERSION, "requirements.txt": "", "poetry.lock": ""},
            at=("poetry.lock", "requirements.txt"),
        ),
        Example(
            {**VERSION, "requirements.txt": "", "poetry.lock": ""},
            at=("poetry.lock", "requirements.txt"),
            options={"as-of": "2025-06-01"},
        ),
    ],
    good=[Example({**VERSION, "requirements.txt": ""})],
)


@check("pipfile-without-lock", severity=Severity.ERROR, url=URL)
def pipfile_without_lock(app: App) -> Iterator[Problem]:
    """There is a `Pipfile` without its `Pipfile.lock`.

    Heroku installs what the lock says, so that what was tested is what is deployed. It refuses a `Pipfile` without
    a lock, even if there is also a `requirements.txt`.

    ## How to fix

    Run `pipenv lock` and commit `Pipfile.lock`; or delete the `Pipfile` of an app that no longer uses Pipenv.
    """
    if app.managers.lacks_pipfile_lock:
        excused = app.python.runtime_txt is not None and app.policy.runtime_txt_excuses_missing_lock
        mode = app.policy.pipfile_without_lock
        refused = "Heroku refuses the app" if mode is Mode.ERROR else "what Heroku installs is not what was tested"
        yield Problem(
            f"there is a Pipfile without a Pipfile.lock; {refused}{app.build.unless_generated}",
            Span("Pipfile"),
            help="Write the lock, and commit it:\n    pipenv lock\n    git add Pipfile.lock",
            severity=None if mode is Mode.ERROR and not app.build.generators else Severity.WARNING,
            failure_reason="package-manager::pipenv-missing-lockfile" if mode is Mode.ERROR else None,
            build_warning=mode is Mode.WARNING and not excused,
        )


pipfile_without_lock.examples(
    bad=[
        Example({**VERSION, "Pipfile": ""}, at=("Pipfile",)),
        Example({**VERSION, "Pipfile": ""}, at=("Pipfile",), options={"as-of": "2025-06-01"}),
    ],
    good=[Example({**VERSION, "requirements.txt": ""})],
)


@check("setup-py-only", severity=Severity.ERROR, url=URL)
def setup_py_only(app: App) -> Iterator[Problem]:
    """A `setup.py` is all that says what to install.

    Heroku used to install such an app in editable mode. It warned from September 2025 on, and refuses it since
    December 2025.

    ## How to fix

    Add a `requirements.txt` with the line `--editable .`, or lock the dependencies with uv or Poetry.
    """
    if app.managers.setup_py_only:
        mode = app.policy.setup_py_only
        refused = "Heroku refuses the app" if mode is Mode.ERROR else "Heroku installs it in editable mode for now"
        yield Problem(
            f"setup.py is all that says what to install; {refused}{app.build.unless_generated}",
            Span("setup.py"),
            help="Install it in editable mode, as before:\n    echo '--editable .' > requirements.txt",
            severity=None if mode is Mode.ERROR and not app.build.generators else Severity.WARNING,
            failure_reason="package-manager::setup-py-only" if mode is Mode.ERROR else None,
            build_warning=mode is Mode.WARNING,
            fix=Fix("Add a requirements.txt that installs it", (Edit.write("requirements.txt", "--editable .\n"),)),
        )


setup_py_only.examples(
    bad=[
        Example({**VERSION, "setup.py": "from setuptools import setup\nsetup()\n"}, at=("setup.py",)),
        Example(
            {**VERSION, "setup.py": "from setuptools import setup\nsetup()\n"},
            at=("setup.py",),
            options={"as-of": "2025-11-01"},
        ),
    ],
    good=[Example({**VERSION, "setup.py": "from setuptools import setup\nsetup()\n", "requirements.txt": "-e .\n"})],
)
