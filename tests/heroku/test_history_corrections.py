"""What was once wrong about the past: renamed tags, pins, an old way to read Pipfile.lock, a warning nobody knew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.registry import load_built_in
from pydeploy_lint.engine.result import AppReport
from pydeploy_lint.facts.buildpacks.reference import parse
from pydeploy_lint.finding import Severity
from pydeploy_lint.heroku.platform import system_python
from pydeploy_lint.testing import open_app, write_tree

from .test_past_the_data import day

CHECKS = load_built_in().checks.values()
REPOSITORY = "https://github.com/heroku/heroku-buildpack-python"


def judge(root: Path, files: dict[str, str], **settings: str) -> AppReport:
    write_tree(root, {"requirements.txt": "", ".python-version": "3.12\n", **files})
    return engine.run(open_app(root, {name.replace("_", "-"): value for name, value in settings.items()}), CHECKS)


def pinned(ref: str) -> dict[str, str]:
    return {"app.json": json.dumps({"buildpacks": [{"url": f"{REPOSITORY}#{ref}"}]})}


@pytest.mark.parametrize(
    ("ref", "before", "after"),
    [
        ("v265", True, False),
        ("v208", True, False),
        ("archive/v265", False, True),
        ("archive/v208", False, True),
        # Renamed earlier, on a day that is not known.
        ("v207", True, False),
        ("archive/v207", True, True),
        ("v266", True, True),
        ("archive/v266", False, False),
    ],
)
def test_the_tags_were_renamed_on_one_day(ref: str, before: bool, after: bool) -> None:
    reference = parse(f"{REPOSITORY}#{ref}")
    assert reference.has_tag_on(day("2025-02-18")) is before
    assert reference.has_tag_on(day("2025-02-19")) is after


@pytest.mark.parametrize(
    ("ref", "as_of", "says"),
    [
        ("v250", "2024-11-06", "15 releases behind heroku/python"),
        ("v250", "2025-02-18", "v250 (2024-04-26), 27 releases"),
        ("v340", "2026-04-02", "today the same as heroku/python"),
        ("v340", "2026-08-18", "11 releases behind heroku/python"),
    ],
)
def test_a_pin_is_counted_on_the_day_of_judgement(tmp_path: Path, ref: str, as_of: str, says: str) -> None:
    report = judge(tmp_path, pinned(ref), as_of=as_of, stack="heroku-22")
    [finding] = [each for each in report.findings if each.check == "buildpack-pinned"]
    count = says.partition("), ")[2] or says
    assert count in finding.message
    assert "buildpack-missing-tag" not in {each.check for each in report.findings}


def test_a_release_to_come_is_no_rule_of_the_day(tmp_path: Path) -> None:
    report = judge(tmp_path, pinned("v340"), as_of="2024-11-06", stack="heroku-22")
    assert report.policy.buildpack == "v265"
    [finding] = [each for each in report.findings if each.check == "buildpack-missing-tag"]
    assert finding.severity is Severity.ERROR
    assert "the newest release is v265" in finding.message


@pytest.mark.parametrize(
    ("requires", "release", "reason", "python"),
    [
        ({"python_version": "3.x"}, "v258", None, "3.12.7"),
        ({"python_version": "3.x"}, "v259", "pipfile-lock::invalid-version", None),
        ({"python_version": "3.11"}, "v258", None, "3.11.10"),
        ({"python_version": "3.12.4"}, "v258", None, "3.12.7"),
        ({"python_version": "3.13"}, "v258", None, "3.12.7"),
        ({"python_version": "3.7"}, "v258", None, "3.12.7"),
        ({"python_full_version": "3.11.4"}, "v258", None, "3.11.4"),
        ({"python_full_version": "3.x"}, "v258", "pipfile-lock::invalid-version", None),
        ({"python_version": "3.x"}, "v200", None, "3.9.7"),
    ],
)
def test_old_releases_pass_over_a_series_in_the_lock_that_they_do_not_know(
    tmp_path: Path, requires: dict[str, str], release: str, reason: str | None, python: str | None
) -> None:
    lock = {"Pipfile": "", "Pipfile.lock": json.dumps({"_meta": {"requires": requires}, "default": {}})}
    write_tree(tmp_path, lock)
    build = engine.run(
        open_app(tmp_path, {"buildpack": release, "stack": "heroku-20", "as-of": "2024-10-20"}), CHECKS
    ).build
    assert (build.failure_reason, build.python_version) == (reason, python)


@pytest.mark.parametrize(("release", "warns"), [("v195", False), ("v196", True), ("v351", True)])
def test_the_build_warns_about_the_file_that_disables_collectstatic(
    tmp_path: Path, release: str, *, warns: bool
) -> None:
    report = judge(tmp_path, {".heroku/collectstatic_disabled": ""}, buildpack=release)
    found = [each for each in report.findings if each.check == "collectstatic-disabled-file"]
    assert [(each.severity, each.build_warning) for each in found] == [(Severity.WARNING, True)] * warns


def test_every_stack_has_its_python() -> None:
    known = {stack: system_python(stack) for stack in ("heroku-20", "heroku-22", "heroku-24", "heroku-26")}
    assert known == {"heroku-20": "3.8", "heroku-22": "3.10", "heroku-24": "3.12", "heroku-26": "3.14"}
