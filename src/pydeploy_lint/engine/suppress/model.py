"""The words of suppressions and baselines: who answered which finding, where, and what became of it."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime

    from pydeploy_lint.finding import Finding, Span

LONGEST_CONTENT = 200
"""Characters; of a longer line, such as that of a lock file on one line, only the reported part counts."""


class Origin(enum.Enum):
    """Where a finding is answered."""

    COMMENT = "comment"
    CONFIGURATION = "configuration"
    BASELINE = "baseline"


class Suppression(NamedTuple):
    """A request not to report some findings."""

    origin: Origin
    names: tuple[str, ...]
    """Checks and families."""
    reason: str
    """Empty where none is given."""
    at: Span | None
    """Where the request is written; None for a revision that serves as a baseline."""
    line: int | None = None
    """Of a comment: the line that it is about."""
    path: str | None = None
    """In the configuration: the pattern for paths; None: all."""
    until: datetime.date | None = None
    """The last day on which it holds; None: always."""
    shared: bool = False
    """Whether it is for several apps, some of which it is not about."""


class Suppressed(NamedTuple):
    """A finding that is not reported."""

    finding: Finding
    by: Suppression


class Unused(NamedTuple):
    """A suppressed name that matched nothing."""

    suppression: Suppression
    name: str
    """Empty where the suppression names nothing."""


class Identity(NamedTuple):
    """What makes a finding the same after other lines have changed."""

    check: str
    path: str
    content: str | None
    """The text of its line; None where it is about a whole file, perhaps a missing one."""

    @classmethod
    def of(cls, finding: Finding) -> Identity:
        """The identity of a finding."""
        line, at = finding.source_line, finding.at
        if line is not None and at.column is not None and len(line) > LONGEST_CONTENT:
            end = at.end_column - 1 if at.end_column is not None and at.end_line == at.line else None
            line = line[at.column - 1 : end][:LONGEST_CONTENT]
        return cls(finding.check, _as_read(at.path), None if line is None else _as_read(line.strip()))


def _as_read(text: str) -> str:
    """A text as it comes back from a JSON file, in which a half of a surrogate pair becomes U+FFFD.

    Such a half stands for a byte that is no UTF-8.
    """
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class Stale(NamedTuple):
    """An entry of a baseline file that expects more findings than there are."""

    identity: Identity
    missing: int
    at: Span


class Outcome(NamedTuple):
    """What became of an app's findings."""

    reported: tuple[Finding, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    unused: tuple[Unused, ...] = ()
    expired: tuple[Suppression, ...] = ()
    undated: tuple[Suppression, ...] = ()
    """Suppressions that do not count, as they have no end and must have one."""
    unexplained: tuple[Suppression, ...] = ()
    """Suppressions without a reason."""
    stale: tuple[Stale, ...] = ()
    """Entries of the baseline that matched nothing."""
    known_names: frozenset[str] = frozenset()
    """The checks that ran, and their families."""
