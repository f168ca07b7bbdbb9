"""What kind of object a server is told to serve: a WSGI or an ASGI application, or a function that makes one.

The classes are in ``applications.json``.
"""

from __future__ import annotations

import ast
import enum
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pydeploy_lint.facts.code.objects import Call, Class, Constant, Function, Member, Object, Objects
from pydeploy_lint.facts.processes.listen import called_names
from pydeploy_lint.files.data.package_data import load_json

if TYPE_CHECKING:
    from pydeploy_lint.facts.processes.targets import Target
    from pydeploy_lint.files.tree import Tree


class Interface(enum.Enum):
    """How a server is to call an application."""

    WSGI = "WSGI"
    ASGI = "ASGI"
    AIOHTTP = "aiohttp"
    """By ``aiohttp.GunicornWebWorker`` only."""
    DASH = "Dash"
    """A Dash object; WSGI from 3.1 on, and before it cannot be called."""


class Signature(NamedTuple):
    """How many arguments a function takes."""

    required: int
    """Positional parameters without a default."""
    most: int | None
    """Positional parameters; None for any number."""
    keywords: frozenset[str]
    """The parameters that can be given by name."""
    required_keywords: frozenset[str]
    any_keyword: bool
    names: tuple[str, ...]
    """The positional parameters."""

    def takes(self, count: int, keywords: frozenset[str] = frozenset()) -> bool:
        """Whether it can be called with so many positional arguments and these by name."""
        if self.most is not None and count > self.most:
            return False
        if not self.any_keyword and not keywords <= self.keywords:
            return False
        missing = set(self.names[count : self.required]) - keywords
        return not missing and self.required_keywords <= keywords


class Application(NamedTuple):
    """What a target stands for."""

    interface: Interface | None
    """Of the object, or of what the function returns; None where it is not known."""
    framework: str
    """The name of the class or function that makes it, such as ``FastAPI``; empty where it is not known."""
    factory: Signature | None = None
    """Where the target is a function of the app: what it takes."""
    is_async: bool = False
    returns_nothing: bool = False
    """Whether it is a function that surely returns None."""
    is_called: bool = False
    """Whether the target itself calls the function, as in ``app:create_app()``."""
    call: tuple[int, frozenset[str]] = (0, frozenset())
    """The arguments of that call: how many by position, and the names of the others."""
    uncallable: bool = False
    """Whether it is an object that no server can call, such as a text."""


NOTHING: tuple[Interface | None, str] = (None, "")
"""That nothing is known."""


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = load_json(__file__, "applications.json")
    return data


def read_application(objects: Objects, tree: Tree, target: Target, path: str) -> Application | None:
    """What a target stands for; None where nothing is known.

    Args:
        objects: the app's code.
        tree: the app.
        target: module and attribute.
        path: the module's file, or the directory of its package.
    """
    file = path if path.endswith(".py") else f"{path}/__init__.py"
    scope = objects.module(file, target.paths) if tree.is_file(file) else None
    expression = _parsed(target.expression)
    call = expression if isinstance(expression, ast.Call) else None
    named = call.func if call else expression
    if scope is None or not isinstance(named, ast.Name | ast.Attribute):
        return None
    found = objects.value(named, scope)
    if isinstance(found, Function) and not found.node.decorator_list:
        return _of_function(objects, found, call)
    if call is None and isinstance(found, Constant):
        return Application(None, type(found.value).__name__, uncallable=True)
    interface, framework = interface_of(objects, found) if call is None else (None, "")
    return Application(interface, framework) if interface else None


def _parsed(expression: str | None) -> ast.expr | None:
    try:
        return ast.parse(expression or "", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _of_function(objects: Objects, found: Function, call: ast.Call | None) -> Application:
    results = objects.results(found)
    interface, framework = _of_results(objects, found, 8)
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(found.node)):
        interface, framework, results = None, "", [None]
    arguments = (0, frozenset[str]())
    if call:
        arguments = (len(call.args), frozenset(each.arg for each in call.keywords if each.arg))
    return Application(
        interface,
        framework,
        signature(found.node),
        isinstance(found.node, ast.AsyncFunctionDef),
        not results and not isinstance(found.node.body[-1], ast.Raise),
        call is not None,
        arguments,
    )


def signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Signature:
    """What a function takes."""
    given = node.args
    positional = [each.arg for each in (*given.posonlyargs, *given.args)]
    needed = [each.arg for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default is None]
    return Signature(
        len(positional) - len(given.defaults),
        None if given.vararg else len(positional),
        frozenset(each.arg for each in (*given.args, *given.kwonlyargs)),
        frozenset(needed),
        given.kwarg is not None,
        tuple(positional),
    )


def interface_of(objects: Objects, found: Object, depth: int = 8) -> tuple[Interface | None, str]:
    """The interface of an object, and the name of what makes it; `(None, "")` where it is not known."""
    if isinstance(found, Member):
        kind = _of_names(objects.names(found.of))[0]
        is_wsgi = (found.name, kind) in (("server", Interface.DASH), ("wsgi_app", Interface.WSGI))
        return (Interface.WSGI, "Flask") if is_wsgi else NOTHING
    if not isinstance(found, Call) or depth <= 0:
        return NOTHING
    callee = objects.callee(found.of)
    if isinstance(callee, Function):
        return _of_results(objects, callee, depth)
    if isinstance(callee, Class):
        has_own_call = objects.method(callee, "__call__") or objects.method(callee, "__new__")
        return NOTHING if has_own_call else _of_names(objects.names(found))
    return NOTHING if _has_other_backend(found.node) else _of_names(called_names(objects, found))


def _of_results(objects: Objects, function: Function, depth: int) -> tuple[Interface | None, str]:
    """The interface of what a function returns."""
    key = ("interface", id(function.node), 0)
    if key not in objects.cache:
        objects.cache[key] = NOTHING  # Of what depends on itself nothing is known.
        kinds = {interface_of(objects, each, depth - 1) for each in objects.results(function)}
        is_plain = len(kinds) == 1 and not function.node.decorator_list
        objects.cache[key] = next(iter(kinds)) if is_plain else NOTHING
    found: tuple[Interface | None, str] = objects.cache[key]  # type: ignore[assignment]  # by the key
    return found


def _has_other_backend(node: ast.Call) -> bool:
    """Whether Dash is told to use another server than Flask's."""
    return any(each.arg in ("backend", "server") or each.arg is None for each in node.keywords)


def _of_names(names: set[str]) -> tuple[Interface | None, str]:
    data = _data()
    for name in sorted(names):
        for kind in Interface:
            if name in data[kind.name.lower()]:
                return kind, name.rpartition(".")[2]
        if name.startswith(tuple(data["asgi_prefixes"])):
            return Interface.ASGI, name.rpartition(".")[2]
    return None, ""
