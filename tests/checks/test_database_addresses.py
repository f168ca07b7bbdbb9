"""The addresses of add-ons: in which form they reach libraries, and which clients check certificates."""

from __future__ import annotations

import pytest
from pydeploy_checks.database.redis import redis_self_signed_certificate
from pydeploy_checks.database.sqlalchemy import async_database_driver, sqlalchemy_postgres_scheme

from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import Files, lint_files

NEW = {"requirements.txt": "SQLAlchemy==2.0.41\nasyncpg\n"}
READ = 'os.environ["DATABASE_URL"]'
ENGINE = "import os\nfrom sqlalchemy import create_engine\n"
ASYNC = "import os\nfrom sqlalchemy.ext.asyncio import create_async_engine\n"
SETTINGS = (
    "from pydantic_settings import BaseSettings\nfrom sqlalchemy import create_engine\nclass Settings(BaseSettings):\n"
)


def database(code: str, more: Files | None = None) -> list[str]:
    files = {**NEW, "app.py": code, **(more or {})}
    return [each.check for each in lint_files(files, [sqlalchemy_postgres_scheme, async_database_driver])]


@pytest.mark.parametrize(
    "code",
    [
        ENGINE + f"url = {READ}\nif url.startswith('mysql'):\n    url = 'x'\nengine = create_engine(url)\n",
        ENGINE + "engine = create_engine(os.getenv('DATABASE_URL', 'sqlite:///x.db'))\n",
        ENGINE + "def make():\n    url = os.environ.get('DATABASE_URL')\n    return create_engine(url)\n",
        ENGINE + "class C:\n    URL = os.environ['DATABASE_URL']\nengine = create_engine(C.URL)\n",
        ENGINE + "class C:\n    URL = os.environ['DATABASE_URL']\nengine = create_engine(C().URL)\n",
        ENGINE + f"engine = create_engine(str({READ}), pool_pre_ping=True)\n",
        ENGINE + "from config import url\nengine = create_engine(url)\n",
        ENGINE + "import config\nengine = create_engine(config.settings.database_url)\n"
        if False
        else ENGINE + "from config import settings\nengine = create_engine(settings.database_url)\n",
        SETTINGS + "    database_url: str\nengine = create_engine(Settings().database_url)\n",
        SETTINGS + "    db: str = Field(validation_alias='DATABASE_URL')\nengine = create_engine(Settings().db)\n",
        "from functools import lru_cache\n"
        + SETTINGS
        + "    DATABASE_URL: str\n\n\ndef get():\n    return Settings()\n\n\n"
        "engine = create_engine(get().DATABASE_URL)\n",
        "import os\nfrom flask import Flask\ndef create_app():\n    app = Flask('x')\n"
        f"    app.config['SQLALCHEMY_DATABASE_URI'] = {READ}\n",
        f"import os\napp.config.from_mapping(SQLALCHEMY_DATABASE_URI={READ})\n",
        f"import os\nCONFIG = {{'SQLALCHEMY_DATABASE_URI': {READ}}}\n",
        f"import os\nfrom alembic import context\ncontext.config.set_main_option('sqlalchemy.url', {READ})\n",
        "from decouple import config\nfrom sqlalchemy import create_engine\ncreate_engine(config('DATABASE_URL'))\n",
        "import os\nfrom sqlmodel import create_engine\n"
        "engine = create_engine(os.environ['DATABASE_URL'], echo=True)\n",
        "import os\nfrom apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore\n"
        "jobs = SQLAlchemyJobStore(url=os.environ['DATABASE_URL'])\n",
        ASYNC + f"engine = create_async_engine({READ})\n",
    ],
)
def test_postgres_scheme(code: str) -> None:
    config = "import os\nfrom pydantic_settings import BaseSettings\nurl = os.environ['DATABASE_URL']\n"
    config += "class Settings(BaseSettings):\n    database_url: str\nsettings = Settings()\n"
    assert database(code, {"config.py": config}) == ["sqlalchemy-postgres-scheme"]


@pytest.mark.parametrize(
    "code",
    [
        ENGINE + f"create_engine({READ}.replace('postgres://', 'postgresql://'))\n",
        ENGINE + f"create_engine({READ}.replace('postgres', 'postgresql'))\n",
        ENGINE
        + f"url = {READ}\nif url.startswith('postgres://'):\n    url = url.replace('postgres://', 'postgresql://', 1)\n"
        "create_engine(url)\n",
        ENGINE
        + f"url = {READ}\nif url and 'postgres://' in url:\n    url = 'postgresql' + url[8:]\ncreate_engine(url)\n",
        ENGINE + f"create_engine('postgresql://' + {READ}.split('://')[1])\n",
        ENGINE + f"create_engine(f'postgresql+psycopg2{{{READ}[8:]}}')\n".replace('"', "'")
        if False
        else ENGINE + "u = os.environ['DATABASE_URL'][8:]\ncreate_engine(f'postgresql+psycopg2{u}')\n",
        ENGINE + "def fix(url):\n    if url.startswith('postgres://'):\n"
        "        return url.replace('postgres:', 'postgresql:')\n"
        f"    return url\ncreate_engine(fix({READ}))\n",
        ENGINE + f"import re\ncreate_engine(re.sub('^postgres:', 'postgresql:', {READ}))\n",
        ENGINE + "create_engine('sqlite://')\n",
        ENGINE + f"os.environ['DATABASE_URL'] = {READ}.replace('s:', 'sql:')\ncreate_engine({READ})\n",
        SETTINGS + "    database_url: str\n    @validator('database_url')\n    def fix(cls, v):\n        return v\n"
        "engine = create_engine(Settings().database_url)\n",
        SETTINGS + "    database_url: str\n    @property\n    def url(self):\n"
        "        return self.database_url.replace('postgres://', 'postgresql://')\n"
        "engine = create_engine(Settings().url)\n",
        SETTINGS + "    model_config = SettingsConfigDict(env_prefix='APP_')\n    database_url: str\n"
        "engine = create_engine(Settings().database_url)\n",
        "import os, databases\ndb = databases.Database(os.environ['DATABASE_URL'])\n",
        "import os, psycopg2\npsycopg2.connect(os.environ['DATABASE_URL'], sslmode='require')\n",
        "import os, asyncpg\nasync def f():\n    await asyncpg.create_pool(os.environ['DATABASE_URL'])\n",
        "import os\nfrom playhouse.db_url import connect\ndb = connect(os.environ['DATABASE_URL'])\n",
        ASYNC + f"create_async_engine({READ}.replace('postgres://', 'postgresql+asyncpg://', 1))\n",
        ASYNC + f"create_async_engine({READ}.replace('postgres://', 'postgresql+psycopg://', 1))\n",
        "import os\nfrom tortoise import Tortoise\nasync def f():\n"
        "    await Tortoise.init(db_url=os.environ['DATABASE_URL'])\n",
    ],
)
def test_right_scheme(code: str) -> None:
    assert database(code) == []


@pytest.mark.parametrize(
    "more",
    [
        {".profile": "export DATABASE_URL=x\n"},
        {"Procfile": "web: DATABASE_URL=${DATABASE_URL/s:/sql:} python app.py\n"},
    ],
)
def test_rewritten_elsewhere(more: Files) -> None:
    assert database(ENGINE + f"create_engine({READ})\n", more) == []


@pytest.mark.parametrize(
    "code",
    [
        ASYNC + f"create_async_engine({READ}.replace('postgres://', 'postgresql://', 1))\n",
        ASYNC + f"create_async_engine({READ}.replace('postgres://', 'postgresql+psycopg2://', 1))\n",
        ASYNC + f"create_async_engine({READ}.replace('postgres:', 'postgresql+asyncpg:') + '?sslmode=require')\n",
        f"import os, asyncpg\nasync def f():\n    await asyncpg.connect({READ}.replace('s:', 'sql+asyncpg:'))\n",
        f"import os, psycopg2\npsycopg2.connect({READ}.replace('postgres:', 'postgresql+psycopg2:'))\n",
    ],
)
def test_wrong_driver(code: str) -> None:
    assert database(code) == ["async-database-driver"]


@pytest.mark.parametrize(
    ("requirements", "names"),
    [
        ("SQLAlchemy==2.1.9\npsycopg2-binary\n", ["async-database-driver"]),
        ("SQLAlchemy==2.1.9\npsycopg[binary]\n", []),
        ("SQLAlchemy==2.0.41\npsycopg2-binary\n", []),
        ("SQLAlchemy\npsycopg2-binary\n", []),
    ],
)
def test_default_driver(requirements: str, names: list[str]) -> None:
    code = ENGINE + f"create_engine({READ}.replace('postgres://', 'postgresql://'))\n"
    assert database(code, {"requirements.txt": requirements}) == names


URL = 'os.environ["REDIS_URL"]'
HEROKU = {"requirements.txt": "redis\n", "app.json": '{"addons": ["heroku-redis:mini"]}'}


def redis(code: str, more: Files | None = None) -> list[Severity]:
    files = {**HEROKU, "app.py": code, **(more or {})}
    return [each.severity for each in lint_files(files, [redis_self_signed_certificate])]


@pytest.mark.parametrize(
    "code",
    [
        f"import os, redis\nr = redis.from_url({URL})\n",
        f"import os\nfrom redis import Redis\nr = Redis.from_url({URL}, decode_responses=True)\n",
        "import os\nimport redis.asyncio as aioredis\n"
        "r = aioredis.from_url(os.getenv('REDIS_URL', 'redis://localhost'))\n",
        f"import os\nfrom redis.asyncio import Redis\nasync def f():\n    return Redis.from_url(url={URL})\n",
        f"import os, redis\npool = redis.ConnectionPool.from_url({URL})\n",
        f"import os\nfrom celery import Celery\napp = Celery('x', broker={URL})\n",
        f"import os\nfrom celery import Celery\nu = {URL}\napp = Celery('x')\napp.conf.update(broker_url=u)\n",
        f"import os\nfrom celery import Celery\napp = Celery('x')\napp.conf.result_backend = {URL}\n",
        f"import os\nfrom flask_socketio import SocketIO\nsio = SocketIO(message_queue={URL})\n",
        f"import os, socketio\nmanager = socketio.AsyncRedisManager({URL})\n",
        f"import os\napp.config['CACHE_REDIS_URL'] = {URL}\n",
        f"import os\nfrom flask_limiter import Limiter\nlimiter = Limiter(f, storage_uri={URL})\n",
        f"import os\nfrom dramatiq.brokers.redis import RedisBroker\nb = RedisBroker(url={URL})\n",
        f"import os\nfrom arq.connections import RedisSettings\ns = RedisSettings.from_dsn({URL})\n",
        "from pydantic_settings import BaseSettings\nimport redis\nclass S(BaseSettings):\n    redis_url: str\n"
        "r = redis.from_url(S().redis_url)\n",
        "import os, redis\nr = redis.from_url(os.environ.get('REDIS_TLS_URL'))\n",
    ],
)
def test_certificate(code: str) -> None:
    assert redis(code) == [Severity.WARNING]
    assert redis(code, {"app.json": "{}"}) == [Severity.NOTE]
    assert redis(code, {"app.json": '{"addons": ["rediscloud:30"]}'}) == []


@pytest.mark.parametrize(
    "code",
    [
        f"import os, redis\nr = redis.from_url({URL}, ssl_cert_reqs=None)\n",
        f"import os, redis\nr = redis.from_url({URL} + '?ssl_cert_reqs=none')\n",
        f"import os, redis\nr = redis.from_url({URL}, **options)\n",
        "import os, redis\nr = redis.from_url(os.environ['OTHER_URL'])\n",
        f"import os\nfrom celery import Celery\napp = Celery('x', broker={URL})\napp.conf.broker_use_ssl = x\n",
        f"import os, redis\nr = redis.from_url({URL}.replace('rediss://', 'redis://'))\n",
        f"import os\nfrom urllib.parse import urlparse\nimport redis\nu = urlparse({URL})\n"
        "r = redis.Redis(host=u.hostname, port=u.port, password=u.password, ssl=True, ssl_cert_reqs=None)\n",
    ],
)
def test_no_certificate(code: str) -> None:
    assert redis(code) == []


@pytest.mark.parametrize(
    ("command", "count"),
    [
        ("rq worker --url $REDIS_URL", 1),
        ("rq worker -u ${REDIS_URL} high", 1),
        ("celery -A x -b $REDIS_URL worker", 1),
        ('rq worker -u "$REDIS_URL?ssl_cert_reqs=none"', 0),
        ("rq worker", 0),
        ("python run.py $REDIS_URL", 0),
    ],
)
def test_certificate_in_a_command(command: str, count: int) -> None:
    assert len(redis("", {"Procfile": f"worker: {command}\n"})) == count
