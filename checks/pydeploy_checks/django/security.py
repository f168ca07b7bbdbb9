"""Django settings that leave the site open to attack on Heroku."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_checks.django.project import SETTINGS, is_declared, not_set, project
from pydeploy_checks.django.rewrites import DEBUG_IF_ASKED, NEW_KEY, debug_if_asked, key_from_variable
from pydeploy_lint.plugin import DEV_CENTER, App, Example, Problem, Severity, check

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Value

URL = DEV_CENTER + "django-app-configuration"
BOOL_OF_CONFIG_VAR = re.compile(r"bool\(\s*(?:os\.)?(?:environ\b|getenv\()")


@check("django-debug-on", severity=Severity.WARNING, url=URL)
def django_debug_on(app: App) -> Iterator[Problem]:
    """`DEBUG` is on, on Heroku.

    Visitors who hit an error see the code around it, the settings and the SQL, and Django keeps every query in memory.
    If only a config var can turn it off, this is a note.

    ## How to fix

    Enable it only where a variable asks for it:

        DEBUG = os.environ.get("DEBUG") == "1"
    """
    debug = app.django.setting("DEBUG") if app.django else None
    if debug is None or debug.at is None:
        return
    help_text = f"Enable it only where a variable asks for it:\n    import os\n    DEBUG = {DEBUG_IF_ASKED}"
    if debug.always(lambda way: way.truth is True):
        message = "DEBUG is on: on Heroku, visitors who hit an error see your code and settings"
        yield Problem(message, debug.at, help=help_text, fix=debug_if_asked(app, debug))
    elif debug.truth and _is_bool_of_text(app, debug):
        message = (
            'DEBUG is bool() of a text, and every text but the empty one is true, even "False": on Heroku, visitors '
            "who hit an error see your code and settings"
        )
        yield Problem(message, debug.at, help=help_text)
    elif debug.truth:
        names = " or ".join(f"the config var {name}" for name in sorted(debug.config_vars))
        message = f"DEBUG is on unless {names} turns it off on Heroku"
        yield Problem(message, debug.at, help=help_text, severity=Severity.NOTE, certain=False)


def _is_bool_of_text(app: App, value: Value) -> bool:
    """Whether a setting is written as ``bool(...)`` of a config var, which is always a text."""
    source = app.files.source(value.at.path) if value.at else None
    line = source.line(value.at.line) if source and value.at and value.at.line else ""
    written = line[value.at.column - 1 :] if value.at and value.at.column else ""
    return bool(BOOL_OF_CONFIG_VAR.match(written)) and bool(value.config_vars)


django_debug_on.examples(
    bad=[
        Example(project("DEBUG = True\n"), at=(f"{SETTINGS}:1:9-1:13",)),
        Example(
            project('import os\n\nDEBUG = os.environ.get("DEBUG", "True") == "True"\n'), at=(f"{SETTINGS}:3:9-3:50",)
        ),
    ],
    good=[
        Example(project("DEBUG = False\n")),
        Example(project('import os\n\nDEBUG = "DYNO" not in os.environ\n')),
    ],
)


@check("django-secret-key-committed", severity=Severity.WARNING, url=URL)
def django_secret_key_committed(app: App) -> Iterator[Problem]:
    """`SECRET_KEY` is written in the settings.

    Anyone who can read the repository can forge sessions and password-reset links. If the key in the file is used only
    while a config var is unset, and `app.json` does not declare that, this is a note.

    ## How to fix

    Read the key from a config var, and set it to a new key:

        SECRET_KEY = os.environ["SECRET_KEY"]
    """
    key = app.django.setting("SECRET_KEY") if app.django else None
    if key is None or app.django is None or key.at is None:
        return
    help_text = (
        'Read it from a config var:\n    import os\n    SECRET_KEY = os.environ["SECRET_KEY"]\n'
        f"and set that to a new key:\n    {NEW_KEY}"
    )
    if key.is_known and key.data is None and not is_declared(app.django, key.config_vars):
        while_unset = f"while {not_set(key.config_vars)}, " if key.config_vars else ""
        message = f"{while_unset}SECRET_KEY is None, and Django cannot sign sessions or forms"
        severity = Severity.NOTE if key.config_vars else None
        yield Problem(message, key.at, help=help_text, severity=severity, certain=not key.config_vars)
    elif key.always(lambda way: bool(way.text)):
        message = "SECRET_KEY is in the repository: anyone who can read it can forge sessions of the site on Heroku"
        yield Problem(message, key.at, help=help_text, fix=key_from_variable(app, key))
    elif key.text and not is_declared(app.django, key.config_vars):
        message = f"while {not_set(key.config_vars)}, SECRET_KEY is the key from the repository"
        yield Problem(message, key.at, help=help_text, severity=Severity.NOTE, certain=False)


django_secret_key_committed.examples(
    bad=[Example(project('SECRET_KEY = "not-a-secret"\n'), at=(f"{SETTINGS}:1:14-1:28",))],
    good=[
        Example(project('import os\n\nSECRET_KEY = os.environ["SECRET_KEY"]\n')),
        Example(
            project(
                'import os\n\nSECRET_KEY = os.environ.get("SECRET_KEY", "for-tests")\n',
                app_json='{"env": {"SECRET_KEY": {"generator": "secret"}}}\n',
            )
        ),
    ],
)
