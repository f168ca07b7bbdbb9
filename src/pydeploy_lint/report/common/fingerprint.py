"""Fingerprints, by which services recognise a finding after other lines have changed."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.engine.suppress.model import Identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.engine.result import AppReport
    from pydeploy_lint.engine.suppress.model import Suppression
    from pydeploy_lint.finding import Finding
    from pydeploy_lint.report.common.paths import RepositoryPaths


class Fingerprinted(NamedTuple):
    """A finding, and what makes it the same in the next run."""

    finding: Finding
    suppression: Suppression | None
    """Why it is suppressed; None where it is reported."""
    fingerprint: str
    """A hexadecimal number, of which a report holds no two alike."""


class Fingerprints:
    """The fingerprints of a report.

    Findings that cannot be told apart are numbered, and a suppression does not change the numbers of the others.
    """

    def __init__(self, paths: RepositoryPaths) -> None:
        self._paths = paths
        # By a short digest, as a report may be about thousands of apps.
        self._seen: Counter[int] = Counter()

    def of(self, app: AppReport) -> Iterator[Fingerprinted]:
        """Everything that was found in the next app, also what is suppressed, in the order of the findings."""
        where = self._paths.of(app.path)
        everything = [*((finding, None) for finding in app.findings), *app.suppressed]
        for finding, suppression in sorted(everything, key=lambda pair: pair[0].order):
            check, path, content = Identity.of(finding)
            identity = (check, where(path), content or "")
            key = int(_digest(*identity)[:16], 16)
            self._seen[key] += 1
            yield Fingerprinted(finding, suppression, _digest(*identity, str(self._seen[key])))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
