"""The options for many apps: totals, thresholds, comparisons, reports that are divided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pydeploy_lint.testing import write_tree
from tests.cli.apps import CLEAN, NO_VERSION, REFUSED, Lint, app

pytestmark = pytest.mark.usefixtures("plain_environment")


@pytest.mark.parametrize("arguments", [["--exit-zero"], ["--fail-on", "never"]])
def test_findings_may_leave_the_status_at_0(lint: Lint, arguments: list[str]) -> None:
    status, out, _ = lint(app("app", REFUSED), *arguments)
    assert status == 0
    assert "unsupported-runtime" in out
    assert lint("app", "missing", *arguments)[0] == 2


def test_a_configuration_may_say_so_too(lint: Lint) -> None:
    assert lint(app("app", {".pydeploy-lint.toml": "fail-on = 'never'\n", **REFUSED}))[0] == 0
    assert lint("app", "--fail-on", "error")[0] == 1


def test_statistics_are_all_that_is_printed(lint: Lint) -> None:
    status, out, _ = lint(app("a", REFUSED), app("b", CLEAN), "--statistics")
    assert status == 1
    assert out.splitlines()[:4] == [
        "2 apps: 1 builds, 1 is rejected",
        "",
        "  apps  findings  check",
        "     1         1  unsupported-runtime",
    ]
    assert lint("b", "--statistics")[1].startswith("1 app: 1 builds\n")


def test_a_run_is_compared_with_an_older_one(lint: Lint) -> None:
    app("a", REFUSED)
    lint("a", "--output", "json:old.json")
    write_tree(Path("a"), NO_VERSION)
    Path("a/.python-version").unlink()
    status, out, _ = lint("a", "--compare", "old.json", "--format", "concise")
    assert status == 1
    changes = out.splitlines()[-3:]
    assert changes[0] == "Compared with old.json: 1 new, 1 solved, 0 unchanged"
    assert changes[1].startswith("+ a: .python-version: [missing-python-version] ")
    assert changes[2].startswith("- a: .python-version: [unsupported-runtime] Python 3.8 ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"{}", "is no report of --format json or --format jsonl"),
        (b"\xff", "is no report of --format json or --format jsonl"),
    ],
)
def test_what_cannot_be_compared_with_is_wrong_usage(lint: Lint, content: bytes | None, message: str) -> None:
    if content is not None:
        Path("old.json").write_bytes(content)
    assert lint(app("a", CLEAN), "--compare", "old.json") == (
        2,
        "",
        f"pydeploy-lint: error: --compare: old.json {message}\n",
    )


def test_a_sarif_log_that_services_would_cut_is_divided(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pydeploy_lint.report.sarif.MOST_RESULTS", 2)
    paths = [app(f"app{number}", REFUSED) for number in range(5)]
    status, _, err = lint(*paths, "--output", "sarif:report.sarif", "--output", "csv:all.csv")
    assert (status, err) == (
        1,
        "pydeploy-lint: warning: --output: sarif is divided, as services take only so much: report-2.sarif goes on\n"
        "pydeploy-lint: warning: --output: sarif is divided, as services take only so much: report-3.sarif goes on\n",
    )
    runs = [json.loads(Path(f"report{part}.sarif").read_text())["runs"] for part in ("", "-2", "-3")]
    assert [len(run["results"]) for (run,) in runs] == [2, 2, 1]
    assert [run["automationDetails"]["id"] for (run,) in runs] == [
        "pydeploy-lint/",
        "pydeploy-lint/part-2/",
        "pydeploy-lint/part-3/",
    ]
    assert all(run["invocations"][0]["executionSuccessful"] for (run,) in runs)
    assert len(Path("all.csv").read_text().splitlines()) == 6
    (printed,) = json.loads(lint(*paths, "--format", "sarif")[1])["runs"]
    assert len(printed["results"]) == 5
