"""What the platform does each year without an announcement: its own pattern, for days past the end of the data.

Nothing here is a fact. Whoever uses it says that it is expected, and never calls it an error.
"""

from __future__ import annotations

import datetime
import re

from pydeploy_lint.files.numbers import whole_number
from pydeploy_lint.heroku import platform
from pydeploy_lint.heroku.versions import series_key

DEFAULT_MAY_CHANGE = datetime.timedelta(days=50)
"""The default changed 59 to 67 days after a series' first release: 3.12 in v241, 3.13 in v270, 3.14 in v323."""
DEFAULT_HAS_CHANGED = datetime.timedelta(days=75)
DAYS_A_PATCH = 14
"""Upstream has released no series more often than that for long; usually it takes two months."""
DAYS_A_RELEASE = 4
"""Heroku has released the buildpack about every ten days since 2024."""
NEW_STACK_MONTH = 4
"""A stack is named after Ubuntu's LTS release, which comes in April of every even year (heroku-24, heroku-26)."""
_STACK = re.compile(r"heroku-([0-9]{2})")


def newest_default(date: datetime.date, age: datetime.timedelta) -> str:
    """The newest series that has had its first release for some time on a date, going on at one a year."""
    newest, known = list(platform.upstream().items())[-1]
    aged = date - age
    if aged < known.released:
        return [series for series, dates in platform.upstream().items() if dates.released <= aged][-1]
    major, minor = series_key(newest)
    years = aged.year - known.released.year - (aged.month < platform.UPSTREAM_RELEASE_MONTH)
    return f"{major}.{minor + max(years, 0)}"


def expected_removal(series: str) -> datetime.date | None:
    """When Heroku will remove a series: the first Wednesday after New Year that follows upstream's end.

    So it was with 3.8 (2025-01-08) and 3.9 (2026-01-07), and is announced for 3.10 (2027-01-06).
    None where upstream's end is not known.
    """
    known = platform.upstream().get(series)
    if known is None:
        return None
    second = datetime.date(whole_number(known.end[:4]) + 1, 1, 2)
    return second + datetime.timedelta(days=(2 - second.weekday()) % 7)


def expected_block(stack: str) -> datetime.date | None:
    """When Heroku will block builds on a stack: on the day after its end of life.

    So it was with heroku-18 (2023-05-01) and heroku-20 (2025-05-01), and is announced for heroku-22 (2027-05-01); on
    heroku-16 builds went on for another month. None where the end of life is not known, or the block is announced.
    """
    dates = {event.change: event.date for event in platform.stack_events(stack)}
    end = dates.get(platform.Change.STACK_END_OF_LIFE)
    if end is None or platform.Change.STACK_BUILDS_BLOCKED in dates:
        return None
    return end + datetime.timedelta(days=1)


def patches_since(since: datetime.date, date: datetime.date) -> int:
    """How many patch releases of a series upstream may have made between two days, at most."""
    return 2 + max((date - since).days, 0) // DAYS_A_PATCH


def releases_since(since: datetime.date, date: datetime.date) -> int:
    """How many releases of the buildpack may have come out between two days, at most."""
    return 2 + max((date - since).days, 0) // DAYS_A_RELEASE


def stack_may_exist(stack: str, newest_known: str, date: datetime.date) -> bool:
    """Whether a stack that is newer than any known one can be in service on a date."""
    asked, known = _STACK.fullmatch(stack), _STACK.fullmatch(newest_known)
    if asked is None or known is None:
        return False
    year = 2000 + whole_number(asked[1])
    newer = whole_number(asked[1]) > whole_number(known[1]) and year % 2 == 0
    return newer and date >= datetime.date(year, NEW_STACK_MONTH, 1)
