"""Applies suppressions: leaves out the findings that somebody answered in a comment, the configuration or a baseline.

What Heroku's build would do is predicted from all findings: a suppression changes what is reported, never that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.engine.suppress.comments import suppressions_in
from pydeploy_lint.engine.suppress.model import Outcome, Stale, Suppressed, Suppression, Unused

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from pydeploy_lint.engine.filters import Reporting
    from pydeploy_lint.facts.app import App
    from pydeploy_lint.finding import Finding, Span


def review(
    app: App, reporting: Reporting, findings: Iterable[Finding], families: Mapping[str, str], *, complete: bool
) -> Outcome:
    """Leave out what comments, the configuration and the baseline ask for.

    Args:
        app: the app, after the checks have run.
        reporting: the suppressions of the configuration, the baseline, and whether suppressions count at all.
        findings: what they found, in order.
        families: the family of each check that ran.
        complete: whether every check could decide. If not, nothing is called unused or stale.
    """
    suppressions = _suppressions(app, reporting) if reporting.suppressions else []
    undated = [] if reporting.undated else [each for each in suppressions if each.until is None]
    dated = suppressions if reporting.undated else [each for each in suppressions if each.until is not None]
    expired = [each for each in dated if _is_over(each, app.options.as_of)]
    in_force = [each for each in dated if not _is_over(each, app.options.as_of)]
    index = _Index(in_force)
    unused = {Unused(each, name): None for each in in_force if not each.shared for name in each.names or ("",)}
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
    if reporting.baseline:
        reported, known, stale = reporting.baseline.subtract(reported, [each.finding for each in suppressed])
        suppressed = sorted([*suppressed, *known], key=lambda each: each.finding.order)
    return Outcome(
        reported=tuple(reported),
        suppressed=tuple(suppressed),
        unused=tuple(unused) if complete else (),
        expired=tuple(each for each in expired if not each.shared),
        undated=tuple(undated),
        unexplained=tuple(each for each in in_force if each.names and not each.reason),
        stale=stale if complete else (),
        known_names=frozenset(families) | frozenset(families.values()),
    )


def _is_over(suppression: Suppression, as_of: datetime.date) -> bool:
    return suppression.until is not None and suppression.until < as_of


def _suppressions(app: App, reporting: Reporting) -> list[Suppression]:
    comments = (each for source in app.declared.files.tree.sources for each in suppressions_in(source))
    return [*comments, *reporting.suppress]


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
        return [*comments, *(each for each in self._by_pattern if _covers(each, at.path))]


def _covers(suppression: Suppression, path: str) -> bool:
    """Whether a suppression in the configuration is about a path."""
    if suppression.path is None or suppression.path == path:
        return True
    from pydeploy_lint.engine.suppress.configuration import matches

    return matches(suppression.path, path)
