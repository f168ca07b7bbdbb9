"""A read-only view of an app's files: what is at a path, and its bytes. Looks up the paths it is asked for; never walks."""

from __future__ import annotations

import abc
import enum
import errno
import os
import stat

from pydeploy_lint.finding import Span
from pydeploy_lint.text import FileProblem, Source

MAX_FILE_SIZE = 64 * 1024 * 1024
"""Bytes; a larger file is reported and not read."""


class Kind(enum.Enum):
    """What is at a path, after following symbolic links."""

    FILE = "file"
    DIRECTORY = "directory"
    SPECIAL = "special"
    """A device, a socket, a pipe: nothing that git would push."""
    DANGLING = "dangling"
    """A symbolic link to nothing, to itself, or out of the app, where Heroku has nothing."""


class Tree(abc.ABC):
    """An app's files. Paths are relative to its root and separated by ``/``; links are followed inside the app only."""

    @abc.abstractmethod
    def kind(self, path: str) -> Kind | None:
        """What is at the path; None where there is nothing."""

    @abc.abstractmethod
    def read(self, path: str) -> bytes:
        """The content of a regular file.

        Raises:
            FileProblem: it cannot be read, or is larger than `MAX_FILE_SIZE`.
        """

    @abc.abstractmethod
    def names(self, directory: str = "") -> list[str]:
        """The sorted names in a directory, the root by default; empty where there is no such directory."""

    def is_file(self, path: str) -> bool:
        """Whether a regular file, or a link to one, is at the path (the shell's ``-f``)."""
        return self.kind(path) is Kind.FILE

    def is_directory(self, path: str) -> bool:
        """Whether a directory, or a link to one, is at the path (the shell's ``-d``)."""
        return self.kind(path) is Kind.DIRECTORY

    def exists(self, path: str) -> bool:
        """Whether anything but a dangling link is at the path (the shell's ``-e``)."""
        return self.kind(path) not in (None, Kind.DANGLING)

    def source(self, path: str) -> Source | None:
        """The text of a regular file; None where there is none.

        Raises:
            FileProblem: the file cannot be read.
        """
        return Source(path, self.read(path)) if self.is_file(path) else None


class WorkingTree(Tree):
    """The files of a directory on disk."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._real_root = os.path.realpath(root)

    def kind(self, path: str) -> Kind | None:
        """See `Tree.kind`."""
        full = os.path.join(self.root, path)
        try:
            mode = os.stat(full).st_mode
        except (OSError, ValueError):
            return Kind.DANGLING if os.path.islink(full) else None
        real = os.path.realpath(full)
        if os.path.commonpath([real, self._real_root]) != self._real_root:
            return Kind.DANGLING
        if stat.S_ISREG(mode):
            return Kind.FILE
        return Kind.DIRECTORY if stat.S_ISDIR(mode) else Kind.SPECIAL

    def read(self, path: str) -> bytes:
        """See `Tree.read`."""
        try:
            with open(os.path.join(self.root, path), "rb") as file:
                data = file.read(MAX_FILE_SIZE + 1)
        except OSError as error:
            reason = os.strerror(error.errno or errno.EIO).lower()
            raise FileProblem(Span(path), f"cannot be read: {reason}") from error
        if len(data) > MAX_FILE_SIZE:
            raise FileProblem(Span(path), f"is larger than {MAX_FILE_SIZE // 1024 // 1024} MiB, and was not read")
        return data

    def names(self, directory: str = "") -> list[str]:
        """See `Tree.names`."""
        if directory and not self.is_directory(directory):
            return []
        try:
            return sorted(os.listdir(os.path.join(self.root, directory)))
        except OSError:
            return []
