"""The fixes of what is given the address of an add-on in a form that it does not understand; all are suggestions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pydeploy_checks.add import append
from pydeploy_lint.plugin import (
    Argument,
    Edit,
    Fix,
    add_imports,
    call_on,
    call_with,
    expression_at,
    give_arguments,
    give_item,
    span_of,
)

if TYPE_CHECKING:
    from pydeploy_lint.plugin import App, CheckedUrl, Source, Span

UNCHECKED = '"ssl_cert_reqs": None'
TLS_ONLY = ", which a redis:// address elsewhere does not take"
"""Measured with redis 8.1.0 on 2026-11-25: its connections without TLS do not know the argument."""


def change_scheme(app: App, at: Span, scheme: str) -> Fix | None:
    """Change the beginning of an address that is read from the environment where it stands.

    Args:
        app: the app.
        at: the expression that reads it.
        scheme: what it is to begin with in place of ``postgres``.
    """
    source = app.files.source(at.path)
    node = expression_at(source, at) if source else None
    if source is None or node is None or not _is_text(node):
        return None
    end = source.offset(at.end_line or 1, at.end_column or 1)
    change = Edit(source.span(end, end), f'.replace("postgres://", "{scheme}://", 1)')
    return Fix(f"Let the address begin with {scheme}://", (change,), safe=False)


def change_replacement(app: App, at: Span, scheme: str) -> Fix | None:
    """Change what the beginning of an address is replaced with, where it is read: ``os.environ[…].replace(…)``.

    Args:
        app: the app.
        at: the expression that reads it.
        scheme: what it is to begin with.
    """
    source = app.files.source(at.path)
    replacing = call_on(source, at) if source else None
    match replacing:
        case ast.Call(func=ast.Attribute(attr="replace"), args=[_, ast.Constant(value="postgresql://") as new, *_]):
            edit = Edit(span_of(source, new), f'"{scheme}://"') if source else None
            return Fix(f"Let the address begin with {scheme}://", (edit,), safe=False) if edit else None
    return None


def _is_text(node: ast.expr) -> bool:
    """Whether an expression that reads a variable gives a text, or raises an error, and never gives None."""
    match node:
        case ast.Subscript(value=ast.Attribute(attr="environ") | ast.Name(id="environ")):
            return True
        case ast.Call(func=ast.Attribute(attr="get" | "getenv") | ast.Name(id="getenv"), args=[_, default]):
            return isinstance(default, ast.Constant) and isinstance(default.value, str)
    return False


def check_nothing(app: App, at: Span) -> Fix | None:
    """Give the call that takes an address the argument with which a client of Redis checks no certificate."""
    source = app.files.source(at.path)
    call = call_with(source, at) if source else None
    edits = give_arguments(source, call, Argument("ssl_cert_reqs", None, "None")) if source and call else None
    return Fix(f"Check no certificate, with ssl_cert_reqs=None{TLS_ONLY}", edits, safe=False) if edits else None


def check_nothing_in_settings(app: App, use: CheckedUrl) -> Fix | None:
    """Turn the check of the certificate off in Django's settings."""
    at = use.value.at
    source = app.files.source(at.path) if at else None
    if at is None or source is None:
        return None
    edits = _of_celery(source, use.remedy) if use.user == "celery" else _in_place(source, at, use.user)
    description = f"Check no certificate in {use.setting}{TLS_ONLY}"
    return Fix(description, edits, safe=False) if edits else None


def _of_celery(source: Source, line: str) -> tuple[Edit, ...] | None:
    """A setting at the end, as Celery reads it from there."""
    imports = add_imports(source, ("import ssl",), source.line_count + 1)
    return None if imports is None else (*imports, append(source, (line,)))


def _in_place(source: Source, at: Span, user: str) -> tuple[Edit, ...] | None:
    if user == "channels-redis":
        if expression_at(source, at) is None:
            return None
        start, end = source.offset(at.line or 1, at.column or 1), source.offset(at.end_line or 1, at.end_column or 1)
        return (Edit(at, f'{{"address": {source.text[start:end]}, {UNCHECKED}}}'),)
    key, expression = {
        "Django's cache": ("OPTIONS", f"{{{UNCHECKED}}}"),
        "django-redis": ("OPTIONS", f'{{"CONNECTION_POOL_KWARGS": {{{UNCHECKED}}}}}'),
        "django-rq": ("SSL_CERT_REQS", "None"),
    }[user]
    edit = give_item(source, at, key, expression)
    return (edit,) if edit else None
