"""Code that connects to Heroku Key-Value Store and checks its certificate, which Heroku signed itself.

See `facts.django.redis_urls` for what was measured.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_lint.facts.code.python_source import Undecided, parse, span_of
from pydeploy_lint.facts.django.redis_urls import REDIS_VARIABLES, URL, is_checked
from pydeploy_lint.facts.evaluated import EvaluatedModules, last_name
from pydeploy_lint.files.source import FileProblem

if TYPE_CHECKING:
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.finding import Span

FROM_URL = "from_url"
CLIENTS = {"aioredis", "asyncio", "BlockingConnectionPool", "ConnectionPool", "Redis", "redis", "StrictRedis"}
"""Whose function ``from_url()`` connects with redis-py."""
CELERY_OPTION = "redis_backend_use_ssl"
OTHER_OPTIONS = {None, "connection_class", "connection_pool", "ssl_ca_certs", "ssl_ca_data", "ssl_context"}
"""Arguments that may turn the check off or make it succeed; None stands for ``**options``."""


def checking_clients(tree: Tree) -> list[tuple[str, Span]]:
    """The distributions that connect and check the certificate, each with the place of the address.

    Args:
        tree: the app.
    """
    try:
        modules = EvaluatedModules(tree, dict.fromkeys(REDIS_VARIABLES, URL), (FROM_URL, "Celery"))
        if not modules.uses_variables:
            return []
        has_option = any(CELERY_OPTION in source.text.lower() for source in modules.sources)
        return [
            (user, span_of(source, address))
            for source in modules.sources
            for user, address in _addresses(source)
            if not (user == "celery" and has_option) and _is_checked(modules, address, source)
        ]
    except (Undecided, FileProblem, RecursionError):
        return []


def _is_checked(modules: EvaluatedModules, address: ast.expr, source: Source) -> bool:
    value = modules.value(address, source)
    return value is not None and is_checked(value)


def _addresses(source: Source) -> Iterator[tuple[str, ast.expr]]:
    """What is used as an address without a word on certificates."""
    for node in ast.walk(parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="from_url"), args=args, keywords=words):
                given = {word.arg: word.value for word in words}
                address = args[0] if args else given.get("url")
                is_plain = OTHER_OPTIONS.isdisjoint(given) and not _turns_off(given.get("ssl_cert_reqs"))
                if address is not None and is_plain and last_name(owner) in CLIENTS:
                    yield "redis", address
            case ast.Call(func=func, keywords=words) if last_name(func) == "Celery":
                yield from (("celery", word.value) for word in words if word.arg == "backend")
            case ast.Call(func=ast.Attribute(attr="update"), keywords=words):
                yield from (("celery", word.value) for word in words if word.arg == "result_backend")
            case ast.Assign(targets=[ast.Attribute(attr="result_backend")], value=address):
                yield "celery", address


def _turns_off(option: ast.expr | None) -> bool:
    """Whether a value of ``ssl_cert_reqs`` is there and asks for no check, or is unknown."""
    if option is None:
        return False
    required = isinstance(option, ast.Constant) and str(option.value).lower() in ("required", "optional")
    return not (required or last_name(option) in ("CERT_REQUIRED", "CERT_OPTIONAL"))
