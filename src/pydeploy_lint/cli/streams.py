"""What goes to standard output and error: documents whole, complaints with their prefix, never a traceback."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import sys
from typing import TYPE_CHECKING, TextIO

from pydeploy_lint.files.credentials import masked
from pydeploy_lint.report.common.neutral import inert, visible

if TYPE_CHECKING:
    from collections.abc import Iterable


class OutputError(Exception):
    """Standard output cannot be written to; says why."""


def open_closed() -> None:
    """Let a standard stream that the caller closed take whatever is written to it, to no effect."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until the process ends
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until the process ends


def configure(
    stream: TextIO, *, encoding: str | None = None, newline: str | None = None, errors: str = "backslashreplace"
) -> None:
    """Let a stream write what its encoding lacks, as escapes by default, rather than fail."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding=encoding, newline=newline, errors=errors)


def write(text: str) -> None:
    """Write to standard output at once; whoever reads it may have gone.

    Raises:
        OutputError: it cannot be written to, because the disk is full for example.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # The interpreter flushes once more at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise OutputError(f"standard output cannot be written to: {error.strerror}") from error
        # Whoever reads the output has seen enough; the verdict stands.


def is_log(stream: TextIO) -> bool:
    """Whether what is written there is seen as it is: on a terminal, or, but for a file, in the log of a CI job."""
    if stream.isatty():
        return True
    try:
        is_file = stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except OSError:  # It is not one of the system's.
        is_file = False
    return bool(os.environ.get("CI")) and not is_file


def inform(messages: Iterable[str]) -> None:
    """Write what was done to standard error, a line each."""
    tell(f"pydeploy-lint: {message}" for message in messages)


def tell(lines: Iterable[str]) -> None:
    """Write lines to standard error in which nothing is obeyed and what may be a credential is masked."""
    _print(inert(visible(masked(line))) for line in lines)


def complain(messages: Iterable[str]) -> None:
    """Write errors to standard error, a line each, of which GitHub Actions makes annotations."""
    if os.environ.get("GITHUB_ACTIONS") == "true":
        from pydeploy_lint.report.github import error

        _print(map(error, map(masked, messages)))
    else:
        inform(f"error: {message}" for message in messages)


def _print(lines: Iterable[str]) -> None:
    # Where even standard error cannot be written to, the exit status is all there is.
    with contextlib.suppress(OSError):
        for line in lines:
            print(line, file=sys.stderr, flush=True)
