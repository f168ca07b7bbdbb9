"""The drivers with which Django uses PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_checks.django.project import surely_at_least
from pydeploy_lint.plugin import Installed

if TYPE_CHECKING:
    from pydeploy_lint.plugin import App, InstallSet, Value

ENGINES = ("postgresql", "postgresql_psycopg2", "postgis")
"""The last parts of the names of Django's engines for PostgreSQL."""

DRIVERS = (
    "psycopg2", "psycopg2-binary", "aws-psycopg2", "psycopg2cffi", "psycopg", "psycopg-binary", "psycopg-c",
    "psycopg-pool", "django-heroku", "django-on-heroku", "django-tenants", "procrastinate",
)  # fmt: skip
"""Distributions with a driver for PostgreSQL, and some that require one."""
KNOWS_PSYCOPG_3 = (4, 2)
"""The first version of Django with which psycopg 3 works."""


def is_postgres(engine: Value) -> bool:
    """Whether an engine in `DATABASES` is surely one for PostgreSQL."""
    return engine.is_certain and bool(engine.text and engine.text.rpartition(".")[2] in ENGINES)


def has_postgres_driver(app: App) -> bool:
    """Whether a driver for PostgreSQL is, or may be, installed."""
    install_set = app.packages.install_set
    return install_set is None or any(may_be_installed(install_set, name) for name in DRIVERS)


def postgres_driver(app: App) -> str:
    """The driver to install for the app's Django."""
    return "psycopg[binary]" if surely_at_least(app, "django", KNOWS_PSYCOPG_3) else "psycopg2-binary"


def may_be_installed(install_set: InstallSet, distribution: str) -> bool:
    """Whether a distribution is installed, or is listed and may be."""
    answer = install_set.query(distribution)
    is_undecided = answer.installed is Installed.UNKNOWN and answer.declared is not None
    return answer.installed is Installed.YES or is_undecided
