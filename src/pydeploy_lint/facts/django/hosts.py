"""What an entry of ``ALLOWED_HOSTS`` is worth on Heroku.

Sources: ``django.http.request``: ``validate_host()``, ``split_domain_port()`` and ``host_validation_re`` (Django 1.8 to
6.0); Heroku's "App Names, Subdomains, and URLs": apps created since 2023-06-14 are at
``NAME-<12 hex digits>.herokuapp.com``; RFC 6761 and RFC 6762 for names that are never in the public DNS.
"""

from __future__ import annotations

import ast
import enum
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydeploy_lint.facts.django.evaluation.values import Value

HEROKU_DOMAIN = "herokuapp.com"
_PATTERN = re.compile(r"\.?[a-z0-9-]+(?:\.[a-z0-9-]+)*")
_WITH_IDENTIFIER = re.compile(r"[a-z0-9-]+-[0-9a-f]{12}(?:\.[a-z0-9-]+)?\.herokuapp\.com")
_LOCAL_TOP = frozenset({"internal", "invalid", "lan", "local", "localdomain", "localhost", "test"})
"""Top-level domains that no domain registrar sells."""
_ELSEWHERE = (
    "appspot.com", "azurewebsites.net", "elasticbeanstalk.com", "fly.dev", "github.dev", "gitpod.io", "netlify.app",
    "ngrok.app", "ngrok.dev", "ngrok.io", "ngrok-free.app", "now.sh", "onrender.com", "pythonanywhere.com",
    "railway.app", "repl.co", "replit.dev", "run.app", "vercel.app",
)  # fmt: skip
"""Domains of other platforms, whose names cannot be given to a Heroku app."""


class HostKind(enum.Enum):
    """Which requests an entry lets through."""

    EVERY_APP = "every app"
    """Those for any app on Heroku: ``*`` and ``.herokuapp.com``."""
    APP = "app"
    """Those for one app, by its whole name on Heroku."""
    OLD_APP = "old app"
    """Those for an app from before 2023-06-14, whose name has no identifier."""
    DOMAIN = "domain"
    """Those for a domain that may have been added to the app."""
    LOCAL = "local"
    """None on Heroku: only machines at home have the name."""
    ELSEWHERE = "elsewhere"
    """Probably none: the name belongs to another platform."""
    NEVER = "never"
    """None at all: no Host header is equal to it."""


USELESS = frozenset({HostKind.LOCAL, HostKind.NEVER})


def kind_of(entry: str) -> HostKind:
    """Which requests an entry of ``ALLOWED_HOSTS`` lets through.

    Args:
        entry: such as ``.example.org``.
    """
    pattern = entry.lower()
    if pattern == "*":
        return HostKind.EVERY_APP
    if _is_address(pattern) or pattern == "":
        return HostKind.LOCAL
    if not _PATTERN.fullmatch(pattern) or pattern == HEROKU_DOMAIN:
        return HostKind.NEVER
    return _kind_of_name(pattern)


def _kind_of_name(pattern: str) -> HostKind:
    name = pattern.removeprefix(".")
    if pattern.startswith(".") and (name == HEROKU_DOMAIN or HEROKU_DOMAIN.endswith(pattern)):
        return HostKind.EVERY_APP
    if name.endswith(f".{HEROKU_DOMAIN}"):
        return HostKind.APP if _WITH_IDENTIFIER.fullmatch(name) else HostKind.OLD_APP
    if "." not in name or name.rpartition(".")[2] in _LOCAL_TOP:
        return HostKind.LOCAL
    return HostKind.ELSEWHERE if f".{name}".endswith(tuple(f".{each}" for each in _ELSEWHERE)) else HostKind.DOMAIN


def _is_address(pattern: str) -> bool:
    """Whether it is an IP address, by which no app on Heroku is reached."""
    from ipaddress import ip_address

    try:
        ip_address(pattern.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def corrected(entry: str) -> str | None:
    """What an entry that matches no request was meant to be; None where that cannot be told.

    Args:
        entry: such as ``https://www.example.org/``.
    """
    text = entry.strip().lower()
    text = text.partition("://")[2] or text
    text = re.split(r"[/?#]", text, maxsplit=1)[0].rpartition("@")[2]
    text = re.sub(r":\d*$", "", text).rstrip(".")
    text = text.removeprefix("*") if text.startswith("*.") else text
    text = f".{HEROKU_DOMAIN}" if text == HEROKU_DOMAIN else text
    return text if text and kind_of(text) not in USELESS else None


def is_no_list(value: Value) -> bool:
    """Whether a value is neither a list nor a tuple, as Django demands of some settings, while config vars are not set.

    Source: ``Settings.__init__()`` in ``django.conf`` (1.8 to 6.0), which raises ``ImproperlyConfigured``.
    """
    if value.is_absent or not value.is_known:
        return False
    from pydeploy_lint.facts.django.evaluation.values import Iterated

    return isinstance(value.data, (str, bool, int, float, dict, Iterated, type(None)))


def is_text_of_environment(value: Value) -> bool:
    """Whether an assigned value is the text of a variable, or its default, as ``os.environ.get("HOSTS")`` gives it."""
    node = value.place.node if value.place else None
    match node:
        case (
            ast.Subscript(value=ast.Name() | ast.Attribute() as read)
            | ast.Call(func=ast.Attribute(value=ast.Name() | ast.Attribute() as read, attr="get"))
        ):
            return ast.unparse(read) in ("os.environ", "environ")
        case ast.Call(func=ast.Attribute(attr="getenv") | ast.Name(id="getenv")):
            return True
        case ast.Call(func=ast.Name(id="config"), args=[ast.Constant()], keywords=[]):
            return bool(value.rests_on)  # decouple gives the text, or raises where there is none.
        case ast.Call(func=ast.Attribute(attr="str") | ast.Name(id="config" | "env"), args=[ast.Constant(), *_]):
            # django-environ, environs and decouple give a text as well, where a default is one and nothing casts it.
            return value.text is not None
    return False
