"""Pairs of server and application that speak different interfaces, and factories; and when nothing is to be said."""

from __future__ import annotations

import pytest
from pydeploy_checks.procfile.interface import procfile_factory, procfile_wrong_interface

from pydeploy_lint.testing import Files, lint_files

ALL = "fastapi==0.121\nFlask==3.1\ngunicorn==23.0\nuvicorn==0.38\na2wsgi\ndash==2.9.3\n"
FLASK = "from flask import Flask\n\n\n"
FASTAPI = "from fastapi import FastAPI\n\n\n"
UVICORN = "uvicorn {} --host 0.0.0.0 --port $PORT"


def messages(command: str, code: str, more: Files | None = None) -> list[str]:
    files = {"requirements.txt": ALL, "main.py": code, "Procfile": f"web: {command}\n", **(more or {})}
    return [each.message for each in lint_files(files, [procfile_wrong_interface, procfile_factory])]


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        ("gunicorn main:app", "import fastapi\napp = fastapi.FastAPI(title='x')\n", ("worker class sync", "ASGI")),
        (
            "gunicorn -k gevent main:api",
            "from starlette.applications import Starlette as S\napi: S = S()\n",
            ("gevent",),
        ),
        ("gunicorn --threads 4 main:app", FASTAPI + "class A(FastAPI):\n    pass\n\n\napp = A()\n", ("WSGI",)),
        ("gunicorn main:app", "from core import app\n", ("FastAPI",)),
        (
            "gunicorn main:app",
            FASTAPI + "def make():\n    app = FastAPI()\n    return app\n\n\napp = make()\n",
            ("FastAPI",),
        ),
        ("gunicorn main:app", FASTAPI + "app = FastAPI()\nif __name__ == '__main__':\n    app = None\n", ("FastAPI",)),
        ("gunicorn 'main:make()'", FASTAPI + "def make():\n    return FastAPI()\n", ("FastAPI",)),
        (UVICORN.format("main:app"), FLASK + "app = Flask(__name__)\n", ("uvicorn speaks ASGI", "Flask", "WSGI")),
        (UVICORN.format("main:app"), "import bottle\napp = bottle.default_app()\n", ("WSGI",)),
        ("daphne -b 0.0.0.0 -p $PORT main:app", FLASK + "app = Flask(__name__)\n", ("daphne speaks ASGI",)),
        ("waitress-serve --port=$PORT main:app", FASTAPI + "app = FastAPI()\n", ("waitress-serve speaks WSGI",)),
        ("granian --host 0.0.0.0 --port $PORT main:app", FASTAPI + "app = FastAPI()\n", ("RSGI",)),
        ("gunicorn -k uvicorn_worker.UvicornWorker main:app", FLASK + "app = Flask(__name__)\n", ("speaks ASGI",)),
        (
            "gunicorn main",
            "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n",
            (),
        ),
        (
            UVICORN.format("main:application"),
            "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
            ("WSGI",),
        ),
        ("gunicorn main:app", "from dash import Dash\napp = Dash(__name__)\n", ("server",)),
        ("gunicorn main:app", "import dash\n\napp = dash.Dash()\nserver = app.server\n", ("server",)),
        ("gunicorn main:app", "from aiohttp import web\napp = web.Application()\n", ("aiohttp",)),
        (
            "gunicorn main:app",
            FASTAPI
            + "from fastapi.middleware.cors import CORSMiddleware\napp = FastAPI()\napp = CORSMiddleware(app)\n",
            ("ASGI",),
        ),
        ("bash start.sh", FASTAPI + "app = FastAPI()\n", ("gunicorn",)),
    ],
)
def test_wrong_interface(command: str, code: str, words: tuple[str, ...]) -> None:
    more = {"core.py": FASTAPI + "app = FastAPI()\n", "start.sh": "#!/bin/sh\nset -e\nexec gunicorn main:app\n"}
    (message,) = messages(command, code, more)
    assert [word for word in words if word not in message] == []


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("gunicorn -k uvicorn.workers.UvicornWorker main:app", FASTAPI + "app = FastAPI()\n"),
        ("gunicorn -k asgi main:app", FASTAPI + "app = FastAPI()\n"),
        ("gunicorn -k $WORKER main:app", FASTAPI + "app = FastAPI()\n"),
        ("gunicorn -k own.Worker main:app", FASTAPI + "app = FastAPI()\n"),
        ("GUNICORN_CMD_ARGS='-k uvicorn_worker.UvicornWorker' gunicorn main:app", FASTAPI + "app = FastAPI()\n"),
        ("gunicorn main:wsgi", FASTAPI + "from a2wsgi import ASGIMiddleware\nwsgi = ASGIMiddleware(FastAPI())\n"),
        ("gunicorn main:app", "from somewhere import app\n"),
        ("gunicorn main:app", FASTAPI + "from x import wrap\napp = wrap(FastAPI())\n"),
        ("gunicorn main:app", FASTAPI + "try:\n    app = FastAPI()\nexcept Exception:\n    app = None\n"),
        (UVICORN.format("--interface wsgi main:app"), FLASK + "app = Flask(__name__)\n"),
        (
            UVICORN.format("main:asgi"),
            FLASK + "from asgiref.wsgi import WsgiToAsgi\napp = Flask(__name__)\nasgi = WsgiToAsgi(app)\n",
        ),
        (
            UVICORN.format("main:app"),
            FLASK + "from fastapi import FastAPI\nfrom starlette.middleware.wsgi import WSGIMiddleware\n"
            "flask = Flask(__name__)\napp = FastAPI()\napp.mount('/old', WSGIMiddleware(flask))\n",
        ),
        ("hypercorn -b 0.0.0.0:$PORT main:app", FLASK + "app = Flask(__name__)\n"),
        ("granian --interface asgi --host 0.0.0.0 --port $PORT main:app", FASTAPI + "app = FastAPI()\n"),
        ("GRANIAN_INTERFACE=asgi granian --host 0.0.0.0 --port $PORT main:app", FASTAPI + "app = FastAPI()\n"),
        ("gunicorn main:server", "from dash import Dash\napp = Dash(__name__)\nserver = app.server\n"),
        (
            "gunicorn main:server",
            FLASK + "from dash import Dash\nserver = Flask(__name__)\napp = Dash(server=server)\n",
        ),
        ("gunicorn -k aiohttp.GunicornWebWorker main:app", "from aiohttp import web\napp = web.Application()\n"),
        (
            "gunicorn main:app",
            FLASK + "from werkzeug.middleware.proxy_fix import ProxyFix\napp = Flask(__name__)\n"
            "app.wsgi_app = ProxyFix(app.wsgi_app)\n",
        ),
        ("gunicorn main:app", "def app(environ, start_response):\n    return []\n"),
        (UVICORN.format("main:app"), "async def app(scope, receive, send):\n    pass\n"),
        ("gunicorn main:app", "def app(environ, start):\n    start('200 OK', [])\n    yield b''\n"),
        ("gunicorn 'main:make(\"prod\")'", FLASK + "def make(name):\n    return Flask(name)\n"),
        ("gunicorn 'main:make(name=\"x\")'", FLASK + "def make(*, name):\n    return Flask(name)\n"),
        (UVICORN.format("--factory main:make"), FASTAPI + "def make():\n    return FastAPI()\n"),
        (UVICORN.format("main:make"), FASTAPI + "def make():\n    return FastAPI()\n"),
        ("waitress-serve --port=$PORT --call main:make", FLASK + "def make():\n    return Flask('x')\n"),
        ("gunicorn 'main:make()'", FLASK + "def make():\n    raise SystemExit\n"),
        ("gunicorn 'main:make()'", FLASK + "@cached\ndef make():\n    pass\n"),
    ],
)
def test_right_interface(command: str, code: str) -> None:
    assert messages(command, code) == []


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        ("gunicorn main:make", FLASK + "def make():\n    return Flask('x')\n", ("not called", "main:make")),
        ("gunicorn main:make", FLASK + "def make(name='x', debug=False):\n    return Flask('x')\n", ("not called",)),
        ("gunicorn main:make", "def make(config):\n    return something(config)\n", ("not called",)),
        ("gunicorn 'main:make()'", FLASK + "def make(config):\n    return Flask('x')\n", ("config",)),
        ("gunicorn 'main:make(1, 2)'", FLASK + "def make(config):\n    return Flask('x')\n", ("do not fit",)),
        ("gunicorn 'main:make(x=2)'", FLASK + "def make(config=None):\n    return Flask('x')\n", ("do not fit",)),
        ("gunicorn 'main:make()'", FLASK + "def make():\n    app = Flask('x')\n", ("returns nothing",)),
        (UVICORN.format("--factory main:make"), FASTAPI + "def make(x):\n    return FastAPI()\n", ("x",)),
        (UVICORN.format("main:make"), FASTAPI + "def make(x):\n    return FastAPI()\n", ("x",)),
        (UVICORN.format("--factory main:app"), FASTAPI + "app = FastAPI()\n", ("--factory",)),
        ("waitress-serve --port=$PORT main:make", FLASK + "def make():\n    return Flask('x')\n", ("not called",)),
        (
            "granian --interface wsgi --host 0.0.0.0 --port $PORT main:make",
            FLASK + "def make():\n    return Flask('x')\n",
            (),
        ),
        ("gunicorn main:name", "name = 'site'\n", ("str",)),
        ("hypercorn -b 0.0.0.0:$PORT main:make", FLASK + "def make():\n    return Flask('x')\n", ("not called",)),
    ],
)
def test_factory(command: str, code: str, words: tuple[str, ...]) -> None:
    (message,) = messages(command, code)
    assert [word for word in words if word not in message] == []


def test_dash_versions() -> None:
    code = "from dash import Dash\napp = Dash(__name__)\n"
    assert messages("gunicorn main:app", code, {"requirements.txt": "dash>=3.1\ngunicorn\n"}) == []
    assert messages("gunicorn main:app", code, {"requirements.txt": "dash\ngunicorn\n"}) == []
    assert len(messages("gunicorn main:app", code, {"requirements.txt": "dash<3\ngunicorn\n"})) == 1
    assert len(messages("gunicorn main:app", code, {"requirements.txt": "dash~=2.18.0\ngunicorn\n"})) == 1
