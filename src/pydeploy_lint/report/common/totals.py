"""What is known of all apps of a run together: how many build, what is found in how many, when deploys stop."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.report.common.row import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydeploy_lint.engine.result import AppReport, Unjudged

SENTENCES = {
    Kind.BUILDS: ("builds", "build"),
    Kind.FAILS: ("does not start", "do not start"),
    Kind.REJECTED: ("is rejected", "are rejected"),
    Kind.UNDECIDED: ("is undecided", "are undecided"),
    Kind.NO_APP: ("is no Python app", "are no Python apps"),
    Kind.NOT_JUDGED: ("could not be judged", "could not be judged"),
}
"""What is said of one app, and of several."""


class Found(NamedTuple):
    """How often a check found something."""

    check: str
    apps: int
    findings: int


class Stop(NamedTuple):
    """A day on which deploys stop."""

    date: str
    reason: str
    expected: bool
    """Whether nobody announced it, and it only follows the platform's pattern."""
    apps: int


class Totals:
    """Counts apps one after the other."""

    def __init__(self) -> None:
        self.kinds: Counter[Kind] = Counter()
        self._apps: Counter[str] = Counter()
        self._findings: Counter[str] = Counter()
        self._stops: Counter[tuple[str, str, bool]] = Counter()
        self._unjudged: str | None = None

    def add(self, app: AppReport) -> None:
        """Count an app."""
        self.kinds[Kind.of(app)] += 1
        checks = [finding.check for finding in app.findings]
        self._findings.update(checks)
        self._apps.update(set(checks))
        if app.ending:
            self._stops[app.ending.date.isoformat(), app.ending.reason, app.ending.expected] += 1

    def add_unjudged(self, unjudged: Unjudged) -> None:
        """Count an app that could not be judged; all reasons for one come in a row."""
        if unjudged.path != self._unjudged:
            self.kinds[Kind.NOT_JUDGED] += 1
        self._unjudged = unjudged.path

    @property
    def apps(self) -> int:
        """The number of apps, also of those that could not be judged or are none."""
        return sum(self.kinds.values())

    @property
    def found(self) -> list[Found]:
        """The checks that found something, those first that did in most apps."""
        rows = [Found(check, apps, self._findings[check]) for check, apps in self._apps.items()]
        return sorted(rows, key=lambda row: (-row.apps, row.check))

    @property
    def stops(self) -> list[Stop]:
        """The days on which deploys stop, in order."""
        return [Stop(*key, count) for key, count in sorted(self._stops.items())]

    @property
    def sentence(self) -> str:
        """How many apps there are of each kind."""
        parts = [f"{count:,} {SENTENCES[kind][count != 1]}" for kind in Kind if (count := self.kinds.get(kind, 0))]
        number = f"{self.apps:,} app{'s' * (self.apps != 1)}"
        return f"{number}: {', '.join(parts)}" if parts else number

    def as_object(self) -> Mapping[str, object]:
        """All of it for JSON."""
        return {
            "apps": self.apps,
            "verdicts": {kind.value: self.kinds[kind] for kind in Kind},
            "checks": [row._asdict() for row in self.found],
            "deploys_stop": [stop._asdict() for stop in self.stops],
        }


def tables(totals: Totals) -> Iterator[str]:
    """The lines of the tables by check and by day, for text."""
    if totals.found:
        yield "  apps  findings  check"
        for row in totals.found:
            yield f"{row.apps:6,}  {row.findings:8,}  {row.check}"
    if totals.found and totals.stops:
        yield ""
    if totals.stops:
        yield "  apps  can no longer be deployed from"
        for stop in totals.stops:
            expected = ", as expected and not announced" if stop.expected else ""
            yield f"{stop.apps:6,}  {stop.date}: {stop.reason}{expected}"
