"""The config vars that settings read: which are required, and which have a default."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts.django.projects import project

IMPORTS = "import os\nimport environ\nimport decouple\nenv = environ.Env()\n"
REQUIRED = {"A": True}
OPTIONAL = {"A": False}
HELPER = (
    "def get(name):\n    try:\n        return os.environ[name]\n    except KeyError:\n        raise Exception(name)\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X = os.environ['A']", REQUIRED),
        ("X = env('A')", REQUIRED),
        ("X = env.bool('A')", REQUIRED),
        ("X = decouple.config('A')", REQUIRED),
        ("X = os.environ.get('A')", OPTIONAL),
        ("X = env('A', default=None)", OPTIONAL),
        ("X = [os.environ['A']]", REQUIRED),
        ("X = {'a': f\"{os.environ['A']}\"}", REQUIRED),
        ("X = int(os.environ['A'])", REQUIRED),
        ("X = [each for each in os.environ['A'].split()]", REQUIRED),
        ("X = lambda: os.environ['A']", {}),
        ("def f():\n    return os.environ['A']", {}),
        ("if 'DYNO' in os.environ:\n    X = os.environ['A']", REQUIRED),
        ("if 'DYNO' not in os.environ:\n    X = os.environ['A']", {}),
        ("if os.environ.get('B'):\n    X = os.environ['A']", {"B": False, "A": False}),
        ("X = os.environ.get('B') or os.environ['A']", {"B": False, "A": False}),
        ("X = os.environ['A'] if unknown() else 1", OPTIONAL),
        ("try:\n    X = os.environ['A']\nexcept KeyError:\n    X = 1", OPTIONAL),
        ("try:\n    X = os.environ['A']\nexcept ValueError:\n    X = 1", REQUIRED),
        ("try:\n    X = os.environ['A']\nexcept KeyError:\n    raise Exception('A')", REQUIRED),
        ("X = os.environ.get('A')\nif not X:\n    raise Exception('A')", REQUIRED),
        ("X = os.environ.get('A')\nY = os.environ['A']", REQUIRED),
        ("X = os.environ['PORT']", {}),
        (f"{HELPER}X = get('A')", REQUIRED),
        ("def get(name, default=None):\n    return os.environ.get(name, default)\nX = get('A')", OPTIONAL),
        ("def get(name):\n    return os.environ[name].strip()\nX = get('A')", REQUIRED),
        ("def get(name):\n    if name in os.environ:\n        return os.environ[name]\nX = get('A')", OPTIONAL),
        ("def get(name):\n    return os.environ[name] if name in os.environ else None\nX = get('A')", OPTIONAL),
    ],
)
def test_is_required(tmp_path: Path, text: str, expected: dict[str, bool]) -> None:
    django = project(tmp_path, f"{IMPORTS}{text}\n")
    assert {each.name: each.is_required for each in django.config_vars} == expected
    assert django.is_followed


def test_facts(tmp_path: Path) -> None:
    settings = 'import os\n\nA = os.environ["A"]\nB = os.environ.get("B", "b")\nC = os.environ.get("C")\n'
    found = project(tmp_path, settings, {"app.json": '{"env": {"B": "b"}}'}).config_vars
    assert [(each.name, str(each.at), each.has_default, str(each.declared_at)) for each in found] == [
        ("A", "shop/settings.py:3:5", False, "None"),
        ("B", "shop/settings.py:4:5", True, "app.json:1:10"),
        ("C", "shop/settings.py:5:5", False, "None"),
    ]


@pytest.mark.parametrize(
    ("load", "is_required"),
    [("", True), ("import dotenv\ndotenv.load_dotenv()\n", False), ("env.read_env()\n", False)],
)
def test_committed_env_file(tmp_path: Path, load: str, is_required: bool) -> None:
    """Only ``heroku local`` reads it, unless the settings do."""
    text = f"{IMPORTS}{load}X = os.environ['A']\n"
    django = project(tmp_path, text, {".env": "export A=1\n"})
    assert [each.is_required for each in django.config_vars] == [is_required]


def test_read_in_an_imported_module(tmp_path: Path) -> None:
    more = {"shop/base.py": "import os\nA = os.environ['A']\n"}
    found = project(tmp_path, "from .base import *\n", more).config_vars
    assert [(each.name, str(each.at)) for each in found] == [("A", "shop/base.py:2:5")]
