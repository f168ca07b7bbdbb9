"""What goes to standard output and error: documents whole, complaints with their prefix, never a traceback."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

from pydeploy_lint.report.common.neutral import visible

if TYPE_CHECKING:
    from collections.abc import Iterable


def configure(
    stream: TextIO, *, encoding: str | None = None, newline: str | None = None, errors: str = "backslashreplace"
) -> None:
    """Let a stream write what its encoding lacks, as escapes by default, rather than fail."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding=encoding, newline=newline, errors=errors)


def write(text: str) -> None:
    """Write to standard output at once; whoever reads it may have gone."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads the output has seen enough; the verdict stands. The interpreter flushes once more at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def inform(messages: Iterable[str]) -> None:
    """Write what was done to standard error, a line each."""
    for message in messages:
        print(f"pydeploy-lint: {visible(message)}", file=sys.stderr)


def complain(messages: Iterable[str]) -> None:
    """Write errors to standard error, a line each."""
    for message in messages:
        print(f"pydeploy-lint: error: {visible(message)}", file=sys.stderr)
