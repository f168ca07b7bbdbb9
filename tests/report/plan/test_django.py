"""The plan's section on Django's settings, and what cannot be told of them."""

from pathlib import Path

from pydeploy_lint.engine import run as engine
from pydeploy_lint.report.plan.plan import plan
from pydeploy_lint.testing import Files, open_app, place, write_tree

SAYS = "What Django's settings say"
OPEN = "What cannot be told"
APP = {
    "requirements.txt": "Django==5.2\n",
    ".python-version": "3.13\n",
    "manage.py": 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
}
SETTINGS = """\
import os

import dj_database_url

DEBUG = "DYNO" not in os.environ
ALLOWED_HOSTS = [os.environ["HOST"], ".example.com"]
STATIC_ROOT = unheard_of()
DATABASES = {"default": dj_database_url.config(default="sqlite://")}
KEY = os.environ["KEY"]
"""


def sections(root: Path, files: Files) -> dict[str, list[tuple[str, str, str]]]:
    """Label, text and place of each line of the plan, by title."""
    write_tree(root, {**APP, **files})
    app = open_app(root)
    return {
        section.title: [(line.label, line.text, place(line.at) if line.at else "") for line in section.lines]
        for section in plan(app, engine.run(app, []))
    }


def test_settings(tmp_path: Path) -> None:
    files = {"shop/settings.py": SETTINGS, "app.json": '{"env": {"HOST": {"description": "the host"}}}'}
    required = "required, as the settings cannot be imported without it"
    assert sections(tmp_path, files)[SAYS] == [
        ("settings", "shop.settings, named in manage.py", "manage.py:3:49-3:64"),
        (
            "database",
            "ENGINE: django.db.backends.sqlite3, resting on DATABASE_URL",
            "shop/settings.py:8:56-8:67",
        ),
        ("debug", "DEBUG: False", "shop/settings.py:5:9-5:33"),
        ("hosts", "ALLOWED_HOSTS: cannot be told, .example.com", "shop/settings.py:6:17-6:53"),
        ("static files", "STATIC_ROOT: cannot be told", "shop/settings.py:7:15-7:27"),
        ("config var", f"HOST: {required}, declared in app.json", "shop/settings.py:6:18-6:36"),
        ("config var", "DATABASE_URL: optional, has a default", "shop/settings.py:8:25-8:68"),
        ("config var", f"KEY: {required}", "shop/settings.py:9:7-9:24"),
        ("to set", "heroku config:set KEY=...", ""),
    ]


def test_what_an_addon_sets_is_not_to_be_set(tmp_path: Path) -> None:
    files = {
        "shop/settings.py": 'import os\n\nKEY = os.environ["KEY"]\nCACHE = os.environ["REDIS_URL"]\n',
        "app.json": '{"addons": ["heroku-redis:mini"]}',
    }
    to_set = [text for label, text, _ in sections(tmp_path, files)[SAYS] if label == "to set"]
    assert to_set == ["heroku config:set KEY=..."]


def test_undecided(tmp_path: Path) -> None:
    found = sections(tmp_path, {})
    assert SAYS not in found
    assert ("settings", "shop.settings, which manage.py names, is not among the files", "") in found[OPEN]


def test_no_django(tmp_path: Path) -> None:
    found = sections(tmp_path, {"requirements.txt": "# pip-compile\nflask==3.1\n    # via -r a\n"})
    assert SAYS not in found
