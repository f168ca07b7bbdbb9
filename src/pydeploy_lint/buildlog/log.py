"""What a log says of the last build in it."""

from __future__ import annotations

import enum
import re
from typing import NamedTuple

from pydeploy_lint.buildlog.texts import STEPS, ErrorText, filled

RELEASE = re.compile(r"[#@](v\d+)$")
"""The release of the buildpack that the address of one may end with."""
CACHED, DEFAULT = "cached", "default"


class Outcome(enum.Enum):
    """How the last build of a log ended."""

    FAILED = "failed"
    BUILT = "built"
    RUN_ERRORS = "run-errors"
    """It is about an app that runs, or tried to, and has errors."""
    UNFINISHED = "unfinished"
    """The log ends before the build does."""
    UNKNOWN = "unknown"
    """There is no build in the log, as far as pydeploy-lint can see."""


class Sighting(NamedTuple):
    """A known text in a log."""

    error: ErrorText
    line: int
    text: str
    """The line, without what was added on the way from the build to the log."""
    parts: dict[str, str]
    """The named parts of the line."""
    step: str | None
    """The step of the deploy that it belongs to, a key of `STEPS`; None: unknown."""
    times: int = 1
    """How often it is in the log."""

    @property
    def what(self) -> str:
        """What happened."""
        return filled(self.error.what, self.parts)

    @property
    def fix(self) -> str:
        """How to fix it."""
        return filled(self.error.fix, self.parts)

    @property
    def reason(self) -> str | None:
        """The buildpack's name for the failure; an exception has one only in the step that collects static files."""
        reason = self.error.reason
        if reason and reason.startswith("collectstatic") and self.step not in ("COLLECTSTATIC", None):
            return None
        return reason


class Unknown(NamedTuple):
    """A line that looks like an error and is no known text."""

    line: int
    text: str


class Facts(NamedTuple):
    """What a build says of itself; None where it does not."""

    buildpacks: tuple[str, ...] = ()
    stack: str | None = None
    python_requested: str | None = None
    python_origin: str | None = None
    """The file that asks for the version, `CACHED` or `DEFAULT`."""
    python: str | None = None
    """The version that was installed."""
    cache: str | None = None
    """``restored`` or ``discarded``."""
    discarded: tuple[str, ...] = ()
    """Why the cache was discarded."""
    manager: str | None = None
    """The package manager, such as ``pip``."""
    manager_version: str | None = None
    command: str | None = None
    """The command that installs the dependencies."""

    @property
    def release(self) -> str | None:
        """The release of the buildpack; builds print it only as a part of its address."""
        found = (RELEASE.search(each) for each in self.buildpacks if "python" in each)
        return next((match[1] for match in found if match), None)


class BuildLog(NamedTuple):
    """What a log says of the last build in it."""

    path: str
    lines: int
    left_out: int
    """How many bytes in the middle were not looked at."""
    builds: int
    outcome: Outcome
    step: str | None
    """The step that failed, or else the last that was reached: a key of `STEPS`; None: unknown."""
    facts: Facts
    stop: Sighting | None
    """The line with which the build says that it stops."""
    causes: tuple[Sighting, ...]
    """The lines that say why, the first one first; general ones only where there are no others."""
    warnings: tuple[Sighting, ...]
    codes: tuple[Sighting, ...]
    """What Heroku reports of the running app, the commonest first."""
    unknown: tuple[Unknown, ...]

    @property
    def explained(self) -> tuple[Sighting, ...]:
        """What explains the outcome, the most telling first."""
        said = (self.stop,) if self.stop and not (self.stop.error.general and self.causes) else ()
        return (*self.causes, *said) if self.outcome is not Outcome.RUN_ERRORS else (*self.causes, *self.codes)

    @property
    def is_explained(self) -> bool:
        """Whether a line says more than that something failed."""
        return bool(self.causes) or not (self.stop and self.stop.error.general)

    @property
    def reason(self) -> str | None:
        """The buildpack's name for the failure: that of the cause is the more exact one."""
        if self.outcome is not Outcome.FAILED:
            return None
        reasons = (each.reason for each in (*self.causes[:1], self.stop) if each and each.reason)
        known = next((each for each in reasons if self.step == "COLLECTSTATIC" or "collectstatic" not in each), None)
        if known is None and self.step == "INSTALLATION" and self.facts.manager:
            # Older releases stop here without a word of their own.
            return f"install-dependencies::{self.facts.manager}"
        return known

    @property
    def doing(self) -> str | None:
        """What happens in the step."""
        return STEPS[self.step] if self.step else None

    @property
    def last_python(self) -> str | None:
        """The Python that the next build keeps if no file names one; None where the log does not say it.

        The build's cache has it: that of the build before, or, after a success, its own.
        """
        facts = self.facts
        if self.outcome is Outcome.BUILT and facts.python:
            return facts.python
        if facts.python_origin == CACHED:
            return facts.python_requested
        return facts.python if facts.cache == "restored" else None
