"""Static files and uploads of Django apps: compressed, served, and kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pydeploy_checks.django.project import (
    PROCFILE,
    SETTINGS,
    STATICFILES,
    has_staticfiles,
    is_local_storage,
    not_set,
    project,
    surely_at_least,
)
from pydeploy_checks.django.rewrites import add_whitenoise
from pydeploy_checks.django.settings_fixes import FILE_SYSTEM, STATIC_FILES, move_storages
from pydeploy_lint.plugin import DEV_CENTER, App, Example, Problem, Severity, Span, check

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Django, Value

URL = DEV_CENTER + "django-assets"
IGNORED_SINCE = (5, 1)
IGNORED = {
    "STATICFILES_STORAGE": ("staticfiles", STATIC_FILES),
    "DEFAULT_FILE_STORAGE": ("default", FILE_SYSTEM),
}
"""Settings that Django 5.1 removed, the alias in STORAGES that takes their place, and what is used by default."""
PYTHON_SERVERS = {"daphne", "granian", "gunicorn", "hypercorn", "uvicorn", "waitress-serve"}
SERVES_STATIC_FILES = re.compile(
    r"whitenoise|\bCling\b|StaticFilesHandler|static\.serve|import serve\b|servestatic", re.IGNORECASE
)
UPLOAD_FIELD = re.compile(r"\b(?:models\.)?(?:File|Image)Field\((?![^)]{0,500}storage)")
MAX_MODULES = 200


@check("django-staticfiles-storage-ignored", severity=Severity.WARNING, url=URL)
def django_staticfiles_storage_ignored(app: App) -> Iterator[Problem]:
    """A storage setting that Django 5.1 removed is set, and has no effect.

    Since Django 5.1, `STATICFILES_STORAGE` and `DEFAULT_FILE_STORAGE` are ignored without a message: static files are
    neither compressed nor given names with hashes, and uploads go to the dyno's disk, which is emptied at every
    restart. A setting that names Django's default is not reported; one that only a branch sets is a note.

    ## How to fix

    Move them to `STORAGES`:

        STORAGES = {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        }
    """
    django = app.django
    if django is None or not surely_at_least(app, "django", IGNORED_SINCE):
        return
    storages = django.setting("STORAGES")
    for name, (alias, default) in IGNORED.items():
        setting = django.setting(name)
        if setting.at is None or not storages.item(alias).is_absent or setting.text == default:
            continue
        problem = Problem(
            f"{name} has no effect: Django 5.1 removed it",
            setting.at,
            help=f'Name the storage in STORAGES:\n    STORAGES = {{"{alias}": {{"BACKEND": {setting.text!r}}}, ...}}',
            fix=move_storages(app),
        )
        differs = partial(_differs, default)
        if setting.always(differs):
            yield problem
        elif setting.ever(differs):
            yield problem._replace(severity=Severity.NOTE, certain=False)


def _differs(default: str, setting: Value) -> bool:
    """Whether a setting names something else than Django's default."""
    return not setting.is_absent and setting.text != default


WHITENOISE_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
django_staticfiles_storage_ignored.examples(
    bad=[Example(project(f'STATICFILES_STORAGE = "{WHITENOISE_STORAGE}"\n'), at=(f"{SETTINGS}:1:23-1:80",))],
    good=[
        Example(project(f'STATICFILES_STORAGE = "{WHITENOISE_STORAGE}"\n', "Django==5.0\n")),
        Example(project(f'STORAGES = {{"staticfiles": {{"BACKEND": "{WHITENOISE_STORAGE}"}}}}\n')),
    ],
)


@check("django-no-static-serving", severity=Severity.WARNING, url=URL)
def django_no_static_serving(app: App) -> Iterator[Problem]:
    """Nothing serves the static files: pages load without their CSS and JavaScript.

    With `DEBUG` off, Django leaves static files to a web server, and on Heroku there is none in front of the app. The
    build collects them, and every request for one is answered with 404. With `DEBUG` on in any case, this is said of
    the time when it is off, as it should be. If WhiteNoise is added only in a branch that a config var decides on, this
    is a note.

    ## How to fix

    Install WhiteNoise, and put its middleware after the security middleware:

        MIDDLEWARE = [
            "django.middleware.security.SecurityMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            ...
        ]
    """
    django, web = app.django, app.processes.web
    if django is None or web is None or web.server is None or web.server.server.name not in PYTHON_SERVERS:
        return
    middleware, static_url = django.middleware, django.setting("STATIC_URL")
    if (
        middleware.at is None
        or not _is_off(django.setting("DEBUG"))
        or has_staticfiles(django) is not True
        or not is_local_storage(django.storage("staticfiles", "STATICFILES_STORAGE"))
        or (not static_url.is_absent and (static_url.text is None or "//" in static_url.text))
        or _may_serve_static_files(app, django)
    ):
        return
    message = "nothing serves the static files: with DEBUG off Django does not, and Heroku runs no web server for them"
    lacks = middleware.always(lambda way: way.is_certain and not _has_server(way))
    if not lacks and middleware.rests_on:
        message = f"while {not_set(middleware.rests_on)}, {message}"
    yield Problem(
        message,
        middleware.at,
        severity=None if lacks else Severity.NOTE,
        certain=lacks,
        help="Install whitenoise, and put its middleware after the security middleware:\n"
        '    "whitenoise.middleware.WhiteNoiseMiddleware",',
        fix=add_whitenoise(app, middleware) if lacks else None,
    )


def _is_off(debug: Value) -> bool:
    """Whether Django serves nothing by itself; where DEBUG is on in any case, that is to be turned off."""
    return debug.truth is False or debug.always(lambda way: way.truth is True)


def _has_server(middleware: Value) -> bool:
    """Whether a middleware serves static files, or one that is unknown may do so, while config vars are not set."""
    names = [each.text for each in middleware.elements or ()]
    return None in names or any(SERVES_STATIC_FILES.search(name) for name in names if name)


def _may_serve_static_files(app: App, django: Django) -> bool:
    """Whether a middleware, a buildpack, or the code around the app may serve them."""
    if django.middleware.elements is None or _has_server(django.middleware):
        return True
    if any("nginx" in entry.reference.text for found in app.declared.buildpack_lists for entry in found.entries):
        return True
    modules = [django.setting(name).text for name in ("ROOT_URLCONF", "WSGI_APPLICATION", "ASGI_APPLICATION")]
    target = app.processes.web.target if app.processes.web else None
    modules += [each.text for each in django.middleware.elements]
    names = [modules[0], *(name.rpartition(".")[0] for name in modules[1:] if name), target and target.module]
    return any(SERVES_STATIC_FILES.search(_text(app, django.find_module(name))) for name in names if name)


def _text(app: App, path: str | None) -> str:
    source = app.files.source(path) if path else None
    return source.text if source else ""


APPS = f'INSTALLED_APPS = ["{STATICFILES}"]\n'
SERVED = (
    f'DEBUG = False\n{APPS}STATIC_ROOT = "staticfiles"\n'
    'MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]\n'
)
django_no_static_serving.examples(
    bad=[Example(project(SERVED, Procfile=PROCFILE), at=(f"{SETTINGS}:4:14-4:63",))],
    good=[
        Example(project(f'{SERVED}MIDDLEWARE += ["whitenoise.middleware.WhiteNoiseMiddleware"]\n', Procfile=PROCFILE)),
        Example(project(f'{SERVED}STATIC_URL = "https://static.example.com/"\n', Procfile=PROCFILE)),
    ],
)


@check("django-media-on-dyno", severity=Severity.WARNING, url=DEV_CENTER + "active-storage-on-heroku")
def django_media_on_dyno(app: App) -> Iterator[Problem]:
    """Uploads go to the dyno's disk, and are lost at its next restart.

    A model has a `FileField` or an `ImageField`, and the files go to `MEDIA_ROOT` on the dyno's disk. Heroku restarts
    every dyno at least once a day, and at every deploy, and resets its disk to what the build made.

    ## How to fix

    Keep uploads in a storage elsewhere, such as S3 with `django-storages`:

        STORAGES = {"default": {"BACKEND": "storages.backends.s3.S3Storage"}, ...}
    """
    django = app.django
    root = django.setting("MEDIA_ROOT") if django else None
    if django is None or root is None or root.at is None or not django.is_followed or root.is_unset:
        return
    old_setting = "" if surely_at_least(app, "django", IGNORED_SINCE) else "DEFAULT_FILE_STORAGE"
    storage = django.storage("default", old_setting)
    is_local = storage.is_certain and (storage.is_absent or storage.text == FILE_SYSTEM)
    field = _upload_field(app, django) if is_local else None
    if field is None:
        return
    yield Problem(
        f"uploads ({field.path}:{field.line}) are stored in MEDIA_ROOT on the dyno's disk, and are lost when it "
        "restarts, at least once a day",
        root.at,
        help="Store them elsewhere, such as S3:\n"
        '    STORAGES = {"default": {"BACKEND": "storages.backends.s3.S3Storage"}, ...}',
    )


def _upload_field(app: App, django: Django) -> Span | None:
    """The first field for uploads in a model of the app's own."""
    for installed in django.setting("INSTALLED_APPS").elements or ():
        name = (installed.text or "").partition(".apps.")[0]
        path = django.find_module(f"{name}.models") if name else None
        if path is None:
            continue
        folder = path.removesuffix("/__init__.py")
        inner = [f"{folder}/{each}" for each in app.files.tree.names(folder)] if folder != path else []
        for each in (path, *inner[:MAX_MODULES]):
            source = app.files.source(each) if each.endswith(".py") else None
            match = UPLOAD_FIELD.search(source.text) if source else None
            if source and match and not source.line(source.position(match.start())[0]).lstrip().startswith("#"):
                return source.span(match.start(), match.end())
    return None


MODELS = {"shop/__init__.py": "", "shop/models.py": "class Item(models.Model):\n    photo = models.ImageField()\n"}
UPLOADS = 'INSTALLED_APPS = ["shop"]\nMEDIA_ROOT = "media"\n'
django_media_on_dyno.examples(
    bad=[Example({**project(UPLOADS), **MODELS}, at=(f"{SETTINGS}:2:14-2:21",))],
    good=[
        Example(project(UPLOADS)),
        Example(
            {
                **project(f'{UPLOADS}STORAGES = {{"default": {{"BACKEND": "storages.backends.s3.S3Storage"}}}}\n'),
                **MODELS,
            }
        ),
    ],
)
