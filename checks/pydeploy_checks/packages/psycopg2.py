"""psycopg2, a release of which works with the versions of Python that it was made for."""

from collections.abc import Iterator

from pydeploy_checks.packages.upgrades import upgrade_pin
from pydeploy_checks.packages.wheels import certain_severity, python_name
from pydeploy_checks.suit import ask_for_series, suiting_series
from pydeploy_lint.plugin import DEV_CENTER, PSYCOPG2, App, Example, Installed, Problem, Severity, check


@check("psycopg2-python-too-new", severity=Severity.WARNING, url=DEV_CENTER + "python-dependencies")
def psycopg2_python_too_new(app: App) -> Iterator[Problem]:
    """The pinned psycopg2 is older than the first release for the Python that Heroku installs.

    `psycopg2-binary` has no wheel for a newer Python then, and is compiled during the build, as `psycopg2` always is.
    Releases before 2.9.10 can be compiled with Python 3.13 and later, and then fail when they are imported:
    `undefined symbol: _PyInterpreterState_Get`.

    ## How to fix

    Upgrade psycopg2, or ask for an older Python in `.python-version`.
    """
    from pydeploy_lint.plugin import psycopg2_is_too_old

    if app.python.version is None or app.python.request is None or app.packages.install_set is None:
        return
    series = app.python.request.series
    for declared in app.packages.install_set.declared:
        version = declared.specifier.removeprefix("==").strip()
        if declared.name not in PSYCOPG2 or declared.installed is not Installed.YES or "==" not in declared.specifier:
            continue
        found = psycopg2_is_too_old(version, series)
        if found is None:
            continue
        consequence = "Heroku compiles it during the build, for a Python that it was not made for"
        if found.is_unusable:
            consequence = "Heroku compiles it, and that fails, or the app does when it imports it (undefined symbol)"
        suiting = suiting_series(app, psycopg2_python_too_new)
        older = f", or set an older Python in .python-version:\n    {suiting}" if suiting else "."
        problem = Problem(
            f"{declared.name} {version} is older than {found.first}, the first release for {python_name(app, series)}; "
            f"{consequence}",
            declared.place(),
            help=f"Upgrade {declared.name} to {found.first} or later{older}",
            severity=certain_severity(app) if found.is_unusable else Severity.NOTE,
        )
        yield problem.with_fixes(upgrade_pin(app, declared, found.first), ask_for_series(app, suiting))


psycopg2_python_too_new.examples(
    bad=[
        Example(
            {".python-version": "3.13\n", "requirements.txt": "psycopg2-binary==2.9.9\n"},
            at=("requirements.txt:1:1-1:16",),
        ),
    ],
    good=[
        Example({".python-version": "3.12\n", "requirements.txt": "psycopg2-binary==2.9.9\n"}),
        Example({".python-version": "3.13\n", "requirements.txt": "psycopg2-binary>=2.9.9\n"}),
    ],
)
