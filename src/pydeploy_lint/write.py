"""Writes files so that nobody ever finds half of one."""

from __future__ import annotations

import os
import pathlib
import shutil


def write_whole(path: str, data: bytes) -> None:
    """Replace a file by a new one with other content, or create it; it stays as it was if anything fails.

    A link is followed. What is no regular file, such as a terminal, cannot be replaced, and is written to.

    Raises:
        OSError: it cannot be written.
    """
    target = pathlib.Path(os.path.realpath(path))
    exists = target.exists()
    if exists and not target.is_file():
        target.write_bytes(data)
        return
    if exists:
        with target.open("r+b"):
            pass  # a write-protected file could be replaced, too, and must not be
    temporary = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if exists:
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
