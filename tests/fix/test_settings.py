"""Fixes of Django settings: what is added, and where nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydeploy_checks.django.project import PROCFILE, SETTINGS, project

from pydeploy_lint.finding import Finding
from pydeploy_lint.testing import options_for, write_tree
from tests.fix.fixing import CHECKS, fix, lint

BASE = "import os\nfrom pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\n"
HOSTS = 'ALLOWED_HOSTS = [".herokuapp.com"]\n'
BESIDE = 'STATIC_ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "staticfiles")\n'
STATIC = f'{BASE}{HOSTS}INSTALLED_APPS = ["django.contrib.staticfiles", "django.contrib.admin"]\n'
SECURITY = 'MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]\nSECURE_SSL_REDIRECT = True\n'
ROOT = 'STATIC_ROOT = f"{BASE_DIR}/staticfiles"\n'
STORAGE = 'STATICFILES_STORAGE = "whitenoise.storage.CompressedStaticFilesStorage"\n'
STORAGES = """\
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
"""
WAITRESS = {
    "requirements": "Django==5.2\nwaitress==3.0\n",
    "Procfile": "web: waitress-serve --port=$PORT shop.wsgi:app\n",
}


def of(check: str, root: Path) -> list[Finding]:
    options = options_for(root, {}, CHECKS.values())
    return [finding for finding in lint(root, options).findings if finding.check == check]


@pytest.mark.parametrize(
    ("check", "before", "after"),
    [
        ("django-static-root-missing", STATIC, STATIC + ROOT),
        ("django-static-root-missing", STATIC.rstrip(), STATIC + ROOT),
        ("django-static-root-missing", STATIC.replace("\n", "\r\n"), (STATIC + ROOT).replace("\n", "\r\n")),
        (
            "django-static-root-missing",
            f'{STATIC}STATICFILES_DIRS = [BASE_DIR / "static"]\n',
            f'{STATIC}STATICFILES_DIRS = [BASE_DIR / "static"]\n{ROOT}',
        ),
        ("django-static-root-missing", f'{STATIC}STATICFILES_DIRS = [BASE_DIR / "staticfiles"]\n', None),
        ("django-static-root-missing", STATIC.replace("BASE_DIR", "HERE"), STATIC.replace("BASE_DIR", "HERE") + BESIDE),
        ("django-static-root-missing", f"{STATIC}BASE_DIR = unknown()\n", f"{STATIC}BASE_DIR = unknown()\n{BESIDE}"),
    ],
)
def test_a_safe_fix(check: str, before: str, after: str | None, tmp_path: Path) -> None:
    write_tree(tmp_path, project(before, Procfile=PROCFILE))
    options = options_for(tmp_path, {}, CHECKS.values())
    assert of(check, tmp_path)
    fix(tmp_path, options, check, unsafe=False)
    assert (tmp_path / SETTINGS).read_bytes().decode() == (before if after is None else after)
    assert bool(of(check, tmp_path)) is (after is None)


@pytest.mark.parametrize(
    ("check", "before", "after"),
    [
        ("django-allowed-hosts", "ALLOWED_HOSTS = []\n", 'ALLOWED_HOSTS = ["*"]\n'),
        ("django-allowed-hosts", "DEBUG = False\n", 'DEBUG = False\nALLOWED_HOSTS = ["*"]\n'),
        ("django-allowed-hosts", 'import os\nALLOWED_HOSTS = os.environ.get("HOSTS", "localhost").split()\n', None),
        ("django-staticfiles-storage-ignored", HOSTS + STORAGE, HOSTS + STORAGE + STORAGES),
        ("django-staticfiles-storage-ignored", f"{HOSTS}{STORAGE}DEFAULT_FILE_STORAGE = unknown()\n", None),
        ("django-staticfiles-storage-ignored", f"{HOSTS}{STORAGE}STORAGES = {{}}\n", None),
        (
            "django-ssl-redirect-loop",
            HOSTS + SECURITY,
            HOSTS + SECURITY,  # waitress drops the header: its own options change, in the Procfile.
        ),
    ],
)
def test_a_suggestion(check: str, before: str, after: str | None, tmp_path: Path) -> None:
    write_tree(tmp_path, project(before, **WAITRESS))
    options = options_for(tmp_path, {}, CHECKS.values())
    assert of(check, tmp_path)
    assert fix(tmp_path, options, check, unsafe=False) == []
    fix(tmp_path, options, check, unsafe=True)
    assert (tmp_path / SETTINGS).read_text() == (before if after is None else after)
    assert bool(of(check, tmp_path)) is (after is None)
