"""Lets one pydeploy-lint at a time write in a directory. A lock ends with the process that has it, however it ends."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 30.0
"""Seconds to wait for another process."""
PAUSE = 0.05


@contextlib.contextmanager
def locked(directory: str) -> Iterator[bool]:
    """Have a directory to ourselves, among all that ask for it here; yields whether its file system has locks.

    Raises:
        OSError: the directory cannot be opened, or another process has it for too long.
    """
    descriptor = _open(directory)
    try:
        yield _acquire(descriptor)
    finally:
        os.close(descriptor)


def _acquire(descriptor: int) -> bool:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            _try(descriptor)
        except (BlockingIOError, PermissionError):
            if time.monotonic() >= end:
                raise OSError(errno.EBUSY, "another pydeploy-lint is writing there") from None
            time.sleep(PAUSE)
        except OSError:
            return False
        else:
            return True


if sys.platform == "win32":
    import hashlib
    import msvcrt
    import tempfile

    def _open(directory: str) -> int:
        """A file that stands for the directory, which itself cannot be opened."""
        os.stat(directory)
        name = hashlib.sha256(os.path.normcase(os.path.realpath(directory)).encode()).hexdigest()[:16]
        return os.open(os.path.join(tempfile.gettempdir(), f"pydeploy-lint-{name}.lock"), os.O_RDWR | os.O_CREAT)

    def _try(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _open(directory: str) -> int:
        return os.open(directory, os.O_RDONLY | os.O_DIRECTORY)

    def _try(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
