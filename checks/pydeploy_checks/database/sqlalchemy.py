"""Libraries that do not understand the address of a database in the form in which Heroku sets it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_checks.add import add, add_help, with_packages
from pydeploy_checks.database.address_fixes import change_replacement, change_scheme
from pydeploy_checks.database.clients import may_connect
from pydeploy_checks.django.project import surely_at_least
from pydeploy_lint.plugin import (
    App,
    Example,
    Installed,
    Problem,
    Severity,
    Span,
    check,
    latest_allowed,
)

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Fix, Given

URL = "https://help.heroku.com/ZKNTJQSK/why-is-sqlalchemy-1-4-x-not-connecting-to-heroku-postgres"
WITHOUT_POSTGRES = (("sqlalchemy", (1, 4)), ("flask-sqlalchemy", (3, 0)), ("sqlmodel", (0,)))
"""The versions from which on the scheme `postgres` is unknown, or that require such a version."""
NEW_DRIVER = (2, 1)
"""The version of SQLAlchemy since which `postgresql://` means psycopg."""
ASYNC_SCHEME = "postgresql+asyncpg"
ASYNC_DRIVERS = ("asyncpg", "psycopg", "psycopg_async")
SQLALCHEMY = ("sqlalchemy.", "sqlmodel.", "apscheduler.", "flask_sqlalchemy.")
REPLACE = '.replace("postgres://", "postgresql://", 1)'


@check("sqlalchemy-postgres-scheme", severity=Severity.ERROR, url=URL)
def sqlalchemy_postgres_scheme(app: App) -> Iterator[Problem]:
    """SQLAlchemy 1.4 or later is given `DATABASE_URL`, which begins with `postgres://`.

    Heroku writes the addresses of its databases like this, and SQLAlchemy knows only `postgresql://` since version
    1.4: the first connection fails with "Can't load plugin: sqlalchemy.dialects:postgres".

    The address is followed from `os.environ`, or a settings class of pydantic, to `create_engine()`,
    `SQLALCHEMY_DATABASE_URI`, Alembic's `sqlalchemy.url` and APScheduler's job store. Code that rewrites it is
    evaluated; where a validator or anything that is not followed has a say, nothing is reported.

    ## How to fix

    Change the beginning of the address:

        url = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1)
    """
    certain = _knows_no_postgres(app)
    if certain is None:
        return
    reported = set[Span]()
    for given in _given(app):
        if given.at in reported:
            continue
        if _scheme(given) == "postgres" and (given.library.startswith(SQLALCHEMY) or _is_setting(given)):
            reported.add(given.at)
            is_async = given.library.endswith("create_async_engine")
            needed = ASYNC_SCHEME if is_async else "postgresql"
            lacking = ("asyncpg",) if is_async and not _is_declared(app, "asyncpg") else ()
            more = f"\n{add_help(app, *lacking)}" if lacking else ""
            yield Problem(
                "SQLAlchemy is given DATABASE_URL, which begins with postgres:// on Heroku: since version 1.4 it "
                "knows only postgresql://, and cannot connect",
                given.at,
                help="Change the beginning of the address:\n"
                f'    os.environ["DATABASE_URL"].replace("postgres://", "{needed}://", 1){more}',
                severity=None if certain else Severity.WARNING,
                certain=certain,
                fix=with_packages(app, change_scheme(app, given.at, needed), *lacking),
            )


def _knows_no_postgres(app: App) -> bool | None:
    """Whether the SQLAlchemy that is installed is surely 1.4 or later; None where it is older or not there."""
    if any(surely_at_least(app, distribution, version) for distribution, version in WITHOUT_POSTGRES):
        return True
    installed = app.packages.install_set
    answers = [installed.query(name) for name, _ in WITHOUT_POSTGRES] if installed else []
    declared = [each.declared for each in answers if each.declared and each.installed is Installed.YES]
    if not declared:
        return None
    if any(each.name == "sqlmodel" for each in declared):
        return True
    bounds = [latest_allowed(each.specifier) for each in declared if each.name == "sqlalchemy"]
    return None if any(bound and bound < (1, 4) for bound in bounds) else False


def _is_setting(given: Given) -> bool:
    return given.library in ("SQLALCHEMY_DATABASE_URI", "sqlalchemy.url")


def _scheme(given: Given) -> str:
    return given.address.partition("://")[0]


@check(
    "async-database-driver", severity=Severity.ERROR, url="https://docs.sqlalchemy.org/en/20/dialects/postgresql.html"
)
def async_database_driver(app: App) -> Iterator[Problem]:
    """The address of the database names a driver, or none, that the library that gets it cannot use.

    - `create_async_engine()` needs an asynchronous driver in the address, such as `postgresql+asyncpg://`. With
      `postgresql://` SQLAlchemy loads psycopg2, which is none, and since 2.1 psycopg, which has to be installed.
    - asyncpg knows no `sslmode`: with `postgresql+asyncpg://…?sslmode=require` the first connection fails.
    - `create_engine()` loads psycopg for `postgresql://` since SQLAlchemy 2.1, where it loaded psycopg2 before.
    - psycopg and asyncpg themselves do not understand the `+asyncpg` and `+psycopg2` of SQLAlchemy's addresses.

    Measured with SQLAlchemy 2.1.9, asyncpg and psycopg2 (2026-11-25).

    ## How to fix

    Change the beginning of the address:

        url = os.environ["DATABASE_URL"].replace("postgres://", "postgresql+asyncpg://", 1)
    """
    for given in _given(app):
        if found := _wrong_driver(app, given):
            yield Problem(
                found.message,
                given.at,
                help=found.advice,
                severity=None if found.certain else Severity.WARNING,
                certain=found.certain,
                fix=found.fix,
            )


class _Wrong(NamedTuple):
    """What is wrong with a driver, and what to do about it."""

    message: str
    advice: str
    certain: bool = True
    fix: Fix | None = None


def _default_driver(app: App) -> str | None:
    """What SQLAlchemy loads for `postgresql://`; None where its version is not known."""
    if surely_at_least(app, "sqlalchemy", NEW_DRIVER):
        return "psycopg"
    declared = app.packages.install_set.query("sqlalchemy").declared if app.packages.install_set else None
    latest = latest_allowed(declared.specifier) if declared else None
    return "psycopg2" if latest and latest < NEW_DRIVER else None


def _wrong_driver(app: App, given: Given) -> _Wrong | None:
    dialect, plus, driver = _scheme(given).partition("+")
    library = given.library
    if driver == "asyncpg" and "sslmode=" in given.address:
        return _Wrong(
            "asyncpg is given an address with sslmode, which it does not know: it cannot connect",
            'Remove sslmode from the address, and pass connect_args={"ssl": "require"}.',
        )
    if library.endswith("create_async_engine") and dialect == "postgresql":
        return _not_asynchronous(app, given, driver)
    if library.startswith(("asyncpg.", "psycopg2.", "psycopg.", "psycopg_pool.")) and plus:
        name = library.partition(".")[0]
        return _Wrong(
            f"{name} is given DATABASE_URL as {_scheme(given)}://, a form that only SQLAlchemy understands: it cannot "
            "connect",
            "Give it DATABASE_URL as it is.",
        )
    if library.startswith(SQLALCHEMY) and _scheme(given) == "postgresql" and _default_driver(app) == "psycopg":
        return _lacks_psycopg(app)
    return None


def _not_asynchronous(app: App, given: Given, driver: str) -> _Wrong | None:
    if driver in ASYNC_DRIVERS:
        return None
    default = _default_driver(app)
    has_psycopg = _installed(app, "psycopg") is not Installed.NO and _is_declared(app, "psycopg")
    if not driver and default != "psycopg2" and has_psycopg:
        return None
    lacking = () if _is_declared(app, "asyncpg") else ("asyncpg",)
    advice = (
        "Name an asynchronous driver, such as asyncpg:\n"
        '    os.environ["DATABASE_URL"].replace("postgres://", "postgresql+asyncpg://", 1)'
    )
    if lacking:
        advice += f"\n{add_help(app, *lacking)}"
    if not driver and default == "psycopg":
        why = "which makes SQLAlchemy load psycopg, and that is not installed"
    else:
        why = f"which makes SQLAlchemy load {driver or 'psycopg2'}, and that is not asynchronous"
    return _Wrong(
        f"create_async_engine() is given DATABASE_URL as postgresql{'+' if driver else ''}{driver}://, {why}: the "
        "process ends as soon as it starts",
        advice,
        fix=with_packages(app, change_replacement(app, given.at, ASYNC_SCHEME), *lacking),
    )


def _lacks_psycopg(app: App) -> _Wrong | None:
    if _is_declared(app, "psycopg") or _is_declared(app, "psycopg-binary"):
        return None
    driver = "psycopg[binary]"
    return _Wrong(
        "SQLAlchemy is given DATABASE_URL as postgresql://, for which it loads psycopg since version 2.1, and that is "
        "not installed: the process ends as soon as it makes the engine",
        f'{add_help(app, driver)}\nOr name the driver that you have: "postgresql+psycopg2://".',
        _installed(app, "psycopg") is Installed.NO,
        add(app, driver),
    )


def _installed(app: App, distribution: str) -> Installed:
    installed = app.packages.install_set
    return installed.query(distribution).installed if installed else Installed.UNKNOWN


def _is_declared(app: App, distribution: str) -> bool:
    installed = app.packages.install_set
    return installed is not None and installed.query(distribution).declared is not None


def _given(app: App) -> list[Given]:
    """The addresses that libraries get, unless something rewrites the variable before."""
    if not may_connect(app):
        return []
    from pydeploy_lint.plugin import given_addresses, is_rewritten

    found = given_addresses(app.files)
    runs = [run for process in app.processes.types.values() for run in process.all_runs]
    is_set = any("DATABASE_URL" in run.variables for run in runs)
    return [] if not found or is_set or is_rewritten(app.files, "DATABASE_URL") else found


FLASK = {".python-version": "3.13\n", "requirements.txt": "Flask==3.1\nSQLAlchemy==2.0.36\n"}
READ = 'os.environ["DATABASE_URL"]'
ASYNC = "import os\n\nfrom sqlalchemy.ext.asyncio import create_async_engine\n\nengine = create_async_engine({})\n"
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
async_database_driver.examples(
    bad=[Example({**FLASK, "db.py": ASYNC.format(READ + REPLACE)}, at=("db.py:5:30-5:56",))],
    good=[Example({**FLASK, "db.py": ASYNC.format(READ + '.replace("postgres://", "postgresql+asyncpg://", 1)')})],
)
