"""Brings the lines of a log into the form in which the build printed them.

On their way they get colours, the ``remote:`` of git, times, the names of jobs and of Heroku's processes.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

LONGEST = 2000
"""Characters; what is known of a line is at its start."""
CONTROL = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-_]?")
PREFIX = re.compile(
    r"""
    remote:(?:\s|$)                                                       # git push
    | \d+\s+(?=remote:)                                                   # the line numbers of a CI page
    | [^\t]{1,80}\t[^\t]{1,80}\t(?=\ufeff?\d{4}-)                          # gh run view --log: job, step
    | \ufeff
    | \#\d+\s+(?:\d+\.\d+\s)?                                             # docker build: step, seconds
    | \[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|\ ?[+-]\d\d:?\d\d|\ UTC)?\]?:?(?:\s|$)  # a date, a time
    | \[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]?(?:\s|$)                              # a time
    | [|│>](?:\s|$)                                                       # a quotation, the frame around a message
    | \#\#\[(?:error|warning)\]                                           # GitHub Actions
    """,
    re.VERBOSE,
)
PROCESS = re.compile(r"(?:app|heroku)[\[/](?P<name>[\w.-]+)\]?:(?:\s|$)")
"""Who says something in ``heroku logs``: ``app[web.1]:``, ``heroku[router]:``."""
BANG = re.compile(r"!(?:\s+(?!\[)|$)")
"""How the build begins the lines of errors and warnings; git's own ``! [remote rejected]`` keeps its mark."""
TAG = re.compile(r"</?(?:b|br|code|div|em|font|i|li|p|pre|span|strong)\b[^<>]*>", re.IGNORECASE)
"""What a log has around its colours where it was copied from a page."""
MOST_PREFIXES = 8


class Line(NamedTuple):
    """A line of a log."""

    number: int
    text: str
    """Without what was added on the way, and without the space around it."""
    process: str | None
    """The process that says it in ``heroku logs``, such as ``web.1`` or ``router``."""


def clean(number: int, raw: str) -> Line:
    """A line without what was added on the way from the build to the log.

    Args:
        number: of the line, from 1.
        raw: the line without its end; a carriage return in it overwrites what is before it.
    """
    shown = [part for part in CONTROL.sub("", raw[:LONGEST]).split("\r") if part.strip()]
    text = _without_markup(shown[-1]).strip() if shown else ""
    process = None
    for _ in range(MOST_PREFIXES):
        if found := PROCESS.match(text):
            process = found["name"]
        found = found or PREFIX.match(text) or BANG.match(text)
        if not found or not found.end():
            break
        text = text[found.end() :].lstrip()
    return Line(number, text, process)


def _without_markup(text: str) -> str:
    return html.unescape(TAG.sub("", text)) if "<" in text or "&" in text else text
