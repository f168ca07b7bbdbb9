"""What git knows of an app: a commit, the index, and which files of the working tree it would push.

Everything is asked of the ``git`` command, of plumbing that runs no hook, no filter and no fetch.
"""

from __future__ import annotations

import abc
import os
import posixpath
import re
import stat
import subprocess
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.files.numbers import whole_number
from pydeploy_lint.files.programs import find_program, search_path
from pydeploy_lint.files.repository.talk import GitError, NoAnswer, Talk, whole_answer
from pydeploy_lint.files.source import FileProblem, Source
from pydeploy_lint.files.tree import MAX_FILE_SIZE, FileKind, Tree
from pydeploy_lint.finding import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LINKS = 40
"""How many symbolic links are followed for one path, as Linux does."""
LONGEST_LINK = 4096
"""Bytes of the target of a link, as Linux allows."""
GITLINK = 0o160000
"""The mode of a submodule, whose files Heroku fetches."""

# Settings of the repository must not run a program, and a partial clone must not fetch.
OPTIONS = ("--no-replace-objects", "-c", "core.fsmonitor=false")
ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "LC_ALL": "C"}


class NoGit(GitError):
    """There is no git program."""


class NotInCommit(GitError):
    """The app's directory is not in a commit."""


class Entry(NamedTuple):
    """Something in a tree or in the index."""

    mode: int
    object_id: str

    @property
    def kind(self) -> FileKind:
        """What it is; a link is DANGLING until it is followed."""
        if self.mode == GITLINK or stat.S_ISDIR(self.mode):
            return FileKind.DIRECTORY
        return FileKind.DANGLING if stat.S_ISLNK(self.mode) else FileKind.FILE


def is_bare_repository(path: str) -> bool:
    """Whether a directory is a repository without a working tree, such as a mirror. Cheaper than to ask git."""
    return os.path.isfile(os.path.join(path, "HEAD")) and all(
        os.path.isdir(os.path.join(path, name)) for name in ("objects", "refs")
    )


class Git:
    """The ``git`` command in a directory."""

    def __init__(self, directory: str) -> None:
        self.directory = directory

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        """The output of a command.

        Raises:
            NoGit: there is no git.
            NoAnswer: it takes too long.
            GitError: it failed.
        """
        with self.start(*arguments) as process:
            output, errors = whole_answer(process, given)
        if process.returncode:
            raise GitError(errors.decode("utf-8", "replace").strip().partition("\n")[0].removeprefix("fatal: "))
        return output

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A running command, to talk to.

        Raises:
            NoGit: there is no git.
        """
        program = find_program("git")
        if program is None:
            raise NoGit("git is not installed")
        try:
            return subprocess.Popen(  # noqa: S603 - a fixed program, without a shell
                [program, *OPTIONS, *arguments],
                cwd=self.directory,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise NoGit(f"git cannot be run: {error.strerror}") from error

    def _environment(self) -> dict[str, str]:
        environment = {**os.environ, **ENVIRONMENT, "PATH": search_path()}
        # A hook of git is told its repository by paths relative to the root, and we ask in the app's directory.
        for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_PREFIX"):
            environment.pop(name, None)
        if "GIT_INDEX_FILE" in environment:
            environment["GIT_INDEX_FILE"] = os.path.abspath(environment["GIT_INDEX_FILE"])
        return environment

    @cached_property
    def prefix(self) -> str:
        """The directory's place in the repository: empty at its root, and in a bare one, else with a final ``/``."""
        return os.fsdecode(self.run("rev-parse", "--show-prefix").removesuffix(b"\n"))

    def setting(self, name: str) -> str:
        """A setting of the repository or the user, in lower case; empty where there is none.

        Raises:
            NoGit: there is no git.
            NoAnswer: it takes too long.
        """
        try:
            return self.run("config", "--get", name).decode("utf-8", "replace").strip().lower()
        except (NoGit, NoAnswer):
            raise
        except GitError:
            return ""

    def index_mode(self, path: str) -> int | None:
        """The mode of a file in the index; None for one that git does not know yet."""
        line = self.run("--literal-pathspecs", "ls-files", "--stage", "-z", "--", path)
        return int(line.split(b" ", 1)[0], 8) if line else None

    def line_ends(self, path: str) -> tuple[str, str]:
        """The line ends of a file in the index, such as ``crlf``, and the attributes for them; empty for none."""
        line = self.run("--literal-pathspecs", "ls-files", "--eol", "-z", "--cached", "--others", "--", path)
        fields = line.decode("utf-8", "replace").partition("\t")[0].split()
        found = dict(field.split("/", 1) for field in fields if "/" in field)
        return found.get("i", ""), " ".join(
            [found.get("attr", ""), *(each for each in fields if "/" not in each)]
        ).strip()

    def commit(self, revision: str) -> str:
        """The full name of the commit that a revision stands for.

        Raises:
            GitError: there is no such commit here, perhaps because the clone is shallow.
        """
        try:
            name = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        except GitError as error:
            raise GitError(str(error) or f"there is no commit {revision!r} in this repository") from error
        return name.decode().strip()


class ObjectReader:
    """Reads objects through one long-running ``git cat-file``."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._talk: Talk | None = None
        self._silence: NoAnswer | None = None

    def read(self, object_id: str, path: str, most: int = MAX_FILE_SIZE) -> bytes:
        """The content of an object.

        Args:
            object_id: its name.
            path: what it is, for the message.
            most: how many bytes it may have.

        Raises:
            FileProblem: it is missing, damaged or too large, or git does not answer.
        """
        if self._silence:
            raise FileProblem(Span(path), f"cannot be read: {self._silence}")
        try:
            data = self._ask(object_id, most)
        except NoAnswer as silence:
            self._silence = silence
            self.close()
            raise FileProblem(Span(path), f"cannot be read: {silence}") from silence
        except (OSError, EOFError):
            self.close()
            data = None
        if data is None:
            raise FileProblem(Span(path), "cannot be read: git does not have its content here")
        if len(data) > most:
            self.close()
            limit = f"{most // 1024 // 1024} MiB" if most >= 1024 * 1024 else f"{most} bytes"
            raise FileProblem(Span(path), f"is larger than {limit}, and was not read")
        return data

    def _ask(self, object_id: str, most: int) -> bytes | None:
        """An object; of one that is too large the first bytes, and one too many; None where git does not have it.

        Raises:
            OSError, EOFError: git has ended.
            NoAnswer: it takes too long.
        """
        self._talk = self._talk or Talk(self._git.start("cat-file", "--batch"))
        self._talk.ask(f"{object_id}\n".encode())
        header = self._talk.until(b"\n").split()
        if len(header) != 3:
            return None
        size = whole_number(header[2])
        data = self._talk.take(min(size, most + 1))
        if size <= most:
            self._talk.until(b"\n")
        return data

    def close(self) -> None:
        """End git; it is started again when another object is asked for."""
        if self._talk:
            self._talk.end()
            self._talk = None


class GitTree(Tree):
    """What git has stored, with its links followed inside the app."""

    def __init__(self, objects: ObjectReader, place: str) -> None:
        """Begin.

        Args:
            objects: reads what is stored.
            place: where the app is in the repository; empty: at its root.
        """
        super().__init__()
        self._objects = objects
        self._place = place

    def close(self) -> None:
        """See `Tree.close`."""
        self._objects.close()

    @abc.abstractmethod
    def entry(self, path: str) -> Entry | None:
        """What is stored at a path, without following a link there."""

    def _follow(self, path: str) -> tuple[str, Entry] | None:
        """The path without links, and what is there; None where it leads nowhere, or out of the app."""
        pending = [part for part in reversed(path.split("/")) if part]
        place: list[str] = []
        found: Entry | None = Entry(stat.S_IFDIR, "")
        links = 0
        while pending:
            part = pending.pop()
            if part in ("", "."):
                continue
            if part == "..":
                if not place:
                    return None
                place.pop()
                continue
            found = self.entry("/".join([*place, part]))
            if found is None:
                return None
            if not stat.S_ISLNK(found.mode):
                place.append(part)
                continue
            links += 1
            try:
                target = os.fsdecode(self._objects.read(found.object_id, path, LONGEST_LINK))
            except FileProblem as problem:
                link = "/".join([*place, part])
                self.problems.setdefault(link, problem)
                # If nothing is to follow, something is there, and to read it fails.
                return None if pending else (link, Entry(stat.S_IFREG, found.object_id))
            if links > MAX_LINKS or target.startswith("/"):
                return None
            pending += reversed(target.split("/"))
        real = "/".join(place)
        found = self.entry(real) if real else Entry(stat.S_IFDIR, "")
        return (real, found) if found else None

    @abc.abstractmethod
    def whole(self) -> GitTree:
        """The whole repository."""

    def source_above(self, path: str) -> Source | None:
        """See `Tree.source_above`."""
        place = posixpath.normpath(posixpath.join(self._place, path))
        if place.startswith("../"):
            return None
        whole = self.whole()
        try:
            return Source(path, whole.read(place)) if whole.is_file(place) else None
        finally:
            whole.close()

    def kind(self, path: str) -> FileKind | None:
        """See `Tree.kind`."""
        followed = self._follow(path)
        if followed:
            return followed[1].kind
        return FileKind.DANGLING if self.entry(path) else None

    def is_executable(self, path: str) -> bool | None:
        """See `Tree.is_executable`."""
        followed = self._follow(path)
        return bool(followed[1].mode & stat.S_IXUSR) if followed and followed[1].kind is FileKind.FILE else None

    def read(self, path: str) -> bytes:
        """See `Tree.read`."""
        followed = self._follow(path)
        if followed is None:
            raise FileProblem(Span(path), "cannot be read: no such file")
        if followed[0] in self.problems:
            raise self.problems[followed[0]]
        return self._objects.read(followed[1].object_id, path)


class CommitTree(GitTree):
    """The app as a commit has it; only the directories that are asked for are read."""

    def __init__(self, git: Git, revision: str, directory: str = "") -> None:
        """Open a commit.

        Args:
            git: in the app's directory, or in a bare repository.
            revision: a name of the commit.
            directory: where the app is below that; empty: there.

        Raises:
            NotInCommit: the directory is not in the commit.
            GitError: there is no such commit, or git does not have its files.
        """
        place = posixpath.normpath(posixpath.join(git.prefix, directory))
        place = "" if place == "." else place
        super().__init__(ObjectReader(git), place)
        self._git = git
        self.commit = git.commit(revision)
        # By name: mode and name of the object, as they stand in the tree object; of most, nothing is ever asked.
        self._directories: dict[str, dict[bytes, tuple[bytes, bytes]]] = {}
        self._entry = re.compile(rb"([0-7]{1,6}) ([^\0]+)\0(.{%d})" % (len(self.commit) // 2), re.DOTALL)
        self._root = f"{self.commit}^{{tree}}"
        found = self.entry(place) if place else Entry(stat.S_IFDIR, self._root)
        is_there = found is not None and stat.S_ISDIR(found.mode)
        if found and is_there:
            self._root = found.object_id
            self._directories.clear()
            self._directory("")
        for problem in self.problems.values():
            raise GitError(f"the files of {revision!r}: {problem.message}")
        if not is_there:
            raise NotInCommit(f"{place} is not in {revision!r}")

    def whole(self) -> GitTree:
        """See `GitTree.whole`."""
        up = posixpath.relpath("/", f"/{self._git.prefix}")
        return CommitTree(self._git, self.commit, up)

    def entry(self, path: str) -> Entry | None:
        """See `GitTree.entry`."""
        parent, _, name = path.rpartition("/")
        found = self._directory(parent).get(os.fsencode(name))
        return Entry(int(found[0], 8), found[1].hex()) if found else None

    def _directory(self, path: str) -> dict[bytes, tuple[bytes, bytes]]:
        if path not in self._directories:
            found = self.entry(path) if path else Entry(stat.S_IFDIR, self._root)
            data = b""
            if found and stat.S_ISDIR(found.mode):
                try:
                    data = self._objects.read(found.object_id, path)
                except FileProblem as problem:
                    self.problems.setdefault(path, problem)
            self._directories[path] = {name: (mode, object_id) for mode, name, object_id in self._entries(data)}
        return self._directories[path]

    def _entries(self, data: bytes) -> Iterator[tuple[bytes, ...]]:
        """Mode, name and object of each entry, up to where the data is damaged."""
        at = 0
        while found := self._entry.match(data, at):
            yield found.groups()
            at = found.end()

    def names(self, directory: str = "") -> list[str]:
        """See `Tree.names`."""
        followed = self._follow(directory)
        return sorted(map(os.fsdecode, self._directory(followed[0]))) if followed else []


class IndexTree(GitTree):
    """The app as it is staged for the next commit."""

    def __init__(self, git: Git) -> None:
        """Read the index.

        Raises:
            GitError: this is not the working tree of a repository.
        """
        super().__init__(ObjectReader(git), git.prefix.rstrip("/"))
        self._git = git
        # One "mode object stage TAB path NUL" each, sorted by path. A repository may have a great many, of which few
        # are asked for: they stay as git wrote them, in one piece.
        self._lines = git.run("ls-files", "--stage", "-z")

    def whole(self) -> GitTree:
        """See `GitTree.whole`."""
        up = posixpath.relpath("/", f"/{self._place}")
        return IndexTree(Git(os.path.join(self._git.directory, up)))

    def entry(self, path: str) -> Entry | None:
        """See `GitTree.entry`."""
        name = os.fsencode(path)
        end = max(self._first_from(name + b"\0") - 1, 0)
        line = self._lines[self._lines.rfind(b"\0", 0, end) + 1 : end]
        if _path(line) == name:
            mode, object_id, _ = line.split(b" ", 2)
            return Entry(int(mode, 8), object_id.decode())
        return Entry(stat.S_IFDIR, "") if self._below(name + b"/") else None

    def names(self, directory: str = "") -> list[str]:
        """See `Tree.names`."""
        followed = self._follow(directory)
        if followed is None:
            return []
        prefix = os.fsencode(f"{followed[0]}/") if followed[0] else b""
        names = set()
        found = self._below(prefix)
        while found:
            name, slash, _ = found.removeprefix(prefix).partition(b"/")
            names.add(os.fsdecode(name))
            # Beyond all that is below it, as "0" is what follows "/"; or beyond the file itself.
            found = self._below(prefix, prefix + name + (b"0" if slash else b"\0"))
        return sorted(names)

    def _below(self, prefix: bytes, start: bytes = b"") -> bytes | None:
        """The first path with a prefix, from a place in the order on."""
        at = self._first_from(start or prefix)
        path = _path(self._lines[at : self._lines.find(b"\0", at)])
        return path if path and path.startswith(prefix) else None

    def _first_from(self, path: bytes) -> int:
        """Where the first line begins whose path is this one or comes after it, else where the last line ends."""
        low, high = 0, len(self._lines)
        while low < high:
            middle = (low + high) // 2
            begin = max(low, self._lines.rfind(b"\0", low, middle) + 1)
            end = self._lines.find(b"\0", middle)
            if _path(self._lines[begin:end]) < path:
                low = end + 1
            else:
                high = begin
        return low


def _path(line: bytes) -> bytes:
    return line.partition(b"\t")[2]
