"""The releases of the classic Python buildpack: a first state, and what each release changed.

``data/releases.json`` is written by ``tools/update_platform.py`` from a checkout of the buildpack's repository. Its
``partial`` releases are kept by hand: they are newer than the checkout, and public pages tell only that they exist, or
some of what they changed.
"""

from __future__ import annotations

import copy
import datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pydeploy_lint.files.data import aging_data

if TYPE_CHECKING:
    from collections.abc import Iterator


class UnknownRelease(ValueError):
    """There is no such release of the buildpack in the data."""


class PartialRelease(NamedTuple):
    """A release of which only the existence, or only some changes, are known."""

    name: str
    date: datetime.date
    """The day it came out, or the first day on which it is known to exist."""
    exact: bool
    """Whether it came out on that very day."""
    source: str
    changes: dict[str, Any]
    """What it is known to have set, by path; it may have changed more."""


class History:
    """Every known release of the buildpack, as a state that changes with each event.

    The releases that are known in full come first, without a gap; those that are partly known follow.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self._base = data["base"]
        self._events: list[dict[str, Any]] = data["events"]
        known = {event["release"] for event in self._events}
        self._partial = [event for event in data.get("partial", ()) if event["release"] not in known]
        self._states: dict[str, dict[str, Any]] = {}

    @staticmethod
    def load() -> History:
        """The releases that the data in use knows; they are read once."""
        return _of_copy(aging_data.current())

    @cached_property
    def releases(self) -> list[tuple[str, datetime.date]]:
        """Name and date of every release that is known in full, oldest first."""
        every = [self._base, *self._events]
        return [(event["release"], _date(event)) for event in every]

    @cached_property
    def partial(self) -> list[PartialRelease]:
        """The releases after those, as far as they are known, oldest first."""
        return [
            PartialRelease(
                event["release"],
                datetime.date.fromisoformat(event.get("date") or event["by"]),
                "date" in event,
                event["source"],
                event.get("set", {}),
            )
            for event in self._partial
        ]

    @property
    def until(self) -> datetime.date:
        """The day of the newest release that is known in full."""
        return max(date for _, date in self.releases)

    def knows(self, release: str) -> bool:
        """Whether a release is known to exist."""
        return self.date_of(release) is not None

    def is_partial(self, release: str) -> bool:
        """Whether a release, or one before it, may have changed more than is known."""
        return any(release == each.name for each in self.partial)

    def date_of(self, release: str) -> datetime.date | None:
        """The day of a release, or the first day on which it is known to exist; None for an unknown one."""
        dates = {**dict(self.releases), **{each.name: each.date for each in self.partial}}
        return dates.get(release)

    def newest_on(self, date: datetime.date) -> str:
        """The newest release that is known to exist on a date, however little is known of it."""
        partial = [each.name for each in self.partial if each.date <= date]
        return partial[-1] if partial else self.release_on(date)

    def facts_until(self, date: datetime.date) -> datetime.date:
        """The newest day up to a date from which a change of the buildpack is known, be it only partly."""
        told = [each.date for each in self.partial if each.changes and each.date <= date]
        return max([*told, min(date, self.until)])

    @property
    def stacks(self) -> list[str]:
        """Every stack on which any release builds, oldest first."""
        every = [self._base["state"]["stacks"], *(event.get("set", {}).get("stacks", ()) for event in self._events)]
        return list(dict.fromkeys(stack for stacks in every for stack in stacks))

    def first_with_stack(self, stack: str) -> str | None:
        """The oldest release that builds on a stack; None where none does."""
        return next((event["release"] for event, changes in self._changes if stack in changes.get("stacks", ())), None)

    def first_with_series(self, series: str) -> str | None:
        """The oldest release that accepts a Python series; None where none does."""
        if series in self._base["state"]["latest_patch"]:
            return str(self._base["release"])
        return next((event["release"] for event, changes in self._changes if f"latest_patch/{series}" in changes), None)

    def first_set(self, path: str) -> datetime.date | None:
        """When a release first set a part of the state, such as ``deprecated/3.9``; None where none did."""
        return next((_date(event) for event in self._events if path in event.get("set", ())), None)

    def last_deleted(self, path: str) -> datetime.date | None:
        """When a release last deleted a part of the state; None where none did."""
        return next((_date(event) for event in reversed(self._events) if path in event.get("del", ())), None)

    @property
    def _changes(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Every release with what it sets, the first one with its whole state."""
        yield self._base, self._base["state"]
        for event in (*self._events, *self._partial):
            yield event, event.get("set", {})

    def release_on(self, date: datetime.date) -> str:
        """The release in force on a date: the newest one up to then that is known in full, or the oldest known one."""
        current: str = self._base["release"]
        for event in self._events:
            if event["date"] > date.isoformat():
                break
            current = event["release"]
        return current

    def state(self, release: str) -> dict[str, Any]:
        """The state of a release, which nobody may change; for a partly known one what is known of it.

        Raises:
            UnknownRelease: it is not in the data.
        """
        if release not in self._states:
            self._states[release] = self._made_state(release)
        return self._states[release]

    def _made_state(self, release: str) -> dict[str, Any]:
        state: dict[str, Any] = copy.deepcopy(self._base["state"])
        if release == self._base["release"]:
            return state
        for event in (*self._events, *self._partial):
            for path in event.get("del", ()):
                parent, key = _locate(state, path)
                del parent[key]
            for path, value in event.get("set", {}).items():
                parent, key = _locate(state, path)
                parent[key] = copy.deepcopy(value)
            if event["release"] == release:
                return state
        first, last = self.releases[0][0], [*(name for name, _ in self.releases), *(x.name for x in self.partial)][-1]
        raise UnknownRelease(f"unknown buildpack release {release!r}: known are {first} to {last}")


@cache
def _of_copy(_copy: aging_data.Copy) -> History:
    return History(aging_data.load("releases.json"))


def _date(event: dict[str, Any]) -> datetime.date:
    return datetime.date.fromisoformat(event["date"])


def _locate(state: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    *parents, key = path.split("/")
    for parent in parents:
        state = state[parent]
    return state, key
