"""The files of one app: texts and documents, each read once, and what is wrong with those that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydeploy_lint.files.names import PIPFILE_LOCK
from pydeploy_lint.files.source import FileProblem, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from pydeploy_lint.files.formats.documents import Document
    from pydeploy_lint.files.tree import Tree

T = TypeVar("T")


class Files:
    """What a reader of facts is given: the app's files, and a place to report those that cannot be read.

    Attributes:
        tree: the files.
        listing: a text from outside of the app that findings may point at, such as a printed list of buildpacks.
        problems: why some facts are unknown.
    """

    def __init__(self, tree: Tree, listing: Source | None = None) -> None:
        self.tree = tree
        self.listing = listing
        self.problems: list[FileProblem] = []
        self._documents: dict[str, Document | None] = {}
        self._answers: dict[Hashable, object] = {}

    def source(self, path: str) -> Source | None:
        """The text of a file; None where there is no regular file.

        Raises:
            FileProblem: it cannot be read.
        """
        if self.listing and path == self.listing.path:
            return self.listing
        return self.tree.source(path)

    def is_outside(self, path: str) -> bool:
        """Whether a path is that of the listing, which is no file of the app."""
        return path.startswith("../") or (self.listing is not None and path == self.listing.path)

    def readable_source(self, path: str) -> Source | None:
        """The text of a file that Heroku does not read: one that is unreadable is as good as none."""
        try:
            return self.source(path)
        except FileProblem:
            return None

    def document(self, path: str) -> Document | None:
        """A file in JSON, by its name, or else in TOML; None where there is no regular file.

        Raises:
            FileProblem: it cannot be read, or is not valid.
        """
        if path not in self._documents:
            from pydeploy_lint.files.formats.documents import read_json, read_toml

            source = self.source(path)
            read = read_json if path.endswith((".json", PIPFILE_LOCK)) else read_toml
            self._documents[path] = read(source) if source else None
        return self._documents[path]

    def noted_document(self, path: str) -> Document | None:
        """Like `document`, but a file that cannot be read is noted, and counts as missing."""
        try:
            return self.document(path)
        except FileProblem as problem:
            self.note(problem)
            return None

    def note(self, problem: FileProblem) -> None:
        """Remember why a fact is unknown; each reason once."""
        if not any(known.at == problem.at and known.message == problem.message for known in self.problems):
            self.problems.append(problem)

    def once(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The result of a computation, shared by all who ask for it with an equal key.

        An app that is pinned to a release is judged by two sets of rules: what both agree on is computed once.

        Args:
            key: names the computation and everything that its result depends on beside the files.
            compute: called where there is no result yet.
        """
        if key not in self._answers:
            self._answers[key] = compute()
        answer: T = self._answers[key]  # type: ignore[assignment]  # the key names the computation
        return answer
