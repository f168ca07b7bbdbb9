"""The address that SQLAlchemy is given: where it is found, and what may mend it."""

from __future__ import annotations

import pytest
from pydeploy_checks.database.sqlalchemy import sqlalchemy_postgres_scheme

from pydeploy_lint.testing import Files, lint_files, place

NEW = {"requirements.txt": "SQLAlchemy>=2\n"}
READ = 'os.environ["DATABASE_URL"]'


@pytest.mark.parametrize(
    ("files", "places"),
    [
        ({"app.py": f"create_engine({READ})\n"}, ["app.py:1:15-1:41"]),
        ({"app.py": 'SQLALCHEMY_DATABASE_URI = os.getenv("DATABASE_URL") or "sqlite://"\n'}, ["app.py:1:27-1:52"]),
        ({"app.py": f"url = {READ}\nengine = sqlalchemy.create_engine(url, echo=True)\n"}, ["app.py:1:7-1:33"]),
        ({"app.py": f"app.config.update(SQLALCHEMY_DATABASE_URI={READ})\n"}, ["app.py:1:43-1:69"]),
        ({"shop/config.py": f"class Config:\n    SQLALCHEMY_DATABASE_URI = {READ}\n"}, ["shop/config.py:2:31-2:57"]),
        ({"app.py": f"url = {READ}\nif a:\n    create_engine(url)\ncreate_engine(url)\n"}, ["app.py:1:7-1:33"]),
        ({"app.py": f"url = {READ}\nurl = mend(url)\ncreate_engine(url)\n"}, []),
        ({"app.py": f"create_engine(mend({READ}))\n"}, []),
        ({"app.py": 'create_engine(os.environ["OTHER_URL"])  # not DATABASE_URL\n'}, []),
        ({"app.py": f"create_engine({READ})\n", "config.py": f'{READ} = {READ}.replace("s:", "sql:")\n'}, []),
        ({"app.py": f"create_engine({READ}\n"}, []),
        ({"app.py": f"create_engine({READ})\n", "requirements.txt": "SQLAlchemy\n"}, ["app.py:1:15-1:41"]),
        ({"app.py": f"create_engine({READ})\n", "requirements.txt": "SQLAlchemy==1.3.24\n"}, []),
        ({"app.py": f"create_engine({READ})\n", "requirements.txt": "Flask-SQLAlchemy==3.1.1\n"}, ["app.py:1:15-1:41"]),
    ],
)
def test_address(files: Files, places: list[str]) -> None:
    assert [place(each.at) for each in lint_files({**NEW, **files}, [sqlalchemy_postgres_scheme])] == places
