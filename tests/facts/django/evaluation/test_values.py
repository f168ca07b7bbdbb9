"""Expressions and statements of settings: what becomes of a setting, and on which config vars it rests."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydeploy_lint.testing import place
from tests.facts.django.projects import project, simple

IMPORTS = "import os\nfrom pathlib import Path\nimport environ\nimport decouple\nimport dj_database_url\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Constants
        ('X = "a" + "b"', "ab"),
        ("X = ['a', *('b',)] + ['c']", ["a", "b", "c"]),
        ("X = ['a']\nX += ['b']\nX.append('c')\nX.insert(0, 'd')\nX.remove('a')", ["d", "b", "c"]),
        ("X = ['a']\nX.extend(['b'])", ["a", "b"]),
        ("A = 'x'\nX = f'{A}-{A}'", "x-x"),
        ("X: str = 'a'", "a"),
        ("X, Y = 'a', 'b'", "a"),
        ("X = {'a': 1, **{'b': 2}}\nX['c'] = 3\nX.update({'a': 4})", {"a": 4, "b": 2, "c": 3}),
        ("X = {'a': {'b': 1}}\nX['a']['b'] = 2", {"a": {"b": 2}}),
        ("X = 'a,b'.split(',')", ["a", "b"]),
        ("X = 1 if 'DYNO' in os.environ else 2", 1),
        ("X = os.environ['DYNO'].startswith('web')", True),
        ("X = not []", True),
        ("X = not ''", True),
        ("X = not [*unheard_of()]", "unknown"),
        ("X = None or 'a'", "a"),
        ("X = 'test' in sys.argv", "unknown"),
        ("import sys\nX = 'test' in sys.argv", False),
        ("X = 'CI' in os.environ", False),
        ("del X", "absent"),
        ("X = 1\ndel X", "absent"),
        # Paths
        ("X = Path(__file__).resolve().parent.parent / 'static'", "/app/static"),
        ("X = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'static')", "/app/static"),
        ("X = Path(__file__).parents[1].joinpath('a').name", "a"),
        ("X = os.path.exists(Path(__file__).parent / 'no.env')", False),
        ("X = Path(__file__).exists()", True),
        # The environment
        ("X = os.environ.get('A', 'b')", ("b", "A")),
        ("X = os.getenv('A')", (None, "A")),
        ("X = os.environ['A']", ("unknown", "A")),
        ("X = os.environ.get('A', 'True') == 'True'", (True, "A")),
        ("X = os.environ.get('A', 'x,y').split(',')", (["x", "y"], "A")),
        ("X = 'A' in os.environ", (False, "A")),
        ("X = bool(int(os.environ.get('A', '0')))", (False, "A")),
        ("X = os.environ.get('A') or os.environ.get('B', 'b')", ("b", "A", "B")),
        ("from os import environ as e, getenv\nX = [e.get('A', 'a'), getenv('B', 'b')]", [("a", "A"), ("b", "B")]),
        # Libraries
        ("env = environ.Env(A=(bool, False))\nX = env('A')", (False, "A")),
        ("env = environ.Env()\nX = env.bool('A', default=True)", (True, "A")),
        ("env = environ.Env()\nX = env.list('A', default=['a'])", (["a"], "A")),
        ("env = environ.Env()\nX = env('A')", ("unknown", "A")),
        ("X = environ.Env().db(default='sqlite://')['ENGINE']", ("django.db.backends.sqlite3", "DATABASE_URL")),
        ("import environs\nenv = environs.Env()\nX = env.bool('A', False)", (False, "A")),
        ("X = decouple.config('A', default='no', cast=bool)", (False, "A")),
        ("X = decouple.config('A', default='a, b', cast=decouple.Csv())", (["a", "b"], "A")),
        ("X = dj_database_url.config()", ({}, "DATABASE_URL")),
        ("X = dj_database_url.parse('mysql://h/x')['ENGINE']", "django.db.backends.mysql"),
        ("X = dj_database_url.parse(url='mysql://h/x')['ENGINE']", "django.db.backends.mysql"),
        (
            "X = {'ENGINE': 'e'}\nX.update(dj_database_url.config())",
            {"ENGINE": ("e", "DATABASE_URL")},
        ),
        # Branches
        ("X = 1\nif 'DYNO' in os.environ:\n    X = 2", 2),
        ("if os.environ.get('A'):\n    X = 1\nelse:\n    X = 2", (2, "A")),
        ("if os.environ.get('A'):\n    X = 1", ("absent", "A")),
        ("if unheard_of():\n    X = 1", "unknown"),
        ("if unheard_of():\n    X = 1\nelse:\n    X = 1", 1),
        ("try:\n    X = os.environ['A']\nexcept KeyError:\n    X = 'b'", ("b", "A")),
        ("try:\n    from .nowhere import *\nexcept ImportError:\n    X = 1", 1),
        ("X = 1\nfor each in []:\n    X = 2", "unknown"),
        ("X = {'a': {'b': 1}}\nfor each in ():\n    X['a']['b'] = 2", "unknown"),
        ("X = {'a': {'b': 1}}\nfor each in ():\n    X['a'].update(each)", "unknown"),
        ("X = 1\nwith open('x') as f:\n    X = f.read()", "unknown"),
        ("X = os.environ.get('A')\nif not X:\n    raise ValueError('no A')", (None, "A")),
        # What is not followed
        ("X = lambda: 1", "unknown"),
        ("X = [each for each in ()]", "unknown"),
        ("globals()['X'] = 1", 1),
        ("globals().update(a)", "unknown"),
        ("from example import *", "unknown"),
        ("X = 1\nfrom example import *", 1),
        ("import dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__)", "unknown"),
        ("import logging\nlog = logging.getLogger(__name__)", "absent"),
    ],
)  # fmt: skip
def test_setting(tmp_path: Path, text: str, expected: object) -> None:
    assert simple(project(tmp_path, f"{IMPORTS}{text}\n").setting("X")) == expected


def test_place_counts_characters(tmp_path: Path) -> None:
    at = project(tmp_path, 'A = "ä"; X = [\n    "é", "b",\n]\n').setting("X").elements
    assert at is not None
    assert [place(each.at) for each in at if each.at] == [
        "shop/settings.py:2:5-2:8",
        "shop/settings.py:2:10-2:13",
    ]


def test_django_heroku(tmp_path: Path) -> None:
    django = project(
        tmp_path,
        "import django_heroku\n"
        "MIDDLEWARE = ['m']\nDATABASES = {'default': {'ENGINE': 'e'}}\n"
        "django_heroku.settings(locals(), secret_key=False)\n",
    )
    assert simple(django.setting("ALLOWED_HOSTS")) == ["*"]
    assert simple(django.middleware) == ["whitenoise.middleware.WhiteNoiseMiddleware", "m"]
    assert simple(django.database.item("ENGINE")) == ("e", "DATABASE_URL")
    assert django.setting("STATIC_ROOT").state.value == "unknown"
    assert [each.name for each in django.config_vars] == ["DATABASE_URL"]
    assert django.is_followed


def test_app_json_gives_values(tmp_path: Path) -> None:
    app_json = '{"env": {"A": "from app.json", "B": {"generator": "secret"}, "C": {"required": false}}}'
    text = "import os\nA = os.environ['A']\nB = os.environ.get('B', 'b')\nC = os.environ.get('C', 'c')\n"
    django = project(tmp_path, text, {"app.json": app_json})
    assert [simple(django.setting(name)) for name in "ABC"] == [("from app.json", "A"), ("unknown", "B"), ("c", "C")]
