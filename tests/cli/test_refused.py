"""Options that ask for nothing, or for what does not fit together, are refused or do what they say."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from pydeploy_lint.api import lint as lint_from_python
from tests.cli.apps import CLEAN, NO_VERSION, Lint, app


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--select", ""], "--select: must name at least one"),
        (["--select", " , "], "--select: must name at least one"),
        (["--rev", ""], "--rev: must not be empty"),
        (["--baseline", ""], "--baseline: must not be empty"),
        (["--stack", ""], "--stack: must not be empty"),
        (["--explain", ""], "--explain: must not be empty"),
        (["app", "--stak", "heroku-24"], "unknown option --stak: did you mean --stack?"),
        ([""], "PATH: must not be empty; write . for the current directory"),
        (["--list-checks", "--format", "sarif"], "--list-checks: prints text or json; leave out --format sarif"),
        (
            ["--list-checks", "--output", "json:f"],
            "--list-checks: prints documentation, not a report; leave out --output",
        ),
        (["--list-checks", "."], None),
        (["--list-checks", "app"], "--list-checks: is about no app; leave out app"),
        (
            ["--list-checks", "--explain", "outdated-patch"],
            "--list-checks: lists all checks; leave out --explain, or --list-checks for one check",
        ),
        (
            ["--explain", "outdated-patch", "--format", "sarif"],
            "--explain: prints text or json; leave out --format sarif",
        ),
        (
            ["--explain", "outdated-patch", "--select", "locks"],
            "--explain: prints documentation, not a report; leave out --select",
        ),
        (
            ["--list-checks", "--select", "pythons"],
            "--select: unknown check or family 'pythons': did you mean 'python'?",
        ),
    ],
)
def test_what_asks_for_nothing_is_refused(lint: Lint, arguments: list[str], message: str | None) -> None:
    app("app", CLEAN)
    status, out, err = lint(*arguments)
    if message is None:
        assert (status, err) == (0, "")
    else:
        assert (status, out, err) == (2, "", f"pydeploy-lint: error: {message}\n")


def test_an_empty_list_to_ignore_ignores_nothing(lint: Lint) -> None:
    assert lint(app("app", NO_VERSION), "--ignore", "")[0] == 1


def test_a_configuration_selects_at_least_one(lint: Lint) -> None:
    status, _, err = lint(app("app", {".pydeploy-lint.toml": "select = []\n", **CLEAN}))
    assert (status, err) == (
        2,
        "pydeploy-lint: error: app/.pydeploy-lint.toml:1:10: select: must name at least one\n",
    )


def test_python_selects_at_least_one(lint: Lint) -> None:
    path = app("app", CLEAN)
    assert lint(path)[0] == 0
    with pytest.raises(ValueError, match="select: must name at least one"):
        lint_from_python(path, select=[])


@pytest.mark.parametrize("text", ["", " \n\n"])
def test_an_empty_listing_of_buildpacks_is_refused(lint: Lint, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    path = app("app", CLEAN)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    message = "is empty; give it what `heroku buildpacks` prints"
    assert lint(path, "--buildpacks", "-") == (2, "", f"pydeploy-lint: error: --buildpacks: <stdin> {message}\n")
    Path("listing").write_text(text)
    assert lint(path, "--buildpacks", "listing") == (2, "", f"pydeploy-lint: error: --buildpacks: listing {message}\n")


def test_an_app_without_buildpacks_is_no_empty_listing(lint: Lint) -> None:
    path = app("app", CLEAN)
    Path("listing").write_text("app has no Buildpack URL set.\n")
    assert lint(path, "--buildpacks", "listing")[0] == 0


def test_the_list_of_checks_is_a_document_for_programs_too(lint: Lint) -> None:
    status, out, err = lint("--list-checks", "--format", "json", "--select", "python", "--ignore", "outdated-patch")
    document = json.loads(out)
    assert (status, err, document["schema_version"]) == (0, "", 1)
    names = [check["name"] for check in document["checks"]]
    assert names == sorted(names)
    assert "outdated-patch" not in names
    assert next(check for check in document["checks"] if check["name"] == "unsupported-runtime") == {
        "name": "unsupported-runtime",
        "family": "python",
        "severity": "error",
        "fix": "unsafe",
        "since": "0.1.0",
        "title": "The Python version has reached its end of life, so Heroku rejects the push.",
        "url": "https://devcenter.heroku.com/articles/python-support#supported-python-versions",
    }


def test_the_list_of_checks_can_be_of_one_family(lint: Lint) -> None:
    _, out, _ = lint("--list-checks", "--select", "locks")
    assert [line for line in out.splitlines() if line and not line.startswith(" ")] == ["locks"]
