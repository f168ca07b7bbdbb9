"""Where a server's module is looked for, what is found, and which attributes are surely missing."""

from pathlib import Path

import pytest

from pydeploy_lint.facts.processes.processes import Processes
from pydeploy_lint.facts.processes.targets import ModuleState, Resolution, find_module, lacks_attribute
from pydeploy_lint.testing import Files, open_app, place, write_tree


def processes(root: Path, files: Files) -> Processes:
    write_tree(root, files)
    return open_app(root).processes


@pytest.mark.parametrize(
    ("command", "module", "attribute", "paths"),
    [
        ("gunicorn a.b", "a.b", "application", ("",)),
        ("gunicorn a:b", "a", "b", ("",)),
        ("gunicorn 'a:b()'", "a", "b", ("",)),
        ("gunicorn 'a:b(\"x\")'", "a", "b", ("",)),
        ("gunicorn a:b.c", "a", "b", ("",)),
        ("gunicorn 'a:1'", "a", None, ("",)),
        ("uvicorn a", "a", None, ("",)),
        ("cd x && gunicorn a:b", "a", "b", ("x", "")),
        ("gunicorn --chdir x a:b", "a", "b", ("x", "")),
        ("cd x && gunicorn --chdir y a:b", "a", "b", ("x/y", "x", "")),
        ("gunicorn --pythonpath x,y a:b", "a", "b", ("", "x", "y")),
        ('gunicorn --pythonpath="$PWD/x" a:b', "a", "b", ("", "x")),
        ("PYTHONPATH=x:$PYTHONPATH gunicorn a:b", "a", "b", ("", "x")),
        ("uvicorn --app-dir x a:b", "a", "b", ("x", "")),
        ("gunicorn a/b:c", "a/b", "c", ("",)),
    ],
)
def test_target(tmp_path: Path, command: str, module: str, attribute: str | None, paths: tuple[str, ...]) -> None:
    web = processes(tmp_path, {"Procfile": f"web: {command}\n"}).web
    assert web
    assert web.target
    assert web.target[:2] + web.target[3:] == (module, attribute, paths)


@pytest.mark.parametrize(
    "command",
    [
        "gunicorn",
        "gunicorn $APP",
        "cd $X && gunicorn a:b",
        "PYTHONPATH=$X gunicorn a:b",
        "gunicorn --chdir $X a:b",
        "gunicorn -c nothing.py a:b --chdir $X",
        "GUNICORN_CMD_ARGS='--chdir x' gunicorn a:b",
        "hypercorn a/b:c",
        "gunicorn a:b & nginx",
        "gunicorn a:b; uvicorn c:d",
        "bin/start-nginx gunicorn a:b",
        "streamlit run a.py",
        "python a.py",
    ],
)
def test_no_target(tmp_path: Path, command: str) -> None:
    web = processes(tmp_path, {"Procfile": f"web: {command}\n"}).web
    assert web
    assert web.target is None


@pytest.mark.parametrize(
    ("files", "module", "expected"),
    [
        (["a.py"], "a", Resolution(ModuleState.FOUND, "a.py", "", in_package=True)),
        (["a/__init__.py"], "a", Resolution(ModuleState.FOUND, "a", "", in_package=True)),
        (["a/__init__.py", "a.py"], "a", Resolution(ModuleState.FOUND, "a", "", in_package=True)),
        (["a/b.py", "a.py"], "a", Resolution(ModuleState.FOUND, "a.py", "", in_package=True)),
        (["a/b.py", "a.py"], "a.b", Resolution(ModuleState.NO_PACKAGE, "a.py", "b", in_package=True)),
        (["a/b.py"], "a.b", Resolution(ModuleState.FOUND, "a/b.py", "")),
        (["a/b.py"], "a", Resolution(ModuleState.FOUND, "a", "")),
        (["a/b.py"], "a.c", Resolution(ModuleState.MISSING, "a", "c")),
        (["a/a/b.py"], "a.b", Resolution(ModuleState.MISSING, "a", "b", None, "a")),
        (["x/a.py"], "a.b", Resolution(ModuleState.MISSING, "", "a")),
        (["a/__init__.py", "a/B.py"], "a.b", Resolution(ModuleState.MISSING, "a", "b", "a/B.py", in_package=True)),
        (["A.py"], "a", Resolution(ModuleState.MISSING, "", "a", "A.py")),
        (["A/x"], "a", Resolution(ModuleState.MISSING, "", "a", "A")),
        (["x/a.py"], "a", Resolution(ModuleState.MISSING, "", "a", None, "x")),
        (["x/y/a/__init__.py"], "a", Resolution(ModuleState.MISSING, "", "a", None, "x/y")),
        (["x/y/z/a.py", ".x/a.py", "venv/a.py"], "a", Resolution(ModuleState.MISSING, "", "a")),
        (["a.cpython-313-x86_64-linux-gnu.so"], "a", Resolution(ModuleState.FOUND, "a.so", "", in_package=True)),
        (["a.so"], "a.b", Resolution(ModuleState.UNKNOWN, "a.so", "b", in_package=True)),
        (["a.py"], "a.py", Resolution(ModuleState.NO_PACKAGE, "a.py", "py", in_package=True)),
        (["a.py"], "a..b", Resolution(ModuleState.UNKNOWN, "", "a..b")),
        (["x/a.py"], "x/a", Resolution(ModuleState.NO_PACKAGE, "", "x/a")),
    ],
)
def test_find_module(tmp_path: Path, files: list[str], module: str, expected: Resolution) -> None:
    found = processes(tmp_path, {"Procfile": f"web: gunicorn {module}:x\n", **dict.fromkeys(files, "")})
    assert found.web
    assert found.web.target
    assert find_module(open_app(tmp_path).files.tree, found.web.target) == expected


def test_the_first_directory_that_has_the_module_decides(tmp_path: Path) -> None:
    files = {"Procfile": "web: gunicorn --chdir x a.b:c\n", "x/a/__init__.py": "", "a/b.py": ""}
    web = processes(tmp_path, files).web
    assert web
    assert web.target
    assert find_module(open_app(tmp_path).files.tree, web.target) == Resolution(
        ModuleState.MISSING, "x/a", "b", in_package=True
    )


def test_a_package_goes_before_a_namespace(tmp_path: Path) -> None:
    files = {"Procfile": "web: gunicorn --chdir x a.b:c\n", "x/a/readme": "", "a/__init__.py": "", "a/b.py": ""}
    web = processes(tmp_path, files).web
    assert web
    assert web.target
    assert find_module(open_app(tmp_path).files.tree, web.target) == Resolution(
        ModuleState.FOUND, "a/b.py", "", in_package=True
    )


def test_a_package_that_changes_its_path_is_unknown(tmp_path: Path) -> None:
    files = {"Procfile": "web: gunicorn a.b:c\n", "a/__init__.py": "__path__ += ['x']\n"}
    web = processes(tmp_path, files).web
    assert web
    assert web.target
    assert find_module(open_app(tmp_path).files.tree, web.target).state is ModuleState.UNKNOWN


@pytest.mark.parametrize(
    ("code", "lacks"),
    [
        ("app = Flask(__name__)\n", False),
        ("app: Flask = Flask(__name__)\n", False),
        ("def app(environ, start): ...\n", False),
        ("async def app(scope): ...\n", False),
        ("from x import y as app\n", False),
        ("from x import (\n    y,\n    app,\n)\n", False),
        ("import app.x\n", False),
        ("if True:\n    app = 1\n", False),
        ("try:\n    import x as app\nexcept ImportError: ...\n", False),
        ("with a() as app: ...\n", False),
        ("x, (app, y) = z\n", False),
        ("for app in x: ...\n", False),
        ("print(app := 1)\n", False),
        ("from x import *\n", False),
        ("globals()['a' + 'pp'] = 1\n", False),
        ("def __getattr__(name): ...\n", False),
        ("def f():\n    global app\n    app = 1\n", False),
        ("match x:\n    case app: ...\n", False),
        ("app application = 1\n", False),
        ("", True),
        ("application = 1\n", True),
        ("app == 1\n", True),
        ("def create_app():\n    app = Flask(__name__)\n    return app\n", True),
        ("class C:\n    app = 1\n", True),
        ("x = [app for app in y]\n", True),
        ("app: Flask\n", True),
        ("# app = 1\n", True),
    ],
)
def test_lacks_attribute(tmp_path: Path, code: str, lacks: bool) -> None:
    write_tree(tmp_path, {"m.py": code})
    app = open_app(tmp_path)
    assert lacks_attribute(app.files.tree, "m.py", "app", app.files.source) is lacks


@pytest.mark.parametrize(
    ("files", "lacks"),
    [
        ({"p/__init__.py": "app = 1\n"}, False),
        ({"p/__init__.py": ""}, True),
        ({"p/__init__.py": "", "p/app.py": ""}, False),
        ({"p/x.py": ""}, True),
        ({"p/__init__.py": "app = 1\n" + "x = 1\r"}, False),
        ({"p/__init__.py": "x = 1\r"}, False),
        ({"p/__init__.py": b"# \xff\n"}, False),
        ({"p/__init__.py": "x = 1\n" * 100_000}, False),
    ],
)
def test_lacks_attribute_of_a_package(tmp_path: Path, files: Files, lacks: bool) -> None:
    write_tree(tmp_path, files)
    app = open_app(tmp_path)
    assert lacks_attribute(app.files.tree, "p", "app", app.files.source) is lacks


@pytest.mark.parametrize(
    ("conf", "target", "bindings"),
    [
        ("", None, [("$PORT", "Procfile:1:6-1:14")]),
        ("wsgi_app = 'a:b'\n", "gunicorn.conf.py:1:12-1:17", [("$PORT", "Procfile:1:6-1:14")]),
        ("bind = '0.0.0.0:1'\n", None, [("1", "gunicorn.conf.py:1:8-1:19")]),
        (
            "bind = ['0.0.0.0:1', ':2']\n",
            None,
            [("1", "gunicorn.conf.py:1:8-1:27"), ("2", "gunicorn.conf.py:1:8-1:27")],
        ),
        ("import os\nbind = f\"0.0.0.0:{os.environ['PORT']}\"\n", None, []),
        ("bind = ':1'\nbind = ':2'\n", None, []),
        ("if x:\n    bind = ':1'\n", None, []),
        ("from x import *\n", None, []),
        ("bind = \n", None, []),
        ("wsgi_app = 'a:b'\nchdir = x()\n", None, [("$PORT", "Procfile:1:6-1:14")]),
    ],
)
def test_gunicorn_conf(tmp_path: Path, conf: str, target: str | None, bindings: list[tuple[str, str]]) -> None:
    web = processes(tmp_path, {"Procfile": "web: gunicorn\n", "gunicorn.conf.py": conf}).web
    assert web
    assert (web.target and place(web.target.at)) == target
    assert [(bound.binding.port, place(bound.at)) for bound in web.bindings] == bindings


@pytest.mark.parametrize(
    ("command", "port"),
    [
        ("gunicorn a", "1"),
        ("gunicorn -b :2 a", "2"),
        ("gunicorn -c x/conf.py a", "3"),
        ("gunicorn -c file:x/conf.py a", "3"),
        ("cd x && gunicorn -c conf.py a", "3"),
        ("gunicorn -c nothing.py a", None),
        ("gunicorn -c python:x.conf a", None),
        ("cd x && gunicorn a", "$PORT"),
        ("GUNICORN_CMD_ARGS=-b:4 gunicorn a", None),
        ("uvicorn --port 5 a:b", "5"),
    ],
)
def test_which_gunicorn_conf(tmp_path: Path, command: str, port: str | None) -> None:
    files = {"Procfile": f"web: {command}\n", "gunicorn.conf.py": "bind = ':1'\n", "x/conf.py": "bind = ':3'\n"}
    web = processes(tmp_path, files).web
    assert web
    assert [bound.binding.port for bound in web.bindings] == ([port] if port else [])


def test_conf_says_where_modules_are(tmp_path: Path) -> None:
    conf = "chdir = 'x'\npythonpath = 'y,/app/z'\n"
    web = processes(tmp_path, {"Procfile": "web: gunicorn a:b\n", "gunicorn.conf.py": conf}).web
    assert web
    assert web.target
    assert web.target.paths == ("x", "", "y", "z")


def test_processes(tmp_path: Path) -> None:
    found = processes(tmp_path, {"Procfile": "web: a\nweb: gunicorn b:c\nclock: for i in x; do y\n"})
    assert [(each.name, each.command, place(each.at)) for each in found.types.values()] == [
        ("web", "gunicorn b:c", "Procfile:2:6-2:18"),
        ("clock", "for i in x; do y", "Procfile:3:8-3:24"),
    ]
    (unknown,) = found.undecided
    assert unknown.text == "what clock runs: 'for' is not closed"
    assert place(unknown.at) == "Procfile:3:8-3:24"


@pytest.mark.parametrize(
    ("command", "texts"),
    [
        ("gunicorn a", []),
        ("uvicorn a:b", []),
        ("streamlit run a.py", []),
        ("python app.py", ["whether web listens on the port that Heroku gives: its command does not tell"]),
        (
            "bin/start-nginx gunicorn a",
            ["whether web listens on the port that Heroku gives: its command does not tell"],
        ),
        ("gunicorn a -b unix:/tmp/x", ["where gunicorn listens"]),
        ("hypercorn a:b -c x.toml", ["where hypercorn listens"]),
        ("gunicorn $APP", ["what gunicorn serves"]),
        ("a `b`", ["whether web listens on the port that Heroku gives: its command does not tell"]),
        ("a `b", ["what web runs: a backtick is not closed"]),
        ("if a; then gunicorn b; fi", ["whether web listens on the port that Heroku gives: its command does not tell"]),
    ],
)
def test_undecided(tmp_path: Path, command: str, texts: list[str]) -> None:
    found = processes(tmp_path, {"Procfile": f"web: {command}\n"})
    assert [unknown.text for unknown in found.undecided] == texts


def test_no_procfile(tmp_path: Path) -> None:
    found = processes(tmp_path, {"requirements.txt": ""})
    assert (found.procfile, found.types, found.web, found.undecided) == (None, {}, None, [])


@pytest.mark.parametrize(
    ("files", "may_be_changed"),
    [
        ({}, False),
        ({"bin/post_compile": ""}, True),
        ({"bin/pre_compile": ""}, True),
        ({"app.json": '{"buildpacks": [{"url": "heroku/nodejs"}, {"url": "heroku/python"}]}'}, False),
        ({"app.json": '{"buildpacks": [{"url": "https://github.com/someone/heroku-buildpack-x"}]}'}, True),
    ],
)
def test_may_be_changed(tmp_path: Path, files: Files, may_be_changed: bool) -> None:
    assert processes(tmp_path, {"Procfile": "web: a\n", **files}).may_be_changed is may_be_changed
