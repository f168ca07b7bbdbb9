"""The line of a Procfile that starts an app, made from the application that is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.plugin import Installed, lacks_attribute, served_object

if TYPE_CHECKING:
    from pydeploy_lint.plugin import App

ENTRY_MODULES = ("app", "main", "wsgi", "asgi", "application", "server", "run", "index", "streamlit_app", "api")
FRAMEWORKS = {
    "flask": "gunicorn {target}",
    "fastapi": "uvicorn {target} --host 0.0.0.0 --port $PORT",
    "starlette": "uvicorn {target} --host 0.0.0.0 --port $PORT",
    "litestar": "uvicorn {target} --host 0.0.0.0 --port $PORT",
    "quart": "hypercorn {target} --bind 0.0.0.0:$PORT",
    "falcon": "gunicorn {target}",
    "bottle": "gunicorn {target}",
    "dash": "gunicorn {module}:server",
    "streamlit": "streamlit run {module}.py --server.port $PORT",
}
"""How apps of each web framework are usually started."""


class Command(NamedTuple):
    """How to start an app."""

    line: str
    """The command of the process type ``web``."""
    is_complete: bool
    """Whether what it serves is there; otherwise it shows the form only."""

    @property
    def server(self) -> str:
        """The distribution of the server."""
        return self.line.split()[0]


def suggested_command(app: App) -> Command | None:
    """How to start a web app; None where there is no sign of one."""
    installed = app.packages.install_set
    if installed is None:
        return None
    if app.build.manage_py and installed.query("django").installed is Installed.YES:
        return _django(app, app.build.manage_py.removesuffix("manage.py"))
    for framework, line in FRAMEWORKS.items():
        if installed.query(framework).installed is Installed.YES and (found := _serving(app, framework, line)):
            return found
    return None


def missing_server(app: App, command: Command) -> tuple[str, ...]:
    """The packages to install before an app can be started in a way."""
    installed = app.packages.install_set
    is_there = installed is not None and installed.query(command.server).installed is Installed.YES
    return () if is_there else (command.server,)


def module_file(module: str) -> str:
    """The file of a module in the root directory."""
    return f"{module.replace('.', '/')}.py"


def served_by(app: App, module: str, name: str | None = None) -> str | None:
    """The object that a module in the root directory has for a server; None where it has none, or is not there.

    Args:
        app: the app.
        module: its name, with dots.
        name: the object; by default the one that looks like an application.
    """
    path = module_file(module)
    source = app.files.source(path)
    if source is None:
        return None
    name = name or served_object(source)
    return None if lacks_attribute(app.files.tree, path, name, app.files.source) else name


def _django(app: App, directory: str) -> Command:
    names = app.files.tree.names(directory.rstrip("/"))
    project = next((name for name in names if app.files.tree.is_file(f"{directory}{name}/wsgi.py")), None)
    place = f"--chdir {directory[:-1]} " if directory else ""
    wsgi = f"{directory}{project}/wsgi.py"
    is_there = project is not None and not lacks_attribute(app.files.tree, wsgi, "application", app.files.source)
    return Command(f"gunicorn {place}{project or 'mysite'}.wsgi", is_there)


def _serving(app: App, framework: str, line: str) -> Command | None:
    """The command for the first module that uses a framework, one that has the object best."""
    found = []
    for module in ENTRY_MODULES:
        source = app.files.source(f"{module}.py")
        if source and re.search(rf"^[^\S\n]*(?:from|import)\s+{framework}\b", source.text, re.MULTILINE):
            command = line.format(module=module, target=f"{module}:{served_object(source)}")
            target = re.search(r"(?<=\w):(\w+)", command)
            is_there = not target or not lacks_attribute(app.files.tree, source.path, target[1], app.files.source)
            found.append(Command(command, is_there))
    return next((each for each in found if each.is_complete), None) or next(iter(found), None)
