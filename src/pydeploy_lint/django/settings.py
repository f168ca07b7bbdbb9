"""Which settings module Django uses: what ``manage.py``, ``wsgi.py``, the Procfile and ``app.json`` say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.python_source import Undecided, parse, span_of
from pydeploy_lint.text import FileProblem

if TYPE_CHECKING:
    from pydeploy_lint.app import App
    from pydeploy_lint.finding import Span

VARIABLE = "DJANGO_SETTINGS_MODULE"
MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
FOR_DEVELOPMENT = re.compile(r"(?:^|_)(?:local|dev|devel|develop|development|test|testing|debug|ci)(?:$|_)")
FOR_PRODUCTION = re.compile(r"(?:^|_)(?:production|prod|prd|heroku|staging|live|deploy|deployment)(?:$|_)")


class Named(NamedTuple):
    """A settings module, as something names it."""

    module: str
    """With dots."""
    by: str
    """The file that names it."""
    at: Span


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


def is_replaced(app: App, named: Named, directory: str) -> bool:
    """Whether a module's name says that it is not for Heroku, and there is another that is.

    Then the owner has set the variable as a config var, which nobody sees in the files.

    Args:
        app: the app.
        named: the module.
        directory: where the modules of the project are.
    """
    package, _, name = named.module.rpartition(".")
    folder = "/".join(filter(None, (directory, package.replace(".", "/"))))
    others = [other.removesuffix(".py").lower() for other in app.tree.names(folder) if other.endswith(".py")]
    if FOR_DEVELOPMENT.search(name):
        return any(FOR_PRODUCTION.search(other) for other in others)
    return not FOR_PRODUCTION.search(name) and any(
        FOR_PRODUCTION.search(other) and (name in other or "settings" in other) for other in others
    )
