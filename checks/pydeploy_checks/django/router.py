"""Django behind Heroku's router, which ends HTTPS: redirects, forms, and the origins that are trusted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_checks.django.project import PROCFILE, SETTINGS, not_set, project, surely_at_least
from pydeploy_checks.django.settings_fixes import add_scheme, name_proxy_header
from pydeploy_lint.plugin import (
    DEV_CENTER,
    RELEASE_PROCESS,
    App,
    Breaks,
    Edit,
    Example,
    Fix,
    Problem,
    Severity,
    Told,
    check,
    checking_command,
    tells_of_https,
)

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Django, Value

URL = DEV_CENTER + "django-app-configuration"
ROUTER = DEV_CENTER + "http-routing#heroku-headers"
SECURITY_MIDDLEWARE = "django.middleware.security.SecurityMiddleware"
CSRF_MIDDLEWARE = "django.middleware.csrf.CsrfViewMiddleware"
CHECKS_ORIGINS = (4, 0)
"""The version of Django from which on the Origin header is checked, and trusted origins need a scheme."""
NAME_HEADER = 'Name the header that the router sets:\n    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")'
TRUST_ROUTER = "--trusted-proxy='*' --trusted-proxy-headers=x-forwarded-proto"
WAITRESS_OPTIONS = f"Have waitress trust the router's header, in the Procfile:\n    waitress-serve {TRUST_ROUTER} ..."


@check("django-ssl-redirect-loop", severity=Severity.ERROR, breaks=Breaks.REQUESTS, url=ROUTER)
def django_ssl_redirect_loop(app: App) -> Iterator[Problem]:
    """`SECURE_SSL_REDIRECT` is on, and Django cannot tell that a request came by HTTPS.

    Heroku's router ends HTTPS and passes requests on by HTTP, with the header `X-Forwarded-Proto`. The buildpack makes
    gunicorn and uvicorn trust that header. Behind daphne, granian, hypercorn or waitress Django takes every request for
    HTTP and redirects it to itself in a loop, unless `SECURE_PROXY_SSL_HEADER` names the header. waitress 3 removes
    the header before Django sees it; it needs options of its own.

    ## How to fix

        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    For waitress, in the Procfile:

        web: waitress-serve --trusted-proxy='*' --trusted-proxy-headers=x-forwarded-proto --port=$PORT shop.wsgi:app
    """
    django = app.django
    redirect = _redirect(django) if django else None
    if django is None or redirect is None or redirect.at is None or _told(app, django) is not Told.NO:
        return
    message = f"Django redirects every request in a loop: SECURE_SSL_REDIRECT is on, and {_blind(app, django)}"
    if redirect.is_certain:
        yield Problem(message, redirect.at, help=_way_out(app, django), fix=_fix(app, django))
        return
    message = f"while {not_set(redirect.rests_on)}, {message}"
    yield Problem(message, redirect.at, help=_way_out(app, django), severity=Severity.WARNING, certain=False)


def _redirect(django: Django) -> Value | None:
    """The setting, where it is on and the middleware that redirects is there for sure."""
    redirect, middleware = django.setting("SECURE_SSL_REDIRECT"), django.middleware
    has_middleware = middleware.always(lambda way: way.contains(SECURITY_MIDDLEWARE) is True)
    return redirect if redirect.truth and has_middleware else None


def _told(app: App, django: Django) -> Told:
    return tells_of_https(django, app.processes.web, app.files, app.packages, app.declared)


def _blind(app: App, django: Django) -> str:
    """Half a sentence: why Django cannot tell that a request came by HTTPS."""
    header = django.setting("SECURE_PROXY_SSL_HEADER")
    if _has_wrong_value(header):
        return "SECURE_PROXY_SSL_HEADER expects another value than the router sends"
    web = app.processes.web
    server = web.server.server.name if web and web.server else "the server"
    return f"behind {server} Django cannot tell that the original request was HTTPS"


def _has_wrong_value(header: Value) -> bool:
    names = [each.text for each in header.elements or ()]
    return len(names) == 2 and names[0] == "HTTP_X_FORWARDED_PROTO" and names[1] != "https"


def _is_waitress(app: App) -> bool:
    web = app.processes.web
    return web is not None and web.server is not None and web.server.server.name == "waitress-serve"


def _way_out(app: App, django: Django) -> str:
    wrong = _has_wrong_value(django.setting("SECURE_PROXY_SSL_HEADER"))
    return WAITRESS_OPTIONS if _is_waitress(app) and not wrong else NAME_HEADER


def _fix(app: App, django: Django) -> Fix | None:
    header = django.setting("SECURE_PROXY_SSL_HEADER")
    if _is_waitress(app) and not _has_wrong_value(header):
        return _trust_router(app)
    return name_proxy_header(app)


def _trust_router(app: App) -> Fix | None:
    """Have waitress trust the header of the router; a suggestion, as elsewhere anyone may send it."""
    web = app.processes.web
    if web is None or web.server is None:
        return None
    at = web.word_span(web.server.run, web.server.run.program)
    end = at._replace(line=at.end_line, column=at.end_column)
    return Fix("Have waitress trust the router's header", (Edit(end, f" {TRUST_ROUTER}"),), safe=False)


REDIRECT = f'MIDDLEWARE = ["{SECURITY_MIDDLEWARE}"]\nSECURE_SSL_REDIRECT = True\n'
HEADER = 'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")\n'
DAPHNE = {
    "requirements": "Django==5.2\ndaphne==4.2\n",
    "Procfile": "web: daphne -b 0.0.0.0 -p $PORT shop.asgi:application\n",
}
WAITRESS = {
    "requirements": "Django==5.2\nwaitress==3.0\n",
    "Procfile": "web: waitress-serve --port=$PORT shop.wsgi:app\n",
}
django_ssl_redirect_loop.examples(
    bad=[
        Example(project(REDIRECT, **DAPHNE), at=(f"{SETTINGS}:2:23-2:27",)),
        Example(project(REDIRECT + HEADER, **WAITRESS), at=(f"{SETTINGS}:2:23-2:27",)),
    ],
    good=[
        Example(project(REDIRECT, Procfile=PROCFILE)),
        Example(project(REDIRECT + HEADER, **DAPHNE)),
        Example(
            project(
                REDIRECT,
                "Django==5.2\nwaitress==3.0\n",
                Procfile="web: waitress-serve --trusted-proxy='*' --port=$PORT shop.wsgi:app\n",
            )
        ),
    ],
)


@check("django-csrf-behind-router", severity=Severity.WARNING, url=ROUTER)
def django_csrf_behind_router(app: App) -> Iterator[Problem]:
    """Django answers every form with 403, because it takes the request for HTTP.

    Since Django 4.0 the CSRF protection compares the `Origin` header, such as `https://www.example.com`, with the
    scheme and host of the request. Heroku's router ends HTTPS. Behind servers that do not pass on its header
    `X-Forwarded-Proto` (daphne, granian, hypercorn, waitress), Django expects `http://www.example.com`, and answers
    with "CSRF verification failed". gunicorn and uvicorn pass it on, because of a variable that the buildpack sets.

    ## How to fix

        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    For waitress, in the Procfile:

        web: waitress-serve --trusted-proxy='*' --trusted-proxy-headers=x-forwarded-proto --port=$PORT shop.wsgi:app
    """
    django = app.django
    if django is None or not surely_at_least(app, "django", CHECKS_ORIGINS) or not django.is_followed:
        return
    middleware, origins = django.middleware, django.setting("CSRF_TRUSTED_ORIGINS")
    has_middleware = middleware.always(lambda way: way.contains(CSRF_MIDDLEWARE) is True)
    if middleware.at is None or not has_middleware or not _trusts_none(origins) or _told(app, django) is not Told.NO:
        return
    if _redirect(django) is not None:
        return  # No form comes as far as that.
    header = django.setting("SECURE_PROXY_SSL_HEADER")
    at = header.at or next((each.at for each in middleware.elements or () if each.text == CSRF_MIDDLEWARE), None)
    message = f"Django answers every form with 403 (CSRF verification failed): {_blind(app, django)}"
    if origins.rests_on:
        message = f"while {not_set(origins.rests_on)}, {message}"
    yield Problem(
        message,
        at or middleware.at,
        help=_way_out(app, django),
        severity=Severity.NOTE if origins.rests_on else None,
        fix=_fix(app, django),
        certain=not origins.rests_on,
    )


def _trusts_none(origins: Value) -> bool:
    """Whether no origin with HTTPS is trusted, while the config vars are not set."""
    if origins.is_absent:
        return True
    elements = origins.elements
    return elements is not None and all(
        each.is_known and not str(each.text or "").startswith("https://") for each in elements
    )


FORMS = f'MIDDLEWARE = ["{CSRF_MIDDLEWARE}"]\n'
django_csrf_behind_router.examples(
    bad=[
        Example(project(FORMS, **DAPHNE), at=(f"{SETTINGS}:1:15-1:58",)),
        Example(project(FORMS + HEADER, **WAITRESS), at=(f"{SETTINGS}:2:27-2:62",)),
        Example(
            project(f'{FORMS}SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "on")\n', Procfile=PROCFILE),
            at=(f"{SETTINGS}:2:27-2:59",),
        ),
    ],
    good=[
        Example(project(FORMS, Procfile=PROCFILE)),
        Example(project(FORMS + HEADER, **DAPHNE)),
        Example(project(f'{FORMS}CSRF_TRUSTED_ORIGINS = ["https://*.herokuapp.com"]\n', **DAPHNE)),
    ],
)


@check("django-csrf-origins", severity=Severity.WARNING, url=URL)
def django_csrf_origins(app: App) -> Iterator[Problem]:
    """An entry of `CSRF_TRUSTED_ORIGINS` has no scheme, which Django 4.0 and later reject.

    Their system check `4_0.E001` stops `manage.py migrate` and most other commands. This is an error if the release
    phase or the web process runs one of them, and a warning otherwise. Such an entry never matches an origin, either.
    If a config var can change it, this is a note.

    ## How to fix

        CSRF_TRUSTED_ORIGINS = ["https://www.example.com"]
    """
    django = app.django
    if django is None or not surely_at_least(app, "django", CHECKS_ORIGINS) or _is_silenced(django):
        return
    origins = django.setting("CSRF_TRUSTED_ORIGINS")
    wrong = _without_scheme(origins)
    if wrong is None or origins.at is None:
        return
    text = f"{wrong.text!r} in CSRF_TRUSTED_ORIGINS has no scheme"
    if wrong is origins:
        text = "CSRF_TRUSTED_ORIGINS is a string, and Django takes each of its characters for an origin"
    elif not wrong.text:
        text = "CSRF_TRUSTED_ORIGINS has an empty entry"
    stopped = _checking_command(app)
    effect = f"{stopped} stops with 4_0.E001" if stopped else "commands such as manage.py migrate stop with 4_0.E001"
    meant = (wrong.text or "www.example.com").rpartition("://")[2].lstrip(".")
    help_text = f'Write the origin with its scheme:\n    CSRF_TRUSTED_ORIGINS = ["https://{meant}"]'
    if origins.is_certain:
        severity = Severity.ERROR if stopped else None
        fix = add_scheme(wrong) if wrong is not origins else None
        yield Problem(f"{text}: {effect}", origins.at, help=help_text, severity=severity, fix=fix)
    elif wrong.text == "" and origins.rests_on:
        message = f"while {not_set(origins.rests_on)}, {text}: {effect}"
        help_text = (
            'Leave out what is empty:\n    [origin for origin in os.environ.get("...", "").split(",") if origin]'
        )
        yield Problem(message, origins.at, help=help_text, severity=Severity.NOTE, certain=False)


def _without_scheme(origins: Value) -> Value | None:
    """The first origin without a scheme, while the config vars are not set."""
    if origins.text is not None:
        return origins if origins.text else None
    return next((each for each in origins.elements or () if each.text is not None and "://" not in each.text), None)


def _is_silenced(django: Django) -> bool:
    return django.setting("SILENCED_SYSTEM_CHECKS").ever(lambda way: way.contains("4_0.E001") is not False)


def _checking_command(app: App) -> str:
    """A command that runs the system checks before the app gets requests, such as ``migrate in the release phase``."""
    for name, where in ((RELEASE_PROCESS, "the release phase"), ("web", "the web process")):
        process = app.processes.types.get(name)
        command = checking_command(process) if process else None
        if command:
            return f"manage.py {command} in {where}"
    return ""


ORIGINS = 'CSRF_TRUSTED_ORIGINS = ["www.example.com"]\n'
django_csrf_origins.examples(
    bad=[
        Example(
            project(ORIGINS, Procfile=f"release: python manage.py migrate\n{PROCFILE}"), at=(f"{SETTINGS}:1:24-1:43",)
        ),
        Example(project(ORIGINS), at=(f"{SETTINGS}:1:24-1:43",)),
        Example(
            project('import os\n\nCSRF_TRUSTED_ORIGINS = os.environ.get("ORIGINS", "").split(",")\n'),
            at=(f"{SETTINGS}:3:24-3:64",),
        ),
    ],
    good=[
        Example(project('CSRF_TRUSTED_ORIGINS = ["https://www.example.com"]\n')),
        Example(project(ORIGINS, "Django==3.2\n")),
    ],
)
