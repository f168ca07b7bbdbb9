"""Which settings module Django uses: what ``manage.py``, ``wsgi.py``, the Procfile and ``app.json`` say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.code.python_source import Undecided, parse, span_of
from pydeploy_lint.files.source import FileProblem

if TYPE_CHECKING:
    from pydeploy_lint.files.files import Files
    from pydeploy_lint.finding import Span

VARIABLE = "DJANGO_SETTINGS_MODULE"
MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
FOR_DEVELOPMENT = re.compile(r"(?:^|_)(?:local|dev|devel|develop|development|test|testing|debug|ci)(?:$|_)")
FOR_PRODUCTION = re.compile(r"(?:^|_)(?:production|prod|prd|heroku|staging|live|deploy|deployment)(?:$|_)")

TAKES_OVER = re.compile(r"^from\s+(?=\.|[\w.]*settings)[\w.]+\s+import\s+\*", re.MULTILINE)
"""The line with which settings begin that change others."""


class Named(NamedTuple):
    """A settings module, as something names it."""

    module: str
    """With dots."""
    by: str
    """The file that names it."""
    at: Span


def named_in(files: Files, path: str) -> list[Named] | None:
    """The settings modules that a file names; None where it names one that cannot be told.

    Args:
        files: the app's files.
        path: a ``manage.py``, ``wsgi.py`` or ``asgi.py``.
    """
    try:
        source = files.source(path)
        nodes = list(_values(parse(source))) if source and VARIABLE in source.text else []
    except (Undecided, FileProblem):
        return None
    assert source is not None or not nodes
    found = []
    for node in nodes:
        match node:
            case ast.Constant(value=str(module)) if source and MODULE.fullmatch(module):
                found.append(Named(module, path, span_of(source, node)))
            case _:
                return None
    return found


def _values(module: ast.Module) -> Iterator[ast.expr]:
    """What the variable is set to."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Attribute(attr="setdefault"), args=[ast.Constant(value=name), value]):
                if name == VARIABLE:
                    yield value
            case ast.Assign(targets=[ast.Subscript(slice=ast.Constant(value=name))], value=value) if name == VARIABLE:
                yield value


def is_replaced(files: Files, named: Named, path: str) -> bool:
    """Whether a settings module is not the one for Heroku: beside it is one for that, which it does not import.

    Then the owner has set the variable as a config var, which nobody sees in the files.

    Args:
        files: the app's files.
        named: the module.
        path: its file.
    """
    try:
        source = files.source(path)
    except FileProblem:
        return False
    folder, _, file = path.rpartition("/")
    name = named.module.rpartition(".")[2]
    imported = " ".join(line for line in source.text.splitlines() if "import" in line) if source else ""
    others = [other for other in _modules_in(files, folder) if other.lower() not in imported]
    rivals = [other.lower() for other in others if FOR_PRODUCTION.search(other.lower())]
    if FOR_DEVELOPMENT.search(name):
        return bool(rivals) or any(_is_variant(files, f"{folder}/{other}.py") for other in others if other != name)
    if file == "__init__.py":
        return bool(rivals)
    is_for_settings = "settings" in folder.rpartition("/")[2] or "config" in folder.rpartition("/")[2]
    return not FOR_PRODUCTION.search(name) and any(
        is_for_settings or name in rival or "settings" in rival for rival in rivals
    )


def _modules_in(files: Files, folder: str) -> list[str]:
    """The names of the modules and packages in a directory."""
    names = files.tree.names(folder)
    packages = [each for each in names if "." not in each and files.tree.is_file(f"{folder}/{each}/__init__.py")]
    return [*(each.removesuffix(".py") for each in names if each.endswith(".py")), *packages]


def _is_variant(files: Files, path: str) -> bool:
    """Whether a module beside the settings for development takes over others as they do, and is for something else."""
    name = path.rpartition("/")[2].removesuffix(".py")
    source = files.readable_source(path)
    if source is None or FOR_DEVELOPMENT.search(name):
        return False
    return TAKES_OVER.search(source.text) is not None


def uses_classes(files: Files, named: Named) -> bool:
    """Whether the settings are classes, as django-configurations has them, and one is chosen by another variable."""
    try:
        source = files.source(named.by)
    except FileProblem:
        return False
    return source is not None and "configurations" in source.text
