"""How to install another package: a line in the requirements file, or the command of the package manager."""

from __future__ import annotations

import re
from shlex import quote
from typing import TYPE_CHECKING

from pydeploy_lint.plugin import Edit, Fix

if TYPE_CHECKING:
    from pydeploy_lint.plugin import App, Source

COMMANDS = {"pipenv": "pipenv install {}", "poetry": "poetry add {}", "uv": "uv add {}"}
COMPILE = re.compile(r"^#\s+((?:uv pip compile|pip-compile)(?: +[\w./=-]+)+) *$", re.MULTILINE | re.ASCII)
"""The command that a tool writes above the requirements that it compiled."""
INPUT = re.compile(r"(?:^|\s)(\S+\.in)(?:\s|$)")


def add(app: App, *wanted: str) -> Fix | None:
    """Install packages; a suggestion, since somebody may want other versions.

    Args:
        app: the app.
        wanted: requirements, such as ``psycopg[binary]``.

    Returns:
        None where it is not known how the app lists its packages, or a tool has to list them.
    """
    listed = " and ".join(wanted)
    if command := COMMANDS.get(app.managers.chosen or ""):
        return Fix.by_hand(f"Install {listed}", command.format(" ".join(map(quote, wanted))))
    source = _requirements(app)
    if source is None or app.packages.requirements is None:
        return None
    if found := COMPILE.search(source.text):
        return _compile_again(app, found[1], wanted)
    if any(each.hashed for each in app.packages.requirements.requirements) or _requires_hashes(app):
        return None
    return Fix(f"Add {listed} to {source.path}", (append(source, wanted),), safe=False)


def add_help(app: App, *wanted: str) -> str:
    """What a finding says about it.

    Args:
        app: the app.
        wanted: requirements, as for `add`.
    """
    way = add(app, *wanted)
    if way is not None and way.commands:
        return way.as_help
    file = app.packages.install_set.file if app.packages.install_set else "requirements.txt"
    lines = "a line" if len(wanted) == 1 else "these lines"
    return "\n".join([f"Add {lines} to {file}:", *(f"    {each}" for each in wanted)])


def with_packages(app: App, way: Fix | None, *wanted: str) -> Fix | None:
    """A fix that also installs what it needs; None where that cannot be told."""
    if way is None or not wanted:
        return way
    addition = add(app, *wanted)
    if addition is None:
        return None
    what = addition.description[0].lower() + addition.description[1:]
    return way._replace(
        description=f"{way.description}, and {what}",
        edits=(*way.edits, *addition.edits),
        safe=False,
        commands=(*way.commands, *addition.commands),
    )


def append(source: Source, lines: tuple[str, ...]) -> Edit:
    """The edit that adds lines at the end of a file."""
    end, line_end = len(source.text), source.line_end(max(1, source.line_count))
    separator = "" if not source.text or source.text.endswith("\n") else line_end
    return Edit(source.span(end, end), separator + "".join(f"{line}{line_end}" for line in lines))


def _requirements(app: App) -> Source | None:
    """The requirements file, where lines can be added to it."""
    file = app.managers.files.get("pip") if app.managers.chosen == "pip" else None
    source = app.files.source(file) if file else None
    is_plain = source is not None and source.undecodable is None and not source.text.rstrip().endswith("\\")
    return source if is_plain else None


def _requires_hashes(app: App) -> bool:
    options = app.packages.requirements.options if app.packages.requirements else ()
    return any(option.name == "require_hashes" for option in options)


def _compile_again(app: App, command: str, wanted: tuple[str, ...]) -> Fix | None:
    """Add packages to the file from which the requirements are compiled."""
    path = INPUT.search(command)
    source = app.files.source(path[1]) if path else None
    if source is None or source.undecodable is not None:
        return None
    description = f"Add {' and '.join(wanted)} to {source.path}, and compile it"
    return Fix(description, (append(source, wanted),), safe=False, commands=(command,))
