"""The example apps on a day in each quarter from 2019 to 2028: the verdict, and that nothing contradicts itself."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.registry import load_built_in
from pydeploy_lint.engine.result import AppReport
from pydeploy_lint.finding import Severity
from pydeploy_lint.heroku.policy import Policy, series_of
from pydeploy_lint.report.common.summary import Verdict, summary
from pydeploy_lint.testing import open_app

from .known import known_history

EXAMPLES = Path(__file__).parents[2] / "examples"
HISTORY = known_history()
CHECKS = load_built_in().checks.values()
DAYS = [datetime.date(year, month, 15) for year in range(2019, 2029) for month in (2, 5, 8, 11)][1:]
BUILDS, DOUBTFUL = Verdict.BUILDS, Verdict.DOUBTFUL
UNKNOWN = "python-version::unknown-major"
OLD_DEFAULT: list[tuple[str, Verdict | str]] = [("2019-05-15", BUILDS), ("2024-11-15", UNKNOWN), ("2025-11-15", BUILDS)]
"""A .python-version was not read before v261 (2024-10), and 3.14 is known since v313 (2025-10)."""

EXPECTED: dict[str, list[tuple[str, Verdict | str]]] = {
    "clean": OLD_DEFAULT,
    "django": OLD_DEFAULT,
    "buildpacks/two": OLD_DEFAULT,
    "problems": [
        ("2019-05-15", "checks::stack::unknown"),  # app.json asks for heroku-24
        ("2024-05-15", "python-version::unknown-patch"),  # 3.9 is not on heroku-24
        ("2024-11-15", "@collectstatic"),
        ("2026-02-15", "package-manager::multiple-found"),
    ],
    # The release to which it is pinned came with 2024-11; before, there was no such tag.
    "buildpacks/pinned": [("2019-05-15", DOUBTFUL), ("2024-11-15", UNKNOWN)],
    # It names a tag: one to come, then one that is there, then one that was renamed.
    "buildpacks/scripts": [
        ("2019-05-15", DOUBTFUL),
        ("2021-11-15", BUILDS),
        ("2024-11-15", UNKNOWN),
        ("2025-11-15", DOUBTFUL),
    ],
    # Two package managers are an error since v325 (2025-12).
    "buildpacks/terraform": [
        ("2019-05-15", BUILDS),
        ("2024-11-15", UNKNOWN),
        ("2025-11-15", BUILDS),
        ("2026-02-15", DOUBTFUL),
    ],
}
"""By example: from which day on it builds, is in doubt, or is rejected with a reason."""


def judge(name: str, date: datetime.date) -> tuple[Policy, AppReport]:
    app = open_app(EXAMPLES / name, {"as-of": date.isoformat()})
    release = app.policy.release if app.policy.pinned else None
    app = app.under(Policy(date, release=release, stack=app.policy.stack, history=HISTORY))
    return app.policy, engine.run(app, CHECKS)


def expected(name: str, date: datetime.date) -> Verdict | str:
    return [verdict for since, verdict in EXPECTED[name] if since <= date.isoformat()][-1]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_verdict_of_each_quarter(name: str) -> None:
    for date in DAYS:
        _, report = judge(name, date)
        verdict, reason = summary(report)[0], report.build.failure_reason
        wanted = expected(name, date)
        if wanted == "@collectstatic":
            assert (verdict, (reason or "").partition("-")[0]) == (Verdict.REJECTED, "collectstatic"), date
        elif isinstance(wanted, str):
            assert (verdict, reason) == (Verdict.REJECTED, wanted), date
        else:
            assert (verdict, reason) == (wanted, None), date


@pytest.mark.parametrize("name", EXPECTED)
def test_nothing_contradicts_itself(name: str) -> None:
    for date in DAYS:
        policy, report = judge(name, date)
        build = report.build
        assert [note for note in report.notifications if note.message.startswith("check ")] == []
        # What stops the build is an error of some check, and no other check calls the same thing fine.
        stops = [finding for finding in report.findings if finding.failure_reason == build.failure_reason is not None]
        assert bool(stops) == (build.failure_reason is not None), date
        if build.certain and build.failure_reason:
            assert any(finding.severity is Severity.ERROR for finding in stops), date
        if build.failure_reason is None and build.python_version:
            assert series_of(build.python_version) in policy.latest_patches, date
        assert bool(build.may_differ) <= policy.data_may_be_stale, date
        # Nobody is told to move to what is refused on that day.
        told = " ".join(finding.help for finding in report.findings)
        gone = [stack for stack in HISTORY.stacks if stack not in policy.stacks]
        assert [stack for stack in gone if f"stack:set {stack}" in told] == [], date
        assert policy.release_date <= max(date, HISTORY.releases[0][1]), date


@pytest.mark.parametrize("name", ["clean", "django", "buildpacks/two"])
def test_a_healthy_app_stays_healthy_after_the_data(name: str) -> None:
    for date in DAYS:
        if date > HISTORY.until:
            report = judge(name, date)[1]
            assert [each for each in report.findings if each.severity > Severity.NOTE] == [], date
            assert report.build.certain
            assert report.build.may_differ == ("python_version",)
