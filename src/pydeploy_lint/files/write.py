"""Writes files so that nobody ever finds half of one."""

from __future__ import annotations

import os
import pathlib
import shutil


def write_beside(
    target: pathlib.Path, suffix: str, data: bytes, *, mode_of: pathlib.Path | None = None
) -> pathlib.Path:
    """Write a new file in the directory of another, all the way to the disk.

    Args:
        target: the other file.
        suffix: what the new file's name ends with.
        data: the content.
        mode_of: a file whose permissions the new one gets.

    Raises:
        OSError: it cannot be written; nothing is left of it.
    """
    path = target.with_name(f"{target.name}.{os.getpid()}.{suffix}")
    try:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode_of:
            shutil.copymode(mode_of, path)
    except FileExistsError:
        raise
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def check_writable(target: pathlib.Path) -> None:
    """Look whether a file may be written to: a write-protected one could be replaced, too, and must not be.

    Raises:
        OSError: it may not.
    """
    with target.open("r+b"):
        pass


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
        check_writable(target)
    temporary = write_beside(target, "tmp", data, mode_of=target if exists else None)
    try:
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
