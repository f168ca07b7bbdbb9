"""Fixes that give a Django setting another value: what they write, and where they keep their hands off."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydeploy_checks.django.project import PROCFILE, SETTINGS, project

from pydeploy_lint.facts.code.modules.import_lines import add_imports, is_assigned_at_top
from pydeploy_lint.files.source import Source
from pydeploy_lint.finding import Fix, Span
from pydeploy_lint.testing import options_for, write_tree
from tests.fix.fixing import CHECKS, fix, lint

APPS = 'INSTALLED_APPS = ["django.contrib.staticfiles"]\nSTATIC_URL = "/static/"\nSTATIC_ROOT = "/app/static"\n'
SECURITY, NOISE = (f'"{name}"' for name in ("django.middleware.security.SecurityMiddleware", "a.b"))
WHITENOISE = '"whitenoise.middleware.WhiteNoiseMiddleware"'
SQLITE = 'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}\n'
FROM_URL = """
if "DATABASE_URL" in os.environ:
    DATABASES["default"] = dj_database_url.config(conn_max_age=600, ssl_require=True)
"""
ASKED = 'DEBUG = os.environ.get("DEBUG") == "1"\n'


@pytest.mark.parametrize(
    ("check", "before", "after"),
    [
        ("django-debug-on", "DEBUG = True\n", f"import os\n\n{ASKED}"),
        ("django-debug-on", "import os\nDEBUG = True\n", f"import os\n{ASKED}"),
        ("django-debug-on", "import os.path as p\nDEBUG = True\n", f"import os\nimport os.path as p\n{ASKED}"),
        (
            "django-debug-on",
            '"""Settings."""\r\nfrom __future__ import annotations\r\nDEBUG = True\r\n',
            f'"""Settings."""\r\nfrom __future__ import annotations\r\nimport os\r\n\r\n{ASKED[:-1]}\r\n',
        ),
        ("django-debug-on", 'if "A" in "AB":\n    DEBUG = True\nelse:\n    DEBUG = True\n', None),
        (
            "django-secret-key-committed",
            'SECRET_KEY = "é" "key"\n',
            'import os\n\nSECRET_KEY = os.environ["SECRET_KEY"]\n',
        ),
        ("django-sqlite-on-dyno", SQLITE, f"import os\nimport dj_database_url\n\n{SQLITE}{FROM_URL}"),
        (
            "django-sqlite-on-dyno",
            f"import dj_database_url\nimport os\n{SQLITE}",
            f"import dj_database_url\nimport os\n{SQLITE}{FROM_URL}",
        ),
        (
            "django-no-static-serving",
            f"{APPS}MIDDLEWARE = [\n    {SECURITY},\n    {NOISE},\n]\nDEBUG = False\n",
            f"{APPS}MIDDLEWARE = [\n    {SECURITY},\n    {WHITENOISE},\n    {NOISE},\n]\nDEBUG = False\n",
        ),
        (
            "django-no-static-serving",
            f"{APPS}MIDDLEWARE = [\n    {SECURITY}\n]\nDEBUG = False\n",
            f"{APPS}MIDDLEWARE = [\n    {SECURITY},\n    {WHITENOISE}\n]\nDEBUG = False\n",
        ),
        (
            "django-no-static-serving",
            f"{APPS}MIDDLEWARE = ({NOISE},)\nDEBUG = False\n",
            f"{APPS}MIDDLEWARE = ({WHITENOISE}, {NOISE},)\nDEBUG = False\n",
        ),
        (
            "django-no-static-serving",
            f"{APPS}MIDDLEWARE = []\nDEBUG = False\n",
            f"{APPS}MIDDLEWARE = [{WHITENOISE}]\nDEBUG = False\n",
        ),
        (
            "django-staticfiles-app-missing",
            'INSTALLED_APPS = ["django.contrib.auth"]\nSTATIC_URL = "/a/"\n',
            'import os\n\nINSTALLED_APPS = ["django.contrib.staticfiles", "django.contrib.auth"]\nSTATIC_URL = "/a/"\n'
            'STATIC_ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "staticfiles")\n',
        ),
    ],
)
def test_what_is_written(check: str, before: str, after: str | None, tmp_path: Path) -> None:
    requirements = "Django==5.2\ngunicorn==23\npsycopg==3\n"
    write_tree(tmp_path, {**project(before, requirements, Procfile=PROCFILE), "static/site.css": ""})
    options = options_for(tmp_path, {}, CHECKS.values())

    def loud() -> list[Fix | None]:
        found = lint(tmp_path, options).findings
        return [each.fix for each in found if each.check == check and each.severity.label != "note"]

    assert len(loud()) == 1
    fix(tmp_path, options, check, unsafe=True)
    assert (tmp_path / SETTINGS).read_bytes().decode() == (before if after is None else after)
    assert loud() == ([None] if after is None else [])


def test_what_remains_to_be_run_for_a_secret_key(tmp_path: Path) -> None:
    write_tree(tmp_path, project('SECRET_KEY = "a"\n'))
    found = lint(tmp_path, options_for(tmp_path, {}, CHECKS.values())).findings
    [way] = [each.fix for each in found if each.check == "django-secret-key-committed"]
    assert way is not None
    assert [command.partition("=")[0] for command in way.commands] == ["heroku config:set SECRET_KEY"]
    assert not way.safe


@pytest.mark.parametrize(
    ("text", "line", "added"),
    [
        ("", 1, "import os\n"),
        ("@a\ndef f(): pass\n", 2, "import os\n\n"),
        ("from os import environ\nx = 1\n", 2, "import os\n"),
        ("x = 1\nimport os\n", 1, "import os\n\n"),
        ("import os\n", 2, ""),
        ('"""a"""; x = 1\n', 1, None),
        ("x = (\n", 1, None),
    ],
)
def test_where_an_import_is_put(text: str, line: int, added: str | None) -> None:
    edits = add_imports(Source("a.py", text.encode()), ["import os"], line)
    assert (None if edits is None else "".join(edit.text or "" for edit in edits)) == added


def test_a_value_in_a_branch_is_not_assigned_at_the_top() -> None:
    source = Source("a.py", b"a = '\xc3\xa9'; b = 1\nif a:\n    c = 2\n")
    assert is_assigned_at_top(source, Span("a.py", 1, 14, 1, 15))
    assert not is_assigned_at_top(source, Span("a.py", 3, 9, 3, 10))
