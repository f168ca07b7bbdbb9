"""What the linter wants to know from the repository whose working tree an app is."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydeploy_lint.files.tree import Tree, Withheld


class Repository(abc.ABC):
    """A repository, and an app in it. All paths are relative to the app's root; all methods may raise a `GitError`."""

    @abc.abstractmethod
    def reason(self, path: str) -> Withheld | None:
        """The rule by which git ignores a path; None where it does not. What it tracks it never ignores."""

    @abc.abstractmethod
    def is_executable(self, path: str, tree: Tree) -> bool | None:
        """Whether git has, or would have, a file as executable; None where that is unknown.

        Args:
            path: the file.
            tree: the working tree.
        """

    @abc.abstractmethod
    def keeps_carriage_returns(self, path: str, tree: Tree) -> bool:
        """Whether a text file that has a CR before each LF surely has it in git too, which may convert line ends.

        Args:
            path: the file.
            tree: the working tree.
        """

    @abc.abstractmethod
    def names(self, paths: Sequence[str]) -> dict[str, str | None]:
        """For each file its name as git has it, which may differ in case; None for one that git does not know yet."""

    def close(self) -> None:  # noqa: B027 - most have nothing to end
        """End what was started to answer; it is started again when another question comes."""
