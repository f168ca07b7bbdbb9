"""Puts changed files on the disk: all of them, or none.

Every new content, and a copy of every old one, is written beside its file and on the disk before the first file is
replaced. So a full disk or a missing permission is met while nothing has changed, and what fails later is undone by
moving the copies back. Replacing a file is a single step for the file system: whoever looks finds the old content or
the new one.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
from typing import TYPE_CHECKING

from pydeploy_lint.files.write import check_writable, write_beside

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydeploy_lint.fix.change import Change


class WriteError(Exception):
    """The files could not be changed; the message names the one that failed, and how the files are now."""


def write_changes(changes: Mapping[str, Change]) -> None:
    """Change files, by their paths on disk.

    Raises:
        WriteError: one of them cannot be changed, or is no longer as it was read. Unless the message says otherwise,
            all are as they were.
    """
    steps = [_Step(path, changes[path]) for path in sorted(changes, key=lambda path: (_turn(path, changes), path))]
    begun: list[_Step] = []
    current = ""
    try:
        for step in steps:
            current = step.path
            step.prepare()
        for step in steps:
            current = step.path
            step.verify()
            begun.append(step)
            step.commit()
    except BaseException as error:
        kept = [text for step in reversed(begun) for text in step.undo()]
        if kept or isinstance(error, OSError):
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error) or "interrupted"
            state = "; ".join(kept) or "no file was changed"
            raise WriteError(f"{current} cannot be changed: {reason.lower()}; {state}") from error
        raise
    finally:
        for step in steps:
            step.clean()


def _turn(path: str, changes: Mapping[str, Change]) -> int:
    """Files are deleted last, so that what moves is never missing; but a name that only changes in case goes first.

    A file system that does not tell the cases apart would delete the new file by its old name.
    """
    if changes[path].new is not None:
        return 1
    return 0 if path.casefold() in (other.casefold() for other in changes if other != path) else 2


class _Step:
    """The change of one file, in two parts: what can fail for many reasons, and what hardly fails."""

    def __init__(self, path: str, change: Change) -> None:
        self.path = path
        self._change = change
        self._target = pathlib.Path(path)
        self._replacement: pathlib.Path | None = None
        self._backup: pathlib.Path | None = None

    def prepare(self) -> None:
        """Write all that the commit and its undoing need."""
        self.verify()
        old, new, moved_from, _ = self._change
        mode_of = pathlib.Path(moved_from or self.path) if old is not None or moved_from else None
        if old is not None:
            check_writable(self._target)
            self._backup = write_beside(self._target, "old", old, mode_of=mode_of)
        if new is not None:
            self._replacement = write_beside(self._target, "new", new, mode_of=mode_of)

    def verify(self) -> None:
        """Look whether the file is as it was when its new content was made.

        Raises:
            OSError: it is not.
        """
        if self._target.is_symlink():
            raise OSError("it is a symbolic link")
        content = self._target.read_bytes() if os.path.lexists(self._target) else None
        if content != self._change.old:
            raise OSError("it has changed since it was read")

    def commit(self) -> None:
        """Replace, create or delete the file."""
        if self._replacement:
            self._replacement.replace(self._target)
        else:
            self._target.unlink()

    def undo(self) -> list[str]:
        """Make the file what it was, whether or not the commit got through; tell of an old content left elsewhere."""
        try:
            if self._backup:
                self._backup.replace(self._target)
            else:
                self._target.unlink(missing_ok=True)
        except OSError as error:
            backup, self._backup = self._backup, None
            rest = f", its old content is in {backup.name}" if backup else ""
            return [f"{self.path} cannot be restored ({(error.strerror or str(error)).lower()}){rest}"]
        return []

    def clean(self) -> None:
        """Remove what was written beside the file."""
        for path in (self._replacement, self._backup):
            if path:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
