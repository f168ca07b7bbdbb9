"""How long Heroku supports what an app uses, and what it could move to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.engine.result import Life
from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.heroku.platform import Change, stack_events

if TYPE_CHECKING:
    import datetime

    from pydeploy_lint.facts.app import App
    from pydeploy_lint.heroku.policy import Policy


def timeline(app: App) -> tuple[Life, ...]:
    """The lives of an app's Python series and stack, each followed by that of the default, if that is another.

    They are those of heroku/python and the platform, even if the app is pinned to a release. What Heroku never built
    with is left out, as is what has no known date. What is no Python app has none.
    """
    if not app.build.detected:
        return ()
    try:
        asked = app.python.request and app.python.request.series
    except FileProblem:
        asked = None
    series = dict.fromkeys(each for each in (asked, app.policy.default_series) if each)
    stacks = dict.fromkeys((app.policy.stack, app.policy.recommended_stack))
    lives = (
        *(_series_life(app.policy, each, in_use=each == asked) for each in series),
        *(_stack_life(app.policy, each, in_use=each == app.policy.stack) for each in stacks),
    )
    return tuple(
        life for life in lives if life and any((life.since, life.deprecated, life.maintained_until, life.removed))
    )


def _series_life(policy: Policy, series: str, *, in_use: bool) -> Life | None:
    first = policy.history.first_with_series(series)
    if first is None:
        return None
    announced = policy.removal(series)
    return Life(
        f"Python {series}",
        in_use,
        since=_day(policy, first),
        deprecated=_iso(policy.history.first_set(f"deprecated/{series}")),
        maintained_until=policy.upstream_end(series),
        removed=_iso(policy.history.last_deleted(f"latest_patch/{series}") or (announced and announced.removed)),
    )


def _stack_life(policy: Policy, stack: str, *, in_use: bool) -> Life | None:
    first = policy.history.first_with_stack(stack)
    if first is None:
        return None
    dates = {event.change: event.date.isoformat() for event in stack_events(stack)}
    return Life(
        stack,
        in_use,
        since=_day(policy, first),
        deprecated=dates.get(Change.STACK_DEPRECATED),
        maintained_until=dates.get(Change.STACK_END_OF_LIFE),
        removed=dates.get(Change.STACK_BUILDS_BLOCKED),
    )


def _day(policy: Policy, release: str) -> str | None:
    """The day of a release; None for the oldest one, as the state with which the data begins is older."""
    (oldest, _), *_ = policy.history.releases
    return None if release == oldest else dict(policy.history.releases)[release].isoformat()


def _iso(date: datetime.date | None) -> str | None:
    return date.isoformat() if date else None
