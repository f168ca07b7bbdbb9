"""The buildpacks that an app asks for: whether it gets Heroku's own, current Python buildpack."""

from collections.abc import Iterator

from pydeploy_lint.app import App
from pydeploy_lint.buildpacks.advice import (
    OFFICIAL,
    replace,
    replacement,
    subject,
    way_out,
    with_official_python,
)
from pydeploy_lint.buildpacks.declaration import BuildpackList, Entry
from pydeploy_lint.check import DEV_CENTER, Example, check
from pydeploy_lint.finding import Problem, Severity

URL = DEV_CENTER + "python-support#buildpack"
REPOSITORY = "https://github.com/heroku/heroku-buildpack-python"
APP = {".python-version": "3.13\n", "requirements.txt": ""}


def _entries(app: App) -> Iterator[tuple[BuildpackList, Entry]]:
    return ((found, entry) for found in app.buildpack_lists for entry in found.entries)


def _severity(found: BuildpackList) -> Severity | None:
    """Nothing breaks on Heroku because of what it does not read."""
    return None if found.place.heroku_reads else Severity.NOTE


def _problem(app: App, found: BuildpackList, entry: Entry, message: str, *, safe: bool = True) -> Problem:
    """A problem whose way out is the official buildpack."""
    return Problem(
        message,
        entry.at,
        help=way_out(found, with_official_python(found.entries), instead=replacement(found)),
        severity=_severity(found),
        fix=replace(found, entry, app.source(entry.at.path), replacement(found), safe=safe),
    )


@check("buildpack-url", severity=Severity.NOTE, url=URL)
def buildpack_url(app: App) -> Iterator[Problem]:
    """Heroku's Python buildpack is named by a URL instead of its name.

    A buildpack is the set of scripts with which Heroku turns a repository into an app that runs. `heroku/python` is
    the current release of the one for Python; Heroku has it at hand. Behind a URL Heroku fetches it for every build,
    which is slower and one more thing that can fail, and a Git URL gives changes that are not released yet.

    ## How to fix

    Replace the URL by `heroku/python`, where it is declared and in the list of each app that exists. The help of the
    finding has the commands.
    """
    for found, entry in _entries(app):
        reference = entry.reference
        if reference.is_official_python and not reference.is_registry_name and not reference.is_pinned:
            yield _problem(
                app,
                found,
                entry,
                f"{subject(found, entry)} names Heroku's Python buildpack by a URL, {reference.shown};"
                f" Heroku fetches that for every build, while it has {OFFICIAL} at hand",
            )


buildpack_url.examples(
    bad=[
        Example(
            {**APP, "app.json": f'{{"buildpacks": [{{"url": "{REPOSITORY}"}}]}}\n'},
            at=("app.json:1:26-1:75",),
        ),
    ],
    good=[Example({**APP, "app.json": '{"buildpacks": [{"url": "heroku/python"}]}\n'})],
)


@check("buildpack-pinned", severity=Severity.WARNING, url=URL)
def buildpack_pinned(app: App) -> Iterator[Problem]:
    """Heroku's Python buildpack is pinned to a tag, a branch or a commit.

    A pinned buildpack stands still while Heroku and Python move on: it does not know new Python versions, stacks and
    package managers, and gets no fixes, so builds begin to fail for reasons that are not in the app. A branch moves,
    but with changes that nobody has released.

    ## How to fix

    Use `heroku/python`, the current release. The help of the finding has the commands for the app at hand. To keep
    the Python version as it is, name it in `.python-version`; that does not need an old buildpack.
    """
    for found, entry in _entries(app):
        reference = entry.reference
        if reference.is_official_python and reference.is_pinned:
            yield _problem(
                app,
                found,
                entry,
                f"{subject(found, entry)} pins Heroku's Python buildpack to the {reference.ref_kind.value}"
                f" {reference.ref}; Heroku builds with that, without the fixes and Python versions of later releases",
            )


buildpack_pinned.examples(
    bad=[
        Example(
            {**APP, "app.json": f'{{"buildpacks": [{{"url": "{REPOSITORY}#v267"}}]}}\n'},
            at=("app.json:1:26-1:80",),
        ),
        Example({**APP, ".buildpacks": f"{REPOSITORY}#archive/v250\n"}, at=(".buildpacks:1:1-1:63",)),
    ],
    good=[Example({**APP, "app.json": '{"buildpacks": [{"url": "heroku/python"}]}\n'})],
)


@check("buildpack-forked", severity=Severity.WARNING, url=URL)
def buildpack_forked(app: App) -> Iterator[Problem]:
    """The app is built with a copy of Heroku's Python buildpack.

    Somebody copied (forked) the buildpack to change it. A copy knows what Heroku's buildpack knew on the day it was
    last brought up to date, so it lacks newer Python versions, stacks and fixes; and whoever owns it can run any
    command in the app's builds.

    ## How to fix

    Find out what the copy was made for. Most of it is built in today (Poetry, uv, Pipenv), or is done better by a
    buildpack beside Heroku's (`heroku-community/apt` for system packages) or by `bin/pre_compile` and
    `bin/post_compile` in the app. Then use `heroku/python`; the help of the finding has the commands.

    The fix is a suggestion, as the app may need what the copy adds.
    """
    for found, entry in _entries(app):
        if entry.reference.is_python_fork:
            yield _problem(
                app,
                found,
                entry,
                f"{subject(found, entry)} uses a copy of Heroku's Python buildpack, {entry.reference.shown};"
                " Heroku does not maintain it, and it lacks what Heroku's has learned since",
                safe=False,
            )


buildpack_forked.examples(
    bad=[
        Example(
            {**APP, "app.json": '{"buildpacks": [{"url": "https://github.com/someone/heroku-buildpack-python"}]}\n'},
            at=("app.json:1:26-1:76",),
        ),
    ],
    good=[Example({**APP, "app.json": '{"buildpacks": [{"url": "heroku/python"}]}\n'})],
)
