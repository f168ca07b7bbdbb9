"""Where scripts that run as web listen, bots that listen nowhere, and when nothing is to be said."""

from __future__ import annotations

import pytest
from pydeploy_checks.procfile.code import procfile_code_port, procfile_web_without_server, uvicorn_run_workers

from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import Files, lint_files

FLASK = "import os\nfrom flask import Flask\napp = Flask(__name__)\n"
FASTAPI = "import os\nimport uvicorn\nfrom fastapi import FastAPI\napp = FastAPI()\n"
REQUIREMENTS = {"requirements.txt": "Flask\nfastapi\nuvicorn\ndash\n"}
CHECKS = [procfile_code_port, uvicorn_run_workers, procfile_web_without_server]


def found(code: str, command: str = "python app.py", more: Files | None = None) -> list[tuple[Severity, str]]:
    files = {**REQUIREMENTS, "app.py": code, "Procfile": f"web: {command}\n", **(more or {})}
    return [(each.severity, each.message) for each in lint_files(files, CHECKS)]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (FLASK + "app.run()\n", "on port 5000, its default"),
        (FLASK + "app.run(debug=True, host='0.0.0.0')\n", "on port 5000, its default"),
        (FLASK + "app.run(port=os.environ['PORT'])\n", "on 127.0.0.1 only, its default"),
        (FLASK + "app.run('localhost', int(os.getenv('PORT', 5000)))\n", "on localhost only"),
        (FLASK + "PORT = 8080\napp.run('0.0.0.0', PORT)\n", "on port 8080"),
        (FLASK + "def main():\n    app.run()\n\n\nif __name__ == '__main__':\n    main()\n", "on port 5000"),
        (FLASK + "app.run(host='0.0.0.0', port=int(os.environ.get('APP_PORT', 5000)))\n", "it reads APP_PORT"),
        ("from core import app\n\nif __name__ == '__main__':\n    app.run()\n", "on port 5000"),
        ("from core import create\n\napp = create()\napp.run(host='0.0.0.0')\n", "on port 5000"),
        ("class App:\n    pass\n\n\nimport bottle\nbottle.run(host='0.0.0.0', port=8080)\n", "on port 8080"),
        (FASTAPI + "uvicorn.run('app:app', port=8000)\n", "on port 8000"),
        (FASTAPI + "uvicorn.run('app:app', port=int(os.environ['PORT']))\n", "on 127.0.0.1 only"),
        ("from uvicorn import run\nrun('x:app')\n", "on port 8000, its default"),
        ("import uvicorn\nserver = uvicorn.Server(uvicorn.Config('x:app', port=5000))\nserver.run()\n", "on port 5000"),
        (FLASK + "from waitress import serve\nserve(app, host='0.0.0.0', port=8080)\n", "on port 8080"),
        (FLASK + "from waitress import serve\nserve(app)\n", "on port 8080, its default"),
        (FLASK + "import waitress\nwaitress.serve(app, listen='*:8000')\n", "on port 8000"),
        ("from aiohttp import web\nweb.run_app(web.Application())\n", "on port 8080"),
        ("from http.server import HTTPServer\ns = HTTPServer(('', 8000), None)\ns.serve_forever()\n", "on port 8000"),
        ("import http.server as h\nA = ('localhost', 80)\nh.ThreadingHTTPServer(A, None).serve_forever()\n"
        "", "on port 80"),
        ("import socketserver\nPORT = 8000\nwith socketserver.TCPServer(('', PORT), None) as s:\n    pass\n"
        "", "on port 8000"),
        (FLASK + "from flask_socketio import SocketIO\nsio = SocketIO(app)\nsio.run(app)\n", "on port 5000"),
        ("from dash import Dash\napp = Dash(__name__)\napp.run_server(debug=False)\n", "on 127.0.0.1 only"),
        ("import dash\napp = dash.Dash()\napp.run(host='0.0.0.0', port=8050)\n", "on port 8050"),
        ("import gradio as gr\ndemo = gr.Interface(print, 'text', 'text')\ndemo.launch()\n", "on port 7860"),
        ("import gradio as gr\nwith gr.Blocks() as demo:\n    gr.Textbox()\ndemo.queue().launch(share=True)\n", "7860"),
        (
            "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')\nmcp.run(transport='streamable-http')\n",
            "on port 8000",
        ),
        ("from fastmcp import FastMCP\nmcp = FastMCP('x')\n"
        "mcp.run(transport='http', host='0.0.0.0', port=9000)\n", "9000"),
        (FLASK + "app.run(load_dotenv=False)\n", "on port 5000"),
        ("import asyncio, websockets\nasync def main():\n    async with websockets.serve(print, 'localhost', 8765):\n"
         "        await asyncio.Future()\nasyncio.run(main())\n", "on port 8765"),
        ("import tornado.web\napp = tornado.web.Application([])\napp.listen(8888)\n", "on port 8888"),
        ("from wsgiref.simple_server import make_server\nmake_server('', 8000, None).serve_forever()\n"
        "", "on port 8000"),
        ("import eventlet\nfrom eventlet import wsgi\nwsgi.server(eventlet.listen(('', 5000)), None)\n"
        "", "on port 5000"),
        ("import sanic\napp = sanic.Sanic('x')\napp.run()\n", "on port 8000"),
        ("import click\n\n@click.command()\ndef main():\n    import uvicorn\n    uvicorn.run('a:b')\n\n"
        "main()\n", "on port 8000"),
    ],
)  # fmt: skip
def test_unreachable(code: str, words: str) -> None:
    core = FLASK + "\n\ndef create():\n    return Flask('x')\n"
    ((severity, message),) = found(code, more={"core.py": core})
    assert words in message
    assert "PORT" in message
    assert severity is Severity.ERROR


@pytest.mark.parametrize(
    "code",
    [
        FLASK + "app.run(host='0.0.0.0', port=int(os.environ['PORT']))\n",
        FLASK + "app.run(host='0.0.0.0', port=os.getenv('PORT') or 5000)\n",
        FLASK + "port = int(os.environ.get('PORT', 5000))\nif __name__ == '__main__':\n    app.run('0.0.0.0', port)\n",
        FLASK + "def main(port):\n    app.run('0.0.0.0', port)\nmain(int(os.environ['PORT']))\n",
        FLASK + "app.run(**settings)\n",
        FLASK + "if os.environ.get('PORT'):\n    app.run('0.0.0.0', int(os.environ['PORT']))\nelse:\n    app.run()\n",
        FLASK + "from decouple import config\napp.run(host='0.0.0.0', port=config('PORT', default=5000, cast=int))\n",
        FLASK + "import sys\napp.run(host='0.0.0.0', port=sys.argv[1])\n",
        FLASK + "class Config:\n    PORT = int(os.environ.get('PORT', 8000))\napp.run('0.0.0.0', Config.PORT)\n",
        FLASK + "def serve():\n    app.run()\n",
        FLASK,
        FASTAPI + "uvicorn.run('app:app', host='0.0.0.0', port=int(os.environ.get('PORT', 8000)))\n",
        FASTAPI + "uvicorn.run('app:app', uds='/tmp/x')\n",
        "from dash import Dash\napp = Dash(__name__)\napp.run(host='0.0.0.0')\n",
        "from aiohttp import web\nimport os\nweb.run_app(web.Application(), port=os.environ['PORT'])\n",
        "import os\nfrom http.server import HTTPServer\n"
        "HTTPServer(('', int(os.environ['PORT'])), None).serve_forever()\n",
        "from core import run\nrun()\n",
        "import os\nfrom waitress import serve\nserve(None, listen=f'*:{os.environ[\"PORT\"]}')\n",
        "import gradio as gr, os\ngr.Interface().launch(server_name='0.0.0.0', server_port=int(os.environ['PORT']))\n",
        "from pydantic_settings import BaseSettings\nimport uvicorn\nclass S(BaseSettings):\n    port: int = 8000\n"
        "uvicorn.run('a:b', host='0.0.0.0', port=S().port)\n",
    ],
)
def test_reachable(code: str) -> None:
    assert found(code) == []


def test_not_certain() -> None:
    ((severity, _),) = found(FLASK + "import sys\nif len(sys.argv) < 2:\n    app.run()\n")
    assert severity is Severity.WARNING
    ((severity, message),) = found(FLASK + "app.run(host=os.getenv('HOST', '127.0.0.1'), port=os.environ['PORT'])\n")
    assert (severity, "unless the config var HOST is set" in message) == (Severity.WARNING, True)


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("python app.py", {".profile": "export X=1\n"}),
        ("APP_PORT=$PORT python app.py", {}),
        ("gunicorn app:app", {}),
        ("python other.py", {}),
        ("python app.py $PORT && true", {"app.py": ""}),
    ],
)
def test_unreachable_elsewhere(command: str, more: Files) -> None:
    code = FLASK + "app.run('0.0.0.0', os.environ.get('APP_PORT', 80))\n"
    assert found(code, command, more) == []


@pytest.mark.parametrize(
    "command", ["python -u app.py", "python3 ./app.py", "python -m app", "sh run.sh", "exec python app.py"]
)
def test_commands(command: str) -> None:
    assert len(found(FLASK + "app.run()\n", command, {"run.sh": "#!/bin/sh\nset -e\npython app.py\n"})) == 1


@pytest.mark.parametrize(
    ("arguments", "severity"),
    [
        ("app, host='0.0.0.0', port=int(os.environ['PORT'])", Severity.WARNING),
        ("app=app, host='0.0.0.0', port=int(os.environ['PORT']), workers=None", Severity.WARNING),
        ("app, host='0.0.0.0', port=int(os.environ['PORT']), workers=4", Severity.ERROR),
        ("app, host='0.0.0.0', port=int(os.environ['PORT']), reload=True", Severity.ERROR),
        ("app, host='0.0.0.0', port=int(os.environ['PORT']), workers=1", None),
        ("'app:app', host='0.0.0.0', port=int(os.environ['PORT'])", None),
        ("app, host='0.0.0.0', port=int(os.environ['PORT']), workers=int(os.environ['W'])", None),
        ("'app' + ':app', host='0.0.0.0', port=int(os.environ['PORT'])", None),
    ],
)
def test_uvicorn_run(arguments: str, severity: Severity | None) -> None:
    got = found(FASTAPI + f"uvicorn.run({arguments})\n")
    assert [each for each, _ in got] == ([severity] if severity else [])


@pytest.mark.parametrize(
    "more",
    [{"app.json": '{"env": {"WEB_CONCURRENCY": "1"}}'}, {"Procfile": "web: WEB_CONCURRENCY=1 python app.py\n"}],
)
def test_uvicorn_run_one_worker(more: Files) -> None:
    assert found(FASTAPI + "uvicorn.run(app, host='0.0.0.0', port=int(os.environ['PORT']))\n", more=more) == []


@pytest.mark.parametrize(
    "code",
    [
        "import discord\nclass C(discord.Client):\n    pass\n\n\nC().run('x')\n",
        "from discord.ext import commands\nbot = commands.Bot('!')\nbot.run('x')\n",
        "import asyncio\nfrom discord.ext import commands\nasync def main():\n    bot = commands.Bot('!')\n"
        "    async with bot:\n        await bot.start('x')\nasyncio.run(main())\n",
        "from telegram.ext import ApplicationBuilder\ndef main():\n    app = ApplicationBuilder().token('x').build()\n"
        "    app.run_polling()\nif __name__ == '__main__':\n    main()\n",
        "from telegram.ext import Updater\nu = Updater('x')\nu.start_polling()\nu.idle()\n",
        "import asyncio\nfrom aiogram import Bot, Dispatcher\ndp = Dispatcher()\nasync def main():\n"
        "    await dp.start_polling(Bot('x'))\nasyncio.run(main())\n",
        "import telebot\nbot = telebot.TeleBot('x')\nbot.infinity_polling()\n",
        "from slack_bolt import App\nfrom slack_bolt.adapter.socket_mode import SocketModeHandler\n"
        "SocketModeHandler(App(), 'x').start()\n",
        "import time\nwhile True:\n    print('x')\n    time.sleep(60)\n",
        "import schedule, time\ndef main():\n    while 1:\n        schedule.run_pending()\n"
        "        time.sleep(1)\nmain()\n",
        "from apscheduler.schedulers.blocking import BlockingScheduler\ns = BlockingScheduler()\ns.start()\n",
        "from pyrogram import Client\napp = Client('x')\napp.run()\n",
        "from telethon import TelegramClient\nc = TelegramClient('x', 1, 'y').start()\nc.run_until_disconnected()\n",
    ],
)
def test_bot(code: str) -> None:
    ((severity, message),) = found(code)
    assert severity is Severity.WARNING
    assert "worker" in message
    assert found(code, more={"Procfile": "worker: python app.py\n"}) == []


@pytest.mark.parametrize(
    "code",
    [
        "import discord, os\nfrom aiohttp import web\nclient = discord.Client()\nclient.run('x')\n",
        "import discord\nfrom threading import Thread\nfrom keep import keep_alive\nkeep_alive()\n"
        "discord.Client().run('x')\n",
        "import discord\ndef main():\n    discord.Client().run('x')\n",
        "import time, sys\nwhile True:\n    if sys.argv:\n        break\n",
        "import os, telebot\nbot = telebot.TeleBot('x')\nif os.environ.get('POLL'):\n    bot.polling()\n",
        "print('done')\n",
    ],
)
def test_no_bot(code: str) -> None:
    keep = "import os\nfrom flask import Flask\napp = Flask('')\ndef run():\n"
    "    app.run('0.0.0.0', int(os.environ['PORT']))\n"
    keep += "def keep_alive():\n    from threading import Thread\n    Thread(target=run).start()\n"
    assert found(code, more={"keep.py": keep}) == []


def test_fixed_port_in_a_thread() -> None:
    code = "import threading\n" + FLASK + "threading.Thread(target=lambda: app.run('0.0.0.0', 8080)).start()\n"
    assert found(code) == []
    code = (
        "import threading\n"
        + FLASK
        + "def run():\n    app.run('0.0.0.0', 8080)\nthreading.Thread(target=run).start()\n"
    )
    ((severity, _),) = found(code)
    assert severity is Severity.WARNING


@pytest.mark.parametrize(
    "command",
    [
        "celery -A shop worker",
        "rq worker",
        "python manage.py qcluster",
        "celery -A shop beat",
        "dramatiq tasks",
        "arq w.S",
    ],
)
def test_job_as_web(command: str) -> None:
    ((_, message),) = found("", command)
    assert "worker" in message


@pytest.mark.parametrize(
    "command", ["celery -A shop flower", "python manage.py migrate", "rq info", "celery -A x worker & gunicorn a:b"]
)
def test_no_job(command: str) -> None:
    assert found("", command) == []


@pytest.mark.parametrize(
    "call",
    [
        "app.run_webhook(port=int(os.environ['PORT']), webhook_url='x')",
        "app.run_webhook('127.0.0.1', int(os.environ['PORT']))",
        "app.run_webhook(listen='localhost', port=int(os.environ.get('PORT', 8443)))",
        "app.updater.start_webhook(port=int(os.environ['PORT']))",
    ],
)
def test_webhook(call: str) -> None:
    code = f"import os\nfrom telegram.ext import Application\napp = Application.builder().token('x').build()\n{call}\n"
    ((severity, message),) = found(code)
    assert (severity, "only" in message) == (Severity.ERROR, True)
