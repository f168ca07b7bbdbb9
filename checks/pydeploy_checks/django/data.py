"""The database of Django apps, and the config vars that they cannot do without."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
from typing import TYPE_CHECKING

from pydeploy_checks.add import add_help
from pydeploy_checks.django.drivers import has_postgres_driver, may_be_installed, postgres_driver
from pydeploy_checks.django.project import SETTINGS, not_set, project
from pydeploy_checks.django.rewrites import READ_URL, database_from_url
from pydeploy_lint.plugin import (
    DATABASE_URL,
    DEV_CENTER,
    POSTGRES_ADDON,
    App,
    Example,
    Fix,
    Installed,
    Problem,
    Severity,
    check,
)

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Value

LOCAL = ("localhost", "127.0.0.1", "db", "postgres")
SQLITE = ("sqlite3", "spatialite")
BY_HAND = "heroku addons:create heroku-postgresql:essential-0"
LINES = "\n    ".join(("import os", "import dj_database_url", *READ_URL))
FROM_URL = f"DATABASE_URL where it is set, at the end of the settings:\n    {LINES}\n"
ADDONS = {DATABASE_URL: BY_HAND, "REDIS_URL": "heroku addons:create heroku-redis:mini"}
"""The commands that bring a config var along."""


@check("django-sqlite-on-dyno", severity=Severity.WARNING, url=DEV_CENTER + "sqlite3")
def django_sqlite_on_dyno(app: App) -> Iterator[Problem]:
    """The database is SQLite, a file on the dyno's disk, and is lost at the next restart.

    Heroku restarts every dyno at least once a day, and at every deploy, and resets its disk to what the build made. If
    SQLite is used only while a config var is unset, and `app.json` names no database, this is a note: nothing fails,
    and the data is gone the next day. It is a note as well where `DATABASES` has another database beside the default
    one, which may be the one that the app uses.

    ## How to fix

    Add a database, and take it from `DATABASE_URL`:

        heroku addons:create heroku-postgresql:essential-0

        DATABASES = {"default": dj_database_url.config(conn_max_age=600, ssl_require=True)}
    """
    engine = app.django.database.item("ENGINE") if app.django else None
    if engine is None or engine.at is None:
        return
    if engine.always(_is_sqlite):
        message = "the database is SQLite, a file on the dyno's disk: its data is lost when the dyno restarts"
        lacking = _lacking(app)
        help_text = f"Add a database:\n    {BY_HAND}\nand use {FROM_URL}{_install(app, lacking)}"
        fix = database_from_url(app, *lacking, commands=(BY_HAND,))
        problem = Problem(message, engine.at, help=help_text, fix=fix)
        yield problem._replace(severity=Severity.NOTE, certain=False) if _has_another(app) else problem
    elif _is_sqlite(engine) and POSTGRES_ADDON not in app.declared.addons:
        unset = not_set(engine.config_vars)
        message = f"while {unset}, the database is SQLite on the dyno's disk, and is lost when the dyno restarts"
        help_text = f"Make sure that the app has a database:\n    {BY_HAND}"
        fix = Fix.by_hand("Add a database", BY_HAND)
        yield Problem(message, engine.at, help=help_text, severity=Severity.NOTE, certain=False, fix=fix)


def _has_another(app: App) -> bool:
    """Whether the app may keep its data elsewhere: in a database beside the default one that is not surely SQLite."""
    databases = app.django.setting("DATABASES") if app.django else None
    if databases is None or not isinstance(databases.data, dict):
        return False
    others = [databases.item(alias) for alias in databases.data if alias != "default"]
    return any(not each.item("ENGINE").always(_is_sqlite) for each in others)


def _is_sqlite(engine: Value) -> bool:
    return engine.text is not None and engine.text.endswith(SQLITE)


SQLITE_SETTINGS = 'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}\n'
URL_SETTINGS = (
    'import dj_database_url\n\nDATABASES = {"default": dj_database_url.config(default="sqlite:///db.sqlite3")}\n'
)
django_sqlite_on_dyno.examples(
    bad=[
        Example(project(SQLITE_SETTINGS), at=(f"{SETTINGS}:1:36-1:64",)),
        Example(project(URL_SETTINGS), at=(f"{SETTINGS}:3:56-3:78",)),
    ],
    good=[
        Example(project(URL_SETTINGS, app_json='{"addons": ["heroku-postgresql:essential-0"]}\n')),
        Example(project(f'{SQLITE_SETTINGS}DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"\n')),
    ],
)


@check("database-url-ignored", severity=Severity.WARNING, url=DEV_CENTER + "django-app-configuration")
def database_url_ignored(app: App) -> Iterator[Problem]:
    """Heroku provisions a database, and the settings never read `DATABASE_URL`.

    `app.json` names the add-on `heroku-postgresql`, or the build asks for it, as it does for Django apps of older
    accounts. The config var `DATABASE_URL` has the address, which Heroku changes from time to time. The app runs
    without the database.

    ## How to fix

    Install `dj-database-url` and use the config var:

        DATABASES = {"default": dj_database_url.config(conn_max_age=600, ssl_require=True)}
    """
    django = app.django
    if django is None or not django.is_followed or django.settings is None or not _gets_database(app):
        return
    engine = django.database.item("ENGINE")
    if engine.at is None or not engine.is_certain or _is_elsewhere(app, django.database.item("HOST")):
        return
    if any(_is_address(each.name) for each in django.config_vars):
        return
    lacking = _lacking(app)
    yield Problem(
        "the settings never read DATABASE_URL, the address of the database that Heroku provisions",
        engine.at,
        help=f"Use {FROM_URL}{_install(app, lacking)}".rstrip(),
        fix=database_from_url(app, *lacking),
    )


def _lacking(app: App) -> tuple[str, ...]:
    """What is to be installed to use PostgreSQL at an address, and is surely not yet."""
    installed = app.packages.install_set
    has_reader = installed is not None and may_be_installed(installed, "dj-database-url")
    driver = () if has_postgres_driver(app) else (postgres_driver(app),)
    return (*(() if has_reader else ("dj-database-url",)), *driver)


def _install(app: App, lacking: tuple[str, ...]) -> str:
    return add_help(app, *lacking) if lacking else ""


def _is_elsewhere(app: App, host: Value) -> bool:
    """Whether the settings mean another database than the one that the build may ask for, and on purpose.

    The names of Heroku's own database servers are no good in settings, because they change.
    """
    if POSTGRES_ADDON in app.declared.addons or (host.is_certain and host.is_unset):
        return False
    return not host.text or bool(host.config_vars) or (host.text not in LOCAL and ".compute" not in host.text)


def _gets_database(app: App) -> bool:
    provisioning = app.packages.database_provisioning
    by_build = provisioning is not None and provisioning.happens is Installed.YES
    return POSTGRES_ADDON in app.declared.addons or (by_build and not app.is_new_account)


def _is_address(name: str) -> bool:
    """Whether a config var may hold the address of a database."""
    before, sign, _ = name.rpartition("_URL")
    return "DATABASE_URL" in name or "DB_URL" in name or (bool(sign) and ("POSTGRES" in before or "PG" in before))


POSTGRES_SETTINGS = 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "localhost"}}\n'
WITH_DRIVER = "Django==5.2\npsycopg2==2.9.10\n"
database_url_ignored.examples(
    bad=[
        Example(
            project(POSTGRES_SETTINGS, app_json='{"addons": ["heroku-postgresql:essential-0"]}\n'),
            at=(f"{SETTINGS}:1:36-1:67",),
        ),
        Example(project(POSTGRES_SETTINGS, WITH_DRIVER), at=(f"{SETTINGS}:1:36-1:67",)),
    ],
    good=[
        Example(project(URL_SETTINGS, WITH_DRIVER)),
        Example(project(POSTGRES_SETTINGS, WITH_DRIVER), options={"account-created": "2024-01-31"}),
    ],
)


@check("config-var-required", severity=Severity.NOTE, url=DEV_CENTER + "config-vars")
def config_var_required(app: App) -> Iterator[Problem]:
    """The settings cannot be imported without a config var that `app.json` does not declare.

    The build imports the settings to collect the static files, and the app imports them when it starts. Both fail while
    the config var is unset. The files do not say which config vars are set. With `--app`, Heroku says so: then this
    is an error.

    ## How to fix

    Set it before the first push:

        heroku config:set SECRET_KEY=...

    Or declare it in the `env` of `app.json`: Heroku then asks for it when somebody creates an app from that file.
    """
    missing = app.django.config_vars_to_set if app.django else []
    names = [each.name for each in missing]
    by_hand = [each.name for each in missing if each.name not in ADDONS]
    if not missing or app.django is None or missing[0].at is None or (names == [DATABASE_URL] and _gets_database(app)):
        return
    commands = [f"heroku config:set {' '.join(quote(f'{name}=...') for name in by_hand)}"] if by_hand else []
    commands += [ADDONS[name] for name in names if name in ADDONS]
    fails = "the build fails when it collects static files, and " if app.django.build_settings else ""
    unset, is_known = not_set(names), app.declared.knows_config_vars
    yield Problem(
        f"{f'{unset} on Heroku, and' if is_known else f'while {unset},'} the settings cannot be imported: {fails}the "
        "app does not start",
        missing[0].at,
        help="Set the missing config vars:\n" + "\n".join(f"    {command}" for command in commands),
        severity=Severity.ERROR if is_known else None,
        certain=is_known,
    )


config_var_required.examples(
    bad=[
        Example(project('import os\n\nSECRET_KEY = os.environ["SECRET_KEY"]\n'), at=(f"{SETTINGS}:3:14-3:38",)),
        Example(
            project(
                'import environ\n\nenv = environ.Env()\nSECRET_KEY = env("SECRET_KEY")\nREDIS = env.url("REDIS_URL")\n'
            ),
            at=(f"{SETTINGS}:4:14-4:31",),
        ),
    ],
    good=[
        Example(project('import os\n\nSECRET_KEY = os.environ.get("SECRET_KEY", "")\n')),
        Example(
            project(
                'import os\n\nSECRET_KEY = os.environ["SECRET_KEY"]\n',
                app_json='{"env": {"SECRET_KEY": {"generator": "secret"}}}\n',
            )
        ),
    ],
)
