"""The fixes that set a Django setting: behind the one to which it belongs, or at the end of the settings."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pydeploy_lint.plugin import Edit, Fix, add_imports, corrected, is_assigned_at_top

if TYPE_CHECKING:
    from pydeploy_lint.plugin import App, Django, Value

FILE_SYSTEM = "django.core.files.storage.FileSystemStorage"
STATIC_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
COLLECTED = "staticfiles"
BESIDE_SETTINGS = f'os.path.join(os.path.dirname(os.path.abspath(__file__)), "{COLLECTED}")'
"""Where static files are collected if the settings do not say where the project is."""


def static_root_lines(django: Django) -> tuple[str, ...]:
    """What sets the directory in which static files are collected, with the import that it needs."""
    if django.setting("BASE_DIR").is_known:
        return (f'STATIC_ROOT = f"{{BASE_DIR}}/{COLLECTED}"',)
    return "import os", f"STATIC_ROOT = {BESIDE_SETTINGS}"


def set_static_root(app: App) -> Fix | None:
    """Collect static files in a directory of the project, or beside the settings; None where files come from there."""
    django = app.django
    if django is None or django.path is None:
        return None
    sources = django.setting("STATICFILES_DIRS")
    elements = () if sources.is_absent else sources.elements
    # Django refuses to collect files in a directory from which they come.
    if elements is None or any(each.text is None or COLLECTED in each.text.split("/") for each in elements):
        return None
    if django.setting("BASE_DIR").is_known:
        root = f'f"{{BASE_DIR}}/{COLLECTED}"'
        return _add(app, django.path, "STATIC_ROOT", root, after="STATIC_URL", needs="BASE_DIR", safe=True)
    source, way = app.files.source(django.path), _add(app, django.path, "STATIC_ROOT", BESIDE_SETTINGS, safe=True)
    imports = add_imports(source, ("import os",), source.line_count + 1) if source else None
    return None if way is None or imports is None else way._replace(edits=(*imports, *way.edits))


def name_proxy_header(app: App) -> Fix | None:
    """Name the header of Heroku's router; a suggestion, as without such a router anyone can send the header."""
    django = app.django
    if django is None or django.path is None:
        return None
    header, expression = django.setting("SECURE_PROXY_SSL_HEADER"), '("HTTP_X_FORWARDED_PROTO", "https")'
    if header.is_unset:
        return _add(app, django.path, "SECURE_PROXY_SSL_HEADER", expression)
    source = app.files.source(header.at.path) if header.at else None
    if source is None or header.at is None or not is_assigned_at_top(source, header.at):
        return None
    return Fix(f"Correct SECURE_PROXY_SSL_HEADER in {source.path}", (Edit(header.at, expression),), safe=False)


def allow_all_hosts(app: App) -> Fix | None:
    """Leave the names of hosts to Heroku's router; a suggestion, as the app may also run elsewhere."""
    django = app.django
    if django is None or django.path is None:
        return None
    hosts = django.setting("ALLOWED_HOSTS")
    if not hosts.is_certain:
        return None
    if hosts.at is None:
        return _add(app, django.path, "ALLOWED_HOSTS", '["*"]')
    return Fix(f'Set ALLOWED_HOSTS to ["*"] in {hosts.at.path}', (Edit(hosts.at, '["*"]'),), safe=False)


def correct_host(entry: Value) -> Fix | None:
    """Write only the name of a host; a suggestion, as somebody may have meant another."""
    meant = corrected(entry.text or "")
    if meant is None or entry.at is None or not entry.is_certain or not is_literal(entry):
        return None
    return Fix(f"Write {meant} in ALLOWED_HOSTS", (Edit(entry.at, f'"{meant}"'),), safe=False)


def add_scheme(origin: Value) -> Fix | None:
    """Write an origin with HTTPS; a suggestion, as somebody may have meant another."""
    if not origin.text or origin.at is None or not is_literal(origin) or any(each in origin.text for each in '"\\/'):
        return None
    written = f"https://*{origin.text}" if origin.text.startswith(".") else f"https://{origin.text}"
    return Fix(f"Write {written} in CSRF_TRUSTED_ORIGINS", (Edit(origin.at, f'"{written}"'),), safe=False)


def is_literal(value: Value) -> bool:
    """Whether a value is written out where it stands."""
    return isinstance(value.place.node if value.place else None, ast.Constant)


def move_storages(app: App) -> Fix | None:
    """Name the storages of the dropped settings in STORAGES; a suggestion, as it is now that they come into use."""
    django = app.django
    if django is None or django.path is None or not django.setting("STORAGES").is_absent:
        return None
    lines = []
    for alias, name, default in (
        ("default", "DEFAULT_FILE_STORAGE", FILE_SYSTEM),
        ("staticfiles", "STATICFILES_STORAGE", STATIC_FILES),
    ):
        old = django.setting(name)
        if not old.is_certain or not (old.is_absent or old.text):
            return None
        lines.append(f'    "{alias}": {{"BACKEND": "{old.text or default}"}},\n')
    return _add(app, django.path, "STORAGES", f"{{\n{''.join(lines)}}}")


def _add(
    app: App, path: str, name: str, expression: str, *, after: str = "", needs: str = "", safe: bool = False
) -> Fix | None:
    from pydeploy_lint.plugin import add_setting, where_added

    source, django = app.files.source(path), app.django
    # What a branch sets must not be overwritten at the end.
    if source is None or django is None or not django.setting(name).always(lambda way: way.is_unset):
        return None
    description = f"Set {name} in {path}{where_added() if after else ''}"
    return Fix(description, (add_setting(source, name, expression, after=after, needs=needs),), safe)
