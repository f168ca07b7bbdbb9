"""A read-only view of an app's files: what is at a path, and its bytes. Looks paths up, and never walks."""

from __future__ import annotations

import abc
import enum
import errno
import os
import stat
import sys
from collections.abc import Iterable
from typing import NamedTuple

from pydeploy_lint.files.source import FileProblem, Source
from pydeploy_lint.finding import Span

MAX_FILE_SIZE = 64 * 1024 * 1024
"""Bytes; a larger file is reported and not read."""


def repository_root(path: str) -> str | None:
    """The directory itself or the first above it with a ``.git``; None outside of git. Cheaper than to ask git."""
    directory = os.path.realpath(path)
    while not os.path.exists(os.path.join(directory, ".git")):
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent
    return directory


class FileKind(enum.Enum):
    """What is at a path, after following symbolic links."""

    FILE = "file"
    DIRECTORY = "directory"
    SPECIAL = "special"
    """A device, a socket, a pipe: nothing that git would push."""
    DANGLING = "dangling"
    """A symbolic link to nothing, to itself, or out of the app, where Heroku has nothing."""


class Withheld(NamedTuple):
    """Why a file that is there does not get to Heroku."""

    by: str
    """The file with the rule, as git names it."""
    rule: str
    """The pattern."""
    at: Span | None
    """Where the rule is; None where that is outside the app."""


class Tree(abc.ABC):
    """An app's files. Paths are relative to its root and separated by ``/``; links are followed inside the app only.

    Attributes:
        withheld: the files that were asked for and are there, but do not get to Heroku, by path.
        git_error: why git could not be asked what gets there, where it could not.
        problems: why what is at some paths cannot be told, by path.
        directory: where the files are on disk, for another program to look at; None for a commit or the index.
    """

    directory: str | None = None

    def __init__(self) -> None:
        self.withheld: dict[str, Withheld] = {}
        self.git_error: str | None = None
        self.problems: dict[str, FileProblem] = {}
        self._sources: dict[str, Source | None] = {}

    @abc.abstractmethod
    def kind(self, path: str) -> FileKind | None:
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

    def names_in_git(self, paths: Iterable[str]) -> dict[str, str | None]:
        """For each path at which there is a file, its name as git has it, which may differ in case.

        None stands for a file that git does not know yet.
        """
        return {path: path for path in paths if self.is_file(path)}

    def is_executable(self, path: str) -> bool | None:  # noqa: ARG002 - for those that know
        """Whether a file may be run as a program on Heroku, as git has its mode; None where that is unknown."""
        return None

    def has_windows_line_ends(self, path: str) -> bool:
        """Whether a text file gets to Heroku with a CR before the LF at the end of some line.

        Raises:
            FileProblem: the file cannot be read.
        """
        return self.is_file(path) and b"\r\n" in self.read(path)

    def source_above(self, path: str) -> Source | None:  # noqa: ARG002 - for those that know
        """The text of a file of the same repository outside of the app; None where there is none, or no repository.

        Args:
            path: relative to the app's root, such as ``../shared.toml``.

        Raises:
            FileProblem: the file cannot be read.
        """
        return None

    def close(self) -> None:  # noqa: B027 - most have none
        """End the processes that were started to read it."""

    def is_file(self, path: str) -> bool:
        """Whether a regular file, or a link to one, is at the path (the shell's ``-f``)."""
        return self.kind(path) is FileKind.FILE

    def is_directory(self, path: str) -> bool:
        """Whether a directory, or a link to one, is at the path (the shell's ``-d``)."""
        return self.kind(path) is FileKind.DIRECTORY

    def exists(self, path: str) -> bool:
        """Whether anything but a dangling link is at the path (the shell's ``-e``)."""
        return self.kind(path) not in (None, FileKind.DANGLING)

    def source(self, path: str) -> Source | None:
        """The text of a regular file, read once; None where there is none.

        Raises:
            FileProblem: the file cannot be read.
        """
        if path not in self._sources:
            self._sources[path] = Source(path, self.read(path)) if self.is_file(path) else None
        return self._sources[path]

    @property
    def sources(self) -> list[Source]:
        """The texts that were asked for until now."""
        return [source for source in self._sources.values() if source]


FOLDS_CASE = sys.platform in ("darwin", "win32", "cygwin")
"""Whether file systems commonly find ``Procfile`` under the name of ``procfile``; Heroku's does not."""


class WorkingTree(Tree):
    """The files of a directory on disk."""

    def __init__(self, root: str) -> None:
        super().__init__()
        self.directory = self.root = root
        self._real_root = os.path.realpath(root)
        self._listings: dict[str, frozenset[str]] = {}

    def kind(self, path: str) -> FileKind | None:
        """See `Tree.kind`."""
        full = os.path.join(self.root, path)
        try:
            mode = os.stat(full).st_mode
        except (OSError, ValueError):
            return FileKind.DANGLING if os.path.islink(full) else None
        if FOLDS_CASE and not self._is_spelled(path):
            return None
        if not self._is_inside(full):
            return FileKind.DANGLING
        if stat.S_ISREG(mode):
            return FileKind.FILE
        return FileKind.DIRECTORY if stat.S_ISDIR(mode) else FileKind.SPECIAL

    def _is_inside(self, full: str) -> bool:
        return os.path.commonpath([os.path.realpath(full), self._real_root]) == self._real_root

    def is_executable(self, path: str) -> bool | None:
        """See `Tree.is_executable`."""
        if os.name == "nt":
            return None
        try:
            return bool(os.stat(os.path.join(self.root, path)).st_mode & stat.S_IXUSR)
        except OSError:
            return None

    def _is_spelled(self, path: str) -> bool:
        parent, _, name = path.rpartition("/")
        return name in self._listed(parent) and (not parent or self._is_spelled(parent))

    def _listed(self, directory: str) -> frozenset[str]:
        if directory not in self._listings:
            self._listings[directory] = frozenset(self.names(directory))
        return self._listings[directory]

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

    def source_above(self, path: str) -> Source | None:
        """See `Tree.source_above`."""
        repository = repository_root(self.root)
        if repository is None:
            return None
        place = os.path.relpath(os.path.join(self._real_root, path), repository).replace(os.sep, "/")
        if place.startswith("../"):
            return None
        above = WorkingTree(repository)
        return Source(path, above.read(place)) if above.is_file(place) else None

    def names(self, directory: str = "") -> list[str]:
        """See `Tree.names`; a directory that a link leads to outside of the app is none."""
        full = os.path.join(self.root, directory)
        if not self._is_inside(full):
            return []
        try:
            return sorted(os.listdir(full))
        except OSError:
            return []
