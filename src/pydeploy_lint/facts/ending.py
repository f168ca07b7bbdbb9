"""Until when an app can be deployed as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.buildpacks.route import BuiltBy
from pydeploy_lint.heroku.platform import Change

if TYPE_CHECKING:
    import datetime

    from pydeploy_lint.facts.declared import Declared
    from pydeploy_lint.facts.python.version import Python
    from pydeploy_lint.finding import Span
    from pydeploy_lint.heroku.policy import Policy

ENDS = {
    Change.SERIES_REMOVED: "Python {subject} is removed",
    Change.STACK_BUILDS_BLOCKED: "builds on {subject} are blocked",
}
"""What ends an app's deploys for good; the changes before that are only warnings."""


class Ending(NamedTuple):
    """The end of an app's deploys."""

    date: datetime.date
    """The first day on which Heroku rejects them."""
    reason: str
    """What happens on that day, as half a sentence."""
    source: str
    """The page that announced it, the buildpack release that did, or the pattern that it follows."""
    expected: bool
    """Whether nobody announced it, and it only follows from what the platform did before."""
    at: Span
    """Where the app asks for what ends."""


def find_ending(policy: Policy, python: Python, declared: Declared) -> Ending | None:
    """The first known or expected day on which Heroku stops deploying an app; None where no such day is known.

    Raises:
        FileProblem: the file that decides the Python version cannot be read.
    """
    if declared.route.built_by is not BuiltBy.PYTHON:
        return None
    series = python.request.series if python.request else None
    places = {(Change.STACK_BUILDS_BLOCKED, policy.stack): declared.stack_at}
    if series:
        places[Change.SERIES_REMOVED, series] = python.request_at
    events = sorted((*policy.announced(), *policy.expected()), key=lambda event: event.date)
    for event in events:
        at = places.get((event.change, event.subject))
        if at:
            reason = ENDS[event.change].format(subject=event.subject)
            return Ending(event.date, reason, event.source, event.expected, at)
    return None
