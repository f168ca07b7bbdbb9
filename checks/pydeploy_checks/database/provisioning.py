"""The database: whether Heroku provisions one by itself."""

import re
from collections.abc import Iterator

from pydeploy_lint.plugin import (
    DATABASE_URL,
    DEV_CENTER,
    MANAGE_PY,
    POSTGRES_ADDON,
    Answer,
    App,
    DatabaseProvisioning,
    Example,
    Fix,
    Installed,
    Problem,
    Severity,
    Span,
    app_modules,
    check,
)

URL = DEV_CENTER + "python-support#database-provisioning"
COMMAND = "heroku addons:create heroku-postgresql:essential-0"
BY_HAND = f"To provision a database by hand, and set DATABASE_URL:\n    {COMMAND}"
READS = re.compile(rf"""["']{DATABASE_URL}["']""")
PSYCOPG = ("psycopg", "psycopg-binary", "psycopg-c")
"""Distributions of psycopg 3, whose module has another name."""


@check("django-postgres-provisioning", severity=Severity.NOTE, url=URL)
def django_postgres_provisioning(app: App) -> Iterator[Problem]:
    """Heroku provisions a Postgres database for some Django apps, on their first deploy.

    The build asks for the add-on `heroku-postgresql`, which sets `DATABASE_URL`, if all of this holds:

    - `manage.py` is a file in the root directory of the app,
    - Django is installed,
    - the module `psycopg2` is installed, by `psycopg2` or `psycopg2-binary`; psycopg 3 has another module,
    - the Heroku account was created before 2023-05-15, or Heroku's support has enabled it for the account.

    This note says which of them hold. Give the age of the account with `--account-created` or in the configuration.

    ## How to fix

    Nothing is wrong. If Heroku provisions no database, do it by hand:

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
            fix=Fix.by_hand("Provision a database", COMMAND),
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
        fix=Fix.by_hand("Provision a database", COMMAND),
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


@check("database-not-provisioned", severity=Severity.NOTE, url=URL)
def database_not_provisioned(app: App) -> Iterator[Problem]:
    """The app reads `DATABASE_URL`, and Heroku provisions no database for it.

    Heroku provisions a Postgres database by itself only for some Django apps. For every other Python app `DATABASE_URL`
    is not set until somebody adds a database. Nothing is reported if `app.json` asks for one.

    Source: Heroku's support article "Heroku Python Support" (2024-11-06).

    ## How to fix

    Provision a database, which sets `DATABASE_URL`:

        heroku addons:create heroku-postgresql:essential-0
    """
    installed = app.packages.install_set
    declared = {*app.declared.addons, *app.declared.config_vars}
    if installed is None or POSTGRES_ADDON in declared or DATABASE_URL in declared or "DATABASE" in declared:
        return
    if installed.query("django").installed is Installed.YES or _looks_like_django(app) or app.build.manage_py:
        return
    for path in app_modules(app.files.tree):
        source = app.files.readable_source(path)
        found = READS.search(source.text) if source else None
        if source and found:
            yield Problem(
                f"{path} reads {DATABASE_URL}, and Heroku provisions a database by itself for some Django apps only: "
                "the config var is not set until you add one",
                source.span(found.start() + 1, found.end() - 1),
                help=BY_HAND,
                fix=Fix.by_hand("Provision a database", COMMAND),
            )
            return


database_not_provisioned.examples(
    bad=[
        Example(
            {
                **VERSION,
                "requirements.txt": "Flask==3.1.0\n",
                "app.py": 'import os\n\nURL = os.environ["DATABASE_URL"]\n',
            },
            at=("app.py:3:19-3:31",),
        )
    ],
    good=[
        Example(
            {
                **VERSION,
                "requirements.txt": "Flask==3.1.0\n",
                "app.py": 'import os\n\nURL = os.environ["DATABASE_URL"]\n',
                "app.json": '{"addons": ["heroku-postgresql:essential-0"]}\n',
            }
        )
    ],
)
