"""gunicorn's configuration file: the settings in it that say what is served, from where, and on which port.

Source: gunicorn's ``Application.load_config``: the file that ``--config`` names, or else ``gunicorn.conf.py`` in the
directory in which it is started; what the command line says goes before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.processes.command import resolve_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydeploy_lint.facts.code.module_names import Constant
    from pydeploy_lint.facts.processes.servers import Service
    from pydeploy_lint.files.source import Source

DEFAULT = "gunicorn.conf.py"
CONFIG = ("--config", "-c")
SETTINGS = ("bind", "chdir", "pythonpath", "wsgi_app")
_MENTION = re.compile(r"\b(?:bind|chdir|pythonpath|wsgi_app)\b|\bimport\s*\*")


class GunicornConf(NamedTuple):
    """What a configuration file sets."""

    constants: dict[str, Constant]
    unknown: frozenset[str]
    """The settings whose values cannot be told."""


NOTHING = GunicornConf({}, frozenset())
UNKNOWN = GunicornConf({}, frozenset(SETTINGS))


def read_gunicorn_conf(service: Service, source_of: Callable[[str], Source | None]) -> GunicornConf:
    """The settings with which gunicorn is started, beside its command line.

    Args:
        service: gunicorn, as a command starts it.
        source_of: gives the text of a file; None where there is none.

    Raises:
        FileProblem: the file cannot be read.
    """
    if "GUNICORN_CMD_ARGS" in service.run.variables:
        return UNKNOWN
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
    from pydeploy_lint.facts.code.module_names import read_names

    names = read_names(source)
    if names is None or not names.complete:
        return UNKNOWN
    found = {name: names.constant(name) for name in SETTINGS if name in names.bound}
    known = {name: constant for name, constant in found.items() if constant}
    return GunicornConf(known, frozenset(found) - frozenset(known))
