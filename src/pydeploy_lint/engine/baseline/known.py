"""The findings that are known already, so that only new ones are reported.

A finding is known by its check, its path and the text of its line, not by the line's number. Equal ones are counted.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pydeploy_lint.engine.suppress.model import Identity, Origin, Stale, Suppressed, Suppression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydeploy_lint.finding import Finding, Span


def count_by_identity(findings: Iterable[Finding]) -> Counter[Identity]:
    """How many findings there are of each identity."""
    return Counter(map(Identity.of, findings))


class Baseline:
    """What is known of one app."""

    def __init__(
        self,
        known: Mapping[Identity, int],
        source: str,
        at: Span | None = None,
        place: Callable[[Identity], Span] | None = None,
    ) -> None:
        """Remember findings.

        Args:
            known: how many there are of each.
            source: a file or a revision.
            at: the file, as seen from the app; None for a revision.
            place: where the entry of a file is; without it, none is ever stale.
        """
        self._known = known
        self._source = source
        self._at = at
        self._place = place

    def subtract(
        self, findings: Iterable[Finding], suppressed: Iterable[Finding]
    ) -> tuple[list[Finding], list[Suppressed], tuple[Stale, ...]]:
        """Split findings into new ones and known ones; and the entries that are left over.

        Args:
            findings: what would be reported without the baseline.
            suppressed: what is suppressed otherwise. It needs no entry, but one that it has is not stale.
        """
        left = Counter(self._known)
        new: list[Finding] = []
        known: list[Suppressed] = []
        for finding in findings:
            identity = Identity.of(finding)
            if left[identity]:
                left[identity] -= 1
                reason = f"known in {self._source}"
                known.append(Suppressed(finding, Suppression(Origin.BASELINE, (finding.check,), reason, self._at)))
            else:
                new.append(finding)
        left.subtract(count_by_identity(suppressed))
        place = self._place
        return new, known, tuple(Stale(each, count, place(each)) for each, count in left.items() if count > 0 and place)
