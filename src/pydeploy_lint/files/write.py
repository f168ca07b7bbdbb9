"""Writes files so that nobody ever finds half of one."""

from __future__ import annotations

import contextlib
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


class PendingFile:
    """A file that is written piece by piece, and replaces another one, or appears, when it is complete.

    A link is followed. What is no regular file, such as a terminal, cannot be replaced, and is written to.
    """

    def __init__(self, path: str) -> None:
        """Begin to write.

        Raises:
            OSError: the file, or one beside it, cannot be written.
        """
        self._target = pathlib.Path(os.path.realpath(path))
        self._temporary: pathlib.Path | None = None
        exists = self._target.exists()
        if exists and not self._target.is_file():
            self._file = self._target.open("wb")
            return
        if exists:
            check_writable(self._target)
        self._temporary = self._target.with_name(f"{self._target.name}.{os.getpid()}.tmp")
        self._file = self._temporary.open("xb")
        if exists:
            shutil.copymode(self._target, self._temporary)

    def write(self, data: bytes) -> None:
        """Write the next piece.

        Raises:
            OSError: it cannot be written, as the disk is full.
        """
        self._file.write(data)

    def commit(self) -> None:
        """Let the file appear; on an error there is no trace of it.

        Raises:
            OSError: it cannot be written.
        """
        try:
            self._file.flush()
            if self._temporary:
                os.fsync(self._file.fileno())
            self._file.close()
            if self._temporary:
                self._temporary.replace(self._target)
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Leave everything as it was."""
        with contextlib.suppress(OSError):  # What is still buffered may not fit on the disk either.
            self._file.close()
        if self._temporary:
            self._temporary.unlink(missing_ok=True)


def write_whole(path: str, data: bytes) -> None:
    """Replace a file by a new one with other content, or create it; it stays as it was if anything fails.

    Raises:
        OSError: it cannot be written.
    """
    file = PendingFile(path)
    try:
        file.write(data)
    except BaseException:
        file.discard()
        raise
    file.commit()
