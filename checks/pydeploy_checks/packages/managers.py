"""Which package manager installs the dependencies: exactly one file must say so."""

import shlex
from collections.abc import Iterator

from pydeploy_checks.packages.choose import choice_help, ways_to_keep_one, ways_with_pipfile
from pydeploy_checks.packages.undeclared import named_in_settings
from pydeploy_lint.plugin import (
    DEV_CENTER,
    MANAGER_TITLES,
    App,
    Edit,
    Example,
    Fix,
    Hint,
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
FEW = 5
"""How many directories with an app of their own are named."""
VERSION = {".python-version": "3.13\n"}


def choices(app: App) -> str:
    """The files that say what to install, as a list in a sentence."""
    files = list(app.policy.rules.package_managers.values())
    return f"{', '.join(files[:-1])} or {files[-1]}"


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
    problem = Problem(
        f"{choices(app)} is missing from the root directory: Heroku does not know what to install and rejects the push"
        + app.build.unless_generated,
        Span(REQUIREMENTS),
        severity=Severity.WARNING if app.build.generators else None,
        certain=not app.build.generators,
        help="\n".join(advice(app)),
        failure_reason="package-manager::none-found",
    )
    by_hand = [Fix.by_hand(hint.why, *hint.commands) for hint in app.managers.hints if _is_only_commands(hint)]
    yield problem.with_fixes(_add_requirements(app), *by_hand)


def _is_only_commands(hint: Hint) -> bool:
    return bool(hint.commands) and not (hint.rename or hint.include)


def _add_requirements(app: App) -> Fix | None:
    """Rename or include the one file that was perhaps meant; a suggestion, as nobody has looked into it."""
    hints = app.managers.hints
    if hints and hints[0].rename:
        name, right = hints[0].rename
        return Fix(f"Rename {name} to {right}", (Edit.rename(name, right),), safe=False)
    if hints and hints[0].include:
        edit = Edit.write(REQUIREMENTS, f"-r {hints[0].include}\n")
        return Fix(f"Add a {REQUIREMENTS} that includes {hints[0].include}", (edit,), safe=False)
    if hints or app.managers.apps_below:
        return None
    needed = _needed(app)
    what = f"a {REQUIREMENTS} with the packages that the code imports" if needed else f"an empty {REQUIREMENTS}"
    edit = Edit.write(REQUIREMENTS, "".join(f"{name}\n" for name in needed))
    return Fix(f"Add {what}", (edit,), safe=False)


def _needed(app: App) -> list[str]:
    """The packages that the code imports or Django's settings name, and those whose programs the Procfile starts."""
    programs = {run.name for process in app.processes.types.values() for run in process.runs}
    started = {PROGRAMS[name] for name in programs & PROGRAMS.keys()}
    return sorted({*app.managers.imported, *started, *named_in_settings(app)})


def advice(app: App) -> Iterator[str]:
    """The ways to say what to install, the best first, with their commands."""
    hints = app.managers.hints
    for hint in hints:
        yield f"{hint.why}:" if hint.commands else f"{hint.why}."
        yield from (f"    {command}" for command in hint.commands)
    parts = list(pushes(app))
    yield from parts
    if hints or parts:
        return
    needed = _needed(app)
    if needed:
        yield f"The code imports these packages; list them in a {REQUIREMENTS}, with the versions you use:"
        yield f"    printf '%s\\n' {shlex.join(needed)} > {REQUIREMENTS}"
    else:
        yield f"An app without dependencies needs an empty {REQUIREMENTS}:"
        yield f"    touch {REQUIREMENTS}"
    yield f"    git add {REQUIREMENTS}"


def pushes(app: App) -> Iterator[str]:
    """How to push a directory that is an app by itself."""
    for path, file, _ in app.managers.apps_below[:FEW]:
        yield f"{path}/{file} is in a subdirectory, where Heroku does not look; if {path} is the app, push it alone:"
        yield f"    git subtree push --prefix {shlex.quote(path)} heroku main"


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

    Decide on one, and delete the files of the others. The help has every choice with what follows from it; the first
    is the one that can be installed from as it is. If another tool needs an exported `requirements.txt`, give it
    another name, or generate it when it is needed.
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
    ways = ways_to_keep_one(app)
    problem = Problem(
        f"found both {listed}; {outcome}" if len(found) == 2 else f"found {listed}; {outcome}",
        Span(found[used]),
        help=choice_help(ways),
        fix=ways[0],
        alternatives=tuple(ways[1:]),
        related=tuple(
            Related(Span(file), f"stands for {MANAGER_TITLES[manager]}")
            for manager, file in found.items()
            if manager != used
        ),
    )
    yield mode.judge(problem, "package-manager::multiple-found")


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
        ways = ways_with_pipfile(app)
        problem = Problem(
            f"Pipfile has no Pipfile.lock; {refused}{app.build.unless_generated}",
            Span("Pipfile"),
            help=choice_help(ways),
            fix=ways[0],
            alternatives=tuple(ways[1:]),
            certain=not app.build.generators,
            severity=Severity.WARNING if app.build.generators else None,
        )
        yield mode.judge(problem, "package-manager::pipenv-missing-lockfile")


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
