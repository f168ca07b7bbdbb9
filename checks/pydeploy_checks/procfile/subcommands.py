"""Subcommands that another package adds to a program: `flask db`, and all of `fastapi`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydeploy_checks.add import add, add_help
from pydeploy_checks.procfile.installed import comes_with_extra, not_listed
from pydeploy_lint.plugin import (
    DEV_CENTER,
    RELEASE_PROCESS,
    App,
    Example,
    Installed,
    Problem,
    ProcessType,
    Run,
    Severity,
    canonical,
    check,
)

SUBCOMMANDS = {
    ("flask", "db"): "Flask-Migrate",
    ("flask", "fab"): "Flask-AppBuilder",
}
"""The distribution that adds a subcommand."""
GLOBAL_OPTIONS = ("--app", "-A", "-e", "--env-file")
NEEDS_RUN = ("streamlit", "fastapi", "chainlit")
"""Programs that take a script after the subcommand `run` only."""
FASTAPI_EXTRAS = (("fastapi", "standard"), ("fastapi", "all"), ("fastapi", "standard-no-fastapi-cloud-cli"))


@check("procfile-subcommand-missing", severity=Severity.ERROR, url=DEV_CENTER + "procfile")
def procfile_subcommand_missing(app: App) -> Iterator[Problem]:
    """A program is called with a subcommand whose package is not installed.

    - `flask db` comes with Flask-Migrate. Without it Flask ends with "No such command 'db'".
    - `fastapi run` and `fastapi dev` come with fastapi-cli, which `fastapi[standard]` installs. The program `fastapi`
      of FastAPI alone ends with "To use the fastapi command, please install "fastapi[standard]"".

    - `streamlit app.py` and `fastapi main.py` lack the subcommand `run`.

    If it is the release phase, the new version is not released. A `requirements.txt` that lists no more than the
    direct dependencies leaves it open whether another package brings the missing one along; that is a warning.

    ## How to fix

    Add the package to what is installed:

        pip install Flask-Migrate && pip freeze > requirements.txt
    """
    if app.packages.install_set is None or app.processes.may_be_changed:
        return
    for process in (*app.processes.types.values(), app.processes.postdeploy):
        for run in process.all_runs if process else ():
            if process and not run.conditional and not run.is_tolerated:
                yield from _missing(app, process, run)


def _missing(app: App, process: ProcessType, run: Run) -> Iterator[Problem]:
    assert app.packages.install_set is not None
    if run.name in NEEDS_RUN and run.arguments and re.fullmatch(r"[\w./]+\.py", run.arguments[0].text):
        script = run.arguments[0]
        yield Problem(
            f"{process.name} runs {run.name} {script.text}, but {run.name} has no such command: the process ends at "
            "once",
            process.word_span(run, run.program._replace(end=script.end)),
            help=f"Write: {run.name} run {script.text}",
        )
        return
    command = _subcommand(run)
    if command is None:
        return
    at = process.word_span(run, run.program._replace(end=command[1]))
    outcome = "the release fails" if process.name == RELEASE_PROCESS else "the process ends at once"
    if run.name == "fastapi":
        answer = app.packages.install_set.query("fastapi-cli")
        is_brought = comes_with_extra(app, FASTAPI_EXTRAS) or app.packages.may_bring("fastapi-cli")
        certain = answer.installed is Installed.NO
        if certain or (answer.installed is Installed.UNKNOWN and not is_brought):
            yield Problem(
                f"{process.name} runs fastapi {command[0]}, which needs fastapi-cli, but "
                f"{app.packages.install_set.file} has neither it nor fastapi[standard]: the process ends at once",
                at,
                help=f"FastAPI brings it only with an extra. {add_help(app, 'fastapi[standard]')}",
                fix=add(app, "fastapi[standard]"),
                severity=None if certain else Severity.WARNING,
                certain=certain,
            )
        return
    distribution = SUBCOMMANDS[run.name, command[0]]
    answer = app.packages.install_set.query(distribution)
    if answer.installed is Installed.YES or _defines_commands(app):
        return
    certain = answer.installed is Installed.NO
    if not certain and (answer.declared or app.packages.may_bring(canonical(distribution))):
        return
    why = answer.why if certain else not_listed(app)
    yield Problem(
        f"{process.name} runs {run.name} {command[0]}, which comes with {distribution}, but that {why}: {outcome}",
        at,
        help=add_help(app, distribution),
        fix=add(app, distribution),
        severity=None if certain else Severity.WARNING,
        certain=certain,
    )


def _subcommand(run: Run) -> tuple[str, int] | None:
    """The subcommand, and where it ends, if it is one that another package adds."""
    words = iter(run.arguments)
    for word in words:
        if word.text in GLOBAL_OPTIONS:
            next(words, None)
        elif not word.text.startswith("-"):
            if run.name == "fastapi" and word.text in ("run", "dev"):
                return word.text, word.end
            return (word.text, word.end) if (run.name, word.text) in SUBCOMMANDS else None
    return None


def _defines_commands(app: App) -> bool:
    """Whether the app may define commands of its own."""
    names = [name for name in app.files.tree.names() if name.endswith(".py")]
    names += [f"{name}/__init__.py" for name in app.files.tree.names() if app.files.tree.is_directory(name)]
    sources = (app.files.source(name) for name in names[:100])
    return any(source and re.search(r"\bAppGroup\(|\.cli\.group\(|\bFlaskGroup\(", source.text) for source in sources)


FLASK = {
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    "Procfile": "release: flask db upgrade\nweb: gunicorn app:app\n",
}
procfile_subcommand_missing.examples(
    bad=[Example({**FLASK, "requirements.txt": "Flask==3.1\ngunicorn==23.0\n"}, at=("Procfile:1:10-1:18",))],
    good=[Example({**FLASK, "requirements.txt": "Flask==3.1\nFlask-Migrate==4.1\ngunicorn==23.0\n"})],
)
