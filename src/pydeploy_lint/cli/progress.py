"""How far a run over many apps is: a line that changes on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pydeploy_lint.fleet.outcome import Outcome

EACH, EACH_IN_LOG = 0.2, 30.0
"""Seconds from one line to the next, on a terminal and elsewhere."""
SEVERAL = 2
BAR = 20
"""Characters."""
FEW = 10
"""Apps a second; of fewer, the rate has a decimal."""
CLEAR = "\r\x1b[K"


class Progress:
    """Tells on standard error how far a run is; says nothing of a short one."""

    def __init__(self, total: int, *, quiet: bool, stream: TextIO | None = None, now: float | None = None) -> None:
        """Begin.

        Args:
            total: the number of apps.
            quiet: say nothing at all.
            stream: where to write; default: standard error.
            now: seconds of a clock; default: the real one.
        """
        self._total = total
        self._stream = stream or sys.stderr
        self._silent = quiet or total < SEVERAL
        self._is_terminal = self._stream.isatty()
        self._every = EACH if self._is_terminal else EACH_IN_LOG
        self._begin = self._last = time.monotonic() if now is None else now
        self._done = self._found = self._unjudged = 0
        self._shown = False

    def add(self, outcome: Outcome, now: float | None = None) -> None:
        """Count the next app, and tell if it is time to."""
        self._done += 1
        self._found += outcome.found
        self._unjudged += outcome.report is None
        if self._silent:
            return
        now = time.monotonic() if now is None else now
        if now - self._last >= self._every:
            self._last = now
            text = self._text(now - self._begin)
            self._stream.write(f"{CLEAR}{text}" if self._is_terminal else f"{text}\n")
            self._stream.flush()
            self._shown = self._is_terminal

    def clear(self) -> None:
        """Make room for something else on a terminal."""
        if self._shown:
            self._stream.write(CLEAR)
            self._stream.flush()
            self._shown = False

    def _text(self, seconds: float) -> str:
        rate = self._done / seconds
        pace = f"{rate:,.0f}" if rate >= FEW else f"{rate:.2g}"
        left = (self._total - self._done) / rate
        filled = BAR * self._done // self._total
        bar = f"[{'#' * filled}{'.' * (BAR - filled)}] " if self._is_terminal else "pydeploy-lint: "
        unjudged = f", {self._unjudged:,} not judged" if self._unjudged else ""
        return (
            f"{bar}{self._done:,} of {self._total:,} apps, {pace} a second, {_duration(left)} left,"
            f" {self._found:,} with problems{unjudged}"
        )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
