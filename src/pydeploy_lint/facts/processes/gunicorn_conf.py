"""gunicorn's configuration file: the settings in it that say what is served, how, from where, and on which port.

Source: gunicorn's ``Application.load_config``: the file that ``--config`` names, or else ``gunicorn.conf.py`` in the
directory in which it is started. ``GUNICORN_CMD_ARGS`` takes precedence over it, and the command line over both.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.processes.command import resolve_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydeploy_lint.facts.code.modules.module_names import Constant
    from pydeploy_lint.facts.processes.servers import Service
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.finding import Span

DEFAULT = "gunicorn.conf.py"
CONFIG = ("--config", "-c")
SETTINGS = ("bind", "chdir", "pythonpath", "worker_class", "wsgi_app")
COMMAND_LINE = "GUNICORN_CMD_ARGS"
"""The variable with more of the command line."""
WORKER_CLASS = ("--worker-class", "-k")
_OPTIONS = {
    "bind": ("--bind", "-b"),
    "chdir": ("--chdir",),
    "pythonpath": ("--pythonpath",),
    "worker_class": WORKER_CLASS,
}
_MENTION = re.compile(r"\b(?:bind|chdir|pythonpath|worker_class|wsgi_app)\b|\bimport\s*\*")


class GunicornConf(NamedTuple):
    """What a configuration file sets."""

    constants: dict[str, Constant]
    unknown: frozenset[str]
    """The settings whose values cannot be told."""


NOTHING = GunicornConf({}, frozenset())
UNKNOWN = GunicornConf({}, frozenset(SETTINGS))


def read_gunicorn_conf(
    service: Service, source_of: Callable[[str], Source | None], at: Span, declared: str | None = None
) -> GunicornConf:
    """The settings with which gunicorn is started, beside its command line.

    Args:
        service: gunicorn, as a command starts it.
        source_of: gives the text of a file; None where there is none.
        at: the place of what is in the variable ``GUNICORN_CMD_ARGS``.
        declared: the value that ``app.json`` gives this variable; None where it gives none.

    Raises:
        FileProblem: the file cannot be read.
    """
    variable = service.run.variables.get(COMMAND_LINE, declared)
    if variable is None:
        return _read_file(service, source_of)
    given = _read_variable(variable, at)
    if given is None:
        return UNKNOWN
    file = _read_file(service, source_of)
    return GunicornConf({**file.constants, **given}, file.unknown - frozenset(given))


def _read_variable(text: str, at: Span) -> dict[str, Constant] | None:
    """The settings in ``GUNICORN_CMD_ARGS``; None where they cannot be told."""
    from pydeploy_lint.facts.code.modules.module_names import Constant
    from pydeploy_lint.facts.processes.run import Word
    from pydeploy_lint.facts.processes.servers import SERVERS, parse_options

    try:
        words = tuple(Word(each, 0, 0) for each in shlex.split(text))
    except ValueError:
        return None
    if any(not word.known for word in words):
        return None
    options, _ = parse_options(SERVERS[0], words)
    if any(name in options for name in (*CONFIG, "--paste", "--paster")):
        return None
    found = {}
    for setting, names in _OPTIONS.items():
        values = tuple(word.text for name in names for word in options.get(name, []))
        if values:
            found[setting] = Constant(values, at)
    return found


def _read_file(service: Service, source_of: Callable[[str], Source | None]) -> GunicornConf:
    named = service.values(CONFIG)
    written = named[-1].text.removeprefix("file:") if named else DEFAULT
    path = None if written.startswith("python:") else resolve_path(service.run.directory, written)
    if path is None:
        return UNKNOWN
    source = source_of(path)
    if source is None:
        # What is named and not there is perhaps made by the build.
        return UNKNOWN if named else NOTHING
    return _read(source)


def _read(source: Source) -> GunicornConf:
    if not _MENTION.search(source.text):
        return NOTHING
    from pydeploy_lint.facts.code.modules.module_names import read_names

    names = read_names(source)
    if names is None or not names.complete:
        return UNKNOWN
    found = {name: names.constant(name) for name in SETTINGS if name in names.bound}
    known = {name: constant for name, constant in found.items() if constant}
    return GunicornConf(known, frozenset(found) - frozenset(known))
