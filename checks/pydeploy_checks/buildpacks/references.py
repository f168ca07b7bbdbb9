"""The buildpacks that an app asks for: whether it gets Heroku's own, current Python buildpack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_checks.buildpacks.lists import (
    APP,
    REPOSITORY,
    at_most_note,
    buildpack_obsolete,
    buildpack_order,
    duplicate_buildpack,
    entries,
)
from pydeploy_lint.plugin import (
    DEV_CENTER,
    OFFICIAL,
    Breaks,
    Example,
    FileProblem,
    Problem,
    RefKind,
    Severity,
    Status,
    builder,
    buildpack_help,
    buildpack_subject,
    by_commands,
    check,
    replace,
    replacement,
    whole_number,
    with_official_python,
    with_replaced,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.plugin import App, BuildpackEntry, BuildpackList, BuildpackReference

# The checks of this family that judge whole lists stand in a module of their own.
__all__ = ["buildpack_obsolete", "buildpack_order", "duplicate_buildpack"]

URL = DEV_CENTER + "python-support#buildpack"


def _problem(
    app: App,
    found: BuildpackList,
    entry: BuildpackEntry,
    message: str,
    *,
    safe: bool = True,
    severity: Severity | None = None,
) -> Problem:
    """A problem that the official buildpack fixes."""
    new, wanted = replacement(found, entry), with_official_python(found.entries)
    problem = Problem(
        message,
        entry.at,
        help=buildpack_help(found, wanted, write(new)),
        severity=at_most_note(found) or severity,
    )
    replaced = replace(found, entry, app.declared.files.source(entry.at.path), new, safe=safe)
    return problem.with_fixes(replaced, by_commands(found, wanted))


@check("buildpack-url", severity=Severity.NOTE, url=URL)
def buildpack_url(app: App) -> Iterator[Problem]:
    """Heroku's Python buildpack is named by a URL instead of its name.

    A buildpack is the set of scripts with which Heroku turns a repository into an app that runs. `heroku/python` is
    the current release of the one for Python; it is built in. From a URL Heroku fetches it for every build,
    which is slower and one more thing that can fail, and a Git URL gives changes that are not released yet.

    ## How to fix

    Replace the URL by `heroku/python`, where it is declared and in the list of each app that exists. The help of the
    finding has the commands.
    """
    for found, entry in entries(app):
        reference = entry.reference
        by_url = reference.is_official_python and not reference.is_registry_name and not reference.is_pinned
        # Dokku fetches the buildpack for every build, however it is named.
        if by_url and builder(found) != "Dokku":
            yield _problem(
                app,
                found,
                entry,
                f"{buildpack_subject(found, entry)} names Heroku's Python buildpack by a URL, {reference.shown};"
                f" {builder(found)} fetches that for every build"
                + (f", although {OFFICIAL} is built in" if found.place.heroku_reads else ""),
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

    A pinned buildpack does not change while Heroku and Python do: it does not know new Python versions, stacks and
    package managers, and gets no fixes, so builds start to fail for reasons outside the app. A branch moves, but with
    changes that are not released yet.

    ## How to fix

    Use `heroku/python`, the current release. The help of the finding has the commands. To keep
    the Python version, set it in `.python-version`; that does not need an old buildpack.
    """
    for found, entry in entries(app):
        reference = entry.reference
        if reference.is_official_python and reference.is_pinned:
            yield _problem(
                app,
                found,
                entry,
                f"{buildpack_subject(found, entry)} pins Heroku's Python buildpack to {_cost(app, reference)}",
            )


def _cost(app: App, reference: BuildpackReference) -> str:
    """What it is pinned to, and what that lacks that the app needs, or else what any pin costs."""
    kind = reference.ref_kind.value
    if reference.ref_kind is RefKind.BRANCH:
        return f"the {kind} {reference.ref}: Heroku builds with the last push to it, released or not"
    release = reference.release
    if release is None or not app.policy.knows_release(release):
        return f"the {kind} {reference.ref}: the build lacks fixes and Python versions added since"
    pinned = app.under(app.policy.with_release(release))
    policy, history = pinned.policy, pinned.policy.history
    missing = []
    if policy.stack not in policy.stacks:
        missing.append(_unknown(release, policy.stack, history.first_with_stack(policy.stack)))
    try:
        series = pinned.python.request.series if pinned.python.request else None
    except FileProblem:
        series = None  # Another check says that the file cannot be read.
    if series and policy.status(series) is Status.UNKNOWN:
        missing.append(_unknown(release, f"Python {series}", history.first_with_series(series)))
    behind = whole_number(app.policy.newest_release[1:]) - whole_number(release[1:])
    at_least = "at least " * (app.policy.as_of > app.policy.data_until)
    distance = f"{at_least}{behind} release{'s' * (behind != 1)} behind" if behind > 0 else "today the same as"
    return "; ".join([f"{reference.ref} ({policy.release_date}), {distance} {OFFICIAL}", *missing])


def _unknown(release: str, what: str, first: str | None) -> str:
    later = first if first and whole_number(first[1:]) > whole_number(release[1:]) else None
    return f"{release} does not know {what}" + (f" ({later} is the oldest that does)" if later else "")


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
    for found, entry in entries(app):
        if entry.reference.is_python_fork:
            yield _problem(
                app,
                found,
                entry,
                f"{buildpack_subject(found, entry)} uses a copy of Heroku's Python buildpack, {entry.reference.shown};"
                " Heroku does not maintain it, and it lacks fixes and Python versions added since",
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


def _missing_tag(app: App, reference: BuildpackReference) -> tuple[str, Severity] | None:
    """Why a release's tag does not exist, and how bad that is; None where it does."""
    newest, release = app.policy.newest_release, reference.release or ""
    if not reference.has_tag_on(app.policy.as_of):
        return f"it is {f'archive/{release}' if reference.ref == release else release}", Severity.ERROR
    if whole_number(release[1:]) <= whole_number(newest[1:]):
        return None
    if app.policy.as_of > app.policy.data_until:
        may_exist = app.policy.release_may_exist(release)
        why = f"unless it is new: {newest} is the newest release that pydeploy-lint knows"
        return why, Severity.NOTE if may_exist else Severity.WARNING
    return f"the newest release is {newest}", Severity.ERROR


@check("buildpack-missing-tag", severity=Severity.ERROR, breaks=Breaks.SETUP, url=URL)
def buildpack_missing_tag(app: App) -> Iterator[Problem]:
    """The Python buildpack is pinned to a tag that its repository does not have.

    Heroku fetches the buildpack again for every build. If the tag is gone, there is nothing to build with, and the
    build fails. The tags of old releases, up to `v265`, were renamed on 2025-02-19: `v250` is now
    `archive/v250`.

    ## How to fix

    Use `heroku/python`, the current release. To keep the old release for a little longer, put `archive/` before the
    tag, but see `buildpack-pinned` for what that costs.
    """
    for found, entry in entries(app):
        is_release = entry.reference.is_official_python and entry.reference.release
        missing = _missing_tag(app, entry.reference) if is_release else None
        if missing:
            why, severity = missing
            message = (
                f"{buildpack_subject(found, entry)} pins Heroku's Python buildpack to {entry.reference.ref}, a tag that"
                f" does not exist ({why}); {builder(found)} cannot fetch it, and the build fails"
            )
            yield _problem(app, found, entry, message, severity=severity)


buildpack_missing_tag.examples(
    bad=[
        Example(
            {**APP, "app.json": f'{{"buildpacks": [{{"url": "{REPOSITORY}#v201"}}]}}\n'}, at=("app.json:1:26-1:80",)
        ),
    ],
    good=[
        Example({**APP, "app.json": f'{{"buildpacks": [{{"url": "{REPOSITORY}#archive/v201"}}]}}\n'}),
        Example({**APP, "app.json": f'{{"buildpacks": [{{"url": "{REPOSITORY}#v300"}}]}}\n'}),
    ],
)


@check("buildpack-dead-url", severity=Severity.ERROR, breaks=Breaks.SETUP, url=URL)
def buildpack_dead_url(app: App) -> Iterator[Problem]:
    """A buildpack is fetched from where there is nothing any more, or where nobody can be sure what there is.

    - `git://`: GitHub switched that protocol off in March 2022, so Heroku cannot fetch the buildpack.
    - `http://`: anyone on the way can put other code into the build. A warning.
    - `codon-buildpacks.s3.amazonaws.com`: the store of buildpacks before today's registry. New releases have not been
      copied there since 2021. A warning.

    ## How to fix

    Name the buildpack as the registry does (`heroku/python`), or write `https://`.
    """
    for found, entry in entries(app):
        reference = entry.reference
        fault = _fault_of_address(reference)
        if fault is None:
            continue
        what, severity = fault
        new = replacement(found, entry) if reference.is_python else reference.secured
        wanted = with_replaced(found.entries, entry, new or OFFICIAL)
        problem = Problem(
            f"{buildpack_subject(found, entry)} fetches a buildpack from {reference.shown}; {what}",
            entry.at,
            help=buildpack_help(found, wanted, write(new)),
            severity=at_most_note(found) or severity,
        )
        replaced = replace(found, entry, app.declared.files.source(entry.at.path), new)
        yield problem.with_fixes(replaced, by_commands(found, wanted))


def _fault_of_address(reference: BuildpackReference) -> tuple[str, Severity] | None:
    if reference.scheme == "git":
        return "GitHub switched the git:// protocol off in 2022, so the build fails", Severity.ERROR
    if reference.is_retired_bucket:
        return "Heroku has put no new releases there since 2021", Severity.WARNING
    if reference.scheme == "http":
        return "without encryption, anyone on the way can change what Heroku runs in the build", Severity.WARNING
    return None


buildpack_dead_url.examples(
    bad=[
        Example(
            {**APP, "app.json": '{"buildpacks": [{"url": "git://github.com/a/b.git"}]}\n'}, at=("app.json:1:26-1:50",)
        ),
        Example({**APP, ".buildpacks": "http://github.com/a/b\n"}, at=(".buildpacks:1:1-1:22",)),
    ],
    good=[Example({**APP, "app.json": '{"buildpacks": [{"url": "https://github.com/a/b.git"}]}\n'})],
)
