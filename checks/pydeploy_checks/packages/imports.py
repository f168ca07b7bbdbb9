"""What the app imports when it starts: whether Heroku has it, in the standard library or among the packages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_checks.add import add, add_help
from pydeploy_checks.django.drivers import has_postgres_driver, is_postgres, may_be_installed, postgres_driver
from pydeploy_checks.django.project import SETTINGS, project
from pydeploy_checks.django.running import reason_at
from pydeploy_checks.suit import ask_for_series, suiting_series
from pydeploy_lint.plugin import (
    DATABASE_URL,
    DEFAULT_ORIGIN,
    DEV_CENTER,
    POSTGRES_ADDON,
    Answer,
    App,
    Example,
    Installed,
    InstallSet,
    Problem,
    Severity,
    Span,
    check,
    directory_of,
)

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Import, Phase

URL = DEV_CENTER + "python-dependencies"
SETUPTOOLS = "distutils"
"""The module that setuptools brings back."""
LAST_WITH_SETUPTOOLS = (3, 12)
"""The last series for which the build installs setuptools with pip. Source: ``lib/pip.sh``, v351."""
OTHER_DRIVERS = ("mysqlclient", "pymysql", "mysql-connector-python", "mssql-django", "oracledb", "cx-oracle")


@check("removed-stdlib", severity=Severity.ERROR, url=DEV_CENTER + "python-support#specifying-a-python-version")
def removed_stdlib(app: App) -> Iterator[Problem]:
    """The app imports something from the standard library that the Python on Heroku no longer has.

    Python 3.12 dropped `asynchat`, `asyncore`, `distutils`, `imp` and `smtpd`, Python 3.13 `cgi`, `crypt`, `imghdr`,
    `pipes`, `telnetlib` and others. Single names go, too: `Mapping` left `collections` with Python 3.10 (it is in
    `collections.abc`), `coroutine` left `asyncio` with 3.11, `wrap_socket` left `ssl` with 3.12. The app fails as soon
    as it imports one. This check follows the imports from what the `Procfile` names and from Django's settings, URLs
    and applications, but not those in a function, a condition or a `try`.

    Where a package that is not listed in `requirements.txt` may bring the module back, this is a warning.

    ## How to fix

    Replace the module: the documentation of Python names what to use instead. Until then, ask for an older Python in
    `.python-version`.
    """
    if app.python.version is None or app.python.request is None or app.packages.install_set is None:
        return
    from pydeploy_lint.plugin import name_removed_in, removed_in

    series = app.python.request.series
    for found in app.startup_imports:
        version = removed_in(found.module, series)
        if version and not _is_own(app, found.top_level) and not _is_brought_back(app, found.top_level):
            is_open = not app.packages.install_set.complete
            what = f"{found.module}, which Python {version} removed from the standard library"
            yield _removed(app, found, what, "one of its packages installs a replacement" if is_open else "")
    for found in app.startup_members:
        version = name_removed_in(found.module, series)
        if version and not _is_own(app, found.top_level):
            module, _, name = found.module.rpartition(".")
            yield _removed(app, found, f"{name} from {module}, which Python {version} removed", "")


def _removed(app: App, found: Import, what: str, condition: str) -> Problem:
    assert app.python.request is not None
    outcome = reason_at(app, found.phase)
    certain = not condition and app.python.origin != DEFAULT_ORIGIN and outcome.is_certain
    series = suiting_series(app, removed_stdlib)
    older = f", or set an older Python in .python-version:\n    {series}" if series else "."
    has_it = found.top_level == SETUPTOOLS
    other = f"\nOr install setuptools, which has it. {add_help(app, 'setuptools')}" if has_it else ""
    problem = Problem(
        f"the app imports {what}; Heroku installs Python {app.python.request.series}{app.python.request.because}"
        f"{outcome.follows(condition)}",
        found.at,
        help=f"Replace it, as the page What's New of that Python says{older}{other}",
        severity=None if certain else Severity.WARNING,
        failure_reason=outcome.reason if certain else None,
        certain=certain,
    )
    return problem.with_fixes(ask_for_series(app, series), add(app, "setuptools") if has_it else None)


def _is_brought_back(app: App, module: str) -> bool:
    """Whether a package has a module that the standard library no longer has."""
    from pydeploy_lint.plugin import substitutes

    install_set = app.packages.install_set
    if install_set is None or (module == SETUPTOOLS and _brings_setuptools(app)):
        return True
    return any(may_be_installed(install_set, name) for name in substitutes(module))


def _brings_setuptools(app: App) -> bool:
    """Whether setuptools is there although nothing lists it: the build installs it with pip, up to Python 3.12.

    Pipenv's build does so too in older releases, and does not list it in its lock.
    """
    request = app.python.request
    series = tuple(map(int, request.series.split("."))) if request else (0,)
    return app.managers.chosen == "pipenv" or (app.managers.chosen == "pip" and series <= LAST_WITH_SETUPTOOLS)


def _is_own(app: App, module: str) -> bool:
    """Whether the app may have a module itself, perhaps in a directory that it adds to the path."""
    is_in_root = app.files.tree.is_file(f"{module}.py") or app.files.tree.is_directory(module)
    return is_in_root or directory_of(app.files.tree, module) is not None


class _Wanted(NamedTuple):
    module: str
    at: Span
    by: str
    """Begins a sentence that goes on with the module."""
    phase: Phase


@check("missing-from-production", severity=Severity.ERROR, url=URL)
def missing_from_production(app: App) -> Iterator[Problem]:
    """The app needs a package that only a group for development has.

    Heroku does not install the groups for development: `[dev-packages]` of Pipenv, the groups of Poetry other than
    the main one, the dependency groups of uv. A module in `INSTALLED_APPS`, or one that is imported when the app
    starts, cannot come from there.

    This is reported only if there is a lock file, and for modules whose package is known.

    ## How to fix

    Make the package one of the main dependencies:

        uv add django-debug-toolbar

    Or keep it out of what runs on Heroku: import it, or add it to `INSTALLED_APPS`, only where a setting says so.
    """
    install_set = app.packages.install_set
    if install_set is None or not install_set.complete:
        return
    reported: set[str] = set()
    for wanted in [
        *_installed_apps(app),
        *(_Wanted(each.top_level, each.at, "the app imports", each.phase) for each in app.startup_imports),
    ]:
        missing = None if wanted.module in reported else _only_for_development(install_set, wanted.module)
        if missing and not _is_own(app, wanted.module):
            reported.add(wanted.module)
            outcome = reason_at(app, wanted.phase)
            yield Problem(
                f"{wanted.by} {wanted.module}, but {missing.distribution} {missing.why}{outcome.follows()}",
                wanted.at,
                severity=None if outcome.is_certain else Severity.WARNING,
                failure_reason=outcome.reason if outcome.is_certain else None,
                certain=outcome.is_certain,
                help=f"Make it one of the main dependencies. {add_help(app, missing.distribution)}",
                fix=add(app, missing.distribution),
            )


def _installed_apps(app: App) -> Iterator[_Wanted]:
    from pydeploy_lint.plugin import Phase, certain_installed_apps

    for each in certain_installed_apps(app.django) if app.django else ():
        if each.text and each.at:
            phase = Phase.BUILD if app.django and app.django.build_settings else Phase.BOOT
            yield _Wanted(each.text.partition(".")[0], each.at, "INSTALLED_APPS names", phase)


def _only_for_development(install_set: InstallSet, module: str) -> Answer | None:
    """The distribution of a module, if it is in a group that is not installed, and no other has the module."""
    from pydeploy_lint.plugin import distributions

    answers = [install_set.query(name) for name in distributions(module)]
    if any(answer.installed is not Installed.NO for answer in answers):
        return None
    return next((answer for answer in answers if answer.declared and answer.declared.group), None)


@check(
    "psycopg-module-missing",
    severity=Severity.ERROR,
    url=DEV_CENTER + "connecting-heroku-postgres#connecting-in-python",
)
def psycopg_module_missing(app: App) -> Iterator[Problem]:
    """Django is to use PostgreSQL, and no driver for it is installed.

    Django's engine for PostgreSQL needs psycopg 3 or psycopg2. The app fails when it starts without one. Where the
    settings take the database from `DATABASE_URL`, as they should on Heroku, the driver is needed as soon as there is
    a database; this is a note then, unless `app.json` names one. Where a package that is not listed in
    `requirements.txt` may bring a driver along, it is a warning at most.

    ## How to fix

    Add `psycopg[binary]`, or, for Django before 4.2, `psycopg2-binary`, to what is installed.
    """
    django, install_set = app.django, app.packages.install_set
    if django is None or install_set is None or has_postgres_driver(app):
        return
    database, engine = django.database, django.database.item("ENGINE")
    at = engine.at or database.at
    is_certain = is_postgres(engine)
    from_url = DATABASE_URL in database.config_vars | engine.config_vars
    if at is None or not (is_certain or from_url):
        return
    if not is_certain and any(may_be_installed(install_set, name) for name in OTHER_DRIVERS):
        return
    has_database = is_certain or POSTGRES_ADDON in app.declared.addons
    need = "the database is PostgreSQL" if is_certain else f"the database is taken from {DATABASE_URL}"
    when = "the app fails when it starts" if has_database else "the app fails as soon as Heroku has a database for it"
    severity = Severity.WARNING if not install_set.complete else None
    known = f"{install_set.file} has no driver for it"
    where = known if install_set.complete else f"{known} among the direct requirements"
    driver = postgres_driver(app)
    yield Problem(
        f"{need}, and {where}; without one {when}",
        at,
        help=add_help(app, driver),
        fix=add(app, driver),
        severity=severity if has_database else Severity.NOTE,
    )


UV_LOCK = """\
version = 1
requires-python = ">=3.13"

[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "django" }]

[package.dev-dependencies]
dev = [{ name = "django-debug-toolbar" }]

[[package]]
name = "django"
version = "5.2"

[[package]]
name = "django-debug-toolbar"
version = "6.0"
"""
UV_PROJECT = {
    **{path: text for path, text in project("").items() if path != "requirements.txt"},
    "pyproject.toml": '[project]\nname = "app"\nversion = "1"\n',
    "uv.lock": UV_LOCK,
}

removed_stdlib.examples(
    bad=[
        Example(
            {
                ".python-version": "3.13\n",
                "requirements.txt": "flask==3.1.0\ngunicorn==23.0.0\n",
                "Procfile": "web: gunicorn app:app\n",
                "app.py": "import flask\nimport helpers\n",
                "helpers.py": "import cgi\n",
            },
            at=("helpers.py:1:8-1:11",),
        )
    ],
    good=[
        Example(
            {
                ".python-version": "3.13\n",
                "requirements.txt": "flask==3.1.0\ngunicorn==23.0.0\nlegacy-cgi==2.6.3\n",
                "Procfile": "web: gunicorn app:app\n",
                "app.py": "import cgi\n",
            }
        ),
        Example(
            {
                ".python-version": "3.13\n",
                "requirements.txt": "flask==3.1.0\ngunicorn==23.0.0\n",
                "Procfile": "web: gunicorn app:app\n",
                "app.py": "try:\n    import cgi\nexcept ImportError:\n    cgi = None\n",
            }
        ),
    ],
)
missing_from_production.examples(
    bad=[
        Example(
            {**UV_PROJECT, SETTINGS: 'INSTALLED_APPS = ["debug_toolbar"]\n'},
            at=(f"{SETTINGS}:1:19-1:34",),
        ),
    ],
    good=[
        Example({**UV_PROJECT, SETTINGS: 'INSTALLED_APPS = ["django.contrib.admin", "unknown"]\n'}),
        Example(
            {
                **UV_PROJECT,
                SETTINGS: 'DEBUG = False\nINSTALLED_APPS = []\nif DEBUG:\n    INSTALLED_APPS += ["debug_toolbar"]\n',
            }
        ),
    ],
)
POSTGRES_SETTINGS = 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n'
psycopg_module_missing.examples(
    bad=[
        Example({**UV_PROJECT, SETTINGS: POSTGRES_SETTINGS}, at=(f"{SETTINGS}:1:36-1:67",)),
        Example(
            project('import dj_database_url\nDATABASES = {"default": dj_database_url.config()}\n'),
            at=(f"{SETTINGS}:2:25-2:49",),
        ),
    ],
    good=[
        Example(project(POSTGRES_SETTINGS, "Django==5.2\npsycopg[binary]==3.2.3\n")),
        Example(project('DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}\n')),
    ],
)
