"""The files of an app as facts read them, and how a fact is kept."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, overload

from pydeploy_lint.files.names import PIPFILE_LOCK
from pydeploy_lint.files.source import FileProblem, Source

if TYPE_CHECKING:
    from pydeploy_lint.files.documents import Document
    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.heroku.policy import Policy
    from pydeploy_lint.settings.options import Options

T = TypeVar("T")


class fact(cached_property[T]):  # noqa: N801 - used like `property`
    """A property that is computed once, when it is first asked for, even where that fails with a `FileProblem`."""

    @overload
    def __get__(self, instance: None, owner: type[Any] | None = None) -> fact[T]: ...

    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> T: ...

    def __get__(self, instance: object, owner: type[Any] | None = None) -> fact[T] | T:
        """The value of the fact; raises what computing it raised."""
        if instance is None:
            return self
        failures: dict[str | None, FileProblem] = instance.__dict__.setdefault("_failures", {})
        if self.attrname in failures:
            raise failures[self.attrname].with_traceback(None)
        try:
            return super().__get__(instance, owner)
        except FileProblem as problem:
            failures[self.attrname] = problem
            raise


class AppFiles:
    """An app's files, the rules by which it is judged, and what the user said of it.

    Attributes:
        tree: the files.
        policy: the rules.
        options: what the user said.
        problems: what kept facts from being had.
    """

    def __init__(self, tree: Tree, policy: Policy, options: Options) -> None:
        self.tree = tree
        self.policy = policy
        self.options = options
        self.problems: list[FileProblem] = []
        self._documents: dict[str, Document | None] = {}

    def source(self, path: str) -> Source | None:
        """The text of a file; None where there is no regular file.

        Raises:
            FileProblem: it cannot be read.
        """
        listing = self.options.buildpacks
        if listing and path == listing.path:
            # It may be no file of the app, and is shown like one.
            return listing
        return self.tree.source(path)

    def document(self, path: str) -> Document | None:
        """A file in JSON, by its name, or else in TOML; None where there is no regular file.

        Raises:
            FileProblem: it cannot be read, or is not valid.
        """
        if path not in self._documents:
            from pydeploy_lint.files.documents import read_json, read_toml

            source = self.source(path)
            read = read_json if path.endswith((".json", PIPFILE_LOCK)) else read_toml
            self._documents[path] = read(source) if source else None
        return self._documents[path]

    def probe(self, path: str) -> None:
        """Note what is wrong with a document that no fact may have asked for."""
        try:
            self.document(path)
        except FileProblem as problem:
            self.note(problem)

    def note(self, problem: FileProblem) -> None:
        """Remember what keeps a fact from being had; each once."""
        if not any(known.at == problem.at and known.message == problem.message for known in self.problems):
            self.problems.append(problem)
