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
        ({**FLASK, "app.py": "import six\n"}, [("app.py", WARNING, None)]),
        ({**FLASK, "app.py": "import unheard_of_module\n"}, [("app.py", WARNING, None)]),
        ({**LOCKED, "app.py": "import unheard_of_module\n"}, [("app.py", WARNING, None)]),
        ({**FLASK, "app.py": "from google.cloud import storage\n"}, [("app.py", WARNING, None)]),
        (project("INSTALLED_APPS = ['cart']\n"), [(SETTINGS, WARNING, OTHER)]),
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
        {**FLASK, "app.py": "import pytz\n", "requirements.txt": "flask\npandas==1.5.3\n"},
        {**FLASK, "app.py": "import httpx\n", "requirements.txt": "flask\nopenai==1.55.3\n"},
        {**FLASK, "app.py": "import unheard_of_module\n", "requirements.txt": "flask\nmystery-package\n"},
        {**FLASK, "app.py": "from google.cloud import storage\n", "requirements.txt": "flask\ngoogle-cloud-storage\n"},
        {**FLASK, "app.py": "import bandit\n", "requirements.txt": "flask\ndjango-email-bandit\n"},
        {**FLASK, "app.py": "import tinymce\n", "requirements.txt": "flask\ndjango-tinymce4-lite\n"},
        {**FLASK, "app.py": "import requests\n", "lib/requests/__init__.py": ""},
        {**FLASK, "app.py": "import requests\n", "requests/api.py": ""},
        {**FLASK, "app.py": "import requests\n", "bin/post_compile": "pip install requests\n"},
        {**FLASK, "app.py": "import requests\n", ".gitmodules": ""},
        {**FLASK, "app.py": "import requests\n", "requirements.txt": "flask\n-e .\n", "setup.py": ""},
        {**FLASK, "app.py": "import requests\n", "requirements.txt": "git+https://git.example/x.git\n"},
        {**FLASK, "app.py": "import requests\n", "requirements.txt": "flask\nmystery-package\n"},
        {**FLASK, "app.py": "import flask_babel\n", "requirements.txt": "flask\ngit+https://git.example/x#egg=frame\n"},
        {**FLASK, "app.py": "import flask_babel\n", "requirements.txt": "flask\nframe @ https://files.example/f.zip\n"},
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


def test_code_for_python_2_is_not_judged() -> None:
    files = {**project("print 'ready'\n"), ".python-version": "2.7\n"}
    assert lint_files(files, [code_syntax_error, undefined_name]) == ()


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


def test_a_name_is_imported_from_a_package_only_if_that_is_installed() -> None:
    settings = "SECRET_KEY = config('SECRET_KEY')\n"
    [found] = lint_files(project(settings), [undefined_name])
    assert found.fix is None
    assert found.help.startswith("Add a line at the top:\n    from decouple import config\n")
    assert "python-decouple" in found.help
    [found] = lint_files(project(settings, "Django==5.2\npython-decouple==3.8\n"), [undefined_name])
    assert found.fix
    assert "python-decouple" not in found.help


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({SETTINGS: "from .local import A\n"}, [(ERROR, OTHER)]),
        ({SETTINGS: "from .local import A\n", "bin/pre_compile": ""}, []),
        ({SETTINGS: "from ._version import A\n"}, []),
        ({SETTINGS: "from . import local\n"}, [(ERROR, OTHER)]),
        ({SETTINGS: "from shop import local\n"}, [(ERROR, OTHER)]),
        ({SETTINGS: "from shop import local\n", "shop/__init__.py": "local = 1\n"}, []),
        ({SETTINGS: "from . import local\n", "shop/__init__.py": "from elsewhere import *\n"}, []),
        ({SETTINGS: "import shop.local\n"}, [(ERROR, OTHER)]),
        ({SETTINGS: "INSTALLED_APPS = ['shop.cart']\n"}, [(ERROR, OTHER)]),
        ({SETTINGS: "ROOT_URLCONF = 'shop.url'\n"}, [(ERROR, None)]),
        (
            {
                SETTINGS: "ROOT_URLCONF = 'shop.urls'\n",
                "shop/urls.py": "urlpatterns = [path('', include('shop.cart'))]\n",
            },
            [(ERROR, None)],
        ),
        (
            {
                SETTINGS: "ROOT_URLCONF = 'shop.urls'\n",
                "shop/urls.py": "urlpatterns = [*a] + (b(path('', include('shop.cart'))) if settings.DEBUG else [])\n",
            },
            [],
        ),
        (
            {
                SETTINGS: "ROOT_URLCONF = 'shop.urls'\n",
                "shop/urls.py": "urlpatterns = [path('', include(a)) for a in b]\n"
                "urlpatterns += [path('', lambda: include('shop.c'))]\n"
                "urlpatterns += DEBUG and [path('', include('shop.debug'))]\n",
            },
            [],
        ),
        ({SETTINGS: "MIDDLEWARE = ['shop.middleware.A']\n"}, [(ERROR, None)]),
        ({SETTINGS: "from shop.local import A\n", "shop/__init__.py": "__path__ = []\n"}, []),
        ({"manage.py": MANAGE, SETTINGS: ""}, [(ERROR, OTHER)]),
    ],
)
def test_own_modules(files: dict[str, str], expected: list[tuple[Severity, str | None]]) -> None:
    found = lint_files({**project(""), **PACKAGE, **files}, [own_module_missing])
    assert [(each.severity, each.failure_reason) for each in found] == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app.py": "from models import db\n", "models.py": ""}, [("app.py", 20, "db")]),
        ({"app.py": "from models import db\n", "models.py": "if 1:\n    db = 1\n"}, []),
        ({"app.py": "from models import db\n", "models.py": "from sqlalchemy import *\n"}, []),
        ({"app.py": "from models import db\n", "models/db.py": ""}, []),
        ({"app.py": "from models import __name__, __file__\n", "models.py": ""}, []),
        ({"app.py": "from logging import getLogger\n", "logging.py": ""}, []),
        ({"app.py": "from core.models import db\n", "core/models.py": "def db(): pass\n"}, []),
        ({"app.py": "from core.models import db\n", "core/models.py": "class DB: pass\n"}, [("app.py", 25, "db")]),
        ({"app.py": "from models import PageText\n", "models.py": "class Page(object): pass\n"}, []),
        ({"app.py": "from models import OldPage\n", "models.py": "@print\nclass Page: pass\n"}, []),
        ({"app.py": "from models import OldPage\n", "models.py": "class Page: pass\n"}, [("app.py", 20, "OldPage")]),
        ({"app.py": "try:\n    from models import db\nexcept ImportError:\n    pass\n", "models.py": ""}, []),
    ],
)
def test_names_that_the_apps_modules_lack(files: dict[str, str], expected: list[tuple[str, int, str]]) -> None:
    found = lint_files({**FLASK, **files}, [undefined_name])
    columns = [(each.at.path, each.at.column, each.message.split(" imports ")[1].split()[0]) for each in found]
    assert columns == expected
    assert all((each.severity, each.failure_reason, each.certain) == (ERROR, None, True) for each in found)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("INSTALLED_APPS = ['cart.apps.CartConfig']\n", []),
        ("INSTALLED_APPS = ['cart.apps.CartsConfig']\n", [(ERROR, OTHER, "CartsConfig.")]),
        ("MIDDLEWARE = ['cart.apps.Timer']\n", [(ERROR, None, "Timer.")]),
    ],
)
def test_classes_that_settings_name(settings: str, expected: list[tuple[Severity, str | None, str]]) -> None:
    cart = {"cart/__init__.py": "", "cart/apps.py": "class CartConfig: pass\n"}
    found = lint_files({**project(settings), **PACKAGE, **cart}, [undefined_name])
    ends = [(each.severity, each.failure_reason, f"{each.help}".split()[1] + ".") for each in found]
    assert ends == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"shop/wsgi.py": WSGI}, [("shop/wsgi.py", ERROR, None)]),
        ({"app.json": '{"env": {"DJANGO_SETTINGS_MODULE": "shop.prod"}}\n'}, [("app.json", ERROR, OTHER)]),
        ({"Procfile": "web: DJANGO_SETTINGS_MODULE=shop.prod gunicorn shop.wsgi\n"}, [("Procfile", ERROR, None)]),
        ({"shop/wsgi.py": WSGI, "app.json": '{"env": {"DJANGO_SETTINGS_MODULE": "shop.settings"}}\n'}, []),
    ],
)
def test_settings_that_are_missing(files: dict[str, str], expected: list[tuple[str, Severity, str | None]]) -> None:
    found = lint_files({**project(""), **PACKAGE, **files}, [own_module_missing])
    assert [(each.at.path, each.severity, each.failure_reason) for each in found] == expected


@pytest.mark.parametrize("handler", ["pass", "debug_toolbar = None"])
def test_what_hangs_on_a_package_that_may_be_there(handler: str) -> None:
    settings = f"""\
INSTALLED_APPS = ["django.contrib.admin"]
try:
    import debug_toolbar
except ImportError:
    {handler}
else:
    INSTALLED_APPS += ["debug_toolbar"]
"""
    assert lacks(project(settings)) == []


def test_settings_for_development_are_probably_replaced() -> None:
    files = {**project(""), "manage.py": MANAGE, "shop/settings/dev.py": "A = os\n", "shop/settings/live_.py": ""}
    del files[SETTINGS]
    assert [each.severity for each in lint_files(files, [undefined_name])] == [WARNING]
