"""The rules in force: one release of the classic Python buildpack, on one stack, on one date.

Three states, told apart by `Policy.pinned` and `Policy.data_may_be_stale`: a release that is named, or a day that the
data covers, is judged exactly; after the data's last day what is known of later releases is applied, and what may have
changed since is said, not judged.
"""

from __future__ import annotations

import datetime
import enum
import fnmatch
from functools import cached_property
from typing import NamedTuple

from pydeploy_lint.files.numbers import whole_number
from pydeploy_lint.heroku import pattern, platform
from pydeploy_lint.heroku.history import History
from pydeploy_lint.heroku.platform import Change, Event
from pydeploy_lint.heroku.rules import Rules
from pydeploy_lint.heroku.versions import series_key, series_of

__all__ = [
    "MANAGER_TITLES",
    "Change",
    "Documented",
    "Event",
    "Policy",
    "Removal",
    "Status",
    "series_key",
    "series_of",
]


class _Titles(dict[str, str]):
    """A package manager that came after this was written has its own name for a title."""

    def __missing__(self, manager: str) -> str:
        return manager


MANAGER_TITLES = _Titles(pip="pip", pipenv="Pipenv", poetry="Poetry", uv="uv")
"""The package managers by the buildpack's names for them, as they are written in a sentence."""


class Status(enum.Enum):
    """What Heroku says of a Python series, such as 3.13, or of a stack."""

    SUPPORTED = "supported"
    DEPRECATED = "deprecated"
    END_OF_LIFE = "end-of-life"
    UNKNOWN = "unknown"
    """Newer than any that the release knows, or misspelled."""


class Documented(NamedTuple):
    """What Heroku's documents say of a Python series; what the build says may differ."""

    status: Status
    stacks: tuple[str, ...] = ()
    """The stacks to which the status is limited; empty: all."""
    until: datetime.date | None = None
    """The last day on which the series is accepted, where the page names one."""
    source: str | None = None
    """The page; None where the build's own word stands for it."""


class Removal(NamedTuple):
    """When a deprecated series reaches its end, as the release says; None where it says nothing."""

    upstream_end: str | None
    """ISO date, or month where the day is not known."""
    removed: datetime.date | None
    """The day on which Heroku removes it."""


class Policy:
    """What Heroku does for one release, stack and date.

    Attributes:
        as_of: the date by which is judged.
        release: the buildpack release by which is judged, such as ``v351``; past the end of the data the newest one
            that is known in full, with what is known of later ones.
        release_date: the day it came out.
        stack: the stack, such as ``heroku-24``.
        data_until: the day of the newest release that the data knows in full.
        history: the releases in the data.
        rules: what the release does about the files of an app.
        pinned: whether the release was asked for by name, so that no newer one can apply.
    """

    def __init__(
        self,
        as_of: datetime.date,
        *,
        release: str | None = None,
        stack: str | None = None,
        history: History | None = None,
    ) -> None:
        """Find the rules in force.

        Args:
            as_of: the date by which to judge.
            release: judge by this release, whatever the date.
            stack: the app's stack; None: the one that a new app gets on the date.
            history: the releases to choose from; default: those shipped.

        Raises:
            UnknownRelease: the release is not in the data.
        """
        self.history = history or History.load()
        self.as_of = as_of
        self.pinned = release is not None
        self.release = release or self.history.release_on(as_of)
        known = self.release if self.pinned else self.history.newest_on(as_of)
        self._state = self.history.state(known)
        self.rules = Rules.of(self._state)
        date = self.history.date_of(self.release)
        assert date is not None
        self.release_date = date
        self.stack = stack or platform.default_stack(as_of)
        self.data_until = self.history.until

    def on(self, date: datetime.date) -> Policy:
        """The rules for the same app on another date."""
        release = self.release if self.pinned else None
        return Policy(date, release=release, stack=self.stack, history=self.history)

    def with_stack(self, stack: str) -> Policy:
        """The rules for the same app on another stack."""
        return Policy(self.as_of, release=self.release if self.pinned else None, stack=stack, history=self.history)

    def with_release(self, release: str | None) -> Policy:
        """The rules of one release for the same app on the same date; None: of the release in force.

        Raises:
            UnknownRelease: the release is not in the data.
        """
        return Policy(self.as_of, release=release, stack=self.stack, history=self.history)

    def knows_release(self, release: str) -> bool:
        """Whether a release is in the data, and was out by the date."""
        date = self.history.date_of(release)
        return date is not None and date <= self.as_of

    @property
    def newest_release(self) -> str:
        """The newest release that is known to exist on the date, however little is known of it."""
        return self.history.newest_on(self.as_of)

    @property
    def data_may_be_stale(self) -> bool:
        """Whether the rules in force may differ from those in the data, which ends before or knows them in part."""
        return self.history.is_partial(self.release) if self.pinned else self.as_of > self.data_until

    @property
    def age_days(self) -> int:
        """How many days the data is older than the date; 0 where it covers the date."""
        return max((self.as_of - self.data_until).days, 0)

    @property
    def facts_until(self) -> datetime.date:
        """The newest day up to the date from which a change of the buildpack is known, be it only partly."""
        return self.history.facts_until(self.as_of)

    def release_may_exist(self, release: str) -> bool:
        """Whether a release that is newer than any known one may have come out by the date."""
        ahead = whole_number(release[1:]) - whole_number(self.newest_release[1:])
        return self.as_of > self.data_until and 0 < ahead <= pattern.releases_since(self.facts_until, self.as_of)

    # --- Python series

    @property
    def default_series(self) -> str:
        """The series of an app that asks for none.

        Past the end of the data it is taken to have changed as every December, if the next series is known.
        """
        return self.default_candidates[0]

    @cached_property
    def default_candidates(self) -> tuple[str, ...]:
        """What the default series may be, the most likely first; one where the data covers the date."""
        known = str(self._state["default_python"])
        if not self.data_may_be_stale or self.pinned:
            return (known,)
        by_now, perhaps = (
            pattern.newest_default(self.as_of, age) for age in (pattern.DEFAULT_HAS_CHANGED, pattern.DEFAULT_MAY_CHANGE)
        )
        accepted = [series for series in self.latest_patches if series_key(known) < series_key(series)]
        due = [series for series in accepted if series_key(series) <= series_key(by_now)]
        others = [each for each in (known, by_now, perhaps) if series_key(each) >= series_key(known)]
        return tuple(dict.fromkeys([*due[-1:], *others]))

    @cached_property
    def latest_patches(self) -> dict[str, str]:
        """The newest patch of every series that the build accepts, oldest series first.

        A removal that was announced for a day after the end of the data is taken to have happened.
        """
        patches: dict[str, str] = self._state["latest_patch"]
        return {series: patches[series] for series in sorted(patches, key=series_key) if not self._removed(series)}

    def _removed(self, series: str) -> bool:
        removal = self.removal(series)
        if removal is None or removal.removed is None or self.pinned:
            return False
        return self.data_until < removal.removed <= self.as_of

    def status(self, series: str) -> Status:
        """What the build says of a series such as ``3.13``."""
        if series in self.latest_patches:
            return Status.DEPRECATED if series in self._state["deprecated"] else Status.SUPPORTED
        newest = list(self.latest_patches)[-1]
        return Status.UNKNOWN if series_key(series) > series_key(newest) else Status.END_OF_LIFE

    def documented(self, series: str) -> Documented:
        """What Heroku's documents say of a series on the date, whichever release is pinned.

        A page holds until a release after it changes what the build says of the series; then, and where there
        is no page, the build's own word stands for the documentation.
        """
        current = self if not self.pinned else Policy(self.as_of, stack=self.stack, history=self.history)
        status = current.status(series)
        page = platform.series_document(series, self.as_of)
        if page is None or status is not current.on(page.date).status(series):
            return Documented(status)
        return Documented(
            Status.DEPRECATED if page.deprecated else Status.SUPPORTED, page.stacks, page.until, page.source
        )

    def removal(self, series: str) -> Removal | None:
        """When a deprecated series ends, as the build's warning says; None for one that it does not warn about."""
        notice = self._state["deprecated"].get(series)
        if notice is None:
            return None
        removed = notice["removal"]
        return Removal(notice["eol"], datetime.date.fromisoformat(removed) if removed else None)

    def expected_removal(self, series: str) -> datetime.date | None:
        """When an accepted series will be gone by the platform's pattern, where nothing is announced; not a fact."""
        announced = self.removal(series)
        if self.pinned or (announced and announced.removed):
            return None
        expected = pattern.expected_removal(series)
        return expected if expected and expected > self.data_until else None

    def may_be_removed_by_now(self, series: str) -> bool:
        """Whether a series that the data knows as accepted should be gone by the platform's pattern."""
        expected = self.expected_removal(series)
        return series in self.latest_patches and expected is not None and expected <= self.as_of

    def newest_patch_known(self, series: str) -> str | None:
        """The newest patch that Heroku's storage is known to have on the date, whatever release is pinned.

        All releases of the buildpack download from the same storage.
        """
        patches: dict[str, str] = self.history.state(self.history.newest_on(self.as_of))["latest_patch"]
        known = [each for each in (self.latest_patches.get(series), patches.get(series)) if each]
        return max(known, key=series_key, default=None)

    def patch_is_new(self, version: str) -> bool:
        """Whether a patch, such as 3.14.9, is newer than any known one, and upstream may have released it since."""
        known = self.newest_patch_known(series_of(version))
        if known is None or self.as_of <= self.data_until:
            return False
        ahead = series_key(version)[2] - series_key(known)[2]
        return 0 < ahead <= pattern.patches_since(self.facts_until, self.as_of)

    def on_stack(self, series: str) -> bool:
        """Whether an accepted series can be installed on the stack."""
        return self.stack not in self._state["series_not_on_stack"].get(series, ())

    def may_be_supported_by_now(self, series: str) -> bool:
        """Whether a series that the release does not know may be supported by a release that the data does not know."""
        return (
            self.data_may_be_stale
            and not self.pinned
            and self.status(series) is Status.UNKNOWN
            and platform.upstream_may_have_released(series, self.as_of)
        )

    def upstream_end(self, series: str) -> str | None:
        """The day or month on which upstream stops maintaining a series; None where unknown."""
        known = platform.upstream().get(series)
        return known and known.end

    # --- Stacks and announcements

    @property
    def stacks(self) -> tuple[str, ...]:
        """The stacks on which the release builds, oldest first, without those that the platform blocks."""
        return tuple(stack for stack in self._state["stacks"] if not self._is_blocked(stack))

    @property
    def recommended_stack(self) -> str:
        """The stack to move to: that of new apps, as a newer one may not be open to all yet."""
        default = platform.default_stack(self.as_of)
        return default if default in self.stacks or not self.stacks else self.stacks[-1]

    @property
    def stack_may_be_supported_by_now(self) -> bool:
        """Whether the stack is unknown because it came after the end of the data."""
        return (
            self.data_may_be_stale
            and not self.pinned
            and self.stack_status is Status.UNKNOWN
            and pattern.stack_may_exist(self.stack, self.history.stacks[-1], self.as_of)
        )

    def _is_blocked(self, stack: str) -> bool:
        return any(
            event.change is Change.STACK_BUILDS_BLOCKED and event.date <= self.as_of
            for event in platform.stack_events(stack)
        )

    @property
    def stack_events(self) -> tuple[Event, ...]:
        """The announced steps towards the end of the stack, past and future, oldest first."""
        return platform.stack_events(self.stack)

    @property
    def stack_status(self) -> Status:
        """What becomes of a build on the stack: refused where it is at the end of its life, or unknown."""
        passed = {event.change for event in self.stack_events if event.date <= self.as_of}
        if Change.STACK_BUILDS_BLOCKED in passed:
            return Status.END_OF_LIFE
        if self.stack in self.stacks:
            return Status.DEPRECATED if passed else Status.SUPPORTED
        ended = any(fnmatch.fnmatchcase(self.stack, pattern) for pattern in self._state["stacks_end_of_life"])
        return Status.END_OF_LIFE if ended else Status.UNKNOWN

    @property
    def brown_out(self) -> Event | None:
        """The brown-out in force on the date: the first build in each period fails."""
        brown_outs = [event for event in self.stack_events if event.change is Change.STACK_BROWN_OUT]
        begun = [event for event in brown_outs if event.date <= self.as_of]
        return begun[-1] if begun and self.stack_status is not Status.END_OF_LIFE else None

    def announced(self) -> tuple[Event, ...]:
        """What is announced for after the date, for the stack and for the accepted series, oldest first."""
        removals = {series: self.removal(series) for series in self.latest_patches}
        series_events = [
            Event(removal.removed, Change.SERIES_REMOVED, series, f"heroku-buildpack-python {self.release}")
            for series, removal in removals.items()
            if removal and removal.removed and not self.pinned
        ]
        coming = [event for event in (*series_events, *self.stack_events) if event.date > self.as_of]
        return tuple(sorted(coming, key=lambda event: event.date))

    def expected(self) -> tuple[Event, ...]:
        """What is not announced, and follows from what the platform does every year, oldest first."""
        removals = {series: self.expected_removal(series) for series in self.latest_patches}
        coming = [
            Event(date, Change.SERIES_REMOVED, series, "the pattern of earlier removals", expected=True)
            for series, date in removals.items()
            if date and date > self.as_of
        ]
        block = pattern.expected_block(self.stack)
        if block and block > self.as_of:
            source = "the announced end of life of the stack, the day before"
            coming.append(Event(block, Change.STACK_BUILDS_BLOCKED, self.stack, source, expected=True))
        return tuple(sorted(coming, key=lambda event: event.date))

    @property
    def database_for_accounts_before(self) -> datetime.date:
        """Accounts created before this day get a database with the first deploy of a Django app."""
        return platform.database_for_accounts_before()
