"""The Python version that a Pipfile.lock asks for, as the buildpack reads it with jq 1.7.1.

Source: ``python_version::read_pipenv_python_version`` of the classic buildpack; the odd cases were measured on the
real jq (2026-08). Its own dialect of numbers (``.5``, ``+1``, ``03``) is not imitated.
"""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from pydeploy_lint.facts.python.version_file import VERSION
from pydeploy_lint.files.source import Source

FIELDS = ("python_full_version", "python_version")
MAX_DEPTH = 256
LONE_SURROGATE = re.compile(r"(?<!\\)(?:\\\\)*\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})")
STRING = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', re.DOTALL)
"""One that does not end goes on to the end of the text."""
SPACE = re.compile(r"[ \t\r\n]*")


class LockRequest(NamedTuple):
    """What the lock says of Python; ``version`` and ``failure_reason`` are both None where it says nothing."""

    version: str | None = None
    field: str | None = None
    """The key under ``_meta.requires``."""
    failure_reason: str | None = None
    found: str | None = None
    """The text that is no version."""


class _Number(str):
    """A JSON number as it is written."""

    __slots__ = ()


def read_lock_request(source: Source) -> LockRequest:
    """Read the version request of a Pipfile.lock."""
    text = source.data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    try:
        documents = _documents(text)
        outputs = [_query(document) for document in documents]
    except (RecursionError, ValueError):
        return LockRequest(failure_reason="pipfile-lock::invalid-json")
    if len(outputs) != 1:
        return LockRequest(failure_reason="pipfile-lock::invalid-version", found="")
    value, field = outputs[0]
    shown = _printed(value).replace("\0", "").rstrip("\n")
    if shown == "null":
        return LockRequest()
    if VERSION.fullmatch(shown):
        return LockRequest(version=shown, field=field)
    return LockRequest(field=field, failure_reason="pipfile-lock::invalid-version", found=shown)


def _constant(name: str) -> _Number:
    """``NaN`` and the infinities, which are numbers for jq; it prints the first as null."""
    return _Number("null" if name == "NaN" else name)


def _documents(text: str) -> list[object]:
    if LONE_SURROGATE.search(text):
        raise ValueError("half a surrogate pair")
    if text.count("[") + text.count("{") > MAX_DEPTH:
        _check_depth(text)
    decoder = json.JSONDecoder(parse_float=_Number, parse_int=_Number, parse_constant=_constant)
    documents = []
    offset = _after_space(text, 0)
    while offset < len(text):
        document, end = decoder.raw_decode(text, offset)
        documents.append(document)
        offset = _after_space(text, end)
    return documents


def _after_space(text: str, offset: int) -> int:
    space = SPACE.match(text, offset)
    assert space is not None
    return space.end()


def _check_depth(text: str) -> None:
    depth = 0
    for char in STRING.sub("", text):
        if char in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError("nested too deeply")
        elif char in "]}":
            depth -= 1


def _query(document: object) -> tuple[object, str | None]:
    """The value and its field, as ``//`` in the filter of the buildpack finds it."""
    requires = _member(_member(document, "_meta"), "requires")
    for field in FIELDS:
        value = _member(requires, field)
        if value is not None and value is not False:
            return value, field
    return value, field


def _member(value: object, key: str) -> object:
    if value is None:
        return None
    if isinstance(value, dict):
        return value.get(key)
    raise ValueError(f"cannot look for {key!r} in something that is no object")


def _printed(value: object) -> str:
    """A value as ``jq --raw-output`` prints it, as far as it can matter."""
    if isinstance(value, str):
        return value
    return json.dumps(value)
