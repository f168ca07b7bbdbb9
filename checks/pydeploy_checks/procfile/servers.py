"""The web server that the Procfile starts: whether it listens where Heroku connects, and is made for production."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_checks.add import with_packages
from pydeploy_checks.procfile.fixes.suggest import Command, missing_server, suggested_command
from pydeploy_checks.procfile.fixes.words import add_words, edit_command, replace_word, start_with
from pydeploy_lint.plugin import (
    DEV_CENTER,
    EVERYWHERE,
    PORT,
    App,
    BoundAt,
    Example,
    Problem,
    ProcessType,
    Service,
    Severity,
    check,
)

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Edit, Fix

STREAMLIT_CONFIG = ".streamlit/config.toml"
PORT_URL = DEV_CENTER + "runtime-principles#web-servers"


@check("procfile-port", severity=Severity.ERROR, url=PORT_URL)
def procfile_port(app: App) -> Iterator[Problem]:
    """The web server does not listen where Heroku connects to it.

    Heroku chooses a port at each start, gives it in the variable `PORT`, and connects from outside of the dyno. A
    server that listens on another port, or on 127.0.0.1 only, is stopped after a minute (R10, "Boot timeout").

    gunicorn and `fastapi run` read `PORT` by themselves. uvicorn, hypercorn, daphne, waitress, granian, streamlit,
    `flask run` and `manage.py runserver` have to be told.

    Nothing is said where it cannot be told: a socket, a configuration that is computed, nginx in front, an unknown
    program beside the server.

    ## How to fix

    Bind to all addresses, and to the port that Heroku gives:

        web: uvicorn main:app --host 0.0.0.0 --port $PORT
    """
    web = app.processes.web
    if web is None or web.server is None:
        return
    problem = _literal_port(app, web, web.server) or _port_in_file(app, web, web.server)
    if problem is not None:
        yield problem
        return
    if not web.bindings:
        return
    wrong = [(bound, reason) for bound in web.bindings if (reason := _unreachable(bound, web.server))]
    if len(wrong) < len(web.bindings) or app.files.tree.is_file(".profile") or _is_configured(app, web):
        return
    bound, reason = wrong[0]
    advice = f"Make it listen on all addresses, on $PORT:\n    {_right_options(web.server)}"
    way = _listen_on_port(app, web, web.server, bound)
    if web.server.server.name == "runserver" and (command := _for_production(app)):
        line = f"    web: {command.line}"
        advice = f"It is a server for development. Use gunicorn, which listens on the right port by itself:\n{line}"
        way = use_instead(app, web, command)
    yield Problem(
        f"{web.server.server.name} listens {reason}, where Heroku cannot reach it: it must listen on $PORT, or "
        "the dyno is stopped after a minute (R10)",
        bound.at,
        help=advice,
        fix=way,
    )


def _literal_port(app: App, web: ProcessType, service: Service) -> Problem | None:
    """What is wrong where the shell does not put the port in place of its name."""
    server = service.server
    given = [*service.values((*server.bind, *server.host, *server.port)), *service.arguments]
    word = next((each for each in given if each.is_literal and PORT.search(each.text)), None)
    if word is None:
        return None
    return Problem(
        f"{server.name} gets the text {word.text} and not the port: in single quotes, or after a backslash, the shell "
        "replaces nothing, and the process ends as soon as it starts",
        web.word_span(service.run, word),
        help=f"Write it without the quotes:\n    {word.text}",
        fix=edit_command("Let the shell replace $PORT", replace_word(app, web, service.run, word, word.text)),
    )


def _port_in_file(app: App, web: ProcessType, service: Service) -> Problem | None:
    """What is wrong where a committed configuration of streamlit, and nothing else, says where it listens."""
    document = app.files.noted_document(STREAMLIT_CONFIG) if service.server.name == "streamlit" else None
    port = document.get("server", "port") if document else None
    is_elsewhere = len(web.runs) > 1 or service.values(service.server.port) or _reads_environment(app, service)
    if document is None or not isinstance(port, int) or is_elsewhere or app.files.tree.is_file(".profile"):
        return None
    prefix = service.server.environment or ""
    if any(name.startswith(prefix) for name in service.run.variables):
        return None
    return Problem(
        f"streamlit listens on port {port}, where Heroku cannot reach it: it must listen on $PORT, or the dyno is "
        "stopped after a minute (R10)",
        document.span("server", "port"),
        help="Remove the port, and give it on the command line, which comes first:\n"
        "    web: streamlit run app.py --server.port $PORT",
        fix=_listen_on_port(app, web, service, web.bindings[0]) if web.bindings else None,
    )


def _unreachable(bound: BoundAt, service: Service) -> str:
    """Where a server listens, if requests do not get there."""
    if bound.binding.has_fixed_port:
        return f"on port {bound.binding.port}{', its default' if bound.is_default else ''}"
    options = service.values(service.server.host) or service.values(service.server.bind)
    return f"on {bound.binding.host} only{'' if options else ', its default'}" if bound.binding.is_local else ""


def _is_configured(app: App, web: ProcessType) -> bool:
    """Whether the address may come from somewhere else than the command."""
    assert web.server is not None
    if _reads_environment(app, web.server):
        return True
    # A command before it may write the configuration of streamlit; one that cannot be read may say anything.
    return web.server.server.name == "streamlit" and (
        len(web.runs) > 1
        or (app.files.tree.exists(STREAMLIT_CONFIG) and app.files.noted_document(STREAMLIT_CONFIG) is None)
    )


def _reads_environment(app: App, service: Service) -> bool:
    """Whether a config var may give one of the server's options."""
    prefix = service.server.environment
    return prefix is not None and any(
        prefix in source.text for name in ("app.json", ".env") if (source := app.files.source(name))
    )


def _for_production(app: App) -> Command | None:
    """How to start the app with a server for production, where what that serves is known."""
    command = suggested_command(app)
    return command if command and command.is_complete else None


def _listen_on_port(app: App, web: ProcessType, service: Service, bound: BoundAt) -> Fix | None:
    """Give the server the address; a suggestion, as somebody may have started it like that elsewhere."""
    server, run = service.server, service.run
    prefix = server.environment
    if len(web.bindings) > 1 or (prefix and any(name.startswith(prefix) for name in run.variables)):
        return None
    description = f"Let {server.name} listen on $PORT"
    if server.name in ("runserver", "http.server"):
        address = "$PORT" if server.name == "http.server" else f"{EVERYWHERE}:$PORT"
        given = service.arguments[:1]
        edit = replace_word(app, web, run, given[0], address) if given else add_words(app, web, run, address)
        return edit_command(description, edit)
    if server.bind and (given := tuple(service.values(server.bind))):
        return edit_command(description, replace_word(app, web, run, given[-1], f"{EVERYWHERE}:$PORT"))
    if server.bind and server.default.port != "8080":
        return edit_command(description, add_words(app, web, run, f"{server.bind[0]} {EVERYWHERE}:$PORT"))
    if not server.host or not server.port:
        return None
    hosts, ports = service.values(server.host), service.values(server.port)
    edits: list[Edit | None] = []
    more = []
    if bound.binding.is_local and hosts:
        edits.append(replace_word(app, web, run, hosts[-1], EVERYWHERE))
    elif bound.binding.is_local:
        more.append(f"{server.host[0]} {EVERYWHERE}")
    if bound.binding.has_fixed_port and ports:
        edits.append(replace_word(app, web, run, ports[-1], "$PORT"))
    elif bound.binding.has_fixed_port:
        more.append(f"{server.port[0]} $PORT")
    return edit_command(description, *edits, *([add_words(app, web, run, " ".join(more))] if more else []))


def use_instead(app: App, process: ProcessType, command: Command) -> Fix | None:
    """Start another server; a suggestion, as it has options of its own."""
    way = edit_command(f"Start the app with {command.server}", start_with(app, process, command.line))
    return with_packages(app, way, *missing_server(app, command))


def _right_options(service: Service) -> str:
    server = service.server
    if server.name == "runserver":
        return "python manage.py runserver 0.0.0.0:$PORT"
    if server.bind and server.default.port != "8080":
        return f"{server.name} … {server.bind[0]} {EVERYWHERE}:$PORT"
    if server.name == "http.server":
        return "python -m http.server $PORT"
    if server.name == "gradio":
        return "GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=$PORT python app.py"
    program = f"{server.name} {server.subcommand}" if server.subcommand else server.name
    return f"{program} … {server.host[0]} {EVERYWHERE} {server.port[0]} $PORT"


@check("procfile-dev-server", severity=Severity.WARNING, url=DEV_CENTER + "python-gunicorn")
def procfile_dev_server(app: App) -> Iterator[Problem]:
    """The web process is a development server.

    `flask run`, `fastapi dev` and Django's `manage.py runserver` are made for one developer: they are slow, restart on
    changes, and have not been checked for security. Their documentations say not to use them in production.

    ## How to fix

    Use a server that is made for it, such as gunicorn:

        web: gunicorn mysite.wsgi
    """
    web = app.processes.web
    for service in web.services if web else ():
        if web and service.server.is_for_development and not service.run.conditional:
            names = (service.server.subcommand or "runserver", "runserver_plus")
            last = next((word for word in service.run.arguments if word.text in names), service.run.program)
            name = "manage.py" if service.server.name == "runserver" else service.server.name
            shown = f"{name} {last.text}" if last is not service.run.program else name
            command = _for_production(app)
            yield Problem(
                f"web runs {shown}, a development server that is not made for production",
                web.word_span(service.run, service.run.program._replace(end=last.end)),
                help="Start the app with a production server, such as gunicorn or uvicorn"
                + (f":\n    web: {command.line}" if command else "."),
                fix=use_instead(app, web, command) if command and web.server is service else None,
            )


FLASK = {"app.py": "from flask import Flask\n\napp = Flask(__name__)\n"}
WITH_GUNICORN = {**FLASK, "requirements.txt": "Flask==3.1\ngunicorn==23.0\n"}
WITH_UVICORN = {
    "main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
    "requirements.txt": "fastapi==0.121\nuvicorn==0.38\n",
}
RIGHT = {**WITH_GUNICORN, "Procfile": "web: gunicorn app:app\n"}
procfile_port.examples(
    bad=[
        Example({**WITH_UVICORN, "Procfile": "web: uvicorn main:app\n"}, at=("Procfile:1:6-1:13",)),
        Example({**WITH_UVICORN, "Procfile": "web: uvicorn main:app --port $PORT\n"}, at=("Procfile:1:30-1:35",)),
        Example({**RIGHT, "Procfile": "web: gunicorn app:app -b 0.0.0.0:8000\n"}, at=("Procfile:1:26-1:38",)),
        Example({**RIGHT, "gunicorn.conf.py": 'bind = "127.0.0.1:8000"\n'}, at=("gunicorn.conf.py:1:8-1:24",)),
    ],
    good=[
        Example(RIGHT),
        Example({**WITH_UVICORN, "Procfile": "web: uvicorn main:app --host=0.0.0.0 --port=${PORT:-5000}\n"}),
        Example({**RIGHT, "gunicorn.conf.py": "import os\n\nbind = f\"0.0.0.0:{os.environ['PORT']}\"\n"}),
    ],
)
procfile_dev_server.examples(
    bad=[
        Example({**RIGHT, "Procfile": "web: flask run -h 0.0.0.0 -p $PORT\n"}, at=("Procfile:1:6-1:15",)),
        Example(
            {
                "requirements.txt": "Django\n",
                "manage.py": "",
                "Procfile": "web: python manage.py runserver 0.0.0.0:$PORT\n",
            },
            at=("Procfile:1:6-1:32",),
        ),
    ],
    good=[Example(RIGHT), Example({**RIGHT, "Procfile": "web: gunicorn app:app\ndev: flask run\n"})],
)
