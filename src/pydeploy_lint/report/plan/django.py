"""What is known of Django's settings, and the config vars that they read."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
from typing import TYPE_CHECKING

from pydeploy_lint.files.numbers import LARGEST
from pydeploy_lint.heroku.names import DATABASE_URL
from pydeploy_lint.report.plan.plan import Line
from pydeploy_lint.settings.configuration import shortened

if TYPE_CHECKING:
    from pydeploy_lint.engine.result import AppReport
    from pydeploy_lint.facts.app import App
    from pydeploy_lint.facts.django.evaluation.environment import ConfigVar
    from pydeploy_lint.facts.django.evaluation.values import Value
    from pydeploy_lint.facts.django.project import Django

SETTINGS = {"debug": "DEBUG", "hosts": "ALLOWED_HOSTS", "static files": "STATIC_ROOT", "uploads": "MEDIA_ROOT"}
"""The settings that are shown, by label."""
MOST_ELEMENTS = 20
"""How many elements of a list are shown."""
LONGEST_VALUE = 200
"""Characters of a value that are shown."""
MOST_VARS = 40
"""How many config vars are shown."""


def lines(app: App, _report: AppReport) -> Iterator[Line]:
    """The settings module, what it sets, and what it reads."""
    django = app.django
    if django is None or django.settings is None:
        return
    yield Line("settings", f"{django.settings.module}, named in {django.settings.by}", django.settings.at)
    engine = django.database.item("ENGINE")
    if not django.database.is_absent:
        yield _line("database", "ENGINE", engine if engine.is_known else django.database)
    for label, name in SETTINGS.items():
        value = django.setting(name)
        if not value.is_absent or value.config_vars:
            yield _line(label, name, value)
    yield from _config_vars(django)


def _line(label: str, name: str, value: Value) -> Line:
    shown = _shown(value)
    rests = f", resting on {', '.join(sorted(value.config_vars))}" if value.config_vars else ""
    return Line(label, f"{name}: {shown}{rests}", value.at)


def _shown(value: Value, *, nested: bool = False) -> str:
    if value.elements is not None:
        if nested:
            return "a list"
        shown = [_shown(each, nested=True) for each in value.elements[:MOST_ELEMENTS]]
        rest = len(value.elements) - len(shown)
        return ", ".join([*shown, f"{rest} more"] if rest else shown) or "empty"
    if value.is_known and isinstance(value.data, (str, bool, int, type(None))):
        is_long = isinstance(value.data, int) and abs(value.data) > LARGEST
        return "a long number" if is_long else shortened(str(value.data), LONGEST_VALUE)
    return "not set" if value.is_absent else "cannot be told"


def _config_vars(django: Django) -> Iterator[Line]:
    found = django.config_vars
    for each in found[:MOST_VARS]:
        yield Line("config var", f"{each.name}: {_need(each)}{_declared(each)}", each.at)
    if len(found) > MOST_VARS:
        yield Line("config var", f"{len(found) - MOST_VARS} more")
    wanted = [each.name for each in django.config_vars_to_set if each.name != DATABASE_URL]
    if wanted:
        yield Line("to set", f"heroku config:set {' '.join(quote(f'{name}=...') for name in wanted)}")


def _need(config_var: ConfigVar) -> str:
    if config_var.is_required:
        return "required, as the settings cannot be imported without it"
    return "optional, has a default" if config_var.has_default else "optional"


def _declared(config_var: ConfigVar) -> str:
    at = config_var.declared_at
    if at is None:
        return ""
    return ", set on Heroku" if at.path == "." else f", declared in {at.path}"
