"""What nothing installs and nothing defines, beyond the checks' examples: how sure that is, and what is silent."""

from __future__ import annotations

import pytest
from pydeploy_checks.django.project import SETTINGS, project
from pydeploy_checks.packages.undeclared import LOCKED, module_not_installed
from pydeploy_checks.python.code import code_syntax_error, own_module_missing, undefined_name

from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import Files, lint_files

ERROR, WARNING = Severity.ERROR, Severity.WARNING
OTHER = "collectstatic-other"
FLASK = {".python-version": "3.13\n", "requirements.txt": "flask==3.1.0\n", "Procfile": "web: gunicorn app:app\n"}
PACKAGE = {"shop/__init__.py": ""}
MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.dev")\n'
WSGI = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.live")\n'
SPLIT = {
    **project(""),
    "manage.py": MANAGE,
    "shop/wsgi.py": WSGI,
    "shop/settings/__init__.py": "",
    "shop/settings/live.py": "INSTALLED_APPS = []\n",
    "shop/settings/dev.py": "from .live import *\nINSTALLED_APPS += ['debug_toolbar']\n",
}
del SPLIT[SETTINGS]


def lacks(files: Files) -> list[tuple[str, Severity, str | None]]:
    return [(each.at.path, each.severity, each.failure_reason) for each in lint_files(files, [module_not_installed])]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({**FLASK, "app.py": "import requests\n"}, [("app.py", WARNING, None)]),
        ({**LOCKED, "app.py": "from bs4 import BeautifulSoup\n"}, [("app.py", ERROR, None)]),
        (project("import environ\n"), [(SETTINGS, WARNING, OTHER)]),
        (project('MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware"]\n'), [(SETTINGS, WARNING, None)]),
        (SPLIT, [("shop/settings/dev.py", WARNING, None)]),
    ],
)
def test_what_nothing_installs(files: Files, expected: list[tuple[str, Severity, str | None]]) -> None:
    assert lacks(files) == expected


@pytest.mark.parametrize(
    "files",
    [
        {**FLASK, "app.py": "import jinja2, werkzeug, tomllib, distutils, pkg_resources\n"},
        {**FLASK, "app.py": "import six, pytz\n"},
        {**FLASK, "app.py": "import unheard_of_module\n"},
        {**FLASK, "app.py": "import requests\n", "lib/requests/__init__.py": ""},
        {**FLASK, "app.py": "import requests\n", "requests/api.py": ""},
        {**FLASK, "app.py": "import requests\n", "bin/post_compile": "pip install requests\n"},
        {**FLASK, "app.py": "import requests\n", ".gitmodules": ""},
        {**FLASK, "app.py": "import requests\n", "requirements.txt": "flask\n-e .\n", "setup.py": ""},
        {**FLASK, "app.py": "import requests\n", "requirements.txt": "git+https://git.example/x.git\n"},
        {**FLASK, "app.py": "import requests\n", "requirements.txt": "flask\nmystery-package\n"},
        {**FLASK, "app.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import requests\n"},
        {**FLASK, "app.py": "def f():\n    import requests\n"},
        {**SPLIT, "app.json": '{"env": {"DJANGO_SETTINGS_MODULE": "shop.settings.live"}}\n'},
        {**SPLIT, "app.json": '{"env": {"DJANGO_SETTINGS_MODULE": {"required": true}}}\n'},
        {**LOCKED, "app.py": "import requests\n", "uv.lock": LOCKED["uv.lock"].replace("gunicorn", "in-house")},
    ],
)
def test_what_may_be_installed(files: Files) -> None:
    assert [each for each in lacks(files) if each[1] is ERROR] == []
    if "in-house" not in str(files):
        assert lacks(files) == []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ("a = [*]\n", "collectstatic-syntax-error"),
        ("a = 1\n  b = 1\n", OTHER),
        ("a = 1\nprint a\n", "collectstatic-syntax-error"),
    ],
)
def test_the_build_tells_kinds_of_syntax_errors_apart(settings: str, reason: str) -> None:
    (found,) = lint_files(project(settings), [code_syntax_error])
    assert (found.severity, found.failure_reason) == (ERROR, reason)
    (found,) = lint_files(project(settings, app_json='{"env": {"DISABLE_COLLECTSTATIC": "1"}}'), [code_syntax_error])
    assert (found.severity, found.failure_reason) == (ERROR, None)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"shop/settings.py": "from .base import *\nA = os.path\n", "shop/base.py": "import os\n"}, []),
        ({"shop/settings.py": "from .base import *\nA = os.path\n", "shop/base.py": ""}, ["os"]),
        ({"shop/settings.py": "from .base import *\nA = os.path\n", "shop/base.py": "exec(a)\n"}, []),
        ({"shop/settings.py": "from elsewhere import *\nA = os.path\n"}, []),
        ({"shop/settings.py": "INSTALLED_APPS = ['cart']\n", "cart/models.py": "class A(Model): pass\n"}, ["Model"]),
        ({"shop/settings.py": "ROOT_URLCONF = 'shop.urls'\n", "shop/urls.py": "urlpatterns = [path('')]\n"}, ["path"]),
    ],
)
def test_names_are_followed_through_the_modules_of_the_app(files: dict[str, str], expected: list[str]) -> None:
    found = lint_files({**project(""), **PACKAGE, **files}, [undefined_name])
    assert [each.message.partition(" ")[0] for each in found] == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({SETTINGS: "from .local import A\n"}, [(ERROR, OTHER)]),
        ({SETTINGS: "from .local import A\n", "bin/pre_compile": ""}, []),
        ({SETTINGS: "from ._version import A\n"}, []),
        ({SETTINGS: "from . import local\n"}, []),
        ({SETTINGS: "import shop.local\n"}, [(ERROR, OTHER)]),
        ({SETTINGS: "INSTALLED_APPS = ['shop.cart']\n"}, [(ERROR, OTHER)]),
        ({SETTINGS: "ROOT_URLCONF = 'shop.url'\n"}, [(ERROR, None)]),
        ({SETTINGS: "MIDDLEWARE = ['shop.middleware.A']\n"}, [(ERROR, None)]),
        ({SETTINGS: "from shop.local import A\n", "shop/__init__.py": "__path__ = []\n"}, []),
        ({"manage.py": MANAGE, SETTINGS: ""}, [(ERROR, OTHER)]),
    ],
)
def test_own_modules(files: dict[str, str], expected: list[tuple[Severity, str | None]]) -> None:
    found = lint_files({**project(""), **PACKAGE, **files}, [own_module_missing])
    assert [(each.severity, each.failure_reason) for each in found] == expected


def test_settings_for_development_are_probably_replaced() -> None:
    files = {**project(""), "manage.py": MANAGE, "shop/settings/dev.py": "A = os\n", "shop/settings/live_.py": ""}
    del files[SETTINGS]
    assert [each.severity for each in lint_files(files, [undefined_name])] == [WARNING]
