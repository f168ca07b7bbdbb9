"""The story of an app that comes to Heroku with a dozen problems: one run of the linter and its advice mend it."""

from __future__ import annotations

import datetime
import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.testing import Files, write_tree

DAY = datetime.date(2026, 11, 25)
RUN_ELSEWHERE = [
    "heroku config:set SECRET_KEY=\"$(python -c 'import secrets; print(secrets.token_urlsafe(50))')\"",
    "heroku addons:create heroku-postgresql:essential-0",
]
"""What the run leaves to be done with the app on Heroku."""
SETTINGS = """\
\"\"\"Settings of the shop.\"\"\"

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "not-a-secret"
DEBUG = True
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
]
ROOT_URLCONF = "shop.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
STATIC_URL = "static/"
"""
MENDED = """\
\"\"\"Settings of the shop.\"\"\"

import dj_database_url
import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = os.environ.get("DEBUG") == "1"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
]
ROOT_URLCONF = "shop.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
STATIC_URL = "static/"
STATIC_ROOT = f"{BASE_DIR}/staticfiles"
ALLOWED_HOSTS = ["*"]

if "DATABASE_URL" in os.environ:
    DATABASES["default"] = dj_database_url.config(conn_max_age=600, ssl_require=True)
"""
REQUIREMENTS = """\
Django==5.2.8
pywin32==312; sys_platform == "win32"
gunicorn
whitenoise
dj-database-url
psycopg[binary]
"""
APP: Files = {
    "runtime.txt": "python-3.9.18\n",
    "requirements.txt": "Django=5.2.8\npkg-resources==0.0.0\npywin32==312\n",
    "poetry.lock": "package = []\n",
    "procfile": "web: gunicorn shop.wsgi --bind 127.0.0.1:8000\nrelease: bash release.sh\n",
    "app.json": '{"stack": "heroku-20", "buildpacks": [{"url": "https://github.com/heroku/heroku-buildpack-python#v340"}]}\n',
    "release.sh": "set -e\r\npython manage.py migrate\r\n",
    ".venv/pyvenv.cfg": "home = /usr/bin\n",
    "manage.py": 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
    "shop/__init__.py": "",
    "shop/settings.py": SETTINGS,
    "shop/urls.py": "urlpatterns = []\n",
    "shop/wsgi.py": (
        "import os\n\nfrom django.core.wsgi import get_wsgi_application\n\nos.environ.setdefault("
        '"DJANGO_SETTINGS_MODULE", "shop.settings")\napplication = get_wsgi_application()\n'
    ),
}
PROBLEMS = {
    "buildpack-pinned",
    "committed-venv",
    "conflicting-package-managers",
    "distro-requirement",
    "django-allowed-hosts",
    "django-debug-on",
    "django-no-static-serving",
    "django-secret-key-committed",
    "django-sqlite-on-dyno",
    "django-static-root-missing",
    "invalid-requirement",
    "module-not-installed",
    "procfile-misnamed",
    "procfile-port",
    "procfile-program-missing",
    "procfile-script-line-endings",
    "runtime-txt-deprecated",
    "unsupported-runtime",
    "unsupported-stack",
    "windows-only-requirement",
}


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@index.example", "-c", "core.autocrlf=false")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def judged(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    main(["--format", "json", "."], DAY)
    [app] = json.loads(capsys.readouterr().out)["apps"]
    assert isinstance(app, dict)
    return app


def loud(app: dict[str, Any]) -> set[str]:
    return {finding["check"] for finding in app["findings"] if finding["severity"] != "note"}


def test_from_a_dozen_problems_to_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "--quiet")
    write_tree(tmp_path, APP)
    git(tmp_path, "add", "--all", "--force")
    git(tmp_path, "commit", "--quiet", "--message", "an app")
    before = judged(capsys)
    assert before["build"]["failure_reason"] == "checks::stack::eol"
    assert loud(before) == PROBLEMS

    main(["--fix", "--unsafe-fixes", "."], DAY)

    said = capsys.readouterr().err.partition("to finish, run")[2].splitlines()[1:]
    commands = [line.strip() for line in said if line.startswith("    ")]
    for command in commands:
        if command.startswith("git "):
            git(tmp_path, *shlex.split(command)[1:])
    assert [command for command in commands if not command.startswith("git ")] == RUN_ELSEWHERE
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "follow the advice")
    after = judged(capsys)
    assert loud(after) == set()
    assert after["build"]["failure_reason"] is None
    assert after["build"]["starts"] is True
    assert (tmp_path / ".venv/pyvenv.cfg").exists()
    assert (tmp_path / "requirements.txt").read_text() == REQUIREMENTS
    assert (tmp_path / "Procfile").read_text().splitlines() == [
        "web: gunicorn shop.wsgi --bind 0.0.0.0:$PORT",
        "release: bash release.sh",
    ]
    assert (tmp_path / "shop/settings.py").read_text() == MENDED
