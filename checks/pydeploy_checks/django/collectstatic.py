"""What makes Django's collectstatic fail, and with it the build."""

from __future__ import annotations

import re
from collections.abc import Iterator
from shlex import quote
from typing import TYPE_CHECKING

from pydeploy_checks.django.project import (
    SETTINGS,
    STATICFILES,
    has_staticfiles,
    is_local_storage,
    project,
    surely_at_least,
)
from pydeploy_checks.django.rewrites import add_static_url, add_staticfiles
from pydeploy_checks.django.running import runs_collectstatic
from pydeploy_checks.django.settings_fixes import set_static_root, static_root_lines
from pydeploy_lint.plugin import DEV_CENTER, App, Example, Fix, Problem, Severity, Span, check, whole_number

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Django

URL = DEV_CENTER + "django-assets"
OVERRIDES_COLLECTSTATIC = re.compile("collect|static|cloudinary|gulp|storage", re.IGNORECASE)
"""The names of packages that may bring a collectstatic of their own."""
DISABLE = "heroku config:set DISABLE_COLLECTSTATIC=1"
SWITCH_OFF = f"Or disable collectstatic:\n    {DISABLE}"


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
    `STATIC_ROOT`, that raises `ImproperlyConfigured`, and Heroku rejects the push.

    Nothing is said where the config var `DISABLE_COLLECTSTATIC` is declared in `app.json`, the static files go to a
    storage elsewhere, or neither the project nor an installed app has a static file.

    ## How to fix

    Set the directory that collectstatic fills:

        STATIC_ROOT = BASE_DIR / "staticfiles"

    Or, if the app has no static files, disable it with `heroku config:set DISABLE_COLLECTSTATIC=1`.
    """
    django = app.django
    if django is None or not runs_collectstatic(app, django) or not has_staticfiles(django):
        return
    root, storage = django.setting("STATIC_ROOT"), django.storage("staticfiles", "STATICFILES_STORAGE")
    if not root.is_certain or not root.is_unset or not is_local_storage(storage) or _has_nothing_to_copy(app, django):
        return
    lines = "".join(f"    {line}\n" for line in static_root_lines(django))
    problem = Problem(
        f"STATIC_ROOT is not set: 'python {django.manage_py} collectstatic' fails, and Heroku rejects the push",
        root.at or django.setting("STATIC_URL").at or _staticfiles_at(django),
        help=f"Set the directory that collectstatic fills:\n{lines}{SWITCH_OFF}",
        failure_reason="collectstatic-improper-configuration",
    )
    yield problem.with_fixes(set_static_root(app), Fix.by_hand("Disable collectstatic", DISABLE))


def _has_nothing_to_copy(app: App, django: Django) -> bool:
    """Whether there is surely no static file; without any, Django's plain storage needs no directory."""
    from pydeploy_lint.plugin import collected

    storage = django.storage("staticfiles", "STATICFILES_STORAGE")
    found = collected(app.files, django)
    is_plain = storage.is_absent or storage.text == "django.contrib.staticfiles.storage.StaticFilesStorage"
    return found is not None and not found.files and found.is_complete and not found.foreign and is_plain


APPS = f'INSTALLED_APPS = ["{STATICFILES}", "django.contrib.admin"]\n'
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
    `ImproperlyConfigured` where `STATIC_URL` is missing or empty, and Heroku rejects the push.

    ## How to fix

        STATIC_URL = "static/"
    """
    django = app.django
    if django is None or not runs_collectstatic(app, django) or not has_staticfiles(django):
        return
    url, storage = django.setting("STATIC_URL"), django.storage("staticfiles", "STATICFILES_STORAGE")
    if not url.is_certain or not url.is_unset or not is_local_storage(storage):
        return
    problem = Problem(
        f"STATIC_URL is not set: 'python {django.manage_py} collectstatic' fails, and Heroku rejects the push",
        url.at or _staticfiles_at(django),
        help=f'Set the address of the static files:\n    STATIC_URL = "static/"\n{SWITCH_OFF}',
        failure_reason="collectstatic-improper-configuration",
    )
    yield problem.with_fixes(add_static_url(app, url), Fix.by_hand("Disable collectstatic", DISABLE))


django_static_url_missing.examples(
    bad=[Example(project(f'{APPS}STATIC_ROOT = "staticfiles"\n'), at=(f"{SETTINGS}:1:19-1:47",))],
    good=[Example(project(f'{APPS}STATIC_ROOT = "staticfiles"\nSTATIC_URL = "static/"\n'))],
)


@check("django-staticfiles-app-missing", severity=Severity.ERROR, url=URL)
def django_staticfiles_app_missing(app: App) -> Iterator[Problem]:
    """`django.contrib.staticfiles` is not installed as an app, so there is no collectstatic, and the build fails.

    The build runs `python manage.py collectstatic --noinput` for every Django app, whether or not it has static files.
    Without that app the command is unknown to Django, and Heroku rejects the push.

    ## How to fix

    Switch it off, where there are no static files:

        heroku config:set DISABLE_COLLECTSTATIC=1

    Otherwise add `"django.contrib.staticfiles"` to `INSTALLED_APPS`.
    """
    django = app.django
    if django is None or not runs_collectstatic(app, django) or has_staticfiles(django) is not False:
        return
    apps = django.setting("INSTALLED_APPS")
    names = [each.text or "" for each in apps.elements or ()]
    if not apps.is_certain or apps.at is None or any(_may_have_collectstatic(app, django, name) for name in names):
        return
    add, disable = add_staticfiles(app, apps), Fix.by_hand("Disable collectstatic", DISABLE)
    uses_it = not django.setting("STATIC_URL").is_absent
    ways = [add, disable] if add and uses_it else [disable, *([add] if add else [])]
    yield Problem(
        f"{STATICFILES} is not in INSTALLED_APPS: 'python {django.manage_py} collectstatic' is an unknown command, and "
        "Heroku rejects the push",
        apps.at,
        help=f'Disable collectstatic:\n    {DISABLE}\nOr, if the app has static files, add "{STATICFILES}".',
        failure_reason="collectstatic-other",
        fix=ways[0],
        alternatives=tuple(ways[1:]),
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


@check("django-static-dirs", severity=Severity.ERROR, url=URL)
def django_static_dirs(app: App) -> Iterator[Problem]:
    """`STATICFILES_DIRS` keeps collectstatic from running, so the build fails.

    Django refuses to collect static files if `STATICFILES_DIRS` holds `STATIC_ROOT` (since Django 3.0), or is a string
    instead of a list. A directory that does not exist raises `FileNotFoundError` before Django 4.0; later versions
    only warn. Git does not keep empty directories, so one that exists on your machine may be missing on Heroku.

    Measured with Django 2.1 to 5.2.

    ## How to fix

    Give the sources and the target different directories:

        STATICFILES_DIRS = [BASE_DIR / "static"]
        STATIC_ROOT = BASE_DIR / "staticfiles"
    """
    django = app.django
    if django is None or not runs_collectstatic(app, django) or not has_staticfiles(django):
        return
    from pydeploy_lint.plugin import relative_to_app, static_directories

    setting, root = django.setting("STATICFILES_DIRS"), django.setting("STATIC_ROOT")
    if setting.text and setting.is_certain and setting.at:
        yield _rejected(
            f"STATICFILES_DIRS is a string, and Django wants a list: {FAILS}",
            setting.at,
            help="Put it in brackets:\n    STATICFILES_DIRS = [...]",
        )
    target = relative_to_app(root.text) if root.text and root.is_certain else None
    for each in static_directories(django) or []:
        if each.at is None or each.path is None:
            continue
        if target is not None and each.path == target and surely_at_least(app, "django", (3, 0)):
            yield _rejected(
                f"STATICFILES_DIRS holds {each.path or '.'}, which is STATIC_ROOT too: {FAILS}",
                each.at,
                help="Give STATIC_ROOT a directory of its own, from which no files come.",
            )
        elif not app.files.tree.is_directory(each.path) and not _may_be_generated(app):
            yield _missing_directory(app, each.path, each.at)


FAILS = "collectstatic fails, and Heroku rejects the push"


def _rejected(message: str, at: Span, help: str) -> Problem:  # noqa: A002 - as in Problem
    return Problem(message, at, help=help, failure_reason="collectstatic-other")


def _missing_directory(app: App, path: str, at: Span) -> Problem:
    file = quote(f"{path}/.gitkeep")
    keep = f"Commit the directory with a file in it:\n    touch {file} && git add {file}"
    if _surely_below(app, (4, 0)):
        return _rejected(f"{path}, which STATICFILES_DIRS names, is not in the repository: {FAILS}", at, help=keep)
    is_new = surely_at_least(app, "django", (4, 0))
    return Problem(
        f"{path}, which STATICFILES_DIRS names, is not in the repository: "
        + ("Django warns, and collects nothing from it" if is_new else "before Django 4.0 collectstatic fails"),
        at,
        help=keep,
        severity=Severity.WARNING,
        certain=is_new,
    )


def _surely_below(app: App, version: tuple[int, ...]) -> bool:
    """Whether an exact pin puts Django below a version."""
    answer = app.packages.install_set.query("django") if app.packages.install_set else None
    pinned = (
        re.fullmatch(r"={2,3}\s*(\d+)\.(\d+)(?!\d)[\w.]*", answer.declared.specifier.strip())
        if answer and answer.declared
        else None
    )
    return pinned is not None and (whole_number(pinned[1]), whole_number(pinned[2])) < version


def _may_be_generated(app: App) -> bool:
    """Whether a hook, another buildpack or Node.js may create static files before they are collected."""
    return bool(app.build.generators) or app.files.tree.is_file(".gitmodules") or app.files.tree.is_file("package.json")


@check("static-reference-missing", severity=Severity.ERROR, url=URL)
def static_reference_missing(app: App) -> Iterator[Problem]:
    """A stylesheet refers to a file that is not there, and the manifest storage makes the build fail.

    `ManifestStaticFilesStorage` of Django and `CompressedManifestStaticFilesStorage` of WhiteNoise replace each
    `url(...)` and `@import` in a stylesheet, also in comments, by the hashed name of the file. Since Django 4.0 they
    do the same for `sourceMappingURL` in stylesheets and scripts. If the file does not exist, collectstatic fails, and
    Heroku rejects the push. Addresses elsewhere, `data:` and fragments are left alone.

    Nothing is reported where a hook, another buildpack or Node.js may create the file. If installed packages have
    static files too, one of them may have it, and this is a warning.

    ## How to fix

    Commit the file, or correct the path, which is relative to the stylesheet. A storage without a manifest does not
    look at references:

        STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"}, ...}
    """
    django = app.django
    if django is None or not runs_collectstatic(app, django) or not has_staticfiles(django) or _may_be_generated(app):
        return
    from pydeploy_lint.plugin import MANIFEST_STORAGES, WHITENOISE_MANIFEST, collected, missing_references

    storage = django.storage("staticfiles", "STATICFILES_STORAGE")
    everything = collected(app.files, django) if storage.is_certain and storage.text in MANIFEST_STORAGES else None
    if everything is None:
        return
    version = (4, 0) if surely_at_least(app, "django", (4, 0)) else None
    reported = set[tuple[str, str]]()
    for each in missing_references(app.files, django, everything, version):
        if (each.at.path, each.name) in reported:
            continue
        reported.add((each.at.path, each.name))
        is_fancy = storage.text == WHITENOISE_MANIFEST and each.is_css and not each.is_outside
        reason = "collectstatic-fancy-references" if is_fancy else "collectstatic-other"
        unless = "" if each.is_certain else ", unless an installed package has that file"
        yield Problem(
            f"{each.at.path} refers to {each.written.strip()}, but no static file is {each.name}: {FAILS}{unless}",
            each.at,
            help="Commit the file, or correct the path, which is relative to this file.",
            severity=None if each.is_certain else Severity.WARNING,
            failure_reason=reason if each.is_certain else None,
            certain=each.is_certain,
        )


ROOT = f'INSTALLED_APPS = ["{STATICFILES}"]\nSTATIC_URL = "static/"\nSTATIC_ROOT = "/app/staticfiles"\n'
MANIFEST = (
    f'{ROOT}STATICFILES_DIRS = ["/app/static"]\n'
    'STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}\n'
)
django_static_dirs.examples(
    bad=[Example(project(f'{ROOT}STATICFILES_DIRS = ["/app/staticfiles"]\n'), at=(f"{SETTINGS}:4:21-4:39",))],
    good=[Example({**project(f'{ROOT}STATICFILES_DIRS = ["/app/static"]\n'), "static/site.css": ""})],
)
static_reference_missing.examples(
    bad=[
        Example(
            {**project(MANIFEST), "static/site.css": "body { background: url(paper.png); }\n"},
            at=("static/site.css:1:20-1:34",),
        )
    ],
    good=[
        Example(
            {**project(MANIFEST), "static/site.css": "body { background: url(paper.png); }\n", "static/paper.png": ""}
        ),
        Example({**project(ROOT), "static/site.css": "body { background: url(paper.png); }\n"}),
    ],
)
