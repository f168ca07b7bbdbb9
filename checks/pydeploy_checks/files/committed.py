"""Directories that must not be pushed."""

from collections.abc import Iterator
from shlex import quote

from pydeploy_checks.add import append
from pydeploy_lint.plugin import (
    COLLECTSTATIC_DISABLED,
    DEV_CENTER,
    App,
    Edit,
    Example,
    FileProblem,
    Fix,
    Mode,
    Problem,
    Severity,
    Span,
    Step,
    check,
)

REMOVE_PYTHON = Fix.by_hand("Remove it from git", "git rm -r --quiet .heroku/python")
DISABLE = "heroku config:set DISABLE_COLLECTSTATIC=1"
GITIGNORE = ".gitignore"
APP = {"requirements.txt": "", ".python-version": "3.13\n"}


# The releases that only warned, v305 to v323, looked for it before the package manager.
@check("committed-venv", severity=Severity.ERROR, url=DEV_CENTER + "python-support", warned_at=Step.PYTHON_DIRECTORY)
def committed_venv(app: App) -> Iterator[Problem]:
    """A virtual environment is committed.

    A virtual environment works only on the machine that created it. Heroku looks for `.venv/pyvenv.cfg` and
    `venv/pyvenv.cfg`, and rejects the push if it finds one of them.

    ## How to fix

    Remove the directory from git, and add it to `.gitignore`. The fix adds it, and names the command for what git
    already tracks.
    """
    mode = app.policy.rules.existing_venv
    for name in app.build.virtual_environments:
        refused = "Heroku rejects the push" if mode is Mode.ERROR else "it does not work on Heroku"
        problem = Problem(
            f"{name}/ is a virtual environment; {refused}",
            Span(f"{name}/pyvenv.cfg"),
            help=f"Remove it from git:\n    git rm -r --cached --quiet {quote(name)}\n"
            f"    echo {quote(f'{name}/')} >> .gitignore",
            fix=_ignore(app, name),
        )
        yield mode.judge(problem, "checks::existing-venv-dir")


def _ignore(app: App, directory: str) -> Fix | None:
    """An entry in ``.gitignore``, and the command by which git lets go of what it tracks."""
    file = f"{directory}/pyvenv.cfg"
    is_tracked = app.files.tree.names_in_git([file]).get(file) is not None
    commands = (f"git rm -r --cached --quiet {quote(directory)}",) if is_tracked else ()
    try:
        source = app.files.source(GITIGNORE)
    except FileProblem:
        return None
    if source and any(line.strip().strip("/") == directory for line in source.text.split("\n")):
        return Fix.by_hand(f"Remove {directory}/ from git", *commands) if commands else None
    edit = append(source, (f"{directory}/",)) if source else Edit.write(GITIGNORE, f"{directory}/\n")
    return Fix(f"Add {directory}/ to .gitignore", (edit,), commands=commands)


committed_venv.examples(
    bad=[
        Example({**APP, "venv/pyvenv.cfg": "home = /usr/bin\n"}, at=("venv/pyvenv.cfg",)),
        Example(
            {**APP, "venv/pyvenv.cfg": "home = /usr/bin\n"}, at=("venv/pyvenv.cfg",), options={"as-of": "2025-11-01"}
        ),
    ],
    good=[Example({**APP, "env/pyvenv.cfg": "home = /usr/bin\n"})],
)


@check(
    "heroku-python-directory",
    severity=Severity.ERROR,
    url=DEV_CENTER + "python-support",
    warned_at=Step.PYTHON_DIRECTORY,
)
def heroku_python_directory(app: App) -> Iterator[Problem]:
    """There is a `.heroku/python`, where Heroku installs Python.

    The build installs Python into the app's `.heroku/python`, and rejects the push if there is something already. It is
    usually an installation that was committed from a dyno or a container.

    ## How to fix

    Remove the directory from git.
    """
    if app.files.tree.exists(".heroku/python"):
        mode = app.policy.rules.existing_python_dir
        refused = "rejects the push" if mode is Mode.ERROR else "overwrites it"
        problem = Problem(
            f".heroku/python is where Heroku installs Python; it {refused}",
            Span(".heroku/python"),
            help=REMOVE_PYTHON.as_help,
            fix=REMOVE_PYTHON,
        )
        yield mode.judge(problem, "checks::existing-python-dir")


heroku_python_directory.examples(
    bad=[
        Example({**APP, ".heroku/python/bin/python": ""}, at=(".heroku/python",)),
        Example({**APP, ".heroku/python/bin/python": ""}, at=(".heroku/python",), options={"as-of": "2025-06-01"}),
    ],
    good=[Example({**APP, ".heroku/run.yml": ""})],
)


@check(
    "collectstatic-disabled-file",
    severity=Severity.WARNING,
    url=DEV_CENTER + "django-assets",
    warned_at=Step.COLLECTSTATIC,
)
def collectstatic_disabled_file(app: App) -> Iterator[Problem]:
    """`.heroku/collectstatic_disabled` is deprecated, and every build warns about it.

    The file keeps the build from collecting Django's static files. Heroku still honours it, but since v196 of the
    buildpack (2021) the build warns about it, whether or not the app uses Django. Once support for the file is
    removed, the build runs `collectstatic` again.

    ## How to fix

    Set the config var `DISABLE_COLLECTSTATIC` to `1`, then delete the file. If the static files should be collected,
    just delete it.
    """
    mode = app.policy.rules.collectstatic_disabled_file
    if mode is Mode.WARNING and app.files.tree.is_file(COLLECTSTATIC_DISABLED):
        yield Problem(
            f"{COLLECTSTATIC_DISABLED} is deprecated; Heroku warns about it in every build",
            Span(COLLECTSTATIC_DISABLED),
            help=f"Set the config var, then delete the file:\n    {DISABLE}\n    git rm {COLLECTSTATIC_DISABLED}",
            build_warning=True,
            fix=Fix(f"Delete {COLLECTSTATIC_DISABLED}", (Edit.delete(COLLECTSTATIC_DISABLED),), False, (DISABLE,)),
        )


collectstatic_disabled_file.examples(
    bad=[Example({**APP, COLLECTSTATIC_DISABLED: ""}, at=(COLLECTSTATIC_DISABLED,))],
    good=[
        Example({**APP, "app.json": '{"env": {"DISABLE_COLLECTSTATIC": "1"}}'}),
        Example({**APP, COLLECTSTATIC_DISABLED: ""}, options={"as-of": "2021-01-01"}),
    ],
)
