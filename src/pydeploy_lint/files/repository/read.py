"""What git pushes of a working tree, read from the files that git keeps, where there is no git program.

Rules in a user's own settings are not known here, and neither is what other settings and attributes change.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import stat
from functools import cached_property
from typing import TYPE_CHECKING

from pydeploy_lint.files.repository.git import GITLINK
from pydeploy_lint.files.repository.index import Staged, read_index
from pydeploy_lint.files.repository.patterns import Rule, read_rules
from pydeploy_lint.files.repository.repository import Repository
from pydeploy_lint.files.tree import Withheld
from pydeploy_lint.finding import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pydeploy_lint.files.tree import Tree

GITIGNORE = ".gitignore"
EXCLUDE = "info/exclude"
SHA256 = re.compile(rb"^[^\S\n]*objectformat[^\S\n]*=[^\S\n]*sha256[^\S\n]*$", re.IGNORECASE | re.MULTILINE)


class ReadRepository(Repository):
    """A repository without the git program."""

    def __init__(self, root: str, directory: str) -> None:
        """Read nothing yet.

        Args:
            root: the root of the working tree, where ``.git`` is.
            directory: the app's directory in it.
        """
        self._root = root
        prefix = os.path.relpath(os.path.realpath(directory), root).replace(os.sep, "/")
        self._prefix = "" if prefix == "." else f"{prefix}/"
        self._rules: dict[str, list[Rule]] = {}

    def reason(self, path: str) -> Withheld | None:
        """See `Repository.reason`."""
        full = posixpath.normpath(self._prefix + path)
        if os.fsencode(full) in (self._index or {}):
            return None
        for part in _ancestors(full):
            if self._is_foreign(part):
                return None
            found = self._rule(part, is_directory=True)
            if found:
                return found
        return self._rule(full, is_directory=self._is_real(full, stat.S_ISDIR))

    def is_executable(self, path: str, _tree: Tree) -> bool | None:
        """See `Repository.is_executable`: only what git tracks is known."""
        staged = self._staged(path)
        return bool(staged.mode & stat.S_IXUSR) if staged else None

    def keeps_carriage_returns(self, path: str, tree: Tree) -> bool:
        """See `Repository.keeps_carriage_returns`: known of a file that is the same, byte for byte, in the index."""
        staged = self._staged(path)
        if staged is None:
            return False
        data = tree.read(path)
        blob = b"blob %d\0%s" % (len(data), data)
        # The name of a blob, which is no secret.
        digest = hashlib.sha256(blob) if self._is_sha256 else hashlib.sha1(blob, usedforsecurity=False)
        return digest.digest() == staged.object_id

    def names(self, paths: Sequence[str]) -> dict[str, str | None]:
        """See `Repository.names`."""
        index = self._index
        if index is None:
            return {path: path for path in paths}
        start = os.fsencode(self._prefix)
        ours = [os.fsdecode(path[len(start) :]) for path in index if path.startswith(start)]
        known = {name.lower(): name for name in sorted(ours, reverse=True)}
        return {path: path if path in ours else known.get(path.lower()) for path in paths}

    def links(self) -> list[str]:
        """The symbolic links in the app that git tracks, sorted."""
        start = os.fsencode(self._prefix)
        tracked = (self._index or {}).items()
        links = [path for path, staged in tracked if stat.S_ISLNK(staged.mode) and path.startswith(start)]
        return sorted(os.fsdecode(path[len(start) :]) for path in links)

    @cached_property
    def _git_directory(self) -> str:
        """Where git keeps the index; of a further working tree that is elsewhere, which a file tells."""
        path = os.path.join(self._root, ".git")
        content = _content(path)
        if not content.startswith(b"gitdir:"):
            return path
        return os.path.join(self._root, os.fsdecode(content.removeprefix(b"gitdir:").strip()))

    @cached_property
    def _common_directory(self) -> str:
        """Where git keeps what all working trees share."""
        content = _content(os.path.join(self._git_directory, "commondir"))
        return os.path.join(self._git_directory, os.fsdecode(content.strip()))

    @cached_property
    def _is_sha256(self) -> bool:
        return SHA256.search(_content(os.path.join(self._common_directory, "config"))) is not None

    @cached_property
    def _index(self) -> dict[bytes, Staged] | None:
        return read_index(_content(os.path.join(self._git_directory, "index")), 32 if self._is_sha256 else 20)

    def _staged(self, path: str) -> Staged | None:
        return (self._index or {}).get(os.fsencode(posixpath.normpath(self._prefix + path)))

    def _is_foreign(self, path: str) -> bool:
        """Whether a directory is a link, or another repository: nothing that a rule of this one could name."""
        staged = (self._index or {}).get(os.fsencode(path))
        return (staged is not None and staged.mode == GITLINK) or self._is_real(path, stat.S_ISLNK)

    def _is_real(self, path: str, is_kind: Callable[[int], bool]) -> bool:
        """Whether there is something of a kind at a path, a link not being followed."""
        try:
            return is_kind(os.lstat(os.path.join(self._root, path)).st_mode)
        except (OSError, ValueError):
            return False

    def _rule(self, path: str, *, is_directory: bool) -> Withheld | None:
        """What is said of a path itself: in its own directory, else in those above, else for this clone."""
        for directory in [*reversed(list(_ancestors(path))), ""]:
            below = path.removeprefix(f"{directory}/") if directory else path
            rule = _last(self._rules_of(posixpath.join(directory, GITIGNORE)), below, is_directory=is_directory)
            if rule:
                return self._withheld(rule, posixpath.join(directory, GITIGNORE))
        rule = _last(self._excluded, path, is_directory=is_directory)
        return self._withheld(rule, f".git/{EXCLUDE}") if rule else None

    def _rules_of(self, path: str) -> list[Rule]:
        if path not in self._rules:
            is_link = self._is_real(path, stat.S_ISLNK)  # Which git does not follow.
            self._rules[path] = [] if is_link else read_rules(_content(os.path.join(self._root, path)))
        return self._rules[path]

    @cached_property
    def _excluded(self) -> list[Rule]:
        return read_rules(_content(os.path.join(self._common_directory, EXCLUDE)))

    def _withheld(self, rule: Rule, file: str) -> Withheld | None:
        if rule.is_exception:
            return None
        name = posixpath.relpath(file, self._prefix or ".")
        text = os.fsdecode(rule.text)
        inside = not name.startswith((".git/", "../"))
        return Withheld(name, text, Span(name, rule.number, 1, rule.number, 1 + len(text)) if inside else None)


def _ancestors(path: str) -> Iterator[str]:
    """The directories above a path, from the root on, without the root."""
    parts = path.split("/")
    for count in range(1, len(parts)):
        yield "/".join(parts[:count])


def _last(rules: Sequence[Rule], path: str, *, is_directory: bool) -> Rule | None:
    """The rule that decides: the last one about the path."""
    name = os.fsencode(path)
    return next((rule for rule in reversed(rules) if rule.matches(name, is_directory=is_directory)), None)


def _content(path: str) -> bytes:
    """What is in a regular file; nothing where there is none."""
    try:
        if not os.path.isfile(path):
            return b""
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError):
        return b""
