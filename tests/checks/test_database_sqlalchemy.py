"""The address that SQLAlchemy is given: where it is found, and what may mend it."""

from __future__ import annotations

import pytest
from pydeploy_checks.database.sqlalchemy import sqlalchemy_postgres_scheme

from pydeploy_lint.testing import Files, lint_files, place

NEW = {"requirements.txt": "SQLAlchemy>=2\npsycopg2==2.9.10\n"}
READ = 'os.environ["DATABASE_URL"]'


@pytest.mark.parametrize(
    ("files", "places"),
    [
        ({"app.py": f"create_engine({READ})\n"}, ["app.py:2:15-2:41"]),
        ({"app.py": 'SQLALCHEMY_DATABASE_URI = os.getenv("DATABASE_URL") or "sqlite://"\n'}, ["app.py:2:27-2:52"]),
        ({"app.py": f"url = {READ}\nengine = sqlalchemy.create_engine(url, echo=True)\n"}, ["app.py:2:7-2:33"]),
        ({"app.py": f"app.config.update(SQLALCHEMY_DATABASE_URI={READ})\n"}, ["app.py:2:43-2:69"]),
        ({"shop/config.py": f"class Config:\n    SQLALCHEMY_DATABASE_URI = {READ}\n"}, ["shop/config.py:3:31-3:57"]),
        ({"app.py": f"url = {READ}\nurl = mend(url)\ncreate_engine(url)\n"}, []),
        ({"app.py": f"create_engine(mend({READ}))\n"}, []),
        ({"app.py": 'create_engine(os.environ["OTHER_URL"])  # not DATABASE_URL\n'}, []),
        (
            {"app.py": f"create_engine({READ})\n", "config.py": f'u = {READ}.replace("s:", "sql:")\n'},
            ["app.py:2:15-2:41"],
        ),
        ({"app.py": f"create_engine({READ}\n"}, []),
        ({"app.py": f"create_engine({READ})\n", "requirements.txt": "SQLAlchemy\n"}, []),
        ({"app.py": f"create_engine({READ})\n", "requirements.txt": "SQLAlchemy==1.3.24\n"}, []),
        ({"app.py": f"create_engine({READ})\n", "requirements.txt": "Flask-SQLAlchemy==3.1.1\n"}, ["app.py:2:15-2:41"]),
    ],
)
def test_address(files: dict[str, str], places: list[str]) -> None:
    modules: Files = {path: f"import os\n{text}" for path, text in files.items() if path.endswith(".py")}
    findings = lint_files({**NEW, **files, **modules}, [sqlalchemy_postgres_scheme])
    assert [place(each.at) for each in findings] == places


SETTINGS = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    %s\n\n\n"
MENDED = "os.environ['DATABASE_URL'].replace('postgres://', 'postgresql://', 1)"
ASYNC = "os.environ['DATABASE_URL'].replace('postgres://', 'postgresql+asyncpg://', 1)"


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        # pydantic
        (SETTINGS % "DATABASE_URL: str" + "engine = create_engine(Settings().DATABASE_URL)", "postgres://"),
        (SETTINGS % "database_url: str = 'sqlite://'" + "s = Settings()\ncreate_engine(s.database_url)", "postgres://"),
        (SETTINGS % "url: str = Field(alias='DATABASE_URL')" + "create_engine(Settings().url)", "postgres://"),
        (SETTINGS % "database_url: PostgresDsn" + "create_engine(str(Settings().database_url))", "postgres://"),
        (SETTINGS % "database_url: str" + "url = Settings().database_url\ncreate_engine(url)", "postgres://"),
        (SETTINGS % "database_url: str" + "create_engine(get_settings().database_url)", "postgres://"),
        (SETTINGS % "database_url: str" + "create_engine(Settings().database_url.replace('s:', 'sql:'))", None),
        (
            SETTINGS % "url: str = Field(alias='DATABASE_URL')\n\n    @validator('url')\n    def f(c, v):\n        ..."
            "create_engine(Settings().url)",
            None,
        ),
        (
            SETTINGS % "database_url: str\n    model_config = {'env_prefix': 'APP_'}"
            + "create_engine(Settings().database_url)",
            None,
        ),
        (SETTINGS % "other_url: str" + "create_engine(Settings().other_url)", None),
        # Engines of both kinds
        (f"create_async_engine({MENDED})", "asyncpg"),
        (f"create_async_engine({READ})", "postgres://"),
        ("create_async_engine(os.getenv('DATABASE_URL').replace('postgres://', 'postgresql+psycopg2://'))", "asyncpg"),
        (f"create_async_engine({ASYNC})", None),
        ("create_async_engine(os.getenv('DATABASE_URL').replace('postgres://', 'postgresql+psycopg://'))", None),
        (f"create_engine({ASYNC})", "asynchronous"),
        (f"create_engine({MENDED})", None),
        (f"create_engine(url={READ})", "postgres://"),
        ("create_engine(f\"postgresql://{os.environ['DATABASE_URL'].split('://')[1]}\")", None),
        ("create_engine('postgresql' + os.environ['DATABASE_URL'][8:])", None),
        (
            "url = os.environ['DATABASE_URL']\nif url.startswith('postgres://'):\n"
            "    url = url.replace('postgres://', 'postgresql://', 1)\ncreate_engine(url)",
            None,
        ),
        (
            "url = os.environ.get('DATABASE_URL', 'sqlite://')\nif url and url.startswith('postgresql://'):\n"
            "    url = url.replace('postgresql://', 'postgres://', 1)\ncreate_engine(url)",
            "postgres://",
        ),
        ("def f():\n    url = os.environ['DATABASE_URL']\n    return create_engine(url)", "postgres://"),
        ("def f(url):\n    return create_engine(url)\nf(os.environ['DATABASE_URL'])", None),
        ("app.config.from_mapping({'SQLALCHEMY_DATABASE_URI': os.environ['DATABASE_URL']})", "postgres://"),
        ("os.environ['DATABASE_URL'] = 'sqlite://'\ncreate_engine(os.environ['DATABASE_URL'])", None),
        ("create_engine(os.environ.get('OTHER') or os.environ['DATABASE_URL'])", None),
        ("create_engine(os.environ['DATABASE_URL'] if unheard_of() else 'sqlite://')", None),
    ],
)  # fmt: skip
def test_scheme(text: str, mentions: str | None) -> None:
    files = {**NEW, "main.py": f"import os\n{text}\n"}
    findings = lint_files(files, [sqlalchemy_postgres_scheme])
    assert len(findings) == (mentions is not None)
    assert all(mentions in each.message for each in findings if mentions)


def test_settings_in_another_module() -> None:
    files = {
        **NEW,
        "app/__init__.py": "",
        "app/core/config.py": f"{SETTINGS % 'DATABASE_URL: str'}settings = Settings()\n",
        "app/db/session.py": "from app.core.config import settings\n\nengine = create_engine(settings.DATABASE_URL)\n",
    }
    findings = lint_files(files, [sqlalchemy_postgres_scheme])
    assert [place(each.at) for each in findings] == ["app/db/session.py:3:24-3:45"]


LOCKED = "# This file is autogenerated by pip-compile\nSQLAlchemy==2.0.41\npsycopg==3.2.9\n"


def test_missing_psycopg2() -> None:
    """SQLAlchemy loads psycopg2 for an address that names no driver; here nothing else can bring it."""
    files = {
        "app.py": f"import os\ncreate_engine({MENDED})\n",
        "requirements.txt": LOCKED,
    }
    (finding,) = lint_files(files, [sqlalchemy_postgres_scheme])
    assert "nothing installs psycopg2" in finding.message
    assert '"postgresql+psycopg://"' in finding.help
