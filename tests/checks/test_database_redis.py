"""The certificate of Heroku Key-Value Store: which clients check it, as it was measured."""

from __future__ import annotations

import pytest
from pydeploy_checks.database.django_redis import redis_certificate
from pydeploy_checks.database.redis import redis_self_signed_certificate
from pydeploy_checks.django.project import project

from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import lint_files

ADDON = '{"addons": ["heroku-redis:mini"]}\n'
HEAD = "import os\nimport ssl\nimport environ\nenv = environ.Env()\nREDIS = os.environ.get('REDIS_URL', 'redis://localhost')\n"
CORE = "django.core.cache.backends.redis.RedisCache"
DJANGO_REDIS = "django_redis.cache.RedisCache"


def cache(backend: str, location: str = "REDIS", options: str = "") -> str:
    more = f", 'OPTIONS': {options}" if options else ""
    return f"CACHES = {{'default': {{'BACKEND': '{backend}', 'LOCATION': {location}{more}}}}}\n"


def channels(host: str) -> str:
    config = f"{{'hosts': [{host}]}}"
    return f"CHANNEL_LAYERS = {{'default': {{'BACKEND': 'channels_redis.core.RedisChannelLayer', 'CONFIG': {config}}}}}"


@pytest.mark.parametrize(
    ("settings", "is_found"),
    [
        (cache(CORE), True),
        (cache(CORE, "os.environ['REDIS_URL']"), True),
        (cache(CORE, "env('REDIS_URL')"), True),
        (cache(CORE, "env('REDIS_URL', default='redis://')"), True),
        (cache(CORE, "os.environ.get('REDIS_TLS_URL') or REDIS"), True),
        (cache(CORE, "[REDIS]"), True),
        (cache(CORE, "REDIS + '?ssl_cert_reqs=none'"), False),
        (cache(CORE, "f'{REDIS}?ssl_cert_reqs=none'"), False),
        (cache(CORE, "REDIS.replace('rediss', 'redis')"), False),
        (cache(CORE, "'redis://localhost'"), False),
        (cache(CORE, "unheard_of(REDIS)"), False),
        (cache(CORE, options="{'ssl_cert_reqs': None}"), False),
        (cache(CORE, options="{'ssl_cert_reqs': 'none'}"), False),
        (cache(CORE, options="{'ssl_cert_reqs': ssl.CERT_NONE}"), False),
        (cache(CORE, options="{'ssl_cert_reqs': 'required'}"), True),
        (cache(CORE, options="{'ssl_cert_reqs': ssl.CERT_REQUIRED}"), True),
        (cache(CORE, options="{'db': 1}"), True),
        (cache(CORE, options="unheard_of()"), False),
        (cache(CORE, options="{'connection_class': 'shop.redis.Connection'}"), False),
        (cache(DJANGO_REDIS), True),
        (cache(DJANGO_REDIS, options="{'CLIENT_CLASS': 'django_redis.client.DefaultClient'}"), True),
        (cache(DJANGO_REDIS, options="{'CONNECTION_POOL_KWARGS': {'ssl_cert_reqs': None}}"), False),
        (cache(DJANGO_REDIS, options="{'CONNECTION_POOL_KWARGS': {'max_connections': 5}}"), True),
        (cache(DJANGO_REDIS, options="{'ssl_cert_reqs': None}"), True),
        (cache(DJANGO_REDIS, options="{'CONNECTION_FACTORY': 'shop.redis.Factory'}"), False),
        (cache("shop.cache.RedisCache"), False),
        ("CACHES = {'default': env.cache('REDIS_URL')}", True),
        ("CACHES = {'default': env.cache_url('REDIS_URL', default='locmemcache://')}", True),
        ("CELERY_RESULT_BACKEND = REDIS", True),
        ("CELERY_BROKER_URL = CELERY_RESULT_BACKEND = REDIS", True),
        ("CELERY_BROKER_URL = REDIS", False),
        ("CELERY_RESULT_BACKEND = REDIS\nCELERY_BROKER_USE_SSL = {'ssl_cert_reqs': ssl.CERT_NONE}", True),
        ("CELERY_RESULT_BACKEND = REDIS\nCELERY_REDIS_BACKEND_USE_SSL = {'ssl_cert_reqs': ssl.CERT_NONE}", False),
        ("CELERY_RESULT_BACKEND = REDIS\nCELERY_REDIS_BACKEND_USE_SSL = {'ssl_cert_reqs': None}", True),
        ("CELERY_RESULT_BACKEND = REDIS\nCELERY_REDIS_BACKEND_USE_SSL = unheard_of()", False),
        ("CELERY_RESULT_BACKEND = REDIS + '?ssl_cert_reqs=CERT_NONE'", False),
        ("CELERY_RESULT_BACKEND = 'django-db'", False),
        (channels("REDIS"), True),
        (channels("{'address': REDIS}"), True),
        (channels("{'address': REDIS, 'ssl_cert_reqs': None}"), False),
        (channels("('localhost', 6379)"), False),
        (channels("REDIS + '?ssl_cert_reqs=none'"), False),
        ("RQ_QUEUES = {'default': {'URL': REDIS}}", True),
        ("RQ_QUEUES = {'default': {'URL': REDIS, 'SSL_CERT_REQS': None}}", False),
        ("RQ_QUEUES = {'default': {'URL': REDIS, 'REDIS_CLIENT_KWARGS': {'ssl_cert_reqs': None}}}", True),
    ],
)  # fmt: skip
def test_settings(settings: str, is_found: bool) -> None:
    findings = lint_files(project(f"{HEAD}{settings}\n", app_json=ADDON), [redis_certificate])
    expected = [(Severity.WARNING, True)] if is_found else []
    assert [(each.severity, each.certain) for each in findings] == expected
    assert all("ssl_cert_reqs" in each.message for each in findings)


@pytest.mark.parametrize(
    "code",
    [
        "app = Celery('shop', redis_backend_use_ssl={'ssl_cert_reqs': ssl.CERT_NONE})",
        "app.conf.update(redis_backend_use_ssl={'ssl_cert_reqs': ssl.CERT_NONE})",
    ],
)
def test_celery_may_be_told_where_its_app_is_made(code: str) -> None:
    files = project(f"{HEAD}CELERY_RESULT_BACKEND = REDIS\n", app_json=ADDON)
    assert lint_files({**files, "shop/celery.py": f"{code}\n"}, [redis_certificate]) == ()
    assert lint_files({**files, "shop/celery.py": "app = Celery('shop')\n"}, [redis_certificate])


@pytest.mark.parametrize("app_json", ["{}\n", '{"addons": ["rediscloud:30"]}\n'])
def test_without_the_add_on(app_json: str) -> None:
    findings = lint_files(project(HEAD + cache(CORE), app_json=app_json), [redis_certificate])
    assert [(each.severity, each.certain) for each in findings] == [(Severity.NOTE, False)]


def test_other_config_var_may_decide() -> None:
    text = f"{HEAD}CELERY_RESULT_BACKEND = os.environ.get('BACKEND', REDIS)\n"
    findings = lint_files(project(text, app_json=ADDON), [redis_certificate])
    assert [(each.severity, each.certain) for each in findings] == [(Severity.NOTE, False)]


IMPORTS = "import os\nimport redis\nfrom celery import Celery\nfrom redis import Redis\n"
READ = "os.environ['REDIS_URL']"


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        (f"redis.from_url({READ})", True),
        (f"redis.Redis.from_url({READ}, decode_responses=True)", True),
        (f"redis.StrictRedis.from_url(url={READ})", True),
        (f"redis.asyncio.from_url({READ})", True),
        (f"redis.ConnectionPool.from_url({READ})", True),
        ("Redis.from_url(os.getenv('REDIS_URL', 'redis://localhost'))", True),
        (f"redis.from_url({READ}, ssl_cert_reqs=None)", False),
        (f"redis.from_url({READ}, ssl_cert_reqs='none')", False),
        (f"redis.from_url({READ}, ssl_cert_reqs=unheard_of())", False),
        (f"redis.from_url({READ}, ssl_cert_reqs='required')", False),
        (f"redis.from_url({READ}, ssl_check_hostname=False)", False),
        (f"redis.from_url({READ}, ssl_ca_certs='heroku.pem')", False),
        (f"redis.from_url({READ}, **options)", False),
        (f"redis.from_url({READ} + '?ssl_cert_reqs=none')", False),
        (f"redis.from_url({READ}.replace('rediss://', 'redis://'))", False),
        ("redis.from_url(os.environ['REDISCLOUD_URL'])", False),
        ("redis.from_url(unheard_of('REDIS_URL'))", False),
        (f"url = {READ}\nstore = redis.from_url(url)", True),
        (f"def store():\n    url = {READ}\n    return redis.from_url(url)", True),
        (f"import urllib.parse\nurl = urllib.parse.urlparse({READ})\nstore = redis.Redis(host=url.hostname)", False),
        (f"other.from_url({READ})", False),
        (f"Celery('a', broker={READ}, backend={READ})", 2),
        (f"Celery('a', broker={READ})", 1),
        (f"Celery('a', backend={READ}, redis_backend_use_ssl={{'ssl_cert_reqs': ssl.CERT_NONE}})", False),
        (f"app = Celery('a')\napp.conf.result_backend = {READ}", True),
        (f"app = Celery('a')\napp.conf.update(result_backend={READ})", True),
        (f"os.environ['REDIS_URL'] = 'redis://'\nredis.from_url({READ})", False),
    ],
)  # fmt: skip
def test_code(text: str, is_found: int) -> None:
    files = {"requirements.txt": "redis==5.2.1\n", "app.json": ADDON, "worker.py": f"{IMPORTS}{text}\n"}
    findings = lint_files(files, [redis_self_signed_certificate])
    assert [(each.severity, each.certain) for each in findings] == [(Severity.WARNING, True)] * is_found
