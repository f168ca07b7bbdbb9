"""Where each ``[[package]]`` of a lock has its name, found without reading what is between them.

uv and Poetry write a lock in one form only: the header on a line of its own, and the name on the next one. A lock in
any other form is left to the positions of all its values, which take far longer to find.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pydeploy_lint.files.formats.tables import array, member

if TYPE_CHECKING:
    from pydeploy_lint.files.formats.documents import Document
    from pydeploy_lint.finding import Span

HEADER = "\n[[package]]\nname = "
ANY_HEADER = "[[package]]"


def name_span(lock: Document, index: int) -> Span:
    """The place of the name of a package, as `Document.span` gives it.

    Args:
        lock: a uv.lock or poetry.lock.
        index: which of its packages.
    """
    found = name_offset(lock, index)
    return lock.span("package", index, "name") if found is None else lock.source.span(*found)


def name_offset(lock: Document, index: int) -> tuple[int, int] | None:
    """Where the name of a package begins and ends in the text, in its quotes; None where the lock has another form."""
    packages = array(lock.get("package"))
    name = member(packages[index], "name") if index < len(packages) else None
    starts = _starts(lock.source.text)
    if starts is None or len(starts) != len(packages) or not isinstance(name, str):
        return None
    written = f'"{name}"'
    start = starts[index]
    return (start, start + len(written)) if lock.source.text.startswith(written, start) else None


@lru_cache(maxsize=2)
def _starts(text: str) -> tuple[int, ...] | None:
    """Where the names begin; None where there are headers in another form."""
    starts, at = [], text.find(HEADER)
    while at >= 0:
        starts.append(at + len(HEADER))
        at = text.find(HEADER, at + len(HEADER))
    return tuple(starts) if text.count(ANY_HEADER) == len(starts) else None
