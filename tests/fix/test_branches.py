"""No fix makes an app forget what a branch of its settings chooses, such as the storage S3 on Heroku."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from pydeploy_checks.django.project import SETTINGS, project

from pydeploy_lint.testing import options_for, write_tree
from tests.fix.fixing import CHECKS, fix, lint

HEAD = (
    "import os\nfrom pathlib import Path\n\nBASE_DIR = Path(__file__).resolve().parent.parent\nDEBUG = False\n"
    'ALLOWED_HOSTS = ["*"]\nINSTALLED_APPS = ["django.contrib.staticfiles"]\nROOT_URLCONF = "shop.urls"\n'
    'MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]\nSTATIC_URL = "/static/"\n'
    'STATIC_ROOT = BASE_DIR / "collected"\n'
)
S3 = '{"BACKEND": "storages.backends.s3.S3Storage"}'
LOCAL = '{"BACKEND": "django.core.files.storage.FileSystemStorage"}'
PLAIN = '{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}'
NOISE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
BOTH = f'{{"default": {S3}, "staticfiles": {PLAIN}}}'
NONE = f'{{"default": {LOCAL}, "staticfiles": {PLAIN}}}'
DROPPED = f'STATICFILES_STORAGE = "{NOISE}"\n'
SQLITE = '{"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}'
MYSQL = '{"ENGINE": "django.db.backends.mysql", "NAME": "shop", "HOST": os.environ["HOST"]}'
IN_A_BRANCH = {
    "if": f'if "BUCKET" in os.environ:\n    STORAGES = {BOTH}\n',
    "if and else": f'if os.environ.get("BUCKET"):\n    STORAGES = {BOTH}\nelse:\n    STORAGES = {NONE}\n',
    "expression": f'STORAGES = {BOTH} if "BUCKET" in os.environ else {NONE}\n',
    "item": f'STORAGES = {NONE}\nif "BUCKET" in os.environ:\n    STORAGES["default"] = {S3}\n',
    "update": f'STORAGES = {NONE}\nif "BUCKET" in os.environ:\n    STORAGES.update({{"default": {S3}}})\n',
    "match": 'match os.environ.get("BUCKET"):\n'
    f"    case None:\n        STORAGES = {NONE}\n    case _:\n        STORAGES = {BOTH}\n",
    "old setting": 'if "BUCKET" in os.environ:\n    DEFAULT_FILE_STORAGE = "storages.backends.s3.S3Storage"\n',
}
"""Settings that use S3 where a variable says so."""


@pytest.mark.parametrize("django", ["Django==4.1", "Django==4.2", "Django==5.2"])
@pytest.mark.parametrize("dropped", ["", DROPPED], ids=["", "with STATICFILES_STORAGE"])
@pytest.mark.parametrize("branch", IN_A_BRANCH.values(), ids=IN_A_BRANCH.keys())
def test_the_storage_of_a_branch_stays(branch: str, dropped: str, django: str, tmp_path: Path) -> None:
    requirements = f"{django}\ngunicorn==23.0.0\ndjango-storages[s3]==1.14\nwhitenoise==6.9\n"
    write_tree(tmp_path, project(HEAD + branch + dropped, requirements))
    options = options_for(tmp_path, None, CHECKS.values())

    fix(tmp_path, options, unsafe=True)

    after = (tmp_path / SETTINGS).read_text()
    assert branch in after
    assert last_assignments(after) == last_assignments(HEAD + branch + dropped)


@pytest.mark.parametrize("branch", IN_A_BRANCH.values(), ids=IN_A_BRANCH.keys())
def test_whitenoise_is_added_beside_the_branch(branch: str, tmp_path: Path) -> None:
    write_tree(tmp_path, project(HEAD + branch, "Django==5.2\ndjango-storages[s3]==1.14\n"))
    options = options_for(tmp_path, None, CHECKS.values())
    said = {finding.check for finding in lint(tmp_path, options).findings}

    fix(tmp_path, options, unsafe=True)

    after = (tmp_path / SETTINGS).read_text()
    assert branch in after
    assert ("whitenoise.middleware.WhiteNoiseMiddleware" in after) is ("django-no-static-serving" in said)
    assert last_assignments(after) == last_assignments(HEAD + branch)


IN_BRANCHES = {
    "ALLOWED_HOSTS": ("[]", '["www.example.com"]'),
    "CSRF_TRUSTED_ORIGINS": ("[]", '["www.example.com"]'),
    "DATABASES": (f'{{"default": {SQLITE}}}', f'{{"default": {MYSQL}}}'),
    "DEBUG": ("True", "False"),
    "INSTALLED_APPS": ('["django.contrib.auth"]', '["django.contrib.staticfiles"]'),
    "MIDDLEWARE": ("[]", '["django.middleware.security.SecurityMiddleware"]'),
    "SECRET_KEY": ('"secret"', 'os.environ["KEY"]'),
    "SECURE_PROXY_SSL_HEADER": ("None", '("HTTP_X_FORWARDED_PROTO", "https")'),
    "STATIC_ROOT": ("None", 'BASE_DIR / "static"'),
    "STATIC_URL": ("None", '"/s/"'),
}
"""Settings, with a value for elsewhere, and one where a variable is set."""


@pytest.mark.parametrize("form", ["if", "if and else", "expression"])
@pytest.mark.parametrize("name", IN_BRANCHES)
def test_a_setting_in_a_branch_is_not_overwritten(name: str, form: str, tmp_path: Path) -> None:
    elsewhere, there = IN_BRANCHES[name]
    branch = {
        "if": f'{name} = {elsewhere}\nif "ONLINE" in os.environ:\n    {name} = {there}\n',
        "if and else": f'if "ONLINE" in os.environ:\n    {name} = {there}\nelse:\n    {name} = {elsewhere}\n',
        "expression": f'{name} = {there} if "ONLINE" in os.environ else {elsewhere}\n',
    }[form]
    before = "".join(line for line in HEAD.splitlines(keepends=True) if not line.startswith(f"{name} =")) + branch
    write_tree(tmp_path, project(before, "Django==5.2\ndaphne==4.2\n", Procfile="web: daphne -p $PORT shop.asgi:app\n"))
    options = options_for(tmp_path, None, CHECKS.values())

    fix(tmp_path, options, unsafe=True)

    after = (tmp_path / SETTINGS).read_text()
    assert branch in after
    assert last_assignments(after, name) == last_assignments(before, name)


def last_assignments(text: str, *names: str) -> dict[str, list[str]]:
    """What is done to settings, in order: a statement that a fix adds would be behind the branch."""
    names = names or ("STORAGES", "DEFAULT_FILE_STORAGE", "STATICFILES_STORAGE")
    found: dict[str, list[str]] = {name: [] for name in names}
    for statement in ast.parse(text).body:
        for name in names:
            if any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(statement)):
                found[name].append(ast.unparse(statement))
    return found
