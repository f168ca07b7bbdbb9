"""What of an app's files gets to Heroku: neither those that git ignores, nor those that ``.slugignore`` names."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydeploy_lint.files.repository.ask import AskedRepository
from pydeploy_lint.files.repository.git import CommitTree, Git, IndexTree, NoGit
from pydeploy_lint.files.repository.talk import GitError
from pydeploy_lint.files.source import FileProblem, Source
from pydeploy_lint.files.tree import FileKind, Tree, Withheld, WorkingTree, repository_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydeploy_lint.files.repository.repository import Repository

SLUGIGNORE = ".slugignore"
T = TypeVar("T")


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
    return DeployedTree(WorkingTree(path), AskedRepository(Git(path)) if repository_root(path) else None)


class DeployedTree(Tree):
    """A tree without the files that do not get to Heroku.

    Attributes:
        source_tree: the tree with all files.
    """

    def __init__(self, tree: Tree, repository: Repository | None = None) -> None:
        """Wrap a tree.

        Args:
            tree: the app.
            repository: the one whose working tree it is; None for a commit or the index, and outside of git.
        """
        super().__init__()
        self.source_tree = tree
        self.directory = tree.directory
        self.problems = tree.problems
        self._repository = repository
        self._slugignore = _read_slugignore(tree)
        self._committed: frozenset[str] = frozenset()
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

    def over(self, tree: Tree, committed: Iterable[str] = ()) -> DeployedTree:
        """What of another version of the files would get to Heroku, by the rules that git has now.

        Args:
            tree: that version.
            committed: the paths that git is taken to know as they are there.
        """
        other = DeployedTree(tree, self._repository)
        other._committed = frozenset(committed)
        other.git_error = self.git_error
        return other

    def rule_against(self, path: str, kind: FileKind = FileKind.FILE) -> Withheld | None:
        """The rule by which what is, or would be, at a path does not get to Heroku; None where it does."""
        if not path:
            return None  # No rule names the root, and git refuses the question.
        reason = self._slugignore.reason(path, kind) if self._slugignore else None
        return reason or self._ask(lambda repository: repository.reason(path), None)

    def close(self) -> None:
        """See `Tree.close`; what was started is started again when another question comes."""
        self.source_tree.close()
        if self._repository:
            self._repository.close()

    def read(self, path: str) -> bytes:
        """See `Tree.read`."""
        return self.source_tree.read(path)

    def is_executable(self, path: str) -> bool | None:
        """See `Tree.is_executable`."""
        if self._repository:
            return self._ask(lambda repository: repository.is_executable(path, self.source_tree), None)
        # Outside of git nothing tells the mode with which a file will be committed.
        return None if self.directory else self.source_tree.is_executable(path)

    def has_windows_line_ends(self, path: str) -> bool:
        """See `Tree.has_windows_line_ends`; git may change line ends when a file is committed."""
        if not self.is_file(path) or not self.source_tree.has_windows_line_ends(path):
            return False
        return self._ask(lambda repository: repository.keeps_carriage_returns(path, self.source_tree), otherwise=True)

    def source_above(self, path: str) -> Source | None:
        """See `Tree.source_above`."""
        return self.source_tree.source_above(path)

    def names(self, directory: str = "") -> list[str]:
        """See `Tree.names`; what does not get to Heroku is named too."""
        return self.source_tree.names(directory)

    def names_in_git(self, paths: Iterable[str]) -> dict[str, str | None]:
        """See `Tree.names_in_git`."""
        present: dict[str, str | None] = {path: path for path in paths if self.is_file(path)}
        asked = [path for path in present if path not in self._committed]
        return present | self._ask(lambda repository: repository.names(asked), present) if asked else present

    def _ask(self, question: Callable[[Repository], T], otherwise: T) -> T:
        """What the repository answers; without one, or where it cannot tell, something else."""
        if self._repository is None or self.git_error:
            return otherwise
        try:
            return question(self._repository)
        except NoGit:
            self._repository = self._without_git()
            return question(self._repository)
        except GitError as error:
            self.git_error = str(error)
            return otherwise

    def _without_git(self) -> Repository:
        from pydeploy_lint.files.repository.read import ReadRepository

        directory = self.directory or "."
        return ReadRepository(repository_root(directory) or directory, directory)


class Slugignore:
    """The patterns of a ``.slugignore``, which are those of ``.gitignore`` without exceptions (``!``).

    Source: the page "Slug Compiler" of Heroku's documentation.
    """

    def __init__(self, source: Source) -> None:
        from pydeploy_lint.files.patterns import PathPatterns

        self._source = source
        lines = [source.line(number) for number in range(1, source.line_count + 1)]
        self._patterns = PathPatterns("" if line.startswith("!") else line for line in lines)

    def reason(self, path: str, kind: FileKind) -> Withheld | None:
        """The pattern that removes a path, or a directory above it."""
        index = self._patterns.last_match(path, is_directory=kind is FileKind.DIRECTORY)
        if index is None:
            return None
        return Withheld(SLUGIGNORE, self._source.line(index + 1).strip(), self._source.line_span(index + 1))


def _read_slugignore(tree: Tree) -> Slugignore | None:
    try:
        source = tree.source(SLUGIGNORE)
    except FileProblem as problem:
        tree.problems.setdefault(SLUGIGNORE, problem)
        return None
    return Slugignore(source) if source and source.text.strip() else None
