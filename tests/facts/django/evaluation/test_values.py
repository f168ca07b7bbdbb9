"""Expressions and statements of settings: what becomes of a setting, and on which config vars it rests."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydeploy_lint.testing import place
from tests.facts.django.projects import project, simple

IMPORTS = "import os\nfrom pathlib import Path\nimport environ\nimport decouple\nimport dj_database_url\n"
ENV_PY = "import os\nos.environ['A'] = 'from env.py'\nos.environ.setdefault('B', 'default')\n"


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
        ("X = ['a', 'b']\nX[-1] = 'c'", ["a", "c"]),
        ("X = ['a', 'b']\nX[0:1] = ['c']", "unknown"),
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
        ("X = 1\nfor each in []:\n    X = 2", 1),
        ("X = 1\nfor each in unheard_of():\n    X = 2", "unknown"),
        ("X = []\nfor each in ['a', 'b']:\n    X.append(each)", ["a", "b"]),
        ("X = []\nfor each in ['a', 'b']:\n    X.append(each)\n    break", "unknown"),
        ("X = []\nfor each in os.environ.get('A', '').split():\n    X.append(each)", ("unknown", "A")),
        ("X = {'a': {'b': 1}}\nfor each in unheard_of():\n    X['a']['b'] = 2", "unknown"),
        ("X = {'a': {'b': 1}}\nfor each in unheard_of():\n    X['a'].update(each)", "unknown"),
        ("X = 1\nwith open('x') as f:\n    X = f.read()", "unknown"),
        ("X = os.environ.get('A')\nif not X:\n    raise ValueError('no A')", (None, "A")),
        # What is not followed
        ("X = lambda: 1", "unknown"),
        ("X = [each for each in unheard_of()]", "unknown"),
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


GETENV = "os.environ.get('A', '').split(',')"


@pytest.mark.parametrize(
    "text",
    [
        f"X = ['b'] + {GETENV}",
        f"X = {GETENV} + ['b']",
        f"X = ['b']\nX += {GETENV}",
        f"X = ['b']\nX = X + {GETENV}",
        f"X = ['b']\nX.extend({GETENV})",
        f"X = ['b', *{GETENV}]",
        f"X = ('b', *{GETENV})",
        f"X = {{'b', *{GETENV}}}",
        f"X = list({{'b'}} | set({GETENV}))",
        f"X = ['b']\nX[0:0] = {GETENV}",
        f"X = sorted(set(['b'] + {GETENV}))",
        f"X = tuple({GETENV}) or ['b']",
        f"X = [each.strip() for each in {GETENV}]",
        f"X = [each.strip() for each in {GETENV} if each.strip()]",
        f"X = list(filter(None, {GETENV}))",
        f"X = list(map(str.strip, {GETENV}))",
        f"X = list(map(lambda each: each.strip(), {GETENV}))",
        f"X = {GETENV} if unheard_of() else ['b']",
        "X = ['b', os.environ.get('A', '')]",
        "X = ['b']\nX.append(os.environ.get('A', ''))",
        "X = ['b']\nX.insert(0, os.getenv('A'))",
        "X = ['b', f\"{os.environ.get('A', '')}.example.org\"]",
        "X = ['b', '%s.example.org' % os.environ.get('A')]",
        "X = ['b', '.'.join([os.environ.get('A', 'a'), 'example.org'])]",
        "X = ['b', os.environ.get('A', '') + '.example.org']",
        "X = ['b', os.environ['A'] if 'A' in os.environ else 'c']",
        "X = ['b', os.environ.get('A') or 'c']",
        "X = ['b']\nif os.environ.get('A'):\n    X.append(os.environ['A'])",
        "X = ['b']\nif 'A' in os.environ:\n    X += ['c']",
        "X = ['b']\nX += ['c'] if os.environ.get('A') else []",
        "X = ['b']\nfor each in os.environ.get('A', '').split():\n    X.append(each)",
        "X = ['b']\nif a := os.environ.get('A'):\n    X.append(a)",
        "X = {'b': ['c', os.environ.get('A')]}",
        "X = {'b': {'c': {'d': os.environ.get('A')}}}",
        "X = {**{'b': os.environ.get('A')}}",
        "X = dict(b=os.environ.get('A'))",
        "X = {os.environ.get('A', 'b'): 1}",
        "X = {}\nX['b'] = os.environ.get('A')",
        "X = {}\nX.update(b=os.environ.get('A'))",
        "X = {}\nX |= {'b': os.environ.get('A')}",
        "X = ['b'] + decouple.config('A', default='', cast=decouple.Csv())",
        "X = ['b'] + decouple.config('A', default='', cast=decouple.Csv(post_process=list))",
        "X = ['b', *environ.Env().list('A', default=[])]",
        "env = environ.Env(A=(list, []))\nX = ['b'] + env('A')",
        "import environs\nX = ['b']\nX.extend(environs.Env().list('A', []))",
        "def listed(name):\n    return os.environ.get(name, '').split(',')\nX = ['b'] + listed('A')",
        "def listed(name, default=''):\n    'Split.'\n    return [*os.environ.get(name, default).split(',')]\n"
        "X = ['b', *listed('A')]",
        "import json\nX = ['b'] + json.loads(os.environ.get('A', '[]'))",
        "X, Y = ['b', os.environ.get('A', '')], 1",
        "_, *X = os.environ.get('A', '').split()",
        "for each in [os.environ.get('A', '')]:\n    X = ['b', each]",
        "locals().update({'X': ['b', os.environ.get('A', '')]})",
        "globals().update(X=['b'] + os.environ.get('A', '').split())",
        "try:\n    X = ['b', os.environ['A']]\nexcept KeyError:\n    X = ['b']",
    ],
)  # fmt: skip
def test_containers_rest_on_what_is_in_them(tmp_path: Path, text: str) -> None:
    """Whatever is done to it, a value that a config var went into rests on that, and is not certain."""
    value = project(tmp_path, f"{IMPORTS}{text}\n").setting("X")
    assert value.rests_on == {"A"}
    assert not value.is_certain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if os.environ.get('A'):\n    X = 'x1'\nelse:\n    X = 'x2'", True),
        ("if unheard_of():\n    X = 'x1'\nelse:\n    X = 'x2'", True),
        ("X = 'x1' if os.environ.get('A') else 'x2'", True),
        ("X = 'x1'\nif os.environ.get('A'):\n    X = 'x2'\nelif unheard_of():\n    X = 'x3'", True),
        ("X = 'x1'\nif os.environ.get('A'):\n    X = 'y'", False),
        ("X = 'x1'\nif os.environ.get('A'):\n    X = os.environ.get('B', 'x2')", False),
        ("X = os.environ.get('A', 'x1')", False),
        ("Y = {'a': 'x1', 'b': 1}\nif os.environ.get('A'):\n    Y = {'a': 'x1', 'b': 2}\nX = Y['a']", True),
        ("Y = {'a': 'x1'}\nif os.environ.get('A'):\n    Y = {'a': 'x2'}\nY['b'] = 1\nX = Y['a']", True),
        ("Y = {'a': 'x1'}\nif os.environ.get('A'):\n    Y['a'] = 'x2'\nX = Y['a']", True),
        ("Y = {'a': 'x1'}\nif os.environ.get('A'):\n    Y['a'] = 'y'\nX = Y['a']", False),
        ("Y = {'a': 'x1'}\nif os.environ.get('A'):\n    Y = unheard_of()\nX = Y['a']", False),
        ("X = 'x' if os.environ.get('A') else 'x2'\nX = X + '1'", True),
        ("".join(f"if os.environ.get('A'):\n    X = 'x{n}'\n" for n in range(20)), False),
    ],
)  # fmt: skip
def test_always(tmp_path: Path, text: str, expected: bool) -> None:
    """What holds in each branch holds, whatever decides between them."""
    value = project(tmp_path, f"{IMPORTS}{text}\n").setting("X")
    assert value.always(lambda way: (way.text or "").startswith("x")) is expected


@pytest.mark.parametrize(
    ("text", "more", "expected"),
    [
        ("if os.path.exists('env.py'):\n    X = 1", {}, "absent"),
        ("if os.path.isfile('./env.py'):\n    import env\nX = 1", {}, 1),
        ("if os.path.exists('env.py'):\n    import env\nX = os.environ.get('A')", {"env.py": ENV_PY}, "from env.py"),
        ("if Path('env.py').exists():\n    import env\nX = os.getenv('B')", {"env.py": ENV_PY}, ("default", "B")),
        ("if (Path(__file__).parent / 'local.py').is_file():\n    from .local import *", {}, "absent"),
        ("if os.path.exists('/etc/hosts'):\n    X = 1", {}, "unknown"),
        ("X = 'production' if os.environ.get('DYNO') else 'local'", {}, "production"),
        ("X = 1 if os.environ.get('DYNO') is not None else 2", {}, 1),
        ("X = os.environ.get('A') == 'production'", {}, (False, "A")),
        ("import dotenv\ndotenv.load_dotenv()\nX = os.environ['A']", {".env": "A='b c' # d\n"}, ("b c", "A")),
        ("import dotenv\ndotenv.load_dotenv()\nX = os.environ['A']", {".env": "A=b # c\n"}, ("b", "A")),
        ("import dotenv\ndotenv.load_dotenv()\nX = os.environ['A']", {".env": "A=${B}\n"}, ("unknown", "A")),
    ],
)
def test_branches_on_files(tmp_path: Path, text: str, more: dict[str, str], expected: object) -> None:
    assert simple(project(tmp_path, f"{IMPORTS}{text}\n", more).setting("X")) == expected
