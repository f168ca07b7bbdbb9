"""The files of an app as the build sees them after a buildpack made a subdirectory the root, or copied a Procfile."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pydeploy_lint.files.names import APP_JSON, PROCFILE
from pydeploy_lint.files.source import Source
from pydeploy_lint.files.tree import FileKind, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable

KEPT = (APP_JSON, "project.toml", "heroku.yml", ".buildpacks", ".slugignore")
"""Files that Heroku reads in the root of the repository, before any buildpack runs."""


class MovedTree(Tree):
    """Another tree with one of its directories as the root, and one of its files as the Procfile.

    Attributes:
        base: the tree with the whole repository.
    """

    def __init__(self, base: Tree, root: str, procfile: str | None = None) -> None:
        """Wrap a tree.

        Args:
            base: the whole repository.
            root: the directory that becomes the root; empty where it stays what it is.
            procfile: the file that becomes the Procfile, from the root of the repository; None for the one in the root.
        """
        super().__init__()
        self.base = base
        self.problems = base.problems
        self._root = root
        self._procfile = procfile
        self.directory = os.path.join(base.directory, root) if base.directory else None

    def real(self, path: str) -> str:
        """Where a path of this tree is in the repository."""
        if path in KEPT:
            return path
        if path == PROCFILE and self._procfile:
            return self._procfile
        return "/".join(part for part in (self._root, path) if part)

    def kind(self, path: str) -> FileKind | None:
        """See `Tree.kind`."""
        real = self.real(path)
        kind = self.base.kind(real)
        self.git_error = self.base.git_error
        if real in self.base.withheld:
            self.withheld[path] = self.base.withheld[real]
        return kind

    def read(self, path: str) -> bytes:
        """See `Tree.read`."""
        return self.base.read(self.real(path))

    def source(self, path: str) -> Source | None:
        """See `Tree.source`; the repository's tree remembers the file too."""
        if path not in self._sources:
            found = self.base.source(self.real(path)) if self.is_file(path) else None
            self._sources[path] = found and Source(path, found.data)
        return self._sources[path]

    def names(self, directory: str = "") -> list[str]:
        """See `Tree.names`."""
        names = self.base.names(self.real(directory))
        return sorted({*names, PROCFILE}) if not directory and self._procfile else names

    def names_in_git(self, paths: Iterable[str]) -> dict[str, str | None]:
        """See `Tree.names_in_git`."""
        by_real = {self.real(path): path for path in paths}
        found = self.base.names_in_git(by_real)
        return {by_real[real]: by_real[real] if name == real else name for real, name in found.items()}
