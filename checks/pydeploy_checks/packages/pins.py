"""Pinned packages that do not work with the Python, the package manager, the stack or the companions on Heroku."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_checks.add import add, add_help
from pydeploy_checks.django.project import SETTINGS, project
from pydeploy_checks.packages.compiled import is_required_by_another
from pydeploy_checks.packages.upgrades import companion, ways_to_work
from pydeploy_lint.plugin import (
    DEFAULT_ORIGIN,
    DEV_CENTER,
    PSYCOPG2,
    App,
    Certainty,
    Companions,
    Conflict,
    ConflictPhase,
    Example,
    Fix,
    Installed,
    Problem,
    Severity,
    certain_installed_apps,
    check,
    conflicts,
    distributions,
    is_installed,
    newest_python_for,
    requires_of,
)

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Declared

ADD_GEO = "heroku buildpacks:add --index 1 heroku-community/geo"

OLD_SETUPTOOLS = "setuptools<82"
"""What still has pkg_resources."""
LIBRARIES = ("gdal", "opencv-contrib-python", "opencv-python", "pyaudio", "pysqlite3")
"""What needs a library of the system, which another buildpack, such as those for apt or geo, may install."""
LOCKS_WITH_FILES = ("poetry", "uv")
"""The managers whose lock files name the wheels, of which `no-wheel-for-python` tells."""
IN_THE_BUILD = (ConflictPhase.INSTALL, ConflictPhase.BUILD)
OTHER_INDEXES = ("extra_index_urls", "find_links", "index_url")


@check("package-incompatible", severity=Severity.ERROR, url=DEV_CENTER + "python-dependencies")
def package_incompatible(app: App) -> Iterator[Problem]:
    """A package does not work, in the version that is asked for, with what Heroku installs beside it.

    A version that worked for years can fail with another Python, with the pip of Heroku, or with the newest version of
    a package that it requires without an upper bound. The table behind this check says of each combination whether it
    was tried, or how it is known.

    It is an error where it was tried and the app surely needs the package: its processes start it, or import it when
    they start. Otherwise it is a warning, because the files do not prove it.

    ## How to fix

    Upgrade the package, add the requirement that the finding names, or set a Python in `.python-version` that all
    packages work with.
    """
    install_set, python, manager = app.packages.install_set, app.python.version, app.managers.chosen
    if install_set is None or python is None or manager is None:
        return
    companions = Companions.of(install_set)
    needed = None
    for declared in install_set.declared:
        if declared.installed is not Installed.YES:
            continue
        if declared.name in PSYCOPG2 and "==" in declared.specifier:
            continue  # A check of its own says more.
        found = conflicts(
            declared.name, declared.specifier, python, manager, stack=app.policy.stack, companions=companions
        )
        worst = next((each for each in found if _matters(app, declared, each)), None)
        if worst is None:
            continue
        needed = _needed(app) if needed is None else needed
        if worst.phase in IN_THE_BUILD or declared.name in needed:
            yield _problem(app, declared, worst, is_needed=declared.name in needed)
        else:
            yield _fails_when_imported(app, declared, worst)


def _matters(app: App, declared: Declared, conflict: Conflict) -> bool:
    if conflict.certainty in (Certainty.UNTRIED, Certainty.UNSUPPORTED):
        return False
    if conflict.phase is ConflictPhase.INSTALL and _has_wheel(app, declared):
        return False
    if conflict.needs_wheel and app.managers.chosen in LOCKS_WITH_FILES:
        return False
    if (conflict.phase is ConflictPhase.BUILD or conflict.needs_wheel) and has_other_index(app):
        return False
    return conflict.distribution not in LIBRARIES or not _may_install_libraries(app)


def _has_wheel(app: App, declared: Declared) -> bool:
    """Whether the lock file has a wheel of a package for the Python, perhaps from another index than the usual one."""
    assert app.python.request is not None
    series, pin = app.python.request.series, (declared.name, declared.specifier)
    return any((each.name, f"=={each.version}") == pin and each.fits(series) for each in app.lock.packages)


def has_other_index(app: App) -> bool:
    """Whether pip is told of another place with files, such as that of the builds of torch for CPU."""
    requirements = app.packages.requirements
    return requirements is not None and any(each.name in OTHER_INDEXES for each in requirements.options)


def _may_install_libraries(app: App) -> bool:
    """Whether a buildpack that is no language's may install libraries of the system."""
    references = (entry.reference for found in app.declared.buildpack_lists for entry in found.entries)
    return any(each.owner != "heroku" or "geo" in each.shown or "apt" in each.shown for each in references)


def _problem(app: App, declared: Declared, conflict: Conflict, *, is_needed: bool) -> Problem:
    at_install = conflict.phase in IN_THE_BUILD
    is_default = app.python.origin == DEFAULT_ORIGIN
    certain = conflict.is_certain and not is_default and (at_install or is_needed)
    reason = None
    if certain and conflict.phase is ConflictPhase.INSTALL:
        reason = f"install-dependencies::{app.managers.chosen}"
    elif certain and declared.name == "django" and app.django and not app.build.skips_collectstatic:
        reason = "collectstatic-other"
    outcome = "Heroku rejects the push" if at_install or reason else "the app does not start"
    problem = _unproven(app, declared, conflict, outcome)
    return problem._replace(severity=None, failure_reason=reason, certain=True) if certain else problem


def _fails_when_imported(app: App, declared: Declared, conflict: Conflict) -> Problem:
    """What is said of a package that nothing surely imports when the app starts.

    Where only other packages are known to need it, and the app's code never imports it, it is a note: these packages
    often import it for one of their functions alone.
    """
    problem = _unproven(app, declared, conflict, "the app fails as soon as it uses it")
    if declared.name in app.managers.imported or not is_required_by_another(app, declared):
        return problem
    return problem._replace(severity=Severity.NOTE)


def _unproven(app: App, declared: Declared, conflict: Conflict, outcome: str) -> Problem:
    """A finding that the files do not prove."""
    assert app.python.request is not None
    ways = ways_to_work(app, declared, conflict, working_series(app))
    return Problem(
        f"{' '.join(filter(None, (declared.name, declared.specifier)))} {conflict.consequence}: on Python "
        f"{app.python.request.series} {outcome}",
        declared.place(),
        help=_advice(app, declared, conflict),
        severity=Severity.WARNING,
        certain=False,
        fix=ways[0] if ways else None,
        alternatives=tuple(ways[1:]),
    )


def _needed(app: App) -> set[str]:
    """The distributions that the app needs to start: programs that it runs, modules that it imports, and theirs.

    Django imports what `INSTALLED_APPS` names, too.
    """
    install_set = app.packages.install_set
    assert install_set is not None
    needed = {"django"} if app.django else set()
    for process in app.processes.types.values():
        for run in process.runs:
            program = install_set.provides_program(run.name)
            needed |= {program.distribution} if program else set()
    named = [each.text for each in certain_installed_apps(app.django)] if app.django else []
    for module in (*(each.module for each in app.startup_imports), *filter(None, named)):
        needed |= set(distributions(module)[:1])
    for name in tuple(needed):
        needed |= requires_of(name) or frozenset()
    return needed


def _advice(app: App, declared: Declared, conflict: Conflict) -> str:
    ways = []
    if conflict.works_from:
        ways.append(f"Upgrade {declared.name} to {conflict.works_from} or later.")
    instead = companion(app, conflict)
    if instead and not instead.startswith("buildpack:"):
        lead = "Or ask for this as well, or instead" if ways else "Use instead"
        ways.append(f"{lead}:\n    {instead}")
    elif instead:
        ways.append(
            "Add the buildpack that installs the library, before Python's:\n"
            f"    heroku buildpacks:add --index 1 {instead.removeprefix('buildpack:')}"
        )
    series = working_series(app)
    if series and app.python.request and series != app.python.request.series:
        ways.append(f"Or set a Python that all packages work with:\n    echo {series} > .python-version")
    return "\n".join(ways) or "Remove the package, or replace it."


def working_series(app: App) -> str | None:
    """The newest series of Python with which all pinned packages work; None where there is none."""
    install_set = app.packages.install_set
    assert install_set is not None
    pins = {
        each.name: each.specifier for each in install_set.declared if each.installed is Installed.YES and each.specifier
    }
    return newest_python_for(pins, app.managers.chosen or "", app.policy.latest_patches)


@check("pkg-resources-missing", severity=Severity.ERROR, url=DEV_CENTER + "python-dependencies")
def pkg_resources_missing(app: App) -> Iterator[Problem]:
    """The app imports `pkg_resources`, which no installed package has.

    `pkg_resources` comes with setuptools below 82. Heroku installs setuptools 70.3.0 itself only for apps that use pip
    with Python 3.12 and older.

    ## How to fix

    Use `importlib.metadata` or `importlib.resources` instead, or add `setuptools<82` to the requirements.
    """
    install_set, python, manager = app.packages.install_set, app.python.version, app.managers.chosen
    if install_set is None or python is None or manager is None:
        return
    companions = Companions.of(install_set)
    for each in app.startup_imports:
        if each.top_level == "pkg_resources" and not is_installed("setuptools", "<82", python, manager, companions):
            certain = install_set.complete and app.python.origin != DEFAULT_ORIGIN
            yield Problem(
                "pkg_resources comes with setuptools below 82, which Heroku does not install here: the app does not "
                "start",
                each.at,
                help="Use importlib.metadata instead, or bring it back with an older setuptools. "
                + add_help(app, OLD_SETUPTOOLS),
                fix=add(app, OLD_SETUPTOOLS),
                severity=None if certain else Severity.WARNING,
                certain=certain,
            )


@check("geodjango-libraries-missing", severity=Severity.WARNING, url=DEV_CENTER + "postgis")
def geodjango_libraries_missing(app: App) -> Iterator[Problem]:
    """GeoDjango needs libraries that no stack has.

    `django.contrib.gis` loads GDAL and GEOS when Django starts. Heroku's stacks have neither, so Django cannot start,
    unless a buildpack that runs before Python's installs them.

    ## How to fix

    Add the buildpack to the app, before Python's:

        heroku buildpacks:add --index 1 heroku-community/geo

    For new apps, add it to `app.json` too.
    """
    if app.django is None or _may_install_libraries(app):
        return
    for each in certain_installed_apps(app.django):
        if each.text == "django.contrib.gis" and each.at:
            yield Problem(
                "django.contrib.gis loads GDAL and GEOS when Django starts, and no stack has them: without the geo "
                "buildpack the app does not start",
                each.at,
                help=f"Add the buildpack before Python's, and to app.json for new apps:\n    {ADD_GEO}",
                fix=Fix.by_hand("Add the geo buildpack", ADD_GEO),
                certain=False,
            )


APP = {".python-version": "3.13\n", "Procfile": "web: gunicorn app:app\n", "app.py": "import pkg_resources\n"}
pkg_resources_missing.examples(
    bad=[Example({**APP, "requirements.txt": "gunicorn==23.0.0\n"}, at=("app.py:1:8-1:21",))],
    good=[
        Example({**APP, "requirements.txt": "gunicorn==23.0.0\nsetuptools<82\n"}),
        Example({**APP, ".python-version": "3.12\n", "requirements.txt": "gunicorn==23.0.0\n"}),
    ],
)
package_incompatible.examples(
    bad=[
        Example(
            {
                ".python-version": "3.13\n",
                "Procfile": "web: gunicorn app:app\n",
                "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
                "requirements.txt": "Flask==3.1.0\ngunicorn==20.1.0\n",
            },
            at=("requirements.txt:2:1-2:9",),
        ),
        Example({".python-version": "3.12\n", "requirements.txt": "PyYAML==5.4.1\n"}, at=("requirements.txt:1:1-1:7",)),
    ],
    good=[
        Example({".python-version": "3.13\n", "requirements.txt": "Flask==3.1.0\ngunicorn==20.1.0\nsetuptools<81\n"}),
        Example({".python-version": "3.12\n", "requirements.txt": "Flask==3.0.3\ngunicorn==20.1.0\n"}),
    ],
)
geodjango_libraries_missing.examples(
    bad=[Example(project('INSTALLED_APPS = ["django.contrib.gis"]\n'), at=(f"{SETTINGS}:1:19-1:39",))],
    good=[
        Example(
            project(
                'INSTALLED_APPS = ["django.contrib.gis"]\n',
                app_json='{"buildpacks": [{"url": "heroku-community/geo"}, {"url": "heroku/python"}]}\n',
            )
        )
    ],
)
