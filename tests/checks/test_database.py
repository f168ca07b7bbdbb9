"""The note about the database: every condition, every near miss, and the age of the account."""

import pytest
from pydeploy_checks.database.provisioning import django_postgres_provisioning

from pydeploy_lint.testing import Files, lint_files, place

MANAGE = {".python-version": "3.13\n", "manage.py": ""}
BOTH = {"requirements.txt": "Django\npsycopg2\n"}


def note(files: Files, account_created: str | None = None) -> tuple[str, str] | None:
    settings = {"account-created": account_created} if account_created else {}
    found = lint_files(files, [django_postgres_provisioning], settings)
    assert len(found) <= 1
    return (place(found[0].at), found[0].message) if found else None


@pytest.mark.parametrize(
    ("created", "message"),
    [
        (
            None,
            "Heroku provisions a Postgres database, if the account was created before 2023-05-15",
        ),
        ("2023-05-14", "on the first deploy Heroku provisions a Postgres database and sets DATABASE_URL"),
        ("2023-05-15", "but the account was created on 2023-05-15"),
    ],
)
def test_account(created: str | None, message: str) -> None:
    found = note({**MANAGE, **BOTH}, created)
    assert found is not None
    assert found[0] == "requirements.txt:1:1-1:7"
    assert message in found[1]


@pytest.mark.parametrize("created", [None, "2020-01-01"])
@pytest.mark.parametrize(
    ("files", "at", "message"),
    [
        (
            {**MANAGE, "requirements.txt": "Django\npsycopg[binary]\n"},
            "requirements.txt:2:1-2:8",
            "may not provision a Postgres database for this Django app by itself: "
            "psycopg does not provide the module psycopg2",
        ),
        (
            {**BOTH},
            "manage.py",
            "Heroku does not provision a Postgres database for this Django app by itself: there is",
        ),
        ({**BOTH, "src/manage.py": ""}, "src/manage.py", "itself: src/manage.py is not in the root"),
        (
            {"requirements.txt": "Django\n", "src/manage.py": ""},
            "requirements.txt:1:1-1:7",
            "psycopg2 is not among the direct requirements in requirements.txt, though another package may bring it "
            "along; src/manage.py is not in the root",
        ),
        (
            {**MANAGE, "requirements.txt": "django-filter\npsycopg2\n"},
            "requirements.txt:2:1-2:9",
            "may not provision a Postgres database for this Django app by itself: Django is not among the direct",
        ),
    ],
)
def test_near_miss(files: Files, at: str, message: str, created: str | None) -> None:
    found = note(files, created)
    assert found is not None
    assert found[0] == at
    assert message in found[1]


def test_near_miss_does_not_matter_for_a_new_account() -> None:
    assert note({**MANAGE, "requirements.txt": "Django\n"}, "2024-01-01") is None


@pytest.mark.parametrize(
    "files",
    [
        {**MANAGE, "requirements.txt": "Flask\npsycopg2\n"},
        {"requirements.txt": "Django\n"},
        {**MANAGE, "requirements.txt": "django-filter\n"},
        {**MANAGE, "setup.py": ""},
        {**MANAGE, "requirements.txt": "Django\npsycopg2\n", "uv.lock": ""},
    ],
)
def test_silent(files: Files) -> None:
    assert note(files) is None
