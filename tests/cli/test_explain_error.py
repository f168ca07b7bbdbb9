"""--explain for failure reasons, codes and lines of a log."""

from __future__ import annotations

import json

import pytest

from pydeploy_lint.buildlog.texts import load
from pydeploy_lint.cli.about.explain_error import topics
from tests.cli.apps import Lint


def test_a_line_of_a_log_is_explained_with_what_it_says(lint: Lint) -> None:
    assert lint("--explain", "remote:  !     Error: Existing '.venv/' directory found.") == (
        0,
        """\
virtual-environment-committed: A virtual environment is in the app's source

    Error: Existing '.venv/' directory found.

Printed while checking for a virtual environment, by the buildpack since v324,
failure reason checks::existing-venv-dir.

The pushed commit has a virtual environment in .venv/. It belongs to one
machine, and does not work on Heroku.

How to fix

Remove it from git, and keep it out:
    git rm -r --cached --quiet .venv
    echo '.venv/' >> .gitignore

Checks that may find it in the files: committed-venv

Source: heroku-buildpack-python v351, lib/checks.sh (2026-08-18)
More: https://pydeploy-lint.readthedocs.io/en/latest/errors/virtual-environment-committed/
""",
        "",
    )


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("H10", ["h10"]),
        ("r14", ["r14"]),
        ('2026-05-01T10:00:03+00:00 heroku[router]: at=error code=H14 desc="No web processes running"', ["h14"]),
        ("Error R12 (Exit timeout) -> At least one process failed to exit within 30 seconds of SIGTERM", ["r12"]),
        ("checks::existing-venv-dir", ["virtual-environment-committed"]),
        ("static-root-not-set", ["static-root-not-set"]),
        ("Traceback (most recent call last):\n  File x\nNameError: name 'os' is not defined", ["name-not-defined"]),
        ("hello", []),
        ("", []),
    ],
)
def test_what_is_found(asked: str, ids: list[str]) -> None:
    assert [topic.error.id for topic in topics(asked)] == ids


def test_all_texts_of_a_reason_are_shown(lint: Lint) -> None:
    status, out, _ = lint("--explain", "python-version::eol")
    assert status == 0
    titles = [
        line.partition(":")[0] for line in out.splitlines() if line.partition(":")[0] in {e.id for e in load().errors}
    ]
    assert titles == ["requested-python-end-of-life", "cached-python-end-of-life", "python-no-longer-supported"]


def test_programs_get_a_document(lint: Lint) -> None:
    status, out, _ = lint("--explain", "Error: Existing 'venv/' directory found.", "--format", "json")
    (found,) = json.loads(out)["errors"]

    assert status == 0
    assert (found["id"], found["failure_reason"]) == ("virtual-environment-committed", "checks::existing-venv-dir")
    assert (found["steps"], found["since"], found["until"]) == (["VIRTUAL_ENVIRONMENT"], "v324", None)
    assert found["help"].endswith("echo 'venv/' >> .gitignore")


def test_an_unknown_line_says_so(lint: Lint) -> None:
    assert lint("--explain", "all is well") == (
        2,
        "",
        "pydeploy-lint: error: --explain: no known error is like 'all is well'; --build-log reads a whole log\n",
    )
