"""Functions that settings define to read config vars: ``def get_env(name): return os.environ[name]``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pydeploy_lint.facts.django.evaluation.scope import Call
from pydeploy_lint.facts.django.evaluation.values import Value, known


def call_helper(node: ast.FunctionDef, made: Call) -> Value | None:
    """The result of a call of a function that does nothing but read a config var whose name it is given.

    Args:
        node: the function.
        made: the call.

    Returns:
        The value; None where the function is not of that kind.
    """
    parameters = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
    given = dict(zip(parameters, made.arguments, strict=False)) | dict(made.keywords)
    if not parameters or len(parameters) > 2 or (name := given.get(parameters[0], known(None)).text) is None:
        return None
    reads = [is_strict for parameter, is_strict in _reads(node) if parameter == parameters[0]]
    if len(reads) != 1:
        return None
    default = given.get(parameters[1]) if len(parameters) == 2 else None
    # The second parameter, or what the function does besides, may make up for a variable that is not set.
    raises = _raises_always(node) or (reads[0] and not _handles(node))
    may_raise = len(parameters) == 1 and raises and not _branches(node)
    with made.scope.conditionally(not may_raise):
        return made.scope.read(name, made.place, default, raises="ImproperlyConfigured")


def _reads(node: ast.FunctionDef) -> Iterator[tuple[str, bool]]:
    """The names by which the environment is read, and whether it raises where there is none."""
    for inner in ast.walk(node):
        match inner:
            case ast.Subscript(value=container, slice=ast.Name(id=name)) if _is_environ(container):
                yield name, True
            case ast.Call(func=ast.Attribute(value=container, attr="get"), args=[ast.Name(id=name), *_]):
                if _is_environ(container):
                    yield name, False
            case ast.Call(func=ast.Attribute(attr="getenv") | ast.Name(id="getenv"), args=[ast.Name(id=name), *_]):
                yield name, False


def _is_environ(node: ast.expr) -> bool:
    match node:
        case ast.Attribute(attr="environ") | ast.Name(id="environ"):
            return True
    return False


def _branches(node: ast.FunctionDef) -> bool:
    """Whether the read may be skipped, as in ``if name in os.environ: return os.environ[name]``."""
    return any(isinstance(inner, ast.If | ast.IfExp | ast.BoolOp | ast.Match) for inner in ast.walk(node))


def _handles(node: ast.FunctionDef) -> bool:
    return any(isinstance(inner, ast.Try) for inner in ast.walk(node))


def _raises_always(node: ast.FunctionDef) -> bool:
    """Whether each handler of the function raises, as in ``except KeyError: raise ImproperlyConfigured(...)``."""
    handlers = [inner for inner in ast.walk(node) if isinstance(inner, ast.ExceptHandler)]
    return bool(handlers) and all(isinstance(handler.body[-1], ast.Raise) for handler in handlers)
