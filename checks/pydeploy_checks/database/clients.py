"""Whether an app has a library that connects to a database; what such libraries are given takes a while to evaluate."""

from __future__ import annotations

from pydeploy_lint.plugin import App

PARTS = (
    "alembic", "apscheduler", "arq", "asyncpg", "broadcaster", "caching", "celery", "database", "dramatiq", "huey",
    "limiter", "migrate", "peewee", "piccolo", "psycopg", "redis", "rq", "saq", "session", "socketio", "sqlalchemy",
    "sqlmodel", "taskiq", "tortoise",
)  # fmt: skip
"""Parts of the names of distributions that connect to a database, or that bring one which does."""


def may_connect(app: App) -> bool:
    """Whether anything that is installed may connect to a database; so it may where that is not known."""
    install_set = app.packages.install_set
    return install_set is None or any(part in each.name for each in install_set.declared for part in PARTS)
