"""A check of our own: the Procfile starts no development server."""

import re
from collections.abc import Iterator

from pydeploy_lint.plugin import App, Example, Problem, Severity, check

DEVELOPMENT_SERVER = re.compile(r"manage\.py runserver|flask run")


@check("example-development-server", severity=Severity.WARNING)
def development_server(app: App) -> Iterator[Problem]:
    """The `Procfile` starts a development server.

    Such a server answers one request at a time, and shows its source code to whoever makes it fail.

    ## How to fix

    Start the app with a server for production, such as gunicorn.
    """
    procfile = app.files.source("Procfile")
    if procfile is None:
        return
    for found in DEVELOPMENT_SERVER.finditer(procfile.text):
        yield Problem(
            f"Procfile starts a development server, {found[0]!r}; Heroku would serve the app with it",
            procfile.span(*found.span()),
            help="Start a server for production instead, such as gunicorn.",
        )


development_server.examples(
    bad=[Example({"Procfile": "web: flask run\n"}, at=("Procfile:1:6-1:15",))],
    good=[Example({"Procfile": "web: gunicorn app:app\n"})],
)
