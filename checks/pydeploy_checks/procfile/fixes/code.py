"""The fixes of scripts that run as process type web: the address in their code, or another process type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.plugin import Argument, Edit, Fix, add_imports, give_arguments

if TYPE_CHECKING:
    from pydeploy_lint.plugin import App, Listener, ProcessType

RIGHT_PORT = 'int(os.environ["PORT"])'
SCALE = "heroku ps:scale web=0 worker=1"


def listen_on_port(app: App, listener: Listener, *, is_local: bool) -> Fix | None:
    """Listen on Heroku's port, and elsewhere on the port of now; a suggestion, as other machines then reach the server.

    Args:
        app: the app.
        listener: the call that starts the server.
        is_local: whether it has to be given another host, too.

    Returns:
        None where it is not this call that takes the address.
    """
    host, port = listener.host_parameter, listener.port_parameter
    source = app.files.source(listener.at.path)
    if source is None or port is None or (is_local and host is None):
        return None
    now = [str(value) for value in listener.port.values]
    right = f'int(os.environ.get("PORT", {now[0]}))' if len(now) == 1 and now[0].isdecimal() else RIGHT_PORT
    wanted = [Argument(*host, '"0.0.0.0"')] if host and is_local else []
    if "PORT" not in listener.port.variables:
        wanted.append(Argument(*port, right))
    imports = add_imports(source, ("import os",), listener.call.node.lineno)
    edits = give_arguments(source, listener.call.node, *wanted)
    if imports is None or edits is None:
        return None
    return Fix("Listen on all addresses, on the port in PORT", (*imports, *edits), safe=False)


def one_worker(app: App, listener: Listener) -> Fix | None:
    """Start one worker; a suggestion, as several may be wanted."""
    source = app.files.source(listener.at.path)
    edits = give_arguments(source, listener.call.node, Argument("workers", None, "1")) if source else None
    return Fix("Start one worker, with workers=1", edits, safe=False) if edits else None


def call_worker(app: App, web: ProcessType) -> Fix | None:
    """Call a process type worker, which then has to be scaled; None where there is one of that name."""
    if web.name_at.line is None or "worker" in app.processes.types:
        return None
    return Fix(
        "Call the process type worker, and scale it", (Edit(web.name_at, "worker"),), safe=False, commands=(SCALE,)
    )
