"""Django behind Heroku's router: what each server tells of HTTPS, as it was measured."""

from __future__ import annotations

import pytest
from pydeploy_checks.django.project import project
from pydeploy_checks.django.router import (
    django_csrf_behind_router,
    django_csrf_origins,
    django_ssl_redirect_loop,
)

from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import Files, lint_files

MIDDLEWARE = (
    "MIDDLEWARE = ['django.middleware.security.SecurityMiddleware', 'django.middleware.csrf.CsrfViewMiddleware']\n"
)
HEADER = "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')\n"
PORT = "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PORT', '443')\n"
WRONG_VALUE = "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'on')\n"
NO_HEADER = "SECURE_PROXY_SSL_HEADER = ('X-Forwarded-Proto', 'https')\n"
DAPHNE = "daphne -b 0.0.0.0 -p $PORT shop.asgi:application"
WAITRESS = "waitress-serve --port=$PORT shop.wsgi:application"


@pytest.mark.parametrize(
    ("command", "settings", "told"),
    [
        ("gunicorn shop.wsgi", "", True),
        ("gunicorn -k uvicorn.workers.UvicornWorker shop.asgi:application", "", True),
        ("python -m gunicorn shop.wsgi", "", True),
        ("gunicorn --forwarded-allow-ips='*' shop.wsgi", "", True),
        ("gunicorn --forwarded-allow-ips 127.0.0.1 shop.wsgi", "", False),
        ("gunicorn --forwarded-allow-ips 127.0.0.1 shop.wsgi", HEADER, True),
        ("FORWARDED_ALLOW_IPS=127.0.0.1 gunicorn shop.wsgi", "", False),
        ("gunicorn --forwarded-allow-ips 10.0.0.0/8 shop.wsgi", "", True),
        ("gunicorn shop.wsgi", WRONG_VALUE, False),
        ("gunicorn shop.wsgi", NO_HEADER, True),
        ("uvicorn shop.asgi:application --host 0.0.0.0 --port $PORT", "", True),
        ("uvicorn shop.asgi:application --host 0.0.0.0 --port $PORT --no-proxy-headers", "", False),
        ("uvicorn shop.asgi:application --port $PORT --no-proxy-headers", HEADER, True),
        ("uvicorn shop.asgi:application --port $PORT --forwarded-allow-ips ''", "", True),
        (DAPHNE, "", False),
        (DAPHNE, HEADER, True),
        (DAPHNE, PORT, True),
        (DAPHNE, NO_HEADER, False),
        (DAPHNE, "SECURE_PROXY_SSL_HEADER = None\n", False),
        (DAPHNE, "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTOCOL', 'https')\n", False),
        (DAPHNE, "SECURE_PROXY_SSL_HEADER = ('HTTP_CF_VISITOR', 'https')\n", True),
        (DAPHNE, "SECURE_PROXY_SSL_HEADER = unheard_of()\n", True),
        (DAPHNE, "MIDDLEWARE.append('shop.proxy.HttpsMiddleware')\n", True),
        (DAPHNE, "MIDDLEWARE += unheard_of()\n", True),
        ("python -m daphne -p $PORT shop.asgi:application", "", False),
        ("daphne -p $PORT --proxy-headers shop.asgi:application", "", True),
        ("hypercorn -b 0.0.0.0:$PORT shop.asgi:application", "", False),
        ("hypercorn -b 0.0.0.0:$PORT shop.asgi:application", HEADER, True),
        ("granian --interface asgi --host 0.0.0.0 --port $PORT shop.asgi:application", "", False),
        ("granian --interface wsgi --host 0.0.0.0 --port $PORT shop.wsgi:application", HEADER, True),
        (WAITRESS, "", False),
        (WAITRESS, HEADER, False),
        (f"{WAITRESS} --no-clear-untrusted-proxy-headers", HEADER, True),
        (f"{WAITRESS} --url-scheme=https", "", True),
        (f"{WAITRESS} --trusted-proxy='*' --trusted-proxy-headers=x-forwarded-proto", "", True),
        (f"{WAITRESS} --trusted-proxy='*'", HEADER, True),
        ("python manage.py runserver 0.0.0.0:$PORT", "", False),
        ("uwsgi --http-socket :$PORT --module shop.wsgi", "", True),
        ("bin/start", "", True),
    ],
)  # fmt: skip
def test_told(command: str, settings: str, told: bool) -> None:
    """Where Django is not told of HTTPS, a redirect loops, and a form is answered with 403."""
    requirements = "Django==5.2\nwaitress==3.0.2\n"
    more = {"Procfile": f"web: {command}\n"}
    forms = lint_files({**project(MIDDLEWARE + settings, requirements), **more}, [django_csrf_behind_router])
    text = f"{MIDDLEWARE}{settings}SECURE_SSL_REDIRECT = True\n"
    loop = lint_files({**project(text, requirements), **more}, [django_ssl_redirect_loop, django_csrf_behind_router])
    assert [(each.check, each.severity) for each in forms] == (
        [] if told else [("django-csrf-behind-router", Severity.WARNING)]
    )
    assert [(each.check, each.severity) for each in loop] == (
        [] if told else [("django-ssl-redirect-loop", Severity.ERROR)]
    )


@pytest.mark.parametrize(
    ("settings", "requirements", "more", "severity"),
    [
        (MIDDLEWARE, "Django==5.2\n", {}, Severity.WARNING),
        (MIDDLEWARE, "Django==3.2\n", {}, None),
        (MIDDLEWARE, "Django>=3\n", {}, None),
        ("MIDDLEWARE = ['django.middleware.common.CommonMiddleware']\n", "Django==5.2\n", {}, None),
        ("", "Django==5.2\n", {}, None),
        (f"{MIDDLEWARE}CSRF_TRUSTED_ORIGINS = ['https://*.herokuapp.com']\n", "Django==5.2\n", {}, None),
        (f"{MIDDLEWARE}CSRF_TRUSTED_ORIGINS = ['http://localhost:3000']\n", "Django==5.2\n", {}, Severity.WARNING),
        (
            f"import os\n{MIDDLEWARE}CSRF_TRUSTED_ORIGINS = os.environ.get('O', '').split()\n",
            "Django==5.2\n",
            {},
            Severity.NOTE,
        ),
        (f"{MIDDLEWARE}CSRF_TRUSTED_ORIGINS = unheard_of()\n", "Django==5.2\n", {}, None),
        (f"{MIDDLEWARE}from .local import *\n", "Django==5.2\n", {}, None),
        (MIDDLEWARE, "Django==5.2\n", {"shop/asgi.py": "application = with_scheme(application)  # url_scheme\n"}, None),
    ],
)
def test_forms(settings: str, requirements: str, more: Files, severity: Severity | None) -> None:
    files = {**project(f"{settings}ASGI_APPLICATION = 'shop.asgi.application'\n", requirements), **more}
    findings = lint_files({**files, "Procfile": f"web: {DAPHNE}\n"}, [django_csrf_behind_router])
    assert [each.severity for each in findings] == ([severity] if severity else [])
    assert all(each.certain is (severity is Severity.WARNING) for each in findings)


def test_advice_depends_on_server() -> None:
    """waitress 3 removes the header that the setting names."""
    files = project(MIDDLEWARE + HEADER, "Django==5.2\nwaitress==3.0.2\n", Procfile=f"web: {WAITRESS}\n")
    (finding,) = lint_files(files, [django_csrf_behind_router])
    assert "--trusted-proxy='*' --trusted-proxy-headers=x-forwarded-proto" in finding.help
    assert finding.fix is not None
    assert {edit.span.path for edit in finding.fix.edits} == {"Procfile"}
    older = project(MIDDLEWARE + HEADER, "Django==5.2\nwaitress==2.1.2\n", Procfile=f"web: {WAITRESS}\n")
    assert lint_files(older, [django_csrf_behind_router]) == ()
    (finding,) = lint_files(project(MIDDLEWARE, Procfile=f"web: {DAPHNE}\n"), [django_csrf_behind_router])
    assert finding.help.endswith('    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")')
    assert finding.fix is not None


RELEASE = "release: python manage.py migrate\nweb: gunicorn shop.wsgi\n"


@pytest.mark.parametrize(
    ("origins", "procfile", "requirements", "expected"),
    [
        ("['www.example.org']", RELEASE, "Django==5.2\n", (Severity.ERROR, True)),
        ("['.example.org']", RELEASE, "Django==4.0\n", (Severity.ERROR, True)),
        ("('https://a.example.org', 'b.example.org')", RELEASE, "Django==5.2\n", (Severity.ERROR, True)),
        ("['']", RELEASE, "Django==5.2\n", (Severity.ERROR, True)),
        ("'https://www.example.org'", RELEASE, "Django==5.2\n", (Severity.ERROR, True)),
        ("['www.example.org']", "web: gunicorn shop.wsgi\n", "Django==5.2\n", (Severity.WARNING, True)),
        (
            "['www.example.org']",
            "web: python manage.py migrate && gunicorn shop.wsgi\n",
            "Django==5.2\n",
            (Severity.ERROR, True),
        ),
        (
            "['www.example.org']",
            "release: django-admin migrate --skip-checks\nweb: gunicorn shop.wsgi\n",
            "Django==5.2\n",
            (Severity.WARNING, True),
        ),
        (
            "['www.example.org']",
            "release: python manage.py collectstatic --noinput\nweb: gunicorn shop.wsgi\n",
            "Django==5.2\n",
            (Severity.WARNING, True),
        ),
        ("['www.example.org']", RELEASE, "Django==3.2\n", None),
        ("['www.example.org']", RELEASE, "Django\n", None),
        ("['https://www.example.org', 'http://localhost:8000']", RELEASE, "Django==5.2\n", None),
        ("os.environ.get('O', '').split(',')", RELEASE, "Django==5.2\n", (Severity.NOTE, False)),
        ("os.environ.get('O', '').split()", RELEASE, "Django==5.2\n", None),
        ("[f\"https://{os.environ['HOST']}\"]", RELEASE, "Django==5.2\n", None),
        ("unheard_of()", RELEASE, "Django==5.2\n", None),
        ("['www.example.org']\nSILENCED_SYSTEM_CHECKS = ['4_0.E001']", RELEASE, "Django==5.2\n", None),
    ],
)  # fmt: skip
def test_origins(origins: str, procfile: str, requirements: str, expected: tuple[Severity, bool] | None) -> None:
    text = f"import os\nCSRF_TRUSTED_ORIGINS = {origins}\n"
    findings = lint_files(project(text, requirements, Procfile=procfile), [django_csrf_origins])
    assert [(each.severity, each.certain) for each in findings] == ([expected] if expected else [])


def test_origin_fix() -> None:
    text = 'CSRF_TRUSTED_ORIGINS = ["www.example.org", ".example.org"]\n'
    (finding,) = lint_files(project(text), [django_csrf_origins])
    assert finding.fix
    assert [edit.text for edit in finding.fix.edits] == ['"https://www.example.org"']


@pytest.mark.parametrize(
    ("redirect", "expected"),
    [
        ("True", (Severity.ERROR, True)),
        ("'DYNO' in os.environ", (Severity.ERROR, True)),
        ("os.environ.get('R', 'True') == 'True'", (Severity.WARNING, False)),
        ("os.environ.get('R') == 'True'", None),
        ("unheard_of()", None),
    ],
)
def test_redirect_that_a_config_var_decides(redirect: str, expected: tuple[Severity, bool] | None) -> None:
    text = f"import os\n{MIDDLEWARE}SECURE_SSL_REDIRECT = {redirect}\n"
    findings = lint_files(project(text, Procfile=f"web: {DAPHNE}\n"), [django_ssl_redirect_loop])
    assert [(each.severity, each.certain) for each in findings] == ([expected] if expected else [])
