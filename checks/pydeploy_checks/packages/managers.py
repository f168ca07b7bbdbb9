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
    Related,
    Severity,
    Span,
    Step,
    check,
)

URL = DEV_CENTER + "python-support#supported-package-managers"
REQUIREMENTS = "requirements.txt"
PROGRAMS = {
    **{name: name for name in ("celery", "daphne", "gunicorn", "hypercorn", "streamlit", "uvicorn", "uwsgi")},
    "waitress-serve": "waitress",
}
"""Programs that a Procfile starts, and the packages that they come from."""
VERSION = {".python-version": "3.13\n"}


def _choices(app: App) -> str:
    files = list(app.policy.rules.package_managers.values())
    return f"{', '.join(files[:-1])} or {files[-1]}"


@check("python-not-detected", severity=Severity.ERROR, url=URL)
def python_not_detected(app: App) -> Iterator[Problem]:
    """Nothing in the root of the app says that it is a Python app.

    Heroku looks for some twenty names in the root directory, such as `requirements.txt`, `pyproject.toml` or
    `manage.py`. If it finds none, it does not use the Python buildpack; if the app is set to use it, Heroku rejects
    the push.

    ## How to fix

    Run pydeploy-lint in the directory that holds the app, and push that. Only the root of what is pushed counts.
    """
    if not app.build.detected:
        yield Problem(
            "Heroku does not recognise a Python app: none of the files it looks for is in the root directory"
            + next(_withheld(app), ""),
            Span("."),
            help="\n".join([f"Add {_choices(app)} to the root of the app.", *_advice(app)]),
            failure_reason="detect",
        )


def _withheld(app: App) -> Iterator[str]:
    """Files that would show a Python app, but do not get to Heroku."""
    for name in app.policy.rules.detect:
        if reason := app.files.tree.withheld.get(name.removesuffix("/")):
            yield f"; {name} exists locally but {reason.rule!r} in {reason.by} excludes it"


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
    A `pyproject.toml` alone is not enough, nor is a file with another name or in a subdirectory. Heroku rejects an app
    without any of these, even if it has no dependencies.

    ## How to fix

    The help of the finding has what fits the app: lock the project with its own tool and commit the lock, include an
    existing requirements file in a `requirements.txt`, or list the packages that the code imports. Requirements for
    development are not offered: they would not install what the app needs. An app without dependencies needs an empty
    `requirements.txt`.
    """
    if app.managers.files or app.managers.lacks_pipfile_lock or app.managers.setup_py_only:
        return
    yield Problem(
        f"{_choices(app)} is missing from the root directory: Heroku does not know what to install and rejects the push"
        + app.build.unless_generated,
        Span(REQUIREMENTS),
        severity=Severity.WARNING if app.build.generators else None,
        certain=not app.build.generators,
        help="\n".join(_advice(app)),
        failure_reason="package-manager::none-found",
        fix=_add_requirements(app),
    )


def _add_requirements(app: App) -> Fix | None:
    """Rename or include the one file that was perhaps meant; a suggestion, as nobody has looked into it."""
    hints = app.managers.hints
    if hints and hints[0].rename:
        name, right = hints[0].rename
        return Fix(f"Rename {name} to {right}", (Edit.rename(name, right),), safe=False)
    if hints and hints[0].include:
        edit = Edit.write(REQUIREMENTS, f"-r {hints[0].include}\n")
        return Fix(f"Add a {REQUIREMENTS} that includes {hints[0].include}", (edit,), safe=False)
    needed = _needed(app)
    if hints or not needed:
        return None
    text = "".join(f"{name}\n" for name in needed)
    return Fix(
        f"Add a {REQUIREMENTS} with the packages that the code imports", (Edit.write(REQUIREMENTS, text),), False
    )


def _needed(app: App) -> list[str]:
    """The packages that the code imports, and those whose programs the Procfile starts."""
    programs = {run.name for process in app.processes.types.values() for run in process.runs}
    return sorted({*app.managers.imported, *(PROGRAMS[name] for name in programs & PROGRAMS.keys())})


def _advice(app: App) -> Iterator[str]:
    """The ways to say what to install, the best first, with their commands."""
    hints = app.managers.hints
    for hint in hints:
        yield f"{hint.why}:" if hint.commands else f"{hint.why}."
        yield from (f"    {command}" for command in hint.commands)
    if hints:
        return
    needed = _needed(app)
    if needed:
        yield f"The code imports these packages; list them in a {REQUIREMENTS}, with the versions you use:"
        yield f"    printf '%s\\n' {' '.join(needed)} > {REQUIREMENTS}"
    else:
        yield f"An app without dependencies needs an empty {REQUIREMENTS}:"
        yield f"    touch {REQUIREMENTS}"
    yield f"    git add {REQUIREMENTS}"


missing_package_manager.examples(
    bad=[
        Example({**VERSION, "app.py": ""}, at=("requirements.txt",)),
        Example({**VERSION, "Requirements.txt": ""}, at=("requirements.txt",)),
    ],
    good=[Example({**VERSION, "requirements.txt": ""})],
)


@check("conflicting-package-managers", severity=Severity.ERROR, url=URL, warned_at=Step.PACKAGE_MANAGER)
def conflicting_package_managers(app: App) -> Iterator[Problem]:
    """The app has the files of several package managers, and Heroku does not choose.

    Each of `Pipfile.lock`, `requirements.txt`, `poetry.lock` and `uv.lock` stands for a package manager. Until
    December 2025 Heroku used the first of them and warned; now it rejects the push.

    ## How to fix

    Decide on one, and delete the files of the others. If another tool needs an exported `requirements.txt`, give
    it another name, or generate it when it is needed.
    """
    found = app.managers.files
    if len(found) < 2:
        return
    mode = app.policy.rules.multiple_package_managers
    used = next(iter(found))
    listed = " and ".join(f"{file} ({MANAGER_TITLES[manager]})" for manager, file in found.items())
    outcome = (
        "Heroku rejects the push" if mode is Mode.ERROR else f"Heroku uses {MANAGER_TITLES[used]} and ignores the rest"
    )
    ways = tuple(_keep(manager, found) for manager in found)
    problem = Problem(
        f"found both {listed}; {outcome}" if len(found) == 2 else f"found {listed}; {outcome}",
        Span(found[used]),
        help="\n".join(way.as_help for way in ways),
        alternatives=ways,
        related=tuple(
            Related(Span(file), f"stands for {MANAGER_TITLES[manager]}")
            for manager, file in found.items()
            if manager != used
        ),
    )
    yield mode.judge(problem, "package-manager::multiple-found")


def _keep(manager: str, found: dict[str, str]) -> Fix:
    """The way to decide on a package manager."""
    others = [file for name, file in found.items() if name != manager]
    return Fix(
        f"To keep {MANAGER_TITLES[manager]}, delete {' and '.join(others)}",
        tuple(map(Edit.delete, others)),
        safe=False,
        commands=(f"git rm {' '.join(others)}",),
    )


conflicting_package_managers.examples(
    bad=[
        Example(
            {**VERSION, "requirements.txt": "", "poetry.lock": ""},
            at=("requirements.txt",),
        ),
        Example(
            {**VERSION, "requirements.txt": "", "poetry.lock": ""},
            at=("requirements.txt",),
            options={"as-of": "2025-06-01"},
        ),
    ],
    good=[Example({**VERSION, "requirements.txt": ""})],
)


@check("pipfile-without-lock", severity=Severity.ERROR, url=URL, warned_at=Step.PACKAGE_MANAGER)
def pipfile_without_lock(app: App) -> Iterator[Problem]:
    """There is a `Pipfile` without its `Pipfile.lock`.

    Heroku installs what the lock says, so that what was tested is what is deployed. It rejects a `Pipfile` without
    a lock, even if there is also a `requirements.txt`.

    ## How to fix

    Run `pipenv lock` and commit `Pipfile.lock`. If another package manager's file is there too, delete the `Pipfile`
    instead: a new lock would be the second one, and Heroku accepts one.
    """
    if app.managers.lacks_pipfile_lock:
        rules = app.policy.rules
        mode = rules.pipfile_without_lock
        if rules.pipfile_without_lock_only_without_runtime_txt and app.python.runtime_txt and mode is Mode.WARNING:
            mode = Mode.SILENT
        refused = "Heroku rejects the push" if mode is Mode.ERROR else "what Heroku installs is not what was tested"
        problem = Problem(
            f"Pipfile has no Pipfile.lock; {refused}{app.build.unless_generated}",
            Span("Pipfile"),
            help=_lock_or_remove(app),
            certain=not app.build.generators,
            severity=Severity.WARNING if app.build.generators else None,
        )
        yield mode.judge(problem, "package-manager::pipenv-missing-lockfile")


def _lock_or_remove(app: App) -> str:
    others = [file for manager, file in app.managers.files.items() if manager != "pipenv"]
    if not others:
        return "Write the lock, and commit it:\n    pipenv lock\n    git add Pipfile.lock"
    titles = " and ".join(others)
    return (
        f"Heroku accepts one package manager, and {titles} stands for another. To install from {titles}, delete the "
        f"Pipfile:\n    git rm Pipfile\nTo use Pipenv, lock and delete {titles}:\n"
        f"    pipenv lock\n    git add Pipfile.lock\n    git rm {' '.join(others)}"
    )


pipfile_without_lock.examples(
    bad=[
        Example({**VERSION, "Pipfile": ""}, at=("Pipfile",)),
        Example({**VERSION, "Pipfile": ""}, at=("Pipfile",), options={"as-of": "2025-06-01"}),
    ],
    good=[Example({**VERSION, "requirements.txt": ""})],
)


@check("setup-py-only", severity=Severity.ERROR, url=URL, warned_at=Step.PACKAGE_MANAGER)
def setup_py_only(app: App) -> Iterator[Problem]:
    """Only `setup.py` says what to install.

    Heroku used to install such an app in editable mode. It warned from September 2025 on, and has rejected it since
    December 2025.

    ## How to fix

    Add a `requirements.txt` with the line `--editable .`, or lock the dependencies with uv or Poetry.
    """
    if app.managers.setup_py_only:
        mode = app.policy.rules.setup_py_only
        refused = "Heroku rejects the push" if mode is Mode.ERROR else "Heroku installs it in editable mode for now"
        problem = Problem(
            f"only setup.py says what to install; {refused}{app.build.unless_generated}",
            Span("setup.py"),
            help="Install it in editable mode, as before:\n    echo '--editable .' > requirements.txt",
            severity=Severity.WARNING if app.build.generators else None,
            fix=Fix("Add a requirements.txt that installs it", (Edit.write("requirements.txt", "--editable .\n"),)),
        )
        yield mode.judge(problem, "package-manager::setup-py-only")


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
