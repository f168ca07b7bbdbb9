"""Settings of Django that use Heroku Key-Value Store and check its certificate, which Heroku signed itself.

Source: Heroku's "Connecting to Heroku Key-Value Store" on Python. Measured on 2026-11-25 against a server with a
self-signed certificate:

- redis 5.2 and 8.1 fail with ``CERTIFICATE_VERIFY_FAILED`` unless ``ssl_cert_reqs`` is None or ``"none"``, or the URL
  ends in ``?ssl_cert_reqs=none``; ``?ssl_cert_reqs=CERT_NONE`` is an error;
- Django 5.2's cache takes it from ``OPTIONS``, django-redis 5.4 and 7.0 from ``CONNECTION_POOL_KWARGS`` in these;
- channels-redis 4.3 takes it from a host that is a dict, django-rq 4.2 from ``SSL_CERT_REQS``;
- celery 5.7 refuses a result backend without ``ssl_cert_reqs``, in the URL or in ``redis_backend_use_ssl``, where None
  does not count; its broker needs none, unless ``broker_use_ssl`` is true.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, urlsplit

from pydeploy_lint.facts.django.evaluation.scope import Reference
from pydeploy_lint.facts.django.evaluation.values import Value

if TYPE_CHECKING:
    from pydeploy_lint.facts.django.project import Django

URL = "rediss://:p0123456789abcdef@ec2-192-0-2-1.compute-1.amazonaws.com:21540"
REDIS_VARIABLES = ("REDIS_URL", "REDIS_TLS_URL")
"""What the add-on sets, and what it set as well while it had addresses without TLS."""
CORE_CACHE = "django.core.cache.backends.redis.RedisCache"
DJANGO_REDIS = "django_redis.cache.RedisCache"
CELERY_BACKENDS = {"CELERY_RESULT_BACKEND": "CELERY_REDIS_BACKEND_USE_SSL"}
"""The settings with Celery's usual prefix, and the setting with the options for TLS."""


class CheckedUrl(NamedTuple):
    """A use of the address by which the certificate is checked."""

    setting: str
    user: str
    """The distribution that connects."""
    value: Value
    """The address."""
    remedy: str
    """Python that turns the check off."""


def checked_urls(django: Django) -> Iterator[CheckedUrl]:
    """Where the settings use the address of Heroku Key-Value Store, and the certificate is checked.

    Args:
        django: the project.
    """
    if not any(each.name in REDIS_VARIABLES for each in django.config_vars):
        return
    assumed = django.assuming(dict.fromkeys(REDIS_VARIABLES, URL))
    yield from _celery(assumed)
    yield from _caches(assumed)
    yield from _channels(assumed)
    yield from _queues(assumed)


def _celery(django: Django) -> Iterator[CheckedUrl]:
    for name, option in CELERY_BACKENDS.items():
        backend, tls = django.setting(name), django.setting(option)
        if is_checked(backend) and _is_refused(tls):
            remedy = f'{option} = {{"ssl_cert_reqs": ssl.CERT_NONE}}'
            yield CheckedUrl(name, "celery", backend, remedy)


def _is_refused(tls: Value) -> bool:
    """Whether Celery finds no ``ssl_cert_reqs`` in its options for TLS."""
    if tls.is_unset:
        return True
    needs = tls.item("ssl_cert_reqs")
    return isinstance(tls.data, dict) and (needs.is_absent or (needs.is_known and needs.data is None) or _checks(needs))


def _caches(django: Django) -> Iterator[CheckedUrl]:
    caches = django.setting("CACHES")
    for alias in _aliases(caches):
        entry = caches.item(alias)
        backend, options = entry.item("BACKEND").text, entry.item("OPTIONS")
        if backend not in (CORE_CACHE, DJANGO_REDIS) or _is_custom(options):
            continue
        pool = options.item("CONNECTION_POOL_KWARGS") if backend == DJANGO_REDIS else options
        where = (
            '"CONNECTION_POOL_KWARGS": {"ssl_cert_reqs": None}' if backend == DJANGO_REDIS else '"ssl_cert_reqs": None'
        )
        for url in _each(entry.item("LOCATION")):
            if is_checked(url) and _checks_by(pool, "ssl_cert_reqs"):
                user = "django-redis" if backend == DJANGO_REDIS else "Django's cache"
                yield CheckedUrl("CACHES", user, url, f'"OPTIONS": {{{where}}}')


def _is_custom(options: Value) -> bool:
    """Whether the options name a class that may connect in another way."""
    names = ("CONNECTION_FACTORY", "CONNECTION_POOL_CLASS", "connection_class", "pool_class")
    return not options.is_absent and not all(options.item(name).is_absent for name in names)


def _channels(django: Django) -> Iterator[CheckedUrl]:
    layers = django.setting("CHANNEL_LAYERS")
    for alias in _aliases(layers):
        entry = layers.item(alias)
        if not (entry.item("BACKEND").text or "").startswith("channels_redis."):
            continue
        for host in entry.item("CONFIG").item("hosts").elements or ():
            url = host.item("address") if isinstance(host.data, dict) else host
            checks = not isinstance(host.data, dict) or _checks_by(host, "ssl_cert_reqs")
            if is_checked(url) and checks:
                remedy = '"hosts": [{"address": os.environ["REDIS_URL"], "ssl_cert_reqs": None}]'
                yield CheckedUrl("CHANNEL_LAYERS", "channels-redis", url, remedy)


def _queues(django: Django) -> Iterator[CheckedUrl]:
    queues = django.setting("RQ_QUEUES")
    for alias in _aliases(queues):
        url = queues.item(alias).item("URL")
        if is_checked(url) and _checks_by(queues.item(alias), "SSL_CERT_REQS"):
            yield CheckedUrl("RQ_QUEUES", "django-rq", url, '"SSL_CERT_REQS": None')


def _aliases(entries: Value) -> list[str]:
    return [key for key in entries.data if isinstance(key, str)] if isinstance(entries.data, dict) else []


def _each(location: Value) -> tuple[Value, ...]:
    return location.elements if location.elements is not None else (location,)


def is_checked(url: Value) -> bool:
    """Whether an address asks for TLS and does not say what to do about the certificate."""
    return url.text is not None and url.text.startswith("rediss://") and _query(url) is None


def _query(url: Value) -> str | None:
    """What the URL itself says about the certificate; None where it says nothing."""
    try:
        found = parse_qs(urlsplit(url.text or "").query).get("ssl_cert_reqs")
    except ValueError:
        return ""
    return found[-1] if found else None


def _checks_by(options: Value, name: str) -> bool:
    """Whether the certificate is checked by what an option of a dict says; it is where the option is not there."""
    found = options.item(name)
    return options.is_absent or found.is_absent or _checks(found)


def _checks(option: Value) -> bool:
    """Whether a value of ``ssl_cert_reqs`` asks for the check."""
    if isinstance(option.data, Reference):
        return option.data.name in ("ssl.CERT_REQUIRED", "ssl.CERT_OPTIONAL")
    return option.text is not None and option.text.lower().removeprefix("cert_") in ("required", "optional")
