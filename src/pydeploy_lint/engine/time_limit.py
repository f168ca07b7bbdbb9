"""Bounds the time that an app may take, whatever its files are made of."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

GRACE = 5.0
"""Seconds for what follows the checks, after the time was up."""

_end: ContextVar[float | None] = ContextVar("_end", default=None)


class OutOfTime(BaseException):
    """The time is up. It is no `Exception`, so that no reader takes it for something wrong with its file."""


@contextlib.contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Let what is done here take some time and no more.

    In the main thread, and where the system has timers, it is interrupted wherever it is; elsewhere `is_time_up` is
    all there is.

    Args:
        seconds: as a clock on the wall counts them; None or 0: no limit.

    Raises:
        OutOfTime: the time was up, and again some seconds later.
    """
    if not seconds:
        yield
        return
    token = _end.set(time.monotonic() + seconds)
    interrupts = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    try:
        if interrupts:
            before = signal.signal(signal.SIGALRM, _ring)
            signal.setitimer(signal.ITIMER_REAL, seconds, GRACE)
        yield
    finally:
        if interrupts:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        _end.reset(token)


def is_time_up() -> bool:
    """Whether nothing new is to be begun."""
    end = _end.get()
    return end is not None and time.monotonic() >= end


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise OutOfTime
