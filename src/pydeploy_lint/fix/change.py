"""What becomes of a file."""

from __future__ import annotations

from typing import NamedTuple


class Change(NamedTuple):
    """What becomes of a file."""

    old: bytes | None
    """The content that was there; None where there was no file."""
    new: bytes | None
    """The content to come; None where the file is deleted."""
    moved_from: str | None = None
    """The deleted file that lives on here."""
    executable: bool = False
    """Whether the file, or that from which it is moved, may be executed."""
