"""Django settings with which the site is open to attack, or refuses every request, on Heroku."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_checks.django.project import PROCFILE, SETTINGS, is_declared, not_set, project
from pydeploy_checks.django.settings_fixes import allow_all_hosts, name_proxy_header
from pydeploy_lint.plugin import DEV_CENTER, App, Example, Problem, Severity, Span, check

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Value

URL = DEV_CENTER + "django-app-configuration"
LOCAL_HOSTS = {"", "localhost", ".localhost", "127.0.0.1", "0.0.0.0", "[::1]", "::1", "[::]"}  # noqa: S104 - only compared
SECURITY_MIDDLEWARE = "django.middleware.security.SecurityMiddleware"
TRUSTED_HEADER = "HTTP_X_FORWARDED_PROTO"
UNTRUSTING_SERVERS = {"daphne", "granian", "hypercorn", "waitress-serve"}
"""Those that do not read FORWARDED_ALLOW_IPS, which the buildpack sets (``vendor/python.gunicorn.sh``)."""
TRUSTING_OPTIONS = ("--proxy-headers", "--trusted-proxy", "--url-scheme")


@check("django-debug-on", severity=Severity.WARNING, url=URL)
def django_debug_on(app: App) -> Iterator[Problem]:
    """`DEBUG` is on, on Heroku.

    Whoever meets an error sees the code around it, the settings and the SQL, and Django keeps every query in memory.
    Where a config var may turn it off, this is a note.

    ## How to fix

    Turn it on only where it is asked for:

        DEBUG = os.environ.get("DEBUG") == "1"
    """
    debug = app.django.setting("DEBUG") if app.django else None
    if debug is None or not debug.truth or debug.at is None:
        return
    help_text = 'Turn it on only where it is asked for:\n    DEBUG = os.environ.get("DEBUG") == "1"'
    if not debug.config_vars:
        message = "DEBUG is on: on Heroku everybody who meets an error is shown the code and the settings"
        yield Problem(message, debug.at, help=help_text)
    else:
        names = " or ".join(f"the config var {name}" for name in sorted(debug.config_vars))
        message = f"DEBUG is on, and only {names} can turn it off on Heroku"
        yield Problem(message, debug.at, help=help_text, severity=Severity.NOTE)


django_debug_on.examples(
    bad=[
        Example(project("DEBUG = True\n"), at=(f"{SETTINGS}:1:9-1:13",)),
        Example(
            project('import os\n\nDEBUG = os.environ.get("DEBUG", "True") == "True"\n'), at=(f"{SETTINGS}:3:9-3:50",)
        ),
    ],
    good=[
        Example(project("DEBUG = False\n")),
        Example(project('import os\n\nDEBUG = "DYNO" not in os.environ\n')),
    ],
)


@check("django-secret-key-committed", severity=Severity.WARNING, url=URL)
def django_secret_key_committed(app: App) -> Iterator[Problem]:
    """`SECRET_KEY` stands in the settings.

    Whoever can read the repository can forge sessions and the links that reset passwords. Where the key in the file is
    only taken while a config var is not set, and `app.json` does not declare it, this is a note.

    ## How to fix

    Read the key from a config var, and set that to a new one:

        SECRET_KEY = os.environ["SECRET_KEY"]
    """
    key = app.django.setting("SECRET_KEY") if app.django else None
    if key is None or app.django is None or not key.text or key.at is None:
        return
    generate = "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    help_text = (
        'Read it from a config var:\n    SECRET_KEY = os.environ["SECRET_KEY"]\n'
        f'and set that to a new key:\n    heroku config:set SECRET_KEY="$({generate})"'
    )
    if not key.config_vars:
        message = "SECRET_KEY is in the repository: whoever reads it can forge sessions of the site on Heroku"
        yield Problem(message, key.at, help=help_text)
    elif not is_declared(app.django, key.config_vars):
        message = f"SECRET_KEY is one from the repository while {not_set(key.config_vars)}"
        yield Problem(message, key.at, help=help_text, severity=Severity.NOTE)


django_secret_key_committed.examples(
    bad=[Example(project('SECRET_KEY = "not-a-secret"\n'), at=(f"{SETTINGS}:1:14-1:28",))],
    good=[
        Example(project('import os\n\nSECRET_KEY = os.environ["SECRET_KEY"]\n')),
        Example(
            project(
                'import os\n\nSECRET_KEY = os.environ.get("SECRET_KEY", "for-tests")\n',
                app_json='{"env": {"SECRET_KEY": {"generator": "secret"}}}\n',
            )
        ),
    ],
)


@check("django-allowed-hosts", severity=Severity.ERROR, url=URL)
def django_allowed_hosts(app: App) -> Iterator[Problem]:
    """`ALLOWED_HOSTS` allows none of the names that an app has on Heroku.

    Django answers every request with "Bad Request (400)". An empty list allows `localhost` only, and that only while
    `DEBUG` is on. Where a config var may add names, and `app.json` does not declare it, this is a note.

    ## How to fix

    Allow the name of the app, or every name: Heroku's router passes on only requests for names that the app has.

        ALLOWED_HOSTS = ["*"]
    """
    django = app.django
    if django is None or django.settings is None:
        return
    hosts = django.setting("ALLOWED_HOSTS")
    if not hosts.is_unset and not _all_local(hosts):
        return
    at = hosts.at or Span(django.path or django.settings.by)
    help_text = 'Allow the name of the app, or every name, since Heroku\'s router checks it:\n    ALLOWED_HOSTS = ["*"]'
    if not hosts.config_vars:
        message = "ALLOWED_HOSTS allows no name that the app has on Heroku: Django answers every request with 400"
        yield Problem(message, at, help=help_text, fix=allow_all_hosts(app))
    elif not is_declared(django, hosts.config_vars):
        message = f"ALLOWED_HOSTS allows no name that the app has on Heroku while {not_set(hosts.config_vars)}"
        yield Problem(message, at, help=help_text, severity=Severity.NOTE)


def _all_local(hosts: Value) -> bool:
    return hosts.elements is not None and all(
        each.text is not None and each.text.strip().lower() in LOCAL_HOSTS for each in hosts.elements
    )


django_allowed_hosts.examples(
    bad=[
        Example(project("ALLOWED_HOSTS = []\n"), at=(f"{SETTINGS}:1:17-1:19",)),
        Example(project('ALLOWED_HOSTS = ["localhost", "127.0.0.1"]\n'), at=(f"{SETTINGS}:1:17-1:43",)),
        Example(project("DEBUG = False\n"), at=(SETTINGS,)),
    ],
    good=[
        Example(project('ALLOWED_HOSTS = [".herokuapp.com"]\n')),
        Example(project("from example import *\n\nDEBUG = False\n")),
    ],
)


@check("django-ssl-redirect-loop", severity=Severity.ERROR, url=URL)
def django_ssl_redirect_loop(app: App) -> Iterator[Problem]:
    """`SECURE_SSL_REDIRECT` is on, and Django cannot tell that a request came by HTTPS.

    Heroku's router ends HTTPS and passes requests on by HTTP, with the header `X-Forwarded-Proto`. The buildpack has
    gunicorn and uvicorn trust that header. Behind other servers Django takes every request for HTTP and redirects it
    to itself, for ever, unless `SECURE_PROXY_SSL_HEADER` names the header.

    ## How to fix

        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    """
    django, web = app.django, app.processes.web
    if django is None or web is None or web.server is None or web.server.server.name not in UNTRUSTING_SERVERS:
        return
    redirect, header = django.setting("SECURE_SSL_REDIRECT"), django.setting("SECURE_PROXY_SSL_HEADER")
    is_off = (
        not redirect.is_certain or not redirect.truth or django.middleware.contains(SECURITY_MIDDLEWARE) is not True
    )
    trusted = header.elements[0].text if header.elements else None
    is_missing = header.is_certain and (header.is_unset or trusted not in (None, TRUSTED_HEADER))
    if is_off or not is_missing or redirect.at is None or any(option in web.command for option in TRUSTING_OPTIONS):
        return
    yield Problem(
        f"SECURE_SSL_REDIRECT is on, and behind {web.server.server.distribution} Django cannot tell that Heroku's "
        "router got a request by HTTPS: it redirects for ever",
        redirect.at,
        help='Name the header that the router sets:\n    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")',
        fix=name_proxy_header(app),
    )


REDIRECT = f'MIDDLEWARE = ["{SECURITY_MIDDLEWARE}"]\nSECURE_SSL_REDIRECT = True\n'
WAITRESS = {
    "requirements": "Django==5.2\nwaitress==3.0\n",
    "Procfile": "web: waitress-serve --port=$PORT shop.wsgi:app\n",
}
django_ssl_redirect_loop.examples(
    bad=[Example(project(REDIRECT, **WAITRESS), at=(f"{SETTINGS}:2:23-2:27",))],
    good=[
        Example(project(REDIRECT, Procfile=PROCFILE)),
        Example(project(REDIRECT + 'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")\n', **WAITRESS)),
    ],
)
