"""What the checks of Django apps have in common: a project for their examples, and questions to the facts."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from pydeploy_lint.plugin import APP_JSON, App, Installed, least_version

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Django, Value

MANAGE = 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'
SETTINGS = "shop/settings.py"
STATICFILES = "django.contrib.staticfiles"
LOCAL_STORAGES = ("django.contrib.staticfiles.storage.", "whitenoise.")
"""The storages, by the beginning of their names, that write below STATIC_ROOT."""
PROCFILE = "web: gunicorn shop.wsgi\n"


def project(settings: str, requirements: str = "Django==5.2\n", **files: str) -> dict[str, str | bytes]:
    """The smallest Django project.

    Args:
        settings: the text of its settings.
        requirements: the text of its requirements file.
        files: more files, by name, with ``_`` for the dot: ``app_json``; or ``Procfile``.
    """
    more = {name.replace("_", "."): text for name, text in files.items()}
    return {
        ".python-version": "3.13\n",
        "requirements.txt": requirements,
        "manage.py": MANAGE,
        SETTINGS: settings,
        **more,
    }


def not_set(config_vars: Collection[str]) -> str:
    """Half a sentence: that config vars are not set."""
    names = sorted(config_vars)
    if len(names) == 1:
        return f"the config var {names[0]} is not set"
    return f"the config vars {', '.join(names[:-1])} and {names[-1]} are not set"


def is_declared(django: Django, config_vars: Collection[str]) -> bool:
    """Whether ``app.json`` declares all of some config vars."""
    declared = {each.name for each in django.config_vars if each.declared_at}
    return bool(config_vars) and set(config_vars) <= declared


def runs_collectstatic(app: App, django: Django) -> bool:
    """Whether the build surely runs collectstatic with the settings that are known."""
    document = app.files.document(APP_JSON)
    return (
        app.build.skips_collectstatic is None
        and (document is None or document.get("env", "DISABLE_COLLECTSTATIC") is None)
        and "collectstatic" in app.policy.rules.steps
        and app.packages.install_set is not None
        and app.packages.install_set.provides_module("django").installed is Installed.YES
        and django.build_settings is not None
    )


def surely_at_least(app: App, distribution: str, version: tuple[int, ...]) -> bool:
    """Whether the build surely installs a distribution in a version, or a newer one."""
    answer = app.packages.install_set.query(distribution) if app.packages.install_set else None
    if answer is None or answer.installed is not Installed.YES or answer.declared is None:
        return False
    least = least_version(answer.declared.specifier)
    return least is not None and least >= version


def has_staticfiles(django: Django) -> bool | None:
    """Whether Django's app for static files is installed, by its name or that of its configuration."""
    apps = django.setting("INSTALLED_APPS")
    if any((each.text or "").startswith(STATICFILES) for each in apps.elements or ()):
        return True
    return apps.contains(STATICFILES)


def is_local_storage(storage: Value) -> bool:
    """Whether a storage of static files surely writes below STATIC_ROOT."""
    if not storage.is_certain:
        return False
    return storage.is_absent or bool(storage.text and storage.text.startswith(LOCAL_STORAGES))
