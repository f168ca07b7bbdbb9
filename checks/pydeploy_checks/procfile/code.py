"""Scripts of the app as process type web: where the servers in their code listen, and bots that listen nowhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pydeploy_checks.procfile.fixes.code import RIGHT_PORT, SCALE, call_worker, listen_on_port, one_worker
from pydeploy_lint.plugin import (
    DEV_CENTER,
    App,
    Example,
    Listener,
    Problem,
    ProcessType,
    Program,
    Severity,
    check,
    latest_allowed,
    least_version,
)

URL = DEV_CENTER + "runtime-principles#web-servers"
WEB_CONCURRENCY = "WEB_CONCURRENCY"
DASH_READS_PORT = (2, 18)
"""The only series in which PORT and HOST take precedence over the arguments of Dash's `run`."""


@check("procfile-code-port", severity=Severity.ERROR, url=URL)
def procfile_code_port(app: App) -> Iterator[Problem]:
    """A script that runs as `web` starts a server where Heroku does not reach it.

    Heroku chooses a port at each start, gives it in the variable `PORT`, and connects from outside of the dyno. A
    server on another port, or on 127.0.0.1 only, gets no requests, and the dyno is stopped after a minute (R10,
    "Boot timeout"). By default Flask, Quart, Dash, uvicorn, bottle, sanic, gradio, MCP servers and the webhooks of
    python-telegram-bot listen on 127.0.0.1; aiohttp, waitress and NiceGUI on all addresses, but on port 8080.

    What the script runs is found by reading the code, through its functions and the app's other modules. Nothing is
    said where the address is computed in a way that is not followed, or where any server in the script may be reached.

    ## How to fix

    Listen on all addresses, on the port that Heroku gives:

        app.run(host="0.0.0.0", port=int(os.environ["PORT"]))
    """
    web = app.processes.web
    if web is None or web.services or app.files.tree.is_file(".profile"):
        return
    listeners = [(program, each) for program in web.programs for each in program.listeners]
    found = [(program, each, _unreachable(app, program, each)) for program, each in listeners]
    if not found or any(reason is None for _, _, reason in found):
        return
    program, listener, reason = min(found, key=lambda each: each[1].maybe)
    assert reason is not None
    text, certain = reason
    certain = certain and not listener.maybe and not program.run.conditional
    yield Problem(
        f"web runs {program.path}, where {_shown(listener)} listens {text}, where Heroku cannot reach it: it "
        "must listen on $PORT, or the dyno is stopped after a minute (R10)",
        listener.at,
        help=_advice(listener),
        severity=None if certain else Severity.WARNING,
        certain=certain,
        fix=listen_on_port(app, listener, is_local=_local(program, listener) is not None),
    )


def _unreachable(app: App, program: Program, listener: Listener) -> tuple[str, bool] | None:
    """Where a server listens, if requests do not get there, and whether that is certain; None where they may."""
    if _is_set_elsewhere(app, program, listener):
        return None
    if "PORT" in listener.port.variables or _dash_reads_port(app, listener):
        return _local(program, listener)
    text = _wrong_port(program, listener)
    return (text, True) if text else None


def _wrong_port(program: Program, listener: Listener) -> str | None:
    """On which port a server listens that does not read `PORT`; None where that is not known."""
    port = listener.port
    numbers = sorted(str(value) for value in port.values if str(value).isdigit())
    if not port.is_known or port.variables & set(program.run.variables) or len(numbers) != len(port.values):
        return None
    if port.variables:
        variable = min(port.variables)
        return (f"on port {numbers[0]}" if numbers else f"on the port in {variable}") + f" (it reads {variable})"
    if numbers == ["0"]:
        return "on a port of its own choice"
    return f"on port {numbers[0]}{'' if listener.has_port else ', its default'}" if numbers else None


def _local(program: Program, listener: Listener) -> tuple[str, bool] | None:
    host = listener.host
    if not host.is_known or host.variables & set(program.run.variables) or not host.values:
        return None
    if not all(str(value) in ("localhost", "::1") or str(value).startswith("127.") for value in host.values):
        return None
    shown = min(map(str, host.values))
    if host.variables:
        return f"on {shown} unless the config var {min(host.variables)} is set", False
    return f"on {shown} only{'' if listener.has_host else ', its default'}", True


def _is_set_elsewhere(app: App, program: Program, listener: Listener) -> bool:
    """Whether a variable that the server reads by itself is set."""
    if not listener.environment:
        return False
    declared = set(app.declared.config_vars) | set(program.run.variables)
    texts = [scope.source.text for scope in program.execution.modules if len(listener.environment) > 1]
    return any(name in declared or any(name in text for text in texts) for name in listener.environment)


def _dash_reads_port(app: App, listener: Listener) -> bool:
    if not listener.name.startswith("dash.") or app.packages.install_set is None:
        return False
    declared = app.packages.install_set.query("dash").declared
    specifier = declared.specifier if declared else ""
    least, latest = least_version(specifier), latest_allowed(specifier)
    return bool(least and latest and least[:2] == latest[:2] == DASH_READS_PORT)


def _shown(listener: Listener) -> str:
    """The call as it is written, without its arguments."""
    function = listener.call.node.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}()"
    if isinstance(function, ast.Name):
        return f"{function.id}()"
    return f"{listener.name.rpartition('.')[2]}()"


def _advice(listener: Listener) -> str:
    call, name = _shown(listener).removesuffix("()"), listener.name
    if listener.is_webhook:
        return f'Listen on all addresses:\n    {call}(listen="0.0.0.0", port={RIGHT_PORT}, …)'
    if name.endswith(".launch"):
        return f'Give it the address:\n    {call}(server_name="0.0.0.0", server_port={RIGHT_PORT})'
    if name == "waitress.serve":
        return f"Give it the port:\n    {call}(app, port={RIGHT_PORT})"
    if name.startswith(("uvicorn.", "aiohttp.")):
        return f'Give it the address:\n    {call}(…, host="0.0.0.0", port={RIGHT_PORT})'
    if "Server" in name.rpartition(".")[2] or "socket" in name:
        return f'Give it the address:\n    ("0.0.0.0", {RIGHT_PORT})'
    return f'Give it the address:\n    {call}(host="0.0.0.0", port={RIGHT_PORT})'


@check("uvicorn-run-workers", severity=Severity.WARNING, url="https://www.uvicorn.org/deployment/")
def uvicorn_run_workers(app: App) -> Iterator[Problem]:
    """`uvicorn.run()` is given an application object and ends, because it is to start more than one worker.

    uvicorn starts as many workers as the variable `WEB_CONCURRENCY` says, and the buildpack sets that: to 2 on the
    smallest dynos, and to more on larger ones. For more than one worker, and for `reload=True`, it wants an import
    string such as `"main:app"`; given an object it prints "You must pass the application as an import string to enable
    'reload' or 'workers'" and ends.

    The argument `workers=1` takes precedence over the variable. A config var `WEB_CONCURRENCY=1` helps as well, which
    the files do not show.

    Source: ``uvicorn/main.py`` and ``uvicorn/config.py`` of uvicorn 0.54.0; measured on 2026-11-25.

    ## How to fix

    Give it an import string, or ask for one worker:

        uvicorn.run("main:app", host="0.0.0.0", port=int(os.environ["PORT"]))
    """
    for process in app.processes.types.values():
        for program in process.programs:
            for listener in program.listeners:
                if listener.name == "uvicorn.run" and (problem := _needs_string(app, program, listener)):
                    yield problem


def _needs_string(app: App, program: Program, listener: Listener) -> Problem | None:
    arguments = {each.arg: each.value for each in listener.call.node.keywords}
    given = listener.call.node.args[:1] or [arguments[name] for name in ("app",) if name in arguments]
    if not given or None in arguments or not program.is_object(listener, given[0]):
        return None
    workers = program.literal(listener, arguments["workers"]) if "workers" in arguments else 0
    reloads = "reload" in arguments and program.literal(listener, arguments["reload"]) is True
    help_text = f'Give it an import string, "{_module(program)}:{_name(given[0])}", or add workers=1.'
    if reloads or (isinstance(workers, int) and workers > 1):
        why = "reload=True" if reloads else f"workers={workers}"
        return Problem(
            f"uvicorn.run() is given an application object and {why}, for which it needs an import string: the process "
            "ends as soon as it starts",
            listener.at,
            help=help_text if reloads is False else help_text.replace(", or add workers=1", " and remove reload"),
            severity=None if listener.maybe else Severity.ERROR,
            fix=None if reloads else one_worker(app, listener),
        )
    is_set = WEB_CONCURRENCY in program.run.variables or WEB_CONCURRENCY in app.declared.config_vars
    mentions = any(WEB_CONCURRENCY in scope.source.text for scope in program.execution.modules)
    if not _is_none(arguments.get("workers")) or is_set or mentions:
        return None
    return Problem(
        "uvicorn.run() is given an application object, and the buildpack sets WEB_CONCURRENCY to 2 or more: uvicorn "
        "needs an import string to start several workers, and the process ends as soon as it starts",
        listener.at,
        help=help_text,
        certain=False,
        fix=one_worker(app, listener),
    )


def _is_none(node: ast.expr | None) -> bool:
    """Whether an argument is not given, or is None."""
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _module(program: Program) -> str:
    return program.path.removesuffix(".py").replace("/", ".")


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else "app"


@check("procfile-web-without-server", severity=Severity.WARNING, url=DEV_CENTER + "procfile#the-web-process-type")
def procfile_web_without_server(app: App) -> Iterator[Problem]:
    """The process type `web` runs a bot, a worker or an endless loop that listens on no port.

    Heroku expects a `web` process to listen on the port in `PORT` within a minute, and stops the dyno otherwise (R10,
    "Boot timeout"); it is then restarted again and again. A bot that asks for messages (discord.py, `run_polling` of
    python-telegram-bot, aiogram, telebot, Slack's socket mode), a Celery or RQ worker and a scheduler listen nowhere.
    They belong in a process type of another name, by custom `worker`, which nothing stops.

    Nothing is said where the script may listen in a way that is not followed.

    ## How to fix

    Call the process type `worker`, and scale it:

        worker: python bot.py

        heroku ps:scale web=0 worker=1
    """
    web = app.processes.web
    if web is None or web.services or app.files.tree.is_file(".profile"):
        return
    what = _background_job(web) or _poller(web)
    if what:
        yield Problem(
            f"web runs {what}, which listens on no port: Heroku stops the dyno after a minute (R10). Its process type "
            "must be worker",
            web.name_at,
            help=f"Call the process type worker, and scale it:\n    {SCALE}",
            certain=False,
            fix=call_worker(app, web),
        )


JOBS = {
    "celery": ("worker", "beat"),
    "rq": ("worker", "worker-pool"),
    "dramatiq": (),
    "huey_consumer": (),
    "huey_consumer.py": (),
    "arq": (),
    "rqworker": (),
    "rqscheduler": (),
    "manage.py": ("rqworker", "process_tasks", "qcluster", "run_huey", "rqscheduler", "db_worker"),
}
"""Programs that work through jobs, with the subcommands that do."""


def _background_job(web: ProcessType) -> str | None:
    if len(web.all_runs) != 1:
        return None
    run = web.all_runs[0]
    words = [word.text for word in run.arguments]
    name = run.name
    if words and words[0].endswith("manage.py"):
        name, words = "manage.py", words[1:]
    wanted = JOBS.get(name)
    if wanted is None or run.conditional:
        return None
    if name == "manage.py":
        words = words[:1]
    command = next((word for word in words if word in wanted), "")
    return f"{name} {command}".strip() if command or not wanted else None


def _poller(web: ProcessType) -> str | None:
    if len(web.programs) != 1 or web.programs[0].run is not web.all_runs[-1]:
        return None
    program = web.programs[0]
    if program.listeners or program.may_serve or program.run.conditional:
        return None
    poller = next((each for each in program.pollers if not each.maybe), None)
    if poller is None:
        return None
    return f"{program.path}, a {'bot' if poller.name else 'program with an endless loop'}"


FLASK = {
    "requirements.txt": "Flask==3.1\n",
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n\n"
    "if __name__ == '__main__':\n    app.run(debug=True)\n",
    "Procfile": "web: python app.py\n",
}
UVICORN = {
    "requirements.txt": "fastapi==0.121\nuvicorn==0.38\n",
    "main.py": "import os\n\nimport uvicorn\nfrom fastapi import FastAPI\n\napp = FastAPI()\n"
    'uvicorn.run(app, host="0.0.0.0", port=int(os.environ["PORT"]))\n',
    "Procfile": "web: python main.py\n",
}
BOT = {
    "requirements.txt": "discord.py==2.6\n",
    "bot.py": 'import discord\n\nclient = discord.Client(intents=discord.Intents.default())\nclient.run("token")\n',
}
procfile_code_port.examples(
    bad=[Example(FLASK, at=("app.py:6:5-6:24",))],
    good=[
        Example(
            {
                **FLASK,
                "app.py": "import os\n\nfrom flask import Flask\n\napp = Flask(__name__)\n"
                'app.run(host="0.0.0.0", port=int(os.environ.get("PORT", 5000)))\n',
            }
        )
    ],
)
uvicorn_run_workers.examples(
    bad=[Example(UVICORN, at=("main.py:7:1-7:63",))],
    good=[Example({**UVICORN, "main.py": UVICORN["main.py"].replace(")\n", ", workers=1)\n")})],
)
procfile_web_without_server.examples(
    bad=[Example({**BOT, "Procfile": "web: python bot.py\n"}, at=("Procfile:1:1-1:4",))],
    good=[Example({**BOT, "Procfile": "worker: python bot.py\n"})],
)
