"""Judging on days after the data ends: what is known is applied, what may have changed is said, nothing is made up."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.registry import load_built_in
from pydeploy_lint.engine.result import AppReport
from pydeploy_lint.finding import Severity
from pydeploy_lint.heroku import pattern
from pydeploy_lint.heroku.platform import Change, Event, default_stack, stack_events, upstream
from pydeploy_lint.heroku.policy import Policy, Status, series_key
from pydeploy_lint.report.common.summary import summary
from pydeploy_lint.testing import open_app, write_tree

from .known import known_history

HISTORY = known_history()
CHECKS = load_built_in().checks.values()
DAYS = st.dates(datetime.date(2019, 3, 13), datetime.date(2035, 1, 1))


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def on(date: str, release: str | None = None, stack: str | None = None) -> Policy:
    return Policy(day(date), release=release, stack=stack, history=HISTORY)


def judge(
    root: Path, files: dict[str, str], date: str, release: str | None = None, stack: str | None = None
) -> AppReport:
    write_tree(root, {"requirements.txt": "", **files})
    app = open_app(root)
    return engine.run(app.under(on(date, release, stack)), CHECKS)


def found(report: AppReport, *checks: str) -> dict[str, Severity]:
    return {each.check: each.severity for each in report.findings if each.check in checks}


RUNTIME = ("unknown-runtime", "unsupported-runtime", "deprecated-runtime", "unavailable-patch", "outdated-patch")
NOTE, WARNING, ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR


@pytest.mark.parametrize(
    ("version", "date", "findings", "reason", "python", "may_differ"),
    [
        # Known of a partly known release: supported for certain.
        ("3.15", "2026-11-25", {}, None, "3.15.2", ("python_version",)),
        ("3.15", "2026-10-09", {}, None, "3.15.0", ("python_version",)),
        # Released upstream, and not yet known to be supported.
        ("3.15", "2026-10-05", {"unknown-runtime": NOTE}, None, None, ("failure_reason", "python_version")),
        ("3.15", "2026-08-20", {"unknown-runtime": ERROR}, "python-version::unknown-major", None, ()),
        # A newer patch.
        ("3.14.10", "2026-11-25", {}, None, "3.14.10", ()),
        ("3.14.11", "2026-11-25", {"unavailable-patch": NOTE}, None, "3.14.11", ("failure_reason",)),
        ("3.14.99", "2026-11-25", {"unavailable-patch": WARNING}, None, "3.14.99", ()),
        ("3.14.9", "2026-10-20", {"unavailable-patch": NOTE}, None, "3.14.9", ("failure_reason",)),
        ("3.14.9", "2026-11-25", {"outdated-patch": WARNING}, None, "3.14.9", ()),
        # The next series, each October.
        ("3.16", "2026-11-25", {"unknown-runtime": ERROR}, "python-version::unknown-major", None, ()),
        ("3.16", "2027-11-01", {"unknown-runtime": NOTE}, None, None, ("failure_reason", "python_version")),
        ("3.16.1", "2027-12-15", {"unknown-runtime": NOTE}, None, None, ("failure_reason",)),
        ("3.17", "2027-11-01", {"unknown-runtime": ERROR}, "python-version::unknown-major", None, ()),
        # Announced, and expected removals.
        ("3.10", "2027-01-05", {"deprecated-runtime": WARNING}, None, "3.10.22", ("python_version",)),
        ("3.10", "2027-01-06", {"unsupported-runtime": ERROR}, "python-version::eol", None, ()),
        ("3.11", "2027-09-30", {}, None, "3.11.16", ("python_version",)),
        ("3.11", "2027-11-30", {"deprecated-runtime": WARNING}, None, "3.11.16", ("python_version",)),
        ("3.11", "2028-01-05", {"unsupported-runtime": WARNING}, "python-version::eol", None, ("failure_reason",)),
    ],
)
def test_a_version(  # noqa: PLR0917 - a table
    tmp_path: Path,
    version: str,
    date: str,
    findings: dict[str, Severity],
    reason: str | None,
    python: str | None,
    may_differ: tuple[str, ...],
) -> None:
    report = judge(tmp_path, {".python-version": f"{version}\n"}, date)
    build = report.build
    assert found(report, *RUNTIME) == findings
    assert (build.failure_reason, build.python_version, build.may_differ) == (reason, python, may_differ)
    assert build.certain is ("failure_reason" not in may_differ)


@pytest.mark.parametrize("version", ["3.15", "3.14.9", "3.14.11", "3.13", "3.10"])
@pytest.mark.parametrize("date", ["2026-08-18", "2026-11-25", "2028-06-01"])
def test_a_release_that_is_named_is_judged_the_same_on_every_day(tmp_path: Path, version: str, date: str) -> None:
    report = judge(tmp_path, {".python-version": version}, date, "v351", "heroku-24")
    assert report.build._replace(may_differ=()) == report.build
    assert report.build.failure_reason == ("python-version::unknown-major" if version == "3.15" else None)
    assert report.build.certain


def test_a_patch_comes_from_a_storage_that_all_releases_share(tmp_path: Path) -> None:
    assert found(judge(tmp_path, {".python-version": "3.14.9"}, "2026-11-25", "v351"), *RUNTIME) == {}
    assert found(judge(tmp_path, {".python-version": "3.14.9"}, "2026-08-18", "v351"), *RUNTIME) == {
        "unavailable-patch": WARNING
    }


def test_a_partly_known_release_can_be_named(tmp_path: Path) -> None:
    policy = on("2026-11-25", "v355")
    assert (policy.release, policy.release_date, policy.pinned) == ("v355", day("2026-10-09"), True)
    assert policy.data_may_be_stale
    assert policy.latest_patches["3.15"] == "3.15.0"
    assert "3.15" not in on("2026-11-25", "v354").latest_patches
    build = judge(tmp_path, {".python-version": "3.15"}, "2026-11-25", "v355").build
    assert (build.failure_reason, build.python_version, build.may_differ) == (None, "3.15.0", ("python_version",))
    # A named release is not removed from.
    assert on("2028-06-01", "v355").status("3.10") is Status.DEPRECATED


@pytest.mark.parametrize(
    ("date", "candidates"),
    [
        ("2026-08-18", ("3.14",)),
        ("2026-11-19", ("3.14",)),
        ("2026-11-20", ("3.14", "3.15")),
        ("2026-12-14", ("3.14", "3.15")),
        ("2026-12-15", ("3.15", "3.14")),
        ("2027-10-31", ("3.15", "3.14")),
        ("2027-12-31", ("3.15", "3.14", "3.16")),
    ],
)
def test_the_default_changes_each_december(date: str, candidates: tuple[str, ...]) -> None:
    assert on(date).default_candidates == candidates
    assert on(date).default_series == candidates[0]
    assert on(date, "v351").default_candidates == ("3.14",)


def test_the_pattern_of_the_default_is_that_of_the_history() -> None:
    """Each change since 3.12 came within the days in which one is expected."""
    changes = [
        (str(HISTORY.state(name)["default_python"]), date)
        for (before, _), (name, date) in zip(HISTORY.releases, HISTORY.releases[1:], strict=False)
        if HISTORY.state(before)["default_python"] != HISTORY.state(name)["default_python"]
    ]
    since_312 = {series: date for series, date in changes if series_key(series) >= (3, 12)}
    assert since_312.keys() == {"3.12", "3.13", "3.14"}
    for series, date in since_312.items():
        aged = date - upstream()[series].released
        assert pattern.DEFAULT_MAY_CHANGE < aged < pattern.DEFAULT_HAS_CHANGED


@pytest.mark.parametrize(
    ("series", "date"), [("3.8", "2025-01-08"), ("3.9", "2026-01-07"), ("3.10", "2027-01-06"), ("3.11", "2028-01-05")]
)
def test_the_pattern_of_removals_is_that_of_the_history(series: str, date: str) -> None:
    assert pattern.expected_removal(series) == day(date)
    known = HISTORY.last_deleted(f"latest_patch/{series}")
    assert known in (None, day(date))


def test_what_is_expected_is_marked_and_nothing_announced_is_expected_too() -> None:
    expected = on("2026-11-25").expected()
    assert [(event.subject, event.date) for event in expected][:2] == [
        ("3.11", day("2028-01-05")),
        ("3.12", day("2029-01-03")),
    ]
    assert all(event.expected for event in expected)
    assert [event for event in expected if event.change is not Change.SERIES_REMOVED] == [
        Event(
            day("2029-05-01"),
            Change.STACK_BUILDS_BLOCKED,
            "heroku-24",
            "the announced end of life of the stack, the day before",
            expected=True,
        )
    ]
    assert not any(event.expected for event in on("2026-11-25").announced())
    assert "3.10" not in {event.subject for event in expected}
    assert [event.subject for event in on("2026-11-25", "v351").expected()] == ["heroku-24"]


@pytest.mark.parametrize(
    ("stack", "date"),
    [
        ("heroku-18", "2023-05-01"),
        ("heroku-20", "2025-05-01"),
        ("heroku-22", "2027-05-01"),
    ],
)
def test_the_pattern_of_blocked_builds_is_that_of_the_stacks(stack: str, date: str) -> None:
    dates = {event.change: event.date for event in stack_events(stack)}
    assert dates[Change.STACK_END_OF_LIFE] + datetime.timedelta(1) == dates[Change.STACK_BUILDS_BLOCKED] == day(date)
    assert pattern.expected_block(stack) is None


def test_until_tells_what_is_expected_from_what_is_announced(tmp_path: Path) -> None:
    write_tree(tmp_path, {"requirements.txt": "", ".python-version": "3.11\n"})
    app = open_app(tmp_path, {"until": "2028-12-31"})
    report = engine.run(app.under(on("2026-08-18")), CHECKS)
    [finding] = [each for each in report.findings if each.check == "stops-deploying"]
    assert (finding.severity, finding.certain) == (Severity.NOTE, False)
    assert "from 2028-01-05 Heroku probably rejects deploys (not announced yet)" in finding.message


@pytest.mark.parametrize(
    ("stack", "date", "findings", "reason"),
    [
        ("heroku-28", "2026-08-20", {"unsupported-stack": ERROR}, "checks::stack::unknown"),
        ("heroku-28", "2028-03-31", {"unsupported-stack": ERROR}, "checks::stack::unknown"),
        ("heroku-28", "2028-05-01", {"unsupported-stack": NOTE}, None),
        ("heroku-30", "2028-05-01", {"unsupported-stack": ERROR}, "checks::stack::unknown"),
        ("heroku-27", "2028-05-01", {"unsupported-stack": ERROR}, "checks::stack::unknown"),
        ("heroku-23", "2028-05-01", {"unsupported-stack": ERROR}, "checks::stack::unknown"),
        ("heroku-24", "2028-05-01", {}, None),
    ],
)
def test_a_stack(tmp_path: Path, stack: str, date: str, findings: dict[str, Severity], reason: str | None) -> None:
    report = judge(tmp_path, {".python-version": "3.14\n"}, date, stack=stack)
    assert found(report, "unsupported-stack") == findings
    assert report.build.failure_reason == reason
    assert report.build.certain is (findings != {"unsupported-stack": NOTE})


def test_the_verdict_says_how_old_the_data_is_only_where_that_matters(tmp_path: Path) -> None:
    def said(version: str, date: str, release: str | None = None) -> str:
        return summary(judge(tmp_path, {".python-version": version}, date, release))[1]

    age = "; judged by platform data of 2026-08-18, 99 days old"
    assert said("3.13", "2026-11-25") == (
        f"Heroku would build this app with Python 3.13.18 or newer from .python-version, using pip{age}"
    )
    assert said("3.13", "2026-08-18") == (
        "Heroku would build this app with Python 3.13.15 from .python-version, using pip"
    )
    assert said("3.13.18", "2026-11-25").endswith("with Python 3.13.18 from .python-version, using pip: 1 note")
    assert (
        said("3.8", "2026-11-25")
        == "Heroku would reject this push while choosing the Python release: 1 error (python-version::eol)"
    )
    assert age not in said("3.13", "2026-11-25", "v351")
    assert said("3.14.11", "2026-11-25").startswith("Heroku would probably build this app with Python 3.14.11")
    assert said("3.13", "2026-08-19").endswith("data of 2026-08-18, 1 day old")


@pytest.mark.parametrize(
    ("date", "stack"),
    [
        ("2019-03-13", "heroku-18"),
        ("2021-01-12", "heroku-18"),
        ("2021-01-13", "heroku-20"),
        ("2022-08-31", "heroku-20"),
        ("2022-10-01", "heroku-22"),
        ("2024-10-22", "heroku-22"),
        ("2024-10-23", "heroku-24"),
        ("2026-11-25", "heroku-24"),
    ],
)
def test_the_stack_of_a_new_app(date: str, stack: str) -> None:
    assert default_stack(day(date)) == stack
    assert on(date).stack == stack
    assert on(date).stack_status is Status.SUPPORTED
    assert on(date).on(day("2026-11-25")).stack == stack


def test_a_stack_that_has_ended_is_none_that_heroku_builds_on(tmp_path: Path) -> None:
    assert on("2027-04-30").stacks == ("heroku-22", "heroku-24", "heroku-26")
    assert on("2027-05-01").stacks == ("heroku-24", "heroku-26")
    assert on("2027-05-01").recommended_stack == "heroku-24"
    report = judge(tmp_path, {".python-version": "3.14\n"}, "2027-05-01", stack="heroku-22")
    [finding] = [each for each in report.findings if each.check == "unsupported-stack"]
    assert finding.message.endswith("has reached its end of life; Heroku builds on heroku-24, heroku-26")


def test_the_default_is_never_taken_for_removed(tmp_path: Path) -> None:
    report = judge(tmp_path, {}, "2034-01-01", stack="heroku-26")
    assert found(report, *RUNTIME) == {}
    assert (report.build.python_version_requested, report.build.certain) == ("3.15", True)
    assert report.build.may_differ == ("python_version_requested", "python_version")


@given(DAYS)
def test_no_day_contradicts_itself(date: datetime.date) -> None:
    policy = Policy(date, history=HISTORY)
    assert policy.default_series in policy.latest_patches
    assert policy.status(policy.default_series) is Status.SUPPORTED
    assert policy.stack_status is not Status.UNKNOWN
    assert policy.recommended_stack in policy.stacks
    assert policy.stack in policy.stacks or policy.stack_status is Status.END_OF_LIFE
    assert (policy.age_days > 0) == policy.data_may_be_stale
    assert policy.facts_until <= max(date, HISTORY.releases[0][1])
    assert len(policy.default_candidates) == 1 or policy.data_may_be_stale
    assert not any(policy.may_be_supported_by_now(series) for series in policy.latest_patches)


@given(DAYS, DAYS)
def test_knowledge_only_grows_past_the_data(one: datetime.date, other: datetime.date) -> None:
    """A series that may be out by a day may be out on every later day, if nothing else becomes known."""
    earlier, later = sorted([max(one, HISTORY.until), max(other, HISTORY.until)])
    before, after = Policy(earlier, history=HISTORY), Policy(later, history=HISTORY)
    for minor in range(15, 25):
        series = f"3.{minor}"
        if before.may_be_supported_by_now(series):
            assert after.may_be_supported_by_now(series) or series in after.latest_patches
    assert before.age_days <= after.age_days
    assert series_key(before.default_series) <= series_key(after.default_series)
