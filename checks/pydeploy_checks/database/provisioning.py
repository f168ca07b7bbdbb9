"""The database: whether Heroku provisions one by itself."""

from collections.abc import Iterator

from pydeploy_lint.plugin import (
    DEV_CENTER,
    MANAGE_PY,
    Answer,
    App,
    DatabaseProvisioning,
    Example,
    Installed,
    Problem,
    Severity,
    Span,
    check,
)

URL = DEV_CENTER + "python-support#database-provisioning"
BY_HAND = """\
To provision a database by hand, and set DATABASE_URL:
    heroku addons:create heroku-postgresql:essential-0"""
PSYCOPG = ("psycopg", "psycopg-binary", "psycopg-c")
"""Distributions of psycopg 3, whose module has another name."""


@check("django-postgres-provisioning", severity=Severity.NOTE, url=URL)
def django_postgres_provisioning(app: App) -> Iterator[Problem]:
    """Heroku provisions a Postgres database for some Django apps, on their first deploy.

    The build asks for the add-on `heroku-postgresql`, which sets `DATABASE_URL`, when all of this holds:

    - `manage.py` is a file in the root directory of the app,
    - Django is installed,
    - the module `psycopg2` is installed, by `psycopg2` or `psycopg2-binary`; psycopg 3 has another module,
    - the Heroku account was created before 2023-05-15, or Heroku's support has enabled it for the account.

    This note says which of them hold. Give the age of the account with `--account-created` or in the configuration.

    ## How to fix

    There is nothing to mend. Where no database is provisioned, do it by hand:

        heroku addons:create heroku-postgresql:essential-0
    """
    conditions = app.packages.database_provisioning
    if conditions is None:
        return
    if conditions.happens is Installed.YES:
        yield _met(app, conditions)
    elif not app.is_new_account and (missing := _near_miss(app, conditions)):
        yield missing


def _met(app: App, conditions: DatabaseProvisioning) -> Problem:
    created, limit = app.options.account_created, app.policy.database_for_accounts_before
    driver = conditions.psycopg2
    found = f"manage.py is in the root, and Django and {driver.distribution} are installed"
    at = conditions.django.at or driver.at or Span(MANAGE_PY)
    if created is None:
        return Problem(
            f"{found}: on the first deploy Heroku provisions a Postgres database, if the account was created before "
            f"{limit} or Heroku's support enabled that",
            at,
            help=f"{BY_HAND}\nTo settle the question here, give the day with --account-created.",
        )
    if app.is_new_account:
        return Problem(
            f"{found}, but the account was created on {created}: Heroku provisions a Postgres database by itself only "
            f"for accounts from before {limit}, unless its support enabled that",
            at,
            help=BY_HAND,
        )
    return Problem(f"{found}: on the first deploy Heroku provisions a Postgres database and sets DATABASE_URL", at)


def _near_miss(app: App, conditions: DatabaseProvisioning) -> Problem | None:
    """What is missing, where at most one condition does not hold; a manage.py in a subdirectory nearly holds."""
    missing: list[tuple[str, Span | None]] = []
    django, driver = conditions.django, conditions.psycopg2
    if django.installed is Installed.NO or (django.installed is Installed.UNKNOWN and not _looks_like_django(app)):
        return None
    if django.installed is Installed.UNKNOWN:
        missing.append((f"Django {django.why}", django.at))
    if driver.installed is not Installed.YES:
        answer = _psycopg3(app) or driver
        missing.append((f"{answer.distribution} {answer.why}", answer.at))
    deeper = None if conditions.manage_py else app.build.manage_py
    if not conditions.manage_py and deeper is None:
        missing.append((f"there is no {MANAGE_PY}", Span(MANAGE_PY)))
    if len(missing) > 1:
        return None
    if deeper:
        missing.append((f"{deeper} is not in the root", Span(deeper)))
    verdict = "does not provision" if conditions.happens is Installed.NO else "may not provision"
    return Problem(
        f"Heroku {verdict} a Postgres database for this Django app by itself: {'; '.join(why for why, _ in missing)}",
        missing[0][1] or django.at or driver.at or Span(MANAGE_PY),
        help=BY_HAND,
    )


def _looks_like_django(app: App) -> bool:
    assert app.packages.install_set is not None
    return any(each.name.startswith("django") for each in app.packages.install_set.declared)


def _psycopg3(app: App) -> Answer | None:
    assert app.packages.install_set is not None
    answers = (app.packages.install_set.query(name) for name in PSYCOPG)
    found = next((answer for answer in answers if answer.installed is Installed.YES), None)
    return found and found._replace(why="does not provide the module psycopg2, which is what Heroku looks for")


MANAGE = "#!/usr/bin/env python\n"
VERSION = {".python-version": "3.13\n"}
POETRY_LOCK = """\
[[package]]
name = "django"
version = "5.2"
groups = ["main"]

[[package]]
name = "psycopg2"
version = "2.9.10"
groups = ["dev"]

[metadata]
lock-version = "2.1"
"""
django_postgres_provisioning.examples(
    bad=[
        Example(
            {**VERSION, "manage.py": MANAGE, "requirements.txt": "Django==5.2\npsycopg2-binary==2.9.10\n"},
            at=("requirements.txt:1:1-1:7",),
        ),
        Example(
            {**VERSION, "manage.py": MANAGE, "requirements.txt": "Django==5.2\npsycopg[binary]==3.2\n"},
            at=("requirements.txt:2:1-2:8",),
        ),
        Example(
            {**VERSION, "backend/manage.py": MANAGE, "requirements.txt": "Django==5.2\npsycopg2==2.9.10\n"},
            at=("backend/manage.py",),
        ),
        Example(
            {**VERSION, "manage.py": MANAGE, "poetry.lock": POETRY_LOCK},
            at=("poetry.lock:7:8-7:18",),
        ),
    ],
    good=[
        Example({**VERSION, "manage.py": "", "requirements.txt": "Flask==3.1\npsycopg2==2.9.10\n"}),
        Example(
            {**VERSION, "manage.py": MANAGE, "requirements.txt": "Django==5.2\n"},
            options={"account-created": "2024-01-31"},
        ),
    ],
)
