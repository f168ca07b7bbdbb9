"""Whether Django learns, behind Heroku's router, that a request came by HTTPS.

The router ends TLS and passes requests on by HTTP, with the header ``X-Forwarded-Proto: https``. The buildpack sets
``FORWARDED_ALLOW_IPS=*``. Measured on 2026-11-25 with Django 5.2.1, with that variable and the router's headers:

- gunicorn 23.0 (workers sync, gthread, gevent and uvicorn's) and uvicorn 0.34 tell Django of HTTPS, unless
  ``--forwarded-allow-ips`` names other addresses or ``--no-proxy-headers`` is given; so does uWSGI 2.0;
- daphne 4.2 does so with ``--proxy-headers``, and waitress (1.4 to 3.0) with ``--trusted-proxy`` or ``--url-scheme``;
- hypercorn 0.18, granian 2.8 and ``runserver`` never do;
- ``SECURE_PROXY_SSL_HEADER`` makes up for that, except with waitress 3.0, which removes the header.
"""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING

from pydeploy_lint.facts.processes.command import resolve_path

if TYPE_CHECKING:
    from pydeploy_lint.facts.declared import Declared
    from pydeploy_lint.facts.django.evaluation.values import Value
    from pydeploy_lint.facts.django.project import Django
    from pydeploy_lint.facts.packages.packages import Packages
    from pydeploy_lint.facts.processes.processes import ProcessType
    from pydeploy_lint.facts.processes.servers import Service
    from pydeploy_lint.files.files import Files

SENT = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_PORT": "443"}
"""The headers by which the router tells of HTTPS, as Django names them, and their values then."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
NEVER_TELL = frozenset({"granian", "hypercorn", "runserver"})
VARIABLE = "FORWARDED_ALLOW_IPS"
MAY_TELL = re.compile(r"url_scheme|scheme\b|FORWARDED|ProxyFix|proxy_headers|ProxyHeaders|sslify", re.IGNORECASE)
"""What the code of a middleware or a wrapper mentions that may tell Django of HTTPS."""
NAMES = re.compile("ssl|https|proxy|proxies|forwarded|scheme|csrf", re.IGNORECASE)
"""What the name of such a middleware has in it."""
CONFIGURES = re.compile(r"forwarded_allow_ips|secure_scheme_headers|\bimport\s*\*")


class Told(enum.Enum):
    """Whether Django takes a request for one by HTTPS that came to the router by HTTPS."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def tells_of_https(
    django: Django, web: ProcessType | None, files: Files, packages: Packages, declared: Declared
) -> Told:
    """Whether Django learns that a request came by HTTPS.

    Args:
        django: the project.
        web: what gets the requests.
        files: the app's files.
        packages: the version of the server.
        declared: the config vars.
    """
    service = web.server if web else None
    if web is None or service is None or _wraps(django, web, files):
        return Told.UNKNOWN
    header = django.setting("SECURE_PROXY_SSL_HEADER")
    if not header.is_certain:
        return Told.UNKNOWN
    by_server = _by_server(service, files, declared)
    if header.is_unset:
        return by_server
    by_header = _by_header(header)
    if by_header is None:
        return by_server
    if service.server.name == "waitress-serve" and by_server is Told.NO:
        return Told.NO if by_header is Told.NO else _by_stripped_header(service, packages)
    return by_header


def _by_header(header: Value) -> Told | None:
    """What the setting makes of the router's headers; None where it names a header that the router does not send."""
    names = [each.text for each in header.elements or ()]
    if len(names) != 2 or names[0] is None or names[1] is None:
        return Told.UNKNOWN
    if names[0] in SENT:
        return Told.YES if names[1] == SENT[names[0]] else Told.NO
    # Another proxy in front of the app may send its own.
    return None if not names[0].startswith("HTTP_") or names[0].startswith("HTTP_X_FORWARDED_") else Told.UNKNOWN


def _by_stripped_header(service: Service, packages: Packages) -> Told:
    """The same with waitress: the header is removed since version 3.0, of which 1.4 to 2.1 only warned."""
    if "--no-clear-untrusted-proxy-headers" in service.options:
        return Told.YES
    answer = packages.install_set.query("waitress") if packages.install_set else None
    from pydeploy_lint.facts.packages.least_version import least_version

    least = least_version(answer.declared.specifier) if answer and answer.declared else None
    return Told.NO if least is not None and least >= (3,) else Told.UNKNOWN


def _by_server(service: Service, files: Files, declared: Declared) -> Told:
    options, name = service.options, service.server.name
    if name in NEVER_TELL:
        return Told.NO
    if name == "daphne":
        return Told.YES if "--proxy-headers" in options else Told.NO
    if name == "waitress-serve":
        return _by_waitress(service)
    if name in ("gunicorn", "uvicorn"):
        if "--no-proxy-headers" in options and name == "uvicorn":
            return Told.NO
        return _by_addresses(service, files, declared)
    return Told.UNKNOWN


def _by_waitress(service: Service) -> Told:
    schemes = [word.text for word in service.values(("--url-scheme",))]
    if schemes:
        return Told.YES if schemes[-1] == "https" else Told.NO
    trusted = [word.text for word in service.values(("--trusted-proxy",))]
    headers = " ".join(word.text for word in service.values(("--trusted-proxy-headers",))).lower()
    if not trusted:
        return Told.NO
    return Told.YES if trusted[-1] == "*" and (not headers or "x-forwarded-proto" in headers) else Told.UNKNOWN


def _by_addresses(service: Service, files: Files, declared: Declared) -> Told:
    """Which addresses gunicorn and uvicorn trust: the router's are other ones each time."""
    options = [word.text for word in service.values(("--forwarded-allow-ips",))]
    value = declared.config_vars.get(VARIABLE)
    if service.server.name == "gunicorn" and (service.values(("--config", "-c")) or _configures(service, files)):
        return Told.UNKNOWN
    if any(name in service.run.variables for name in ("GUNICORN_CMD_ARGS", "UVICORN_FORWARDED_ALLOW_IPS")):
        return Told.UNKNOWN
    if not options and (VARIABLE in service.run.variables or value):
        options = [service.run.variables.get(VARIABLE) or (value[0] if value else None) or "$"]
    if not options:
        return Told.YES
    trusted = {each.strip() for each in options[-1].split(",")}
    if "*" in trusted:
        return Told.YES
    return Told.NO if trusted <= LOOPBACK else Told.UNKNOWN


def _configures(service: Service, files: Files) -> bool:
    path = resolve_path(service.run.directory, "gunicorn.conf.py")
    source = files.source(path) if path else None
    return source is not None and CONFIGURES.search(source.text) is not None


def _wraps(django: Django, web: ProcessType, files: Files) -> bool:
    """Whether something around Django, or a middleware that is not Django's own, may set the scheme."""
    middleware = [each.text for each in django.middleware.elements or ()]
    if django.middleware.elements is None or None in middleware:
        return True
    others = [name for name in middleware if name and not name.startswith("django.")]
    if any(NAMES.search(name) for name in others):
        return True
    modules = [name.rpartition(".")[0] for name in others]
    settings = ("WSGI_APPLICATION", "ASGI_APPLICATION")
    modules += [(django.setting(setting).text or "").rpartition(".")[0] for setting in settings]
    target = web.target
    modules.append(target.module if target and target.module else "")
    paths = {django.find_module(name) for name in modules if name}
    return any(MAY_TELL.search(_text(files, path)) for path in paths if path)


def _text(files: Files, path: str) -> str:
    source = files.source(path)
    return source.text if source else ""
