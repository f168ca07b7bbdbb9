"""The Python of the last build, which Heroku keeps for an app that names none."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydeploy_checks.packages.wheels import no_wheel_for_python
from pydeploy_checks.python.elsewhere import python_differs_elsewhere
from pydeploy_checks.python.request import missing_python_version, python_version_pinned
from pydeploy_checks.python.support import deprecated_runtime, unknown_runtime, unsupported_runtime

from pydeploy_lint.engine.check import Check
from pydeploy_lint.facts.python.version import CACHED_ORIGIN, DEFAULT_ORIGIN, VersionRequest
from pydeploy_lint.finding import Edit, Finding, Severity
from pydeploy_lint.report.common.summary import summary
from pydeploy_lint.report.plan.plan import plan
from pydeploy_lint.testing import judge_app, lint_files, open_app, write_tree

APP = {"requirements.txt": ""}
LAST = {"last-python": "3.12", "buildpack": "v351"}


def request(tmp_path: Path, files: dict[str, str], settings: dict[str, str]) -> VersionRequest | None:
    write_tree(tmp_path, files)
    return open_app(tmp_path, settings).python.request


def only(files: dict[str, str], check: Check, settings: dict[str, str]) -> Finding:
    (finding,) = lint_files(files, [check], settings)
    return finding


@pytest.mark.parametrize(
    ("settings", "version", "origin"),
    [
        ({"buildpack": "v351"}, "3.14", DEFAULT_ORIGIN),
        (LAST, "3.12", CACHED_ORIGIN),
        # Since v270 the series is kept, before that the exact patch.
        ({"last-python": "3.12.4", "buildpack": "v270"}, "3.12", CACHED_ORIGIN),
        ({"last-python": "3.12.4", "buildpack": "v269"}, "3.12.4", CACHED_ORIGIN),
    ],
)
def test_an_app_that_names_no_python_keeps_that_of_its_last_build(
    tmp_path: Path, settings: dict[str, str], version: str, origin: str
) -> None:
    assert request(tmp_path, APP, settings) == VersionRequest(version, origin)


@pytest.mark.parametrize(
    ("file", "text", "version"), [(".python-version", "3.13\n", "3.13"), ("runtime.txt", "python-3.11\n", "3.11")]
)
def test_a_file_that_names_a_version_decides(tmp_path: Path, file: str, text: str, version: str) -> None:
    assert request(tmp_path, {**APP, file: text}, LAST) == VersionRequest(version, file)


def test_the_missing_file_is_reported_with_what_happens_without_it_and_a_fix_that_changes_nothing() -> None:
    finding = only(APP, missing_python_version, LAST)

    assert finding.message == (
        "there is no .python-version; Heroku keeps the Python of the last build, 3.12, until its build cache is "
        "cleared, and then uses its default, Python 3.14 today"
    )
    assert finding.help.endswith("echo 3.12 > .python-version")
    assert finding.fix is not None
    assert (finding.fix.safe, finding.fix.edits) == (True, (Edit.write(".python-version", "3.12\n"),))
    assert finding.fix.description == "Set 3.12 in .python-version, that of the last build"


def test_a_removed_series_of_the_last_build_stops_the_next_one() -> None:
    finding = only(APP, unsupported_runtime, {"last-python": "3.9", "buildpack": "v351"})

    assert (finding.failure_reason, finding.at.path, finding.at.line) == (
        "python-version::eol",
        ".python-version",
        None,
    )
    assert finding.message.startswith("Python 3.9 has reached its end of life (2025-10-31); Heroku rejects it")
    assert finding.help == "Test with a newer version, then set it in .python-version:\n    3.14"
    assert only(APP, deprecated_runtime, {"last-python": "3.10", "buildpack": "v351"}).build_warning


def test_a_series_that_is_too_new_for_a_pinned_release_is_unknown_to_it() -> None:
    finding = only(APP, unknown_runtime, {"last-python": "3.14", "buildpack": "v300"})

    assert finding.failure_reason == "python-version::unknown-major"


def test_nobody_asked_for_the_patch_that_an_older_release_keeps() -> None:
    assert lint_files(APP, [python_version_pinned], {"last-python": "3.12.8", "buildpack": "v269"}) == ()


def test_what_depends_on_the_python_names_the_last_build() -> None:
    lock = (
        'version = 1\nrequires-python = ">=3.12"\n\n'
        '[[package]]\nname = "app"\nversion = "0"\nsource = { virtual = "." }\n'
        'dependencies = [{ name = "fast" }]\n\n[[package]]\nname = "fast"\nversion = "1.0"\n'
        'source = { registry = "https://index.example/simple" }\n'
        'wheels = [{ url = "https://index.example/fast-1.0-cp313-cp313-manylinux_2_17_x86_64.whl" }]\n'
    )
    project = '[project]\nname = "app"\nversion = "0"\nrequires-python = ">=3.12"\ndependencies = ["fast"]\n'
    wheel = only({"uv.lock": lock, "pyproject.toml": project}, no_wheel_for_python, LAST)
    assert "a wheel for Linux and Python 3.12, as in the last build; it cannot be installed" in wheel.message
    assert wheel.severity is Severity.ERROR

    tox = only({**APP, "Dockerfile": "FROM python:3.13\n"}, python_differs_elsewhere, LAST)
    assert tox.message.endswith("Python 3.13, and Heroku installs 3.12, as in the last build")
    assert tox.help == "Use the same version here and in .python-version."


def test_the_verdict_and_the_plan_say_where_the_version_comes_from(tmp_path: Path) -> None:
    write_tree(tmp_path, APP)
    report = judge_app(tmp_path, [missing_python_version], LAST)

    assert (report.build.python_version_requested, report.build.python_version_origin) == ("3.12", "cached")
    assert "would build this app with Python 3.12.14, as in the last build, using pip" in summary(report)[1]
    (line,) = (
        line for section in plan(open_app(tmp_path, LAST), report) for line in section.lines if line.label == "python"
    )
    assert line.text == "3.12.14, the newest of 3.12, as in the last build"
