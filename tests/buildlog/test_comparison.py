"""What a log says, and what the files say now."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydeploy_lint.buildlog.comparison import Comparison, Difference, State, compare
from pydeploy_lint.engine.registry import load_built_in
from pydeploy_lint.testing import Files, judge_app, write_tree
from tests.buildlog.logs import BEGINNING, BUILT, CRASHED, END_OF_LIFE, INSTALLATION, PIP_FAILED, PUSH_FAILED, read

OLD: Files = {"requirements.txt": "", "runtime.txt": "python-3.9\n"}
NEW: Files = {"requirements.txt": "", ".python-version": "3.12\n"}


def compared(tmp_path: Path, log: str, files: Files) -> Comparison:
    write_tree(tmp_path, files)
    settings = {"buildpack": "v351", "stack": "heroku-24"}
    return compare(read(log), judge_app(tmp_path, load_built_in().checks.values(), settings))


def test_files_that_still_say_it(tmp_path: Path) -> None:
    found = compared(tmp_path, BEGINNING + END_OF_LIFE + PUSH_FAILED, OLD)

    assert (found.state, found.differences) == (State.SAME, ())
    assert [(each.check, each.failure_reason) for each in found.findings] == [
        ("unsupported-runtime", "python-version::eol")
    ]


def test_files_that_have_changed(tmp_path: Path) -> None:
    found = compared(tmp_path, BEGINNING + END_OF_LIFE + PUSH_FAILED, NEW)

    assert (found.state, found.findings) == (State.CHANGED, ())
    assert found.differences == (Difference("Python", "3.9 from runtime.txt", "3.12 from .python-version"),)


def test_a_failure_that_files_alone_do_not_show(tmp_path: Path) -> None:
    found = compared(tmp_path, BEGINNING + INSTALLATION + PIP_FAILED, NEW)
    assert (found.state, found.findings, found.differences) == (State.NOT_SHOWN, (), ())


def test_another_package_manager_is_a_change(tmp_path: Path) -> None:
    files: Files = {".python-version": "3.12\n", "poetry.lock": "", "pyproject.toml": ""}
    found = compared(tmp_path, BEGINNING + INSTALLATION + PIP_FAILED, files)
    assert Difference("the package manager", "pip", "poetry") in found.differences


def test_a_crash_that_the_procfile_still_explains(tmp_path: Path) -> None:
    found = compared(
        tmp_path, CRASHED, {**NEW, "requirements.txt": "gunicorn\n", "Procfile": "web: gunicorn shop:app\n"}
    )
    assert (found.state, [each.check for each in found.findings]) == (State.SAME, ["procfile-module-missing"])


def test_a_build_that_succeeded_has_nothing_to_compare_but_facts(tmp_path: Path) -> None:
    found = compared(tmp_path, BEGINNING + INSTALLATION + BUILT, OLD)
    assert (found.state, found.findings) == (State.NONE, ())
    assert found.others > 0


@pytest.mark.parametrize("files", [{}, {"README.md": ""}])
def test_a_directory_without_an_app(tmp_path: Path, files: Files) -> None:
    assert compared(tmp_path, BEGINNING + END_OF_LIFE, files).state is State.NO_APP


def test_an_app_that_was_not_detected_and_still_is_not(tmp_path: Path) -> None:
    log = " !     Error: Your app is configured to use the Python buildpack,\n"
    found = compared(tmp_path, log, {"README.md": ""})
    assert (found.state, [each.check for each in found.findings]) == (State.SAME, ["python-not-detected"])
