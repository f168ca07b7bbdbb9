"""Which series of Python to propose: one that Heroku builds, and that the app works with as far as is known."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pydeploy_checks.suit import constraints
from pydeploy_lint.plugin import CACHED_ORIGIN, App, FileProblem, Mention, Status, series_key, series_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pydeploy_lint.plugin import Problem


def is_built(app: App, version: str) -> bool:
    """Whether Heroku builds apps that ask for a version; a fix must not unmask that it does not."""
    series = series_of(version)
    latest = app.policy.latest_patches.get(series)
    supported = app.policy.status(series) in (Status.SUPPORTED, Status.DEPRECATED) and app.policy.on_stack(series)
    return supported and latest is not None and series_key(version) <= series_key(latest)


def series_for(app: App) -> str | None:
    """The default series, or else the newest, that the app works with, as far as is known; None where that is unclear.

    Its own files say which Python it accepts, its packages which they work with, and its code what it imports.
    """
    return next(_working(app, _candidates(app)), None)


def recommended_series(app: App) -> str:
    """The series to advise where nothing else says which; the default where nothing is known."""
    built = [series for series in _candidates(app) if is_built(app, series)]
    return series_for(app) or min(built, key=partial(_problems_on, app), default=app.policy.default_series)


def allowed_series(app: App, text: str) -> str | None:
    """The newest series that a range such as ``>=3.12,<3.14`` allows, best one that the app works with.

    Args:
        app: the app.
        text: the range; anything else allows nothing.
    """
    from pydeploy_lint.plugin import poetry_allows

    latest = app.policy.latest_patches
    allowed = [series for series in reversed(latest) if is_built(app, series) and poetry_allows(text, latest[series])]
    return min(allowed, key=partial(_problems_on, app), default=None)


def series_of_last_build(app: App) -> str | None:
    """The series that the app keeps, as no file asks for another; None where it is unknown, or no longer built."""
    request = app.python.request
    if request is None or request.origin != CACHED_ORIGIN or not is_built(app, request.series):
        return None
    return request.series


def series_elsewhere(app: App) -> tuple[str, str] | None:
    """The series with which the app is tested, developed or packed elsewhere, and half a sentence that says so.

    Of several it is the newest that all places name, or else the newest of the first place.
    """
    from pydeploy_lint.plugin import python_mentions

    places = [(place.subject, _series_in(place.mentions)) for place in python_mentions(app.files)]
    if not places:
        return None
    shared = set.intersection(*(series for _, series in places)) or places[0][1]
    best = series_for(app)
    found = next(_working(app, sorted(shared, key=series_key, reverse=True)), None)
    if found is None or best is None or _problems_on(app, found) > _problems_on(app, best):
        return None
    return found, f"{places[0][0]} Python {found}"


def _series_in(mentions: Iterable[Mention]) -> set[str]:
    return {mention.series for mention in mentions}


def _candidates(app: App) -> list[str]:
    return list(dict.fromkeys([app.policy.default_series, *reversed(app.policy.latest_patches)]))


def _working(app: App, candidates: Iterable[str]) -> Iterator[str]:
    """Those of some series that Heroku builds and the app accepts: first those on which nothing is wrong with it.

    Then those on which no more is wrong than on the one that the app has.
    """
    from pydeploy_lint.plugin import poetry_allows

    try:
        ranges = constraints(app)
    except FileProblem:
        return
    latest, request = app.policy.latest_patches, app.python.request
    allowed = [
        series
        for series in candidates
        if is_built(app, series) and all(poetry_allows(each, latest[series]) for each in ranges)
    ]
    yield from (series for series in allowed if not _problems_on(app, series))
    if request and app.python.version:
        known = _problems_on(app, request.series)
        yield from (series for series in allowed if _problems_on(app, series) <= known)


def _problems_on(app: App, series: str) -> int:
    """How much would be wrong with the app on a series that may be fine on another one."""
    return app.files.once(("problems on", series, app.policy), partial(_count_problems, app, series))


def _count_problems(app: App, series: str) -> int:
    from pydeploy_checks.packages.imports import removed_stdlib
    from pydeploy_checks.packages.pins import package_incompatible, pkg_resources_missing
    from pydeploy_checks.packages.psycopg2 import psycopg2_python_too_new
    from pydeploy_checks.packages.wheels import no_wheel_for_python
    from pydeploy_checks.python.elsewhere import python_mismatch

    checks = (
        package_incompatible,
        pkg_resources_missing,
        no_wheel_for_python,
        psycopg2_python_too_new,
        removed_stdlib,
        python_mismatch,
    )
    then = app.asking_for(series)
    return sum(1 for check in checks for _ in _problems(check, then))


def _problems(check: Callable[[App], Iterator[Problem]], app: App) -> Iterator[Problem]:
    try:
        yield from check(app)
    except FileProblem:
        return
