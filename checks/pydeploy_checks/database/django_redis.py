"""Heroku's key-value store in Django's settings, whose certificate no client trusts by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydeploy_checks.database.address_fixes import check_nothing_in_settings
from pydeploy_checks.django.project import SETTINGS, project
from pydeploy_lint.plugin import (
    DEV_CENTER,
    App,
    Example,
    Problem,
    Severity,
    Span,
    check,
)

CELERY_TLS = re.compile(r"\bredis_backend_use_ssl\b")
"""The option where the app is made: ``Celery("shop", redis_backend_use_ssl=...)``, or set in its ``conf``."""
REDIS_ADDONS = frozenset({"heroku-redis", "heroku-key-value-store"})


@check("redis-certificate", severity=Severity.WARNING, url=DEV_CENTER + "connecting-heroku-redis#connecting-in-python")
def redis_certificate(app: App) -> Iterator[Problem]:
    """Django's settings connect to Heroku's key-value store in a way that checks its certificate, which fails.

    `REDIS_URL` begins with `rediss://`, and the server's certificate is one that Heroku signed itself. Clients based on
    redis-py refuse it with `CERTIFICATE_VERIFY_FAILED` at the first use, unless `ssl_cert_reqs` is off. Celery refuses
    such a result backend at once if `ssl_cert_reqs` is not given. If `app.json` does not name the add-on, this is a
    note: the config var may come from somewhere else.

    ## How to fix

    Turn the check of the certificate off. In Django's own cache:

        "OPTIONS": {"ssl_cert_reqs": None}

    In django-redis:

        "OPTIONS": {"CONNECTION_POOL_KWARGS": {"ssl_cert_reqs": None}}

    For Celery's result backend in Django's settings:

        CELERY_REDIS_BACKEND_USE_SSL = {"ssl_cert_reqs": ssl.CERT_NONE}

    In channels-redis:

        "hosts": [{"address": os.environ["REDIS_URL"], "ssl_cert_reqs": None}]
    """
    has_addon = bool(REDIS_ADDONS & set(app.declared.addons))
    django = app.django
    if django is None:
        return
    from pydeploy_lint.plugin import REDIS_VARIABLES, checked_urls, is_in_code

    for use in checked_urls(django):
        if use.user == "celery" and is_in_code(app.files, CELERY_TLS):
            continue
        at = use.value.at or django.setting(use.setting).at
        if at is not None:
            is_sure = has_addon and use.value.rests_on <= set(REDIS_VARIABLES)
            help_text = f"Turn the check off in {use.setting}:\n    {use.remedy}"
            problem = _problem(use.user, at, use.setting, help_text, is_sure=is_sure)
            yield problem._replace(fix=check_nothing_in_settings(app, use))


def _problem(user: str, at: Span, setting: str, help_text: str, *, is_sure: bool) -> Problem:
    if user == "celery":
        message = f"Celery rejects {setting}: on Heroku it begins with rediss://, which needs ssl_cert_reqs"
    else:
        message = (
            f"{user} checks the certificate of Heroku Key-Value Store, which is self-signed: connecting fails without "
            "ssl_cert_reqs=None"
        )
    return Problem(message, at, help=help_text, severity=None if is_sure else Severity.NOTE, certain=is_sure)


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
