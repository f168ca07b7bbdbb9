"""Options that say less, more, or what a verdict rests on; and environment variables that stand for options."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pydeploy_lint.heroku.history import History
from tests.cli.apps import CLEAN, NO_VERSION, REFUSED, Lint, app


def rows(out: str) -> dict[str, tuple[str, str]]:
    """Value and origin of each setting."""
    split = [line.split(maxsplit=2) for line in out.splitlines()]
    return {name: (value, origin) for name, value, origin in split}


def test_quiet_prints_nothing_where_nothing_is_found(lint: Lint) -> None:
    assert lint("--quiet", app("clean", CLEAN)) == (0, "", "")

    status, out, err = lint("--quiet", app("bad", REFUSED))
    assert (status, err) == (1, "")
    assert "unsupported-runtime" in out
    assert lint("--quiet", "--fail-on", "error", app("older", NO_VERSION)) == (0, "", "")


def test_quiet_writes_the_other_reports_all_the_same(lint: Lint) -> None:
    assert lint("--quiet", "--output", "json:report.json", app("clean", CLEAN)) == (0, "", "")
    assert json.loads(Path("report.json").read_text(encoding="utf-8"))["apps"]


def test_quiet_prints_everything_if_one_of_many_apps_is_at_fault(lint: Lint) -> None:
    apps = [app("a", CLEAN), app("b", REFUSED), app("c", CLEAN)]
    assert lint("--quiet", "a", "c") == (0, "", "")
    for name in ("json", "concise", "csv"):
        assert lint("--quiet", "--format", name, *apps) == lint("--format", name, *apps)
    assert lint("--quiet", "a", "missing", "--format", "csv") == lint("a", "missing", "--format", "csv")


def test_verbose_says_by_what_an_app_is_judged(lint: Lint) -> None:
    status, out, err = lint("--verbose", "--as-of", "2026-08-18", app("clean", CLEAN))

    assert (status, out) == (0, lint("--as-of", "2026-08-18", "clean")[1])
    assert err.startswith(
        "pydeploy-lint: judged clean as of 2026-08-18 by release v351 of the buildpack on heroku-24,"
        f" with data up to {History.load().until}; files read: "
    )


def test_the_settings_are_shown_with_their_origin(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    configured = '[tool.pydeploy-lint]\nignore = ["locks"]\nfail-on = "error"\nstack = "heroku-22"\n'
    monkeypatch.setenv("PYDEPLOY_LINT_FAIL_ON", "note")
    status, out, err = lint(
        "--show-settings", "--select", "python", app("shop", {**CLEAN, "pyproject.toml": configured})
    )

    assert (status, err) == (0, "")
    found = rows(out)
    assert found["select"] == ("python", "command line")
    assert found["ignore"] == ("locks", "shop/pyproject.toml")
    assert found["fail-on"] == ("note", "PYDEPLOY_LINT_FAIL_ON")
    assert found["stack"] == ("heroku-22", "shop/pyproject.toml")
    assert found["buildpack"] == ("-", "default")


def test_the_settings_of_several_apps_are_told_apart(lint: Lint) -> None:
    own = {".pydeploy-lint.toml": '[severity]\noutdated-patch = "note"\n'}
    _, out, _ = lint("--show-settings", app("one", CLEAN), app("two", {**CLEAN, **own}))

    first, second = out.split("\n\n")
    assert first.startswith("one:\n")
    assert second.startswith("two:\n")
    assert rows("\n".join(second.splitlines()[1:]))["severity"] == (
        "outdated-patch=note",
        "two/.pydeploy-lint.toml",
    )


def test_a_configuration_that_cannot_be_used_is_told_with_the_settings(lint: Lint) -> None:
    wrong = {**CLEAN, ".pydeploy-lint.toml": "ignores = []\n"}
    status, out, err = lint("--show-settings", app("one", CLEAN), app("two", wrong))

    assert status == 2
    assert out.startswith("select ")
    assert "two/.pydeploy-lint.toml:1:1: ignores: unknown setting 'ignores'" in err


def test_the_settings_of_a_shared_configuration_have_its_name(lint: Lint) -> None:
    Path("all.toml").write_text(
        'stack = "heroku-22"\nignore = ["locks"]\nforbid = ["ignore"]\n[severity]\noutdated-patch = "note"\n'
    )
    own = 'stack = "heroku-24"\nignore = ["python"]\n[severity]\nstack-retiring = "note"\n'
    path = app("shop", {**CLEAN, ".pydeploy-lint.toml": own})

    found = rows(lint("--show-settings", "--config", "all.toml", path)[1])
    assert found["stack"] == ("heroku-24", "shop/.pydeploy-lint.toml")
    assert found["ignore"] == ("locks", "all.toml")
    isolated = rows(lint("--show-settings", "--isolated", "--config", "all.toml", path)[1])
    assert isolated["stack"] == ("heroku-22", "all.toml")
    assert isolated["severity"] == ("outdated-patch=note", "all.toml")
    assert rows(lint("--show-settings", "--isolated", path)[1])["stack"] == ("-", "default")
    both = lint("--show-settings", "--config", "all.toml", path)[1]
    assert "outdated-patch=note, stack-retiring=note  all.toml, shop/.pydeploy-lint.toml\n" in both


def test_the_files_are_shown_on_which_a_verdict_rests(lint: Lint) -> None:
    files = {**CLEAN, "Procfile": "web: python serve.py\n", "serve.py": "", "notes.txt": ""}
    status, out, _ = lint("--show-files", app("shop", files))

    assert status == lint("shop")[0]
    shown = out.splitlines()
    assert shown == sorted(shown)
    assert {"shop/.python-version", "shop/Procfile", "shop/requirements.txt", "shop/serve.py"} <= set(shown)
    assert "shop/notes.txt" not in shown


def test_a_variable_stands_for_an_option(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    path = app("shop", {**REFUSED, "Procfile": "web: gunicorn app:app\n"})
    monkeypatch.setenv("PYDEPLOY_LINT_FORMAT", "json")
    monkeypatch.setenv("PYDEPLOY_LINT_SELECT", "python, stack-retiring")
    monkeypatch.setenv("PYDEPLOY_LINT_STACK", "")

    document = json.loads(lint(path)[1])
    assert {finding["check"] for finding in document["apps"][0]["findings"]} == {"unsupported-runtime"}
    _, out, _ = lint("--format", "concise", "--select", "procfile", path)
    assert "unsupported-runtime" not in out
    assert "procfile-" in out


def test_a_variable_is_named_where_its_value_is_wrong(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYDEPLOY_LINT_STACK", "heroku-222")
    assert lint(app("shop", CLEAN))[2].startswith(
        "pydeploy-lint: error: PYDEPLOY_LINT_STACK: unknown stack 'heroku-222'"
    )
    monkeypatch.setenv("PYDEPLOY_LINT_FORMAT", "concis")
    assert "PYDEPLOY_LINT_FORMAT: unknown format 'concis': did you mean 'concise'?" in lint("shop")[2]


@pytest.mark.parametrize("options", [["--plan"], ["--diff"], ["--list-checks"], ["--explain", "outdated-patch"]])
def test_the_format_of_reports_changes_nothing_else(
    lint: Lint, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    paths = [app("shop", CLEAN)] if options[0] in ("--plan", "--diff") else []
    without = lint(*options, *paths)
    monkeypatch.setenv("PYDEPLOY_LINT_FORMAT", "json")

    assert lint(*options, *paths) == without


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--show-files", "--format", "json"], "--show-files: prints no report; leave out --format"),
        (["--show-settings", "--plan"], "--show-settings: prints no report; leave out --plan"),
        (["--show-settings", "--show-files"], "--show-settings: prints no report; leave out --show-files"),
        (["--show-files", "--fix"], "--show-files: prints no report; leave out --fix"),
    ],
)
def test_what_is_shown_instead_of_a_report_stands_alone(lint: Lint, arguments: list[str], message: str) -> None:
    assert lint(*arguments) == (2, "", f"pydeploy-lint: error: {message}\n")
