from __future__ import annotations

from pathlib import Path

import pytest
from pydeploy_checks.django.project import SETTINGS, project
from pydeploy_checks.packages.imports import (
    UV_LOCK,
    UV_PROJECT,
    missing_from_production,
    psycopg_module_missing,
    removed_stdlib,
)

from pydeploy_lint.facts.packages.imports.modules import distributions, removed_in, substitutes
from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import Files, lint_files, open_app, place, write_tree

WEB = "web: gunicorn app:app\n"
FLASK = {".python-version": "3.13\n", "requirements.txt": "flask==3.1.0\n", "Procfile": WEB}


def imported(root: Path, files: Files) -> list[str]:
    write_tree(root, files)
    return [f"{each.at.path}: {each.module}" for each in open_app(root).startup_imports]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app.py": "import a.b, c as d\nfrom e.f import g\n"}, ["app.py: a.b", "app.py: c", "app.py: e.f"]),
        ({"app.py": "from x import y\n", "x/__init__.py": "", "x/y.py": "import z\n"}, ["x/y.py: z"]),
        (
            {"app.py": "import x.y\n", "x/__init__.py": "import p\n", "x/y.py": "import q\n"},
            ["x/__init__.py: p", "x/y.py: q"],
        ),
        ({"app.py": "import x.y\n", "x/y.py": "from . import z\n", "x/z.py": "import q\n"}, ["x/z.py: q"]),
        ({"app.py": "import x.y\n", "x/y.py": "from ..z import w\n", "z.py": "import q\n"}, ["z.py: q"]),
        ({"app.py": "from .... import z\nfrom . import q\nimport p\n", "q.py": "import r\n"}, ["app.py: p", "q.py: r"]),
        ({"app.py": "import b\n", "b.py": "import app\nimport q\n"}, ["b.py: q"]),
        ({"app.py": "class A:\n    import q\n"}, ["app.py: q"]),
        ({"app.py": "def f():\n    import q\n"}, []),
        ({"app.py": "if x:\n    import q\n"}, []),
        ({"app.py": "try:\n    import q\nexcept ImportError:\n    pass\n"}, []),
        ({"app.py": "raise SystemExit\nimport q\n"}, []),
        ({"app.py": "import q\nimport b\n", "b.py": "import sys\nsys.modules['q'] = sys\n"}, []),
        ({"app.py": "import q\nimport b\n", "b.py": "not Python\n"}, ["app.py: q"]),
        ({"app.py": "", "other.py": "import q\n"}, []),
        (
            {
                "Procfile": "worker: cd jobs && python -u run.py\n",
                "jobs/run.py": "import q, near\n",
                "jobs/near.py": "",
            },
            ["jobs/run.py: q"],
        ),
        ({"Procfile": "web: gunicorn --chdir src app\n", "src/app.py": "import q\n"}, ["src/app.py: q"]),
        ({"Procfile": "web: gunicorn missing:app\n"}, []),
        ({"Procfile": "worker: python -m jobs\n", "jobs/__main__.py": "import q\n"}, ["jobs/__main__.py: q"]),
        (
            {"Procfile": "worker: python -m celery -A shop.jobs worker\n", "shop/jobs.py": "import q\n"},
            ["shop/jobs.py: q"],
        ),
        ({"Procfile": "worker: celery --app=jobs:queue worker -n app\n", "jobs.py": "import q\n"}, ["jobs.py: q"]),
        (
            {"Procfile": "worker: celery -Ajobs worker\n", "jobs.py": "import q\n", "worker.py": "import r\n"},
            ["jobs.py: q"],
        ),
        ({"Procfile": "worker: celery -A missing worker\n"}, []),
        ({"Procfile": "worker: celery -A $APP worker\n"}, []),
        ({"Procfile": "web: flask --app shop run\n", "shop/__init__.py": "import q\n"}, ["shop/__init__.py: q"]),
        ({"Procfile": "web: flask run\n", "app.py": "import q\n"}, ["app.py: q"]),
        ({"Procfile": "web: FLASK_APP=src/site.py flask run\n", "src/site.py": "import q\n"}, ["src/site.py: q"]),
        ({"Procfile": "worker: dramatiq -p 2 jobs other\n", "jobs.py": "import q\n"}, ["jobs.py: q"]),
        ({"Procfile": "worker: arq jobs.Settings\n", "jobs.py": "import q\n"}, ["jobs.py: q"]),
        (
            {"Procfile": "web: streamlit run src/page.py --server.port $PORT\n", "src/page.py": "import q\n"},
            ["src/page.py: q"],
        ),
        ({"Procfile": "web: streamlit run $PAGE\n", "page.py": "import q\n"}, []),
        (
            {
                "Procfile": "web: fastapi run src/shop/main.py\n",
                "src/shop/__init__.py": "",
                "src/shop/main.py": "import shop.near\n",
                "src/shop/near.py": "import q\n",
            },
            ["src/shop/near.py: q"],
        ),
        (
            {"Procfile": "web: bin/start\n", "bin/start": "exec streamlit run app.py\n", "app.py": "import q\n"},
            ["app.py: q"],
        ),
    ],
)
def test_what_is_imported_when_the_app_starts(tmp_path: Path, files: Files, expected: list[str]) -> None:
    assert imported(tmp_path, {**FLASK, **files}) == expected


def test_django_imports_settings_urls_and_applications(tmp_path: Path) -> None:
    settings = 'import s\nROOT_URLCONF = "shop.urls"\nINSTALLED_APPS = ["shop.apps.ShopConfig", "cart", "other"]\n'
    files = project(settings) | {
        "shop/__init__.py": "",
        "shop/urls.py": "import u\n",
        "shop/apps.py": "import a\n",
        "shop/models.py": "import m\n",
        "cart/models/__init__.py": "import c\n",
        "cart/views.py": "import v\n",
    }
    assert imported(tmp_path, files) == [
        "cart/models/__init__.py: c",
        "manage.py: os",
        "shop/apps.py: a",
        "shop/models.py: m",
        f"{SETTINGS}: s",
        "shop/urls.py: u",
    ]


def test_a_limited_number_of_files_is_read(tmp_path: Path) -> None:
    chain = {f"m{number}.py": f"import m{number + 1}\nimport q{number}\n" for number in range(300)}
    assert len(imported(tmp_path, {**FLASK, "app.py": "import m0\n", **chain})) == 199


@pytest.mark.parametrize(
    ("module", "series", "version"),
    [
        ("cgi", "3.12", None),
        ("cgi", "3.13", "3.13"),
        ("imp", "3.14", "3.12"),
        ("distutils", "3.11", None),
        ("binhex", "3.11", "3.11"),
        ("formatter", "3.10", "3.10"),
        ("json", "3.14", None),
        ("source", "3.14", None),
        ("os", "3.14", None),
    ],
)
def test_removed_in(module: str, series: str, version: str | None) -> None:
    assert removed_in(module, series) == version


def test_names_of_distributions() -> None:
    assert distributions("rest_framework") == ["djangorestframework"]
    assert distributions("whitenoise") == ["whitenoise"]
    assert substitutes("cgi")[:2] == ["standard-cgi", "legacy-cgi"]
    assert substitutes("lib2to3") == ["standard-lib2to3"]


def removed(files: Files) -> list[tuple[str, Severity]]:
    return [(place(finding.at), finding.severity) for finding in lint_files({**FLASK, **files}, [removed_stdlib])]


def test_removed_module_names_versions_and_doubt() -> None:
    [finding] = lint_files({**FLASK, "app.py": "import cgi\n"}, [removed_stdlib])
    assert finding.message == (
        "the app imports cgi, which Python 3.13 removed from the standard library; Heroku installs Python 3.13 because "
        "of .python-version; unless one of its packages installs a replacement, the app does not start"
    )
    assert finding.severity is Severity.WARNING


def test_a_removed_name_needs_no_package_to_come_back() -> None:
    [finding] = lint_files({**FLASK, "app.py": "from inspect import getargspec\n"}, [removed_stdlib])
    assert finding.message == (
        "the app imports getargspec from inspect, which Python 3.11 removed; Heroku installs Python 3.13 because of "
        ".python-version: the app does not start"
    )
    assert (finding.severity, finding.certain) == (Severity.ERROR, True)


def test_default_python_is_that_of_new_apps_only() -> None:
    files = {**FLASK, "app.py": "import cgi\n", "requirements.txt": "six==1.17.0 --hash=sha256:" + 64 * "0" + "\n"}
    del files[".python-version"]
    [finding] = lint_files(files, [removed_stdlib], {"as-of": "2026-08-18"})
    assert finding.message == (
        "the app imports cgi, which Python 3.13 removed from the standard library; Heroku installs Python 3.14, "
        "the default for new apps: the app does not start"
    )
    assert finding.severity is Severity.WARNING


UV_APP = {"requirements.txt": "", "pyproject.toml": UV_PROJECT["pyproject.toml"], "uv.lock": UV_LOCK}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app.py": "import cgi\n", "requirements.txt": "legacy-cgi\n"}, []),
        ({"app.py": "import cgi\n", "requirements.txt": "webob\n"}, []),
        ({"app.py": "import cgi\n", "requirements.txt": "legacy-cgi; platform_release == '1'\n"}, []),
        ({"app.py": "import cgi\n", "lib/cgi.py": ""}, []),
        ({"app.py": "import cgi\n", ".python-version": "3.12\n"}, []),
        ({"app.py": "import distutils.util\n"}, [("app.py:1:8-1:22", Severity.WARNING)]),
        ({"app.py": "import xml.etree.cElementTree as E\n"}, [("app.py:1:8-1:35", Severity.WARNING)]),
        ({"app.py": "from urllib2 import urlopen\n"}, [("app.py:1:1-1:28", Severity.WARNING)]),
        ({"app.py": "from collections import OrderedDict, Mapping as M\n"}, [("app.py:1:38-1:50", Severity.ERROR)]),
        ({"app.py": "from collections.abc import Mapping\n"}, []),
        ({"app.py": "try:\n    from collections import Mapping\nexcept ImportError:\n    pass\n"}, []),
        ({"app.py": "from ssl import wrap_socket\n", ".python-version": "3.11\n"}, []),
        (
            {"app.py": "from ssl import wrap_socket\n", ".python-version": "3.12\n"},
            [("app.py:1:17-1:28", Severity.ERROR)],
        ),
        ({"app.py": "from ssl import wrap_socket\n", "ssl.py": "wrap_socket = 1\n"}, []),
        ({"app.py": "import distutils.util\n", ".python-version": "3.12\n"}, []),
        ({"app.py": "import distutils.util\n", "requirements.txt": "setuptools\n"}, []),
        ({"app.py": "import imp\n"}, [("app.py:1:8-1:11", Severity.WARNING)]),
    ],
)
def test_removed_modules_with_pip(files: Files, expected: list[tuple[str, Severity]]) -> None:
    assert removed(files) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app.py": "from distutils import util\n"}, [("app.py:1:1-1:27", Severity.ERROR)]),
        ({"app.py": "import distutils\n", "uv.lock": UV_LOCK.replace('"django"', '"setuptools"')}, []),
    ],
)
def test_removed_modules_with_a_lock(files: Files, expected: list[tuple[str, Severity]]) -> None:
    app = {path: text for path, text in {**FLASK, **UV_APP, **files}.items() if path != "requirements.txt"}
    found = lint_files(app, [removed_stdlib])
    assert [(place(finding.at), finding.severity) for finding in found] == expected


def missing(files: Files) -> list[tuple[str, str]]:
    return [
        (place(finding.at), finding.message)
        for finding in lint_files({**UV_PROJECT, **files}, [missing_from_production])
    ]


def test_application_that_is_only_in_a_group() -> None:
    [finding] = lint_files(
        {**UV_PROJECT, SETTINGS: 'INSTALLED_APPS = ["debug_toolbar.apps"]\n'}, [missing_from_production]
    )
    assert finding.message == (
        "INSTALLED_APPS names debug_toolbar, but django-debug-toolbar is only in the group 'dev', "
        "which Heroku does not install: collectstatic fails, and Heroku rejects the push"
    )
    assert finding.help == (
        "Make it one of the main dependencies. Install django-debug-toolbar:\n    uv add django-debug-toolbar"
    )


def test_import_that_is_only_in_a_group_is_told_once() -> None:
    files = {
        SETTINGS: "import debug_toolbar.middleware\nROOT_URLCONF = 'shop.urls'\n",
        "shop/urls.py": "import debug_toolbar\n",
    }
    assert missing(files) == [
        (
            "shop/settings.py:1:8-1:32",
            "the app imports debug_toolbar, but django-debug-toolbar is only in the group 'dev', "
            "which Heroku does not install: collectstatic fails, and Heroku rejects the push",
        )
    ]


@pytest.mark.parametrize(
    "settings",
    [
        'INSTALLED_APPS = ["nothing.known", "django.contrib.auth"]\n',
        "import unknown, os\n",
        "try:\n    import debug_toolbar\nexcept ImportError:\n    pass\n",
        'import os\nINSTALLED_APPS = []\nif os.environ.get("DEV"):\n    INSTALLED_APPS += ["debug_toolbar"]\n',
        'import os\nINSTALLED_APPS = []\nif os.environ.get("DEV", "1"):\n    INSTALLED_APPS.append("debug_toolbar")\n',
    ],
)
def test_nothing_without_certainty(settings: str) -> None:
    assert missing({SETTINGS: settings}) == []


@pytest.mark.parametrize("path", ["debug_toolbar/models.py", "apps/debug_toolbar/__init__.py"])
def test_own_application_of_the_same_name(path: str) -> None:
    assert missing({SETTINGS: 'INSTALLED_APPS = ["debug_toolbar"]\n', path: ""}) == []


def test_requirements_leave_open_what_is_missing() -> None:
    assert lint_files(project("import debug_toolbar\n"), [missing_from_production]) == ()


POSTGRES = 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n'
FROM_URL = "import dj_database_url\nDATABASES = {'default': dj_database_url.config(default='sqlite:///x')}\n"
ADDON = '{"addons": ["heroku-postgresql:essential-0"]}\n'


def test_missing_driver() -> None:
    [finding] = lint_files({**UV_PROJECT, SETTINGS: POSTGRES}, [psycopg_module_missing])
    assert finding.message == (
        "the database is PostgreSQL, and uv.lock has no driver for it; without one the app fails when it starts"
    )
    assert finding.help == "Install psycopg[binary]:\n    uv add 'psycopg[binary]'"
    assert finding.severity is Severity.ERROR


def test_missing_driver_among_direct_requirements() -> None:
    [finding] = lint_files(project(POSTGRES), [psycopg_module_missing])
    assert finding.message == (
        "the database is PostgreSQL, and requirements.txt has no driver for it among the direct requirements; "
        "without one the app fails when it starts"
    )
    assert finding.help.endswith("\n    psycopg[binary]")
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("app_json", "when", "severity"),
    [
        (ADDON, "the app fails when it starts", Severity.ERROR),
        ("{}", "the app fails as soon as Heroku has a database for it", Severity.NOTE),
    ],
)
def test_missing_driver_for_database_url(app_json: str, when: str, severity: Severity) -> None:
    files = {**UV_PROJECT, SETTINGS: FROM_URL, "app.json": app_json}
    [finding] = lint_files(files, [psycopg_module_missing])
    assert finding.message == (
        f"the database is taken from DATABASE_URL, and uv.lock has no driver for it; without one {when}"
    )
    assert finding.severity is severity


@pytest.mark.parametrize(
    ("settings", "requirements"),
    [
        (POSTGRES, "Django==5.2\npsycopg2-binary==2.9.10\n"),
        (POSTGRES, "Django==5.2\npsycopg2; platform_release == '1'\n"),
        (POSTGRES, "django-heroku==0.3.1\n"),
        (POSTGRES.replace("postgresql", "sqlite3"), "Django==5.2\n"),
        (FROM_URL, "Django==5.2\nmysqlclient==2.2.7\n"),
        ("DATABASES = unknown()\n", "Django==5.2\n"),
    ],
)
def test_nothing_missing(settings: str, requirements: str) -> None:
    assert lint_files(project(settings, requirements), [psycopg_module_missing]) == ()
