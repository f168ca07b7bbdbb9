"""The texts by which lines of a log are recognised, and what is known of each: ``errors.json``.

That file alone decides what a log means. The reader of logs, ``--explain`` and the pages in ``docs/errors`` are made
from it.
"""

from __future__ import annotations

import enum
import re
from functools import cache
from shlex import quote
from typing import Any, NamedTuple

from pydeploy_lint.engine.check import SITE
from pydeploy_lint.files.data.package_data import load_json
from pydeploy_lint.heroku.steps import Step

PAGES = f"{SITE}errors/"
STEPS = {
    "PUSH": "pushing the code",
    **{step.name: step.doing for step in Step},
    "LAUNCH": "packing and releasing the app",
    "RELEASE": "running the release command",
    "RUN": "running the app",
}
"""The steps of a deploy in order, those of the build and those around it, and what happens in each."""
HOOKS = ("PRE_COMPILE", "POST_COMPILE")
"""The steps in which the app's own scripts run, where any program can fail."""
PLACEHOLDER = re.compile(r"\{(\w+)\}")
GROUP = re.compile(r"\(\?P<\w+>")


class Kind(enum.Enum):
    """What it means that a line is there."""

    STOP = "stop"
    """The build stops; the line says at which step."""
    CAUSE = "cause"
    """A program of the build or the app says why it failed."""
    WARNING = "warning"
    """The build goes on."""
    CODE = "code"
    """Heroku's router or the dyno manager reports an error of the running app."""


class ErrorText(NamedTuple):
    """A text that a deploy can print, and what is known of it."""

    id: str
    kind: Kind
    title: str
    text: str
    """An example of the line, as far as it is needed to recognise it."""
    what: str
    """What happened; names in braces stand for groups of the pattern."""
    fix: str
    """How to fix it; lines that begin with spaces are commands."""
    checks: tuple[str, ...]
    """The checks that find it in the files, the likeliest first."""
    steps: tuple[str, ...]
    """Where it occurs, as keys of `STEPS`; empty: anywhere."""
    source: str
    date: str
    """As of when the source says so, as an ISO date."""
    pattern: str = ""
    """Matches the line from its start; empty for a code."""
    code: str | None = None
    """Such as ``H10``."""
    reason: str | None = None
    """The buildpack's own name for the failure."""
    since: str | None = None
    until: str | None = None
    """The first and the last release of the buildpack that prints it; None: unknown, or not printed by it."""
    general: bool = False
    """Whether the line says only that something failed, and others say what."""

    def match(self, line: str) -> dict[str, str] | None:
        """The named parts of a line that is this text; None for another line."""
        found = _compiled(self.pattern).match(line) if self.pattern else None
        return found and {name: value for name, value in found.groupdict().items() if value is not None}

    @property
    def example(self) -> dict[str, str]:
        """The named parts of `text`."""
        return self.match(self.text) or {}

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"{PAGES}{self.id}/"


class Mark(NamedTuple):
    """A line that tells how far the build is, or a fact about it."""

    pattern: str
    step: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    """What the line means beyond its named groups, such as the package manager."""
    begins: bool = False
    """Whether a build begins."""
    built: bool = False
    """Whether the build has succeeded by then."""
    released: bool = False
    """Whether the app has been released by then."""

    def match(self, line: str) -> dict[str, str] | None:
        """The facts in a line that is this mark; None for another line."""
        found = _compiled(self.pattern).match(line)
        if found is None:
            return None
        return {**dict(self.facts), **{name: value for name, value in found.groupdict().items() if value is not None}}


class Texts(NamedTuple):
    """All that is known of the lines of logs."""

    marks: tuple[Mark, ...]
    errors: tuple[ErrorText, ...]
    """The more specific ones first."""
    any_of_them: re.Pattern[str]
    """Matches what one of them matches; most lines are none, and this is soon known."""

    @property
    def by_code(self) -> dict[str, ErrorText]:
        """The codes that Heroku reports for running apps."""
        return {each.code: each for each in self.errors if each.code}

    def of_reason(self, reason: str) -> tuple[ErrorText, ...]:
        """The texts with which the build stops for a reason."""
        stops = tuple(each for each in self.errors if each.reason == reason and each.kind is Kind.STOP)
        return stops or tuple(each for each in self.errors if each.reason == reason)


@cache
def load() -> Texts:
    """The content of ``errors.json``."""
    data = load_json(__file__, "errors.json")
    marks, errors = tuple(map(_mark, data["marks"])), tuple(map(_error, data["errors"]))
    patterns = [*(each.pattern for each in errors if each.pattern), *(each.pattern for each in marks)]
    return Texts(marks, errors, re.compile("|".join(GROUP.sub("(?:", f"(?:{pattern})") for pattern in patterns)))


def filled(text: str, parts: dict[str, str]) -> str:
    """A text with the parts of the line where it names them; in a command they are quoted for the shell."""
    quoted = {name: quote(value) for name, value in parts.items()}
    return "\n".join(_filled(line, quoted if line.startswith(" ") else parts) for line in text.split("\n"))


def _filled(line: str, parts: dict[str, str]) -> str:
    return PLACEHOLDER.sub(lambda match: parts.get(match[1], match[0]), line)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _mark(row: dict[str, Any]) -> Mark:
    known = {name: row[name] for name in Mark._fields if name in row}
    return Mark(**known, facts=tuple((name, value) for name, value in row.items() if name not in known))


def _error(row: dict[str, Any]) -> ErrorText:
    row = {"since" if name == "from" else name: value for name, value in row.items()}
    lists = {name: tuple(row[name]) for name in ("checks", "steps")}
    return ErrorText(**{**row, **lists, "kind": Kind(row["kind"])})
