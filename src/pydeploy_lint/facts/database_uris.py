"""What SQLAlchemy is given as the address of its database, with ``DATABASE_URL`` as Heroku sets it.

The modules are evaluated as settings are, with that config var set; nothing of the app is run. Classes of
pydantic-settings are read by their fields.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.code.python_source import Undecided, parse, span_of
from pydeploy_lint.facts.django.evaluation.environment import Environment
from pydeploy_lint.facts.django.evaluation.expressions import evaluate
from pydeploy_lint.facts.django.evaluation.modules import Modules
from pydeploy_lint.facts.django.evaluation.scope import Raised
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
MODULES = {
    "__init__.py", "app.py", "base.py", "config.py", "connection.py", "core.py", "database.py", "db.py", "deps.py",
    "engine.py", "extensions.py", "main.py", "models.py", "session.py", "settings.py",
}  # fmt: skip
"""Where below the root the database is mostly set up."""
MAX_DEPTH = 3
MAX_FILES = 300
NOT_FOLLOWED = {"docs", "migrations", "node_modules", "static", "templates", "tests"}
VALIDATORS = {"field_validator", "model_validator", "root_validator", "validator"}


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
    sources = [source for source in _sources(tree) if DATABASE_URL in source.text or _uses(source)]
    if not any(DATABASE_URL in source.text.upper() for source in sources) or any(map(_sets_variable, sources)):
        return []
    environment = Environment({}, {}, {DATABASE_URL: ADDRESS})
    try:
        for source in sources:
            environment.attributes.update(dict.fromkeys(_fields(parse(source)), ADDRESS))
        modules = Modules(tree, tree.source, environment, ("", "src"))
        return [uri for source in sources if _uses(source) for uri in _given(source, modules)]
    except (Undecided, FileProblem, RecursionError):
        return []


def _uses(source: Source) -> bool:
    return any(name in source.text for name in (URI, *ENGINES)) or "BaseSettings" in source.text


def _sets_variable(source: Source) -> bool:
    """Whether the app changes the variable itself."""
    text = source.text.replace("'", '"')
    return f'environ["{DATABASE_URL}"] =' in text or "environ.update" in text


def _sources(tree: Tree) -> Iterator[Source]:
    paths = [name for name in tree.names() if name.endswith(".py")]
    folders = [""]
    for _ in range(MAX_DEPTH):
        folders = [folder for parent in folders for folder in _folders(tree, parent)][:MAX_FILES]
        paths += [f"{folder}/{name}" for folder in folders for name in tree.names(folder) if name in MODULES]
    for path in paths[:MAX_FILES]:
        source = tree.source(path)
        if source:
            yield source


def _folders(tree: Tree, parent: str) -> Iterator[str]:
    for name in tree.names(parent) if parent else tree.names():
        path = f"{parent}/{name}" if parent else name
        if not name.startswith((".", "_")) and name not in NOT_FOLLOWED and tree.is_directory(path):
            yield path


def _fields(module: ast.Module) -> Iterator[str]:
    """The attributes by which a class of pydantic-settings gives ``DATABASE_URL`` as it is."""
    for node in ast.walk(module):
        if not isinstance(node, ast.ClassDef) or "BaseSettings" not in map(_last_name, node.bases):
            continue
        if any(isinstance(each, ast.FunctionDef) and _validates(each) for each in node.body):
            continue
        text = "".join(ast.unparse(each) for each in node.body)
        if "env_prefix" in text:
            continue
        for each in node.body:
            match each:
                case ast.AnnAssign(target=ast.Name(id=name)) if name.upper() == DATABASE_URL or _is_alias(each.value):
                    yield name


def _validates(function: ast.FunctionDef) -> bool:
    decorators = (each.func if isinstance(each, ast.Call) else each for each in function.decorator_list)
    return function.name in ("__init__", "model_post_init") or not VALIDATORS.isdisjoint(map(_last_name, decorators))


def _is_alias(value: ast.expr | None) -> bool:
    """Whether a field has another name than the variable that it reads."""
    words = value.keywords if isinstance(value, ast.Call) else []
    return any(
        word.arg in ("alias", "env", "validation_alias")
        and isinstance(word.value, ast.Constant)
        and str(word.value.value).upper() == DATABASE_URL
        for word in words
    )


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _given(source: Source, modules: Modules) -> Iterator[DatabaseUri]:
    name = source.path.removesuffix(".py").removesuffix("/__init__").removeprefix("src/").replace("/", ".")
    nodes = list(ast.walk(parse(source)))
    assigned: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            assigned.setdefault(node.targets[0].id, []).append(node.value)
    scope = modules.scope(name, source)
    for node in nodes:
        for value, is_async in _uris(node):
            try:
                text = evaluate(value, scope)
                alone = assigned.get(value.id, []) if isinstance(value, ast.Name) else []
                if text.text is None and len(alone) == 1:
                    text = evaluate(alone[0], scope)  # a name of a function
            except Raised:
                continue
            if text.text is not None and text.rests_on == {DATABASE_URL}:
                at = text.place.span if text.place and text.place.source is source else span_of(source, value)
                yield DatabaseUri(at, text.text.partition("://")[0], is_async)


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
