"""gunicorn's worker classes: whether the package that a class is in, or needs, is installed."""

from __future__ import annotations

from collections.abc import Iterator

from pydeploy_checks.add import add, add_help
from pydeploy_checks.procfile.installed import comes_with_extra, not_listed
from pydeploy_lint.plugin import App, Example, Installed, Problem, Severity, check, latest_allowed, least_version

URL = "https://docs.gunicorn.org/en/stable/design.html"
PACKAGES = {
    "gevent": ("gevent",),
    "gevent_wsgi": ("gevent",),
    "gevent_pywsgi": ("gevent",),
    "eventlet": ("eventlet",),
    "tornado": ("tornado",),
    "gaiohttp": ("aiohttp",),
}
"""The distributions that the classes with a short name need."""
MODULES = {
    "aiohttp": "aiohttp",
    "eventlet": "eventlet",
    "geventwebsocket": "gevent-websocket",
    "meinheld": "meinheld",
    "sanic": "sanic",
    "tornado": "tornado",
    "uvicorn": "uvicorn",
    "uvicorn_worker": "uvicorn-worker",
    "bjoern": "bjoern",
    "uvicorn_gunicorn": "uvicorn",
}
"""The distributions of modules with worker classes."""
EXTRAS = {
    "gevent": (("gunicorn", "gevent"),),
    "eventlet": (("gunicorn", "eventlet"),),
    "tornado": (("gunicorn", "tornado"),),
    "uvicorn": (("fastapi", "standard"), ("fastapi", "all"), ("fastapi-cli", "standard"), ("litestar", "standard")),
}
"""The extras, with their distributions, that bring these along."""
REMOVED = {"eventlet": (26,), "gaiohttp": (20,)}
"""The first versions of gunicorn without a class. Source: ``gunicorn/workers/__init__.py`` of 19.9 to 27.0."""
ADDED = {"asgi": (24,)}
"""A version of gunicorn before which there surely was no such class: 23.0 has none, 25.0 has one."""


@check("procfile-worker-class", severity=Severity.ERROR, url=URL)
def procfile_worker_class(app: App) -> Iterator[Problem]:
    """Gunicorn is told to use a worker class whose package is not installed.

    `-k gevent` needs gevent, `-k uvicorn.workers.UvicornWorker` needs uvicorn, and
    `-k uvicorn_worker.UvicornWorker` needs uvicorn-worker. gunicorn installs none of them, and ends as soon as it
    starts. The class is read from the command line, from `GUNICORN_CMD_ARGS` and from gunicorn's configuration file.

    gunicorn 26 removed the class `eventlet`, and 25 brought the class `asgi`.

    A `requirements.txt` that lists no more than the direct dependencies leaves it open whether another package brings
    the missing one along; that is a warning.

    ## How to fix

    Add the package to what is installed:

        pip install gevent && pip freeze > requirements.txt
    """
    for process in app.processes.types.values():
        worker = process.worker_class
        if worker is None or app.packages.install_set is None or app.processes.may_be_changed:
            continue
        gunicorn = app.packages.install_set.query("gunicorn")
        specifier = gunicorn.declared.specifier if gunicorn.declared else ""
        least, latest = least_version(specifier), latest_allowed(specifier)
        if worker.name in REMOVED and least and least >= REMOVED[worker.name]:
            first = ".".join(map(str, REMOVED[worker.name]))
            yield Problem(
                f"gunicorn {first} removed the worker class {worker.name}: the process ends as soon as it starts",
                worker.at,
                help="Use another worker class, such as gevent or gthread.",
            )
        elif worker.name in ADDED and latest and latest < ADDED[worker.name]:
            yield Problem(
                f"gunicorn has the worker class {worker.name} since version 25, but an older one is installed: the "
                "process ends as soon as it starts",
                worker.at,
                help="Require gunicorn>=25, or use the worker class of the package uvicorn-worker.",
            )
        elif problem := _missing(app, worker.name):
            message, severity = problem
            yield Problem(
                f"gunicorn's worker class {worker.name} needs {message}",
                worker.at,
                help=add_help(app, needed(worker.name) or ""),
                fix=add(app, needed(worker.name) or ""),
                severity=severity,
                certain=severity is None,
            )


def needed(worker: str) -> str | None:
    """The distribution that a worker class needs; None where none is known."""
    if worker in PACKAGES:
        return PACKAGES[worker][0]
    module = worker.removeprefix("egg:").partition("#")[0].partition(".")[0]
    return MODULES.get(module) if module != worker else None


def _missing(app: App, worker: str) -> tuple[str, Severity | None] | None:
    """The end of a sentence, and the severity, where the package is not installed."""
    distribution = needed(worker)
    if distribution is None or app.packages.install_set is None:
        return None
    answer = app.packages.install_set.query(distribution)
    if answer.installed is Installed.YES:
        return None
    if answer.installed is Installed.NO:
        return f"{distribution}, but {distribution} {answer.why}: the process ends as soon as it starts", None
    is_brought = comes_with_extra(app, EXTRAS.get(distribution, ())) or app.packages.may_bring(distribution)
    if is_brought or answer.declared:
        return None
    return (
        f"{distribution}, but {distribution} {not_listed(app)}: unless another package brings it along, the process "
        "ends as soon as it starts",
        Severity.WARNING,
    )


FLASK = {"app.py": "from flask import Flask\n\napp = Flask(__name__)\n"}
GEVENT = {**FLASK, "Procfile": "web: gunicorn -k gevent app:app\n"}
procfile_worker_class.examples(
    bad=[Example({**GEVENT, "requirements.txt": "Flask==3.1\ngunicorn==23.0\n"}, at=("Procfile:1:18-1:24",))],
    good=[
        Example({**GEVENT, "requirements.txt": "Flask==3.1\ngunicorn==23.0\ngevent==25.9\n"}),
        Example({**GEVENT, "requirements.txt": "Flask==3.1\ngunicorn[gevent]==23.0\n"}),
    ],
)
