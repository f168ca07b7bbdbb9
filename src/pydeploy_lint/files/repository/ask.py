"""What git pushes of a working tree, asked of the git program."""

from __future__ import annotations

import os
import posixpath
import stat
from typing import TYPE_CHECKING

from pydeploy_lint.files.repository.git import Git
from pydeploy_lint.files.repository.repository import Repository
from pydeploy_lint.files.repository.talk import GitError, NoAnswer, Talk
from pydeploy_lint.files.tree import Withheld
from pydeploy_lint.finding import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydeploy_lint.files.tree import Tree


class AskedRepository(Repository):
    """A repository about which the git program is asked."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._talk: Talk | None = None

    def reason(self, path: str) -> Withheld | None:
        """See `Repository.reason`: a long-running ``git check-ignore`` is asked about one path at a time."""
        self._talk = self._talk or Talk(self._git.start("check-ignore", "-z", "-v", "-n", "--stdin"))
        try:
            self._talk.ask(os.fsencode(path) + b"\0")
            file, line, pattern, _ = (os.fsdecode(self._talk.until(b"\0")) for _ in range(4))
        except (OSError, EOFError):
            self._check_complaint(self._talk)
            return None
        except NoAnswer:
            self.close()
            raise
        if not pattern or pattern.startswith("!"):
            return None
        if not os.path.isabs(file):  # Git names it from the root of the working tree.
            file = posixpath.relpath(file, self._git.prefix or ".")
        inside = not os.path.isabs(file) and not file.startswith((".git/", "../"))
        at = Span(file, int(line), 1, int(line), 1 + len(pattern)) if inside else None
        return Withheld(file, pattern, at)

    def is_executable(self, path: str, tree: Tree) -> bool | None:
        """See `Repository.is_executable`; the working tree counts where git looks at its modes, else the index."""
        if self._git.setting("core.fileMode") != "false":
            return tree.is_executable(path)
        mode = self._git.index_mode(path)
        return bool(mode & stat.S_IXUSR) if mode is not None else False

    def keeps_carriage_returns(self, path: str, _tree: Tree) -> bool:
        """See `Repository.keeps_carriage_returns`."""
        stored, attributes = self._git.line_ends(path)
        if stored in ("crlf", "mixed") and attributes in ("", "text=auto"):
            return True  # Git leaves alone what is stored with a CR already.
        is_text = attributes not in ("", "-text")
        return not is_text and (attributes == "-text" or self._git.setting("core.autocrlf") not in ("true", "input"))

    def names(self, paths: Sequence[str]) -> dict[str, str | None]:
        """See `Repository.names`."""
        listed = self._git.run("--icase-pathspecs", "ls-files", "-z", "--", *paths)
        known = {name.lower(): name for name in sorted(os.fsdecode(listed).split("\0"), reverse=True)}
        exact = set(known.values())
        return {path: path if path in exact else known.get(path.lower()) for path in paths}

    def close(self) -> None:
        """See `Repository.close`."""
        if self._talk:
            self._talk.end()
            self._talk = None

    def _check_complaint(self, talk: Talk) -> None:
        self._talk = None
        lines = talk.complaint().split("\n")
        # Warnings may come first, such as those about a .gitignore that is a link.
        complaint = next((line for line in lines if line.startswith("fatal: ")), lines[0]).removeprefix("fatal: ")
        # A path behind a link, or in a submodule, is nothing that a rule of this repository could name.
        if not complaint.lower().startswith("pathspec"):
            raise GitError(complaint or "git check-ignore gave no answer")
