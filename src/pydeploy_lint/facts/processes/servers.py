"""Web servers as commands start them: their options, what they serve, and where they listen."""

from __future__ import annotations

import re
from typing import NamedTuple

from pydeploy_lint.facts.processes.command import Run, Word
from pydeploy_lint.facts.processes.known_servers import (
    EVERYWHERE,
    LOCALHOST,
    PORT,
    SERVERS,
    Binding,
    Server,
)

__all__ = ["EVERYWHERE", "LOCALHOST", "PORT", "SERVERS", "Binding", "Server", "Service"]


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


_HOST_VARIABLES = {"gradio": "NAME", "streamlit": "ADDRESS"}
"""The ends of variables that are not called ``…_HOST``."""
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
            options, rest = parse_options(server, arguments)
            if server.subcommand:
                rest = rest[1:] if rest and rest[0].text == server.subcommand else rest
            return Service(server, run, options, tuple(rest))
    return None


def runs_manage_py(run: Run) -> bool:
    """Whether Python is told to run a ``manage.py``."""
    return run.name.startswith("python") and bool(run.arguments) and run.arguments[0].text.endswith("manage.py")


def parse_options(server: Server, words: tuple[Word, ...]) -> tuple[dict[str, list[Word]], list[Word]]:
    """The values of each option of a command line, and the words that are neither an option nor the value of one."""
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
    if server.name == "http.server":
        ports = list(service.arguments[:1])
    host = _value(hosts[-1].text) if hosts else _variable(service, _HOST_VARIABLES.get(server.name, "HOST"))
    port = _value(ports[-1].text) if ports else _variable(service, "PORT")
    binding = Binding(default.host if host == "" else host, default.port if port == "" else port)
    return [(binding, next(iter([*ports[-1:], *hosts[-1:]]), None))]


def read_address(text: str, default: Binding) -> Binding:
    """The parts of ``HOST:PORT`` or ``:PORT``, and of ``PORT`` alone where the default host is this machine."""
    if text.startswith(("unix:", "fd:")):
        return Binding(None, None)
    # The colon of ${PORT:-8000} separates nothing.
    flat = re.sub(r"\$\{[^}]*(?:\}|\Z)", lambda match: match[0].replace(":", " "), text)
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
