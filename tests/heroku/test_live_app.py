"""What Heroku says of an app settles what its files leave open."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.heroku.api import LiveApp
from pydeploy_lint.testing import write_tree

MANAGE_PY = """\
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
"""
SETTINGS = """\
import os

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = os.environ.get("DEBUG", "1") == "1"
ALLOWED_HOSTS = ["*"]
STATIC_ROOT = "static"
"""
DJANGO = {
    ".python-version": "3.13\n",
    "requirements.txt": "django==5.2\ngunicorn==23.0.0\n",
    "Procfile": "web: gunicorn shop.wsgi\n",
    "manage.py": MANAGE_PY,
    "shop/settings.py": SETTINGS,
    "shop/wsgi.py": MANAGE_PY,
    "app.json": '{"env": {"SECRET_KEY": {"generator": "secret"}}}\n',
}
READS_DATABASE = {
    ".python-version": "3.13\n",
    "requirements.txt": "flask==3.1.2\n",
    "app.py": 'import os\n\nURL = os.environ["DATABASE_URL"]\n',
}
BY_NAME = ("--app", "shop")


class Live:
    """The command line, and an app on Heroku that it may ask for."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._root, self._capsys = root, capsys
        self._app = LiveApp("shop", "heroku-24", "eu", ("heroku/python",))
        self.asked: list[str] = []
        monkeypatch.setattr("pydeploy_lint.heroku.api.read_app", self._read)

    def _read(self, name: str) -> LiveApp:
        self.asked.append(name)
        return self._app

    def lint(self, files: Mapping[str, str], *arguments: str, how: Sequence[str] = BY_NAME, **known: Any) -> str:
        self._app = self._app._replace(**known)
        write_tree(self._root, files)
        main([str(self._root), "--as-of", "2026-08-18", *how, *arguments])
        return self._capsys.readouterr().out

    def findings(self, files: Mapping[str, str], check: str, **known: Any) -> list[tuple[str, bool, str]]:
        [app] = json.loads(self.lint(files, "--format", "json", "--select", check, **known))["apps"]
        return [(each["severity"], each["certain"], each["message"]) for each in app["findings"]]


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Live:
    return Live(tmp_path, monkeypatch, capsys)


def test_a_config_var_that_is_not_set_is_an_error_whatever_app_json_says(live: Live) -> None:
    assert live.findings(DJANGO, "config-var-required", config_vars=None) == []

    [(severity, certain, message)] = live.findings(DJANGO, "config-var-required", config_vars=frozenset())
    assert (severity, certain) == ("error", True)
    assert message.startswith("the config var SECRET_KEY is not set on Heroku, and the settings cannot be imported")

    assert live.findings(DJANGO, "config-var-required", config_vars=frozenset({"SECRET_KEY"})) == []


def test_a_setting_that_depends_on_a_config_var_is_settled(live: Live) -> None:
    unset = frozenset({"SECRET_KEY"})

    [(severity, certain, _)] = live.findings(DJANGO, "django-debug-on", config_vars=unset)
    assert (severity, certain) == ("warning", True)
    assert live.findings(DJANGO, "django-debug-on", config_vars=unset | {"DEBUG"}) == []


def test_a_key_that_is_not_set_is_none(live: Live) -> None:
    app = DJANGO | {"shop/settings.py": SETTINGS.replace('environ["SECRET_KEY"]', 'environ.get("SECRET_KEY")')}

    assert live.findings(app, "django-secret-key-committed", config_vars=frozenset()) == [
        ("warning", True, "SECRET_KEY is None, and Django cannot sign sessions or forms")
    ]


def test_an_add_on_that_is_there_sets_its_config_var(live: Live) -> None:
    assert len(live.findings(READS_DATABASE, "database-not-provisioned", config_vars=None, addons=())) == 1
    assert live.findings(READS_DATABASE, "database-not-provisioned", addons=("heroku-postgresql",)) == []


def test_static_files_are_not_collected_where_heroku_has_the_config_var(live: Live) -> None:
    disabled = frozenset({"DISABLE_COLLECTSTATIC", "SECRET_KEY"})

    assert "DISABLE_COLLECTSTATIC is set on Heroku" in live.lint(DJANGO, "--plan", config_vars=disabled)


def test_settings_that_a_config_var_names_are_unknown(live: Live) -> None:
    names = frozenset({"DJANGO_SETTINGS_MODULE"})

    assert live.findings(DJANGO, "config-var-required", config_vars=names) == []
    assert "the config var DJANGO_SETTINGS_MODULE names the settings" in live.lint(DJANGO, "--plan", config_vars=names)


def test_the_plan_says_what_is_set_on_heroku(live: Live) -> None:
    plan = live.lint(DJANGO, "--plan", config_vars=frozenset({"DEBUG", "SECRET_KEY"}))

    assert "DEBUG: optional, has a default, set on Heroku" in plan
    assert "SECRET_KEY: required, as the settings cannot be imported without it, declared in app.json" in plan


def test_the_directory_of_a_config_var_that_heroku_has_not_is_unknown(live: Live) -> None:
    route = "https://github.com/timanovsky/subdir-heroku-buildpack"
    app = {"app.json": '{"env": {"PROJECT_PATH": {"value": "api"}}}', "api/requirements.txt": "flask==3.1.2\n"}

    buildpacks = (route, "heroku/python")
    known = live.lint(app, config_vars=frozenset({"PROJECT_PATH"}), buildpacks=buildpacks)
    unknown = live.lint(app, config_vars=frozenset(), buildpacks=buildpacks)

    assert "Heroku would build this app with its default Python" in known
    assert "pydeploy-lint cannot tell which directory of this repository Heroku builds" in unknown


@pytest.mark.parametrize(
    ("how", "configuration", "asked"),
    [
        (["--live"], 'app = "boutique"\n', ["boutique"]),
        (["--live"], 'stack = "heroku-26"\n', []),
        ([], 'app = "boutique"\n', []),
        (["--app", "shop"], 'app = "boutique"\n', ["shop"]),
        (["--live", "--isolated"], 'app = "boutique"\n', []),
    ],
    ids=["live", "no name", "not live", "another name", "isolated"],
)
def test_heroku_is_asked_about_the_app_of_a_configuration_only_if_the_user_says_so(
    live: Live, how: list[str], configuration: str, asked: list[str]
) -> None:
    app = DJANGO | {".pydeploy-lint.toml": configuration}

    plan = live.lint(app, "--plan", how=how, config_vars=frozenset())

    assert live.asked == asked
    assert ("region eu" in plan) == bool(asked)


def test_an_app_that_heroku_does_not_show_is_named_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HEROKU_API_KEY", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    write_tree(tmp_path / "shop", DJANGO | {".pydeploy-lint.toml": 'app = "boutique"\n'})

    status = main([str(tmp_path / "shop"), "--live"])

    assert status == 2
    assert "shop: app boutique: needs an API key" in capsys.readouterr().err
