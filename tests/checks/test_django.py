"""The checks of Django apps beyond their examples: how sure they are, and what keeps them silent."""

from __future__ import annotations

import pytest
from pydeploy_checks.django import collectstatic as django_collectstatic
from pydeploy_checks.django import data as django_data
from pydeploy_checks.django import files as django_files
from pydeploy_checks.django import hosts as django_hosts
from pydeploy_checks.django import router as django_router
from pydeploy_checks.django import security as django
from pydeploy_checks.django.project import SETTINGS, project

from pydeploy_lint.engine.check import Check, checks_in
from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import Files, lint_files

CHECKS = [
    each
    for module in (django, django_collectstatic, django_data, django_files, django_hosts, django_router)
    for each in checks_in(module)
]
DATABASE = 'import dj_database_url\nDATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}\n'
STATIC = 'INSTALLED_APPS = ["django.contrib.staticfiles", "django.contrib.admin"]\n'
POSTGRES = 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": %s}}\n'
DRIVER = "Django==5.2\npsycopg2==2.9.10\n"
REDIRECT = 'MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]\nSECURE_SSL_REDIRECT = True\n'
SERVED = f'DEBUG = False\n{STATIC}MIDDLEWARE = ["a"]\n'
GUNICORN = {"Procfile": "web: gunicorn shop.wsgi\n"}
WAITRESS = {"Procfile": "web: waitress-serve --port=$PORT shop.wsgi:application\n"}


def found(check: Check, files: Files) -> list[tuple[Severity, str | None]]:
    return [(each.severity, each.failure_reason) for each in lint_files(files, [check])]


@pytest.mark.parametrize(
    ("check", "settings", "severity"),
    [
        (django.django_debug_on, "DEBUG = True", Severity.WARNING),
        (django.django_debug_on, "import os\nDEBUG = os.environ.get('DEBUG', True)", Severity.NOTE),
        (django.django_debug_on, "DEBUG = unheard_of()", None),
        (django.django_debug_on, "DEBUG = True\nfrom .local import *", Severity.WARNING),
        (django.django_debug_on, "DEBUG = True\nif unheard_of():\n    DEBUG = False", None),
        (django.django_secret_key_committed, "SECRET_KEY = 'a'", Severity.WARNING),
        (django.django_secret_key_committed, "import os\nSECRET_KEY = os.getenv('KEY', 'a')", Severity.NOTE),
        (django.django_secret_key_committed, "SECRET_KEY = get_random_secret_key()", None),
        (django.django_secret_key_committed, "SECRET_KEY = ''", None),
        (django_hosts.django_allowed_hosts, "", Severity.ERROR),
        (django_hosts.django_allowed_hosts, "ALLOWED_HOSTS = ['localhost']", Severity.ERROR),
        (django_hosts.django_allowed_hosts, "import os\nALLOWED_HOSTS = os.getenv('H', '').split(',')", Severity.NOTE),
        (django_hosts.django_allowed_hosts, "ALLOWED_HOSTS = ['localhost', unheard_of()]", None),
        (django_hosts.django_allowed_hosts, "import django_heroku\ndjango_heroku.settings(locals())", None),
        (django_hosts.django_allowed_hosts, "exec(open('x').read())", None),
        (django_data.django_sqlite_on_dyno, DATABASE, Severity.WARNING),
        (
            django_data.django_sqlite_on_dyno,
            f"{DATABASE}DATABASES['default'].update(dj_database_url.config())",
            Severity.NOTE,
        ),
        (django_data.django_sqlite_on_dyno, f"{DATABASE}DATABASES['default'] = dj_database_url.config()", None),
        (django_data.django_sqlite_on_dyno, f"{DATABASE}DATABASES = unheard_of(DATABASES)", None),
        (django_data.django_sqlite_on_dyno, f"{DATABASE}DATABASES['main'] = dj_database_url.config()", Severity.NOTE),
        (django_data.django_sqlite_on_dyno, f"{DATABASE}DATABASES['b'] = DATABASES['default']", Severity.WARNING),
    ],
)
def test_certainty(check: Check, settings: str, severity: Severity | None) -> None:
    assert [each for each, _ in found(check, project(f"{settings}\n"))] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("settings", "more", "stops"),
    [
        (STATIC, {}, True),
        (f"{STATIC}STATIC_ROOT = None\n", {}, True),
        (f"{STATIC}STATIC_ROOT = unheard_of()\n", {}, False),
        (f"{STATIC}import os\nSTATIC_ROOT = os.environ.get('ROOT')\n", {}, False),
        (f"{STATIC}from .local import *\n", {}, False),
        (f"{STATIC}if unheard_of():\n    STATIC_ROOT = 'a'\n", {}, False),
        (f"{STATIC}STORAGES = {{'staticfiles': {{'BACKEND': 'storages.backends.s3.S3Storage'}}}}\n", {}, False),
        ("INSTALLED_APPS = []\n", {}, False),
        (STATIC.replace('files"', 'files.apps.StaticFilesConfig"'), {}, True),
        (STATIC.replace(', "django.contrib.admin"', ""), {}, False),
        (STATIC, {".heroku/collectstatic_disabled": ""}, False),
        (STATIC, {"app.json": '{"env": {"DISABLE_COLLECTSTATIC": {"value": "1"}}}'}, False),
        (STATIC, {"app.json": '{"env": {"DISABLE_COLLECTSTATIC": {"description": "yes"}}}'}, False),
        (STATIC, {"requirements.txt": "djangorestframework\n"}, True),
        (STATIC, {"requirements.txt": "django-filter\n"}, False),
        (STATIC, {"shop/production_settings.py": ""}, False),
        (STATIC, {"a/b/manage.py": ""}, True),
    ],
)
def test_collectstatic(settings: str, more: Files, stops: bool) -> None:
    expected = [(Severity.ERROR, "collectstatic-improper-configuration")] if stops else []
    assert found(django_collectstatic.django_static_root_missing, {**project(settings), **more}) == expected


@pytest.mark.parametrize(
    ("apps", "more", "stops"),
    [
        ("['django.contrib.auth', 'rest_framework', 'shop']", {}, True),
        ("[]", {}, True),
        ("['django.contrib.auth', *unheard_of()]", {}, False),
        ("['cloudinary_storage']", {}, False),
        ("['shop']", {"shop/__init__.py": "", "shop/management/commands/collectstatic.py": ""}, False),
        ("['django.contrib.auth']", {"app.json": '{"env": {"DISABLE_COLLECTSTATIC": "1"}}'}, False),
    ],
)
def test_staticfiles_app(apps: str, more: Files, stops: bool) -> None:
    expected = [(Severity.ERROR, "collectstatic-other")] if stops else []
    files = {**project(f"INSTALLED_APPS = {apps}\n"), **more}
    assert found(django_collectstatic.django_staticfiles_app_missing, files) == expected


@pytest.mark.parametrize(
    ("settings", "stops"),
    [
        (STATIC, True),
        (f"{STATIC}STATIC_URL = ''\n", True),
        (f"{STATIC}STATIC_URL = unheard_of()\n", False),
        (f"{STATIC}STATIC_URL = '/static/'\n", False),
        (f"{STATIC}STORAGES = {{'staticfiles': {{'BACKEND': 'storages.backends.s3.S3Storage'}}}}\n", False),
    ],
)
def test_static_url(settings: str, stops: bool) -> None:
    expected = [(Severity.ERROR, "collectstatic-improper-configuration")] if stops else []
    assert found(django_collectstatic.django_static_url_missing, project(settings)) == expected


@pytest.mark.parametrize(
    ("settings", "requirements", "ignored"),
    [
        ("STATICFILES_STORAGE = 'a'\n", "Django>=5.1\n", True),
        ("STATICFILES_STORAGE = 'a'\n", "Django~=5.2.0\n", True),
        ("DEFAULT_FILE_STORAGE = 'a'\n", "Django==6.0\n", True),
        ("STATICFILES_STORAGE = 'a'\n", "Django\n", False),
        ("STATICFILES_STORAGE = 'a'\n", "Django>=4,<6\n", False),
        ("STATICFILES_STORAGE = 'a'\nSTORAGES = {'default': {'BACKEND': 'b'}}\n", "Django==5.2\n", True),
        ("STATICFILES_STORAGE = 'a'\nSTORAGES = {**unheard_of()}\n", "Django==5.2\n", False),
        ("from .local import *\n", "Django==5.2\n", False),
    ],
)
def test_ignored_storage(settings: str, requirements: str, ignored: bool) -> None:
    check = django_files.django_staticfiles_storage_ignored
    assert bool(found(check, project(settings, requirements))) is ignored


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (GUNICORN, True),
        ({}, False),
        ({"Procfile": "web: python manage.py runserver 0.0.0.0:$PORT\n"}, False),
        ({"Procfile": "web: bin/start-nginx gunicorn shop.wsgi\n"}, False),
        ({**GUNICORN, SETTINGS: SERVED.replace("False", "True")}, True),
        ({**GUNICORN, SETTINGS: SERVED.replace("DEBUG = False", "DEBUG = unheard_of()")}, False),
        ({**GUNICORN, SETTINGS: f"{SERVED}MIDDLEWARE += unheard_of()\n"}, False),
        ({**GUNICORN, SETTINGS: f"{SERVED}ROOT_URLCONF = 'shop.urls'\n", "shop/urls.py": "static.serve\n"}, False),
        ({**GUNICORN, "shop/wsgi.py": "from whitenoise import WhiteNoise\n"}, False),
        (
            {
                **GUNICORN,
                SETTINGS: f"{SERVED}MIDDLEWARE += ['shop.files.Guarded']\n",
                "shop/files.py": "from whitenoise.middleware import WhiteNoiseMiddleware as Base\n",
            },
            False,
        ),
        ({**GUNICORN, SETTINGS: f"{SERVED}MIDDLEWARE += ['shop.files.A']\n", "shop/files.py": "class A: ...\n"}, True),
        (
            {**GUNICORN, "app.json": '{"buildpacks": [{"url": "https://github.com/heroku/heroku-buildpack-nginx"}]}'},
            False,
        ),
    ],
)
def test_static_serving(more: Files, expected: bool) -> None:
    assert bool(found(django_files.django_no_static_serving, {**project(SERVED), **more})) is expected


@pytest.mark.parametrize(
    ("settings", "more", "expected"),
    [
        (REDIRECT, WAITRESS, True),
        (f"{REDIRECT}SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTOCOL', 'https')\n", WAITRESS, True),
        (f"{REDIRECT}SECURE_PROXY_SSL_HEADER = unheard_of()\n", WAITRESS, False),
        (REDIRECT, GUNICORN, False),
        (REDIRECT, {"Procfile": "web: uvicorn shop.asgi:application --port $PORT\n"}, False),
        (REDIRECT, {"Procfile": "web: daphne -p $PORT --proxy-headers shop.asgi:application\n"}, False),
        (REDIRECT, {"Procfile": "web: daphne -p $PORT shop.asgi:application\n"}, True),
        (REDIRECT.replace("True", "unheard_of()"), WAITRESS, False),
    ],
)
def test_redirect_loop(settings: str, more: Files, expected: bool) -> None:
    assert bool(found(django_router.django_ssl_redirect_loop, {**project(settings), **more})) is expected


@pytest.mark.parametrize(
    ("host", "app_json", "ignored"),
    [
        ("'localhost'", "", True),
        ("''", "", True),
        ("'ec2-1-2-3-4.compute-1.amazonaws.com'", "", True),
        ("'db.example.com'", "", False),
        ("os.environ.get('DB_HOST')", "", False),
        ("'db.example.com'", '{"addons": [{"plan": "heroku-postgresql:essential-0"}]}', True),
    ],
)
def test_database_elsewhere(host: str, app_json: str, ignored: bool) -> None:
    files = project(f"import os\n{POSTGRES % host}", DRIVER, **({"app_json": app_json} if app_json else {}))
    assert bool(found(django_data.database_url_ignored, files)) is ignored


@pytest.mark.parametrize(
    ("addons", "command"),
    [
        (
            [],
            "    heroku config:set CLOUDINARY_URL=... KEY=...\n    heroku addons:create heroku-postgresql:essential-0",
        ),
        (["heroku-postgresql:essential-0"], "    heroku config:set CLOUDINARY_URL=... KEY=..."),
        (["heroku-postgresql", "cloudinary:starter"], "    heroku config:set KEY=..."),
    ],
)
def test_config_var_command(addons: list[str], command: str) -> None:
    reads = "".join(f"{name} = os.environ['{name}']\n" for name in ("CLOUDINARY_URL", "KEY", "DATABASE_URL"))
    app_json = f'{{"addons": {addons}}}'.replace("'", '"')
    (finding,) = lint_files(project(f"import os\n{reads}", app_json=app_json), [django_data.config_var_required])
    assert finding.help.partition("\n")[2] == command


@pytest.mark.parametrize("settings", ["X = (\n", "\0", "X = 1\r", "from .settings import *\n", "-" * 30_000 + "1"])
def test_what_cannot_be_followed_is_silent(settings: str) -> None:
    assert lint_files({**project(settings), **GUNICORN}, CHECKS) == ()
