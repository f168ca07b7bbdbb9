"""Fixes that edit calls and dicts in the app's code: what they write, and where they keep their hands off."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydeploy_checks.django.project import project

from pydeploy_lint.testing import options_for, write_tree
from tests.fix.fixing import CHECKS, fix, lint

FLASK = "import os\nfrom flask import Flask\napp = Flask(__name__)\n"
PORT = 'port=int(os.environ.get("PORT", 5000))'
KEY_VALUE = {"app.json": '{"addons": ["heroku-redis:mini"]}\n'}
FOUND_IN_SETTINGS = (
    'import os\n\nCACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", %s}}\n'
)
LOCATION = '"LOCATION": os.environ["REDIS_URL"]'
UNCHECKED = '"OPTIONS": {"ssl_cert_reqs": None}'
DATABASE_URL = 'os.environ["DATABASE_URL"]'
POSTGRESQL = '.replace("postgres://", "postgresql://", 1)'
ASYNC = "import os\nfrom sqlalchemy.ext.asyncio import create_async_engine\nengine = create_async_engine(%s)\n"


def mended(tmp_path: Path, files: Mapping[str, str | bytes], check: str) -> dict[str, str]:
    """The texts of the files that the fixes of a check change; nothing that the check says of them may remain."""
    write_tree(tmp_path, files)
    options = options_for(tmp_path, None, CHECKS.values())
    assert check in [finding.check for finding in lint(tmp_path, options).findings]
    changed = fix(tmp_path, options, check, unsafe=True)
    if changed:
        assert check not in [finding.check for finding in lint(tmp_path, options).findings]
    return {path: (tmp_path / path).read_bytes().decode() for path in changed}


@pytest.mark.parametrize(
    ("call", "after"),
    [
        ("app.run()", f'app.run(host="0.0.0.0", {PORT})'),
        ("app.run(debug=False)", f'app.run(debug=False, host="0.0.0.0", {PORT})'),
        ('app.run("127.0.0.1", 5000)', 'app.run("0.0.0.0", int(os.environ.get("PORT", 5000)))'),
        ('app.run(host="0.0.0.0")', f'app.run(host="0.0.0.0", {PORT})'),
        ('app.run(port=int(os.environ["PORT"]))', 'app.run(port=int(os.environ["PORT"]), host="0.0.0.0")'),
        ("app.run(\n    debug=False,\n)", f'app.run(\n    debug=False,\n    host="0.0.0.0", {PORT},\n)'),
        ("app.run(\r\n    debug=False\r\n)", f'app.run(\r\n    debug=False,\r\n    host="0.0.0.0", {PORT}\r\n)'),
    ],
)
def test_a_script_listens_on_the_port_of_heroku(call: str, after: str, tmp_path: Path) -> None:
    files = {"requirements.txt": "flask\n", "Procfile": "web: python app.py\n", "app.py": f"{FLASK}{call}\n"}
    assert mended(tmp_path, files, "procfile-code-port") == {"app.py": f"{FLASK}{after}\n"}


@pytest.mark.parametrize(
    "code",
    [
        "from http.server import HTTPServer, SimpleHTTPRequestHandler\n"
        'HTTPServer(("127.0.0.1", 8000), SimpleHTTPRequestHandler).serve_forever()\n',
        'from fastmcp import FastMCP\nserver = FastMCP("tools", port=8000)\nserver.run("http")\n',
    ],
)
def test_an_address_that_is_given_elsewhere_stays(code: str, tmp_path: Path) -> None:
    files = {"requirements.txt": "fastmcp\n", "Procfile": "web: python app.py\n", "app.py": code}
    assert mended(tmp_path, files, "procfile-code-port") == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('redis.from_url(os.environ["REDIS_URL"])', 'redis.from_url(os.environ["REDIS_URL"], ssl_cert_reqs=None)'),
        (
            'redis.Redis.from_url(\n    os.environ["REDIS_URL"],\n    db=1,\n)',
            'redis.Redis.from_url(\n    os.environ["REDIS_URL"],\n    db=1,\n    ssl_cert_reqs=None,\n)',
        ),
    ],
)
def test_a_client_of_redis_checks_no_certificate(before: str, after: str, tmp_path: Path) -> None:
    files = {"requirements.txt": "redis\n", "store.py": f"import os\nimport redis\nstore = {before}\n", **KEY_VALUE}
    assert mended(tmp_path, files, "redis-self-signed-certificate") == {
        "store.py": f"import os\nimport redis\nstore = {after}\n"
    }


def test_a_worker_gets_an_address_that_checks_no_certificate(tmp_path: Path) -> None:
    files = {"requirements.txt": "rq\n", "Procfile": "worker: rq worker --url $REDIS_URL\n", **KEY_VALUE}
    assert mended(tmp_path, files, "redis-self-signed-certificate") == {
        "Procfile": 'worker: rq worker --url "$REDIS_URL?ssl_cert_reqs=none"\n'
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LOCATION, f"{LOCATION}, {UNCHECKED}"),
        (f"\n    {LOCATION},\n", f"\n    {LOCATION},\n    {UNCHECKED},\n"),
        ('"LOCATION": [os.environ["REDIS_URL"]]', f'"LOCATION": [os.environ["REDIS_URL"]], {UNCHECKED}'),
        (f'{LOCATION}, "OPTIONS": {{"db": 1}}', None),
    ],
)
def test_the_cache_of_django_checks_no_certificate(before: str, after: str | None, tmp_path: Path) -> None:
    files = project(FOUND_IN_SETTINGS % before) | KEY_VALUE
    expected = {"shop/settings.py": FOUND_IN_SETTINGS % after} if after else {}
    assert mended(tmp_path, files, "redis-certificate") == expected


def test_channels_and_celery_check_no_certificate(tmp_path: Path) -> None:
    settings = (
        "import os\n\nCELERY_RESULT_BACKEND = os.environ['REDIS_URL']\n"
        'CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", '
        '"CONFIG": {"hosts": [os.environ["REDIS_URL"]]}}}\n'
    )
    assert mended(tmp_path, project(settings) | KEY_VALUE, "redis-certificate") == {
        "shop/settings.py": "import ssl\nimport os\n\nCELERY_RESULT_BACKEND = os.environ['REDIS_URL']\n"
        'CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", '
        '"CONFIG": {"hosts": [{"address": os.environ["REDIS_URL"], "ssl_cert_reqs": None}]}}}\n'
        'CELERY_REDIS_BACKEND_USE_SSL = {"ssl_cert_reqs": ssl.CERT_NONE}\n'
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DATABASE_URL, f"{DATABASE_URL}{POSTGRESQL}"),
        (
            'os.getenv("DATABASE_URL", "sqlite:///local.db")',
            f'os.getenv("DATABASE_URL", "sqlite:///local.db"){POSTGRESQL}',
        ),
        ('os.getenv("DATABASE_URL")', None),  # None has no method replace.
    ],
)
def test_an_address_gets_the_scheme_that_sqlalchemy_knows(before: str, after: str | None, tmp_path: Path) -> None:
    code = "import os\nfrom sqlalchemy import create_engine\nengine = create_engine(%s)\n"
    files = {"requirements.txt": "sqlalchemy==2.0.36\npsycopg2-binary==2.9.10\n", "db.py": code % before}
    expected = {"db.py": code % after} if after else {}
    assert mended(tmp_path, files, "sqlalchemy-postgres-scheme") == expected


@pytest.mark.parametrize(
    ("requirements", "check", "before", "after"),
    [
        ("asyncpg\n", "async-database-driver", POSTGRESQL, '.replace("postgres://", "postgresql+asyncpg://", 1)'),
        ("", "async-database-driver", POSTGRESQL, '.replace("postgres://", "postgresql+asyncpg://", 1)'),
        ("asyncpg\n", "sqlalchemy-postgres-scheme", "", '.replace("postgres://", "postgresql+asyncpg://", 1)'),
    ],
)
def test_an_asynchronous_engine_gets_its_driver(
    requirements: str, check: str, before: str, after: str, tmp_path: Path
) -> None:
    listed = f"sqlalchemy==2.0.36\n{requirements}"
    files = {"requirements.txt": listed, "db.py": ASYNC % (DATABASE_URL + before)}
    expected = {"db.py": ASYNC % (DATABASE_URL + after)}
    if not requirements:
        expected["requirements.txt"] = f"{listed}asyncpg\n"
    assert mended(tmp_path, files, check) == expected


@pytest.mark.parametrize(
    ("procfile", "after"),
    [("web: python bot.py\n", "worker: python bot.py\n"), ("web: python bot.py\nworker: python -c 1\n", None)],
)
def test_a_bot_becomes_a_worker(procfile: str, after: str | None, tmp_path: Path) -> None:
    bot = 'import discord\nclient = discord.Client(intents=discord.Intents.default())\nclient.run("token")\n'
    files = {"requirements.txt": "discord.py==2.6\n", "bot.py": bot, "Procfile": procfile}
    assert mended(tmp_path, files, "procfile-web-without-server") == ({"Procfile": after} if after else {})
