"""The web servers that Python apps are started with: their options, what they serve, and how they bind to a port.

Sources: the command-line definitions of gunicorn 26, uvicorn 0.54, hypercorn 0.18, daphne 4.2, waitress 3.0,
granian 2.8 and fastapi-cli 0.0.34; the documentation of streamlit, Flask and Django.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pydeploy_lint.facts.processes.command import Run, Word

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


class Service(NamedTuple):
    """A server as a command starts it."""

    server: Server
    run: Run
    options: dict[str, list[Word]]
    """The values of each option; of flags, the flag itself."""
    arguments: tuple[Word, ...]
    """What is neither an option nor the value of one."""

    @property
    def target(self) -> Word | None:
        """What is to be served."""
        return self.arguments[0] if self.server.serves_module and self.arguments else None

    def values(self, names: tuple[str, ...]) -> list[Word]:
        """The values of some options, in the order of the command."""
        return sorted((value for name in names for value in self.options.get(name, [])), key=lambda word: word.start)


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
        "runserver",
        "django",
        _flags("noreload nothreading insecure nostatic ipv6 6 skip-checks force-color no-color traceback"),
        serves_module=False,
        is_for_development=True,
    ),
)
_PROGRAMS = {"waitress": "waitress-serve"}
"""Modules whose name is not that of the program."""


def read_service(run: Run) -> Service | None:
    """The server that a program is; None where it is none of those known here."""
    name, arguments = run.name, run.arguments
    if run.as_module:
        name = _PROGRAMS.get(name, name)
    if name in ("django-admin", "manage.py") or runs_manage_py(run):
        arguments = arguments if name in ("django-admin", "manage.py") else arguments[1:]
        if not arguments or arguments[0].text not in ("runserver", "runserver_plus"):
            return None
        name, arguments = "runserver", arguments[1:]
    texts = [word.text for word in arguments]
    for server in SERVERS:
        if server.name == name and (server.subcommand is None or server.subcommand in texts):
            options, rest = _parse(server, arguments)
            if server.subcommand:
                rest = rest[1:] if rest and rest[0].text == server.subcommand else rest
            return Service(server, run, options, tuple(rest))
    return None


def runs_manage_py(run: Run) -> bool:
    """Whether Python is told to run a ``manage.py``."""
    return run.name.startswith("python") and bool(run.arguments) and run.arguments[0].text.endswith("manage.py")


def _parse(server: Server, words: tuple[Word, ...]) -> tuple[dict[str, list[Word]], list[Word]]:
    options: dict[str, list[Word]] = {}
    rest: list[Word] = []
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        name, equals, value = word.text.partition("=")
        if not word.text.startswith("-") or word.text == "-":
            rest.append(word)
        elif word.text == "--":
            rest += words[index:]
            break
        elif name.startswith("--") and equals:
            options.setdefault(name, []).append(word._replace(text=value))
        elif not name.startswith("--") and len(word.text) > 2 and word.text[:2] not in server.flags:
            # -b0.0.0.0:8000 and -b=0.0.0.0:8000
            options.setdefault(word.text[:2], []).append(word._replace(text=word.text[2:].removeprefix("=")))
        elif word.text in server.flags or index == len(words) or _is_option(words[index]):
            options.setdefault(word.text, []).append(word)
        else:
            options.setdefault(word.text, []).append(words[index])
            index += 1
    return options, rest


def _is_option(word: Word) -> bool:
    return re.match(r"--?[a-zA-Z]", word.text) is not None


def read_bindings(service: Service) -> list[tuple[Binding, Word | None]]:
    """Where a server listens by its command line alone, each with the word that says so; None stands for the default.

    The list is empty where that cannot be told.
    """
    server, default = service.server, service.server.default
    if any(name in service.options for name in server.elsewhere):
        return []
    if server.name == "runserver":
        return [(read_address(word.text, default), word) for word in service.arguments[:1]] or [(default, None)]
    if words := service.values(server.bind):
        return [(read_address(word.text, default), word) for word in words]
    hosts, ports = service.values(server.host), service.values(server.port)
    host = _value(hosts[-1].text) if hosts else _variable(service, "ADDRESS" if server.name == "streamlit" else "HOST")
    port = _value(ports[-1].text) if ports else _variable(service, "PORT")
    binding = Binding(default.host if host == "" else host, default.port if port == "" else port)
    return [(binding, next(iter([*ports[-1:], *hosts[-1:]]), None))]


def read_address(text: str, default: Binding) -> Binding:
    """The parts of ``HOST:PORT`` or ``:PORT``, and of ``PORT`` alone where the default host is this machine."""
    if text.startswith(("unix:", "fd:")):
        return Binding(None, None)
    # The colon of ${PORT:-8000} separates nothing.
    flat = re.sub(r"\$\{[^}]*\}", lambda match: match[0].replace(":", " "), text)
    host, colon, port = flat.rpartition(":")
    if not colon and default.host == LOCALHOST and (flat.isdigit() or PORT.search(flat)):
        host, colon, port = LOCALHOST, ":", flat
    if not colon:
        return Binding(None, None)
    known_host = host if "$" not in host else None
    known_port = "$PORT" if PORT.search(port) else port if port.isdigit() else None
    return Binding(known_host or (EVERYWHERE if host == "" else None), known_port)


def _variable(service: Service, name: str) -> str | None:
    """What a variable on the command line gives for an option; empty for nothing."""
    prefix = service.server.environment
    value = service.run.variables.get(f"{prefix}{name}", "") if prefix else ""
    return _value(value)


def _value(text: str) -> str | None:
    if PORT.search(text):
        return "$PORT"
    return None if "$" in text else text
