"""What SQLAlchemy is given as the address of its database, with ``DATABASE_URL`` as Heroku sets it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.code.python_source import Undecided, parse, span_of
from pydeploy_lint.facts.evaluated import EvaluatedModules
from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.heroku.names import DATABASE_URL

if TYPE_CHECKING:
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.finding import Span

URI = "SQLALCHEMY_DATABASE_URI"
ENGINES = {"create_engine": False, "create_async_engine": True}
"""The functions that are given an address, and whether the engine is asynchronous."""
ADDRESS = "postgres://u0123456789:p0123456789@ec2-192-0-2-1.compute-1.amazonaws.com:5432/d0123456789"


class DatabaseUri(NamedTuple):
    """An address that SQLAlchemy is given."""

    at: Span
    scheme: str
    """Such as ``postgres``, without what follows."""
    is_async: bool


def database_uris(tree: Tree) -> list[DatabaseUri]:
    """The addresses that SQLAlchemy is given and that come from ``DATABASE_URL``; those that are known.

    Args:
        tree: the app.
    """
    try:
        modules = EvaluatedModules(tree, {DATABASE_URL: ADDRESS}, (URI, *ENGINES))
        if not modules.uses_variables:
            return []
        return [uri for source in modules.sources for uri in _given(source, modules)]
    except (Undecided, FileProblem, RecursionError):
        return []


def _given(source: Source, modules: EvaluatedModules) -> Iterator[DatabaseUri]:
    for node in ast.walk(parse(source)):
        for address, is_async in _uris(node):
            value = modules.value(address, source)
            if value is not None and value.text is not None:
                at = value.place.span if value.place and value.place.source is source else span_of(source, address)
                yield DatabaseUri(at, value.text.partition("://")[0], is_async)


def _uris(node: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    """What is used as the address of SQLAlchemy's database, and whether asynchronously."""
    match node:
        case ast.Assign(
            targets=[ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name)))],
            value=value,
        ) if name == URI:
            yield value, False
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[value, *_]) if name in ENGINES:
            yield value, ENGINES[name]
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), keywords=words) if name in ENGINES:
            yield from ((word.value, ENGINES[name]) for word in words if word.arg == "url")
        case ast.keyword(arg=name, value=value) if name == URI:
            yield value, False
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and key.value == URI:
                    yield value, False
