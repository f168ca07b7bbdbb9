"""Tests of what becomes of findings that are suppressed, and of suppressions that do nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pydeploy_lint.engine.check import Check, check
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.engine.result import AppReport
from pydeploy_lint.engine.suppress.configuration import matches
from pydeploy_lint.finding import Problem, Severity, Span
from pydeploy_lint.testing import Files, judge_app, write_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.facts.app import App

CHECKS = tuple(load_registry().checks.values())
PINNED = "3.13.1\n"
"""A `.python-version` with one problem: outdated-patch, of the family python, in line 1."""


def judged(
    root: Path, files: Files, settings: dict[str, str] | None = None, checks: tuple[Check, ...] = CHECKS
) -> AppReport:
    write_tree(root, files)
    return judge_app(root, checks, settings)


def reported(report: AppReport) -> list[str]:
    """Place, check and message of each finding about suppressions; place and check of each other one."""
    return [
        f"{finding.at}: {finding.check}: {finding.message}"
        if "suppr" in finding.check
        else f"{finding.at}: {finding.check}"
        for finding in report.findings
    ]


def answers(report: AppReport) -> list[tuple[str, str, str, str]]:
    """What is suppressed: place and check, and where and why."""
    return [(str(each.finding.at), each.finding.check, str(each.by.at), each.by.reason) for each in report.suppressed]


def app(version_file: str, **others: str) -> dict[str, str]:
    return {"requirements.txt": "", ".python-version": version_file, **others}


def config(*tables: str) -> dict[str, str]:
    return {".pydeploy-lint.toml": "".join(f"[[suppress]]\n{table}\n" for table in tables)}


@pytest.mark.parametrize("name", ["outdated-patch", "python", "unknown-runtime, outdated-patch"])
def test_a_comment_names_the_check_or_its_family(tmp_path: Path, name: str) -> None:
    report = judged(tmp_path, app(f"# pydeploy-lint: ignore[{name}] tested\n{PINNED}"))
    assert answers(report) == [(".python-version:2:1", "outdated-patch", ".python-version:1:1", "tested")]


def test_the_prediction_knows_what_is_suppressed(tmp_path: Path) -> None:
    report = judged(tmp_path, app("# pydeploy-lint: ignore[unsupported-runtime] frozen\n3.8\n"))
    assert (report.build.failure_reason, report.findings) == ("python-version::eol", ())
    assert answers(report) == [(".python-version:2:1", "unsupported-runtime", ".python-version:1:1", "frozen")]


def test_a_comment_is_about_one_line_only(tmp_path: Path) -> None:
    report = judged(tmp_path, app(f"# pydeploy-lint: ignore[outdated-patch] tested\n\n{PINNED}"))
    assert reported(report) == [
        ".python-version:1:1: unused-suppression: "
        "outdated-patch has nothing to report here, so its suppression has no effect",
        ".python-version:3:1: outdated-patch",
    ]


def test_each_name_must_have_its_use(tmp_path: Path) -> None:
    report = judged(
        tmp_path, app(f"# pydeploy-lint: ignore[outdated-patch, procfile, unsuported-runtime, xyz] x\n{PINNED}")
    )
    start = ".python-version:1:1: unused-suppression: "
    assert reported(report) == [
        f"{start}procfile has nothing to report here, so its suppression has no effect",
        f"{start}the suppression has no effect: unknown check or family 'unsuported-runtime':"
        " did you mean 'unsupported-runtime'?",
        f"{start}the suppression has no effect: unknown check or family 'xyz'",
    ]


def test_a_comment_that_names_nothing(tmp_path: Path) -> None:
    report = judged(tmp_path, app(f"# pydeploy-lint: ignore all of it\n{PINNED}"))
    assert reported(report) == [
        ".python-version:1:1: unused-suppression: the comment names no check, so it suppresses nothing",
        ".python-version:2:1: outdated-patch",
    ]


def test_a_comment_without_a_reason_works_and_is_noted(tmp_path: Path) -> None:
    report = judged(tmp_path, app(f"# pydeploy-lint: ignore[outdated-patch]\n{PINNED}"))
    assert reported(report) == [
        ".python-version:1:1: unexplained-suppression: the suppression of outdated-patch has no reason"
    ]
    assert [each.finding.check for each in report.suppressed] == ["outdated-patch"]


def test_a_missing_file_is_answered_in_the_configuration(tmp_path: Path) -> None:
    files = {"requirements.txt": "", **config('check = "missing-python-version"\nreason = "a buildpack sets it"')}
    report = judged(tmp_path, files)
    assert report.findings == ()
    assert answers(report) == [
        (".python-version", "missing-python-version", ".pydeploy-lint.toml:1:1", "a buildpack sets it")
    ]


@pytest.mark.parametrize(
    ("path", "suppressed"),
    [(".python-version", True), (".python-*", True), ("*", True), ("api/", False), ("python-version", False)],
)
def test_a_path_in_the_configuration(tmp_path: Path, path: str, suppressed: bool) -> None:
    report = judged(tmp_path, app(PINNED, **config(f'check = "python"\npath = "{path}"\nreason = "x"')))
    expected = [] if suppressed else ["outdated-patch", "unused-suppression"]
    assert sorted(finding.check for finding in report.findings) == expected


@pytest.mark.parametrize(
    ("pattern", "path", "result"),
    [
        ("requirements/*.txt", "requirements/base.txt", True),
        ("requirements/*.txt", "requirements/old/base.txt", False),
        ("requirements/**", "requirements/old/base.txt", True),
        ("settings.py", "shop/settings.py", True),
        ("/settings.py", "shop/settings.py", False),
        ("shop", "shop/settings.py", True),
    ],
)
def test_patterns_are_those_of_gitignore(pattern: str, path: str, result: bool) -> None:
    assert matches(pattern, path) is result


@pytest.mark.parametrize(("as_of", "holds"), [("2026-06-30", True), ("2026-07-01", False)])
def test_until_is_the_last_day(tmp_path: Path, as_of: str, holds: bool) -> None:
    table = 'check = "outdated-patch"\nreason = "x"\nuntil = 2026-06-30'
    report = judged(tmp_path, app(PINNED, **config(table)), {"as-of": as_of})
    expired = (
        ".pydeploy-lint.toml:1:1: expired-suppression: the suppression of outdated-patch ended on 2026-06-30",
        ".python-version:1:1: outdated-patch",
    )
    assert reported(report) == ([] if holds else list(expired))


def test_an_expired_suppression_is_not_called_unused_too(tmp_path: Path) -> None:
    table = 'check = "stale-lockfile"\nreason = "x"\nuntil = "2020-01-01"'
    report = judged(tmp_path, app("3.13\n", **config(table)))
    assert [finding.check for finding in report.findings] == ["expired-suppression"]


def test_the_first_of_several_suppressions_is_shown_and_all_count_as_used(tmp_path: Path) -> None:
    table = 'check = "python"\nreason = "second"'
    report = judged(tmp_path, app(f"# pydeploy-lint: ignore[python] first\n{PINNED}", **config(table)))
    assert report.findings == ()
    assert [each.by.reason for each in report.suppressed] == ["first"]


def test_what_is_said_of_suppressions_cannot_be_suppressed(tmp_path: Path) -> None:
    table = 'check = "suppressions"\nreason = "x"'
    report = judged(tmp_path, app("# pydeploy-lint: ignore[unused-suppression] x\n3.13\n", **config(table)))
    assert [finding.check for finding in report.findings] == ["unused-suppression", "unused-suppression"]


def test_a_comment_in_a_file_without_other_findings_is_seen(tmp_path: Path) -> None:
    comment = "# pydeploy-lint: ignore[unpinned-requirements] x\n"
    files = {"requirements.txt": f"-r more.txt\n{comment}flask==3.1.2\n", "more.txt": f"{comment}six==1.17.0\n"}
    report = judged(tmp_path, {**files, ".python-version": "3.13\n"})
    assert [str(finding.at) for finding in report.findings] == ["more.txt:1:1", "requirements.txt:2:1"]


def test_nothing_is_called_unused_where_a_file_could_not_be_read(tmp_path: Path) -> None:
    table = 'check = "outdated-patch"\nreason = "x"'
    report = judged(tmp_path, app("3.13\n", **config(table), **{"app.json": "{"}))
    assert [finding.check for finding in report.findings] == ["invalid-file"]


def test_nothing_is_called_unused_where_a_check_failed(tmp_path: Path) -> None:
    @check("broken", severity=Severity.NOTE)
    def broken(app: App) -> Iterator[Problem]:
        """Fail."""
        yield Problem("before", Span("requirements.txt"))
        raise RuntimeError(app.files.tree)

    table = 'check = "outdated-patch"\nreason = "x"'
    report = judged(tmp_path, app("3.13\n", **config(table)), checks=(broken, *CHECKS))
    assert [finding.check for finding in report.findings] == ["broken"]


def test_what_is_no_python_app_has_no_other_problems(tmp_path: Path) -> None:
    report = judged(tmp_path, {"README.md": "", **config('check = "outdated-patch"\nreason = "x"')})
    assert [finding.check for finding in report.findings] == ["python-not-detected"]


def test_that_an_app_is_none_can_be_suppressed(tmp_path: Path) -> None:
    report = judged(tmp_path, {"README.md": "", **config('check = "python-not-detected"\nreason = "a static page"')})
    assert (report.build.failure_reason, report.findings) == ("detect", ())
    assert [each.by.reason for each in report.suppressed] == ["a static page"]


def test_the_checks_of_suppressions_are_all_there() -> None:
    assert [each.name for each in CHECKS if each.reviews] == [
        "expired-suppression",
        "stale-baseline-entry",
        "unexplained-suppression",
        "unused-suppression",
    ]


def test_the_configuration_names_its_place_after_other_tables(tmp_path: Path) -> None:
    first, second = 'check = "outdated-patch"\nreason = "first"', 'check = "python"\nreason = "second"\npath = "x"'
    report = judged(tmp_path, app(PINNED, **config(first, second)))
    assert json.dumps([str(finding.at) for finding in report.findings]) == '[".pydeploy-lint.toml:4:1"]'
