"""Keeps what plug-ins do to themselves: what they raise, what they print, what they change about the process."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

OUTPUT, ERRORS = 1, 2
"""The descriptors of standard output and standard error."""


class UserStop(KeyboardInterrupt):
    """The user wants an end of it."""


@contextlib.contextmanager
def own_interrupt() -> Iterator[None]:
    """Tell the user's wish to stop from a KeyboardInterrupt of a plug-in, where Python's handler is in place."""
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise UserStop


def ends_the_run(error: BaseException) -> bool:
    """Whether an exception that comes out of a plug-in is not its own: the user stopped the program."""
    return isinstance(error, UserStop) or (
        isinstance(error, KeyboardInterrupt) and signal.getsignal(signal.SIGINT) not in (_stop, signal.SIG_IGN)
    )


def told(error: BaseException) -> str:
    """What an exception says, also one that cannot say it."""
    try:
        return f"{type(error).__name__}: {error}"
    except BaseException:  # noqa: BLE001 - the text of a plug-in's exception is its code, too
        return type(error).__name__


@contextlib.contextmanager
def kept_apart() -> Iterator[None]:
    """Run a plug-in: what it prints goes to standard error, and the streams and the directory are then as before."""
    output, errors = sys.stdout, sys.stderr
    copies = [(number, copy) for number in (OUTPUT, ERRORS) if (copy := _duplicate(number)) is not None]
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            stack.callback(os.chdir, os.getcwd())
        with contextlib.suppress(OSError):
            os.dup2(ERRORS, OUTPUT)
        sys.stdout = sys.stderr
        try:
            yield
        finally:
            # What was written to a stream that the plug-in got hold of must not come later, where ours belongs.
            for stream in (output, sys.stdout):
                with contextlib.suppress(AttributeError, OSError, ValueError):
                    stream.flush()
            for number, copy in copies:
                os.dup2(copy, number)
                os.close(copy)
            sys.stdout, sys.stderr = _alive(output, OUTPUT), _alive(errors, ERRORS)


def _duplicate(number: int) -> int | None:
    try:
        return os.dup(number)
    except OSError:
        return None


def _alive(stream: TextIO, number: int) -> TextIO:
    """The stream, or, if it was closed, another one for the same descriptor."""
    if stream is not None and stream.closed:
        return open(number, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    return stream
