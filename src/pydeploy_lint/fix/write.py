"""Puts changed files on the disk: all of them, or none.

Every new content, and a copy of every old one, is a draft on the disk before the first file is replaced. So a full
disk or a missing permission is met while nothing has changed, and what fails later is undone by moving the copies
back. So is what was done when a signal to end comes between. A process that is killed at once may leave some files
old and some new, and none half; the same fixes, made again, finish its work.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
from typing import TYPE_CHECKING

from pydeploy_lint.files.writing.write import Drafts, check_interrupted, check_writable, reason_of, uninterrupted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydeploy_lint.fix.change import Change


class WriteError(Exception):
    """The files could not be changed; the message names the one that failed, and how the files are now."""


def write_changes(apps: Mapping[str, Mapping[str, Change]]) -> None:
    """Change files of apps.

    Args:
        apps: what becomes of each file, by its path in the app, by the app's directory.

    Raises:
        WriteError: one of them cannot be changed, or is no longer as it was read. Unless the message says otherwise,
            all are as they were.
    """
    with uninterrupted(), contextlib.ExitStack() as stack:
        steps = [
            (_turn(path, changes), _Step(root, path, change, drafts))
            for root, changes in apps.items()
            for drafts in [stack.enter_context(Drafts(root))]
            for path, change in changes.items()
        ]
        _do([step for _, step in sorted(steps, key=lambda pair: (pair[0], pair[1].path))])


def _do(steps: list[_Step]) -> None:
    begun: list[_Step] = []
    current = ""
    try:
        for step in steps:
            current = step.path
            step.prepare()
        for step in steps:
            current = step.path
            check_interrupted()
            step.verify()
            begun.append(step)
            step.commit()
        check_interrupted()
    except BaseException as error:
        kept = [text for step in reversed(begun) for text in step.undo()]
        if kept or isinstance(error, OSError):
            reason = (reason_of(error) if isinstance(error, OSError) else str(error)) or "interrupted"
            state = "; ".join(kept) or "no file was changed"
            raise WriteError(f"{current} cannot be changed: {reason[0].lower()}{reason[1:]}; {state}") from error
        raise


def _turn(path: str, changes: Mapping[str, Change]) -> int:
    """Files are deleted last, so that what moves is never missing; but a name that only changes in case goes first.

    A file system that does not tell the cases apart would delete the new file by its old name.
    """
    if changes[path].new is not None:
        return 1
    return 0 if path.casefold() in (other.casefold() for other in changes if other != path) else 2


class _Step:
    """The change of one file, in two parts: what can fail for many reasons, and what hardly fails."""

    def __init__(self, root: str, path: str, change: Change, drafts: Drafts) -> None:
        self.path = os.path.join(root, path)
        self._target = pathlib.Path(self.path)
        self._origin = self._target if change.moved_from is None else pathlib.Path(root, change.moved_from)
        self._old, self._new = change.old, change.new
        self._drafts = drafts
        self._replacement: pathlib.Path | None = None
        self._backup: pathlib.Path | None = None

    def prepare(self) -> None:
        """Write all that the commit and its undoing need."""
        self.verify()
        if self._old is not None:
            check_writable(self._target)
            self._backup = self._drafts.write(self._old, self._target)
        if self._new is not None:
            self._replacement = self._drafts.write(self._new, self._origin if self._origin.exists() else None)

    def verify(self) -> None:
        """Look whether the file is as it was when its new content was made.

        Raises:
            OSError: it is not.
        """
        if self._content() != self._old:
            raise OSError("it has changed since it was read")

    def _content(self) -> bytes | None:
        if self._target.is_symlink():
            raise OSError("it is a symbolic link")
        return self._target.read_bytes() if os.path.lexists(self._target) else None

    def commit(self) -> None:
        """Replace, create or delete the file."""
        if self._replacement:
            self._replacement.replace(self._target)
        else:
            self._target.unlink()

    def undo(self) -> list[str]:
        """Make the file what it was, whether or not the commit got through, unless it is somebody else's by now.

        Returns:
            What is not as it was.
        """
        try:
            now = self._content()
            if now == self._old:
                return []
            if now != self._new:
                return [f"{self.path} was changed by another program since, and is left as that made it"]
            if self._backup:
                self._backup.replace(self._target)
            else:
                self._target.unlink()
        except OSError as error:
            rest = f", its old content is in {self._drafts.keep(self._backup)}" if self._backup else ""
            return [f"{self.path} cannot be restored ({reason_of(error).lower()}){rest}"]
        return []
