"""The fixes that give a Django setting another value: only where one statement that always runs gives it a literal."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pydeploy_checks.add import append, with_packages
from pydeploy_checks.django.project import STATICFILES
from pydeploy_checks.django.settings_fixes import BESIDE_SETTINGS
from pydeploy_lint.plugin import Edit, Fix, add_imports, is_assigned_at_top

if TYPE_CHECKING:
    from pydeploy_lint.plugin import App, Source, Value

DEBUG_IF_ASKED = 'os.environ.get("DEBUG") == "1"'
NEW_KEY = "heroku config:set SECRET_KEY=\"$(python -c 'import secrets; print(secrets.token_urlsafe(50))')\""
WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
READ_URL = (
    'if "DATABASE_URL" in os.environ:',
    '    DATABASES["default"] = dj_database_url.config(conn_max_age=600, ssl_require=True)',
)
"""The lines that use the database of Heroku where there is one."""


def debug_if_asked(app: App, debug: Value) -> Fix | None:
    """Turn DEBUG on only where a variable asks for it; a suggestion, as it is then off on other machines too."""
    edits = _replaced(app, debug, DEBUG_IF_ASKED, "import os")
    return Fix("Turn DEBUG on only where the variable DEBUG is 1", edits, safe=False) if edits else None


def key_from_variable(app: App, key: Value) -> Fix | None:
    """Read SECRET_KEY from a config var, which has to be set before the next push."""
    edits = _replaced(app, key, 'os.environ["SECRET_KEY"]', "import os")
    return Fix("Read SECRET_KEY from a config var, and set that", edits, False, (NEW_KEY,)) if edits else None


def database_from_url(app: App, *lacking: str, commands: tuple[str, ...] = ()) -> Fix | None:
    """Use the database at DATABASE_URL where that is set, and the one of the settings elsewhere.

    Args:
        app: the app.
        lacking: requirements that this needs, and that are not installed.
        commands: what remains to be run.
    """
    django = app.django
    source = app.files.source(django.path) if django and django.path else None
    engine = django.database.item("ENGINE") if django else None
    if source is None or engine is None or not engine.always(lambda way: way.text is not None):
        return None
    imports = add_imports(source, ("import os", "import dj_database_url"), source.line_count + 1)
    if imports is None:
        return None
    edits = (*imports, append(source, ("", *READ_URL)))
    way = Fix(f"Read DATABASE_URL in {source.path}", edits, safe=False, commands=commands)
    return with_packages(app, way, *lacking)


def add_static_url(app: App, url: Value) -> Fix | None:
    """Give static files an address; safe, as without one the build fails."""
    django = app.django
    source = app.files.source(django.path) if django and django.path else None
    if source is None or not (url.is_absent or url.at):
        return None
    edit = Edit(url.at, '"/static/"') if url.at else append(source, ('STATIC_URL = "/static/"',))
    return Fix(f"Set STATIC_URL in {edit.span.path}", (edit,))


def add_staticfiles(app: App, apps: Value) -> Fix | None:
    """Install Django's app for static files, with the settings that it needs; a suggestion.

    collectstatic can be switched off instead.
    """
    edit = _inserted(app, apps, f'"{STATICFILES}"', 0)
    source = app.files.source(edit.span.path) if edit else None
    if edit is None or source is None or app.django is None:
        return None
    has_base = app.django.setting("BASE_DIR").is_known
    root = 'f"{BASE_DIR}/staticfiles"' if has_base else BESIDE_SETTINGS
    needed = {"STATIC_URL": '"/static/"', "STATIC_ROOT": root}
    lines = tuple(f"{name} = {value}" for name, value in needed.items() if app.django.setting(name).is_absent)
    needs_os = not has_base and any(root in line for line in lines)
    imports = add_imports(source, ("import os",), source.line_count + 1) if needs_os else ()
    if imports is None:
        return None
    more = (append(source, lines),) if lines else ()
    return Fix(f"Add {STATICFILES} to INSTALLED_APPS", (*imports, edit, *more), safe=False)


def add_whitenoise(app: App, middleware: Value) -> Fix | None:
    """Serve static files with WhiteNoise; a suggestion, as another server may be meant to.

    None where a config var chooses between several lists.
    """
    if middleware.ways:
        return None
    names = [each.text for each in middleware.elements or ()]
    place = names.index(SECURITY) + 1 if SECURITY in names else 0
    edit = _inserted(app, middleware, f'"{WHITENOISE}"', place)
    way = Fix("Add WhiteNoise to MIDDLEWARE", (edit,), safe=False) if edit else None
    return with_packages(app, way, "whitenoise")


def _replaced(app: App, value: Value, expression: str, statement: str) -> tuple[Edit, ...]:
    """The edits that write another expression, and import what it needs; none where that is not sure to do it."""
    source = _source_of(app, value)
    if source is None or value.at is None or not isinstance(value.place.node if value.place else None, ast.Constant):
        return ()
    imports = add_imports(source, (statement,), value.at.line or 1)
    return () if imports is None else (*imports, Edit(value.at, expression))


def _inserted(app: App, value: Value, element: str, place: int) -> Edit | None:
    """The edit that puts an element into a list, in the way in which the list is written."""
    source, node = _source_of(app, value), value.place.node if value.place else None
    if source is None or value.at is None or not isinstance(node, ast.List | ast.Tuple):
        return None
    start = source.offset(value.at.line or 1, value.at.column or 1)
    if not node.elts:
        return Edit(value.at, f"[{element}]" if isinstance(node, ast.List) else f"({element},)")
    is_last = place == len(node.elts)
    near = node.elts[place - 1 if is_last else place]
    offset = source.offset(near.lineno, 1) + _characters(source, near.lineno, near.col_offset)
    column = offset - source.offset(near.lineno, 1)
    indent = source.line(near.lineno)[:column]
    apart = f"{source.line_end(near.lineno)}{indent}" if not indent.strip() and offset > start + 1 else " "
    if is_last:
        end_line = near.end_lineno or near.lineno
        end = source.offset(end_line, 1) + _characters(source, end_line, near.end_col_offset or 0)
        return Edit(source.span(end, end), f",{apart}{element}")
    return Edit(source.span(offset, offset), f"{element},{apart}")


def _source_of(app: App, value: Value) -> Source | None:
    """The module in which a value is assigned by a statement that always runs; None for any other value."""
    source = app.files.source(value.at.path) if value.at else None
    return source if source and value.at and is_assigned_at_top(source, value.at) else None


def _characters(source: Source, line: int, count: int) -> int:
    """How many characters the first bytes of a line are."""
    return len(source.line(line).encode()[:count].decode(errors="replace"))
