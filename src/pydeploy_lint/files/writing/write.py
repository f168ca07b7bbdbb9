"""Writes files so that nobody ever finds half of one, and so that two that write at once lose nothing.

A new content is first a draft, whole and on the disk, in a directory of our own beside what it is for. Then it takes
the place of the file, which is a single step for the file system: whoever looks finds the old content or the new one.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import pathlib
import re
import shutil
import signal
import stat
import tempfile
from typing import TYPE_CHECKING, BinaryIO, cast

from pydeploy_lint.files.writing.lock import locked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

PREFIX = ".pydeploy-lint-"
"""What the name of a directory of drafts begins with."""
DRAFT = re.compile(r"[0-9]{1,9}")
"""The name of a draft; under another, an old content is kept that could not be put back."""
SIGNALS = frozenset(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""With which users and systems end a process."""


def reason_of(error: OSError) -> str:
    """What went wrong, without a name of the file."""
    return error.strerror or str(error)


@contextlib.contextmanager
def reserved(directory: str) -> Iterator[None]:
    """Have a directory to ourselves, to read what is there and write it again; what a killed process left is removed.

    Raises:
        OSError: the directory cannot be opened, or another process has it for too long.
    """
    with locked(directory) as is_ours:
        # Without a lock, another process may be at work on these.
        for entry in list(os.scandir(directory)) if is_ours else ():
            if entry.name.startswith(PREFIX) and entry.is_dir(follow_symlinks=False):
                _remove(pathlib.Path(entry.path))
        yield


def _remove(place: pathlib.Path) -> None:
    """Remove a directory of drafts, but for what is no draft."""
    with contextlib.suppress(OSError):
        for path in list(place.iterdir()):
            if DRAFT.fullmatch(path.name):
                path.unlink(missing_ok=True)
        place.rmdir()


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back the signals that end a process until all is done, or undone; see `check_interrupted`.

    Windows has only that of the keyboard, and cannot hold it back: it is a KeyboardInterrupt at any step.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # One that is ignored would be kept waiting all the same, and taken for one that counts.
    counting = {each for each in SIGNALS if signal.getsignal(each) is not signal.SIG_IGN}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, counting)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def check_interrupted() -> None:
    """Stop if a signal is held back, which then does its work as soon as what was done is undone.

    Raises:
        KeyboardInterrupt: there is one.
    """
    if hasattr(signal, "sigpending") and SIGNALS & signal.sigpending():
        raise KeyboardInterrupt


class Drafts:
    """New and old contents of files in a directory, or below, in a directory of their own that goes in the end."""

    def __init__(self, directory: str) -> None:
        """Make nothing yet; no directory is needed where nothing is written."""
        self._directory = directory
        self._place: pathlib.Path | None = None
        self._count = 0

    def __enter__(self) -> Drafts:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._place:
            _remove(self._place)

    def write(self, data: bytes | BinaryIO, like: pathlib.Path | None = None) -> pathlib.Path:
        """Write a draft, all the way to the disk.

        Args:
            data: the content, or a file that has it from where it stands.
            like: a file whose owner and permissions it gets.

        Raises:
            OSError: it cannot be written.
        """
        if self._place is None:
            self._place = pathlib.Path(tempfile.mkdtemp(prefix=PREFIX, dir=self._directory))
        path = self._place / str(self._count)
        self._count += 1
        with path.open("xb") as file:
            shutil.copyfileobj(io.BytesIO(data) if isinstance(data, bytes) else data, file)
            file.flush()
            os.fsync(file.fileno())
        if like:
            _make_like(path, like)
        return path

    def keep(self, draft: pathlib.Path) -> pathlib.Path:
        """Keep what would be lost otherwise, under a name by which nothing is ever removed; returns where it is."""
        kept = draft.with_name(f"{draft.name}.kept")
        with contextlib.suppress(OSError):
            return draft.replace(kept)
        return draft


def _make_like(path: pathlib.Path, other: pathlib.Path) -> None:
    """Give a file the owner, the group, where that is allowed, and the permissions of another.

    Raises:
        OSError: the owner cannot be kept.
    """
    made, wanted = path.stat(), other.stat()
    if (made.st_uid, made.st_gid) != (wanted.st_uid, wanted.st_gid):
        try:
            shutil.chown(path, wanted.st_uid, wanted.st_gid)
        except PermissionError as error:
            if made.st_uid != wanted.st_uid:
                raise PermissionError(errno.EPERM, "it is another user's, who could not keep it") from error
    path.chmod(stat.S_IMODE(wanted.st_mode))


def check_writable(target: pathlib.Path) -> None:
    """Look whether a file may be written to: a write-protected one could be replaced, too, and must not be.

    Raises:
        OSError: it may not.
    """
    with target.open("r+b"):
        pass


def check_links(path: str, repositories: Iterable[str]) -> None:
    """Look whether a path leads through a symbolic link that a repository holds, and so wherever its authors want.

    Args:
        path: from the working directory.
        repositories: directories; a link elsewhere is the user's.

    Raises:
        OSError: it does.
    """
    roots = [os.path.realpath(each) for each in repositories]
    parts = (pathlib.Path.cwd() / path).parts
    place = pathlib.Path(parts[0])
    for part in parts[1:]:
        link = place / part
        if part != os.pardir and link.is_symlink() and any(place.is_relative_to(root) for root in roots):
            raise OSError(errno.ELOOP, f"{link.name} is a symbolic link of the repository, and is not followed")
        place = pathlib.Path(os.path.realpath(link))


class PendingFile:
    """A file that is written piece by piece, and replaces another one, or appears, when it is complete.

    Until then the pieces are in a file without a name, of which nothing is left however the process ends. A link is
    followed. What is no regular file, such as a terminal, cannot be replaced, and is written to.
    """

    def __init__(self, path: str, repositories: Iterable[str] = ()) -> None:
        """Begin to write.

        Args:
            path: from the working directory.
            repositories: directories whose links are not followed.

        Raises:
            OSError: the file, or one beside it, cannot be written.
        """
        check_links(path, repositories)
        self._target = pathlib.Path(os.path.realpath(path))
        self._is_replaced = os.path.isfile(path) or not os.path.exists(path)
        if not self._is_replaced:
            self._file: BinaryIO = pathlib.Path(path).open("wb")  # noqa: SIM115 - until all is written
            return
        if self._target.exists():
            check_writable(self._target)
        file = tempfile.TemporaryFile(dir=self._target.parent)  # noqa: SIM115 - until all is written
        self._file = cast("BinaryIO", file)

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
            if self._is_replaced:
                self._file.seek(0)
                with reserved(str(self._target.parent)):
                    replace_file(str(self._target), self._file)
        finally:
            self.discard()

    def discard(self) -> None:
        """Leave everything as it was."""
        with contextlib.suppress(OSError):  # What is still buffered may not fit on the disk either.
            self._file.close()


def replace_file(path: str, data: bytes | BinaryIO) -> None:
    """Replace or create a regular file in a directory that is reserved.

    Args:
        path: of the file.
        data: the new content, or a file that has it from where it stands.

    Raises:
        OSError: it cannot be written; it is as it was.
    """
    target = pathlib.Path(os.path.realpath(path))
    with uninterrupted(), Drafts(str(target.parent)) as drafts:
        exists = target.exists()
        if exists:
            check_writable(target)
        draft = drafts.write(data, target if exists else None)
        check_interrupted()
        draft.replace(target)
