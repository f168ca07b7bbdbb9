"""Clients of Heroku's key-value store, whose certificate is self-signed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_checks.database.address_fixes import check_nothing
from pydeploy_checks.database.clients import may_connect
from pydeploy_lint.plugin import (
    DEV_CENTER,
    App,
    Edit,
    Example,
    Fix,
    Problem,
    Severity,
    check,
)

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Given, Span

URL = DEV_CENTER + "connecting-heroku-redis"
ADDON = "heroku-redis"
IS_TOLD = re.compile(
    r"ssl_cert_reqs|CERT_NONE|use_ssl|verify_mode|check_hostname|ssl_context|_create_unverified_context"
)
"""What a file has in it that decides about certificates."""
PROGRAMS = ("rq", "rqworker", "rqscheduler", "celery", "arq", "huey_consumer", "saq", "taskiq")
VARIABLE = re.compile(r"\$\{?REDIS_(?:TLS_)?URL\b")
ADDRESSES = ("$REDIS_URL", "${REDIS_URL}", "$REDIS_TLS_URL", "${REDIS_TLS_URL}")
CELERY = ("celery.", "CELERY_", "broker_url", "result_backend")


@check("redis-self-signed-certificate", severity=Severity.WARNING, url=URL)
def redis_self_signed_certificate(app: App) -> Iterator[Problem]:
    """A Redis client checks the certificate of Heroku's key-value store, which is self-signed.

    The add-on heroku-redis sets `REDIS_URL` to a `rediss://` address, and its server shows a certificate that Heroku
    signed itself. Clients check certificates by default: the first command fails with "certificate verify failed:
    self-signed certificate in certificate chain". Celery refuses a `rediss://` result backend without the parameter
    `ssl_cert_reqs` at once.

    This is for redis-py, aioredis, RQ, Celery, Flask-Caching, Flask-Limiter, the message queue of Flask-SocketIO,
    Dramatiq, Huey, arq and others, in the app's code and in the commands of the `Procfile`. Where `app.json` does not
    say which add-on sets `REDIS_URL` it is a note: other providers have certificates that can be checked.

    ## How to fix

    Do not check the certificate:

        redis.from_url(os.environ["REDIS_URL"], ssl_cert_reqs=None)
    """
    redis = [addon for addon in app.declared.addons if "redis" in addon]
    if redis and not any(addon.startswith(ADDON) for addon in redis):
        return
    is_declared = bool(redis)
    severity = None if is_declared else Severity.NOTE
    for given in _given(app):
        if not _checks(given) or (app.django and given.library.isupper()):
            continue
        yield Problem(
            f"{_client(given)} is given REDIS_URL and checks the certificate of Heroku's key-value store, which is "
            "self-signed: it cannot connect unless ssl_cert_reqs says not to check it",
            given.at,
            help=_advice(given),
            severity=severity,
            certain=is_declared,
            fix=check_nothing(app, given.at) if given.library.endswith("from_url") else None,
        )
    for process in app.processes.types.values():
        for run in process.all_runs:
            word = next((word for word in run.arguments if VARIABLE.search(word.text)), None)
            if run.name in PROGRAMS and word and "ssl_cert_reqs" not in word.text:
                yield Problem(
                    f"{process.name} gives {run.name} the address REDIS_URL, and it checks the certificate of Heroku's "
                    "key-value store, which is self-signed: it cannot connect unless ssl_cert_reqs says not to check "
                    "it",
                    process.word_span(run, word),
                    help='Add a parameter to the address, in quotes:\n    "$REDIS_URL?ssl_cert_reqs=none"',
                    severity=severity,
                    certain=is_declared,
                    fix=_unchecked(process.word_span(run, word), word.text),
                )


def _unchecked(at: Span, word: str) -> Fix | None:
    """Add the parameter to an address that is the variable and nothing else."""
    if word not in ADDRESSES:
        return None
    return Fix("Add ?ssl_cert_reqs=none to the address", (Edit(at, f'"{word}?ssl_cert_reqs=none"'),), safe=False)


def _checks(given: Given) -> bool:
    """Whether a client surely checks the certificate."""
    if not given.address.startswith("rediss://") or "ssl_cert_reqs" in given.address or "**" in given.keywords:
        return False
    if any(name.startswith("ssl") or name in ("connection_pool", "redis_options") for name in given.keywords):
        return False
    return not IS_TOLD.search(given.file)


def _client(given: Given) -> str:
    if given.library.startswith(CELERY):
        return "Celery"
    return given.library.partition(".")[0] if "." in given.library else given.library


def _advice(given: Given) -> str:
    if given.library.startswith(CELERY):
        return (
            "Say for broker and result backend that the certificate is not checked:\n"
            '    broker_use_ssl={"ssl_cert_reqs": ssl.CERT_NONE}\n'
            '    redis_backend_use_ssl={"ssl_cert_reqs": ssl.CERT_NONE}'
        )
    if given.library.endswith("from_url"):
        return 'Do not check it:\n    from_url(os.environ["REDIS_URL"], ssl_cert_reqs=None)'
    if given.library == "CACHE_REDIS_URL":
        return 'Do not check it:\n    CACHE_OPTIONS = {"ssl_cert_reqs": None}'
    return 'Do not check it:\n    os.environ["REDIS_URL"] + "?ssl_cert_reqs=none"'


def _given(app: App) -> list[Given]:
    """The addresses that libraries get, unless something rewrites the variable before."""
    if not may_connect(app):
        return []
    from pydeploy_lint.plugin import given_addresses, is_rewritten

    found = given_addresses(app.files)
    runs = [run for process in app.processes.types.values() for run in process.all_runs]
    is_set = any("REDIS_URL" in run.variables for run in runs)
    return [] if not found or is_set or is_rewritten(app.files, "REDIS_URL") else found


APP_JSON = '{"addons": ["heroku-redis:mini"]}\n'
CODE = 'import os\n\nimport redis\n\nstore = redis.from_url(os.environ["REDIS_URL"]{})\n'
FILES = {"requirements.txt": "redis==5.2\n", "app.json": APP_JSON}
redis_self_signed_certificate.examples(
    bad=[Example({**FILES, "store.py": CODE.format("")}, at=("store.py:5:24-5:47",))],
    good=[Example({**FILES, "store.py": CODE.format(", ssl_cert_reqs=None")})],
)
