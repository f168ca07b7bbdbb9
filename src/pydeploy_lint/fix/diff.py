"""Patches in the format of ``git diff``, which ``git apply`` and ``patch -p1`` accept; bytes, as files are bytes."""

from __future__ import annotations

import difflib
import itertools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydeploy_lint.fix.change import Change

UNUSUAL = re.compile(rb'[\x00-\x1f"\\\x7f]')
"""The bytes for which git puts a path in quotes."""
NO_LINE_END = b"\n\\ No newline at end of file\n"


def patch(changes: Mapping[str, Change]) -> bytes:
    """The patch that makes the changes.

    Args:
        changes: by path, relative to where the patch will be applied; a file that moves is there under both names.
    """
    moved = {change.moved_from for change in changes.values()}
    return b"".join(
        part for path, change in changes.items() if path not in moved for part in _file(path, change, changes)
    )


def _file(path: str, change: Change, changes: Mapping[str, Change]) -> Iterator[bytes]:
    origin = change.moved_from or path
    old = changes[origin].old if change.moved_from else change.old
    new = change.new
    old_name, new_name = _quoted("a/" + origin), _quoted("b/" + path)
    yield b"diff --git %s %s\n" % (old_name, new_name)
    mode = b"100755" if change.executable else b"100644"
    if change.moved_from:
        yield b"rename from %s\nrename to %s\n" % (_quoted(origin), _quoted(path))
    elif old is None:
        yield b"new file mode %s\n" % mode
        old_name = b"/dev/null"
    elif new is None:
        yield b"deleted file mode %s\n" % mode
        new_name = b"/dev/null"
    # A tab ends a name that has a space in it.
    headers = b"--- %s%s\n+++ %s%s\n" % (old_name, b"\t" * (b" " in old_name), new_name, b"\t" * (b" " in new_name))
    hunks = itertools.islice(difflib.diff_bytes(difflib.unified_diff, _lines(old), _lines(new)), 2, None)
    for number, line in enumerate(hunks):
        yield headers if number == 0 else b""
        yield line if line.endswith(b"\n") else line + NO_LINE_END


def _lines(content: bytes | None) -> list[bytes]:
    """The lines with their ends; only LF ends a line."""
    return re.findall(rb"[^\n]*\n|[^\n]+", content or b"")


def _quoted(path: str) -> bytes:
    raw = path.encode("utf-8", "surrogateescape")
    if not UNUSUAL.search(raw):
        return raw
    return b'"%s"' % UNUSUAL.sub(lambda match: b"\\%03o" % match[0][0], raw)
