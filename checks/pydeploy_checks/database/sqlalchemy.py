"""SQLAlchemy and the address that Heroku gives a database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_checks.django.project import surely_at_least
from pydeploy_lint.plugin import App, Example, Installed, Problem, Severity, check

if TYPE_CHECKING:
    from pydeploy_lint.plugin import DatabaseUri

URL = "https://help.heroku.com/ZKNTJQSK/why-is-sqlalchemy-1-4-x-not-connecting-to-heroku-postgres"
WITHOUT_POSTGRES = (("sqlalchemy", (1, 4)), ("flask-sqlalchemy", (3, 0)))
"""The versions from which on the scheme `postgres` is unknown, or that require such a version."""


ASYNC_DRIVERS = {"asyncpg", "psycopg", "psycopg_async"}


@check("sqlalchemy-postgres-scheme", severity=Severity.ERROR, url=URL)
def sqlalchemy_postgres_scheme(app: App) -> Iterator[Problem]:
    """SQLAlchemy is given an address that it cannot use, made of `DATABASE_URL`.

    On Heroku `DATABASE_URL` begins with `postgres://`. SQLAlchemy 1.4 and later know only `postgresql://`, and fail
    with "Can't load plugin: sqlalchemy.dialects:postgres". For `postgresql://` they load psycopg2;
    `create_async_engine()` needs an asynchronous driver, named in the address, and `create_engine()` cannot use one.

    ## How to fix

    Change the beginning of the address:

        url = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1)

    For an asynchronous engine:

        url = os.environ["DATABASE_URL"].replace("postgres://", "postgresql+asyncpg://", 1)
    """
    if not any(surely_at_least(app, distribution, version) for distribution, version in WITHOUT_POSTGRES):
        return
    from pydeploy_lint.plugin import database_uris

    for uri in database_uris(app.files.tree):
        driver = _driver(app, uri.is_async)
        problem = _problem(app, uri, driver)
        if problem:
            new = f"postgresql+{driver}" if driver else "postgresql"
            yield Problem(
                problem,
                uri.at,
                help="Change the beginning of the address:\n"
                f'    os.environ["DATABASE_URL"].replace("postgres://", "{new}://", 1)',
            )


def _problem(app: App, uri: DatabaseUri, driver: str) -> str | None:
    name, _, named = uri.scheme.partition("+")
    if name == "postgres":
        return (
            "SQLAlchemy is given DATABASE_URL, which begins with postgres:// on Heroku: since version 1.4 it knows "
            "only postgresql://, and cannot connect"
        )
    if name != "postgresql":
        return None
    if uri.is_async and named not in ASYNC_DRIVERS:
        return (
            f"create_async_engine() is given an address that begins with {uri.scheme}://, for which SQLAlchemy loads "
            f"psycopg2: it needs an asynchronous driver, as in postgresql+{driver}://"
        )
    if not uri.is_async and named == "asyncpg":
        return "create_engine() is given an address with asyncpg, an asynchronous driver: it cannot connect"
    if not uri.is_async and not named and _lacks_psycopg2(app):
        return "SQLAlchemy loads psycopg2 for an address that begins with postgresql://, and nothing installs psycopg2"
    return None


def _driver(app: App, is_async: bool) -> str:
    """The driver to name in the address; empty where none need be named."""
    if is_async:
        return "psycopg" if _is_missing(app, "asyncpg") and not _is_missing(app, "psycopg") else "asyncpg"
    return "psycopg" if _lacks_psycopg2(app) and not _is_missing(app, "psycopg") else ""


def _lacks_psycopg2(app: App) -> bool:
    packages = app.packages.install_set
    return packages is not None and packages.provides_module("psycopg2").installed is Installed.NO


def _is_missing(app: App, distribution: str) -> bool:
    packages = app.packages.install_set
    return packages is not None and packages.query(distribution).installed is not Installed.YES


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
