"""Which exit status the outcomes of all apps make."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from pydeploy_lint.fleet.outcome import failures_of
from pydeploy_lint.heroku.steps import NO_APP

if TYPE_CHECKING:
    from pydeploy_lint.fleet.outcome import Outcome


class Status(IntEnum):
    """The exit status; other programs rely on the numbers."""

    CLEAN = 0
    FOUND = 1
    USAGE = 2
    NO_APP = 3
    FAILED = 4
    INTERRUPTED = 130
    """What a shell makes of a program that the user stopped."""


class Tally:
    """The exit status, as far as the apps up to now decide it."""

    def __init__(self, *, failed: bool) -> None:
        """Begin before the first app.

        Args:
            failed: whether a plug-in failed already.
        """
        self._failed = failed
        self._wrong_usage = False
        self._is_app = False
        self._found = False

    def add(self, outcome: Outcome) -> None:
        """Count the next app."""
        self._wrong_usage |= any(each.is_usage for each in outcome.unjudged)
        self._failed |= any(not each.is_usage for each in outcome.unjudged) or bool(failures_of(outcome.report))
        self._found |= outcome.found
        self._is_app |= outcome.report is not None and outcome.report.build.failure_reason != NO_APP

    @property
    def of_judged(self) -> Status:
        """The status without regard to apps that are asked for wrongly."""
        if self._failed:
            return Status.FAILED
        if not self._is_app:
            return Status.NO_APP
        return Status.FOUND if self._found else Status.CLEAN

    @property
    def status(self) -> Status:
        """The status; what was found comes after what kept apps from being judged."""
        return Status.USAGE if self._wrong_usage and not self._failed else self.of_judged
