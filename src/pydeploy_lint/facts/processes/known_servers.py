"""The web servers that Python apps are started with: their options, what they serve, and where they listen by default.

Sources: the command-line definitions of gunicorn 26, uvicorn 0.54, hypercorn 0.18, daphne 4.2, waitress 3.0,
granian 2.8, fastapi-cli 0.0.34, chainlit 2.12, panel 1.9, bokeh 3.9, voila 0.5, litestar 2.25, quart 0.22, datasette
0.65, shiny 1.8, marimo 0.25, sanic 25.12 and gradio 6.31; the documentation of streamlit, Flask, Django, uWSGI,
mod_wsgi-express, MLflow, aiohttp and Python.
"""

from __future__ import annotations

import re
from typing import NamedTuple

PORT = re.compile(r"\$\{?PORT\b")
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what the app binds to, not what we do
LOCALHOST = "127.0.0.1"
_LOCAL = re.compile(r"127\.\d+\.\d+\.\d+|localhost|\[?::1\]?")


class Binding(NamedTuple):
    """Where a server listens."""

    host: str | None
    """None where it cannot be told."""
    port: str | None
    """A number, or ``$PORT``; None where it cannot be told."""

    @property
    def is_local(self) -> bool:
        """Whether only the dyno itself can connect."""
        return self.host is not None and _LOCAL.fullmatch(self.host) is not None

    @property
    def has_fixed_port(self) -> bool:
        """Whether the port that Heroku gives makes no difference."""
        return self.port is not None and self.port != "$PORT"


class Server(NamedTuple):
    """What is known of a server's command line."""

    name: str
    distribution: str
    flags: frozenset[str]
    """The options that take no value; every other is taken to have one."""
    bind: tuple[str, ...] = ()
    """The options for host and port together."""
    host: tuple[str, ...] = ()
    port: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    """Options by which it listens at a place that cannot be told here, such as a socket or what a file names."""
    default: Binding = Binding(LOCALHOST, "8000")
    environment: str | None = None
    """The prefix of the variables with which options can be given; None where there are none."""
    subcommand: str | None = None
    directory: tuple[str, ...] = ()
    """The options for a directory to import from."""
    serves_module: bool = True
    """Whether the first argument is a module and an attribute in it."""
    is_for_development: bool = False


def _flags(text: str, switches: str = "") -> frozenset[str]:
    """Options without a value; each switch has a form with ``no-`` as well."""
    names = [*text.split(), *switches.split(), *(f"no-{name}" for name in switches.split()), "help", "version"]
    return frozenset(f"-{name}" if len(name) == 1 else f"--{name}" for name in names)


SERVERS = (
    Server(
        "gunicorn",
        "gunicorn",
        _flags(
            "reload spew check-config print-config preload no-sendfile reuse-port D daemon initgroups "
            "disable-redirect-access-to-syslog capture-output log-syslog R enable-stdio-inheritance proxy-protocol "
            "suppress-ragged-eofs do-handshake-on-connect permit-obsolete-folding strip-header-spaces "
            "permit-unconventional-http-method permit-unconventional-http-version casefold-http-method "
            "enable-backlog-metric no-control-socket v"
        ),
        bind=("--bind", "-b"),
        elsewhere=("--paste", "--paster"),
        default=Binding(EVERYWHERE, "$PORT"),
        directory=("--chdir",),
    ),
    Server(
        "uvicorn",
        "uvicorn",
        _flags(
            "reload factory reset-contextvars http2 debug",
            "access-log use-colors proxy-headers server-header date-header",
        ),
        host=("--host",),
        port=("--port",),
        elsewhere=("--uds", "--fd"),
        environment="UVICORN_",
        directory=("--app-dir",),
    ),
    Server(
        "hypercorn",
        "hypercorn",
        _flags("D daemon debug reload"),
        bind=("--bind", "-b"),
        elsewhere=("--config", "-c", "--insecure-bind", "--quic-bind"),
    ),
    Server(
        "daphne",
        "daphne",
        _flags("proxy-headers no-server-name"),
        host=("--bind", "-b"),
        port=("--port", "-p"),
        elsewhere=("--unix-socket", "-u", "--endpoint", "-e", "--fd"),
    ),
    Server(
        "waitress-serve",
        "waitress",
        _flags(
            "call",
            "expose-tracebacks ipv4 ipv6 log-untrusted-proxy-headers clear-untrusted-proxy-headers log-socket-errors "
            "asyncore-use-poll",
        ),
        bind=("--listen",),
        host=("--host",),
        port=("--port",),
        elsewhere=("--unix-socket",),
        default=Binding(EVERYWHERE, "8080"),
    ),
    Server(
        "granian",
        "granian",
        _flags(
            "",
            "ws websockets http1-keep-alive http1-pipeline-flush http2-adaptive-window log access-log reload "
            "ssl-client-verify respawn-failed-workers factory metrics reload-ignore-worker-failure",
        ),
        host=("--host",),
        port=("--port",),
        elsewhere=("--uds",),
        environment="GRANIAN_",
        directory=("--working-dir",),
    ),
    Server(
        "fastapi",
        "fastapi-cli",
        _flags("verbose", "reload proxy-headers"),
        host=("--host",),
        port=("--port",),
        default=Binding(EVERYWHERE, "$PORT"),
        subcommand="run",
        serves_module=False,
    ),
    Server(
        "fastapi",
        "fastapi-cli",
        _flags("verbose", "reload proxy-headers"),
        host=("--host",),
        port=("--port",),
        default=Binding(LOCALHOST, "$PORT"),
        subcommand="dev",
        serves_module=False,
        is_for_development=True,
    ),
    Server(
        "streamlit",
        "streamlit",
        _flags(""),
        host=("--server.address",),
        port=("--server.port",),
        default=Binding(EVERYWHERE, "8501"),
        environment="STREAMLIT_SERVER_",
        subcommand="run",
        serves_module=False,
    ),
    Server(
        "flask",
        "flask",
        _flags("", "debug reload debugger with-threads"),
        host=("--host", "-h"),
        port=("--port", "-p"),
        default=Binding(LOCALHOST, "5000"),
        environment="FLASK_RUN_",
        subcommand="run",
        serves_module=False,
        is_for_development=True,
    ),
    Server(
        "chainlit",
        "chainlit",
        _flags("watch w headless h debug d ci no-cache"),
        host=("--host",),
        port=("--port",),
        environment="CHAINLIT_",
        subcommand="run",
        serves_module=False,
    ),
    *(
        Server(
            name,
            name,
            _flags("show dev glob autoreload warm admin profiler reuse-sessions"),
            host=("--address",),
            port=("--port",),
            elsewhere=("--unix-socket",),
            default=Binding(EVERYWHERE, "5006"),
            subcommand="serve",
            serves_module=False,
        )
        for name in ("panel", "bokeh")
    ),
    Server(
        "voila",
        "voila",
        _flags("no-browser debug show-config autoreload"),
        host=("--Voila.ip",),
        port=("--port", "--Voila.port"),
        default=Binding(LOCALHOST, "8866"),
        serves_module=False,
    ),
    Server(
        "litestar",
        "litestar",
        _flags("reload r debug d pdb"),
        host=("--host", "-H"),
        port=("--port", "-p"),
        elsewhere=("--uds", "-U", "--fd", "-F", "--file-descriptor", "--unix-domain-socket"),
        environment="LITESTAR_",
        subcommand="run",
        serves_module=False,
    ),
    Server(
        "quart",
        "quart",
        _flags("reload no-reload"),
        host=("--host", "-h"),
        port=("--port", "-p"),
        default=Binding(LOCALHOST, "5000"),
        subcommand="run",
        serves_module=False,
        is_for_development=True,
    ),
    Server(
        "datasette",
        "datasette",
        _flags("cors reload memory root open o"),
        host=("--host", "-h"),
        port=("--port", "-p"),
        elsewhere=("--uds",),
        default=Binding(LOCALHOST, "8001"),
        environment="DATASETTE_",
        serves_module=False,
    ),
    Server(
        "shiny",
        "shiny",
        _flags("reload r launch-browser b factory dev-mode no-dev-mode"),
        host=("--host", "-h"),
        port=("--port", "-p"),
        subcommand="run",
        serves_module=False,
    ),
    Server(
        "marimo",
        "marimo",
        _flags("headless no-token include-code watch sandbox no-sandbox"),
        host=("--host",),
        port=("--port", "-p"),
        default=Binding(LOCALHOST, "2718"),
        subcommand="run",
        serves_module=False,
    ),
    Server(
        "sanic",
        "sanic",
        _flags("fast access-logs no-access-logs debug d reload r auto-reload dev motd no-motd simple s factory"),
        host=("--host", "-H"),
        port=("--port", "-p"),
        elsewhere=("--unix", "-u"),
        serves_module=False,
    ),
    Server(
        "mlflow",
        "mlflow",
        _flags("serve-artifacts no-serve-artifacts artifacts-only dev"),
        host=("--host", "-h"),
        port=("--port", "-p"),
        default=Binding(LOCALHOST, "5000"),
        environment="MLFLOW_",
        subcommand="server",
        serves_module=False,
    ),
    Server(
        "uwsgi",
        "uwsgi",
        _flags("master M enable-threads vacuum die-on-term need-app single-interpreter lazy-apps lazy thunder-lock"),
        bind=("--http", "--http-socket", "--http11-socket"),
        elsewhere=("--ini", "--socket", "-s", "--uwsgi-socket", "--yaml", "--xml", "--json", "--emperor", "--fastcgi"),
        default=Binding(None, None),
        directory=("--chdir",),
        serves_module=False,
    ),
    Server(
        "mod_wsgi-express",
        "mod-wsgi",
        _flags("log-to-terminal debug-mode reload-on-changes startup-log access-log enable-debugger"),
        host=("--host",),
        port=("--port",),
        default=Binding(EVERYWHERE, "8000"),
        subcommand="start-server",
        serves_module=False,
    ),
    Server(
        "gradio",
        "gradio",
        _flags(""),
        default=Binding(LOCALHOST, "7860"),
        environment="GRADIO_SERVER_",
        serves_module=False,
        is_for_development=True,
    ),
    Server(
        "aiohttp.web",
        "aiohttp",
        _flags(""),
        host=("--hostname", "-H"),
        port=("--port", "-P"),
        elsewhere=("--path", "-U"),
        default=Binding(LOCALHOST, "8080"),
        serves_module=False,
    ),
    Server(
        "http.server",
        "python",
        _flags("cgi"),
        host=("--bind", "-b"),
        default=Binding(EVERYWHERE, "8000"),
        serves_module=False,
    ),
    Server(
        "runserver",
        "django",
        _flags("noreload nothreading insecure nostatic ipv6 6 skip-checks force-color no-color traceback"),
        serves_module=False,
        is_for_development=True,
    ),
)
