"""What no repository says of the platform: documented statuses, upstream's dates, the life of the stacks.

``data/platform.json`` is kept by hand; each entry has the date on which it was said, and where.
"""

from __future__ import annotations

import datetime
import enum
import functools
from typing import Any, NamedTuple

from pydeploy_lint.files.data import aging_data
from pydeploy_lint.files.numbers import whole_number

UPSTREAM_RELEASE_MONTH = 10
"""CPython has released a series every October since 3.9 (PEP 602)."""


class Change(enum.Enum):
    """A dated change of the platform that can stop an app's builds."""

    SERIES_REMOVED = "series-removed"
    STACK_DEPRECATED = "stack-deprecated"
    STACK_BROWN_OUT = "stack-brown-out"
    """The first build of an app in each period fails."""
    STACK_END_OF_LIFE = "stack-end-of-life"
    """No more security updates; builds may go on for a day or more."""
    STACK_BUILDS_BLOCKED = "stack-builds-blocked"


class Event(NamedTuple):
    """A change on its day."""

    date: datetime.date
    change: Change
    subject: str
    """The Python series or the stack."""
    source: str
    """The page that announced it, or the buildpack release that did."""
    every_days: int | None = None
    """The period of a brown-out."""
    expected: bool = False
    """Whether nobody announced it, and it only follows from what the platform did before."""


class SeriesDocument(NamedTuple):
    """What a dated page of the documentation says of one Python series."""

    date: datetime.date
    source: str
    deprecated: bool
    stacks: tuple[str, ...]
    """The stacks to which it is limited; empty: all."""
    until: datetime.date | None
    """The last day on which it holds."""


class Upstream(NamedTuple):
    """When python.org released a series, and when it stops maintaining it."""

    released: datetime.date
    end: str
    """ISO date, or month where the day is not known."""


@functools.cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = aging_data.load("platform.json")
    return data


def stack_events(stack: str) -> tuple[Event, ...]:
    """The announced changes of a stack, oldest first; empty for an unknown one."""
    return tuple(
        Event(_date(event["date"]), Change(event["change"]), stack, entry["source"], event.get("every_days"))
        for entry in _data()["stacks"]
        if entry["stack"] == stack
        for event in entry["events"]
    )


def series_document(series: str, date: datetime.date) -> SeriesDocument | None:
    """What the newest page up to a date says of a Python series, if it names it and still holds."""
    pages = [page for page in _data()["documented_series"] if page["date"] <= date.isoformat()]
    if not pages:
        return None
    page = pages[-1]
    said, source = _date(page["date"]), page["source"]
    if series in page["supported"]:
        return SeriesDocument(said, source, deprecated=False, stacks=(), until=None)
    for entry in page["deprecated"]:
        until = _date(entry["until"]) if "until" in entry else None
        if entry["series"] == series and (until is None or date <= until):
            return SeriesDocument(said, source, deprecated=True, stacks=tuple(entry.get("stacks", ())), until=until)
    return None


def upstream() -> dict[str, Upstream]:
    """The Python series that upstream has released, as far as the data knows, oldest first."""
    return {
        series: Upstream(_date(dates["released"]), dates["end"])
        for series, dates in _data()["upstream"]["series"].items()
    }


def default_stack(date: datetime.date) -> str:
    """The stack of an app that is created on a date and asks for none."""
    entries = _data()["default_stack"]
    begun = [entry["stack"] for entry in entries if entry["since"] <= date.isoformat()]
    return str(begun[-1] if begun else entries[0]["stack"])


def upstream_may_have_released(series: str, date: datetime.date) -> bool:
    """Whether a series can be out on a date: as the data says, or, if it is newer, at one minor version a year."""
    if series in upstream():
        return upstream()[series].released <= date
    newest, known = list(upstream().items())[-1]
    major, minor = (whole_number(part) for part in newest.split("."))
    asked_major, asked_minor = (whole_number(part) for part in series.split("."))
    years = date.year - known.released.year - (date.month < UPSTREAM_RELEASE_MONTH)
    return asked_major == major and minor < asked_minor <= minor + years


def system_python(stack: str) -> str | None:
    """The series of the Python that a stack's own Ubuntu has, beside the one that the build installs, where known."""
    series: str | None = _data()["system_python"]["series"].get(stack)
    return series


def database_for_accounts_before() -> datetime.date:
    """Accounts created before this day get a database with the first deploy of a Django app."""
    return _date(_data()["database_for_accounts_before"]["value"])


def _date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
