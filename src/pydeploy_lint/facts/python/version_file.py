"""The files that name a Python version, read line by line as the buildpack reads them.

Source: ``lib/python_version.sh`` of the classic Python buildpack, v265 to v351, and GNU sed, bash and file(1) as
its build image has them; the odd cases were measured on the real scripts (2026-08).
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from pydeploy_lint.files.source import Source
from pydeploy_lint.finding import Span
from pydeploy_lint.heroku.policy import Policy

NUMBER = r"(?:0|[1-9][0-9]*)"
VERSION = re.compile(rf"{NUMBER}\.{NUMBER}(?:\.{NUMBER})?")
"""The forms ``N.N`` and ``N.N.N``, without leading zeros."""

SPACE = "\t\v\f\r \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029\u205f\u3000"
"""What ``[[:space:]]`` means in C.UTF-8 (glibc 2.39); no-break spaces are not among it."""

MOST_LINES = 100
"""How many lines with content are looked at; two are too many for every release."""
FILE_HEAD = 65_536
"""Bytes that file(1) looks at to tell the encoding."""
CONTROL_TEXT = frozenset(b"\a\b\t\n\v\f\r\x1b")
ASCII_TEXT = CONTROL_TEXT | frozenset(range(0x20, 0x7F)) | {0x85}
"""The bytes that file(1) takes for text of any encoding."""
UTF7_MARKS = (b"+/v8", b"+/v9", b"+/v+", b"+/v/")


class VersionLine(NamedTuple):
    """A line with visible content that is no comment."""

    text: str
    """Without the white space around it that the build trims."""
    at: Span
    version: str | None
    """The version, such as ``3.13`` or ``3.13.2``; None where the line is not of the right form."""


class VersionFile(NamedTuple):
    """A file that names a Python version, and what the build makes of it."""

    source: Source
    lines: tuple[VersionLine, ...]
    failure_reason: str | None
    """Why the build refuses the file; None where it accepts it."""
    encoding: str | None
    """The name of the encoding that keeps the build from reading the file."""

    @property
    def path(self) -> str:
        """The file's path."""
        return self.source.path

    @property
    def whole(self) -> Span:
        """The first line, which stands for the whole file."""
        return self.source.line_span(1)

    def part(self, line: VersionLine, start: int, end: int) -> Span:
        """A stretch of a line of the file, by offsets in the line's text."""
        first = self.source.offset(line.at.line or 1, line.at.column or 1)
        return self.source.span(first + start, first + end)

    @property
    def accepted(self) -> VersionLine | None:
        """The line that names the version, where the build accepts the file."""
        return self.lines[0] if self.failure_reason is None else None


def read_python_version_file(source: Source, policy: Policy) -> VersionFile:
    """Read a ``.python-version`` as a release does."""
    lines = _visible_lines(source, policy)
    invalid = any(line.version is None for line in lines)
    encoding = unreadable_encoding(source.data) if invalid and policy.rules.names_encodings else None
    if invalid and policy.rules.binary_is_encoding and not encoding and not _is_text(source.data):
        encoding = "binary data"
    if not lines:
        reason = "no-version"
    elif len(lines) > 1 and not (invalid and policy.rules.names_encodings):
        reason = "multiple-versions"
    elif encoding:
        reason = "invalid-encoding"
    else:
        reason = "invalid-version" if invalid else ""
    return VersionFile(source, lines, f"python-version-file::{reason}" if reason else None, encoding)


def read_runtime_txt(source: Source, policy: Policy) -> VersionFile:
    """Read a ``runtime.txt`` as a release does."""
    lines = _visible_lines(source, policy, prefix="python-", comments=policy.rules.runtime_txt_comments)
    version = lines[0].version if len(lines) == 1 else None
    accepted = version is not None and (policy.rules.runtime_txt_series or version.count(".") == 2)
    return VersionFile(source, lines, None if accepted else "runtime-txt::invalid-version", None)


def _visible_lines(
    source: Source, policy: Policy, *, prefix: str = "", comments: bool = True
) -> tuple[VersionLine, ...]:
    space = SPACE if policy.rules.trims_unicode_space else "".join(filter(str.isascii, SPACE))
    if not policy.rules.accepts_crlf:
        space = space.replace("\r", "")
    # The build sees bytes: a byte order mark is part of the first line, UTF-16 is a line full of NULs.
    raw = source.data.decode("utf-8", "surrogateescape")
    mark = "\ufeff" if source.byte_order_mark == codecs.BOM_UTF8 else ""
    lines: list[VersionLine] = []
    start = -len(mark)
    for line in raw.split("\n"):
        if len(lines) == MOST_LINES:
            break
        text = line.strip(space)
        if policy.rules.binary_is_encoding:
            text = text.partition("\0")[0]
            if not text and "\0" in line:
                lines.append(VersionLine(text, source.line_span(1), None))
        if policy.rules.drops_nul:
            text = text.replace("\0", "").strip(space)
        if text and not (comments and text.startswith("#")):
            indent = len(line) - len(line.lstrip(space))
            first, last = max(0, start + indent), max(0, start + len(line.rstrip(space)))
            at = source.span(first, last) if source.encoding == "utf-8" else source.line_span(1)
            version = text.removeprefix(prefix) if text.startswith(prefix) else ""
            lines.append(VersionLine(text, at, version if VERSION.fullmatch(version) else None))
        start += len(line) + 1
    return tuple(lines)


def unreadable_encoding(data: bytes) -> str | None:
    """The encoding that file(1) would name and the build refuses; None for ASCII, UTF-8, binary or tiny files.

    Not imitated: the formats that file(1) recognises by their magic.
    """
    head = data[:FILE_HEAD]
    if len(head) <= 1:
        return None
    if ASCII_TEXT.issuperset(head):
        return "UTF-7" if len(head) > 4 and head.startswith(UTF7_MARKS) else None
    if head.startswith(codecs.BOM_UTF8) and len(head) > 3 and _as_utf8(head[3:]) is not None:
        return "UTF-8 with a byte order mark"
    text = _as_utf8(head)
    if text is not None and not text.isascii():
        return None
    for encoding, marks in (
        ("UTF-32", (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)),
        ("UTF-16", (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)),
    ):
        if head.startswith(marks):
            return encoding if _is_wide_text(head, encoding) else None
    return "ISO-8859" if ASCII_TEXT.union(range(0xA0, 0x100)).issuperset(head) else None


def _is_text(data: bytes) -> bool:
    """Whether file(1) calls a file text in ASCII or UTF-8."""
    head = data[:FILE_HEAD]
    return len(head) > 1 and _as_utf8(head) is not None


def _as_utf8(data: bytes) -> str | None:
    """Text in UTF-8, without a last character that is cut off; None for what is no text, or not in UTF-8."""
    if {byte for byte in data if byte < 0x80} - ASCII_TEXT:
        return None
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return None


def _is_wide_text(data: bytes, encoding: str) -> bool:
    width = 4 if encoding == "UTF-32" else 2
    try:
        text = data[: len(data) // width * width].decode(encoding)
    except UnicodeDecodeError:
        return False
    return all(ord(char) in ASCII_TEXT for char in text if char < "\x80") and "\ufffe" not in text
