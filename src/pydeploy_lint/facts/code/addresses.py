"""Where the app's code gives the addresses of add-ons to libraries, and in which form they get there.

Heroku sets ``DATABASE_URL`` to ``postgres://…``, and the ``REDIS_URL`` of its key-value store to ``rediss://…``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.code.evaluate import Evaluator, import_roots, nodes_with_scopes
from pydeploy_lint.facts.code.objects import Call, External, Member, Object, Objects, Scope, root_name
from pydeploy_lint.facts.code.python_source import span_of
from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.heroku.names import DATABASE_URL

if TYPE_CHECKING:
    from pydeploy_lint.files.files import Files
    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.finding import Span

MAX_FILES = 400
SKIPPED = ("node_modules", "venv", "env", "test", "tests", "docs", "static", "templates", "migrations", "site-packages")
POSTGRES = "postgres://user:secret@host.example:5432/database"
REDIS = "rediss://:secret@host.example:6379"
VARIABLES = {DATABASE_URL: POSTGRES, "REDIS_URL": REDIS, "REDIS_TLS_URL": REDIS}
SINKS = re.compile(
    r"create_(?:async_)?engine|SQLALCHEMY_DATABASE_URI|sqlalchemy\.url|SQLAlchemyJobStore|asyncpg|psycopg"
    r"|from_url|from_dsn|Celery|message_queue|Redis|REDIS|storage_uri|RATELIMIT_STORAGE|broker_url|result_backend"
)
"""What a file has in it that may give an address to a library."""


class Given(NamedTuple):
    """An address that a library is given."""

    library: str
    """What takes it: a full name such as ``sqlalchemy.create_engine``, or the name of a setting."""
    address: str
    """The address as it would be on Heroku."""
    variable: str
    """The variable that it comes from."""
    at: Span
    keywords: frozenset[str]
    """The names of the other arguments; ``**`` for those that are not known."""
    file: str
    """The text of the file."""


SETTINGS = frozenset(
    {
        "SQLALCHEMY_DATABASE_URI", "CACHE_REDIS_URL", "RATELIMIT_STORAGE_URI", "RATELIMIT_STORAGE_URL", "RQ_REDIS_URL",
        "RQ_DASHBOARD_REDIS_URL", "CELERY_BROKER_URL", "CELERY_RESULT_BACKEND", "broker_url", "result_backend",
        "SOCKETIO_MESSAGE_QUEUE",
    }
)  # fmt: skip
"""Settings of Flask's extensions and of Celery that take an address."""
ARGUMENTS: dict[str, tuple[tuple[str, int | None], ...]] = {
    "create_engine": (("url", 0),),
    "create_async_engine": (("url", 0),),
    "SQLAlchemyJobStore": (("url", 0),),
    "from_url": (("url", 0),),
    "from_dsn": (("dsn", 0),),
    "Celery": (("broker", None), ("backend", None)),
    "SocketIO": (("message_queue", None),),
    "RedisManager": (("url", 0),),
    "AsyncRedisManager": (("url", 0),),
    "Limiter": (("storage_uri", None),),
    "RedisBroker": (("url", None),),
    "RedisHuey": (("url", None),),
    "ListQueueBroker": (("url", 0),),
    "RedisAsyncResultBackend": (("redis_url", 0),),
    "Broadcast": (("url", 0),),
    "connect": (("dsn", 0), ("conninfo", None)),
    "create_pool": (("dsn", 0),),
    "ConnectionPool": (("conninfo", 0),),
    "AsyncConnectionPool": (("conninfo", 0),),
}
"""By the last part of a function's name: the parameters that take an address."""


def given_addresses(files: Files) -> list[Given]:
    """The addresses that libraries are given, in the order of the files."""
    return files.once("given addresses", lambda: _given_addresses(files))


def _given_addresses(files: Files) -> list[Given]:
    objects = files.once("objects", lambda: Objects(files))
    evaluator = Evaluator(objects, VARIABLES)
    found: list[Given] = []
    for path in python_files(files.tree):
        try:
            source = files.source(path)
        except FileProblem:
            continue
        if source is None or not SINKS.search(source.text):
            continue
        scope = objects.module(path, import_roots(path))
        for node, around in nodes_with_scopes(objects, scope) if scope else ():
            found += _of_node(objects, evaluator, node, around)
    return found


def is_rewritten(files: Files, variable: str) -> bool:
    """Whether the app may change an environment variable before anything reads it."""
    profile = files.readable_source(".profile")
    if profile and variable in profile.text:
        return True
    assigned = re.compile(
        rf"environ\[\s*['\"]{variable}['\"]\s*\]\s*=(?!=)|environ\.update\(|putenv\(|load_dotenv\((?:[^()]|\(\)){{0,300}}override"
    )
    return is_in_code(files, assigned)


def is_in_code(files: Files, pattern: re.Pattern[str]) -> bool:
    """Whether any of the app's modules has something in its text."""
    sources = (files.readable_source(path) for path in python_files(files.tree))
    return any(source is not None and pattern.search(source.text) for source in sources)


MOST_NAMES = 2000
"""In a directory; one with more holds data."""


def python_files(tree: Tree) -> list[str]:
    """The app's modules in the root directory and up to three levels below, without tests and the like."""
    found: list[str] = []
    level = [""]
    for _ in range(4):
        below: list[str] = []
        for directory in level:
            names = tree.names(directory)
            for name in names if len(names) <= MOST_NAMES else ():
                path = f"{directory}/{name}" if directory else name
                if name.endswith(".py") and not name.startswith("test_"):
                    found.append(path)
                elif "." not in name and name not in SKIPPED and len(below) < MAX_FILES and tree.is_directory(path):
                    below.append(path)
                if len(found) >= MAX_FILES:
                    return found
        level = below
    return found


def _of_node(objects: Objects, evaluator: Evaluator, node: ast.AST, scope: Scope) -> Iterator[Given]:
    for library, value, keywords in _sinks(objects, node, scope):
        line = value.lineno + 1 if scope.function is not None or scope.parent is None else None
        address = evaluator.text(value, scope, line)
        if not address or not (address.startswith(("postgres", "redis"))) or "secret@" not in address:
            continue
        read = next((each for each in evaluator.reads if each.scope.source is scope.source), None)
        variable = DATABASE_URL if "/database" in address else "REDIS_URL"
        at = span_of(scope.source, read.node if read and not address.startswith("redis") else value)
        yield Given(library, address, variable, at, keywords, scope.source.text)


def _sinks(objects: Objects, node: ast.AST, scope: Scope) -> Iterator[tuple[str, ast.expr, frozenset[str]]]:
    match node:
        case ast.Assign(targets=[target], value=value) if (name := _target_name(target)) in SETTINGS:
            yield name, value, frozenset()
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if name in SETTINGS:
            yield name, value, frozenset()
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and key.value in SETTINGS:
                    yield str(key.value), value, frozenset()
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            yield from _arguments(objects, node, name, scope)


def _arguments(
    objects: Objects, node: ast.Call, name: str, scope: Scope
) -> Iterator[tuple[str, ast.expr, frozenset[str]]]:
    keywords = frozenset(each.arg or "**" for each in node.keywords)
    given = {each.arg: each.value for each in node.keywords if each.arg}
    yield from ((setting, value, keywords) for setting, value in given.items() if setting in SETTINGS)
    if name == "set_main_option" and len(node.args) == 2 and _is_text(node.args[0], "sqlalchemy.url"):
        yield "sqlalchemy.url", node.args[1], keywords
    full = (_full_name(objects.value(node, scope)) or _imported_later(name)) if name in ARGUMENTS else ""
    for keyword, index in ARGUMENTS[name] if full else ():
        by_place = node.args[index] if index is not None and index < len(node.args) else None
        value = given.get(keyword, by_place)
        if value is not None:
            yield full, value, keywords


def _imported_later(name: str) -> str:
    """The full name of a function whose import is not seen, where only one library has it."""
    known = {"create_engine": "sqlalchemy.create_engine", "create_async_engine": "sqlalchemy.create_async_engine"}
    return known.get(name, "")


def _is_text(node: ast.expr, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def _target_name(target: ast.expr) -> str:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""


def _full_name(found: Object) -> str:
    if not isinstance(found, Call):
        return ""
    match found.of:
        case External(name=name):
            return name if not name.startswith("builtins.") else ""
        case Member(name=name) as member:
            root = root_name(member)
            return f"{root}.{name}" if root else ""
    return ""
