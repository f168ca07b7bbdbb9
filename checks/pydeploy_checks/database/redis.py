"""Heroku Key-Value Store, whose certificate no client trusts by itself."""

from __future__ import annotations

from collections.abc import Iterator

from pydeploy_checks.django.project import SETTINGS, project
from pydeploy_lint.plugin import DEV_CENTER, REDIS_VARIABLES, App, Example, Problem, Severity, check, checked_urls

REDIS_ADDONS = frozenset({"heroku-redis", "heroku-key-value-store"})


@check("redis-certificate", severity=Severity.WARNING, url=DEV_CENTER + "connecting-heroku-redis#connecting-in-python")
def redis_certificate(app: App) -> Iterator[Problem]:
    """The settings connect to Heroku Key-Value Store in a way that checks its certificate, which fails.

    `REDIS_URL` begins with `rediss://`, and the server's certificate is one that Heroku signed itself. Clients based on
    redis-py refuse it with `CERTIFICATE_VERIFY_FAILED` at the first use, unless `ssl_cert_reqs` is off. Celery refuses
    such a result backend at once if `ssl_cert_reqs` is not given. If `app.json` does not name the add-on, this is a
    note: the config var may come from somewhere else.

    ## How to fix

    Turn the check of the certificate off. In Django's own cache:

        "OPTIONS": {"ssl_cert_reqs": None}

    In django-redis:

        "OPTIONS": {"CONNECTION_POOL_KWARGS": {"ssl_cert_reqs": None}}

    For Celery's result backend:

        CELERY_REDIS_BACKEND_USE_SSL = {"ssl_cert_reqs": ssl.CERT_NONE}

    In channels-redis:

        "hosts": [{"address": os.environ["REDIS_URL"], "ssl_cert_reqs": None}]
    """
    has_addon = bool(REDIS_ADDONS & set(app.declared.addons))
    for use in checked_urls(app.django) if app.django else ():
        at = use.value.at or (app.django and app.django.setting(use.setting).at)
        if not at:
            continue
        others = use.value.rests_on - set(REDIS_VARIABLES)
        is_sure = has_addon and not others
        if use.user == "celery":
            effect = f"Celery rejects {use.setting}: on Heroku it begins with rediss://, which needs ssl_cert_reqs"
        else:
            effect = (
                f"{use.user} checks the certificate of Heroku Key-Value Store, which is self-signed: connecting fails "
                "without ssl_cert_reqs=None"
            )
        yield Problem(
            effect,
            at,
            help=f"Turn the check off in {use.setting}:\n    {use.remedy}",
            severity=None if is_sure else Severity.NOTE,
            certain=is_sure,
        )


ADDON = '{"addons": ["heroku-redis:mini"]}\n'
CACHE = (
    'import os\n\nCACHES = {"default": {\n    "BACKEND": "django.core.cache.backends.redis.RedisCache",\n'
    '    "LOCATION": os.environ["REDIS_URL"],\n%s}}\n'
)
redis_certificate.examples(
    bad=[
        Example(project(CACHE % "", app_json=ADDON), at=(f"{SETTINGS}:5:17-5:40",)),
        Example(
            project('import os\n\nCELERY_RESULT_BACKEND = os.environ.get("REDIS_URL")\n', app_json=ADDON),
            at=(f"{SETTINGS}:3:25-3:52",),
        ),
    ],
    good=[
        Example(project(CACHE % '    "OPTIONS": {"ssl_cert_reqs": None},\n', app_json=ADDON)),
        Example(
            project(
                'import os\n\nCELERY_RESULT_BACKEND = os.environ["REDIS_URL"] + "?ssl_cert_reqs=CERT_NONE"\n',
                app_json=ADDON,
            )
        ),
    ],
)
