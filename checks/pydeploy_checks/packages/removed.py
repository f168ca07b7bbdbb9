"""What the app imports from a package, and the release that Heroku installs no longer has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_checks.django.project import SETTINGS, project
from pydeploy_checks.django.running import reason_at
from pydeploy_lint.plugin import (
    DEV_CENTER,
    App,
    Example,
    Installed,
    Problem,
    Severity,
    check,
    latest_allowed,
    least_version,
)

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Declared, Import, Removal


class _Asked(NamedTuple):
    """What the files ask for of the package."""

    declared: Declared
    is_certain: bool
    """Whether no release is allowed that still has the name."""


@check("removed-from-package", severity=Severity.ERROR, url=DEV_CENTER + "python-dependencies")
def removed_from_package(app: App) -> Iterator[Problem]:
    """The app imports something from a package that the release on Heroku no longer has.

    Packages drop modules, classes and functions: `url` left `django.conf.urls` with Django 4.0, `Markup` left `flask`
    with Flask 3.0, `BaseSettings` left `pydantic` with Pydantic 2. The app fails as soon as it imports one, with an
    `ImportError`. On a developer's machine an older release may still be installed.

    Followed are the imports from what the `Procfile` names and from Django's settings, URLs and applications, but not
    those in a function, a condition or a `try`. Where an older release is allowed as well, this is a warning: another
    package may ask for that one.

    ## How to fix

    Import what the finding names instead. Until then, ask for an older release, such as `Django<4`, together with a
    Python that it works with.
    """
    from pydeploy_lint.plugin import removal_of

    install_set, seen = app.packages.install_set, set[tuple[str, int | None]]()
    if install_set is None:
        return
    for found in (*app.startup_imports, *app.startup_members):
        removal = removal_of(found.module)
        asked = _asked(install_set.query(removal.distribution).declared, removal) if removal else None
        if removal and asked and (found.at.path, found.at.line) not in seen:
            seen.add((found.at.path, found.at.line))
            yield _problem(app, found, removal, asked, is_member=found in app.startup_members)


def _asked(declared: Declared | None, removal: Removal) -> _Asked | None:
    if declared is None or declared.installed is not Installed.YES:
        return None
    version = tuple(map(int, removal.version.split(".")))
    least, latest = least_version(declared.specifier), latest_allowed(declared.specifier)
    if latest is not None and latest < version:
        return None
    return _Asked(declared, is_certain=least is not None and least >= version)


def _problem(app: App, found: Import, removal: Removal, asked: _Asked, *, is_member: bool) -> Problem:
    module, _, name = removal.name.rpartition(".")
    what = f"{name} from {module}" if is_member and found.module == removal.name else removal.name
    wanted = f"{asked.declared.name} {asked.declared.specifier}".strip()
    outcome = reason_at(app, found.phase)
    certain = asked.is_certain and outcome.is_certain
    older = "" if asked.is_certain else "another package asks for an older release"
    instead = f"Use {removal.instead} in its place. " if removal.instead else ""
    return Problem(
        f"the app imports {what}, which {removal.distribution} {removal.version} removed, and asks for {wanted}"
        f"{outcome.follows(older)}",
        found.at,
        help=f"{instead}Until then, ask for an older release: {removal.distribution}<{removal.version}",
        severity=None if certain else Severity.WARNING,
        failure_reason=outcome.reason if certain else None,
        certain=certain,
    )


FLASK = {
    ".python-version": "3.13\n",
    "Procfile": "web: gunicorn app:app\n",
    "requirements.txt": "flask==3.1.0\ngunicorn==23.0.0\n",
}
APP = "\napp = Flask(__name__)\n"
removed_from_package.examples(
    bad=[
        Example(
            {**FLASK, "app.py": "from flask import Flask, Markup\n\napp = Flask(__name__)\n"}, at=("app.py:1:26-1:32",)
        ),
        Example(project("import django.utils.six\n"), at=(f"{SETTINGS}:1:8-1:24",)),
    ],
    good=[
        Example(
            {**FLASK, "app.py": "from flask import Flask\nfrom markupsafe import Markup\n\napp = Flask(__name__)\n"}
        ),
        Example(project("import django.utils.six\n", "Django==2.2.28\n")),
    ],
)
