"""What a pin costs: an app is judged by the release to which it is pinned, and compared with the current one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.heroku.history import History
from pydeploy_lint.report.common.summary import comparison
from pydeploy_lint.report.plan.plan import plan
from pydeploy_lint.testing import open_app, write_tree

if TYPE_CHECKING:
    from pathlib import Path

    from pydeploy_lint.engine.result import AppReport

REPOSITORY = "https://github.com/heroku/heroku-buildpack-python"
CHECKS = list(load_registry().checks.values())
HISTORY = History.load()
DAY = {"as-of": "2026-08-18"}
"""Judged on this day, an app without a pin is built by v351."""
RELEASES = [name for name, date in HISTORY.releases if int(name[1:]) >= 266 and date.isoformat() <= DAY["as-of"]]
APPS = {
    "new Python": {".python-version": "3.14\n", "requirements.txt": ""},
    "old Python": {".python-version": "3.9\n", "requirements.txt": ""},
    "runtime.txt": {"runtime.txt": "python-3.12\n", "requirements.txt": ""},
    "uv": {".python-version": "3.13\n", "uv.lock": "", "pyproject.toml": ""},
    "two managers": {".python-version": "3.13\n", "poetry.lock": "", "requirements.txt": ""},
    "Pipfile alone": {"Pipfile": ""},
}


def judge(root: Path, files: dict[str, str], ref: str = "", **settings: str) -> AppReport:
    url = f"{REPOSITORY}#{ref}" if ref else "heroku/python"
    write_tree(root, {**files, "app.json": json.dumps({"buildpacks": [{"url": url}]})})
    return engine.run(open_app(root, {**DAY, **settings}), CHECKS)


@pytest.mark.parametrize("name", APPS)
def test_every_release_judges_as_if_it_were_asked_for(name: str, tmp_path: Path) -> None:
    current = judge(tmp_path, APPS[name])
    assert current.current is None
    for release in RELEASES:
        pinned = judge(tmp_path, APPS[name], release)
        assert pinned.build == judge(tmp_path, APPS[name], buildpack=release).build
        assert pinned.current is not None
        assert (pinned.current.buildpack, pinned.current.build) == (RELEASES[-1], current.build)


@pytest.mark.parametrize(
    ("name", "release", "under_pin", "today"),
    [
        ("new Python", "v312", "python-version::unknown-major", None),
        ("new Python", "v313", None, None),
        ("old Python", "v326", None, "python-version::eol"),
        ("uv", "v285", "package-manager::none-found", None),
        ("two managers", "v324", None, "package-manager::multiple-found"),
        ("Pipfile alone", "v291", None, "package-manager::pipenv-missing-lockfile"),
    ],
)
def test_what_a_pin_costs_and_spares(
    name: str, release: str, under_pin: str | None, today: str | None, tmp_path: Path
) -> None:
    report = judge(tmp_path, APPS[name], release)
    assert report.current is not None
    assert (report.build.failure_reason, report.current.build.failure_reason) == (under_pin, today)


def test_the_finding_says_what_the_release_does_not_know(tmp_path: Path) -> None:
    files = {".python-version": "3.14\n", "requirements.txt": ""}
    write_tree(tmp_path, {**files, "app.json": json.dumps({"buildpacks": [{"url": f"{REPOSITORY}#archive/v249"}]})})
    report = engine.run(open_app(tmp_path), CHECKS)
    [pinned] = [finding for finding in report.findings if finding.check == "buildpack-pinned"]
    assert "v249 does not know heroku-24 (v250 is the oldest that does)" in pinned.message


def test_the_comparison_says_what_would_change(tmp_path: Path) -> None:
    report = judge(tmp_path, APPS["new Python"], "v267")
    [pinned] = [finding for finding in report.findings if finding.check == "buildpack-pinned"]
    assert "v267 does not know Python 3.14 (v313 is the oldest that does)" in pinned.message
    assert comparison(report) == (
        "Judged by v267, which the app pins. Today's v351 would build it with Python 3.14.7"
        " from .python-version, using pip, and pydeploy-lint would no longer report unknown-runtime"
    )


def test_the_plan_shows_both(tmp_path: Path) -> None:
    report = judge(tmp_path, APPS["new Python"], "v267")
    pinned, unpinned = (
        [(line.label, line.text) for line in section.lines]
        for section in plan(open_app(tmp_path, DAY), report)
        if section.title.startswith("What the build") or section.title.startswith("What it would")
    )
    assert pinned[:2] == [("detected", "-----> Python app detected"), ("buildpack", "heroku/python v267 of 2024-11-12")]
    assert pinned[-1][0] == "stop"
    assert ("python", "3.14.7, the newest of 3.14 from .python-version") in unpinned


@pytest.mark.parametrize("ref", ["main", "v250", "v9999", "0123abc", "archive/v1"])
def test_what_is_no_known_release_is_judged_by_the_current_one(ref: str, tmp_path: Path) -> None:
    assert judge(tmp_path, APPS["new Python"], ref).current is None


def test_an_option_goes_before_the_pin(tmp_path: Path) -> None:
    report = judge(tmp_path, APPS["new Python"], "v312", buildpack="v313")
    assert (report.current, report.build.failure_reason) == (None, None)
