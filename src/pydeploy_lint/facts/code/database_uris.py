"""Where SQLAlchemy is given ``DATABASE_URL`` as it is, scheme and all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_lint.facts.code.python_source import Undecided, parse, span_of
from pydeploy_lint.heroku.names import DATABASE_URL

if TYPE_CHECKING:
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.finding import Span

URI = "SQLALCHEMY_DATABASE_URI"
ENGINES = {"create_engine", "create_async_engine"}
MODULES = {"__init__.py", "app.py", "config.py", "database.py", "db.py", "extensions.py", "main.py", "models.py"}
"""Where below the root the database is mostly set up."""
MAX_FILES = 300
CHANGES_SCHEME = re.compile(
    r"\.replace\(|\bsub\(|startswith\(|split\(|\[\d+:\]|make_url|\.set\(|URL\(|parse|postgresql\+"
)
"""What a file that mends the scheme has in it."""


def unchanged_database_urls(tree: Tree) -> list[Span]:
    """The expressions that give SQLAlchemy ``DATABASE_URL``; none where something in the files may mend its scheme."""
    sources = [source for source in _sources(tree) if DATABASE_URL in source.text]
    if any(CHANGES_SCHEME.search(source.text) for source in sources):
        return []
    try:
        return [span for source in sources for span in _given(source)]
    except Undecided:
        return []


def _sources(tree: Tree) -> Iterator[Source]:
    names = tree.names()
    paths = [name for name in names if name.endswith(".py")]
    for name in names:
        if not name.startswith(".") and tree.is_directory(name):
            paths += [f"{name}/{module}" for module in sorted(MODULES)]
    for path in paths[:MAX_FILES]:
        source = tree.source(path)
        if source:
            yield source


def _given(source: Source) -> Iterator[Span]:
    module = parse(source)
    nodes = list(ast.walk(module))
    assigned: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            assigned.setdefault(node.targets[0].id, []).append(node.value)
    for node in nodes:
        for value in _uris(node):
            read = _read(value, assigned)
            if read is not None:
                yield span_of(source, read)


def _uris(node: ast.AST) -> Iterator[ast.expr]:
    """What is used as the address of SQLAlchemy's database."""
    match node:
        case ast.Assign(
            targets=[ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name)))],
            value=value,
        ) if name == URI:
            yield value
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[value, *_]) if name in ENGINES:
            yield value
        case ast.keyword(arg=name, value=value) if name == URI:
            yield value


def _read(value: ast.expr, assigned: dict[str, list[ast.expr]]) -> ast.expr | None:
    """The expression that reads DATABASE_URL, where a value is what it reads."""
    match value:
        case ast.BoolOp(op=ast.Or(), values=[first, *_]):
            return _read(first, assigned)
        case ast.Name(id=name) if len(assigned.get(name, [])) == 1:
            return _read(assigned[name][0], {})
        case ast.Subscript(
            value=ast.Name(id="environ") | ast.Attribute(attr="environ"), slice=ast.Constant(value=name)
        ):
            return value if name == DATABASE_URL else None
        case ast.Call(func=ast.Attribute(attr="get" | "getenv") | ast.Name(id="getenv"), args=[first, *_]):
            match first:
                case ast.Constant(value=name) if name == DATABASE_URL:
                    return value
    return None
