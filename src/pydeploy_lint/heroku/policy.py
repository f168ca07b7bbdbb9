"""The rules in force: one release of the classic Python buildpack, on one stack, on one date.

The data is in ``data/``: ``releases.json`` is written by ``tools/update_releases.py`` from a checkout of the buildpack;
``platform.json`` holds what no repository says (announcements, documented statuses), each with its source.
"""

from __future__ import annotations

import datetime
import enum
import json
import pathlib
from functools import cached_property
from typing import Any, NamedTuple

DATA = pathlib.Path(__file__).parent / "data"


class UnknownRelease(ValueError):
    """There is no such release of the buildpack in the data."""


class Mode(enum.Enum):
    """What a release does about a condition."""

    SILENT = "silent"
    WARNING = "warning"
    ERROR = "error"


class Status(enum.Enum):
    """What Heroku says of a Python series, such as 3.13."""

    SUPPORTED = "supported"
    DEPRECATED = "deprecated"
    END_OF_LIFE = "end-of-life"
    UNKNOWN = "unknown"
    """Newer than any that the release knows."""


class Removal(NamedTuple):
    """When a deprecated series reaches its end; None where nothing was announced."""

    upstream_end: str | None
    """ISO date or month."""
    removed: datetime.date | None
    """The day on which Heroku removes it."""


def series_key(series: str) -> tuple[int, ...]:
    """The numbers of ``3.13`` or ``3.13.2``, for comparing."""
    return tuple(int(part) for part in series.split("."))


class History:
    """Every known release of the buildpack, as a state that changes with each event."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._base = data["base"]
        self._events: list[dict[str, Any]] = data["events"]

    @classmethod
    def load(cls) -> History:
        """The releases that this version of pydeploy-lint ships."""
        return cls(json.loads((DATA / "releases.json").read_bytes()))

    @property
    def releases(self) -> list[tuple[str, datetime.date]]:
        """Name and date of every release, oldest first."""
        every = [self._base, *self._events]
        return [(event["release"], datetime.date.fromisoformat(event["date"])) for event in every]

    def release_on(self, date: datetime.date) -> str:
        """The release in force on a date: the newest one up to then, or the oldest known one."""
        current: str = self._base["release"]
        for event in self._events:
            if event["date"] > date.isoformat():
                break
            current = event["release"]
        return current

    def state(self, release: str) -> dict[str, Any]:
        """The state of a release, as a fresh dictionary.

        Raises:
            UnknownRelease: it is not in the data.
        """
        state: dict[str, Any] = json.loads(json.dumps(self._base["state"]))
        if release == self._base["release"]:
            return state
        for event in self._events:
            for path in event.get("del", ()):
                parent, key = _locate(state, path)
                parent.pop(key, None)
            for path, value in event.get("set", {}).items():
                parent, key = _locate(state, path)
                parent[key] = value
            if event["release"] == release:
                return state
        known = self.releases
        raise UnknownRelease(f"unknown buildpack release {release!r}: known are {known[0][0]} to {known[-1][0]}")


def _locate(state: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    *parents, key = path.split("/")
    for parent in parents:
        state = state.setdefault(parent, {})
    return state, key


class Policy:
    """What Heroku does for one release, stack and date.

    Attributes:
        as_of: the date by which is judged.
        release: the buildpack release, such as ``v351``.
        release_date: the day it came out.
        stack: the stack, such as ``heroku-24``.
        data_until: the day of the newest release in the data.
        pinned: whether the release was asked for by name, so that no newer one can apply.
    """

    def __init__(
        self, as_of: datetime.date, *, release: str | None = None, stack: str = "heroku-24", history: History | None = None
    ) -> None:
        """Find the rules in force.

        Args:
            as_of: the date by which to judge.
            release: judge by this release, whatever the date.
            stack: the app's stack.
            history: the releases to choose from; default: those shipped.

        Raises:
            UnknownRelease: the release is not in the data.
        """
        self._history = history or History.load()
        dates = dict(self._history.releases)
        self.as_of = as_of
        self.pinned = release is not None
        self.release = release or self._history.release_on(as_of)
        self._state = self._history.state(self.release)
        self.release_date = dates[self.release]
        self.stack = stack
        self.data_until = max(dates.values())

    @property
    def data_may_be_stale(self) -> bool:
        """Whether a release that the data does not know may be the one in force."""
        return not self.pinned and self.as_of > self.data_until

    # --- Python series

    @property
    def default_series(self) -> str:
        """The series of an app that asks for none."""
        return str(self._state["default_python"])

    @cached_property
    def latest_patches(self) -> dict[str, str]:
        """The newest patch of every series that the release accepts, oldest series first."""
        return dict(sorted(self._state["latest_patch"].items(), key=lambda item: series_key(item[0])))

    def status(self, series: str) -> Status:
        """What the build says of a series such as ``3.13``."""
        accepted = list(self.latest_patches)
        if series_key(series) < series_key(accepted[0]):
            return Status.END_OF_LIFE
        if series_key(series) > series_key(accepted[-1]):
            return Status.UNKNOWN
        return Status.DEPRECATED if series in self._state["deprecated"] else Status.SUPPORTED
