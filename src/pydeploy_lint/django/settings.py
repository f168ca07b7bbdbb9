"""Which settings module Django uses: what ``manage.py``, ``wsgi.py``, the Procfile and ``app.json`` say."""

from __future__ import annotations

import ast
import re
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.django.modules import parse
from pydeploy_lint.django.scope import Undecided
from pydeploy_lint.django.values import Place
from pydeploy_lint.text import FileProblem

if TYPE_CHECKING:
    from pydeploy_lint.app import App
    from pydeploy_lint.finding import Span

MANAGE_PY = "manage.py"
VARIABLE = "DJANGO_SETTINGS_MODULE"
MAX_DEPTH = 3
MAX_DIRECTORIES = 2_000
MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
FOR_DEVELOPMENT = re.compile(r"(?:^|[._])(?:local|dev|devel|develop|development|test|testing|debug|ci)(?:$|[._])")
FOR_PRODUCTION = ("production", "prod", "heroku", "staging", "live", "deploy", "deployment", "prd")


class Named(NamedTuple):
    """A settings module, as something names it."""

    module: str
    """With dots."""
    by: str
    """The file that names it."""
    at: Span


def find_manage_py(app: App) -> str | None:
    """The ``manage.py`` that the build runs: the nearest to the root, at most three levels deep.

    Source: ``bin/steps/collectstatic`` of the classic Python buildpack, v351 (2026-08-18).
    """
    waiting = deque([("", 1)])
    for _ in range(MAX_DIRECTORIES):
        if not waiting:
            break
        directory, depth = waiting.popleft()
        names = app.tree.names(directory)
        path = f"{directory}/{MANAGE_PY}" if directory else MANAGE_PY
        if MANAGE_PY in names and app.tree.is_file(path):
            return path
        if depth < MAX_DEPTH:
            below = (f"{directory}/{name}" if directory else name for name in names if name != ".git")
            waiting.extend((path, depth + 1) for path in below if app.tree.is_directory(path))
    return None


def named_in(app: App, path: str) -> list[Named] | None:
    """The settings modules that a file names; None where it names one that cannot be told.

    Args:
        app: the app.
        path: a ``manage.py``, ``wsgi.py`` or ``asgi.py``.
    """
    try:
        source = app.source(path)
        nodes = list(_values(parse(source))) if source and VARIABLE in source.text else []
    except (Undecided, FileProblem):
        return None
    assert source is not None or not nodes
    found = []
    for node in nodes:
        match node:
            case ast.Constant(value=str(module)) if source and MODULE.fullmatch(module):
                found.append(Named(module, path, Place(source, node).span))
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


def is_for_development(app: App, named: Named, directory: str) -> bool:
    """Whether a module's name says that it is not for Heroku, and there is another that is.

    Then the owner has set the variable as a config var, which nobody sees in the files.
    """
    if not FOR_DEVELOPMENT.search(named.module):
        return False
    package = named.module.rpartition(".")[0].replace(".", "/")
    folder = "/".join(filter(None, (directory, package)))
    names = {name.removesuffix(".py").lower() for name in app.tree.names(folder)}
    return any(any(name == word or name.endswith(f"_{word}") for word in FOR_PRODUCTION) for name in names)
