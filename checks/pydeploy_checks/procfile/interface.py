"""Whether the server and the application that it serves speak the same interface, and factories are called."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_checks.add import with_packages
from pydeploy_checks.procfile.fixes.suggest import Command, missing_server, served_by
from pydeploy_checks.procfile.fixes.words import add_words, edit_command, remove_option, replace_words, start_with
from pydeploy_lint.plugin import (
    DEV_CENTER,
    App,
    Application,
    Breaks,
    Example,
    Interface,
    Problem,
    ProcessType,
    Service,
    Severity,
    check,
    latest_allowed,
)

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Fix

URL = DEV_CENTER + "python-gunicorn"
ASGI_WORKERS = ("uvicorn.workers.", "uvicorn_worker.")
WSGI_WORKERS = ("sync", "gthread", "gevent", "gevent_wsgi", "gevent_pywsgi", "eventlet", "tornado", "gaiohttp")
AIOHTTP_WORKERS = ("aiohttp.",)
DASH_IS_CALLABLE = (3, 1)


@check("procfile-wrong-interface", severity=Severity.ERROR, breaks=Breaks.REQUESTS, url=URL)
def procfile_wrong_interface(app: App) -> Iterator[Problem]:
    """The server cannot call the application: one speaks WSGI and the other ASGI.

    Flask, Django's `wsgi.py`, Bottle and Falcon's `App` are WSGI applications. FastAPI, Starlette, Litestar, Quart and
    Django's `asgi.py` are ASGI applications. gunicorn's own workers and waitress speak WSGI; uvicorn, daphne and
    gunicorn with `-k uvicorn_worker.UvicornWorker` speak ASGI; granian speaks RSGI unless `--interface` says
    otherwise. hypercorn speaks both. With the wrong pair the process starts, and answers every request with
    "500 Internal Server Error".

    A `Dash` object can be called by a server since Dash 3.1 only; before that, its attribute `server` is what to serve.

    The object is found by reading the code: assignments, factories, subclasses and imports between the app's own
    modules are followed, and adapters such as `a2wsgi` and asgiref's `WsgiToAsgi` are known. Nothing is said where
    that leads nowhere.

    Measured with gunicorn 27.0.1, uvicorn 0.54.0, daphne 4.2.3, waitress 3.0.2, granian 2.8.7, hypercorn 0.18.0,
    FastAPI 0.165.0, Flask 3.1.3 and dash 1.9 to 4.4.1 (2026-11-25).

    ## How to fix

    Use a server for the interface of the application:

        web: uvicorn main:app --host 0.0.0.0 --port $PORT
    """
    for process in app.processes.types.values():
        target, served = process.target, process.application
        if target is None or served is None or process.server is None or served.interface is None:
            continue
        if served.factory and not served.is_called and process.server.server.name != "uvicorn":
            continue
        found = _mismatch(app, process, process.server, served)
        if found:
            yield Problem(found.message, target.at, help=found.help, fix=_fix(app, process, process.server, found))


class _Misuse(NamedTuple):
    """What is wrong with how a server is started, and what makes it right."""

    message: str
    help: str
    command: str = ""
    """Another command for the process."""
    target: str = ""
    """Another target."""
    add: str = ""
    """An option to add."""
    remove: str = ""
    """An option to remove."""


def _fix(app: App, process: ProcessType, service: Service, found: _Misuse) -> Fix | None:
    """What makes it right, as a suggestion; None where somebody has to decide."""
    run, word = service.run, service.target
    if found.command:
        command = Command(found.command, is_complete=True)
        way = edit_command(f"Start the app with `{found.command}`", start_with(app, process, found.command))
        return with_packages(app, way, *missing_server(app, command))
    if found.target and word:
        edit = replace_words(app, process, run, (word,), quote(found.target))
        return edit_command(f"Serve {found.target}", edit)
    if found.add:
        return edit_command(f"Add {found.add}", add_words(app, process, run, found.add))
    if found.remove:
        return edit_command(f"Remove {found.remove}", remove_option(app, process, service, found.remove))
    return None


def spoken(process: ProcessType, service: Service) -> Interface | None:
    """The interface that a server speaks, where it speaks one only."""
    name = service.server.name
    if name == "gunicorn":
        worker = process.worker_class.name if process.worker_class else ""
        if worker == "asgi" or worker.startswith(ASGI_WORKERS):
            return Interface.ASGI
        if worker.startswith(AIOHTTP_WORKERS):
            return Interface.AIOHTTP
        return Interface.WSGI if worker in WSGI_WORKERS else None
    if name == "uvicorn":
        words = service.values(("--interface",))
        given = words[-1].text if words else service.run.variables.get("UVICORN_INTERFACE", "auto")
        return {"auto": Interface.ASGI, "asgi3": Interface.ASGI, "wsgi": Interface.WSGI}.get(given)
    if name == "granian":
        words = service.values(("--interface",))
        given = words[-1].text if words else service.run.variables.get("GRANIAN_INTERFACE", "rsgi")
        return {"asgi": Interface.ASGI, "asginl": Interface.ASGI, "wsgi": Interface.WSGI}.get(given)
    return {"daphne": Interface.ASGI, "waitress-serve": Interface.WSGI}.get(name)


def _speaks_rsgi(service: Service) -> bool:
    given = [*service.values(("--interface",))]
    variable = service.run.variables.get("GRANIAN_INTERFACE")
    return service.server.name == "granian" and (given[-1].text if given else variable or "rsgi") == "rsgi"


def _mismatch(app: App, process: ProcessType, service: Service, served: Application) -> _Misuse | None:
    """What is wrong, where a server cannot call what it is given."""
    wanted, name = served.interface, service.server.name
    assert process.target is not None
    target = f"{process.target.module}:{process.target.expression}"
    if wanted is Interface.DASH:
        if not _is_old_dash(app):
            return None
        is_there = served_by(app, process.target.module, "server") is not None
        return _Misuse(
            f"{name} serves {target}, a Dash object, which a server cannot call before Dash 3.1: its attribute server "
            "is the WSGI application",
            f"Add `server = {process.target.attribute}.server` to the module and serve that:\n"
            f"    {process.name}: gunicorn {process.target.module}:server",
            target=f"{process.target.module}:server" if is_there else "",
        )
    if _speaks_rsgi(service):
        kind = "asgi" if wanted is Interface.ASGI else "wsgi"
        return _Misuse(
            f"{name} calls {target} by RSGI, its default, but {served.framework} speaks {wanted and wanted.value}: "
            "every request ends with status 500",
            f"Add --interface {kind}",
            add=f"--interface {kind}",
        )
    speaks = spoken(process, service)
    if speaks is None or speaks is wanted or wanted is None:
        return None
    worker = process.worker_class.name if name == "gunicorn" and process.worker_class else ""
    by = f"gunicorn's worker class {worker}" if worker else name
    end = "every request ends with status 500"
    if wanted is Interface.AIOHTTP:
        command = f"gunicorn {target} -k aiohttp.GunicornWebWorker"
        return _Misuse(
            f"{by} speaks {speaks.value}, but {target} is an application of aiohttp, which only its own worker class "
            f"can serve: {end}",
            f"Use its worker class:\n    {process.name}: {command}",
            command,
        )
    command = f"uvicorn {target} --host 0.0.0.0 --port $PORT" if wanted is Interface.ASGI else f"gunicorn {target}"
    return _Misuse(
        f"{by} speaks {speaks.value}, but {target} is made by {served.framework}, which speaks {wanted.value}: {end}",
        f"Use a server for {wanted.value}, such as {command.split()[0]}:\n    {process.name}: {command}",
        command if "(" not in target and process.target.paths[0] == "" else "",
    )


def _is_old_dash(app: App) -> bool:
    installed = app.packages.install_set
    answer = installed.query("dash") if installed else None
    if answer is None or answer.declared is None:
        return False
    latest = latest_allowed(answer.declared.specifier)
    return latest is not None and latest < DASH_IS_CALLABLE


@check("procfile-factory", severity=Severity.ERROR, url=URL)
def procfile_factory(app: App) -> Iterator[Problem]:
    """The server is told to serve a function that makes the application, in a way that cannot work.

    A factory such as Flask's `create_app` has to be called once, when the server starts:

    - gunicorn calls it where the target is `'app:create_app()'`, in quotes. Without the parentheses it calls the
      factory with two arguments for each request, and answers all with "500 Internal Server Error".
    - uvicorn calls it with `--factory`, or without it where it takes no arguments; granian with `--factory`, and
      waitress with `--call`. They give it no arguments.
    - A call must fit the function: gunicorn ends with "Failed to load app" where arguments are missing.
    - A factory must return the application.

    Measured with gunicorn 27.0.1, uvicorn 0.54.0, granian 2.8.7 and waitress 3.0.2 (2026-11-25).

    ## How to fix

    Call the factory, and put the target in quotes:

        web: gunicorn 'app:create_app()'
    """
    for process in app.processes.types.values():
        target, served = process.target, process.application
        if target and served and process.server and (found := _misused(process, process.server, served)):
            yield Problem(found.message, target.at, help=found.help, fix=_fix(app, process, process.server, found))


def _misused(process: ProcessType, service: Service, served: Application) -> _Misuse | None:
    """What is wrong, where a factory is not called, or cannot be called in this way."""
    assert process.target is not None
    module, expression, name = process.target.module, process.target.expression, service.server.name
    target, factory = f"{module}:{expression}", served.factory
    flag = {"uvicorn": "--factory", "granian": "--factory", "waitress-serve": "--call"}.get(name)
    is_flagged = flag is not None and flag in service.options
    if served.uncallable:
        message = f"{name} cannot serve {target}: it is a {served.framework}, not an application"
        return _Misuse(message, "Name the application.")
    if factory is None:
        return _flagged_object(name, target, flag, served) if is_flagged and flag else None
    if served.is_called:
        return _called(name, target, served) if name in ("gunicorn", "hypercorn") else None
    if is_flagged or name == "uvicorn" or (name == "gunicorn" and _is_uvicorn_worker(process)):
        return _called_without_arguments(name, target, flag or "", served, is_flagged=is_flagged)
    return _uncalled(process, name, target, served)


def _flagged_object(name: str, target: str, flag: str, served: Application) -> _Misuse | None:
    """An application that is taken for a factory."""
    if not served.interface or served.interface is Interface.DASH or name == "waitress-serve":
        return None
    return _Misuse(
        f"{name} {flag} calls {target} to make the application, but it is the application itself, made by "
        f"{served.framework}: the process ends as soon as it starts",
        f"Remove {flag}.",
        remove=flag,
    )


def _called(name: str, target: str, served: Application) -> _Misuse | None:
    """A call in the target."""
    assert served.factory is not None
    if served.factory.takes(*served.call):
        return _without_result(name, target, served)
    return _Misuse(
        f"{name} calls {target}, but the arguments do not fit the function, which takes {_parameters(served)}: the "
        "process ends as soon as it starts",
        "Give the function what it needs, or defaults for its parameters.",
    )


def _called_without_arguments(
    name: str, target: str, flag: str, served: Application, *, is_flagged: bool
) -> _Misuse | None:
    factory = served.factory
    assert factory is not None
    if factory.takes(0):
        return _without_result(name, target, served) if is_flagged else None
    if not is_flagged and served.interface is None:
        return None  # An application by itself: async def app(scope, receive, send).
    what = f"{name} {flag} calls {target}" if is_flagged else f"{name} calls the factory {target}"
    return _Misuse(
        f"{what} without arguments, but it takes {_parameters(served)}: "
        + ("the process ends as soon as it starts" if is_flagged else "every request ends with status 500"),
        "Give its parameters defaults, or make the application in the module and serve that.",
    )


def _without_result(name: str, target: str, served: Application) -> _Misuse | None:
    if not served.returns_nothing or served.is_async:
        return None
    return _Misuse(
        f"{name} calls {target}, but the function returns nothing: the process ends as soon as it starts",
        "Let the function return the application.",
    )


def _uncalled(process: ProcessType, name: str, target: str, served: Application) -> _Misuse | None:
    """A factory that is taken for the application."""
    factory = served.factory
    assert factory is not None
    speaks = process.server and spoken(process, process.server)
    count = {Interface.WSGI: 2, Interface.ASGI: 3}.get(speaks) if speaks else None
    if name == "hypercorn" and served.interface:
        count = 2
    if count is None:
        return None
    fits = factory.takes(count)
    if served.interface is None and (fits or served.is_async):
        return None
    is_gunicorn = name in ("gunicorn", "hypercorn")
    call = f"{process.name}: {name} '{target}()'"
    option = {"granian": "--factory", "waitress-serve": "--call"}.get(name)
    advice = f"Call it, in quotes:\n    {call}" if is_gunicorn else f"Add {option}." if option else "Serve its result."
    needed = factory.required or len(factory.required_keywords)
    if is_gunicorn and needed:
        advice = f"Call it, in quotes, with what it needs; it takes {_parameters(served)}."
    return _Misuse(
        f"{name} takes {target} for the application, but it is a function that makes one and is not called: "
        "every request ends with status 500",
        advice,
        target=f"{target}()" if is_gunicorn and not needed else "",
        add=option or "",
    )


def _parameters(served: Application) -> str:
    assert served.factory is not None
    names = [*served.factory.names, *sorted(served.factory.required_keywords)]
    return ", ".join(names) if names else "none"


def _is_uvicorn_worker(process: ProcessType) -> bool:
    return process.worker_class is not None and process.worker_class.name.startswith(ASGI_WORKERS)


FASTAPI = {
    "main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
    "requirements.txt": "fastapi==0.121\ngunicorn==23.0\nuvicorn==0.38\n",
}
FLASK = {
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    "requirements.txt": "Flask==3.1\ngunicorn==23.0\nuvicorn==0.38\n",
}
DASH = {
    "app.py": "from dash import Dash\n\napp = Dash(__name__)\nserver = app.server\n",
    "requirements.txt": "dash==2.18.1\ngunicorn==23.0\n",
}
UVICORN = "uvicorn {} --host 0.0.0.0 --port $PORT\n"
FACTORY = {
    **FLASK,
    "app.py": "from flask import Flask\n\n\ndef create_app(config=None):\n    return Flask(__name__)\n",
}
procfile_wrong_interface.examples(
    bad=[
        Example({**FASTAPI, "Procfile": "web: gunicorn main:app\n"}, at=("Procfile:1:15-1:23",)),
        Example({**FLASK, "Procfile": "web: " + UVICORN.format("app:app")}, at=("Procfile:1:14-1:21",)),
        Example({**DASH, "Procfile": "web: gunicorn app:app\n"}, at=("Procfile:1:15-1:22",)),
    ],
    good=[
        Example({**FASTAPI, "Procfile": "web: gunicorn -k uvicorn.workers.UvicornWorker main:app\n"}),
        Example({**DASH, "Procfile": "web: gunicorn app:server\n"}),
        Example(
            {
                **FLASK,
                "app.py": "from asgiref.wsgi import WsgiToAsgi\nfrom flask import Flask\n\napp = Flask(__name__)\n"
                "asgi = WsgiToAsgi(app)\n",
                "Procfile": "web: " + UVICORN.format("app:asgi"),
            }
        ),
    ],
)
procfile_factory.examples(
    bad=[Example({**FACTORY, "Procfile": "web: gunicorn app:create_app\n"}, at=("Procfile:1:15-1:29",))],
    good=[Example({**FACTORY, "Procfile": "web: gunicorn 'app:create_app()'\n"})],
)
__all__ = ["procfile_factory", "procfile_wrong_interface", "spoken"]
