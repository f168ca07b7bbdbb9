"""Keeps back the findings that somebody has answered: in a comment, in the configuration, or in a baseline.

What Heroku's build would do is predicted from all findings: a suppression changes what is reported, never that.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from pydeploy_lint.engine.baseline.known import Stale
    from pydeploy_lint.facts.app import App
    from pydeploy_lint.finding import Finding, Span


class Origin(enum.Enum):
    """Where a finding is answered."""

    COMMENT = "comment"
    CONFIGURATION = "configuration"
    BASELINE = "baseline"


class Suppression(NamedTuple):
    """The wish that some findings be kept back."""

    origin: Origin
    names: tuple[str, ...]
    """Checks and families."""
    reason: str
    """Empty where none is given."""
    at: Span | None
    """Where the wish is written; None for a revision that serves as a baseline."""
    line: int | None = None
    """Of a comment: the line that it is about."""
    path: str | None = None
    """In the configuration: the pattern for paths; None: all."""
    until: datetime.date | None = None
    """The last day on which it holds; None: always."""

    def covers(self, path: str) -> bool:
        """Whether one in the configuration is about a path."""
        if self.path is None or self.path == path:
            return True
        from pydeploy_lint.engine.suppress.configuration import matches

        return matches(self.path, path)


class Suppressed(NamedTuple):
    """A finding that is kept back."""

    finding: Finding
    by: Suppression


class Unused(NamedTuple):
    """A name in a suppression that no finding answers to."""

    suppression: Suppression
    name: str
    """Empty where the suppression names nothing."""


class Outcome(NamedTuple):
    """What became of an app's findings."""

    reported: tuple[Finding, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    unused: tuple[Unused, ...] = ()
    expired: tuple[Suppression, ...] = ()
    unexplained: tuple[Suppression, ...] = ()
    """Suppressions without a reason."""
    stale: tuple[Stale, ...] = ()
    """Entries of the baseline that no finding answers to."""
    known_names: frozenset[str] = frozenset()
    """The checks that ran, and their families."""


def review(app: App, findings: Iterable[Finding], families: Mapping[str, str], *, complete: bool) -> Outcome:
    """Keep back what comments, the configuration and the baseline of an app's options ask for.

    Args:
        app: the app, after the checks have run.
        findings: what they found, in order.
        families: the family of each check that ran.
        complete: whether every check could decide. If not, nothing is called unused or stale.
    """
    suppressions = _suppressions(app) if app.options.suppressions else []
    expired = [each for each in suppressions if each.until and each.until < app.options.as_of]
    in_force = [each for each in suppressions if each not in expired]
    index = _Index(in_force)
    unused = {Unused(each, name): None for each in in_force for name in each.names or ("",)}
    reported: list[Finding] = []
    suppressed: list[Suppressed] = []
    for finding in findings:
        answers = (finding.check, families.get(finding.check))
        by = [Unused(each, name) for each in index.about(finding.at) for name in each.names if name in answers]
        for used in by:
            unused.pop(used, None)
        if by:
            suppressed.append(Suppressed(finding, by[0].suppression))
        else:
            reported.append(finding)
    stale: tuple[Stale, ...] = ()
    if app.options.baseline:
        reported, known, stale = app.options.baseline.subtract(reported, [each.finding for each in suppressed])
        suppressed = sorted([*suppressed, *known], key=lambda each: each.finding.order)
    return Outcome(
        reported=tuple(reported),
        suppressed=tuple(suppressed),
        unused=tuple(unused) if complete else (),
        expired=tuple(expired),
        unexplained=tuple(each for each in in_force if each.names and not each.reason),
        stale=stale if complete else (),
        known_names=frozenset(families) | frozenset(families.values()),
    )


def _suppressions(app: App) -> list[Suppression]:
    from pydeploy_lint.engine.suppress.comments import suppressions_in

    return [*(each for source in app.tree.sources for each in suppressions_in(source)), *app.options.suppress]


class _Index:
    """Finds the suppressions for a place; a hostile file may hold as many comments as findings."""

    def __init__(self, suppressions: Iterable[Suppression]) -> None:
        self._by_line: dict[tuple[str, int], list[Suppression]] = {}
        self._by_pattern: list[Suppression] = []
        for each in suppressions:
            if each.at and each.line:
                self._by_line.setdefault((each.at.path, each.line), []).append(each)
            else:
                self._by_pattern.append(each)

    def about(self, at: Span) -> list[Suppression]:
        """Those of comments come first."""
        comments = self._by_line.get((at.path, at.line), []) if at.line else []
        return [*comments, *(each for each in self._by_pattern if each.covers(at.path))]
