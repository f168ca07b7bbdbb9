"""The release phase: whether the database is migrated when the app is deployed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from pydeploy_lint.plugin import (
    DEV_CENTER,
    RELEASE_PROCESS,
    App,
    Example,
    Installed,
    Problem,
    Severity,
    check,
    resolve_path,
)

MIGRATIONS = {"django": "python manage.py migrate", "flask-migrate": "flask db upgrade"}
DATABASE_DRIVERS = ("psycopg2", "psycopg2-binary", "psycopg", "psycopg-binary", "mysqlclient", "dj-database-url")
MIGRATION = re.compile(r"migrat|db upgrade|alembic")
HEROKU, RUN = re.compile(r"heroku\b"), re.compile(r"\brun\b")
"""What comes before a migration in a line that runs it from elsewhere."""
DEPLOYMENTS = ("", ".circleci", ".github/workflows", "bin", "scripts")
"""Directories with scripts that deploy the app."""
SCRIPTS = (".sh", ".yml", ".yaml", "fabfile.py")
MOST_FILES = 200
"""How many files of such a directory are looked at."""


@check("release-without-migrate", severity=Severity.NOTE, url=DEV_CENTER + "release-phase")
def release_without_migrate(app: App) -> Iterator[Problem]:
    """Nothing migrates the database when the app is deployed.

    Heroku runs the process type `release` after each build and before the new version starts; where it fails, the
    old version goes on running. Without it a deploy with new migrations meets the old tables, until somebody runs
    `heroku run python manage.py migrate`.

    This note is for apps that install Django or Flask-Migrate and a database driver, have a `web` process, and
    mention migrations neither in the `Procfile` nor in `app.json`, and whose scripts and workflows do not call
    `heroku run` for them.

    ## How to fix

    Add a line to the `Procfile`:

        release: python manage.py migrate --no-input
    """
    processes, installed = app.processes, app.packages.install_set
    if processes.web is None or RELEASE_PROCESS in processes.types or installed is None:
        return
    if not any(installed.query(driver).installed is Installed.YES for driver in DATABASE_DRIVERS):
        return
    tool = next((name for name in MIGRATIONS if installed.query(name).installed is Installed.YES), None)
    if tool is None or processes.may_be_changed or _mentions_migrations(app):
        return
    if tool == "django" and app.build.manage_py is None:
        return
    command = MIGRATIONS[tool]
    if tool == "django" and app.build.manage_py:
        command = command.replace("manage.py", app.build.manage_py)
    yield Problem(
        "Procfile has no release process, and nothing else migrates the database when the app is deployed",
        processes.web.name_at,
        help=f"To migrate before each new version starts, add a line:\n    release: {command}",
    )


def _mentions_migrations(app: App) -> bool:
    """Whether a command, or a script that one runs, migrates; scripts that are not there may do so."""
    if any(MIGRATION.search(_text(app, name)) for name in ("Procfile", "app.json", "package.json", "Makefile")):
        return True
    for directory in DEPLOYMENTS:
        names = [name for name in app.files.tree.names(directory)[:MOST_FILES] if name.endswith(SCRIPTS)]
        if any(_runs_migrations(_text(app, posixpath.join(directory, name))) for name in names):
            return True
    for process in app.processes.types.values():
        if process.undecided:
            return True
        for run in process.runs:
            words = [run.program, *run.arguments]
            paths = [resolve_path(run.directory, word.text) for word in words if re.search(r"\.sh$|/", word.text)]
            sources = [app.files.source(path) for path in paths if path]
            if any(source is not None and not source.path.endswith(".py") for source in sources):
                return True
    return False


def _text(app: App, path: str) -> str:
    source = app.files.source(path)
    return source.text if source else ""


def _runs_migrations(text: str) -> bool:
    """Whether a line lets Heroku migrate, as in ``heroku run python manage.py migrate``."""
    for line in text.split("\n"):
        heroku = HEROKU.search(line)
        run = RUN.search(line, heroku.end()) if heroku else None
        if run and MIGRATION.search(line, run.end()):
            return True
    return False


DJANGO = {"requirements.txt": "Django\ngunicorn\npsycopg2\n", "manage.py": "", "shop/wsgi.py": "application = 1\n"}
release_without_migrate.examples(
    bad=[Example({**DJANGO, "Procfile": "web: gunicorn shop.wsgi\n"}, at=("Procfile:1:1-1:4",))],
    good=[
        Example({**DJANGO, "Procfile": "web: gunicorn shop.wsgi\nrelease: python manage.py migrate\n"}),
        Example({**DJANGO, "Procfile": "web: python manage.py migrate && gunicorn shop.wsgi\n"}),
        Example({**DJANGO, "requirements.txt": "Django\n", "Procfile": "web: gunicorn shop.wsgi\n"}),
    ],
)
