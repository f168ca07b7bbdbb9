"""ALLOWED_HOSTS: which entries let requests for a Heroku app through, and how sure that is."""

from __future__ import annotations

import pytest
from pydeploy_checks.django.hosts import django_allowed_hosts
from pydeploy_checks.django.project import project

from pydeploy_lint.facts.django.hosts import HostKind, corrected, kind_of
from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import Files, lint_files

HEAD = "import os\nimport environ\nimport decouple\nfrom pathlib import Path\nenv = environ.Env()\n"
APP = "quiet-meadow-0123456789ab.herokuapp.com"


def found(settings: str, **more: str) -> list[tuple[Severity, bool, str | None]]:
    findings = lint_files(project(f"{HEAD}{settings}\n", **more), [django_allowed_hosts])
    return [(each.severity, each.certain, each.failure_reason) for each in findings]


ERROR = [(Severity.ERROR, True, None)]
UNCERTAIN = [(Severity.NOTE, False, None)]
NOTE = [(Severity.NOTE, True, None)]
BUILD = [(Severity.ERROR, True, "collectstatic-improper-configuration")]


@pytest.mark.parametrize(
    ("entry", "kind", "meant"),
    [
        ("*", HostKind.EVERY_APP, "*"),
        (".herokuapp.com", HostKind.EVERY_APP, ".herokuapp.com"),
        (".HerokuApp.com", HostKind.EVERY_APP, ".herokuapp.com"),
        (".com", HostKind.EVERY_APP, ".com"),
        (APP, HostKind.APP, APP),
        ("shop-0123456789ab.virginia.herokuapp.com", HostKind.APP, "shop-0123456789ab.virginia.herokuapp.com"),
        ("shop.herokuapp.com", HostKind.OLD_APP, "shop.herokuapp.com"),
        (".shop.herokuapp.com", HostKind.OLD_APP, ".shop.herokuapp.com"),
        ("shop-0123456789abc.herokuapp.com", HostKind.OLD_APP, "shop-0123456789abc.herokuapp.com"),
        ("www.example.org", HostKind.DOMAIN, "www.example.org"),
        (".example.org", HostKind.DOMAIN, ".example.org"),
        ("shop.onrender.com", HostKind.ELSEWHERE, "shop.onrender.com"),
        (".ngrok.io", HostKind.ELSEWHERE, ".ngrok.io"),
        ("", HostKind.LOCAL, None),
        ("localhost", HostKind.LOCAL, None),
        ("testserver", HostKind.LOCAL, None),
        ("127.0.0.1", HostKind.LOCAL, None),
        ("192.168.1.7", HostKind.LOCAL, None),
        ("[::1]", HostKind.LOCAL, None),
        ("::1", HostKind.LOCAL, None),
        ("shop.local", HostKind.LOCAL, None),
        ("host.docker.internal", HostKind.LOCAL, None),
        ("herokuapp.com", HostKind.NEVER, ".herokuapp.com"),
        ("https://herokuapp.com", HostKind.NEVER, ".herokuapp.com"),
        ("*.herokuapp.com", HostKind.NEVER, ".herokuapp.com"),
        ("*.example.org", HostKind.NEVER, ".example.org"),
        ("shop-*.herokuapp.com", HostKind.NEVER, None),
        (f"https://{APP}", HostKind.NEVER, APP),
        (f"https://{APP}/", HostKind.NEVER, APP),
        (f"http://user@{APP}:443/path?a=b#c", HostKind.NEVER, APP),
        (f"//{APP}", HostKind.NEVER, None),
        (f"{APP}/", HostKind.NEVER, APP),
        (f"{APP}:443", HostKind.NEVER, APP),
        (f"{APP}.", HostKind.NEVER, APP),
        (f" {APP}", HostKind.NEVER, APP),
        ("localhost:8000", HostKind.NEVER, None),
        ("http://localhost", HostKind.NEVER, None),
        ("shop_1.example.org", HostKind.NEVER, None),
        ("a..b", HostKind.NEVER, None),
    ],
)  # fmt: skip
def test_entry(entry: str, kind: HostKind, meant: str | None) -> None:
    assert kind_of(entry) is kind
    assert corrected(entry) == meant


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("ALLOWED_HOSTS = []", ERROR),
        ("ALLOWED_HOSTS = ()", ERROR),
        ("ALLOWED_HOSTS = ['']", ERROR),
        ("ALLOWED_HOSTS = ['localhost', '[::1]', '10.0.0.1']", ERROR),
        ("ALLOWED_HOSTS = ['herokuapp.com']", ERROR),
        ("ALLOWED_HOSTS = ['https://www.example.org']", ERROR),
        ("ALLOWED_HOSTS = ['*.example.org', 'localhost']", ERROR),
        ("ALLOWED_HOSTS = ['example.org:80']", ERROR),
        ("ALLOWED_HOSTS = 'localhost, www.example.org'.split(';')", ERROR),
        ("ALLOWED_HOSTS = []\nif not 'DYNO' in os.environ:\n    ALLOWED_HOSTS = ['*']", ERROR),
        ("ALLOWED_HOSTS = ['localhost'] if os.environ.get('A') else ['127.0.0.1']", ERROR),
        ("if os.environ.get('A') == 'b':\n    ALLOWED_HOSTS = []\nelse:\n    ALLOWED_HOSTS = ['localhost']", ERROR),
        ("if os.path.exists('env.py'):\n    ALLOWED_HOSTS = ['*']", ERROR),
        ("DEBUG = True\nALLOWED_HOSTS = ['*'] if not DEBUG else []", ERROR),
        ("ALLOWED_HOSTS = ['shop.onrender.com', 'localhost']", [(Severity.WARNING, False, None)]),
        ("ALLOWED_HOSTS = ['shop.onrender.com', 'www.example.org']", []),
        ("ALLOWED_HOSTS = ['*']", []),
        ("ALLOWED_HOSTS = ['.herokuapp.com', 'https://www.example.org']", []),
        (f"ALLOWED_HOSTS = ['{APP}']", []),
        ("ALLOWED_HOSTS = ['example.org', '']", []),
        ("ALLOWED_HOSTS = ['example.org', 'https://www.example.org']", NOTE),
        ("ALLOWED_HOSTS = ['shop.herokuapp.com']", UNCERTAIN),
        ("ALLOWED_HOSTS = ['localhost', 'shop.herokuapp.com', '0.0.0.0']", UNCERTAIN),
        ("ALLOWED_HOSTS = ['shop.herokuapp.com', 'www.example.org']", []),
        (f"ALLOWED_HOSTS = ['shop.herokuapp.com', '{APP}']", []),
        # What a config var has a say in
        ("ALLOWED_HOSTS = os.getenv('H', 'localhost').split(',')", UNCERTAIN),
        ("ALLOWED_HOSTS = [each.strip() for each in os.getenv('H', '').split(',') if each]", UNCERTAIN),
        ("ALLOWED_HOSTS = [os.getenv('H')]", UNCERTAIN),
        ("ALLOWED_HOSTS = ['localhost'] + [os.environ.get('H')]", UNCERTAIN),
        ("ALLOWED_HOSTS = ['localhost'] + env.list('H', default=[])", UNCERTAIN),
        ("ALLOWED_HOSTS = env.list('H', default=['localhost'])", UNCERTAIN),
        ("ALLOWED_HOSTS = env('H', cast=list, default='')", UNCERTAIN),
        ("ALLOWED_HOSTS = decouple.config('H', default='localhost,127.0.0.1', cast=decouple.Csv())", UNCERTAIN),
        ("ALLOWED_HOSTS = ['localhost']\nif os.environ.get('H'):\n    ALLOWED_HOSTS += [os.environ['H']]", UNCERTAIN),
        ("ALLOWED_HOSTS = ['localhost']\nif 'H' in os.environ:\n    ALLOWED_HOSTS.append(os.environ['H'])", UNCERTAIN),
        ("ALLOWED_HOSTS = ['localhost', *os.environ.get('H', '').split()]", UNCERTAIN),
        ("ALLOWED_HOSTS = []\nif os.getenv('ENV') == 'production':\n    ALLOWED_HOSTS = ['.herokuapp.com']", UNCERTAIN),
        ("ALLOWED_HOSTS = ['*'] if os.environ.get('DEBUG') else []", UNCERTAIN),
        ("ALLOWED_HOSTS = ['https://' + os.environ.get('H', 'a.example.org')]", UNCERTAIN),
        ("locals().update({'ALLOWED_HOSTS': os.environ.get('H', '').split(',')})", UNCERTAIN),
        ("ALLOWED_HOSTS = os.environ.get('H', '*').split(',')", []),
        ("ALLOWED_HOSTS = ['localhost', os.environ['H']]", []),
        ("ALLOWED_HOSTS = env.list('H')", []),
        ("ALLOWED_HOSTS = decouple.config('H', cast=decouple.Csv())", []),
        ("ALLOWED_HOSTS = decouple.config('H', default='a', cast=lambda v: [s.strip() for s in v.split(',')])", []),
        ("ALLOWED_HOSTS = ['localhost'] + [f'{name}.herokuapp.com' for name in [os.environ['NAME']]]", []),
        # What is unknown
        ("ALLOWED_HOSTS = ['localhost'] + unheard_of()", []),
        ("ALLOWED_HOSTS = ['localhost']\nif unheard_of():\n    ALLOWED_HOSTS = ['*']", []),
        ("ALLOWED_HOSTS = ['localhost']\nunheard_of(ALLOWED_HOSTS)", []),
        ("ALLOWED_HOSTS = ['localhost']\nfor each in unheard_of():\n    ALLOWED_HOSTS.append(each)", []),
        ("ALLOWED_HOSTS = [each for each in unheard_of()]", []),
        ("from unheard import ALLOWED_HOSTS", []),
        ("import django_heroku\nALLOWED_HOSTS = []\ndjango_heroku.settings(locals())", []),
    ],
)  # fmt: skip
def test_hosts(settings: str, expected: list[object]) -> None:
    assert found(settings) == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("ALLOWED_HOSTS = 'www.example.org'", BUILD),
        ("ALLOWED_HOSTS = ('www.example.org')", BUILD),
        ("ALLOWED_HOSTS = '*'", BUILD),
        ("ALLOWED_HOSTS = None", BUILD),
        ("ALLOWED_HOSTS = {'www.example.org'}", BUILD),
        ("ALLOWED_HOSTS = {*os.environ.get('H', '').split()}", UNCERTAIN),
        ("ALLOWED_HOSTS = filter(None, ['www.example.org'])", BUILD),
        ("ALLOWED_HOSTS = (each for each in ['www.example.org'])", BUILD),
        ("ALLOWED_HOSTS = list({'www.example.org'})", []),
        ("ALLOWED_HOSTS = os.environ.get('HOSTS')", BUILD),
        ("ALLOWED_HOSTS = os.environ.get('HOSTS', 'www.example.org')", BUILD),
        ("ALLOWED_HOSTS = os.environ['HOSTS']", BUILD),
        ("ALLOWED_HOSTS = os.getenv('HOSTS', ['*'])", []),
        ("ALLOWED_HOSTS = env('HOSTS', default=None)", UNCERTAIN),
        ("ALLOWED_HOSTS = env('HOSTS', default='*')", BUILD),
        ("ALLOWED_HOSTS = env.str('HOSTS', '*')", BUILD),
        ("ALLOWED_HOSTS = decouple.config('HOSTS', default='*').split(',')", []),
        ("from decouple import config\nALLOWED_HOSTS = config('HOSTS', default='*')", BUILD),
        ("ALLOWED_HOSTS = env('HOSTS')", []),
        ("ALLOWED_HOSTS = environ.Env(HOSTS=(list, ['*']))('HOSTS')", []),
        ("ALLOWED_HOSTS = os.environ.get('HOSTS') or ['*']", []),
        ("ALLOWED_HOSTS = 'a' if os.environ.get('A') else 'b'", BUILD),
        ("ALLOWED_HOSTS = 'a' if os.environ.get('A') else ['b.example.org']", []),
        ("ALLOWED_HOSTS = unheard_of()", []),
        ("from unheard import hosts\nALLOWED_HOSTS = hosts", []),
    ],
)  # fmt: skip
def test_no_list(settings: str, expected: list[object]) -> None:
    """Django raises ImproperlyConfigured as soon as the settings are used, which is when static files are collected."""
    assert found(settings) == expected


def test_no_list_without_collectstatic() -> None:
    off = '{"env": {"DISABLE_COLLECTSTATIC": "1"}}'
    assert found("ALLOWED_HOSTS = '*'", app_json=off) == ERROR


def test_declared_config_var_is_silent() -> None:
    settings = "ALLOWED_HOSTS = ['localhost'] + os.environ.get('H', '').split(',')"
    assert found(settings, app_json='{"env": {"H": {"description": "The names"}}}') == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, ERROR),
        ({"shop/local.py": "ALLOWED_HOSTS = ['*']\n"}, []),
    ],
)
def test_star_import(more: Files, expected: list[object]) -> None:
    base = {"shop/base.py": "ALLOWED_HOSTS = ['localhost']\n"}
    text = "from .base import *\nALLOWED_HOSTS += ['127.0.0.1']\n"
    text += "try:\n    from .local import *\nexcept ImportError:\n    pass\n"
    findings = lint_files({**project(text), **base, **more}, [django_allowed_hosts])
    assert [(each.severity, each.certain, each.failure_reason) for each in findings] == expected


def test_message_names_entry_and_config_var() -> None:
    (finding,) = lint_files(project(f"ALLOWED_HOSTS = ['https://{APP}/']\n"), [django_allowed_hosts])
    assert "'https://quiet-meadow-0123456789ab.herokuapp.com/' matches no request: it has a scheme" in finding.message
    assert finding.help.endswith(f'    ALLOWED_HOSTS = ["{APP}"]')
    assert finding.fix
    assert [edit.text for edit in finding.fix.edits] == [f'"{APP}"']
    text = "import os\nALLOWED_HOSTS = ['localhost', os.environ.get('A', ''), os.environ.get('B', '')]\n"
    (finding,) = lint_files(project(text), [django_allowed_hosts])
    assert finding.message.startswith("while the config vars A and B are not set, ")


INCLUDE = "from split_settings.tools import include, optional\n"


@pytest.mark.parametrize(
    "settings",
    [
        f"{INCLUDE}include('base.py')",
        f"{INCLUDE}include('components/*.py', optional('local.py'))",
        f"{INCLUDE}ALLOWED_HOSTS = []\ninclude(optional('local.py'))",
        "from mitol.common.envs import import_settings_modules\nimport_settings_modules('shop.shared')",
    ],
)
def test_settings_that_another_package_includes_are_unknown(settings: str) -> None:
    assert found(settings, **{"shop/shared.py": "", "shop/__init__.py": ""}) == []


@pytest.mark.parametrize(
    "settings",
    [
        f"{INCLUDE}include('base.py')\nALLOWED_HOSTS = []",
        "from elsewhere import prepare\nprepare('shop.unheard_of', 'sentry.io')",
        "from dotenv import load_dotenv\nload_dotenv('.env')",
    ],
)
def test_what_is_set_after_that_and_what_includes_nothing_is_known(settings: str) -> None:
    assert found(settings, **{"shop/__init__.py": ""}) == ERROR


@pytest.mark.parametrize(
    ("version", "debug", "expected"),
    [
        ("1.8.2", "True", []),
        ("1.10.1", "True", []),
        ("1.10.3", "True", ERROR),
        ("1.8.2", "False", ERROR),
        ("4.2", "True", ERROR),
    ],
)
def test_old_releases_of_django_allow_every_host_while_debug_is_on(version: str, debug: str, expected: object) -> None:
    requirements = {"requirements.txt": f"django=={version}\n"}
    assert found(f"DEBUG = {debug}\nALLOWED_HOSTS = []", **requirements) == expected
