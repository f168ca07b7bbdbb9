"""The modules of the app that workers, and tools that run a file, are told to import."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.processes.run import Run, resolve_path
from pydeploy_lint.facts.processes.servers import read_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.files.tree import Tree

APP_OPTIONS = {
    "celery": ("-A", "--app"),
    "faust": ("-A", "--app"),
    "flask": ("-A", "--app"),
    "litestar": ("--app",),
    "procrastinate": ("-a", "--app"),
    "quart": ("-A", "--app"),
    "uwsgi": ("-w", "--module", "--wsgi", "--wsgi-file", "--file"),
}
"""The options by which programs are told the module or file with the app."""
APP_VARIABLES = {"flask": "FLASK_APP", "litestar": "LITESTAR_APP", "quart": "QUART_APP"}
APP_FILES = {"flask": ("wsgi.py", "app.py")}
"""What is looked for where nothing names the app, the first that is there."""
TAKE_MODULES = frozenset({"arq", "dramatiq", "huey_consumer", "huey_consumer.py", "sanic", "taskiq"})
"""Programs whose arguments name modules, with an attribute after ``:`` or the last dot."""
RUN_FILES = {"bokeh": True, "chainlit": False, "fastapi": False, "panel": True, "shiny": False, "streamlit": True}
"""Programs that run a file, and whether they run it for each visitor."""
MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


class Loaded(NamedTuple):
    """Something of the app's own that a program imports or runs."""

    module: str | None
    """The name of a module, perhaps with that of something in it at its end; None for a file."""
    path: str
    """The file; empty for a module."""
    roots: tuple[str, ...]
    """The directories in which modules are looked for, relative to the root."""
    at_request: bool = False
    """Whether it happens only when somebody asks for a page."""


def loaded_by(tree: Tree, run: Run) -> Iterator[Loaded]:
    """What a program is told to import; nothing where that cannot be told, or where it is a web server for a module.

    Args:
        tree: the app.
        run: the program.
    """
    if run.directory is None or run.conditional:
        return
    if run.name in RUN_FILES:
        yield from _files(tree, run)
        return
    for text in _named(tree, run):
        name = text.partition(":")[0]
        path = resolve_path(run.directory, name) if "/" in name or name.endswith(".py") else None
        if path and tree.is_file(path):
            yield Loaded(None, path, (path.rpartition("/")[0], ""))
        elif path is None and MODULE.fullmatch(name):
            yield Loaded(name, "", (run.directory, ""))


def _named(tree: Tree, run: Run) -> list[str]:
    """The modules and files that the options, the arguments or a variable name, as they are written."""
    if run.name in TAKE_MODULES:
        return [word.text for word in run.arguments if not word.text.startswith("-")]
    options = APP_OPTIONS.get(run.name, ())
    found = list(_values(run, options))
    if not found and options and (variable := run.variables.get(APP_VARIABLES.get(run.name, ""))):
        found = [variable]
    defaults = (name for name in APP_FILES.get(run.name, ()) if tree.is_file(resolve_path(run.directory, name) or ""))
    return found or list(defaults)[:1]


def _values(run: Run, options: tuple[str, ...]) -> Iterator[str]:
    """The values of some options: ``-A shop``, ``-Ashop`` and ``--app=shop``."""
    texts = [word.text for word in run.arguments]
    for number, text in enumerate(texts):
        if text in options and number + 1 < len(texts):
            yield texts[number + 1]
        elif text.partition("=")[0] in options and "=" in text:
            yield text.partition("=")[2]
        elif len(text) > 2 and text[:2] in options and not text.startswith("--"):
            yield text[2:]


def _files(tree: Tree, run: Run) -> Iterator[Loaded]:
    service = read_service(run)
    for word in service.arguments if service else ():
        path = resolve_path(run.directory, word.text.partition(":")[0])
        if path and path.endswith(".py") and tree.is_file(path):
            directory = path.rpartition("/")[0]
            yield Loaded(None, path, (directory, *_above_packages(tree, directory), ""), RUN_FILES[run.name])


def _above_packages(tree: Tree, directory: str) -> Iterator[str]:
    """The directory that holds the package of a file, from which ``fastapi run`` imports."""
    while directory and tree.is_file(f"{directory}/__init__.py"):
        directory = directory.rpartition("/")[0]
        if not tree.is_file(f"{directory}/__init__.py"):
            yield directory
