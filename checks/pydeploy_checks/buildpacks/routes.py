"""What builds the app: heroku/python, in which directory, or something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_checks.buildpacks.lists import APP
from pydeploy_lint.plugin import (
    DEV_CENTER,
    OFFICIAL,
    Breaks,
    BuiltBy,
    Example,
    Problem,
    Severity,
    Span,
    add_python,
    buildpack_help,
    buildpack_subject,
    by_commands,
    check,
    decisive_list,
    lacks_python,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.plugin import App, BuildpackList, Setting

URL = DEV_CENTER + "managing-buildpacks"
MONOREPO = "https://github.com/lstoll/heroku-buildpack-monorepo"
PYTHON_PROGRAMS = frozenset(
    {
        "alembic", "celery", "daphne", "django-admin", "fastapi", "flask", "gunicorn", "hypercorn", "manage.py", "pip",
        "pipenv", "poetry", "rq", "streamlit", "uv", "uvicorn", "uwsgi", "waitress-serve",
    }
)  # fmt: skip
"""Programs that are there only when Python packages were installed."""


@check("no-python-buildpack", severity=Severity.ERROR, breaks=Breaks.SETUP, url=URL)
def no_python_buildpack(app: App) -> Iterator[Problem]:
    """The app's buildpacks do not include one for Python.

    Heroku runs the buildpacks in the list and no others. It recognises an app by its files only if there is no list.
    With `heroku/nodejs` alone nothing installs Python or the app's packages: the build succeeds, and the processes
    crash with `gunicorn: command not found`.

    It is an error if a process needs Python. It is a note if the list holds a buildpack that pydeploy-lint does not
    know: that one may install Python.

    ## How to fix

    Add `heroku/python` to the list, as the last one if others build assets for it. The help of the finding has the
    commands.
    """
    if not app.build.detected:
        return
    decisive = decisive_list(app.declared.buildpack_lists)
    for found in app.declared.buildpack_lists:
        is_decisive = found is decisive
        if not found.complete or not (is_decisive or found.place.is_for_new_apps):
            continue
        if any(entry.reference.is_python for entry in found.entries):
            continue
        if lacks_python(found):
            yield _without_python(app, found, is_decisive=is_decisive)
        elif is_decisive:
            yield _perhaps_without_python(found)


def _without_python(app: App, found: BuildpackList, *, is_decisive: bool) -> Problem:
    names = ", ".join(entry.reference.shown for entry in found.entries)
    needing = _process_that_needs_python(app)
    effect = f", so {needing} cannot start" if needing else ""
    severity = Severity.ERROR
    if not is_decisive:
        severity = Severity.WARNING
    elif needing is None:
        severity = Severity.NOTE if app.processes.types else Severity.WARNING
    wanted = [*(entry.reference.text for entry in found.entries), OFFICIAL]
    problem = Problem(
        f"{buildpack_subject(found, found.entries[0])} lists {names} and not {OFFICIAL}: nothing installs Python or the"
        f" app's packages{effect}",
        found.entries[0].at,
        help=buildpack_help(found, wanted, f"add {OFFICIAL}"),
        severity=severity,
        certain=needing is not None,
    )
    source = app.declared.files.source(found.entries[0].at.path)
    return problem.with_fixes(add_python(found, source), by_commands(found, wanted))


def _perhaps_without_python(found: BuildpackList) -> Problem:
    names = ", ".join(entry.reference.shown for entry in found.entries)
    return Problem(
        f"{buildpack_subject(found, found.entries[0])} lists {names} and not {OFFICIAL}: pydeploy-lint does not know "
        "whether that installs Python, and judges the app as if heroku/python built it",
        found.entries[0].at,
        help=f"If it does not, add {OFFICIAL}.\n"
        + buildpack_help(found, [*(entry.reference.text for entry in found.entries), OFFICIAL], ""),
        severity=Severity.NOTE,
        certain=False,
    )


def _process_that_needs_python(app: App) -> str | None:
    """The first process type that runs Python; None where none surely does."""
    for process in app.processes.types.values():
        for run in process.runs:
            if run.name in PYTHON_PROGRAMS or run.name.startswith("python"):
                return f"{process.name} ({run.name})"
    return None


no_python_buildpack.examples(
    bad=[
        Example(
            {**APP, "Procfile": "web: gunicorn app:app\n", "app.json": '{"buildpacks": [{"url": "heroku/nodejs"}]}\n'},
            at=("app.json:1:26-1:39",),
        ),
        Example(
            {**APP, "buildpacks.txt": "=== myapp Buildpack URL\n\nheroku/ruby\n", "Procfile": "web: python app.py\n"},
            at=("buildpacks.txt:3:1-3:12",),
            options={"buildpacks": "buildpacks.txt"},
        ),
        Example(
            {**APP, "app.json": '{"buildpacks": [{"url": "https://github.com/someone/heroku-buildpack-snake"}]}\n'},
            at=("app.json:1:26-1:75",),
        ),
    ],
    good=[Example({**APP, "app.json": '{"buildpacks": [{"url": "heroku/nodejs"}, {"url": "heroku/python"}]}\n'})],
)


@check("buildpack-root", severity=Severity.NOTE, breaks=Breaks.SETUP, url=URL)
def buildpack_root(app: App) -> Iterator[Problem]:
    """A config var decides which directory is built, or which Procfile counts, and no file gives its value.

    Buildpacks for monorepos make a subdirectory the root of the app before `heroku/python` runs: that of lstoll reads
    `APP_BASE`, that of timanovsky reads `PROJECT_PATH`. `heroku-community/multi-procfile` copies the file that
    `PROCFILE` names to the root.

    pydeploy-lint looks for the value in `app.json`, in `.env` files and in commands like `heroku config:set`, and then
    judges that directory and that Procfile. It is an error if the value names something that does not exist.

    ## How to fix

    Run pydeploy-lint in the directory that is built, or give the config var a value in `app.json`.
    """
    route = app.declared.route
    move = route.move
    if route.built_by is BuiltBy.UNDECIDED and move:
        name = move.setting.name
        if route.unknown is None and move.setting.value is not None:
            yield Problem(
                f"{name} is {move.setting.value!r}, and there is no such directory: {move.entry.reference.shown} "
                "fails, and Heroku rejects the push",
                move.setting.at or move.entry.at,
                help=f"Set {name} to the directory that holds the app:\n    heroku config:set {name}=...",
                severity=Severity.ERROR if _is_in_app_json(move.setting.at) else Severity.WARNING,
                certain=_is_in_app_json(move.setting.at),
            )
        else:
            yield Problem(
                f"{move.entry.reference.shown} makes the directory in the config var {name} the root of the app, and "
                "no file says which that is",
                move.entry.at,
                help=f"Run pydeploy-lint in that directory{_such_as(app)}, or give {name} a value in app.json.",
                certain=False,
            )
    elif route.missing_procfile:
        yield _without_procfile(app, route.missing_procfile)
    elif route.unknown:
        yield Problem(
            f"which Procfile counts depends on the config var {route.unknown.name}, and no file gives its value",
            route.at,
            help=f"Give {route.unknown.name} a value in app.json, such as backend/Procfile.",
            certain=False,
        )


def _without_procfile(app: App, setting: Setting) -> Problem:
    in_root = app.files.tree.is_file("Procfile")
    effect = "the Procfile in the root counts" if in_root else "no process can start"
    return Problem(
        f"{setting.name} is {setting.value!r}, and there is no such file: {effect}",
        setting.at or Span("."),
        help=f"Set {setting.name} to a Procfile in the repository:\n    heroku config:set {setting.name}=...",
        severity=Severity.ERROR if _is_in_app_json(setting.at) and not in_root else Severity.WARNING,
        certain=_is_in_app_json(setting.at),
    )


def _is_in_app_json(at: Span | None) -> bool:
    return at is not None and at.path == "app.json"


def _such_as(app: App) -> str:
    """Directories that look like an app, as examples."""
    tree = app.declared.files.tree
    files = app.policy.rules.package_managers.values()
    found = [name for name in tree.names()[:200] if any(tree.is_file(f"{name}/{file}") for file in files)]
    return f", such as {' or '.join(found[:2])}" if found else ""


buildpack_root.examples(
    bad=[
        Example(
            {
                "shop/requirements.txt": "",
                "shop/.python-version": "3.13\n",
                "app.json": f'{{"buildpacks": [{{"url": "{MONOREPO}"}}, {{"url": "heroku/python"}}]}}\n',
            },
            at=("app.json:1:26-1:77",),
        ),
        Example(
            {
                "shop/requirements.txt": "",
                "app.json": '{"env": {"APP_BASE": "backend"}, "buildpacks": '
                f'[{{"url": "{MONOREPO}"}}, {{"url": "heroku/python"}}]}}\n',
            },
            at=("app.json:1:22-1:31",),
        ),
    ],
    good=[
        Example(
            {
                "shop/requirements.txt": "",
                "shop/.python-version": "3.13\n",
                "app.json": '{"env": {"APP_BASE": "shop"}, "buildpacks": '
                f'[{{"url": "{MONOREPO}"}}, {{"url": "heroku/python"}}]}}\n',
            }
        )
    ],
)


@check("container-build", severity=Severity.NOTE, url=DEV_CENTER + "build-docker-images-heroku-yml")
def container_build(app: App) -> Iterator[Problem]:
    """The app is built from a Dockerfile, so no buildpack runs.

    On the stack `container` Heroku builds the image that `heroku.yml` describes. The Dockerfile decides which Python
    and which packages are in it, so pydeploy-lint does not judge version files, package files or the Procfile.

    If `heroku.yml` is there but the app is on another stack, Heroku ignores it. The option `--stack` says so. If there
    is also a Procfile or a list of buildpacks, the files do not decide: findings are reported as uncertain.

    ## How to fix

    Nothing is wrong. To judge a build with heroku/python all the same, name a stack:

        pydeploy-lint --stack heroku-24
    """
    route = app.declared.route
    stack = app.policy.recommended_stack
    if route.built_by is BuiltBy.CONTAINER:
        yield Problem(
            "Heroku builds this app from a Dockerfile, on the stack container: no buildpack runs, and pydeploy-lint "
            "judges builds with heroku/python only",
            route.at,
            help=f"To judge it as an app on another stack, name that:\n    pydeploy-lint --stack {stack}",
        )
    elif not route.certain:
        yield Problem(
            "heroku.yml builds a Dockerfile if the app is on the stack container; on any other stack Heroku ignores it "
            "and uses heroku/python: the files do not say which, so no finding is certain",
            route.at,
            help=f"See which one it is with `heroku stack`, and name it:\n    pydeploy-lint --stack {stack}",
            certain=False,
        )


container_build.examples(
    bad=[
        Example({**APP, "app.json": '{"stack": "container"}'}, at=("app.json:1:11-1:22",)),
        Example({**APP, "heroku.yml": "build:\n  docker:\n    web: Dockerfile\n"}, at=("heroku.yml:2:3-2:10",)),
    ],
    good=[
        Example(
            {**APP, "heroku.yml": "build:\n  docker:\n    web: Dockerfile\n"},
            options={"stack": "heroku-24"},
        )
    ],
)


@check("cloud-native-build", severity=Severity.NOTE, url=DEV_CENTER + "generations")
def cloud_native_build(app: App) -> Iterator[Problem]:
    """The app is built by Heroku's Cloud Native Buildpack for Python, not by the classic one.

    Apps of the Fir generation are built that way, and so is anything built with `pack`. A `project.toml` that names a
    builder, or `"stack": "cnb"` in `app.json`, says so. That buildpack has rules of its own: it does not know Pipenv,
    rejects every `runtime.txt`, ignores hooks, and runs collectstatic only with a `manage.py` in the root.

    pydeploy-lint predicts the classic build only. The help lists what is different for this app. It is a warning if
    that most likely ends the build.

    Source: heroku/buildpacks-python 6.5.6.

    ## How to fix

    Follow the help of the finding. To judge a classic build all the same, name a stack:

        pydeploy-lint --stack heroku-24
    """
    route = app.declared.route
    if route.built_by is not BuiltBy.CLOUD_NATIVE:
        return
    stops, others = list(_stops_of_cloud_native(app)), list(_differences_of_cloud_native(app))
    message = "Heroku builds this app with its Cloud Native Buildpack for Python, which pydeploy-lint does not predict"
    yield Problem(
        f"{message}; {stops[0]}" if stops else message,
        route.at,
        help="\n".join([*(f"{text[0].upper()}{text[1:]}." for text in (*stops, *others)), _classic(app)]),
        severity=Severity.WARNING if stops else None,
        certain=False,
    )


def _classic(app: App) -> str:
    stack = app.policy.recommended_stack
    return f"To judge a build with the classic buildpack, name a stack:\n    pydeploy-lint --stack {stack}"


def _stops_of_cloud_native(app: App) -> Iterator[str]:
    """What ends a Cloud Native build of this app."""
    tree = app.files.tree
    if tree.exists("runtime.txt"):
        yield "that buildpack rejects any runtime.txt: write the version to .python-version"
    known = [name for name in ("requirements.txt", "poetry.lock", "uv.lock") if tree.exists(name)]
    if not known and tree.exists("Pipfile.lock"):
        yield "that buildpack does not know Pipenv: it needs a requirements.txt, poetry.lock or uv.lock"
    elif not known:
        yield "that buildpack needs a requirements.txt, poetry.lock or uv.lock in the root"
    elif len(known) > 1:
        yield f"that buildpack accepts one package manager, and finds {' and '.join(known)}"


def _differences_of_cloud_native(app: App) -> Iterator[str]:
    """What a Cloud Native build of this app does otherwise."""
    tree = app.files.tree
    if tree.exists("Pipfile.lock") and tree.exists("requirements.txt"):
        yield "it ignores Pipfile.lock and installs from requirements.txt"
    for name in ("bin/pre_compile", "bin/post_compile", "nltk.txt"):
        if tree.is_file(name):
            yield f"it ignores {name}"
    for name in app.policy.rules.misspelled_version_files:
        if tree.is_file(name):
            yield f"it ignores {name!r}, and takes its default Python if there is no .python-version"
    manage_py = app.build.manage_py
    if manage_py and "/" in manage_py:
        yield f"it does not run collectstatic, as {manage_py} is not in the root"
    elif manage_py and app.build.skips_collectstatic:
        yield "it runs collectstatic all the same, as that cannot be switched off"
    if manage_py == "manage.py":
        yield "it asks for no database: add one with `heroku addons:create heroku-postgresql`"
    if app.files.source("Procfile"):
        yield "it sets neither PYTHONPATH nor WEB_CONCURRENCY for the processes"


cloud_native_build.examples(
    bad=[
        Example({**APP, "app.json": '{"stack": "cnb"}'}, at=("app.json:1:11-1:16",)),
        Example(
            {**APP, "project.toml": '[io.buildpacks]\nbuilder = "heroku/builder:24"\n'},
            at=("project.toml:2:11-2:30",),
        ),
    ],
    good=[Example({**APP, "project.toml": '[_]\nschema-version = "0.2"\n'})],
)
