"""``--config`` and ``--isolated``: one policy for all apps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pydeploy_lint.testing import write_tree
from tests.cli.apps import CLEAN, REFUSED, Lint, app

pytestmark = pytest.mark.usefixtures("plain_environment")

OWN = ".pydeploy-lint.toml"


def test_a_configuration_counts_for_all_apps(lint: Lint) -> None:
    Path("org.toml").write_text("ignore = ['unsupported-runtime']")
    assert lint(app("a", REFUSED), app("b", REFUSED), "--config", "org.toml")[0] == 0
    assert lint("a", "--config", "org.toml", "--ignore", "stale-lockfile")[0] == 1


def test_what_an_app_may_not_say_is_told(lint: Lint) -> None:
    Path("org.toml").write_text("forbid = ['ignore']")
    status, out, _ = lint(
        app("a", {**REFUSED, OWN: "ignore = ['unsupported-runtime']\n"}), "--config", "org.toml", "--format", "concise"
    )
    assert status == 1
    assert f"a/{OWN}:1:1: warning: ignore does not count here: org.toml forbids it" in out


def test_suppressions_without_an_end_do_not_count_where_all_need_one(lint: Lint) -> None:
    Path("org.toml").write_text("forbid = ['undated-suppress']")
    entry = "[[suppress]]\ncheck = 'unsupported-runtime'\nreason = 'soon'\n"
    app("undated", {**REFUSED, OWN: entry})
    app("dated", {**REFUSED, OWN: f"{entry}until = 2100-01-01\n"})
    assert lint("dated", "--config", "org.toml")[0] == 0
    status, out, _ = lint("undated", "--config", "org.toml", "--format", "concise")
    assert status == 1
    assert (
        f"undated/{OWN}:1:1: warning: this suppression does not count, as the shared configuration wants an end" in out
    )
    assert lint("undated")[0] == 0


def test_a_shared_suppression_need_not_hold_for_each_app(lint: Lint) -> None:
    Path("org.toml").write_text("[[suppress]]\ncheck = 'unsupported-runtime'\nreason = 'soon'\n")
    assert lint(app("a", REFUSED), app("b", CLEAN), "--config", "org.toml")[0] == 0


def test_isolated_apps_have_no_say(lint: Lint) -> None:
    Path("org.toml").write_text("stack = 'heroku-22'")
    app("a", {**REFUSED, OWN: "nonsense = 1"})
    assert lint("a")[0] == 2
    status, out, _ = lint("a", "--isolated", "--config", "org.toml", "--format", "json")
    assert status == 1
    assert json.loads(out)["policy"]["stack"] == "heroku-22"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "org.toml cannot be read: No such file or directory"),
        ("nonsense = 1", "org.toml:1:1: nonsense: unknown setting"),
        ("extend = 'gone.toml'", "org.toml:1:1: extend: there is no file gone.toml"),
    ],
)
def test_a_configuration_for_all_that_cannot_be_used(lint: Lint, text: str | None, message: str) -> None:
    if text is not None:
        write_tree(Path(), {"org.toml": text})
    status, out, err = lint(app("a", CLEAN), "--config", "org.toml")
    assert (status, out) == (2, "")
    assert err.startswith(f"pydeploy-lint: error: --config: {message}")
