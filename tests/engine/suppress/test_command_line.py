"""Tests of suppressions from the command line: exit status, output, and fixes."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.testing import write_tree

Lint = Callable[..., tuple[int, str]]
ANSWERED = {
    "requirements.txt": "",
    ".python-version": "# pydeploy-lint: ignore[outdated-patch] 3.13.2 breaks us\n3.13.1\n",
}
BUILDS = "Heroku would build this app with Python 3.13.1 from .python-version, using pip"
PROBLEM = "Python 3.13.1 is asked for, and 3.13.15 is the newest patch release of 3.13"


@pytest.fixture
def lint(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lint:
    """Run the command line in an empty directory; returns status and standard output."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, today: str = "2026-08-18") -> tuple[int, str]:
        status = main(list(arguments), datetime.date.fromisoformat(today))
        return status, capsys.readouterr().out

    return run


def test_what_is_suppressed_is_out_of_the_status_and_counted(lint: Lint) -> None:
    write_tree(Path(), ANSWERED)
    assert lint("--fail-on", "note") == (0, f"{BUILDS}: 1 suppressed\n")


def test_what_is_suppressed_can_be_shown(lint: Lint) -> None:
    write_tree(Path(), ANSWERED)
    assert lint("--show-suppressed", "--format", "concise") == (
        0,
        f".python-version:2:1: suppressed warning[outdated-patch] {PROBLEM} (.python-version:1:1: 3.13.2 breaks us)\n"
        f"{BUILDS}: 1 suppressed\n",
    )


def test_auditors_heed_no_suppression(lint: Lint) -> None:
    table = '[[suppress]]\ncheck = "python"\nreason = "x"\nuntil = 2026-01-01\n'
    write_tree(Path(), {**ANSWERED, ".pydeploy-lint.toml": table})
    status, out = lint("--no-suppressions", "--format", "concise")
    assert (status, out.splitlines()[:2]) == (
        1,
        [f".python-version:2:1: warning[outdated-patch] {PROBLEM}", f"{BUILDS}: 1 warning"],
    )


def test_select_ignore_and_severity_are_about_what_is_suppressed_too(lint: Lint) -> None:
    write_tree(Path(), ANSWERED)
    assert lint("--select", "procfile") == (0, f"{BUILDS}\n")
    assert lint("--ignore", "outdated-patch") == (0, f"{BUILDS}\n")
    Path(".pydeploy-lint.toml").write_text('[severity]\noutdated-patch = "note"\n')
    (app,) = json.loads(lint("--format", "json")[1])["apps"]
    assert [finding["severity"] for finding in app["suppressed"]] == ["note"]


def test_a_suppression_is_used_even_where_its_check_is_not_selected(lint: Lint) -> None:
    write_tree(Path(), ANSWERED)
    assert lint("--select", "suppressions", "--fail-on", "note") == (0, f"{BUILDS}\n")


def test_the_checks_of_suppressions_are_selected_and_weighed_as_others_are(lint: Lint) -> None:
    write_tree(Path(), {**ANSWERED, ".python-version": "# pydeploy-lint: ignore[python] x\n3.13\n"})
    assert lint()[0] == 0
    Path(".pydeploy-lint.toml").write_text('[severity]\nunused-suppression = "warning"\n')
    assert lint()[0] == 1
    assert lint("--ignore", "suppressions")[0] == 0


def test_a_suppression_ends_by_itself(lint: Lint) -> None:
    table = '[[suppress]]\ncheck = "missing-python-version"\nreason = "x"\nuntil = 2026-08-31\n'
    write_tree(Path(), {"requirements.txt": "", ".pydeploy-lint.toml": table})
    assert lint(today="2026-08-31")[0] == 0
    assert lint(today="2026-09-01")[0] == 1
    assert lint("--as-of", "2026-08-31", today="2026-09-01")[0] == 0


def test_what_is_suppressed_is_not_fixed(lint: Lint) -> None:
    write_tree(Path(), ANSWERED)
    assert lint("--fix", "--unsafe-fixes")[0] == 0
    assert Path(".python-version").read_text() == ANSWERED[".python-version"]


def test_the_plan_tells_of_a_suppressed_stop(lint: Lint) -> None:
    write_tree(Path(), {**ANSWERED, ".python-version": "# pydeploy-lint: ignore[python] frozen\n3.8\n"})
    status, out = lint("--plan")
    assert (status, "python-version::eol" in out) == (0, True)


def test_a_wrong_suppression_in_the_configuration_is_wrong_usage(lint: Lint) -> None:
    write_tree(Path(), {**ANSWERED, ".pydeploy-lint.toml": '[[suppress]]\ncheck = "outdated-patch"\n'})
    assert lint()[0] == 2
