"""SQLAlchemy and the address that Heroku gives a database."""

from __future__ import annotations

from collections.abc import Iterator

from pydeploy_checks.django.project import surely_at_least
from pydeploy_lint.plugin import App, Example, Problem, Severity, check

URL = "https://help.heroku.com/ZKNTJQSK/why-is-sqlalchemy-1-4-x-not-connecting-to-heroku-postgres"
WITHOUT_POSTGRES = (("sqlalchemy", (1, 4)), ("flask-sqlalchemy", (3, 0)))
"""The versions from which on the scheme `postgres` is unknown, or that require such a version."""


@check("sqlalchemy-postgres-scheme", severity=Severity.ERROR, url=URL)
def sqlalchemy_postgres_scheme(app: App) -> Iterator[Problem]:
    """SQLAlchemy 1.4 or later is given `DATABASE_URL`, which begins with `postgres://`.

    Heroku writes the addresses of its databases so, and SQLAlchemy knows only `postgresql://` since version 1.4: the
    first connection fails with "Can't load plugin: sqlalchemy.dialects:postgres".

    ## How to fix

    Change the beginning of the address:

        url = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1)
    """
    if not any(surely_at_least(app, distribution, version) for distribution, version in WITHOUT_POSTGRES):
        return
    from pydeploy_lint.plugin import unchanged_database_urls

    for at in unchanged_database_urls(app.files.tree):
        yield Problem(
            "SQLAlchemy is given DATABASE_URL, which begins with postgres:// on Heroku: since version 1.4 it knows "
            "only postgresql://, and cannot connect",
            at,
            help="Change the beginning of the address:\n"
            '    os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1)',
        )


FLASK = {".python-version": "3.13\n", "requirements.txt": "Flask==3.1\nSQLAlchemy==2.0.36\n"}
READ = 'os.environ["DATABASE_URL"]'
sqlalchemy_postgres_scheme.examples(
    bad=[
        Example(
            {**FLASK, "app.py": f'import os\n\napp.config["SQLALCHEMY_DATABASE_URI"] = {READ}\n'},
            at=("app.py:3:41-3:67",),
        ),
    ],
    good=[
        Example(
            {
                **FLASK,
                "app.py": "import os\n\n"
                f'app.config["SQLALCHEMY_DATABASE_URI"] = {READ}.replace("postgres://", "postgresql://", 1)\n',
            }
        ),
        Example(
            {
                **FLASK,
                "requirements.txt": "Flask==2.0\nSQLAlchemy==1.3.24\n",
                "app.py": f"import os\n\nengine = create_engine({READ})\n",
            }
        ),
    ],
)
