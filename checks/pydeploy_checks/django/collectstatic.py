"""What makes Django's collectstatic fail, and with it the build."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_checks.django.project import SETTINGS, STATICFILES, has_staticfiles, is_local_storage, project
from pydeploy_checks.django.settings_fixes import set_static_root
from pydeploy_lint.plugin import APP_JSON, DEV_CENTER, App, Example, Installed, Problem, Severity, Span, check

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Django

URL = DEV_CENTER + "django-assets"
OVERRIDES_COLLECTSTATIC = re.compile("collect|static|cloudinary|gulp|storage", re.IGNORECASE)
"""The names of packages that may bring a collectstatic of their own."""
SWITCH_OFF = "Or switch it off:\n    heroku config:set DISABLE_COLLECTSTATIC=1"


def _runs_collectstatic(app: App, django: Django) -> bool:
    """Whether the build surely runs collectstatic with the settings that are known."""
    document = app.files.document(APP_JSON)
    return (
        app.build.skips_collectstatic is None
        and (document is None or document.get("env", "DISABLE_COLLECTSTATIC") is None)
        and "collectstatic" in app.policy.steps
        and app.packages.install_set is not None
        and app.packages.install_set.provides_module("django").installed is Installed.YES
        and django.build_settings is not None
    )


def _staticfiles_at(django: Django) -> Span:
    apps = django.setting("INSTALLED_APPS").elements or ()
    found = next((each.at for each in apps if (each.text or "").startswith(STATICFILES)), None)
    assert found is not None
    return found


@check("django-static-root-missing", severity=Severity.ERROR, url=URL)
def django_static_root_missing(app: App) -> Iterator[Problem]:
    """`STATIC_ROOT` is not set, so the build fails when it collects the static files.

    Where Django is installed and a `manage.py` is at most three levels deep, the build runs
    `python manage.py collectstatic --noinput`. With `django.contrib.staticfiles` in `INSTALLED_APPS` and no
    `STATIC_ROOT`, that raises `ImproperlyConfigured`, and Heroku refuses the push.

    Nothing is said where the config var `DISABLE_COLLECTSTATIC` is declared in `app.json`, or the static files go to a
    storage elsewhere.

    ## How to fix

    Say where the files are to be collected:

        STATIC_ROOT = BASE_DIR / "staticfiles"

    Or, where there are none, switch it off with `heroku config:set DISABLE_COLLECTSTATIC=1`.
    """
    django = app.django
    if django is None or not _runs_collectstatic(app, django) or not has_staticfiles(django):
        return
    root, storage = django.setting("STATIC_ROOT"), django.storage("staticfiles", "STATICFILES_STORAGE")
    if not root.is_certain or not root.is_unset or not is_local_storage(storage):
        return
    yield Problem(
        f"STATIC_ROOT is not set: 'python {django.manage_py} collectstatic' fails, and Heroku refuses the push",
        root.at or django.setting("STATIC_URL").at or _staticfiles_at(django),
        help=f'Say where the files are to be collected:\n    STATIC_ROOT = BASE_DIR / "staticfiles"\n{SWITCH_OFF}',
        failure_reason="collectstatic-improper-configuration",
        fix=set_static_root(app),
    )


APPS = f'INSTALLED_APPS = ["{STATICFILES}"]\n'
django_static_root_missing.examples(
    bad=[
        Example(project(APPS), at=(f"{SETTINGS}:1:19-1:47",)),
        Example(project(f'{APPS}STATIC_URL = "static/"\n'), at=(f"{SETTINGS}:2:14-2:23",)),
        Example(
            project(f"from pathlib import Path\n\nBASE_DIR = Path(__file__).resolve().parent.parent\n{APPS}"),
            at=(f"{SETTINGS}:4:19-4:47",),
        ),
    ],
    good=[
        Example(project(f'{APPS}STATIC_ROOT = "staticfiles"\n')),
        Example(project(f'{APPS}STATICFILES_STORAGE = "storages.backends.s3.S3Storage"\n', "Django==4.2\n")),
        Example(project(APPS, app_json='{"env": {"DISABLE_COLLECTSTATIC": "1"}}\n')),
    ],
)


@check("django-static-url-missing", severity=Severity.ERROR, url=URL)
def django_static_url_missing(app: App) -> Iterator[Problem]:
    """`STATIC_URL` is not set, so the build fails when it collects the static files.

    With `django.contrib.staticfiles` in `INSTALLED_APPS`, `python manage.py collectstatic` raises
    `ImproperlyConfigured` where `STATIC_URL` is missing or empty, and Heroku refuses the push.

    ## How to fix

        STATIC_URL = "static/"
    """
    django = app.django
    if django is None or not _runs_collectstatic(app, django) or not has_staticfiles(django):
        return
    url, storage = django.setting("STATIC_URL"), django.storage("staticfiles", "STATICFILES_STORAGE")
    if not url.is_certain or not url.is_unset or not is_local_storage(storage):
        return
    yield Problem(
        f"STATIC_URL is not set: 'python {django.manage_py} collectstatic' fails, and Heroku refuses the push",
        url.at or _staticfiles_at(django),
        help=f'Say under which address the files are served:\n    STATIC_URL = "static/"\n{SWITCH_OFF}',
        failure_reason="collectstatic-improper-configuration",
    )


django_static_url_missing.examples(
    bad=[Example(project(f'{APPS}STATIC_ROOT = "staticfiles"\n'), at=(f"{SETTINGS}:1:19-1:47",))],
    good=[Example(project(f'{APPS}STATIC_ROOT = "staticfiles"\nSTATIC_URL = "static/"\n'))],
)


@check("django-staticfiles-app-missing", severity=Severity.ERROR, url=URL)
def django_staticfiles_app_missing(app: App) -> Iterator[Problem]:
    """`django.contrib.staticfiles` is not installed as an app, so there is no collectstatic, and the build fails.

    The build runs `python manage.py collectstatic --noinput` for every Django app, whether or not it has static files.
    Without that app the command is unknown to Django, and Heroku refuses the push.

    ## How to fix

    Switch it off, where there are no static files:

        heroku config:set DISABLE_COLLECTSTATIC=1

    Otherwise add `"django.contrib.staticfiles"` to `INSTALLED_APPS`.
    """
    django = app.django
    if django is None or not _runs_collectstatic(app, django) or has_staticfiles(django) is not False:
        return
    apps = django.setting("INSTALLED_APPS")
    names = [each.text or "" for each in apps.elements or ()]
    if not apps.is_certain or apps.at is None or any(_may_have_collectstatic(app, django, name) for name in names):
        return
    yield Problem(
        f"{STATICFILES} is not in INSTALLED_APPS: 'python {django.manage_py} collectstatic' is an unknown command, and "
        "Heroku refuses the push",
        apps.at,
        help="Switch it off:\n    heroku config:set DISABLE_COLLECTSTATIC=1\n"
        f'Or, where there are static files, add "{STATICFILES}".',
        failure_reason="collectstatic-other",
    )


def _may_have_collectstatic(app: App, django: Django, name: str) -> bool:
    """Whether an app may bring a command of that name."""
    path = django.find_module(name.partition(".apps.")[0])
    if path is None:
        return not name.startswith("django.contrib.") and OVERRIDES_COLLECTSTATIC.search(name) is not None
    return app.files.tree.is_file(f"{path.removesuffix('/__init__.py')}/management/commands/collectstatic.py")


django_staticfiles_app_missing.examples(
    bad=[Example(project('INSTALLED_APPS = ["django.contrib.auth"]\n'), at=(f"{SETTINGS}:1:18-1:41",))],
    good=[
        Example(project('INSTALLED_APPS = ["django.contrib.staticfiles.apps.StaticFilesConfig"]\n')),
        Example(project('INSTALLED_APPS = ["django.contrib.auth", "collectfasta"]\n')),
        Example(
            project('INSTALLED_APPS = ["django.contrib.auth"]\n', app_json='{"env": {"DISABLE_COLLECTSTATIC": "1"}}\n')
        ),
    ],
)
