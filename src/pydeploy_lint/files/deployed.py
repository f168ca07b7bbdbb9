"""What of an app's files gets to Heroku: neither those that git ignores, nor those that ``.slugignore`` names."""

from __future__ import annotations

import os
import posixpath
import stat
import subprocess
import weakref
from collections.abc import Iterable
from typing import IO

from pydeploy_lint.files.git import CommitTree, Git, GitError, IndexTree
from pydeploy_lint.files.source import FileProblem, Source
from pydeploy_lint.files.tree import FileKind, Tree, Withheld, WorkingTree, repository_root
from pydeploy_lint.finding import Span

SLUGIGNORE = ".slugignore"


def open_tree(path: str, *, rev: str | None = None, staged: bool = False, directory: str = "") -> DeployedTree:
    """The files of an app that would get to Heroku.

    Args:
        path: the app's root directory; with ``rev`` it may be a bare repository.
        rev: read this commit, and not the working tree.
        staged: read the index, and not the working tree.
        directory: with ``rev``, where the app is below the path.

    Raises:
        GitError: the commit or the index cannot be read.
    """
    if rev is not None:
        return DeployedTree(CommitTree(Git(path), rev, directory))
    if staged:
        return DeployedTree(IndexTree(Git(path)))
    return DeployedTree(WorkingTree(path), Git(path) if repository_root(path) else None)


class DeployedTree(Tree):
    """A tree without the files that do not get to Heroku.

    Attributes:
        source_tree: the tree with all files.
    """

    def __init__(self, tree: Tree, git: Git | None = None) -> None:
        """Wrap a tree.

        Args:
            tree: the app.
            git: the repository whose working tree it is; None for a commit or the index, and outside of git.
        """
        super().__init__()
        self.source_tree = tree
        self.directory = tree.directory
        self._git = git
        self._ignored = IgnoredByGit(git) if git else None
        self._slugignore = _read_slugignore(tree)
        self._kinds: dict[str, FileKind | None] = {}

    def kind(self, path: str) -> FileKind | None:
        """See `Tree.kind`."""
        if path not in self._kinds:
            kind = self.source_tree.kind(path)
            reason = self.rule_against(path, kind) if kind else None
            if reason:
                self.withheld[path] = reason
            self._kinds[path] = None if reason else kind
        return self._kinds[path]

    def over(self, tree: Tree) -> DeployedTree:
        """What of another version of the files would get to Heroku, by the rules that git has now."""
        other = DeployedTree(tree)
        other._git, other._ignored = self._git, self._ignored
        return other

    def rule_against(self, path: str, kind: FileKind = FileKind.FILE) -> Withheld | None:
        """The rule by which what is, or would be, at a path does not get to Heroku; None where it does."""
        reason = self._slugignore.reason(path, kind) if self._slugignore else None
        if reason is None and self._ignored and not self.git_error:
            try:
                return self._ignored.reason(path)
            except GitError as error:
                self.git_error = str(error)
        return reason

    def close(self) -> None:
        """See `Tree.close`; they are started again when another question comes."""
        self.source_tree.close()
        if self._ignored:
            self._ignored.close()

    def read(self, path: str) -> bytes:
        """See `Tree.read`."""
        return self.source_tree.read(path)

    def is_executable(self, path: str) -> bool | None:
        """See `Tree.is_executable`; the working tree counts where git looks at its modes, else the index."""
        if self.directory and not self._git:
            return None  # Outside of git nothing tells the mode with which a file will be committed.
        if not self._git or self.git_error or self._git.setting("core.fileMode") != "false":
            return self.source_tree.is_executable(path)
        try:
            mode = self._git.index_mode(path)
        except GitError as error:
            self.git_error = str(error)
            return None
        return bool(mode & stat.S_IXUSR) if mode is not None else False

    def has_windows_line_ends(self, path: str) -> bool:
        """See `Tree.has_windows_line_ends`; git may change line ends when a file is committed."""
        if not self.is_file(path) or not self.source_tree.has_windows_line_ends(path):
            return False
        if not self._git or self.git_error:
            return True
        try:
            stored, attributes = self._git.line_ends(path)
        except GitError as error:
            self.git_error = str(error)
            return True
        if stored in ("crlf", "mixed") and attributes in ("", "text=auto"):
            return True  # Git leaves alone what is stored with a CR already.
        is_text = attributes not in ("", "-text")
        return not is_text and (attributes == "-text" or self._git.setting("core.autocrlf") not in ("true", "input"))

    def source_above(self, path: str) -> Source | None:
        """See `Tree.source_above`."""
        return self.source_tree.source_above(path)

    def names(self, directory: str = "") -> list[str]:
        """See `Tree.names`; what does not get to Heroku is named too."""
        return self.source_tree.names(directory)

    def names_in_git(self, paths: Iterable[str]) -> dict[str, str | None]:
        """See `Tree.names_in_git`."""
        present = [path for path in paths if self.is_file(path)]
        if not self._git or not present or self.git_error:
            return {path: path for path in present}
        try:
            listed = self._git.run("--icase-pathspecs", "ls-files", "-z", "--", *present)
        except GitError as error:
            self.git_error = str(error)
            return {path: path for path in present}
        known = {name.lower(): name for name in sorted(os.fsdecode(listed).split("\0"), reverse=True)}
        exact = set(known.values())
        return {path: path if path in exact else known.get(path.lower()) for path in present}


class IgnoredByGit:
    """Asks a long-running ``git check-ignore`` about one path at a time; what git tracks is never ignored."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._process: subprocess.Popen[bytes] | None = None

    def reason(self, path: str) -> Withheld | None:
        """The rule by which git ignores a path.

        Raises:
            GitError: git cannot tell.
        """
        process = self._process = self._process or self._start()
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(os.fsencode(path) + b"\0")
            process.stdin.flush()
            file, line, pattern, _ = (os.fsdecode(_field(process.stdout)) for _ in range(4))
        except (OSError, EOFError):
            self._check_complaint(process)
            return None
        if not pattern or pattern.startswith("!"):
            return None
        if not os.path.isabs(file):  # Git names it from the root of the working tree.
            file = posixpath.relpath(file, self._git.prefix or ".")
        inside = not os.path.isabs(file) and not file.startswith((".git/", "../"))
        at = Span(file, int(line), 1, int(line), 1 + len(pattern)) if inside else None
        return Withheld(file, pattern, at)

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process:
            _end(self._process)
            self._process = None

    def _check_complaint(self, process: subprocess.Popen[bytes]) -> None:
        _, errors = process.communicate()
        self._process = None
        complaint = errors.decode("utf-8", "replace").strip().partition("\n")[0].removeprefix("fatal: ")
        # A path behind a link, or in a submodule, is nothing that a rule of this repository could name.
        if not complaint.lower().startswith("pathspec"):
            raise GitError(complaint or "git check-ignore gave no answer")

    def _start(self) -> subprocess.Popen[bytes]:
        process = self._git.start("check-ignore", "-z", "-v", "-n", "--stdin")
        # Not __del__, which comes too late where this is part of a cycle.
        weakref.finalize(self, _end, process)
        return process


def _end(process: subprocess.Popen[bytes]) -> None:
    # Not communicate(): at the end of the interpreter the pipes may be closed already.
    with process:
        process.kill()


def _field(stream: IO[bytes]) -> bytes:
    """The bytes up to the next NUL.

    Raises:
        EOFError: there is none.
    """
    field = bytearray()
    while (byte := stream.read(1)) != b"\0":
        if not byte:
            raise EOFError
        field += byte
    return bytes(field)


class Slugignore:
    """The patterns of a ``.slugignore``, which are those of ``.gitignore`` without exceptions (``!``).

    Source: the page "Slug Compiler" of Heroku's documentation.
    """

    def __init__(self, source: Source) -> None:
        from pathspec import GitIgnoreSpec

        self._source = source
        lines = [source.line(number) for number in range(1, source.line_count + 1)]
        self._patterns = GitIgnoreSpec.from_lines("" if line.startswith("!") else line for line in lines)

    def reason(self, path: str, kind: FileKind) -> Withheld | None:
        """The pattern that removes a path, or a directory above it."""
        index = self._patterns.check_file(f"{path}/" if kind is FileKind.DIRECTORY else path).index
        if index is None:
            return None
        return Withheld(SLUGIGNORE, self._source.line(index + 1).strip(), self._source.line_span(index + 1))


def _read_slugignore(tree: Tree) -> Slugignore | None:
    try:
        source = tree.source(SLUGIGNORE)
    except FileProblem:
        return None
    return Slugignore(source) if source and source.text.strip() else None
